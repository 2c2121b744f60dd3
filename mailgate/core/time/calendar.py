"""Calendars: when a desk is open, how much open time lies between two moments, and when some of it is used up.

All moments are aware and in UTC; spans are half open, so that what meets is neither counted twice nor left out. Hours
are those of the wall: `wall.instant` says what they are on days on which the clocks change.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from mailgate.core.time.wall import DAY, instant

Spans = tuple[tuple[int, int], ...]
"""Open hours of one day as minutes since midnight, (from, to), ascending."""

_ONE_DAY = timedelta(days=1)
_NOTHING = timedelta(0)
_MOST_CLOSED_DAYS = 1500  # four years without an open hour: such a calendar never opens


class NeverOpen(ValueError):
    """The calendar has no open hour in the years to come; the message names it."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekly hours in a time zone, without the days that are closed.

    `week` has the spans of Monday to Sunday, `holidays` names by day, `days` the operator's own days with their hours
    (none = closed), which beat holidays and the week.
    """

    name: str
    zone: ZoneInfo
    week: tuple[Spans, ...]
    holidays: Mapping[date, str] = field(default_factory=dict)
    days: Mapping[date, Spans] = field(default_factory=dict)

    @property
    def is_round_the_clock(self) -> bool:
        """True where it never closes."""
        return not self.holidays and not self.days and all(spans == ((0, DAY),) for spans in self.week)

    def hours(self, day: date) -> tuple[Spans, str]:
        """The open hours of a day, and why they are so: `hours`, `own day`, or `holiday: NAME`."""
        own = self.days.get(day)
        if own is not None:
            return own, "own day"
        if day in self.holidays:
            return (), f"holiday: {self.holidays[day]}"
        return self.week[day.weekday()], "hours"


ROUND_THE_CLOCK = Calendar("", ZoneInfo("UTC"), (((0, DAY),),) * 7)
"""What a department without a calendar goes by."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of time that a calendar counts or not, and why: `hours`, `outside hours`, `own day`, `holiday: …`."""

    begin: datetime
    end: datetime
    is_counted: bool
    reason: str

    @property
    def length(self) -> timedelta:
        """How long it is, counted or not."""
        return self.end - self.begin


def intervals(start: datetime, end: datetime, calendar: Calendar) -> tuple[Interval, ...]:
    """The stretches from start to end, without a gap; stretches of one reason that meet are one. Empty backwards."""
    found: list[Interval] = []
    for item in _stretches(start, calendar, until=end):
        last = found[-1] if found else None
        if last is not None and (last.is_counted, last.reason) == (item.is_counted, item.reason):
            found[-1] = Interval(last.begin, item.end, last.is_counted, last.reason)
        else:
            found.append(item)
    return tuple(found)


def counted(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """How much open time lies from start to end; nothing where end is not after start."""
    if end <= start:
        return _NOTHING
    if calendar.is_round_the_clock:
        return end - start
    return sum((item.length for item in _stretches(start, calendar, until=end) if item.is_counted), _NOTHING)


def due_at(start: datetime, allowance: timedelta, calendar: Calendar) -> datetime:
    """The first moment at which that much open time has passed since start; start itself for nothing.

    Raises NeverOpen.
    """
    if allowance <= _NOTHING:
        return start
    if calendar.is_round_the_clock:
        return start + allowance
    left = allowance
    for begin, end in _open_spans(start, calendar):
        if left <= end - begin:
            return begin + left
        left -= end - begin
    raise NeverOpen(f"the calendar {calendar.name} is never open after {start:%Y-%m-%d}")


def opens_at(moment: datetime, calendar: Calendar) -> datetime:
    """The moment itself where the calendar is open, else when it opens next. Raises NeverOpen."""
    for begin, _ in _open_spans(moment, calendar):
        return begin
    raise NeverOpen(f"the calendar {calendar.name} is never open after {moment:%Y-%m-%d}")


def is_open(moment: datetime, calendar: Calendar) -> bool:
    """True where the moment counts."""
    return next(_stretches(moment, calendar, until=moment + timedelta.resolution)).is_counted


def _open_spans(start: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """What is open from start on, without end unless the calendar stays closed for years."""
    closed = 0
    day = _first_day(start, calendar)
    while closed < _MOST_CLOSED_DAYS:
        closed += 1
        for begin, end in _spans_of(day, calendar):
            if end > max(begin, start):
                closed = 0
                yield max(begin, start), end
        day += _ONE_DAY


def _stretches(start: datetime, calendar: Calendar, *, until: datetime) -> Iterator[Interval]:
    """Open and closed stretches, day by day."""
    day, at = _first_day(start, calendar), start
    while at < until:
        midnight = min(instant(day, DAY, calendar.zone), until)
        spans, reason = calendar.hours(day)
        closed = "outside hours" if spans or reason == "hours" else reason
        for begin, end in _spans_of(day, calendar):
            if at < min(begin, until):
                yield Interval(at, min(begin, until), is_counted=False, reason=closed)
            at = max(at, min(begin, until))
            if at < min(end, until):
                yield Interval(at, min(end, until), is_counted=True, reason=reason)
                at = min(end, until)
        if at < midnight:
            yield Interval(at, midnight, is_counted=False, reason=closed)
            at = midnight
        day += _ONE_DAY


def _spans_of(day: date, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    for begin, end in calendar.hours(day)[0]:
        yield instant(day, begin, calendar.zone), instant(day, end, calendar.zone)


def _first_day(start: datetime, calendar: Calendar) -> date:
    """The day that the wall shows. Where the clocks go back over midnight that is the day before, never a later one."""
    return start.astimezone(calendar.zone).date()
