"""`mailgate message`: the mails that came in, and what would become of one."""

import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mailgate.cli.common import (
    FAILED,
    Json,
    Limit,
    become_owner,
    check_address,
    database,
    fail,
    known_word,
    settings,
    store_trouble,
)
from mailgate.cli.output import cell, complain, emit, emit_json, emit_pairs, emit_table, emit_text

if TYPE_CHECKING:
    from mailgate.parse.jail import Jail
    from mailgate.service.context import Context

app = typer.Typer(
    help="Look at mail that came in; read and explain mail files.", no_args_is_help=True, rich_markup_mode=None
)

Files = Annotated[list[str], typer.Argument(metavar="FILE…", help="Mails as files; - is standard input.")]
Identifier = Annotated[str, typer.Argument(metavar="ID", help="The id of the SMTP reply, or of `message list`.")]

_WORKERS = 2
_TRIES = 3  # as the daemon does, before it gives a mail up
_LARGEST = 64 << 20  # a file that is larger is no mail that any server would have taken
_KEYS = ("id", "received_at", "state", "outcome", "ticket", "author", "reason")


@app.command("list")
def list_(
    context: typer.Context,
    state: Annotated[str | None, typer.Option("--state", help="received, done, failed or quarantined.")] = None,
    limit: Limit = None,
    as_json: Json = False,
) -> None:
    """List mails in the order in which they came."""
    config = settings(context)
    from mailgate.store.messages import list_messages
    from mailgate.store.tables.mail import InboundState

    known_word("--state", state, InboundState)

    with database(config) as store:
        found = store.read(lambda session: list_messages(session, state=state, limit=limit))
    if as_json:
        emit_json(found)
        return
    emit_table(_KEYS, ([row[key] for key in _KEYS] for row in found), none="No mail.")


@app.command()
def show(context: typer.Context, identifier: Identifier, as_json: Json = False) -> None:
    """Show one mail: its row, the decision about it, and each rule that was asked."""
    config = settings(context)
    from mailgate.store.messages import show_message

    with database(config) as store:
        found = store.read(lambda session: show_message(session, identifier))
    if found is None:
        fail(f"there is no mail {identifier}")
    if as_json:
        emit_json(found)
    else:
        _emit_tree(found)


@app.command()
def parse(files: Files, as_json: Json = False) -> None:
    """Read mail files and print what is in them; each object on a line of its own with --json."""
    from mailgate.parse.jail import Jail

    wrong = False
    with closing(Jail(workers=_WORKERS)) as jail, ThreadPoolExecutor(_WORKERS) as pool:
        for name, found in _in_order(pool, jail, files):
            if found is None:
                wrong = True
            elif as_json:
                emit_json({"file": name, **found}, one_line=True)
            else:
                _emit_mail(name, found)
    if wrong:
        raise typer.Exit(FAILED)


def _in_order(pool: ThreadPoolExecutor, jail: "Jail", files: list[str]) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """Read ahead a little, answer in the order asked; None for a file that cannot be opened."""
    running: list[tuple[str, Future[dict[str, Any] | None]]] = []
    for name in files:
        running.append((name, pool.submit(_read, jail, name)))
        if len(running) > 2 * _WORKERS:
            first, future = running.pop(0)
            yield first, future.result()
    for name, future in running:
        yield name, future.result()


def _read(jail: "Jail", name: str) -> dict[str, Any] | None:
    from mailgate.parse.as_json import mail_as_json, refusal_as_json
    from mailgate.parse.errors import ParseCrash, TooComplex

    raw = _bytes_of(name)
    if raw is None:
        return None
    crash: Exception | None = None
    for _ in range(_TRIES):
        try:
            return mail_as_json(jail.parse(raw))
        except TooComplex as error:
            return refusal_as_json(f"too-complex: {error}")
        except ParseCrash as error:
            crash = error
    return refusal_as_json(f"parse-crash: {crash}")


def _bytes_of(name: str) -> bytes | None:
    """The content of a file; None, and a complaint, where it cannot be read."""
    try:
        if name == "-":
            return sys.stdin.buffer.read(_LARGEST)
        with Path(name).open("rb") as stream:
            return stream.read(_LARGEST)
    except (OSError, ValueError) as error:
        complain(f"mailgate: {name}: cannot be read: {getattr(error, 'strerror', None) or error}")
        return None


def _emit_mail(name: str, found: dict[str, Any]) -> None:
    author = found["author"]
    emit_pairs(
        [
            ("file", name),
            ("author", f"{author['name']} <{author['address']}>".strip() if author else None),
            ("to", [item["address"] for item in found["to"]]),
            ("subject", found["subject"]),
            ("date", found["date"]),
            ("message id", found["message_id"]),
            ("language", found["language"]),
            ("automatic", found["automatic"]["why"]),
            ("attachments", [f"{item['filename']} ({item['size']} bytes)" for item in found["attachments"]]),
            ("defects", [f"{item['code']} {item['detail']}".strip() for item in found["defects"]]),
        ]
    )
    emit_text(found["reply_text"] or found["text"])
    emit()


