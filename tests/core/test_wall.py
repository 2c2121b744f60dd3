"""CR-13: the clock on the wall on the days on which it is set forward or back."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mailgate.core.time.wall import instant

ZONES = {name: ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC")}
# Days on which clocks change, by zone: forward and back. Lord Howe changes by half an hour, Samoa left out a whole day.
CHANGES = (
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("America/Havana", date(2026, 11, 1)),
    ("America/Santiago", date(2026, 9, 6)),
    ("America/St_Johns", date(2011, 11, 6)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Africa/Casablanca", date(2026, 2, 15)),
)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "zone, day, wall, expected",
    [
        ("Europe/Berlin", "2026-03-02", "08:00", "2026-03-02T07:00"),
        ("Europe/Berlin", "2026-03-29", "01:59", "2026-03-29T00:59"),
        ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:00"),  # does not exist: 03:00
        ("Europe/Berlin", "2026-03-29", "03:00", "2026-03-29T01:00"),
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30"),  # twice: the first
        ("Europe/Berlin", "2026-10-25", "03:00", "2026-10-25T02:00"),
        ("America/New_York", "2026-03-08", "02:15", "2026-03-08T07:00"),
        ("America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30"),
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:30"),
        ("Australia/Lord_Howe", "2026-10-04", "02:30", "2026-10-03T15:30"),
        ("Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45"),
        ("Australia/Lord_Howe", "2026-04-05", "02:00", "2026-04-04T15:30"),
        ("America/Santiago", "2026-09-06", "00:00", "2026-09-06T04:00"),  # midnight does not exist
        ("Pacific/Apia", "2011-12-30", "12:00", "2011-12-30T10:00"),  # the day does not exist
        ("Europe/Berlin", "2026-03-28", "24:00", "2026-03-28T23:00"),
    ],
)
def test_cr_13_wall_times_that_are_left_out_or_doubled(zone, day, wall, expected):
    hour, minute = map(int, wall.split(":"))
    assert instant(date.fromisoformat(day), hour * 60 + minute, ZoneInfo(zone)) == utc(expected)


@pytest.mark.parametrize("zone, day", CHANGES)
def test_cr_13_moments_never_run_backwards(zone, day):
    moments = [
        instant(day + timedelta(days=days), minute, ZoneInfo(zone))
        for days in (-1, 0, 1)
        for minute in range(0, 1441, 5)
    ]
    assert moments == sorted(moments)
    assert all(moment.tzinfo is UTC and moment.second == moment.microsecond == 0 for moment in moments)
