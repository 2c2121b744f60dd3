"""CR-12: the time for what must not come early, while the clock of the machine jumps."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from mailgate.service.steady import SteadyClock, elapsed

START = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TEN_YEARS = timedelta(days=3652)


class Machine:
    """A machine whose clock can be set; `pass_` lets true time pass."""

    def __init__(self):
        self.true = 0.0
        self.wrong = timedelta()
        self.clock = SteadyClock(lambda: START + timedelta(seconds=self.true) + self.wrong, lambda: self.true)

    def pass_(self, **span):
        """The time that the steady clock shows after that, as time since the start."""
        for _ in range(60):
            self.true += timedelta(**span).total_seconds() / 60
            shown = self.clock() - START
        return shown


@pytest.fixture
def machine():
    made = Machine()
    assert made.clock() == START
    return made


@pytest.mark.parametrize("jump", [timedelta(hours=1), -timedelta(hours=1), TEN_YEARS, -TEN_YEARS])
def test_cr_12_a_jump_that_is_taken_back_is_not_seen(machine, jump, caplog):
    assert machine.pass_(minutes=10) == timedelta(minutes=10)
    machine.wrong = jump
    assert machine.pass_(minutes=50) == timedelta(hours=1)
    machine.wrong = timedelta()
    assert machine.pass_(hours=5) == timedelta(hours=6)
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


@pytest.mark.parametrize("jump", [timedelta(hours=1), -timedelta(hours=1), TEN_YEARS, -TEN_YEARS])
def test_cr_12_a_jump_that_stays_counts_after_an_hour(machine, jump):
    machine.wrong = jump
    assert machine.pass_(minutes=59) == timedelta(minutes=59)
    assert machine.pass_(minutes=10) == jump + timedelta(minutes=69)
    assert machine.pass_(hours=1) == jump + timedelta(minutes=129)


def test_cr_12_a_clock_that_is_set_right_little_by_little_is_followed(machine):
    for _ in range(100):
        machine.wrong += timedelta(seconds=5)
        machine.pass_(minutes=1)
    assert machine.clock() - START == timedelta(minutes=100, seconds=500)


def test_true_time_goes_on_also_while_the_machine_sleeps():
    assert 0 < elapsed() <= elapsed()
