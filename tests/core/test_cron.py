import random
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from mailgate.core.time.cron import Cron

UTC_ZONE = ZoneInfo("UTC")
BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)  # a Monday


def firings(text, start, zone, count):
    """The next firings, as local wall times with the hours that UTC is behind."""
    cron, moment, found = Cron.parse(text), start, []
    for _ in range(count):
        moment = cron.next_after(moment, zone)
        found.append(moment.astimezone(zone))
    return found


def shown(moments):
    return [f"{moment:%a %Y-%m-%d %H:%M}" for moment in moments]


#: Expression → the first firings after Monday 2026-03-02 09:30 UTC, as crontab(5) has them.
TABLE = {
    "* * * * *": ["Mon 2026-03-02 09:31", "Mon 2026-03-02 09:32"],
    "30 9 * * *": ["Tue 2026-03-03 09:30", "Wed 2026-03-04 09:30"],  # the present minute is over
    "0 7 * * 1-5": ["Tue 2026-03-03 07:00", "Wed 2026-03-04 07:00", "Thu 2026-03-05 07:00", "Fri 2026-03-06 07:00",
                    "Mon 2026-03-09 07:00"],
    "0 7 * * mon-fri": ["Tue 2026-03-03 07:00", "Wed 2026-03-04 07:00"],
    "0 7 * * MON,Wed": ["Wed 2026-03-04 07:00", "Mon 2026-03-09 07:00"],
    "0 0 * * 0": ["Sun 2026-03-08 00:00", "Sun 2026-03-15 00:00"],
    "0 0 * * 7": ["Sun 2026-03-08 00:00", "Sun 2026-03-15 00:00"],
    "0 0 * * sun": ["Sun 2026-03-08 00:00", "Sun 2026-03-15 00:00"],
    "0 0 * * 1": ["Mon 2026-03-09 00:00", "Mon 2026-03-16 00:00"],
    "0 0 * * 6-7": ["Sat 2026-03-07 00:00", "Sun 2026-03-08 00:00", "Sat 2026-03-14 00:00"],
    "0 0 * * sat-sun": ["Sat 2026-03-07 00:00", "Sun 2026-03-08 00:00", "Sat 2026-03-14 00:00"],
    "0 0 * * sun-sun": ["Sun 2026-03-08 00:00", "Sun 2026-03-15 00:00"],
    "0 0 * * 0-7": ["Tue 2026-03-03 00:00", "Wed 2026-03-04 00:00"],
    "0 0 * * */2": ["Tue 2026-03-03 00:00", "Thu 2026-03-05 00:00", "Sat 2026-03-07 00:00", "Sun 2026-03-08 00:00"],
    "0 0 * * */7": ["Sun 2026-03-08 00:00", "Sun 2026-03-15 00:00"],
    "0 0 * * 5/2": ["Fri 2026-03-06 00:00", "Fri 2026-03-13 00:00"],
    "*/20 * * * *": ["Mon 2026-03-02 09:40", "Mon 2026-03-02 10:00", "Mon 2026-03-02 10:20"],
    "*/25 * * * *": ["Mon 2026-03-02 09:50", "Mon 2026-03-02 10:00", "Mon 2026-03-02 10:25"],  # a step begins anew
    "10/20 * * * *": ["Mon 2026-03-02 09:50", "Mon 2026-03-02 10:10"],
    "10-30/10 * * * *": ["Mon 2026-03-02 10:10", "Mon 2026-03-02 10:20", "Mon 2026-03-02 10:30", "Mon 2026-03-02 11:10"],
    "1,2,58 9-10 * * *": ["Mon 2026-03-02 09:58", "Mon 2026-03-02 10:01", "Mon 2026-03-02 10:02"],
    "0 */6 * * *": ["Mon 2026-03-02 12:00", "Mon 2026-03-02 18:00", "Tue 2026-03-03 00:00"],
    "0 22-23,0-1 * * *": ["Mon 2026-03-02 22:00", "Mon 2026-03-02 23:00", "Tue 2026-03-03 00:00", "Tue 2026-03-03 01:00"],
    "0 12 13 * 5": ["Fri 2026-03-06 12:00", "Fri 2026-03-13 12:00", "Fri 2026-03-20 12:00", "Fri 2026-03-27 12:00",
                    "Fri 2026-04-03 12:00", "Fri 2026-04-10 12:00", "Mon 2026-04-13 12:00"],  # either is enough
    "0 12 13 * *": ["Fri 2026-03-13 12:00", "Mon 2026-04-13 12:00"],
    "0 12 */10 * 3": ["Wed 2026-03-11 12:00", "Wed 2026-04-01 12:00"],  # `*` restricts nothing: 1st, 11th, 21st, 31st on a Wednesday
    "0 12 13 * */5": ["Fri 2026-03-13 12:00", "Sun 2026-09-13 12:00"],  # Sunday or Friday the 13th
    "0 0 1,15 jan-mar *": ["Sun 2026-03-15 00:00", "Fri 2027-01-01 00:00"],
    "0 0 31 * *": ["Tue 2026-03-31 00:00", "Sun 2026-05-31 00:00"],
    "0 0 29 2 *": ["Tue 2028-02-29 00:00", "Sun 2032-02-29 00:00"],
    "0 0 29 2 */6": ["Sun 2032-02-29 00:00", "Sat 2048-02-29 00:00"],
    "0 0 30 2 1": ["Mon 2027-02-01 00:00", "Mon 2027-02-08 00:00"],  # no 30 February, but Mondays
    "59 23 31 12 *": ["Thu 2026-12-31 23:59", "Fri 2027-12-31 23:59"],
    "@hourly": ["Mon 2026-03-02 10:00", "Mon 2026-03-02 11:00"],
    "@daily": ["Tue 2026-03-03 00:00", "Wed 2026-03-04 00:00"],
    "@Midnight": ["Tue 2026-03-03 00:00"],
    "@weekly": ["Sun 2026-03-08 00:00"],
    "@monthly": ["Wed 2026-04-01 00:00", "Fri 2026-05-01 00:00"],
    "@yearly": ["Fri 2027-01-01 00:00"],
    "@annually": ["Fri 2027-01-01 00:00"],
    "  0   7 \t * * 1 ": ["Mon 2026-03-09 07:00"],
}  # fmt: skip


