"""What people of the desk do with a ticket as a whole: its assignee, priority, department, and the like."""

from datetime import datetime
from typing import Any, assert_never

from sqlalchemy import delete, select, update
from sqlmodel import Session

from mailgate.core.desk.plan import (
    AssigneeSet,
    DepartmentSet,
    PrioritySet,
    SenderHeard,
    SenderMuted,
    TicketChange,
    TicketMerged,
    WaitSet,
)
from mailgate.store.errors import Conflict
from mailgate.store.sql import upsert
from mailgate.store.tables.base import table_of
from mailgate.store.tables.desk import MutedRow, TicketRow

_TICKET = table_of(TicketRow)
_MUTED = table_of(MutedRow)

Change = tuple[str, dict[str, Any]]


def change(session: Session, event: TicketChange, actor: str, now: datetime) -> Change:
    """Carry one such event out; the kind and detail of its line in the log. `Conflict` where the ticket is gone."""
    match event:
        case AssigneeSet():
            return _set(session, event.ticket, "assignee-set", assignee=event.agent)
        case PrioritySet():
            return _set(session, event.ticket, "priority-set", priority=event.priority)
        case DepartmentSet():
            return _set(session, event.ticket, "department-set", department=event.department)
        case WaitSet():
            return _set(session, event.ticket, "wait-set", wait_until=event.until)
        case TicketMerged():
            return _set(session, event.ticket, "ticket-merged", merged_into=event.into)
        case SenderMuted():
            values = {"address": event.address, "ticket": event.ticket, "by": actor, "at": now}
            upsert(session, _MUTED, values, unique=("address",))
            return "sender-muted", {"address": event.address}
        case SenderHeard():
            session.connection().execute(delete(_MUTED).where(_MUTED.c.address == event.address))
            return "sender-heard", {"address": event.address}
        case _:
            assert_never(event)


def is_muted(session: Session, address: str) -> bool:
    """True where an agent called mail of this canonical address spam, and nobody took that back."""
    return session.connection().scalar(select(_MUTED.c.address).where(_MUTED.c.address == address)) is not None


def _set(session: Session, ticket: int, kind: str, **values: Any) -> Change:
    if session.connection().execute(update(_TICKET).where(_TICKET.c.number == ticket).values(**values)).rowcount != 1:
        raise Conflict(f"ticket {ticket} is not there any more")
    return kind, values
