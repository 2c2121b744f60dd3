"""Weekly office hours, public holidays and days of the operator's own, as config.toml writes them."""

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, PlainSerializer

from mailgate.config.holidays import check_holidays
from mailgate.config.problems import nearest, quoted
from mailgate.core.time.calendar import Spans

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"([0-2][0-9]):([0-5][0-9])-([0-2][0-9]):([0-5][0-9])")
_LAST_MINUTE = 24 * 60


def check_hours(value: dict[str, str]) -> dict[str, str]:
    """Spans by day: `{"mon": "08:00-12:00, 13:00-18:00"}`, ascending, without overlap; ValueError names the day."""
    for day, text in value.items():
        if day not in DAYS:
            raise ValueError(f"{quoted(day)} is no day{nearest(day, DAYS)}; the days are {', '.join(DAYS)}")
        spans_of(day, text)
    if not value:
        raise ValueError("names no day: such a calendar is never open")
    return value


def spans_of(day: str, text: str) -> Spans:
    """`"08:00-12:00, 13:00-18:00"` as minutes since midnight; ValueError names the day."""
    spans: list[tuple[int, int]] = []
    for span in text.split(","):
        begin, finish = _span(day, span.strip())
        if spans and begin <= spans[-1][1]:
            raise ValueError(f"{day}: {quoted(text)} overlaps or runs backwards")
        spans.append((begin, finish))
    return tuple(spans)


def _span(day: str, span: str) -> tuple[int, int]:
    match = _SPAN.fullmatch(span)
    if match is None:
        raise ValueError(f'{day}: {quoted(span)} is no span of hours; write it like "08:00-18:00"')
    begin, finish = (int(match[at]) * 60 + int(match[at + 1]) for at in (1, 3))
    if finish > _LAST_MINUTE or begin >= finish:
        raise ValueError(f"{day}: {quoted(span)} ends before it begins, or after 24:00")
    return begin, finish


def read_day(value: object) -> date:
    """`"2026-08-08"`, or a TOML date."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise ValueError(f'{quoted(value)} is no day; write it like "2026-08-08"') from error


def check_days(value: dict[date, str]) -> dict[date, str]:
    """Hours by single day, or `"closed"`; ValueError names the day."""
    for day, text in value.items():
        spans_of_day(day, text)
    return value


def spans_of_day(day: date, text: str) -> Spans:
    """The hours of one day; none where it is closed."""
    return () if text == "closed" else spans_of(day.isoformat(), text)


def _by_iso_day(value: dict[date, str]) -> dict[str, str]:
    return {day.isoformat(): text for day, text in value.items()}


Hours = Annotated[dict[str, str], AfterValidator(check_hours)]
Holidays = Annotated[str, AfterValidator(check_holidays)]
Days = Annotated[
    dict[Annotated[date, BeforeValidator(read_day)], str], AfterValidator(check_days), PlainSerializer(_by_iso_day)
]
Closed = tuple[Annotated[date, BeforeValidator(read_day), PlainSerializer(date.isoformat)], ...]
