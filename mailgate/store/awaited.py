"""Mails that an entry answers before they are here: greylisting holds one up, and its answer overtakes it."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlmodel import Session

from mailgate.store.sql import insert_new
from mailgate.store.tables.base import table_of
from mailgate.store.tables.desk import AwaitedRow, EntryRow

_AWAITED = table_of(AwaitedRow)
_ENTRY = table_of(EntryRow)
_MOST_TICKETS = 10
_WAITING = select(_AWAITED.c.ticket).where(_AWAITED.c.message_id == bindparam("id"))
_WAITING = _WAITING.order_by(_AWAITED.c.ticket).limit(_MOST_TICKETS)


def wait_for(session: Session, ticket: int, ids: Sequence[str]) -> None:
    """Remember which of the mails with these Message-IDs are not here yet: they belong to the ticket."""
    if not ids:
        return
    here = set(session.connection().scalars(select(_ENTRY.c.message_id).where(_ENTRY.c.message_id.in_(ids))))
    for message_id in ids:
        if message_id not in here:
            values = {"message_id": message_id, "ticket": ticket}
            insert_new(session, _AWAITED, values, unique=("message_id", "ticket"))


def tickets_waiting(session: Session, message_id: str) -> list[int]:
    """The numbers of tickets with an answer to this mail, the oldest first."""
    return list(session.connection().scalars(_WAITING, {"id": message_id}))
