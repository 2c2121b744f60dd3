"""`mailgate outbox`: the mails that we owe, sent and could not send, and whether the next hop takes any."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, assert_never

import typer

from mailgate.cli.common import FAILED, Json, Limit, database, fail, known_word, settings
from mailgate.cli.output import cell, complain, emit, emit_json, emit_pairs, emit_table
from mailgate.core.mail.destination import Destination, Reach

if TYPE_CHECKING:
    from mailgate.store.engine import Session

app = typer.Typer(
    help="Look at outgoing mail; send again or give up single mails.", no_args_is_help=True, rich_markup_mode=None
)

_KEYS = ("id", "state", "kind", "ticket", "to", "attempts", "next_at", "subject")


@app.command("list")
def list_(
    context: typer.Context,
    state: Annotated[str | None, typer.Option("--state", help="Only entries in this state.")] = None,
    limit: Limit = None,
    as_json: Json = False,
) -> None:
    """List outgoing mail, the oldest first."""
    config = settings(context)
    from mailgate.store.next_hop import load_hop
    from mailgate.store.outbox import list_outbox
    from mailgate.store.tables.work import OutboxState

    known_word("--state", state, OutboxState)

    with database(config) as store:
        found, hop = store.read(lambda session: (list_outbox(session, state=state, limit=limit), load_hop(session)))
    if as_json:
        emit_json(found)
        return
    if hop.reach is not Reach.UP:
        complain(f"mailgate: {_in_words(hop)}")
    emit_table(_KEYS, ([row[key] for key in _KEYS] for row in found), none="No outgoing mail.")


@app.command()
def status(context: typer.Context, as_json: Json = False) -> None:
    """Say whether the next hop takes our mail, since when it does not and why, and how much mail waits.

    Exit 1 while mail is held or the next hop is down.
    """
    config = settings(context)
    from mailgate.store.next_hop import load_hop
    from mailgate.store.outbox import count_by_state
    from mailgate.store.values import iso

    with database(config) as store:
        hop, counts = store.read(lambda session: (load_hop(session), count_by_state(session)))
    if as_json:
        moments = {"since": iso(hop.since), "probe_at": iso(hop.probe_at)}
        emit_json({"next_hop": hop.reach.value, **moments, "reply": hop.reply, "mails": counts})
    else:
        emit(_in_words(hop))
        emit_pairs(counts.items())
    if hop.reach is not Reach.UP:
        raise typer.Exit(FAILED)


Id = Annotated[int, typer.Argument(metavar="ID", min=1, max=2**62, help="The id that `outbox list` shows.")]


@app.command()
def retry(context: typer.Context, number: Id, as_json: Json = False) -> None:
    """Send a mail now that was deferred, held or given up: the same bytes, and five days anew."""
    from mailgate.store import outbox

    _change(context, number, outbox.retry, "is due now", "is waiting to be sent, on its way, or sent", as_json)


@app.command()
def drop(context: typer.Context, number: Id, as_json: Json = False) -> None:
    """Give a mail up; it is not sent any more, and not owed again."""
    from mailgate.store import outbox

    _change(context, number, outbox.drop, "was given up", "was sent, is on its way, or was given up before", as_json)


def _change(
    context: typer.Context,
    number: int,
    change: Callable[["Session", int, datetime], bool],
    done: str,
    not_done: str,
    as_json: bool,
) -> None:
    with database(settings(context), write=True) as store:
        now = store.now()
        changed = store.write(lambda session: change(session, number, now))
        known = changed or store.read(lambda session: _is_known(session, number))
    if not changed:
        fail(f"outbox entry {number} {not_done}" if known else f"there is no outbox entry {number}")
    if as_json:
        emit_json({"id": number, "done": True})
    else:
        emit(f"outbox entry {number} {done}")


def _is_known(session: "Session", number: int) -> bool:
    from mailgate.store.tables.work import OutboxRow

    return session.get(OutboxRow, number) is not None


def _in_words(hop: Destination) -> str:
    match hop.reach:
        case Reach.UP:
            return "the next hop takes our mail"
        case Reach.DOWN:
            return f"the next hop is down since {_moment(hop.since)}: {cell(hop.reply)}; it is tried by itself"
        case Reach.STOPPED:
            return (
                f"outgoing mail is held since {_moment(hop.since)}: {cell(hop.reply)}; mend [delivery] or the next "
                "hop; restart the daemon where the configuration changed; then it goes on by itself"
            )
        case _ as never:
            assert_never(never)


def _moment(moment: datetime | None) -> str:
    from mailgate.store.values import iso

    return cell(iso(moment))
