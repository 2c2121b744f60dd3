"""Weekly office hours, public holidays and closed days, as config.toml writes them."""

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, PlainSerializer

from mailgate.config.problems import nearest, quoted

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"([0-2][0-9]):([0-5][0-9])-([0-2][0-9]):([0-5][0-9])")
_GERMAN_STATES = "BB BE BW BY HB HE HH MV NI NW RP SH SL SN ST TH".split()
_LAST_MINUTE = 24 * 60


def check_hours(value: dict[str, str]) -> dict[str, str]:
    """Spans by day: `{"mon": "08:00-12:00, 13:00-18:00"}`, ascending, without overlap; ValueError names the day."""
    for day, text in value.items():
        if day not in DAYS:
            raise ValueError(f"{quoted(day)} is no day{nearest(day, DAYS)}; the days are {', '.join(DAYS)}")
        end = -1
        for span in text.split(","):
            begin, finish = _span(day, span.strip())
            if begin <= end:
                raise ValueError(f"{day}: {quoted(text)} overlaps or runs backwards")
            end = finish
    if not value:
        raise ValueError("names no day: such a calendar is never open")
    return value


def _span(day: str, span: str) -> tuple[int, int]:
    match = _SPAN.fullmatch(span)
    if match is None:
        raise ValueError(f'{day}: {quoted(span)} is no span of hours; write it like "08:00-18:00"')
    begin, finish = (int(match[at]) * 60 + int(match[at + 1]) for at in (1, 3))
    if finish > _LAST_MINUTE or begin >= finish:
        raise ValueError(f"{day}: {quoted(span)} ends before it begins, or after 24:00")
    return begin, finish


def check_holidays(value: str) -> str:
    """`"DE"` or `"DE-NW"`; the states of Germany are known by name."""
    if not re.fullmatch(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?", value):
        raise ValueError(f'{quoted(value)} is no country and state; write it like "DE-NW"{nearest(value, _german())}')
    if value.startswith("DE-") and value not in _german():
        raise ValueError(
            f"{quoted(value)} is no German state; they are {', '.join(_GERMAN_STATES)}{nearest(value, _german())}"
        )
    return value


def _german() -> list[str]:
    return [f"DE-{state}" for state in _GERMAN_STATES]


def read_day(value: object) -> date:
    """`"2026-08-08"`, or a TOML date."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise ValueError(f'{quoted(value)} is no day; write it like "2026-08-08"') from error


Hours = Annotated[dict[str, str], AfterValidator(check_hours)]
Holidays = Annotated[str, AfterValidator(check_holidays)]
Closed = tuple[Annotated[date, BeforeValidator(read_day), PlainSerializer(date.isoformat)], ...]
