"""The jobs `remind` and `close-waiting`: tickets that wait for the customer."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import partial

from mailgate.core.desk import waiting as rules
from mailgate.core.desk.case import Policy
from mailgate.core.desk.plan import Plan, Stamp
from mailgate.core.desk.ticket import Ticket
from mailgate.core.desk.unasked import gate
from mailgate.core.desk.waiting import Waiting
from mailgate.core.mail.gate import GateAnswer, Pool
from mailgate.service.breaker import with_alarm
from mailgate.service.jobs import Run
from mailgate.store import apply, facts
from mailgate.store.engine import Session
from mailgate.store.waiting import waiting

_Due = Callable[[Waiting, Policy, datetime], bool]
_Make = Callable[[Ticket, Waiting, Policy, GateAnswer, Stamp], Plan]


def remind(run: Run) -> str:
    """Remind every customer whose ticket has waited for `[clocks] remind_after`."""
    done = _each(run, rules.reminder_is_due, rules.remind)
    return f"{done['reminded']} reminded, {done['withheld']} withheld"


def close_waiting(run: Run) -> str:
    """Close every ticket that has waited for `[clocks] close_after`."""
    return f"{_each(run, rules.close_is_due, rules.close)['closed']} closed"


def _each(run: Run, due: _Due, make: _Make) -> Counter[str]:
    desk = run.desk
    now = desk.now()
    found = [item.number for item in desk.database.read(waiting) if due(item, desk.policy, now)]
    return Counter(run.each(found, partial(_one, run, now, due, make)))


def _one(run: Run, now: datetime, due: _Due, make: _Make, session: Session, number: int) -> str:
    """One ticket, as it is now: it may have been answered since it was looked for."""
    desk = run.desk
    state = next(iter(waiting(session, number)), None)
    ticket = facts.ticket(session, number)
    if state is None or ticket is None or not due(state, desk.policy, now):
        return "answered"
    used = facts.budget(session, Pool.UNASKED, ticket.requester.address, now, ticket=number)
    answer = gate(ticket, desk.policy, used)
    plan = make(ticket, state, desk.policy, answer, Stamp(now, 0, desk.keys(2)))
    plan = with_alarm(session, desk.policy, plan, used.desk_hour, desk.keys, now)
    apply.apply_plan(session, plan, None, Stamp(now, 0, ()), run.actor)
    return plan.outcome
