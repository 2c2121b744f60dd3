"""Tickets that wait for the customer, with what the log and the outbox say about them."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session

from mailgate.core.desk.notice import Template
from mailgate.core.desk.ticket import EntryKind, TicketState
from mailgate.core.desk.waiting import Waiting
from mailgate.store.sql import is_postgres
from mailgate.store.tables.base import table_of
from mailgate.store.tables.desk import EntryRow, EventRow, TicketRow
from mailgate.store.tables.work import OutboxRow

_TICKET = table_of(TicketRow)
_EVENT = table_of(EventRow)
_ENTRY = table_of(EntryRow)
_OUTBOX = table_of(OutboxRow)
_MOST_IDS = 10


def waiting(session: Session, number: int | None = None) -> list[Waiting]:
    """All tickets that wait for the customer, by number, or that one. `thread` is left out where all are asked for.

    One that an agent put off until some day (`!wait 3d`) waits for nobody.
    """
    which = (_TICKET.c.state == TicketState.WAITING) & _TICKET.c.wait_until.is_(None)
    if number is not None:
        which &= _TICKET.c.number == number
    rows = session.connection().execute(select(_TICKET.c.number, _TICKET.c.created_at).where(which)).all()
    since = _since(session, which)
    reminders = _reminders(session, which)
    found = []
    for row in sorted(rows, key=lambda row: row.number):
        count, last = reminders.get(row.number, (0, None))
        found.append(Waiting(row.number, since.get(row.number, row.created_at), count, last))
    if number is not None:
        return [replace(item, thread=message_ids(session, number)) for item in found]
    return found


def message_ids(session: Session, ticket: int) -> tuple[str, ...]:
    """The Message-IDs of the customer's last mails in a ticket, for the References of ours."""
    query = select(_ENTRY.c.message_id).where(
        _ENTRY.c.ticket == ticket, _ENTRY.c.kind == EntryKind.CUSTOMER, _ENTRY.c.message_id.is_not(None)
    )
    newest = session.connection().scalars(query.order_by(_ENTRY.c.id.desc()).limit(_MOST_IDS)).all()
    return tuple(reversed(newest))


def _since(session: Session, which: ColumnElement[bool]) -> dict[int, datetime]:
    """When each ticket began to wait, by the log."""
    query = (
        select(_EVENT.c.ticket, _EVENT.c.at, _EVENT.c.detail)
        .join(_TICKET, _TICKET.c.number == _EVENT.c.ticket)
        .where(which, _EVENT.c.kind == "state-changed")
        .order_by(_EVENT.c.id)
    )
    rows = session.connection().execute(query)
    return {row.ticket: row.at for row in rows if row.detail.get("after") == TicketState.WAITING}


def _reminders(session: Session, which: ColumnElement[bool]) -> dict[int, tuple[int, datetime]]:
    query = (
        select(_OUTBOX.c.ticket, func.count(), func.max(_OUTBOX.c.created_at))
        .join(_TICKET, _TICKET.c.number == _OUTBOX.c.ticket)
        .where(which, _OUTBOX.c.kind == Template.REMINDER)
        .group_by(_OUTBOX.c.ticket)
    )
    return {number: (count, last) for number, count, last in session.connection().execute(query)}


def claim_woken(session: Session, now: datetime, skip: Collection[int]) -> int | None:
    """The ticket whose waiting time is over for longest; nobody else takes it until the transaction ends."""
    over = (_TICKET.c.state == TicketState.WAITING) & (_TICKET.c.wait_until <= now)
    query = select(_TICKET.c.number).where(over, _TICKET.c.number.not_in(skip))
    query = query.order_by(_TICKET.c.wait_until, _TICKET.c.number).limit(1)
    if is_postgres(session):
        query = query.with_for_update(skip_locked=True)
    number: int | None = session.connection().scalar(query)
    return number
