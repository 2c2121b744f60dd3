"""Tickets that wait for the customer: when to remind, when to close, and what follows. Pure.

A ticket's requester is reminded three times in its life at most, whatever robots answer (threats LO-11).
"""

from dataclasses import dataclass
from datetime import datetime

from mailgate.core.desk.case import Policy
from mailgate.core.desk.notice import Template
from mailgate.core.desk.plan import Plan, Stamp, StateChanged
from mailgate.core.desk.ticket import Ticket, TicketState
from mailgate.core.desk.unasked import moment, to_requester
from mailgate.core.mail.gate import GateAnswer

MOST_REMINDERS = 3


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ticket that waits: since when, and the reminders that were owed in its life. `thread` are its Message-IDs."""

    number: int
    since: datetime
    reminders: int = 0
    last_reminder: datetime | None = None
    thread: tuple[str, ...] = ()


def reminder_is_due(waiting: Waiting, policy: Policy, now: datetime) -> bool:
    """True where `remind_after` passed since it waits, and since the last reminder; not where closing is due."""
    if waiting.reminders >= MOST_REMINDERS or close_is_due(waiting, policy, now):
        return False
    last = max(waiting.since, waiting.last_reminder or waiting.since)
    return now >= last + policy.remind_after


def close_is_due(waiting: Waiting, policy: Policy, now: datetime) -> bool:
    """True where `close_after` passed since it waits; never where no job closes."""
    return policy.close_after is not None and now >= waiting.since + policy.close_after


def remind(ticket: Ticket, waiting: Waiting, policy: Policy, answer: GateAnswer, stamp: Stamp) -> Plan:
    """Ask the customer once more. Nothing changes in the ticket."""
    closes_at = None if policy.close_after is None else moment(waiting.since + policy.close_after)
    events, notices = to_requester(
        ticket,
        Template.REMINDER,
        policy,
        answer,
        effect=f"reminder:{ticket.number}:{waiting.reminders + 1}",
        keys=stamp.keys,
        thread=waiting.thread,
        values={"since": moment(waiting.since), "closes_at": closes_at},
    )
    return Plan("reminded" if notices else "withheld", answer.reason, ticket.number, events, notices)


def close(ticket: Ticket, waiting: Waiting, policy: Policy, answer: GateAnswer, stamp: Stamp) -> Plan:
    """Close a ticket that waited long enough, and say so with the way back."""
    closed = StateChanged(ticket.number, ticket.state, TicketState.CLOSED, "no-answer")
    events, notices = to_requester(
        ticket,
        Template.CLOSED,
        policy,
        answer,
        effect=f"closed:{ticket.number}:{waiting.since:%Y%m%dT%H%M%S}",
        keys=stamp.keys,
        thread=waiting.thread,
        values={"since": moment(waiting.since), "reopen_until": moment(stamp.now + policy.reopen_within)},
    )
    return Plan("closed", "no-answer", ticket.number, (closed, *events), notices)
