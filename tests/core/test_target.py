from datetime import timedelta

import pytest

from mailgate.core.desk.ticket import ClockName
from mailgate.core.time.target import ServiceLevel, Targets, target

MINUTES = {number: timedelta(minutes=number) for number in (5, 10, 15, 30, 60, 240)}
HIGH = Targets(respond=MINUTES[30])


@pytest.mark.parametrize(
    "high, level, level_high, is_high, minutes",
    [
        (None, None, None, False, 240),
        (30, None, None, False, 240),
        (30, None, None, True, 30),
        (None, 60, None, False, 60),
        (None, 60, None, True, 60),
        (30, 60, None, True, 30),
        (60, 30, None, True, 30),
        (30, 60, 5, True, 5),
        (30, 60, 60, True, 60),  # the level says it exactly
        (30, 60, 5, False, 60),
    ],
)
def test_which_target_holds(high, level, level_high, is_high, minutes):
    levels = [ServiceLevel("gold", (), Targets(respond=MINUTES.get(level)), Targets(respond=MINUTES.get(level_high)))]
    found = target(ClockName.RESPOND, MINUTES[240], Targets(respond=MINUTES.get(high)), levels, is_high=is_high)
    assert found == timedelta(minutes=minutes)
    untouched = target(ClockName.ACKNOWLEDGE, MINUTES[15], HIGH, levels, is_high=is_high)
    assert untouched == MINUTES[15]


def test_a_level_holds_in_the_departments_that_it_names():
    assert ServiceLevel("gold").holds("gold", "support")
    assert ServiceLevel("gold", ("support",)).holds("gold", "support")
    assert not ServiceLevel("gold", ("support",)).holds("gold", "billing")
    assert not ServiceLevel("gold").holds("silver", "support")
    assert not ServiceLevel("gold").holds(None, "support")
