"""`mailgate ticket`: tickets as a list and one by one."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mailgate.cli import ticket_act
from mailgate.cli.common import Json, Limit, database, fail, settings
from mailgate.cli.output import cell, emit, emit_json, emit_pairs, emit_table, emit_text
from mailgate.core.desk.ticket import Flag, TicketState

if TYPE_CHECKING:
    from mailgate.core.desk.case import Policy
    from mailgate.core.desk.plan import Plan
    from mailgate.core.desk.ticket import Ticket

app = typer.Typer(
    help="Look at tickets, and work on them without a mail client.", no_args_is_help=True, rich_markup_mode=None
)

_HEAD = ("number", "state", "flags", "department", "account", "requester", "assurance", "created", "subject")
_FACTS = (
    "state",
    "flags",
    "department",
    "priority",
    "language",
    "account",
    "requester",
    "assurance",
    "request_kind",
    "assignee",
    "created_at",
    "receipt_sent_at",
    "acknowledged_at",
    "responded_at",
    "closed_at",
)


@app.command("list")
def list_(
    context: typer.Context,
    flag: Annotated[Flag | None, typer.Option("--flag", help="Only tickets with this flag.")] = None,
    state: Annotated[TicketState | None, typer.Option("--state", help="Only tickets in this state.")] = None,
    limit: Limit = None,
    as_json: Json = False,
) -> None:
    """List tickets in the order of their numbers."""
    config = settings(context)
    from mailgate.store.queries import list_tickets

    with database(config) as store:
        found = store.read(lambda session: list_tickets(session, flag=flag, state=state, limit=limit))
    if as_json:
        emit_json(found)
        return
    keys = ("number", "state", "flags", "department", "account", "requester", "assurance", "created_at", "subject")
    emit_table(_HEAD, ([row[key] for key in keys] for row in found), none="No tickets.")


@app.command()
def show(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="N", min=1, max=2**62)],
    as_json: Json = False,
) -> None:
    """Show one ticket: its facts, entries, the mails that went out and what became of them, participants and events."""
    config = settings(context)
    from mailgate.store.queries import show_ticket

    with database(config) as store:
        found = store.read(lambda session: show_ticket(session, number))
    if found is None:
        fail(f"there is no ticket {number}")
    if as_json:
        emit_json(found)
        return
    emit(f"#{found['number']}  {cell(found['subject'])}")
    emit()
    emit_pairs((name.removesuffix("_at").replace("_", " "), found[name]) for name in _FACTS)
    emit_pairs((f"due {name}", moment) for name, moment in found["due"].items())
    emit_pairs([("participants", [_person(item) for item in found["participants"]])])
    for entry in found["entries"]:
        _entry(entry)
    emit()
    emit("Mails sent")
    emit_table(
        ("queued", "kind", "to", "delivery", "what is known"),
        ([item["queued_at"], item["kind"], item["to"], item["delivery"], _known(item)] for item in found["deliveries"]),
        none="None.",
    )
    emit()
    emit("Events")
    emit_table(
        ("at", "kind", "actor", "detail"),
        ([item["at"], item["kind"], item["actor"], _detail(item["detail"])] for item in found["events"]),
        none="None.",
    )


@app.command()
def clock(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="N", min=1, max=2**62)],
    as_json: Json = False,
) -> None:
    """Show what the clocks of a ticket counted: each interval with its calendar, closed hours and holidays."""
    config = settings(context)
    from mailgate.service.clock_report import clock_report
    from mailgate.service.context import utc_now

    policy = config.policy()
    with database(config) as store:
        found = store.read(lambda session: clock_report(session, policy, number, utc_now()))
    if found is None:
        fail(f"there is no ticket {number}")
    if as_json:
        emit_json(found)
        return
    for item in found["clocks"]:
        _clock(item)


_CLOCK_FACTS = (
    "calendar",
    "timezone",
    "started_at",
    "due_at",
    "stopped_at",
    "stopped_by",
    "paused_since",
    "flagged_at",
)


def _clock(item: Mapping[str, Any]) -> None:
    emit(f"{cell(item['clock'])}: {_span(item['counted'])} of {_span(item['allowance'])} counted")
    emit_pairs((name.removesuffix("_at").replace("_", " "), item[name]) for name in _CLOCK_FACTS if item[name])
    if not item["recomputed"]:
        emit("  The event log tells another clock than the one that is stored.")
    rows = [
        (_second(part["from"]), _second(part["to"]), _span(part["seconds"]) if part["counted"] else "-", part["reason"])
        for part in item["intervals"]
    ]
    emit_table(("from", "to", "counted", "why"), rows, none="Nothing yet.")
    emit()


def _second(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _span(seconds: float | None) -> str:
    """Seconds as people read them: `2 d 03:04:05`."""
    if seconds is None:
        return "-"
    days, rest = divmod(round(seconds), 86_400)
    return f"{f'{days} d ' if days else ''}{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"


def _person(item: Any) -> str:
    return f"{item['address']} ({item['role']})" if isinstance(item, Mapping) and "role" in item else str(item)


def _entry(entry: Mapping[str, Any]) -> None:
    emit()
    grade = f", {entry['assurance']}" if entry["assurance"] else ""
    emit(f"{cell(entry['at'])}  {cell(entry['kind'])}  {cell(entry['author'])}{cell(grade) if grade else ''}")
    emit_text(entry["text"])
    for item in entry["attachments"]:
        name = item.get("filename") or "without a name"
        why = _NOT_TAKEN.get(item.get("not_taken"), "")
        emit(f"  [{cell(name)}, {cell(item.get('content_type'))}, {cell(item.get('size'))} bytes{why}]")


_NOT_TAKEN = {
    "size": "; not taken: too large",
    "type": "; not taken: not of a kind that the department takes",
    "count": "; not taken: too many",
}


def _known(item: Mapping[str, Any]) -> str:
    """What became of a mail, as far as anybody knows."""
    said = f"; {cell(item['reply'])}" if item["reply"] else ""
    match item["delivery"]:
        case "undelivered":
            return f"{cell(item['undelivered_why'])} at {cell(item['undelivered_at'])}, after {cell(item['reply'])}"
        case "accepted":
            return f"at {cell(item['accepted_at'])}{said}"
        case "deferred":
            return f"since {cell(item['deferred_since'])}, next attempt {cell(item['next_at'])}{said}"
        case "queued":
            return f"next attempt {cell(item['next_at'])}"
        case _:
            return cell(item["reply"])


def _detail(detail: Mapping[str, Any]) -> str:
    return ", ".join(f"{key}={cell(value)}" for key, value in detail.items() if value not in (None, "", [], ()))


Number = Annotated[int, typer.Argument(metavar="N", min=1, max=2**62)]
Why = Annotated[str, typer.Argument(metavar="REASON", help="Why; it is kept with the ticket.")]


@app.command()
def release(context: typer.Context, number: Number, reason: Why, as_json: Json = False) -> None:
    """Work on a held ticket as it is; its grade stays."""
    from mailgate.core.desk import act

    _act(
        context,
        number,
        as_json,
        lambda ticket, policy, now: act.release(ticket, policy, actor=_WHO, reason=reason, now=now),
    )


@app.command()
def confirm(context: typer.Context, number: Number, reason: Why, as_json: Json = False) -> None:
    """Open a held ticket as confirmed, having made sure by other means that the registered contact asks."""
    from mailgate.core.desk import act

    _act(
        context,
        number,
        as_json,
        lambda ticket, policy, now: act.confirm(ticket, policy, actor=_WHO, reason=reason, now=now),
    )


@app.command()
def deny(context: typer.Context, number: Number, reason: Why, as_json: Json = False) -> None:
    """Close a held ticket undone; nobody is told."""
    from mailgate.core.desk import act

    _act(context, number, as_json, lambda ticket, _, __: act.deny(ticket, actor=_WHO, reason=reason))


_WHO = "operator"


def _act(
    context: typer.Context, number: int, as_json: bool, make: "Callable[[Ticket, Policy, datetime], Plan]"
) -> None:
    config = settings(context)
    from mailgate.core.desk.act import NotHeld
    from mailgate.service.act import NoSuchTicket, act
    from mailgate.service.context import utc_now
    from mailgate.store.queries import show_ticket

    policy = config.policy()
    with database(config, write=True) as store:
        try:
            act(store, number, _WHO, lambda ticket: make(ticket, policy, utc_now()))
        except (NoSuchTicket, NotHeld) as error:
            fail(str(error))
        found = store.read(lambda session: show_ticket(session, number))
    assert found is not None
    if as_json:
        emit_json(found)
    else:
        emit(f"ticket {number} is {found['state']} now")


ticket_act.register(app)
