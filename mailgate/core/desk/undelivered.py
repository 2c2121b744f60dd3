"""What follows when a mail of ours is known not to have arrived: by a report, or because the next hop refused it.

The ticket is flagged and comes back to the agents, and the clock that the mail had stopped runs again (peers row 13).
"""

from dataclasses import replace
from datetime import datetime

from mailgate.core.desk.case import Policy
from mailgate.core.desk.clock import restart
from mailgate.core.desk.outgoing import Outgoing
from mailgate.core.desk.plan import EntryAdded, FlagSet, MailUndelivered, StateChanged, TicketEvent
from mailgate.core.desk.ticket import ClockName, EntryKind, Flag, Ticket, TicketState
from mailgate.core.who.identity import Account

_REASON = "undelivered"
_MOST_OTHERS = 10


def other_addresses(account: Account | None, missed: str) -> tuple[str, ...]:
    """The account's other addresses, owners first as the account lists them: who is to be written to instead."""
    contacts = account.contacts if account is not None else ()
    return tuple(dict.fromkeys(item.address for item in contacts if item.address != missed))[:_MOST_OTHERS]


def not_delivered(
    ticket: Ticket, mail: Outgoing, why: str, policy: Policy, others: tuple[str, ...], *, now: datetime
) -> tuple[TicketEvent, ...]:
    """The events on the ticket. A refused ticket is only marked: nobody works on it, and nothing opens it."""
    number = ticket.number
    events: list[TicketEvent] = [
        MailUndelivered(number, mail.id, mail.template, mail.recipient, why),
        EntryAdded(number, EntryKind.SYSTEM, "mailgate", _words(mail, why, others), message_id=None, assurance=None),
    ]
    if Flag.UNDELIVERED not in ticket.flags:
        events.append(FlagSet(number, Flag.UNDELIVERED, why))
    if ticket.was_refused:
        return tuple(events)
    if ticket.state in {TicketState.WAITING, TicketState.CLOSED}:
        events.append(StateChanged(number, ticket.state, TicketState.OPEN, _REASON))
    clock = _clock_of(ticket, mail)
    if clock is not None:
        events.append(replace(restart(policy, ticket, clock, now), again=True))
    return tuple(events)


def _words(mail: Outgoing, why: str, others: tuple[str, ...]) -> str:
    said = f"The mail to {mail.recipient} ({mail.template}) was not delivered: {why}."
    if not others:
        return f"{said}\nThe desk knows no other address to write to."
    return f"{said}\nOther addresses of the account: {', '.join(others)}."


def _clock_of(ticket: Ticket, mail: Outgoing) -> ClockName | None:
    """The clock that the mail had stopped; None where it stopped none, or where that clock runs."""
    if mail.automatic:
        stopped = ticket.clock(ClockName.RECEIPT).stopped_at is not None
        return ClockName.RECEIPT if mail.recipient == ticket.requester.address and stopped else None
    stopped = ticket.clock(ClockName.RESPOND).stopped_at is not None
    return ClockName.RESPOND if stopped and ticket.state is not TicketState.HELD else None
