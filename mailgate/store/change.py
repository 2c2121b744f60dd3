"""What people of the desk do with a ticket as a whole: its assignee, priority, department, and the like."""

from datetime import datetime
from typing import Any, assert_never

from sqlalchemy import bindparam, delete, func, select, update
from sqlmodel import Session

from mailgate.core.desk.notice import Template
from mailgate.core.desk.plan import (
    AssigneeSet,
    DepartmentSet,
    PrioritySet,
    ReplyRecalled,
    SenderHeard,
    SenderMuted,
    TicketChange,
    TicketMerged,
    WaitSet,
)
from mailgate.store.deliveries import CALLED_BACK
from mailgate.store.errors import Conflict
from mailgate.store.sql import upsert
from mailgate.store.tables.base import table_of
from mailgate.store.tables.desk import MutedRow, TicketRow
from mailgate.store.tables.work import OutboxRow, OutboxState

_TICKET = table_of(TicketRow)
_MUTED = table_of(MutedRow)
_IS_MUTED = select(_MUTED.c.address).where(_MUTED.c.address == bindparam("person"))
_OUTBOX = table_of(OutboxRow)

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
        case ReplyRecalled():
            return _recall(session, event)
        case _:
            assert_never(event)


def is_muted(session: Session, address: str) -> bool:
    """True where an agent called mail of this canonical address spam, and nobody took that back."""
    return session.connection().scalar(_IS_MUTED, {"person": address}) is not None


def _recall(session: Session, event: ReplyRecalled) -> Change:
    """The rows stay, so that the answer is not owed again; `Conflict` where one of them is no longer unclaimed."""
    answer = (_OUTBOX.c.ticket == event.ticket) & (_OUTBOX.c.inbound == event.inbound)
    answer &= _OUTBOX.c.kind == Template.REPLY
    unclaimed = (_OUTBOX.c.state == OutboxState.READY) & (_OUTBOX.c.attempts == 0)
    statement = update(_OUTBOX).where(answer, unclaimed)
    statement = statement.values(state=OutboxState.FAILED, last_reply=f"{CALLED_BACK} by {event.agent}")
    called_back = session.connection().execute(statement).rowcount
    owed = session.connection().scalar(select(func.count()).select_from(_OUTBOX).where(answer))
    if called_back == 0 or called_back != owed:
        raise Conflict(f"an answer in ticket {event.ticket} has left meanwhile")
    return "reply-recalled", {"agent": event.agent, "mails": called_back}


def _set(session: Session, ticket: int, kind: str, **values: Any) -> Change:
    if session.connection().execute(update(_TICKET).where(_TICKET.c.number == ticket).values(**values)).rowcount != 1:
        raise Conflict(f"ticket {ticket} is not there any more")
    return kind, values
