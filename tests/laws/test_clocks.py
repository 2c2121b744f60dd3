"""The law of clocks: whatever people do to a ticket, the event log tells what is stored beside it."""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.cases import NOW, POLICY
from support.database import new_sqlite
from support.rows import opened

from mailgate.core.desk.clock import clocks_of, due, restart
from mailgate.core.desk.plan import ClockStopped, DepartmentSet, Plan, PrioritySet, Stamp, StateChanged
from mailgate.core.desk.ticket import ClockName, TicketState
from mailgate.core.time.calendar import Calendar
from mailgate.core.time.target import Targets
from mailgate.core.who.request import Priority
from mailgate.service.clocks import settle_clocks
from mailgate.service.sweep import sweep
from mailgate.store import apply, facts, queries
from mailgate.store.engine import open_database

OFFICE = Calendar("office", ZoneInfo("Europe/Berlin"), (((480, 1080),),) * 5 + ((), ()))
SUPPORT, BILLING = POLICY.departments
DESK = replace(
    POLICY, departments=(replace(SUPPORT, calendar=OFFICE, high=Targets(respond=timedelta(hours=2))), BILLING)
)
acts = st.sampled_from(["wait", "open", "close", "high", "normal", "billing", "support", "ack", "respond", "anew", "-"])
histories = st.lists(st.tuples(st.integers(1, 40 * 60), acts), min_size=1, max_size=9)
NUMBERS = count(1001)


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    opened_one = open_database(new_sqlite(tmp_path_factory.mktemp("law")), base=None)
    yield opened_one
    opened_one.close()


def events_of(ticket, act, now):
    states = {"wait": TicketState.WAITING, "open": TicketState.OPEN, "close": TicketState.CLOSED}
    if act in states and states[act] is not ticket.state:
        return (StateChanged(ticket.number, ticket.state, states[act], act),)
    if act in {"high", "normal"}:
        return (PrioritySet(ticket.number, Priority(act)),)
    if act in {"billing", "support"}:
        return (DepartmentSet(ticket.number, act),)
    if act == "ack":
        return (ClockStopped(ticket.number, ClockName.ACKNOWLEDGE, "acknowledged"),)
    if act == "respond":
        return (ClockStopped(ticket.number, ClockName.RESPOND, "responded"),)
    if act == "anew" and ticket.state is TicketState.OPEN:
        return (restart(DESK, ticket, ClockName.RESPOND, now),)
    return ()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories)
def test_the_log_recomputes_what_is_stored(database, history):
    number, now = next(NUMBERS), NOW

    def carry_out(session, *events):
        plan = Plan("x", "x", number, events)
        apply.apply_plan(session, plan, None, Stamp(now, number, ()), "anna")
        settle_clocks(session, DESK, plan, now, "anna")

    def load(session):
        return facts.ticket(session, number)

    database.write(lambda s: carry_out(s, opened(number, state=TicketState.OPEN)))
    database.write(lambda s: carry_out(s, *(restart(DESK, load(s), clock, now) for clock in ClockName)))
    for minutes, act in history:
        now += timedelta(minutes=minutes)
        database.write(lambda s, act=act, now=now: carry_out(s, *events_of(load(s), act, now)))
        sweep(database, DESK, now, lambda wanted: ("k" * 26,) * wanted)
        stored, lines = database.read(lambda s: (load(s), queries.events_of(s, number)))
        told = clocks_of(lines)
        assert told == {clock.name: clock for clock in stored.clocks}
        for clock in stored.clocks:
            calendar = OFFICE if clock.calendar == "office" else DESK.departments[1].calendar
            if clock.paused_since is None:
                assert clock.due_at == due(clock, clock.allowance, calendar)
            late = clock.stopped_at is None and clock.paused_since is None and clock.due_at <= now
            assert not late or clock.flagged_at is not None
