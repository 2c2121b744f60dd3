from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mailgate.core.time.calendar import (
    ROUND_THE_CLOCK,
    Calendar,
    NeverOpen,
    counted,
    due_at,
    intervals,
    is_open,
    opens_at,
)

HOUR = timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")
NINE_TO_SIX = ((8 * 60, 18 * 60),)
FRIDAY = ((8 * 60, 12 * 60), (13 * 60, 16 * 60))
OFFICE = Calendar(
    "office",
    BERLIN,
    (NINE_TO_SIX, NINE_TO_SIX, NINE_TO_SIX, NINE_TO_SIX, FRIDAY, (), ()),
    holidays={date(2026, 5, 1): "Erster Mai", date(2026, 12, 24): "Heiligabend"},
    days={date(2026, 8, 8): (), date(2026, 12, 24): ((480, 720),)},
)
NIGHT = Calendar("night", BERLIN, (((0, 360), (1320, 1440)),) * 7)
ALWAYS_IN_BERLIN = Calendar("24/7", BERLIN, (((0, 1440),),) * 7)


def berlin(text):
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    "start, end, hours",
    [
        ("2026-03-02T09:00", "2026-03-02T10:00", 1),
        ("2026-03-02T07:00", "2026-03-02T09:00", 1),
        ("2026-03-02T17:00", "2026-03-03T09:00", 2),  # over the night
        ("2026-03-06T11:00", "2026-03-06T14:00", 2),  # over Friday's break
        ("2026-03-06T15:00", "2026-03-09T09:00", 2),  # over the weekend
        ("2026-04-30T17:00", "2026-05-04T09:00", 2),  # over the first of May, a Friday
        ("2026-12-24T00:00", "2026-12-25T00:00", 4),  # an own day beats a holiday
        ("2026-03-27T15:00", "2026-03-30T09:00", 2),  # over the spring change
        ("2026-03-02T10:00", "2026-03-02T10:00", 0),
        ("2026-03-02T12:00", "2026-03-02T10:00", 0),
    ],
)
def test_open_time_between_two_moments(start, end, hours):
    assert counted(berlin(start), berlin(end), OFFICE) == hours * HOUR


@pytest.mark.parametrize(
    "start, hours, due",
    [
        ("2026-03-02T09:00", 1, "2026-03-02T10:00"),
        ("2026-03-02T20:00", 1, "2026-03-03T09:00"),
        ("2026-03-06T15:30", 1, "2026-03-09T08:30"),
        ("2026-03-06T15:00", 1, "2026-03-06T16:00"),  # used up as the desk closes: not on Monday
        ("2026-04-30T17:30", 1, "2026-05-04T08:30"),
        ("2026-03-02T09:00", 0, "2026-03-02T09:00"),
    ],
)
def test_when_the_open_time_is_used_up(start, hours, due):
    assert due_at(berlin(start), hours * HOUR, OFFICE) == berlin(due)


def test_cr_13_a_night_shift_counts_the_doubled_hour_once_more_and_the_left_out_one_not():
    """Seven hours pass while the wall goes from 00:00 to 06:00 in October, five in March."""
    assert counted(berlin("2026-10-25T00:00"), berlin("2026-10-25T06:00"), NIGHT) == 7 * HOUR
    assert counted(berlin("2026-03-29T00:00"), berlin("2026-03-29T06:00"), NIGHT) == 5 * HOUR
    split = Calendar("split", BERLIN, (((0, 150), (150, 360)),) * 7)
    assert counted(berlin("2026-10-25T00:00"), berlin("2026-10-25T06:00"), split) == 7 * HOUR
    assert counted(berlin("2026-03-29T00:00"), berlin("2026-03-29T06:00"), split) == 5 * HOUR


def test_round_the_clock_never_closes_not_even_for_a_minute_at_midnight():
    """Peers row 11: a desk that is open always was closed at 24:00 for a minute."""
    start, end = berlin("2026-03-27T12:00"), berlin("2026-11-01T12:00")
    for calendar in (ROUND_THE_CLOCK, ALWAYS_IN_BERLIN):
        assert counted(start, end, calendar) == end - start
        assert due_at(start, end - start, calendar) == end
        (only,) = intervals(start, end, calendar)
        assert (only.begin, only.end, only.is_counted) == (start, end, True)


def test_intervals_say_why():
    found = intervals(berlin("2026-04-30T17:00"), berlin("2026-05-04T09:00"), OFFICE)
    shown = [(item.begin.astimezone(BERLIN).strftime("%d. %H:%M"), item.is_counted, item.reason) for item in found]
    assert shown == [
        ("30. 17:00", True, "hours"),
        ("30. 18:00", False, "outside hours"),
        ("01. 00:00", False, "holiday: Erster Mai"),
        ("02. 00:00", False, "outside hours"),
        ("04. 08:00", True, "hours"),
    ]
    own = intervals(berlin("2026-08-07T15:00"), berlin("2026-08-09T01:00"), OFFICE)
    assert [item.reason for item in own] == ["hours", "outside hours", "own day", "outside hours"]
    short = intervals(berlin("2026-12-24T08:00"), berlin("2026-12-24T13:00"), OFFICE)
    assert [(item.is_counted, item.reason) for item in short] == [(True, "own day"), (False, "outside hours")]


def test_open_and_when_it_opens():
    assert is_open(berlin("2026-03-02T08:00"), OFFICE)
    assert not is_open(berlin("2026-03-02T18:00"), OFFICE)
    assert opens_at(berlin("2026-03-02T12:00"), OFFICE) == berlin("2026-03-02T12:00")
    assert opens_at(berlin("2026-03-06T16:00"), OFFICE) == berlin("2026-03-09T08:00")
    assert opens_at(berlin("2026-03-06T12:30"), OFFICE) == berlin("2026-03-06T13:00")


def test_a_calendar_that_never_opens_says_so():
    closed = Calendar("closed", BERLIN, ((),) * 7)
    for ask in (
        lambda: due_at(berlin("2026-03-02T12:00"), HOUR, closed),
        lambda: opens_at(berlin("2026-03-02T12:00"), closed),
    ):
        with pytest.raises(NeverOpen, match="closed is never open after 2026-03-02"):
            ask()
