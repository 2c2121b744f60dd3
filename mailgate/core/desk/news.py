"""News of a ticket for its agents: what happened, who asks and how sure we are of that, and what is due when."""

from collections.abc import Iterable
from enum import StrEnum

from mailgate.core.desk.attachments import in_short, name_of, share, sorted_for
from mailgate.core.desk.case import Agent, Case, Policy
from mailgate.core.desk.draft import Draft
from mailgate.core.desk.inform import to_agents, topic_of
from mailgate.core.desk.notice import Template, Value
from mailgate.core.desk.pin import hide_pins
from mailgate.core.desk.plan import AssuranceRaised, ClockStarted, ClockStopped, TicketOpened
from mailgate.core.desk.reason import SILENT
from mailgate.core.desk.ticket import ClockName, Entry, EntryKind, Flag, ParticipantRole, Ticket, TicketState
from mailgate.core.mail.mail import Attachment, Mailbox
from mailgate.core.who.identity import Account

MOST_TEXT = 100_000  # characters; the rest is in `mailgate ticket show`
MOST_RECIPIENTS = 10
_MOST_OF_AN_ENTRY = 4_000
_MOST_HISTORY = 20
_MOST_PRODUCTS = 20


class Happened(StrEnum):
    """What the agents are told of."""

    OPENED = "opened"
    HELD = "held"
    FOLLOW_UP = "follow-up"
    RELEASED = "released"
    DENIED = "denied"
    REFERRED = "referred"
    ANSWERED = "answered"
    NOTED = "noted"
    MOVED = "moved"
    ASSIGNED = "assigned"
    WOKEN = "woken"


def tell_agents(
    draft: Draft,
    what: Happened,
    about: Ticket | TicketOpened,
    text: str,
    *,
    but_not: str | None = None,
    only: tuple[Agent, ...] | None = None,
    joined: int | None = None,
) -> None:
    """Owe each agent of the ticket the news, but the one named `but_not`: they did it themselves.

    `only` are those who have to hear it, where that is not everybody; `joined` is the ticket that became part of it by
    this mail. Call it when the events of the plan are complete: clocks and states are taken from them.
    """
    case, topic = draft.case, topic_of(about)
    everybody = topic.agents(case.policy) if only is None else only
    agents = [agent for agent in everybody if agent.name != but_not]
    sort = sorted_for(case, about.department)
    taken, left_out = share(case, sort.taken)
    values = {
        **_who(case, about),
        **_grade(draft),
        **_what(case, about, what),
        **_due(draft, about),
        "text": text[:MOST_TEXT],
        "cut": len(text) > MOST_TEXT,
        "files": [_file(item) for item in sort.taken],
        "withheld": [_file(item.attachment) | in_short(case, about.department, item) for item in sort.refused],
        "left_out": [name_of(item) for item in left_out],
        "history": history_of(case.facts.history, case.policy),
        "recipients": [item.address for item in recipients(about, case.policy)] if what is not Happened.DENIED else [],
        "agent": but_not,
        "joined": joined,
    }
    told = to_agents(
        Template.NEWS,
        topic,
        agents,
        case.policy,
        effect=f"{topic.number}:{case.mail.message_id}:{case.mail.body_hash}:{what}",
        values=values,
        key=draft.key,
        now=draft.stamp.now,
        attachments=taken,
    )
    draft.events.extend(told.events)
    draft.notices.extend(told.notices)


def tell_of_copy(draft: Draft, department: str) -> None:
    """Tell the agents of a department that a copy of the mail reached, as far as they do not know the ticket yet."""
    ticket, policy = draft.case.facts.copied, draft.case.policy
    if ticket is None or ticket.state is TicketState.CLOSED or ticket.held_reason in SILENT:
        return
    if department in {ticket.department, *ticket.referred}:
        return
    know = topic_of(ticket).agents(policy)
    new = tuple(agent for agent in policy.agents_of(department) if agent not in know)
    tell_agents(draft, Happened.REFERRED, ticket, hide_pins(draft.case.mail.text), only=new)


def recipients(about: Ticket | TicketOpened, policy: Policy) -> tuple[Mailbox, ...]:
    """Whom a public reply reaches: who takes part, ten at most, the requester first; never the desk itself (BS-06)."""
    return outsiders(about, policy)[:MOST_RECIPIENTS]


def outsiders(about: Ticket | TicketOpened, policy: Policy) -> tuple[Mailbox, ...]:
    """All who take part and are not of the desk, the requester first."""
    if isinstance(about, TicketOpened):
        people: tuple[Mailbox, ...] = (about.requester,)
    else:
        first = sorted(about.participants, key=lambda item: item.role is not ParticipantRole.REQUESTER)
        people = tuple(item.mailbox for item in first)
    return tuple(
        item
        for item in people
        if item.address and item.address not in policy.own_addresses and policy.agent_at(item.address) is None
    )