@pytest.mark.parametrize("text", TABLE)
def test_an_expression_means_what_cron_means(text):
    assert shown(firings(text, START, UTC_ZONE, len(TABLE[text]))) == TABLE[text]


@pytest.mark.parametrize(
    "text, part",
    [
        ("", "0 fields"), ("* * * *", "4 fields"), ("* * * * * *", "6 fields"), ("60 * * * *", "from 0 to 59"),
        ("* 24 * * *", "no hour"), ("* * 0 * *", "no day of month"), ("* * * 13 *", "no month"), ("* * * * 8", "no day of week"),
        ("5-1 * * * *", "runs backwards"), ("*/0 * * * *", "step of 0"), ("*/60 * * * *", "step of 60"), ("1- * * * *", "no minute"),
        ("a * * * *", "no minute"), ("* * * mon *", "no month"), ("* * * * jan", "no day of week"), ("@dayly", "none of"),
        ("@reboot", "none of"), ("@daily 5", "2 fields"), ("? * * * *", "no minute"), ("1,,2 * * * *", "no minute"),
        ("* * L * *", "no day"), ("0 0 30 2 *", "never comes"), ("0 0 31 4,6,9,11 *", "never comes"), ("0 0 31 2 */2", "never comes"),
        ("-1 * * * *", "no minute"), ("*-5 * * * *", "no minute"), ("٣ * * * *", "no minute"), ("fri-mon * * * *", "no minute"),
        ("0 0 * * fri-mon", "runs backwards"),
    ],
)  # fmt: skip
def test_what_is_no_standard_cron_is_refused_with_its_field(text, part):
    with pytest.raises(ValueError, match=part):
        Cron.parse(text)


def test_cr_13_a_time_that_the_clock_leaps_over_fires_once_at_the_leap():
    before = datetime(2026, 3, 28, 20, 0, tzinfo=UTC)
    assert shown(firings("30 2 * * *", before, BERLIN, 3)) == [
        "Sun 2026-03-29 03:00",
        "Mon 2026-03-30 02:30",
        "Tue 2026-03-31 02:30",
    ]
    assert shown(firings("*/10 2 29 3 *", before, BERLIN, 2)) == ["Sun 2026-03-29 03:00", "Mon 2027-03-29 02:00"]
    # Both fire at the leap, which is one moment.
    assert shown(firings("0 2,3 29 3 *", before, BERLIN, 2)) == ["Sun 2026-03-29 03:00", "Mon 2027-03-29 02:00"]


def test_cr_13_a_time_that_comes_twice_fires_the_first_time():
    before = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)
    found = firings("30 2 * * *", before, BERLIN, 2)
    assert shown(found) == ["Sun 2026-10-25 02:30", "Mon 2026-10-26 02:30"]
    assert found[0].utcoffset() == timedelta(hours=2)
    # Asked between the two, it has fired already.
    between = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    assert shown(firings("30 2 * * *", between, BERLIN, 1)) == ["Mon 2026-10-26 02:30"]
    assert Cron.parse("30 2 * * *").last_until(between, BERLIN) == found[0].astimezone(UTC)


