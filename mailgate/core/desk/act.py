"""What people of the desk do with a held ticket by themselves: release, confirm, deny. Pure, as plans are for mails.

The same functions serve the command line and, by mail, the agents.
"""

from datetime import datetime

from mailgate.core.desk.case import Policy
from mailgate.core.desk.plan import (
    AssuranceRaised,
    ClockStarted,
    ClockStopped,
    EntryAdded,
    Plan,
    StateChanged,
    TicketEvent,
)
from mailgate.core.desk.ticket import ClockName, EntryKind, Ticket, TicketState
from mailgate.core.who.evidence import Assurance


class NotHeld(ValueError):
    """The ticket does not wait for anything; the message says in which state it is."""


def release(ticket: Ticket, policy: Policy, *, actor: str, reason: str, now: datetime) -> Plan:
    """Work on a held ticket as it is: its grade stays, the reason is kept. Raises NotHeld."""
    return _open(ticket, policy, actor, f"released: {reason}", now, ())


def confirm(ticket: Ticket, policy: Policy, *, actor: str, reason: str, now: datetime) -> Plan:
    """An agent made sure by other means (a call back, say) that the registered contact asks. Raises NotHeld."""
    raised = (AssuranceRaised(ticket.number, Assurance.CONFIRMED, f"confirmed by {actor}: {reason}"),)
    return _open(ticket, policy, actor, f"confirmed: {reason}", now, raised)


def deny(ticket: Ticket, *, actor: str, reason: str) -> Plan:
    """Close a held ticket undone. Nobody is told: the requester may be a forger. Raises NotHeld."""
    _must_be_held(ticket)
    number = ticket.number
    events = (
        _note(ticket, actor, f"denied: {reason}"),
        StateChanged(number, ticket.state, TicketState.CLOSED, "denied"),
        ClockStopped(number, ClockName.RECEIPT, "denied"),
    )
    return Plan("denied", reason, number, events)


def _open(
    ticket: Ticket, policy: Policy, actor: str, words: str, now: datetime, raised: tuple[AssuranceRaised, ...]
) -> Plan:
    _must_be_held(ticket)
    number, department = ticket.number, policy.department(ticket.department)
    events: list[TicketEvent] = [
        _note(ticket, actor, words),
        *raised,
        StateChanged(number, ticket.state, TicketState.NEW, words),
        ClockStarted(number, ClockName.ACKNOWLEDGE, now + department.acknowledge),
        ClockStarted(number, ClockName.RESPOND, now + department.respond),
    ]
    return Plan("released", words, number, tuple(events))


def _note(ticket: Ticket, actor: str, words: str) -> EntryAdded:
    return EntryAdded(ticket.number, EntryKind.SYSTEM, actor, words, message_id=None, assurance=None)


def _must_be_held(ticket: Ticket) -> None:
    if ticket.state is not TicketState.HELD:
        raise NotHeld(f"ticket {ticket.number} is {ticket.state}, not held: there is nothing to release")