@app.command()
def explain(
    context: typer.Context,
    files: Files,
    client_ip: Annotated[
        str | None, typer.Option("--client-ip", help="Address of the client that would send it.")
    ] = None,
    helo: Annotated[str | None, typer.Option("--helo", help="Its HELO name.")] = None,
    mail_from: Annotated[str | None, typer.Option("--mail-from", help='Its MAIL FROM; "" is the null one.')] = None,
    rcpt_to: Annotated[list[str] | None, typer.Option("--rcpt-to", help="Its RCPT TO; may be given again.")] = None,
    as_json: Json = False,
) -> None:
    """Tell what would become of a mail: evidence, rules, decision, plan. Nothing is changed and nothing is sent."""
    config = settings(context)
    from mailgate.service.parts import single_use

    if client_ip is not None:
        check_address(client_ip)
    given = {"client_ip": client_ip, "helo": helo, "mail_from": mail_from, "rcpt_to": tuple(rcpt_to or ())}
    wrong = False
    with store_trouble(), single_use(config, read_only=True) as parts:
        for name in files:
            raw = _bytes_of(name)
            if raw is None:
                wrong = True
                continue
            found = {"file": name, **_explained(parts, raw, given)}
            if as_json:
                emit_json(found, one_line=True)
            else:
                _emit_tree(found)
                emit()
    if wrong:
        raise typer.Exit(FAILED)


def _explained(parts: "Context", raw: bytes, given: dict[str, Any]) -> dict[str, Any]:
    from mailgate.parse.errors import ParseCrash, TooComplex
    from mailgate.service.assumed import assumed_envelope
    from mailgate.service.explain import explain as explained

    try:
        mail = parts.parser.parse(raw)
        return explained(parts, assumed_envelope(mail, raw, parts.policy, now=parts.now(), **given))
    except (TooComplex, ParseCrash) as error:
        reason = "too-complex" if isinstance(error, TooComplex) else "parse-crash"
        return {
            **dict.fromkeys(("evidence", "author", "thread", "request")),
            "decision": {"action": "quarantine", "reason": f"{reason}: {error}"},
            "trail": [],
            "plan": {"events": [], "notices": []},
        }


@app.command()
def replay(context: typer.Context, identifier: Identifier, as_json: Json = False) -> None:
    """Decide again about a mail that failed or is quarantined."""
    config = settings(context)
    from mailgate.service.parts import single_use
    from mailgate.service.replay import replay as replayed

    become_owner(config)
    with store_trouble(), single_use(config, read_only=False) as parts:
        found = replayed(parts, identifier)
    if found is None:
        fail(f"there is no mail {identifier} that failed or is quarantined")
    if as_json:
        emit_json(found)
    else:
        _emit_tree(found)
    if found["state"] != "done":
        fail(f"the mail {identifier} is {found['state']} again: {found['reason'] or 'it waits for the daemon'}")


@app.command()
def export(context: typer.Context, identifier: Identifier) -> None:
    """Write the mail to standard output, byte for byte as it came in."""
    config = settings(context)
    from mailgate.store.inbound import load_envelope

    with database(config) as store:
        envelope = store.read(lambda session: load_envelope(session, identifier))
    if envelope is None:
        fail(f"there is no mail {identifier}")
    if sys.stdout.isatty():
        fail("a mail may hold what steers a terminal; write it to a file: mailgate message export ID > mail.eml")
    sys.stdout.buffer.write(envelope.raw)
    sys.stdout.buffer.flush()


def _emit_tree(found: dict[str, Any], indent: str = "") -> None:
    """Nested values as indented lines; the trail of rules as one line a rule."""
    for key, value in found.items():
        name = key.replace("_", " ")
        if isinstance(value, dict) and value:
            emit(f"{indent}{name}")
            _emit_tree(value, indent + "  ")
        elif key == "trail":
            emit(f"{indent}{name}")
            for step in value:
                emit_text(f"{'hit ' if step['hit'] else '-   '} {step['rule']}", indent + "  ")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            emit(f"{indent}{name}")
            for item in value:
                emit_text(
                    ", ".join(f"{one}={_word(two)}" for one, two in item.items()).replace("\n", " "), indent + "  "
                )
        else:
            emit_text(f"{name}: {_word(value)}".replace("\n", " "), indent)


def _word(value: Any) -> str:
    return cell([str(item) for item in value] if isinstance(value, list) else value)
