"""The breaker of automatic mail: what jobs withhold opens it too, and the sweep says when it closed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from mailgate.core.desk import breaker
from mailgate.core.desk.case import Policy
from mailgate.core.desk.plan import BreakerClosed, BreakerOpen, NoticeWithheld, Plan, Stamp
from mailgate.core.mail.gate import Pool
from mailgate.store import apply
from mailgate.store.engine import Session
from mailgate.store.work import alarmed, claim_closed_breaker

Keys = Callable[[int], tuple[str, ...]]


def with_alarm(session: Session, policy: Policy, plan: Plan, used: int, keys: Keys, now: datetime) -> Plan:
    """The plan of a job, with what its withheld mail says of the breaker; `used` went out within the hour."""
    if not any(isinstance(item, NoticeWithheld) and item.reason == breaker.BREAKER for item in plan.events):
        return plan
    event = BreakerOpen(Pool.UNASKED, used, first=Pool.UNASKED not in alarmed(session, now))
    notices = breaker.opened(event, policy, keys(1)[0], now)
    return replace(plan, events=(*plan.events, event), notices=(*plan.notices, *notices))


def close_one(session: Session, policy: Policy, now: datetime, keys: Keys) -> bool:
    """Tell of one breaker that nothing was withheld by for an hour; False where there is none."""
    found = claim_closed_breaker(session, now)
    if found is None:
        return False
    event = BreakerClosed(*found)
    plan = Plan("closed", breaker.BREAKER, None, (event,), breaker.closed(event, policy, keys(1)[0], now))
    apply.apply_plan(session, plan, None, Stamp(now, 0, ()), "mailgate")
    return True