def _who(case: Case, about: Ticket | TicketOpened) -> dict[str, Value]:
    identity, author = case.facts.identity, case.mail.author
    account = _account(case, about)
    return {
        "requester": person(about.requester),
        "author": person(author) if author is not None else "",
        "author_kind": identity.kind.value,
        "role": identity.contact.role.value if identity.contact is not None else None,
        "lookalike_of": identity.lookalike_of,
        "account": account.number if account is not None else about.account,
        "account_name": account.name if account is not None else "",
        "products": products_of(account),
        "named": [item.number for item in case.facts.named_accounts if item != account],
    }


def _grade(draft: Draft) -> dict[str, Value]:
    """How sure we are: of this mail, or of the request where the mail confirms it."""
    raised = next((event for event in draft.events if isinstance(event, AssuranceRaised)), None)
    found = raised.assurance if raised is not None else draft.case.grade.assurance
    return {"assurance": found.value, "why": raised.reason if raised is not None else draft.case.grade.why}


def _account(case: Case, about: Ticket | TicketOpened) -> Account | None:
    """The account that the ticket is about, where it is known beyond its number."""
    known = (case.facts.identity.account, case.facts.ticket_account)
    return next((item for item in known if item is not None and item.number == about.account), None)


def products_of(account: Account | None) -> list[str]:
    """What the customer has, cut where it is a long list."""
    if account is None:
        return []
    named = [f"{item.kind} {item.name}" for item in account.products]
    more = len(named) - _MOST_PRODUCTS
    return [*named[:_MOST_PRODUCTS], f"… +{more}"] if more > 0 else named


def _what(case: Case, about: Ticket | TicketOpened, what: Happened) -> dict[str, Value]:
    held = about.state is TicketState.HELD and what is not Happened.RELEASED and what is not Happened.DENIED
    return {
        "what": what.value,
        "held": held,
        "held_reason": about.held_reason,
        "closed": what is Happened.DENIED or about.state is TicketState.CLOSED,
        "kind": about.request_kind.value,
        "priority": about.priority.value,
        "missing": list(case.request.missing) if what in {Happened.OPENED, Happened.HELD} else [],
        "flags": [flag.value for flag in about.flags if flag is not Flag.UNPROVED],  # the grade says it already
        "linked_to": about.linked_to,
        "assignee": None if isinstance(about, TicketOpened) else about.assignee,
    }


def _due(draft: Draft, about: Ticket | TicketOpened) -> dict[str, Value]:
    """When the acknowledge and respond clocks run out, None for those that do not run once the plan is carried out."""
    due: dict[str, Value] = {"acknowledge_by": None, "respond_by": None}
    names = {ClockName.ACKNOWLEDGE: "acknowledge_by", ClockName.RESPOND: "respond_by"}
    if isinstance(about, Ticket):
        for clock in about.clocks:
            if clock.name in names and clock.due_at is not None and clock.stopped_at is None:
                due[names[clock.name]] = clock.due_at.isoformat()
    for event in draft.events:
        if isinstance(event, ClockStarted) and event.clock in names:
            due[names[event.clock]] = event.due_at.isoformat()
        elif isinstance(event, ClockStopped) and event.clock in names:
            due[names[event.clock]] = None
    return due


def _file(item: Attachment) -> dict[str, str]:
    return {"name": name_of(item), "type": item.detected_type or item.content_type, "size": str(item.size)}


def history_of(entries: Iterable[Entry], policy: Policy) -> list[dict[str, str]]:
    """What was said before, newest first. Notes that no agent wrote are answers to us: a yes, a program's report."""
    return [_said(entry, _is_aside(entry, policy)) for entry in _latest(entries)]


def _is_aside(entry: Entry, policy: Policy) -> bool:
    by_agent = "@" not in entry.author or policy.agent_at(entry.author) is not None
    return entry.kind is EntryKind.NOTE and not by_agent


def _latest(entries: Iterable[Entry]) -> list[Entry]:
    return list(reversed(list(entries)[-_MOST_HISTORY:]))


def _said(entry: Entry, aside: bool) -> dict[str, str]:  # noqa: FBT001 - private
    text = entry.text if len(entry.text) <= _MOST_OF_AN_ENTRY else entry.text[:_MOST_OF_AN_ENTRY].rstrip() + " …"
    kind = "aside" if aside else entry.kind.value
    return {"kind": kind, "author": entry.author, "at": entry.at.isoformat(), "text": hide_pins(text)}


def person(box: Mailbox) -> str:
    """A mailbox as people write it."""
    return f"{box.name} <{box.address}>" if box.name else box.address
