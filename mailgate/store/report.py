"""Tickets with their part of the log, for reports."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import or_, select
from sqlmodel import Session

from mailgate.core.desk.promise import TicketLog
from mailgate.core.desk.ticket import Event
from mailgate.store.tables.base import table_of
from mailgate.store.tables.desk import EventRow, TicketRow

_TICKET = table_of(TicketRow)
_EVENT = table_of(EventRow)
_KINDS = (
    "ticket-opened",
    "department-set",
    "assignee-set",
    "clock-started",
    "clock-moved",
    "clock-paused",
    "clock-resumed",
    "clock-stopped",
)


def ticket_logs(session: Session, start: datetime, end: datetime) -> list[TicketLog]:
    """Every ticket that was opened or closed, or had a clock started, from `start` to before `end`; by number."""
    started = select(_EVENT.c.ticket).where(_EVENT.c.kind == "clock-started", _EVENT.c.at >= start, _EVENT.c.at < end)
    which = or_(
        _TICKET.c.created_at.between(start, end),
        _TICKET.c.closed_at.between(start, end),
        _TICKET.c.number.in_(started),
    )
    columns = (_EVENT.c.ticket, _EVENT.c.at, _EVENT.c.kind, _EVENT.c.actor, _EVENT.c.detail)
    query = select(*columns).join(_TICKET, _TICKET.c.number == _EVENT.c.ticket).where(which, _EVENT.c.kind.in_(_KINDS))
    events: dict[int, list[Event]] = {}
    for row in session.connection().execute(query.order_by(_EVENT.c.id)):
        events.setdefault(row.ticket, []).append(Event(row.at, row.kind, row.actor, row.detail))
    rows = session.connection().execute(select(_TICKET).where(which).order_by(_TICKET.c.number))
    return [_log(row, events.get(row.number, ())) for row in rows]


def _log(row: object, events: Iterable[Event]) -> TicketLog:
    names = ("number", "subject", "requester", "account", "priority", "department", "state", "created_at", "closed_at")
    return TicketLog(**{name: getattr(row, name) for name in names}, events=tuple(events))
