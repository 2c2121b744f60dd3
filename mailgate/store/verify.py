"""Whether every accepted mail is accounted for, and whether the tables agree with one another and with the log.

accepted = filed + held + quarantined + duplicate + ignored + pending
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, not_, or_, select, text
from sqlmodel import Session

from mailgate.core.desk.notice import Template
from mailgate.core.desk.ticket import TicketState
from mailgate.store.sql import is_postgres
from mailgate.store.tables.base import table_of
from mailgate.store.tables.desk import EntryRow, EventRow, TicketRow
from mailgate.store.tables.mail import InboundRow, InboundState, RawRow, SeenRow
from mailgate.store.tables.work import OutboxRow, OutboxState

_INBOUND = table_of(InboundRow)
_RAW = table_of(RawRow)
_SEEN = table_of(SeenRow)
_TICKET = table_of(TicketRow)
_ENTRY = table_of(EntryRow)
_EVENT = table_of(EventRow)
_OUTBOX = table_of(OutboxRow)

_KINDS = ("filed", "held", "quarantined", "duplicate", "ignored", "pending")
_NEEDS_TICKET = ("opened", "held", "followed-up", "confirmed", "denied", "imported")
_NEEDS_ENTRY = (*_NEEDS_TICKET, "automatic", "report")
_MOST = 100  # problems of one sort that are listed
_STUCK = timedelta(hours=1)
_DONE = _INBOUND.c.state == InboundState.DONE
_ASIDE = _INBOUND.c.state.in_([InboundState.FAILED, InboundState.QUARANTINED])


def verify(session: Session, now: datetime) -> dict[str, Any]:
    """The sum and its parts, and each problem as a sentence; `ok` where there is none."""
    counts = _count(session)
    accepted = session.connection().scalar(select(func.count()).select_from(_INBOUND)) or 0
    problems = list(_problems(session, now))
    total = sum(counts[kind] for kind in _KINDS)
    if total != accepted:
        problems.insert(0, f"{accepted} mails were accepted, and {total} are accounted for")
    return {"ok": not problems, "accepted": accepted, **{kind: counts[kind] for kind in _KINDS}, "problems": problems}


def _count(session: Session) -> Counter[str]:
    """Every mail in one of the kinds; what fits none of them is missing from the sum."""
    columns = (_INBOUND.c.state, _INBOUND.c.outcome, _INBOUND.c.ticket.is_not(None).label("has_ticket"))
    named = select(*columns, func.count().label("number")).where(_known()).group_by("state", "outcome", "has_ticket")
    counts: Counter[str] = Counter()
    for row in session.connection().execute(named):
        counts[_kind(InboundState(row.state), row.outcome, has_ticket=row.has_ticket)] += row.number
    return counts


def _known() -> ColumnElement[bool]:
    """Decided with outcome and reason, put aside with a reason, or waiting."""
    reason = _INBOUND.c.reason.is_not(None)
    return or_(
        _INBOUND.c.state == InboundState.RECEIVED,
        and_(_ASIDE, reason),
        and_(_DONE, reason, _INBOUND.c.outcome.is_not(None)),
    )


def _kind(state: InboundState, outcome: str | None, *, has_ticket: bool) -> str:
    if state is InboundState.RECEIVED:
        return "pending"
    if state is not InboundState.DONE:
        return "quarantined"
    if outcome in {"duplicate", "held"}:
        return outcome
    return "filed" if has_ticket else "ignored"


def _problems(session: Session, now: datetime) -> Iterator[str]:
    if not is_postgres(session):
        yield from _sqlite(session)
    for subject, says, query in (*_of_mails(), *_of_tickets(), *_of_outbox(now)):
        names = session.connection().scalars(query.limit(_MOST + 1)).all()
        yield from (f"{subject} {name}: {says}" for name in names[:_MOST])
        if len(names) > _MOST:
            yield f"{subject} …: {says}: there are more than {_MOST} of these"
    yield from _against_the_log(session)


def _sqlite(session: Session) -> Iterator[str]:
    """What PostgreSQL never lets happen, and damage to the file."""
    connection = session.connection()
    for (line,) in connection.execute(text(f"PRAGMA quick_check({_MOST})")):
        if line != "ok":
            yield f"database: {line}"
    for row in connection.execute(text("PRAGMA foreign_key_check")).fetchmany(_MOST):
        yield f"{row[0]} row {row[1]}: it refers to a row of {row[2]} that is not there"


def _of_mails() -> Iterator[tuple[str, str, Select[Any]]]:
    mail = select(_INBOUND.c.id).order_by(_INBOUND.c.received_at, _INBOUND.c.id)
    raw = exists().where(_RAW.c.inbound == _INBOUND.c.id)
    changed = exists().where(_RAW.c.inbound == _INBOUND.c.id, func.length(_RAW.c.content) != _INBOUND.c.size)
    entry = exists().where(_ENTRY.c.inbound == _INBOUND.c.id)
    claim = exists().where(_SEEN.c.effect == literal("delivery:") + _INBOUND.c.delivery_key)
    logged = exists().where(_EVENT.c.inbound == _INBOUND.c.id)
    opened = _INBOUND.c.outcome.in_(["opened", "held"])
    nothing = or_(_INBOUND.c.outcome.is_(None), _INBOUND.c.reason.is_(None), _INBOUND.c.decided_at.is_(None))
    waits = _INBOUND.c.state == InboundState.RECEIVED
    yield "mail", "it waits, but its bytes are gone", mail.where(waits, not_(raw))
    yield "mail", "its bytes are not as long as when they came", mail.where(changed)
    yield "mail", "it was decided, without outcome, reason or time", mail.where(_DONE, nothing)
    yield "mail", "it was put aside without a reason", mail.where(_ASIDE, _INBOUND.c.reason.is_(None))
    yield "mail", "it was put aside, and no ticket stands in for it", mail.where(_ASIDE, _INBOUND.c.ticket.is_(None))
    missing = mail.where(_DONE, _INBOUND.c.outcome.in_(_NEEDS_TICKET), _INBOUND.c.ticket.is_(None))
    yield "mail", "its outcome needs a ticket, and it has none", missing
    yield "mail", "its ticket has no entry of it", mail.where(_DONE, _INBOUND.c.outcome.in_(_NEEDS_ENTRY), not_(entry))
    yield "mail", "it opened a ticket, and the log says nothing of it", mail.where(_DONE, opened, not_(logged))
    yield "mail", "it was decided, but a second delivery of it would be decided again", mail.where(_DONE, not_(claim))


def _of_tickets() -> Iterator[tuple[str, str, Select[Any]]]:
    ticket = select(_TICKET.c.number).order_by(_TICKET.c.number)
    entry = exists().where(_ENTRY.c.ticket == _TICKET.c.number)
    opened = exists().where(_EVENT.c.ticket == _TICKET.c.number, _EVENT.c.kind == "ticket-opened")
    closed, at = _TICKET.c.state == TicketState.CLOSED, _TICKET.c.closed_at.is_not(None)
    yield "ticket", "it has no entry", ticket.where(not_(entry))
    yield "ticket", "the log does not say that it was opened", ticket.where(not_(opened))
    yield "ticket", "its state and the time of its closing do not agree", ticket.where(closed != at)


def _of_outbox(now: datetime) -> Iterator[tuple[str, str, Select[Any]]]:
    mail = select(_OUTBOX.c.id).order_by(_OUTBOX.c.id)
    state = _OUTBOX.c.state
    report = exists().where(_INBOUND.c.id == _OUTBOX.c.undelivered_by)
    unsent = and_(state == OutboxState.SENT, _OUTBOX.c.sent_at.is_(None))
    yield "outbox", "it is sent, but not when", mail.where(unsent)
    doubtful = mail.where(state == OutboxState.IN_DOUBT, _OUTBOX.c.body.is_(None))
    yield "outbox", "it may have been sent, but has no bytes", doubtful
    stuck = mail.where(state == OutboxState.LEASED, _OUTBOX.c.lease_until < now - _STUCK)
    yield "outbox", "its lease ran out long ago, and nobody took it up; is the daemon running?", stuck
    customers = _OUTBOX.c.pool.is_not(None)
    ticketless = mail.where(_OUTBOX.c.ticket.is_(None), customers, _OUTBOX.c.kind != Template.RETIRED)
    yield "outbox", "it belongs to no ticket", ticketless
    unknown = mail.where(_OUTBOX.c.undelivered_by.is_not(None), not_(report))
    yield "outbox", "the report that it did not arrive is not there", unknown


def _against_the_log(session: Session) -> Iterator[str]:
    """Rows that the log does not know of: somebody wrote past the program, or a line was lost."""
    connection = session.connection()
    kinds = ("notice-owed", "notice-sent", "entry-added")
    logged = select(_EVENT.c.ticket, _EVENT.c.kind, func.count()).where(_EVENT.c.kind.in_(kinds))
    said = {(row[0], row[1]): row[2] for row in connection.execute(logged.group_by(_EVENT.c.ticket, _EVENT.c.kind))}
    sent = _OUTBOX.c.state == OutboxState.SENT
    for kind, what, query in (
        ("notice-owed", "mails owed", _per_ticket(_OUTBOX.c.ticket)),
        ("notice-sent", "mails sent", _per_ticket(_OUTBOX.c.ticket).where(sent)),
        ("entry-added", "entries", _per_ticket(_ENTRY.c.ticket)),
    ):
        for number, count in connection.execute(query):
            known = said.get((number, kind), 0)
            if known < count:
                where = f"ticket {number}" if number is not None else "mail without a ticket"
                yield f"{where}: {count} {what}, and the log knows of {known}"
    yield from _states(session)


def _per_ticket(column: ColumnElement[Any]) -> Select[Any]:
    return select(column, func.count()).group_by(column).order_by(column)


def _states(session: Session) -> Iterator[str]:
    """The state of each ticket as the log has it: that of its opening, then of each change."""
    connection = session.connection()
    kinds = ("ticket-opened", "state-changed")
    query = select(_EVENT.c.ticket, _EVENT.c.detail).where(_EVENT.c.kind.in_(kinds)).order_by(_EVENT.c.id)
    logged = _last_states(connection.execute(query))
    for number, state in connection.execute(select(_TICKET.c.number, _TICKET.c.state).order_by(_TICKET.c.number)):
        if number in logged and logged[number] != state:
            yield f"ticket {number}: it is {state}, and the log says {logged[number]}"


def _last_states(rows: Iterable[Any]) -> dict[int, str]:
    return {row.ticket: row.detail.get("after") or row.detail.get("state") for row in rows}
