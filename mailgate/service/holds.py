"""The job `expire-holds`: held requests that nobody confirmed in time."""

from datetime import datetime
from functools import partial

from mailgate.core.desk.lapse import is_over, lapse
from mailgate.core.desk.plan import Stamp
from mailgate.core.desk.unasked import gate
from mailgate.core.mail.gate import Pool
from mailgate.service.breaker import with_alarm
from mailgate.service.jobs import Run
from mailgate.store import apply, facts
from mailgate.store.engine import Session
from mailgate.store.held import held_tickets


def expire_holds(run: Run) -> str:
    """Close every held ticket whose time for confirmation is over."""
    desk = run.desk
    now = desk.now()
    found = [item.number for item in desk.database.read(held_tickets) if is_over(item, desk.policy, now)]
    closed, told = 0, 0
    for was_closed, was_told in run.each(found, partial(_one, run, now)):
        closed += was_closed
        told += was_told
    return f"{closed} closed, {told} requesters told"


def _one(run: Run, now: datetime, session: Session, number: int) -> tuple[bool, bool]:
    """One ticket, as it is now: it may have been released since it was looked for."""
    desk = run.desk
    held = next(iter(held_tickets(session, number)), None)
    ticket = facts.ticket(session, number)
    if held is None or ticket is None or not is_over(held, desk.policy, now):
        return False, False
    used = facts.budget(session, Pool.UNASKED, ticket.requester.address, now, ticket=number)
    plan = lapse(ticket, held, desk.policy, gate(ticket, desk.policy, used), Stamp(now, 0, desk.keys(2)))
    told = bool(plan.notices)
    plan = with_alarm(session, desk.policy, plan, used.desk_hour, desk.keys, now)
    apply.apply_plan(session, plan, None, Stamp(now, 0, ()), run.actor)
    return True, told
