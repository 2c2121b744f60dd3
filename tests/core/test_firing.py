from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mailgate.core.time.cron import Cron
from mailgate.core.time.firing import LEASE, JobState, due, is_free

SEVEN = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
YEARS = timedelta(days=3653)


def alive(_owner):
    return False


def gone(_owner):
    return True


def test_a_firing_is_due_from_its_minute_on_and_once():
    yesterday = JobState(SEVEN - DAY)
    assert due(yesterday, SEVEN - DAY, SEVEN - timedelta(seconds=1), alive) is None
    assert due(yesterday, SEVEN, SEVEN, alive) == SEVEN
    assert due(JobState(SEVEN), SEVEN, SEVEN + HOUR, alive) is None


def test_missed_firings_are_caught_up_once_by_the_last_of_them():
    assert due(JobState(SEVEN - 30 * DAY), SEVEN, SEVEN + HOUR, alive) == SEVEN
    assert due(JobState(SEVEN), SEVEN, SEVEN + HOUR, alive) is None


def test_cr_14_what_somebody_works_on_is_left_to_them_until_their_lease_is_over():
    held = JobState(SEVEN, "a", SEVEN + LEASE)
    assert due(held, SEVEN, SEVEN + HOUR / 2, alive) is None
    assert due(held, SEVEN + DAY, SEVEN + HOUR / 2, alive) is None
    assert due(held, SEVEN, SEVEN + LEASE, alive) == SEVEN
    assert due(held, SEVEN, SEVEN + HOUR / 2, gone) == SEVEN
    # A later firing has come meanwhile: it does the work of both.
    assert due(held, SEVEN + DAY, SEVEN + DAY, alive) == SEVEN + DAY


def test_cr_12_a_lease_of_a_clock_that_was_ahead_is_over():
    assert not is_free(JobState(SEVEN, "a", SEVEN + LEASE), SEVEN, alive)
    assert is_free(JobState(SEVEN, "a", SEVEN + YEARS), SEVEN, alive)


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_cr_12_a_jump_of_an_hour_and_back_runs_each_firing_once(jump):
    cron, zone = Cron.parse("0 7 * * *"), ZoneInfo("UTC")
    for wrong_from in (-90, -30, -1, 0, 1, 30, 90):  # minutes around the firing at which the jump happens
        state, ran = JobState(SEVEN - DAY), []
        for minute in range(-180, 181):
            now = SEVEN + timedelta(minutes=minute)
            if wrong_from <= minute < wrong_from + 60:
                now += jump
            firing = due(state, cron.last_until(now, zone), now, alive)
            if firing is not None:
                ran.append(firing)
                state = JobState(firing)
        assert ran == [SEVEN], wrong_from


def test_cr_12_a_jump_of_ten_years_and_back_does_not_stop_a_job_for_ten_years():
    cron, zone = Cron.parse("0 7 * * *"), ZoneInfo("UTC")
    for jump in (YEARS, -YEARS):
        state, ran = JobState(SEVEN - DAY), []
        for hour in range(24 * 6):
            now = SEVEN - HOUR + hour * HOUR
            if 30 <= hour < 33:
                now += jump
            firing = due(state, cron.last_until(now, zone), now, alive)
            if firing is not None:
                ran.append(firing)
                state = JobState(firing)
        true = [firing for firing in ran if abs(firing - SEVEN) < YEARS / 2]
        # One firing of the wrong clock; afterwards the day's firing comes again, with the same effects: owed once.
        assert sorted(set(true)) == [SEVEN + day * DAY for day in range(6)]
        assert len(ran) - len(set(true)) == 2
