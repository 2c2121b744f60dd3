"""Clocks reckoned again, when what they follow from has changed: department, priority, account, calendar, targets."""

from datetime import datetime
from functools import partial

from mailgate.core.desk.case import Policy
from mailgate.core.desk.clock import reckoned
from mailgate.core.desk.plan import AccountSet, DepartmentSet, Plan, PrioritySet, StateChanged
from mailgate.core.desk.ticket import Ticket
from mailgate.store import clocks, facts
from mailgate.store.engine import Database, Session
from mailgate.store.events import log_event

_BATCH = 200


def settle_clocks(session: Session, policy: Policy, plan: Plan, now: datetime, actor: str) -> None:
    """After a plan was carried out: reckon in the same transaction what it changed. The sweep would do it later."""
    for number in {
        event.ticket
        for event in plan.events
        if isinstance(event, StateChanged | PrioritySet | DepartmentSet | AccountSet)
    }:
        reckon(session, policy, number, now, actor)


def reckon(session: Session, policy: Policy, number: int, now: datetime, actor: str = "mailgate") -> None:
    """Reckon the clocks of a ticket that run by the policy of now; each that is due at another time gets its line."""
    clocks.hold_clocks(session, number)
    clocks.unmark_stale(session, number)
    ticket = facts.ticket(session, number)
    for clock in ticket.clocks if ticket is not None else ():
        if ticket is None or clock.stopped_at is not None:
            continue
        after = reckoned(policy, ticket, clock)
        if after != clock:
            for kind, detail in clocks.move(session, number, after, now, reason="reckoned again"):
                log_event(session, kind, ticket=number, at=now, actor=actor, detail=detail)


def recheck(database: Database, policy: Policy, now: datetime) -> None:
    """Mark the clocks that the policy sees otherwise: after a change of the configuration or of accounts."""
    above = 0
    while batch := database.read(partial(_running, above=above)):
        above = batch[-1].number
        for ticket in batch:
            if _differs(policy, ticket):
                database.write(partial(clocks.mark_stale, now=now, ticket=ticket.number))


def _running(session: Session, *, above: int) -> list[Ticket]:
    numbers = clocks.running_tickets(session, above, _BATCH)
    return [ticket for number in numbers if (ticket := facts.ticket(session, number)) is not None]


def _differs(policy: Policy, ticket: Ticket) -> bool:
    running = [clock for clock in ticket.clocks if clock.stopped_at is None]
    return any(reckoned(policy, ticket, clock) != clock for clock in running)
