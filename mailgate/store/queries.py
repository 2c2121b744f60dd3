"""Tickets as `ticket list` and `ticket show` print them (docs/commands.md). Times are ISO 8601 in UTC."""

from typing import Any

from sqlalchemy import ColumnElement, and_, select, true
from sqlmodel import Session

from mailgate.core.desk.ticket import ClockName, Event, Ticket
from mailgate.store.deliveries import deliveries
from mailgate.store.tables.base import table_of
from mailgate.store.tables.desk import EntryRow, EventRow, FlagRow, TicketDepartmentRow, TicketRow
from mailgate.store.tickets import load_tickets
from mailgate.store.values import as_json, iso

_TICKET = table_of(TicketRow)
_FLAG = table_of(FlagRow)
_ENTRY = table_of(EntryRow)
_EVENT = table_of(EventRow)
_DEPARTMENT = table_of(TicketDepartmentRow)


def list_tickets(
    session: Session, *, state: str | None = None, flag: str | None = None, limit: int | None = None
) -> list[dict[str, Any]]:
    """All tickets, or those in a state or with a flag, by number; with `limit` the newest ones."""
    which: ColumnElement[bool] = true()
    if state is not None:
        which = and_(which, _TICKET.c.state == state)
    if flag is not None:
        which = and_(which, _TICKET.c.number.in_(select(_FLAG.c.ticket).where(_FLAG.c.flag == flag)))
    return [_listed(ticket) for ticket in load_tickets(session, which, limit)]


def show_ticket(session: Session, number: int) -> dict[str, Any] | None:
    """One ticket with its entries, the mails that went out, participants and events; None where there is none."""
    found = load_tickets(session, _TICKET.c.number == number)
    if not found:
        return None
    return {
        **_listed(found[0]),
        "departments": _departments(session, found[0]),
        "entries": _entries(session, number),
        "deliveries": deliveries(session, number),
        "participants": [
            {
                "address": item.mailbox.address,
                "name": item.mailbox.name,
                "role": item.role.value,
                "added_by": item.added_by,
            }
            for item in found[0].participants
        ],
        "events": _events(session, number),
    }


def _listed(ticket: Ticket) -> dict[str, Any]:
    return {
        "number": ticket.number,
        "state": ticket.state.value,
        "flags": [flag.value for flag in ticket.flags],
        "subject": ticket.subject,
        "department": ticket.department,
        "priority": ticket.priority.value,
        "language": ticket.language,
        "account": ticket.account,
        "requester": ticket.requester.address,
        "requester_name": ticket.requester.name,
        "assurance": ticket.assurance.value,
        "request_kind": ticket.request_kind.value,
        "assignee": ticket.assignee,
        "created_at": iso(ticket.created_at),
        "receipt_sent_at": iso(ticket.receipt_sent_at),
        "acknowledged_at": iso(ticket.acknowledged_at),
        "responded_at": iso(ticket.responded_at),
        "closed_at": iso(ticket.closed_at),
        "held_reason": ticket.held_reason,
        "linked_to": ticket.linked_to,
        "merged_into": ticket.merged_into,
        "wait_until": iso(ticket.wait_until),
        "due": {clock.value: iso(ticket.clock(clock).due_at) for clock in ClockName},
    }


def _departments(session: Session, ticket: Ticket) -> list[str]:
    """The ticket's department, then those in which a copy of its mail arrived."""
    query = select(_DEPARTMENT.c.department).where(_DEPARTMENT.c.ticket == ticket.number)
    further = session.connection().scalars(query.order_by(_DEPARTMENT.c.at, _DEPARTMENT.c.department))
    return list(dict.fromkeys((ticket.department, *further)))


def _entries(session: Session, number: int) -> list[dict[str, Any]]:
    names = ("id", "kind", "author", "at", "text", "message_id", "assurance", "inbound", "attachments")
    query = select(*(_ENTRY.c[name] for name in names)).where(_ENTRY.c.ticket == number).order_by(_ENTRY.c.id)
    return [as_json(row) for row in session.connection().execute(query).mappings()]


def events_of(session: Session, number: int) -> list[Event]:
    """The lines of the log about a ticket, in order."""
    names = ("at", "kind", "actor", "detail")
    query = select(*(_EVENT.c[name] for name in names)).where(_EVENT.c.ticket == number).order_by(_EVENT.c.id)
    return [Event(**row) for row in session.connection().execute(query).mappings()]


def _events(session: Session, number: int) -> list[dict[str, Any]]:
    names = ("at", "kind", "actor", "detail")
    query = select(*(_EVENT.c[name] for name in names)).where(_EVENT.c.ticket == number).order_by(_EVENT.c.id)
    return [as_json(row) for row in session.connection().execute(query).mappings()]
