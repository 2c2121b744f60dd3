from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from support.cases import NOW, POLICY, SUPPORT, ticket

from mailgate.core.desk.clock import clocks_of, due, elapsed, explain, reckoned, restart, runs
from mailgate.core.desk.ticket import Clock, ClockName, Event
from mailgate.core.time.calendar import ROUND_THE_CLOCK, Calendar
from mailgate.core.time.target import ServiceLevel, Targets
from mailgate.core.who.request import Priority

HOUR = timedelta(hours=1)
OFFICE = Calendar("office", ZoneInfo("UTC"), (((480, 1080),),) * 5 + ((), ()))
RESPOND = ClockName.RESPOND


def policy(**department):
    from dataclasses import replace

    return replace(POLICY, departments=(replace(SUPPORT, **department),))


def clock(**changes):
    return Clock(**{"name": RESPOND, "started_at": NOW, "allowance": 8 * HOUR, **changes})


def test_a_clock_starts_with_the_target_of_its_department_priority_and_level():
    levels = (ServiceLevel("gold", (), Targets(respond=2 * HOUR)),)
    from dataclasses import replace

    with_levels = replace(policy(calendar=OFFICE, high=Targets(respond=HOUR)), service_levels=levels)
    plain = restart(with_levels, ticket(), RESPOND, NOW)
    assert (plain.allowance, plain.calendar) == (24 * HOUR, "office")
    assert plain.due_at == NOW + timedelta(days=2, hours=4)  # ten hours a day, begun at ten
    assert restart(with_levels, ticket(service_level="gold"), RESPOND, NOW).allowance == 2 * HOUR
    assert restart(with_levels, ticket(service_level="gold", priority=Priority.HIGH), RESPOND, NOW).allowance == HOUR


def test_the_receipt_is_due_at_night_too():
    """We write it ourselves: nobody has to be in the office."""
    found = restart(policy(calendar=OFFICE), ticket(), ClockName.RECEIPT, NOW + timedelta(hours=12))
    assert (found.due_at, found.calendar) == (NOW + timedelta(hours=13), "")


def test_pauses_count_nothing_and_what_was_counted_before_is_kept():
    paused = clock(pauses=((NOW + 2 * HOUR, NOW + 50 * HOUR),))
    assert due(paused, 8 * HOUR, ROUND_THE_CLOCK) == NOW + 56 * HOUR
    assert elapsed(paused, ROUND_THE_CLOCK, NOW + 51 * HOUR) == 3 * HOUR
    assert due(paused, 2 * HOUR, ROUND_THE_CLOCK) == NOW + 2 * HOUR
    shown = explain(paused, ROUND_THE_CLOCK, NOW + 51 * HOUR)
    assert [(item.is_counted, item.length) for item in shown] == [(True, 2 * HOUR), (False, 48 * HOUR), (True, HOUR)]
    assert shown[1].reason == "waiting for the customer"


@pytest.mark.parametrize(
    "changes, end", [({}, 9), ({"stopped_at": NOW + HOUR}, 1), ({"paused_since": NOW + 3 * HOUR}, 3)]
)
def test_a_clock_runs_until_it_stops_or_pauses(changes, end):
    assert runs(clock(**changes), NOW + 9 * HOUR) == ((NOW, NOW + end * HOUR),)
    assert runs(Clock(RESPOND), NOW) == ()


def test_a_clock_is_reckoned_anew_from_its_beginning():
    before = clock(due_at=NOW + 24 * HOUR, allowance=24 * HOUR)
    after = reckoned(policy(calendar=OFFICE, respond=10 * HOUR), ticket(), before)
    assert (after.due_at, after.allowance, after.calendar) == (NOW + 24 * HOUR, 10 * HOUR, "office")


def test_the_log_tells_the_clocks():
    def line(hours, kind, **detail):
        return Event(NOW + hours * HOUR, kind, "mailgate", {"clock": "respond", **detail})

    started = line(0, "clock-started", due_at=(NOW + 8 * HOUR).isoformat(), allowance=28800.0, calendar="office")
    moved = line(5, "clock-moved", due_at=(NOW + 20 * HOUR).isoformat(), allowance=36000.0, calendar="")
    flagged = Event(NOW + 9 * HOUR, "flag-set", "mailgate", {"flag": "response-overdue", "reason": "overdue"})
    foreign = Event(NOW, "flag-set", "mailgate", {"flag": "stranger", "reason": "opened"})
    lines = [
        started,
        foreign,
        line(1, "clock-paused"),
        line(3, "clock-resumed"),
        moved,
        flagged,
        line(10, "clock-stopped"),
    ]
    assert clocks_of(lines) == {
        RESPOND: Clock(
            RESPOND,
            due_at=NOW + 20 * HOUR,
            stopped_at=NOW + 10 * HOUR,
            flagged_at=NOW + 9 * HOUR,
            started_at=NOW,
            allowance=10 * HOUR,
            pauses=((NOW + HOUR, NOW + 3 * HOUR),),
        )
    }
    undone = line(11, "clock-started", due_at=(NOW + 20 * HOUR).isoformat(), since=NOW.isoformat())
    assert clocks_of([*lines, undone])[RESPOND].stopped_at is None
    older = Event(NOW, "clock-started", "", {"clock": "respond", "due_at": (NOW + HOUR).isoformat()})
    assert clocks_of([older])[RESPOND].allowance == HOUR
