"""Escalation of a ticket whose clock ran out: first its agents are told, then each of `escalate_to`, one by one. Pure.

Each step has as long as an acknowledgement has, in the department's calendar. Nobody is woken: a step that falls into
closed hours is taken when the desk opens. Its effect is unique, so that a step is taken once, whatever the clock does.
"""

from dataclasses import dataclass
from datetime import datetime

from mailgate.core.desk.case import Agent, Policy
from mailgate.core.desk.clock import FLAG_OF_CLOCK
from mailgate.core.desk.inform import KEYS_AN_AGENT, to_agents, topic_of
from mailgate.core.desk.news import recipients
from mailgate.core.desk.notice import Template, Value
from mailgate.core.desk.plan import Plan, Stamp
from mailgate.core.desk.ticket import Clock, ClockName, Ticket
from mailgate.core.time.calendar import due_at, opens_at

ESCALATES = frozenset({ClockName.ACKNOWLEDGE, ClockName.RESPOND})
"""The clocks that people are told of; a receipt that is late is our own trouble, and a flag."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a step does, None where it only waits; and the next one with its time, None after the last."""

    plan: Plan | None
    step: int
    at: datetime | None


def begins_at(ticket: Ticket, policy: Policy, now: datetime) -> datetime:
    """When the first step is due of a clock that is flagged now."""
    return opens_at(now, policy.department(ticket.department).calendar)


def people(ticket: Ticket, policy: Policy) -> tuple[tuple[Agent, ...], ...]:
    """Who is told at each step: the agents together, then each name or address of `escalate_to`."""
    agents = topic_of(ticket).agents(policy)
    further = tuple((_person(name, policy),) for name in policy.department(ticket.department).escalate_to)
    return (agents, *further) if agents else further


def keys_needed(ticket: Ticket, policy: Policy) -> int:
    """How many fresh keys a step may take."""
    return KEYS_AN_AGENT * max((len(told) for told in people(ticket, policy)), default=0)


def take_step(ticket: Ticket, clock: Clock, step: int, policy: Policy, stamp: Stamp) -> Step:
    """Tell whom the step tells, if the desk is open."""
    calendar, now = policy.department(ticket.department).calendar, stamp.now
    steps = people(ticket, policy)
    if step >= len(steps):
        return Step(None, step, None)
    opens = opens_at(now, calendar)
    if opens > now:
        return Step(None, step, opens)
    told = to_agents(
        Template.ESCALATION,
        topic_of(ticket),
        steps[step],
        policy,
        effect=f"{ticket.number}:{clock.name}:{clock.started_at}:step{step}",
        values=_values(ticket, clock, step) | {"recipients": [item.address for item in recipients(ticket, policy)]},
        key=iter(stamp.keys).__next__,
        now=now,
    )
    wait = policy.allowance(ClockName.ACKNOWLEDGE, ticket.department, ticket.priority, ticket.service_level)
    following = due_at(now, wait, calendar) if step + 1 < len(steps) else None
    plan = Plan("escalated", FLAG_OF_CLOCK[clock.name].value, ticket.number, told.events, told.notices)
    return Step(plan, step + 1, following)


def _person(name: str, policy: Policy) -> Agent:
    """The agent of that name or address; anybody else can read, but not act."""
    known = next((agent for agent in policy.agents if agent.name == name), None) or policy.agent_at(name)
    return known or Agent("", name)


def _values(ticket: Ticket, clock: Clock, step: int) -> dict[str, Value]:
    person = ticket.requester
    return {
        "what": FLAG_OF_CLOCK[clock.name].value,
        "due_at": clock.due_at.isoformat() if clock.due_at is not None else None,
        "opened_at": ticket.created_at.isoformat(),
        "further": step > 0,
        "requester": f"{person.name} <{person.address}>" if person.name else person.address,
        "assurance": ticket.assurance.value,
        "account": ticket.account,
        "assignee": ticket.assignee,
        "priority": ticket.priority.value,
        "kind": ticket.request_kind.value,
    }
