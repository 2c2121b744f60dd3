"""Laws of calendars, over the days on which the clocks of Berlin, New York and Lord Howe change (threats CR-13)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mailgate.core.time.calendar import Calendar, counted, due_at, intervals, is_open, opens_at

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC")
# A week around each change of 2026, and plain days.
DAYS = [
    date(2026, month, day) + timedelta(days=more)
    for month, day in ((3, 8), (3, 29), (4, 5), (10, 4), (10, 25), (11, 1), (6, 1))
    for more in range(-4, 5)
]


@st.composite
def spans(draw):
    edges = sorted(draw(st.sets(st.integers(0, 1440), min_size=0, max_size=6)))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


@st.composite
def calendars(draw):
    week = tuple(draw(spans()) for _ in range(7))
    assume(any(week))
    holidays = dict.fromkeys(draw(st.sets(st.sampled_from(DAYS), max_size=4)), "holiday")
    days = {day: draw(spans()) for day in draw(st.sets(st.sampled_from(DAYS), max_size=3))}
    return Calendar("any", ZoneInfo(draw(st.sampled_from(ZONES))), week, holidays, days)


moments = st.builds(
    lambda day, seconds: datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=seconds),
    st.sampled_from(DAYS),
    st.integers(0, 86_400),
)
allowances = st.integers(0, 40 * 3600).map(lambda seconds: timedelta(seconds=seconds))
LAW = settings(max_examples=80, deadline=None)


@LAW
@given(calendars(), moments, moments, moments)
def test_time_counted_in_adjacent_intervals_adds_up(calendar, one, two, three):
    start, middle, end = sorted((one, two, three))
    assert counted(start, middle, calendar) + counted(middle, end, calendar) == counted(start, end, calendar)


@LAW
@given(calendars(), moments, moments)
def test_intervals_have_no_gap_and_their_sum_is_what_is_counted(calendar, one, two):
    start, end = sorted((one, two))
    found = intervals(start, end, calendar)
    assert [item.begin for item in found] == [start, *(item.end for item in found)][: len(found)]
    assert not found or found[-1].end == end
    assert all(item.begin < item.end for item in found)
    assert sum((i.length for i in found if i.is_counted), timedelta()) == counted(start, end, calendar)
    assert all(is_open(item.begin, calendar) == item.is_counted for item in found)


@LAW
@given(calendars(), moments, moments)
def test_a_closed_calendar_counts_nothing(calendar, one, two):
    closed = replace(calendar, week=((),) * 7, days={})
    assert counted(one, two, closed) == timedelta()
    assert counted(max(one, two), min(one, two), calendar) == timedelta()


@LAW
@given(calendars(), moments, allowances, st.sampled_from(DAYS))
def test_a_further_holiday_never_shortens_a_due_time(calendar, start, allowance, day):
    more = replace(calendar, holidays={**calendar.holidays, day: "new"})
    assert due_at(start, allowance, more) >= due_at(start, allowance, calendar)


@LAW
@given(calendars(), moments, allowances)
def test_due_time_and_counted_time_are_inverse(calendar, start, allowance):
    due = due_at(start, allowance, calendar)
    assert counted(start, due, calendar) == allowance
    if due > start:
        assert counted(start, due - timedelta.resolution, calendar) < allowance


@LAW
@given(calendars(), moments, moments)
def test_the_due_time_of_what_was_counted_is_not_later(calendar, one, two):
    start, end = sorted((one, two))
    assert due_at(start, counted(start, end, calendar), calendar) <= end


@LAW
@given(calendars(), moments, moments, allowances, allowances)
def test_more_allowance_and_a_later_start_are_never_due_earlier(calendar, one, two, less, more):
    start, later = sorted((one, two))
    short, long = sorted((less, more))
    assert due_at(start, short, calendar) <= due_at(start, long, calendar)
    assert due_at(start, short, calendar) <= due_at(later, short, calendar)


@LAW
@given(calendars(), moments)
def test_the_desk_is_open_when_it_opens(calendar, moment):
    opens = opens_at(moment, calendar)
    assert is_open(opens, calendar)
    assert counted(moment, opens, calendar) == timedelta()
