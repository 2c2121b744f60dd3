"""Standard cron expressions: minute, hour, day of month, month, day of week; 0 and 7 are Sunday."""

import re

from mailgate.config.problems import quoted

_FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day of month", 1, 31), ("month", 1, 12), ("day of week", 0, 7))
_MONTHS = dict(zip("jan feb mar apr may jun jul aug sep oct nov dec".split(), range(1, 13), strict=True))
_DAYS = dict(zip("sun mon tue wed thu fri sat".split(), range(7), strict=True))
_NAMES = {"month": _MONTHS, "day of week": _DAYS}
_ITEM = re.compile(r"(?:(\*)|([a-z0-9]{1,3})(?:-([a-z0-9]{1,3}))?)(?:/([0-9]{1,2}))?")


def check_cron(expression: str) -> str:
    """The expression, unchanged; ValueError says which field is wrong."""
    parts = expression.split()
    if len(parts) != len(_FIELDS):
        raise ValueError(
            f"{quoted(expression)} has {len(parts)} fields; five are needed: "
            "minute, hour, day of month, month, day of week"
        )
    for part, (field, low, high) in zip(parts, _FIELDS, strict=True):
        for item in part.lower().split(","):
            _check_item(item, field, low, high)
    return expression


def _check_item(item: str, field: str, low: int, high: int) -> None:
    match = _ITEM.fullmatch(item)
    if match is None:
        raise ValueError(f"{quoted(item)} is no {field}")
    star, first, last, step = match.groups()
    numbers = [_number(word, field, low, high) for word in (first, last) if word]
    if not star and len(numbers) == 2 and numbers[0] > numbers[1]:
        raise ValueError(f"{quoted(item)} runs backwards as {field}")
    if step is not None and (int(step) == 0 or int(step) > high):
        raise ValueError(f"{quoted(item)} has a step of {step} as {field}")


def _number(word: str, field: str, low: int, high: int) -> int:
    named = _NAMES.get(field, {}).get(word)
    number = named if named is not None else int(word) if word.isdigit() else None
    if number is None or not low <= number <= high:
        raise ValueError(f"{quoted(word)} is no {field}; it goes from {low} to {high}")
    return number
