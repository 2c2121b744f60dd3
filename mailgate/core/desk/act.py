"""What people of the desk do with a held ticket by themselves: release, confirm, deny. Pure, as plans are for mails.

The same functions serve the command line and, by mail, the agents.
"""

from dataclasses import replace
from datetime import datetime

from mailgate.core.desk import clock
from mailgate.core.desk.case import Policy
from mailgate.core.desk.memo import Memo
from mailgate.core.desk.plan import (
    AssuranceRaised,
    ClockStopped,
    EntryAdded,
    FlagCleared,
    Plan,
    StateChanged,
    TicketEvent,
)
from mailgate.core.desk.ticket import ClockName, EntryKind, Flag, Ticket, TicketState
from mailgate.core.who.evidence import Assurance

_LATE = frozenset({Flag.UNACKNOWLEDGED, Flag.RESPONSE_OVERDUE, Flag.HELD_TOO_LONG})


class NotHeld(ValueError):
    """The ticket does not wait for anything; the message says in which state it is."""


def release(ticket: Ticket, policy: Policy, *, actor: str, reason: str, now: datetime) -> Plan:
    """Work on a held ticket as it is: its grade stays, the reason is kept. Raises NotHeld."""
    return _open(ticket, policy, actor, Memo.RELEASED.written(reason=reason), now, ())


def confirm(ticket: Ticket, policy: Policy, *, actor: str, reason: str, now: datetime) -> Plan:
    """An agent made sure by other means (a call back, say) that the registered contact asks. Raises NotHeld."""
    raised = (AssuranceRaised(ticket.number, Assurance.CONFIRMED, f"confirmed by {actor}: {reason}"),)
    return _open(ticket, policy, actor, Memo.CONFIRMED.written(reason=reason), now, raised)


def deny(ticket: Ticket, *, actor: str, reason: str) -> Plan:
    """Close a held ticket undone. Nobody is told: the requester may be a forger. Raises NotHeld."""
    _must_be_held(ticket)
    number = ticket.number
    events = (
        _note(ticket, actor, Memo.DENIED.written(reason=reason)),
        StateChanged(number, ticket.state, TicketState.CLOSED, "denied"),
        ClockStopped(number, ClockName.RECEIPT, "denied"),
    )
    return Plan("denied", reason, number, events)


def closed(ticket: Ticket, reason: str) -> tuple[list[TicketEvent], Ticket]:
    """The events that close a ticket, its clocks that run, and the marks that they left; and the ticket after them."""
    number = ticket.number
    events: list[TicketEvent] = [StateChanged(number, ticket.state, TicketState.CLOSED, reason)]
    running = [item.name for item in ticket.clocks if item.due_at is not None and item.stopped_at is None]
    events.extend(ClockStopped(number, name, "closed") for name in running)
    events.extend(FlagCleared(number, flag, "closed") for flag in ticket.flags if flag in _LATE)
    flags = tuple(flag for flag in ticket.flags if flag not in _LATE)
    return events, replace(ticket, state=TicketState.CLOSED, flags=flags)


def _open(
    ticket: Ticket, policy: Policy, actor: str, words: str, now: datetime, raised: tuple[AssuranceRaised, ...]
) -> Plan:
    _must_be_held(ticket)
    number = ticket.number
    events: list[TicketEvent] = [
        _note(ticket, actor, words),
        *raised,
        *(FlagCleared(number, flag, words) for flag in ticket.flags if flag is Flag.UNPROVED),
        StateChanged(number, ticket.state, TicketState.NEW, words),
        *(clock.restart(policy, ticket, name, now) for name in (ClockName.ACKNOWLEDGE, ClockName.RESPOND)),
    ]
    return Plan("released", words, number, tuple(events))


def _note(ticket: Ticket, actor: str, words: str) -> EntryAdded:
    return EntryAdded(ticket.number, EntryKind.SYSTEM, actor, words, message_id=None, assurance=None)


def _must_be_held(ticket: Ticket) -> None:
    if ticket.state is not TicketState.HELD:
        raise NotHeld(f"ticket {ticket.number} is {ticket.state}, not held: there is nothing to release")
