"""Held requests that nobody confirmed: when they lapse, and what follows. Pure. The ticket stays, for people."""

from dataclasses import dataclass
from datetime import datetime

from mailgate.core.desk.case import Policy
from mailgate.core.desk.notice import Notice, Template
from mailgate.core.desk.plan import Plan, Stamp, StateChanged, TicketEvent
from mailgate.core.desk.ticket import Ticket, TicketState
from mailgate.core.desk.unasked import moment, to_requester
from mailgate.core.mail.gate import GateAnswer

EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Held:
    """A held ticket: the last mail of its requester, until when contacts may confirm it, whether we wrote to them."""

    number: int
    last_mail: datetime
    asked_until: datetime | None = None
    told: bool = False


def is_over(held: Held, policy: Policy, now: datetime) -> bool:
    """True where the last question expired, and `confirm_within` passed since the last mail."""
    ends = [held.last_mail + policy.confirm_within, *filter(None, [held.asked_until])]
    return now >= max(ends)


def lapse(ticket: Ticket, held: Held, policy: Policy, answer: GateAnswer, stamp: Stamp) -> Plan:
    """Close it undone. The requester hears of it where they heard that it waits; a forger or spammer heard nothing."""
    number = ticket.number
    changes: list[TicketEvent] = [StateChanged(number, ticket.state, TicketState.CLOSED, EXPIRED)]
    notices: tuple[Notice, ...] = ()
    if held.told:
        events, notices = to_requester(
            ticket,
            Template.LAPSED,
            policy,
            answer,
            effect=f"lapsed:{number}",
            keys=stamp.keys,
            values={"received_at": moment(ticket.created_at)},
        )
        changes += events
    return Plan(EXPIRED, EXPIRED, number, tuple(changes), notices)
