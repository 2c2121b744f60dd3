"""Removing what nobody needs: bytes of mails, and notes of mails that will not come any more.

Mails, entries and the event log stay; of what is open nothing is touched.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, false, func, select, update
from sqlmodel import Session

from mailgate.core.desk.ticket import TicketState
from mailgate.store.tables.base import table_of
from mailgate.store.tables.desk import AwaitedRow, EntryRow, TicketRow
from mailgate.store.tables.mail import InboundRow, InboundState, RawRow
from mailgate.store.tables.work import OutboxRow, OutboxState

_TICKET = table_of(TicketRow)
_INBOUND = table_of(InboundRow)
_RAW = table_of(RawRow)
_OUTBOX = table_of(OutboxRow)
_AWAITED = table_of(AwaitedRow)
_ENTRY = table_of(EntryRow)
_OVER = (OutboxState.SENT, OutboxState.FAILED)


@dataclass(frozen=True, slots=True)
class Removed:
    """What was removed: mails that came in, mails of ours, and their bytes together."""

    received: int = 0
    sent: int = 0
    octets: int = 0


def old_tickets(session: Session, before: datetime) -> list[int]:
    """Tickets closed before then that still have bytes, by number; none that goes on in a ticket that is not as old."""
    alive = set(session.connection().scalars(select(_TICKET.c.number).where(~_is_old(before))))
    merged = select(_TICKET.c.number, _TICKET.c.merged_into).where(_TICKET.c.merged_into.is_not(None))
    follows = {row.number: row.merged_into for row in session.connection().execute(merged)}
    has_raw = select(_RAW.c.inbound).join(_INBOUND, _INBOUND.c.id == _RAW.c.inbound)
    has_raw = has_raw.where(_INBOUND.c.ticket == _TICKET.c.number, _INBOUND.c.state == InboundState.DONE)
    has_sent = select(_OUTBOX.c.id).where(_OUTBOX.c.ticket == _TICKET.c.number, _OUTBOX.c.body.is_not(None))
    query = select(_TICKET.c.number).where(_is_old(before), has_raw.exists() | has_sent.exists(), ~_is_owed())
    numbers = session.connection().scalars(query.order_by(_TICKET.c.number)).all()
    return [number for number in numbers if not _leads_to(number, follows, alive)]


def remove_of_ticket(session: Session, number: int, before: datetime) -> Removed:
    """Remove the bytes of a ticket's mails; nothing where it was opened again meanwhile, or where a mail is owed."""
    still = select(_TICKET.c.number).where(_TICKET.c.number == number, _is_old(before), ~_is_owed())
    if session.connection().scalar(still) is None:
        return Removed()
    received, octets = _remove_raws(session, and_(_INBOUND.c.ticket == number, _INBOUND.c.state == InboundState.DONE))
    ours = and_(_OUTBOX.c.ticket == number, _OUTBOX.c.state.in_(_OVER), _OUTBOX.c.body.is_not(None))
    size = select(func.coalesce(func.sum(func.length(_OUTBOX.c.body)), 0)).where(ours)
    octets += session.connection().scalar(size) or 0
    sent = session.connection().execute(update(_OUTBOX).where(ours).values(body=None)).rowcount
    return Removed(received, sent, octets)


def unfiled(session: Session, before: datetime, limit: int) -> list[str]:
    """Mails from before then that were done and led to no ticket, and still have their bytes; the oldest first."""
    query = select(_INBOUND.c.id).join(_RAW, _RAW.c.inbound == _INBOUND.c.id).where(_is_unfiled(before))
    return list(session.connection().scalars(query.order_by(_INBOUND.c.received_at).limit(limit)))


def remove_unfiled(session: Session, mails: list[str], before: datetime) -> Removed:
    """Remove the bytes of these mails."""
    received, octets = _remove_raws(session, and_(_INBOUND.c.id.in_(mails), _is_unfiled(before)))
    return Removed(received, 0, octets)


def remove_awaited(session: Session, before: datetime, limit: int) -> int:
    """Stop waiting for mails that were to come to tickets which have been closed and silent since then.

    Takes up to `limit` tickets; returns how many rows went, 0 where none is left.
    """
    silent = ~select(_ENTRY.c.id).where(_ENTRY.c.ticket == _TICKET.c.number, _ENTRY.c.at >= before).exists()
    waits = select(_AWAITED.c.ticket).where(_AWAITED.c.ticket == _TICKET.c.number).exists()
    over = select(_TICKET.c.number).where(_is_old(before), silent, waits).order_by(_TICKET.c.number).limit(limit)
    return session.connection().execute(delete(_AWAITED).where(_AWAITED.c.ticket.in_(over))).rowcount


def _remove_raws(session: Session, which: ColumnElement[bool]) -> tuple[int, int]:
    ids = select(_INBOUND.c.id).where(which)
    size = select(func.coalesce(func.sum(func.length(_RAW.c.content)), 0)).where(_RAW.c.inbound.in_(ids))
    octets: int = session.connection().scalar(size) or 0
    return session.connection().execute(delete(_RAW).where(_RAW.c.inbound.in_(ids))).rowcount, octets


def _is_old(before: datetime) -> ColumnElement[bool]:
    closed = and_(_TICKET.c.state == TicketState.CLOSED, _TICKET.c.closed_at < before)
    return func.coalesce(closed, false())


def _is_owed() -> ColumnElement[bool]:
    """A mail of the ticket is still on its way, and may refer to parts of raw mails."""
    owed = select(_OUTBOX.c.id).where(_OUTBOX.c.ticket == _TICKET.c.number, _OUTBOX.c.state.not_in(_OVER))
    return owed.exists()


def _is_unfiled(before: datetime) -> ColumnElement[bool]:
    """Failed and quarantined mails wait for people, however old."""
    done = _INBOUND.c.state == InboundState.DONE
    return and_(_INBOUND.c.ticket.is_(None), done, _INBOUND.c.received_at < before)


def _leads_to(number: int, follows: dict[int, int], alive: set[int]) -> bool:
    """True where the ticket became part of one that lives."""
    seen = {number}
    while (number := follows.get(number, number)) not in seen:
        if number in alive:
            return True
        seen.add(number)
    return False
