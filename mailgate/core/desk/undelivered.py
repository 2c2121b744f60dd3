"""What follows when a mail of ours is known not to have arrived: by a report, or because the next hop refused it.

The ticket is flagged and comes back to the agents, and the clock that the mail had stopped runs again (peers row 13).
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from mailgate.core.desk.case import Policy
from mailgate.core.desk.clock import restart
from mailgate.core.desk.inform import Told, to_agents, topic_of
from mailgate.core.desk.memo import Memo
from mailgate.core.desk.news import recipients
from mailgate.core.desk.notice import Notice, Template, Value
from mailgate.core.desk.outgoing import Outgoing
from mailgate.core.desk.plan import ClockStarted, EntryAdded, FlagSet, MailUndelivered, StateChanged, TicketEvent
from mailgate.core.desk.ticket import ClockName, EntryKind, Flag, Ticket, TicketState
from mailgate.core.who.identity import Account

_REASON = "undelivered"
_MOST_OTHERS = 10


def other_addresses(account: Account | None, missed: str) -> tuple[str, ...]:
    """The account's other addresses, owners first as the account lists them: who is to be written to instead."""
    contacts = account.contacts if account is not None else ()
    return tuple(dict.fromkeys(item.address for item in contacts if item.address != missed))[:_MOST_OTHERS]


def not_delivered(
    ticket: Ticket,
    mail: Outgoing,
    why: str,
    policy: Policy,
    others: tuple[str, ...],
    *,
    now: datetime,
    key: Callable[[], str],
) -> tuple[tuple[TicketEvent, ...], tuple[Notice, ...]]:
    """The events on the ticket, and the notices to its agents.

    A refused ticket is only marked: nobody works on it, and nothing opens it. What an agent did not get changes no
    clock. `key` gives fresh keys.
    """
    number = ticket.number
    changes = [] if ticket.was_refused or policy.agent_at(mail.recipient) else _changes(ticket, mail, policy, now)
    told = _tell_agents(ticket, mail, why, policy, others, changes, now, key)
    events: list[TicketEvent] = [
        MailUndelivered(number, mail.id, mail.template, mail.recipient, why),
        EntryAdded(number, EntryKind.SYSTEM, "mailgate", _words(mail, why, others), message_id=None, assurance=None),
        *([] if Flag.UNDELIVERED in ticket.flags else [FlagSet(number, Flag.UNDELIVERED, why)]),
        *changes,
        *told.events,
    ]
    return tuple(events), told.notices


def _changes(ticket: Ticket, mail: Outgoing, policy: Policy, now: datetime) -> list[TicketEvent]:
    """The ticket is open again, and the clock that the mail had stopped runs again."""
    events: list[TicketEvent] = []
    if ticket.state in {TicketState.WAITING, TicketState.CLOSED}:
        events.append(StateChanged(ticket.number, ticket.state, TicketState.OPEN, _REASON))
    clock = _clock_of(ticket, mail)
    if clock is not None:
        events.append(replace(restart(policy, ticket, clock, now), again=True))
    return events


def _tell_agents(
    ticket: Ticket,
    mail: Outgoing,
    why: str,
    policy: Policy,
    others: tuple[str, ...],
    changes: list[TicketEvent],
    now: datetime,
    key: Callable[[], str],
) -> Told:
    """Every agent but the one who could not be reached. Such a notice that does not arrive either is told to nobody."""
    topic = topic_of(ticket)
    agents = [agent for agent in topic.agents(policy) if agent.address != mail.recipient]
    if mail.template == Template.UNDELIVERED:
        agents = []
    due = next(
        (item.due_at for item in changes if isinstance(item, ClockStarted) and item.clock is ClockName.RESPOND), None
    )
    reopened = any(isinstance(item, StateChanged) for item in changes)
    values: dict[str, Value] = {
        "mail": f"mail-{mail.template}",
        "to": mail.recipient,
        "why": why,
        "agent": mail.author,
        "others": list(others),
        "reopened": reopened,
        "held": ticket.state is TicketState.HELD,
        "closed": ticket.state is TicketState.CLOSED and not reopened,
        "recipients": [item.address for item in recipients(ticket, policy)],
        "respond_by": due.isoformat() if due is not None else None,
    }
    effect = f"{ticket.number}:{_REASON}:{mail.id}:{now:%Y%m%dT%H%M%S}"
    return to_agents(Template.UNDELIVERED, topic, agents, policy, effect=effect, values=values, key=key, now=now)


def _words(mail: Outgoing, why: str, others: tuple[str, ...]) -> str:
    values = {"recipient": mail.recipient, "template": mail.template, "why": why}
    if not others:
        return Memo.UNDELIVERED.written(**values)
    return Memo.UNDELIVERED_OTHERS.written(**values, others=", ".join(others))


def _clock_of(ticket: Ticket, mail: Outgoing) -> ClockName | None:
    """The clock that the mail had stopped; None where it stopped none, or where that clock runs."""
    if mail.automatic:
        stopped = ticket.clock(ClockName.RECEIPT).stopped_at is not None
        return ClockName.RECEIPT if mail.recipient == ticket.requester.address and stopped else None
    stopped = ticket.clock(ClockName.RESPOND).stopped_at is not None
    return ClockName.RESPOND if stopped and ticket.state is not TicketState.HELD else None
