"""From the clock on the wall to UTC, also on the days on which it is set forward or back (threats CR-13)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = 24 * 60
_ONE_DAY = timedelta(days=1)
_FINEST = timedelta(seconds=1)  # offsets change at whole seconds


def instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which the clocks of a zone show that minute of a day; 1440 is the next midnight.

    Where the hour is doubled, its first run; where it is left out, the moment at which the clocks are set forward.
    So the result never decreases as the minute grows, and spans that meet on the wall meet in UTC.
    """
    if minute >= DAY:
        day, minute = day + _ONE_DAY, minute - DAY
    shown = datetime.combine(day, time(minute // 60, minute % 60))
    first = shown.replace(tzinfo=zone).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == shown:
        return first
    return _set_forward(shown.replace(tzinfo=zone, fold=1).astimezone(UTC), first, zone)


def _set_forward(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The moment between the two at which the offset changes; a wall time that is left out lies astride it."""
    new = after.astimezone(zone).utcoffset()
    while after - before > _FINEST:
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == new:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)
