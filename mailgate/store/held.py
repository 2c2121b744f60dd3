"""Held tickets, with what the entries, keys and the outbox say about them."""

from sqlalchemy import func, select
from sqlmodel import Session

from mailgate.core.desk.lapse import Held
from mailgate.core.desk.ticket import EntryKind, Purpose, TicketState
from mailgate.store.tables.base import table_of
from mailgate.store.tables.desk import EntryRow, KeyRow, TicketRow
from mailgate.store.tables.work import OutboxRow

_TICKET = table_of(TicketRow)
_ENTRY = table_of(EntryRow)
_KEY = table_of(KeyRow)
_OUTBOX = table_of(OutboxRow)


def held_tickets(session: Session, number: int | None = None) -> list[Held]:
    """All held tickets, by number, or that one."""
    last_mail = select(func.max(_ENTRY.c.at)).where(
        _ENTRY.c.ticket == _TICKET.c.number, _ENTRY.c.kind == EntryKind.CUSTOMER
    )
    asked_until = select(func.max(_KEY.c.expires_at)).where(
        _KEY.c.ticket == _TICKET.c.number, _KEY.c.purpose == Purpose.CONFIRM, _KEY.c.used_at.is_(None)
    )
    told = select(_OUTBOX.c.id).where(
        _OUTBOX.c.ticket == _TICKET.c.number, _OUTBOX.c.recipient == _TICKET.c.requester, _OUTBOX.c.automatic
    )
    query = select(
        _TICKET.c.number,
        _TICKET.c.created_at,
        last_mail.scalar_subquery().label("last_mail"),
        asked_until.scalar_subquery().label("asked_until"),
        told.exists().label("told"),
    ).where(_TICKET.c.state == TicketState.HELD)
    if number is not None:
        query = query.where(_TICKET.c.number == number)
    rows = session.connection().execute(query.order_by(_TICKET.c.number))
    return [Held(row.number, row.last_mail or row.created_at, row.asked_until, bool(row.told)) for row in rows]