@pytest.mark.parametrize(
    "zone, changes",
    [(BERLIN, [(2026, 3, 29), (2026, 10, 25)]), (NEW_YORK, [(2026, 3, 8), (2026, 11, 1)]), (LORD_HOWE, [(2026, 10, 4), (2026, 4, 5)])],
    ids=["Berlin", "New York", "Lord Howe"],
)  # fmt: skip
@pytest.mark.parametrize("text", ["15 2 * * *", "45 1 * * *", "0 3 * * *", "5,35 1-3 * * *"])
def test_cr_13_each_wall_time_fires_once_a_day(zone, changes, text):
    cron = Cron.parse(text)
    for change in changes:
        start = datetime(*change, tzinfo=zone) - timedelta(hours=6)
        end = datetime(*change, tzinfo=zone) + timedelta(days=1)
        moment, found = start.astimezone(UTC), []
        while (moment := cron.next_after(moment, zone)) < end:
            found.append(moment)
        walls = [
            moment.astimezone(zone).replace(tzinfo=None)
            for moment in found
            if moment.astimezone(zone).date() == date(*change)
        ]
        wanted = [(hour, minute) for hour in sorted(cron.hours) for minute in sorted(cron.minutes)]
        assert len(set(walls)) == len(walls)
        existing = [pair for pair in wanted if _exists(datetime(*change, *pair, tzinfo=zone))]
        assert {(wall.hour, wall.minute) for wall in walls} >= set(existing)
        assert len(walls) == len(existing) + (len(existing) < len(wanted) and not _leap_is_wanted(change, zone, wanted))


def _exists(wall):
    return wall.astimezone(UTC).astimezone(wall.tzinfo).replace(tzinfo=None) == wall.replace(tzinfo=None)


def _leap_is_wanted(change, zone, wanted):
    """The leap's end is a firing of its own, so that no further one is added there."""
    gap = next(m for m in range(24 * 60) if not _exists(datetime(*change, tzinfo=zone) + timedelta(minutes=m)))
    end = next(m for m in range(gap, 24 * 60) if _exists(datetime(*change, tzinfo=zone) + timedelta(minutes=m)))
    return divmod(end, 60) in wanted


def test_cr_13_what_runs_every_hour_follows_real_time():
    for day in ((2026, 3, 28), (2026, 10, 24)):
        found = firings("*/15 * * * *", datetime(*day, 22, tzinfo=UTC), BERLIN, 20)
        utc = [moment.astimezone(UTC) for moment in found]
        assert all(later - earlier == timedelta(minutes=15) for earlier, later in pairwise(utc))


def test_cr_13_a_day_that_a_zone_leaps_over():
    apia = ZoneInfo("Pacific/Apia")  # 30 December 2011 did not happen there
    found = firings("0 7 * * *", datetime(2011, 12, 29, 5, tzinfo=UTC), apia, 3)
    assert shown(found) == ["Thu 2011-12-29 07:00", "Sat 2011-12-31 00:00", "Sat 2011-12-31 07:00"]


@pytest.mark.slow
def test_next_and_last_agree_with_a_walk_minute_by_minute():
    """Crontab(5) read naively, against ours: random expressions, in a zone without changes."""
    choose = random.Random(6)
    for _ in range(60):
        fields = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 6)]
        parts = [choose.choice(["*", "*", str(choose.randint(*span)), f"*/{choose.randint(2, 5)}"]) for span in fields]
        parts[2] = parts[2] if not parts[2].isdigit() else str(choose.randint(1, 28))
        parts[3] = "*"
        cron = Cron.parse(" ".join(parts))
        moment = START + timedelta(minutes=choose.randint(0, 500_000))
        expected = moment + timedelta(minutes=1)
        while not _naive(parts, expected):
            expected += timedelta(minutes=1)
            if expected - moment > timedelta(days=40):
                break
        else:
            found = cron.next_after(moment, UTC_ZONE)
            assert found == expected, parts
            assert cron.last_until(found, UTC_ZONE) == found
            assert cron.last_until(found - timedelta(seconds=1), UTC_ZONE) <= moment
            assert cron.next_after(found - timedelta(seconds=1), UTC_ZONE) == found


def _naive(parts, moment):
    values = (moment.minute, moment.hour, moment.day, moment.month, moment.isoweekday() % 7)
    hits = [_hits(part, value, low) for part, value, low in zip(parts, values, (0, 0, 1, 1, 0), strict=True)]
    days = hits[2] or hits[4] if parts[2].isdigit() and parts[4].isdigit() else hits[2] and hits[4]
    return hits[0] and hits[1] and hits[3] and days


def _hits(part, value, low):
    if part.isdigit():
        return int(part) == value
    return part == "*" or (value - low) % int(part[2:]) == 0
