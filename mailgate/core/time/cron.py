"""Standard cron expressions: what they mean, and when they fire next. Pure: the time and the zone are given.

Minute, hour, day of month, month, day of week; 0 and 7 are Sunday; names, lists, ranges, steps; `@daily` and the like.
Where day of month and day of week are both restricted, either is enough, as in crontab(5): a field that begins with `*`
restricts nothing in that sense.

Clock changes: a time that the clock leaps over fires once, when it has leapt; one that comes twice fires the first
time. What runs every hour follows real time instead, through the doubled hour too (threats CR-13).
"""

import json
import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from mailgate.core.time.wall import instant

_MONTHS = dict(zip("jan feb mar apr may jun jul aug sep oct nov dec".split(), range(1, 13), strict=True))
_DAYS = dict(zip("sun mon tue wed thu fri sat".split(), range(7), strict=True))
_ITEM = re.compile(r"(?:(\*)|([a-z0-9]{1,3})(?:-([a-z0-9]{1,3}))?)(?:/([0-9]{1,2}))?")
_NICKNAMES = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_HORIZON = 366 * 100  # days; 29 February on one weekday comes within 40 years
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    low: int
    high: int
    names: dict[str, int]


_FIELDS = (
    _Field("minute", 0, 59, {}),
    _Field("hour", 0, 23, {}),
    _Field("day of month", 1, 31, {}),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of week", 0, 7, _DAYS),
)


@dataclass(frozen=True, slots=True)
class Cron:
    """An expression as sets of numbers, Sunday = 0; `either_day`: day of month or day of week is enough."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    days_of_week: frozenset[int]
    either_day: bool

    @classmethod
    def parse(cls, expression: str) -> "Cron":
        """Read an expression; ValueError says which field is wrong, or that the time never comes."""
        parts = _fields_of(expression)
        minutes, hours, days, months, week = (_numbers(part, field) for part, field in zip(parts, _FIELDS, strict=True))
        either = not parts[2].startswith("*") and not parts[4].startswith("*")
        if not either and all(day > _LONGEST[month - 1] for month in months for day in days):
            raise ValueError(f"{_quoted(expression)} never comes: no such month has such a day")
        return cls(minutes, hours, days, months, frozenset(day % 7 for day in week), either)

    def is_day(self, day: date) -> bool:
        """True where it fires on that day."""
        if day.month not in self.months:
            return False
        by_month, by_week = day.day in self.days, day.isoweekday() % 7 in self.days_of_week
        return by_month or by_week if self.either_day else by_month and by_week

    def next_after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """The first firing later than `moment` (aware), in UTC; `zone` says whose hours are meant."""
        moment, day = moment.astimezone(UTC), moment.astimezone(zone).date()
        for _ in range(_HORIZON):
            firings = _firings(self, day, zone)
            if firings and firings[-1] > moment:
                return firings[bisect_right(firings, moment)]
            day += _DAY
        raise ValueError("the time never comes")

    def last_until(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """The last firing at or before `moment` (aware), in UTC."""
        moment, day = moment.astimezone(UTC), moment.astimezone(zone).date()
        for _ in range(_HORIZON):
            firings = _firings(self, day, zone)
            if firings and firings[0] <= moment:
                return firings[bisect_right(firings, moment) - 1]
            day -= _DAY
        raise ValueError("the time never came")


def _fields_of(expression: str) -> list[str]:
    parts = expression.lower().split()
    if len(parts) == 1 and parts[0].startswith("@"):
        if parts[0] not in _NICKNAMES:
            raise ValueError(f"{_quoted(expression)} is none of {', '.join(_NICKNAMES)}")
        return _NICKNAMES[parts[0]].split()
    if len(parts) != len(_FIELDS):
        raise ValueError(
            f"{_quoted(expression)} has {len(parts)} fields; five are needed: "
            "minute, hour, day of month, month, day of week"
        )
    return parts


def _numbers(part: str, field: _Field) -> frozenset[int]:
    return frozenset(number for item in part.split(",") for number in _range(item, field))


def _range(item: str, field: _Field) -> range:
    """`*`, `a`, `a-b`, each with a step; `a/s` runs from a to the end, as most crons read it."""
    match = _ITEM.fullmatch(item)
    if match is None:
        raise ValueError(f"{_quoted(item)} is no {field.name}")
    star, first, last, step = match.groups()
    if step is not None and not 0 < int(step) <= field.high:
        raise ValueError(f"{_quoted(item)} has a step of {step} as {field.name}")
    highest = 6 if field.names is _DAYS else field.high  # 7 is Sunday again: `*/7` would name it twice
    if star:
        low, high = field.low, highest
    else:
        low = _number(first, field)
        high = _number(last, field) if last else max(low, highest) if step else low
        if last == "sun" and low > 0:
            high = 7  # `sat-sun`
    if low > high:
        raise ValueError(f"{_quoted(item)} runs backwards as {field.name}")
    return range(low, high + 1, int(step or 1))


def _number(word: str, field: _Field) -> int:
    number = field.names.get(word, int(word) if word.isdigit() else -1)
    if not field.low <= number <= field.high:
        raise ValueError(f"{_quoted(word)} is no {field.name}; it goes from {field.low} to {field.high}")
    return number


def _quoted(text: str) -> str:
    return json.dumps(text)


@lru_cache(maxsize=256)
def _firings(cron: Cron, day: date, zone: ZoneInfo) -> tuple[datetime, ...]:
    """All firings of a local day, ascending, in UTC."""
    if not cron.is_day(day):
        return ()
    every_hour = len(cron.hours) == 24
    moments = _every_moment if every_hour else _first_moment
    found = (moments(day, hour, minute, zone) for hour in cron.hours for minute in cron.minutes)
    return tuple(sorted({moment for these in found for moment in these}))


def _first_moment(day: date, hour: int, minute: int, zone: ZoneInfo) -> tuple[datetime, ...]:
    return (instant(day, hour * 60 + minute, zone),)


def _every_moment(day: date, hour: int, minute: int, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Each moment at which the clocks show that time: one, two, or none."""
    shown = datetime.combine(day, time(hour, minute))
    folds = (shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return tuple(moment for moment in folds if moment.astimezone(zone).replace(tzinfo=None) == shown)
