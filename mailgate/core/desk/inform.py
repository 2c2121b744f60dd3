"""Notices to the agents of a ticket, each with keys of its own: for news, escalations and whatever else agents get.

    told = to_agents(Template.NEWS, topic_of(ticket), policy.agents_of(ticket.department), policy, …)
    draft.add(told)

An agent acts through the own keys alone (`core/desk/agents.py`), so a notice without keys could not be answered. What
stays inside the desk, notes above all, may stand in these notices and in no others.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailgate.core.desk.case import Agent, Policy
from mailgate.core.desk.guard import Guard, guard_of
from mailgate.core.desk.key import message_id, root_id
from mailgate.core.desk.notice import Attached, AutoSubmitted, Notice, Template, Value
from mailgate.core.desk.plan import KeyIssued, TicketOpened
from mailgate.core.desk.ticket import Purpose, Ticket
from mailgate.core.mail.mail import Mailbox

AGENT_KEYS_LAST = timedelta(days=180)
KEYS_AN_AGENT = 3  # public reply (also the Message-ID), note, bounce


@dataclass(frozen=True, slots=True)
class Topic:
    """The ticket that a notice is about, be it open already or about to be opened."""

    number: int
    subject: str
    department: str
    referred: tuple[str, ...] = ()

    def agents(self, policy: Policy) -> tuple[Agent, ...]:
        """Who works on it: the agents of its department, and of those in which it is shown too.

        Where that is nobody, the default department hears of it: a ticket must not wait unseen.
        """
        own = policy.agents_of(self.department, *self.referred)
        return own or policy.agents_of(policy.default_department.name)


@dataclass(frozen=True, slots=True)
class Told:
    """The keys that are issued and the notices that are owed."""

    events: tuple[KeyIssued, ...]
    notices: tuple[Notice, ...]


def topic_of(ticket: Ticket | TicketOpened) -> Topic:
    """The ticket as a topic."""
    if isinstance(ticket, TicketOpened):
        return Topic(ticket.ticket, ticket.subject, ticket.department)
    return Topic(ticket.number, ticket.subject, ticket.department, ticket.referred)


def to_agents(
    template: Template,
    topic: Topic,
    agents: Iterable[Agent],
    policy: Policy,
    *,
    effect: str,
    values: Mapping[str, Value],
    key: Callable[[], str],
    now: datetime,
    attachments: tuple[Attached, ...] = (),
) -> Told:
    """One notice to each of `agents`, in their own language.

    `effect` says what it is for, without the agent: the same effect never reaches an agent twice. `key` gives fresh
    keys, `KEYS_AN_AGENT` for each. An address that is no agent's (an `escalate_to`, say) gets no keys to act with.
    """
    events: list[KeyIssued] = []
    notices: list[Notice] = []
    shown = _without_keys(values, guard_of(policy))
    for agent in agents:
        reply, note, bounce = key(), key(), key()
        acts = policy.agent_at(agent.address) is not None
        issued = [(bounce, Purpose.BOUNCE)]
        if acts:
            issued += [(reply, Purpose.REPLY), (note, Purpose.NOTE)]
        events.extend(
            KeyIssued(text, topic.number, agent.address, purpose, _until(purpose, now)) for text, purpose in issued
        )
        root = root_id(topic.number, policy.domain)
        notices.append(
            Notice(
                effect=f"{effect}:{agent.address}",
                template=template,
                to=Mailbox(agent.name, agent.address),
                language=agent.language or policy.languages[0],
                department=policy.department(topic.department).name,
                ticket=topic.number,
                message_id=message_id(reply, topic.number, policy.domain),
                auto_submitted=AutoSubmitted.GENERATED,
                subject=topic.subject,
                in_reply_to=root,
                references=(root,),
                reply_key=reply if acts else None,
                note_key=note if acts else None,
                bounce_key=bounce,
                values=dict(shown),
                agent=agent.name,
                attachments=attachments,
            )
        )
    return Told(tuple(events), tuple(notices))


def _without_keys(values: Mapping[str, Value], guard: Guard) -> dict[str, Value]:
    """Texts quote mails that went to others; no key but the own is for anybody (TH-11)."""
    shown = dict(values)
    for name, value in values.items():
        if isinstance(value, str):
            shown[name] = guard.masked(value)
        elif name == "history" and isinstance(value, list):
            entries = [item for item in value if isinstance(item, dict)]
            shown[name] = [{**item, "text": guard.masked(item["text"])} for item in entries]
    return shown


def _until(purpose: Purpose, now: datetime) -> datetime | None:
    return None if purpose is Purpose.BOUNCE else now + AGENT_KEYS_LAST
