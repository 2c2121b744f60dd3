"""Dates with the defects they have in mails."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

_EARLIEST: Final = 1970
_LATEST: Final = 9000  # beyond, time zone arithmetic may overflow
_ISO: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?")


def recover_date(value: str) -> datetime | None:
    """The point in time that a broken Date field means, in UTC; None where it means none."""
    text = value.strip()[:200]
    for read in (parsedate_to_datetime, _from_iso):
        try:
            found = read(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        if found is not None:
            return plausible(found)
    return None


def plausible(found: datetime | None) -> datetime | None:
    """The time in UTC; None outside of 1970 to 9000, as no clock of a sender means that."""
    if found is None or not _EARLIEST <= found.year <= _LATEST:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _from_iso(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if _ISO.match(text) else None
