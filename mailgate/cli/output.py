"""What commands print: JSON for programs, aligned plain text for people; both safe for a terminal (threats IN-06)."""

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from mailgate.telemetry.escape import json_safe, visible

_WIDEST = 60
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)")


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC, to the second where there is no fraction: `2026-01-31T08:15:00Z`."""
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat().replace("+00:00", "Z")


def plain(value: Any) -> Any:
    """Data classes, enumerations and times as what JSON knows."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return value


def emit_json(value: Any, *, one_line: bool = False) -> None:
    """Print a value as JSON and flush, so that a reader at the other end of a pipe has it at once."""
    text = json.dumps(plain(value), ensure_ascii=False, indent=None if one_line else 2)
    emit(json_safe(text))


def emit(text: str = "") -> None:
    """Print a line that is already safe, and flush."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """Print a line about trouble to standard error."""
    sys.stderr.write(f"{visible(text, keep=chr(10))}\n")
    sys.stderr.flush()


def cell(value: Any) -> str:
    """A value as one short line of text: `-` for nothing, times to the minute."""
    if value is None or value in ("", (), []):
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(cell(item) for item in value)
    text = visible(str(plain(value)))
    return text[:16].replace("T", " ") if _MOMENT.fullmatch(text) else text


def short(value: Any, most: int = _WIDEST) -> str:
    """A cell of at most `most` characters."""
    text = cell(value)
    return text if len(text) <= most else text[: most - 1] + "…"


def emit_table(head: Sequence[str], rows: Iterable[Sequence[Any]], *, none: str) -> None:
    """Print rows below aligned headings, or the sentence `none` where there are no rows. The last column runs free."""
    lines = [[*(short(item) for item in row[:-1]), short(row[-1], 200)] for row in rows]
    if not lines:
        emit(none)
        return
    widths = [max(len(line[at]) for line in [list(head), *lines]) for at in range(len(head))]
    for line in [[word.upper() for word in head], *lines]:
        emit("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def emit_pairs(pairs: Iterable[tuple[str, Any]]) -> None:
    """Print names and values in two columns."""
    shown = [(name, cell(value)) for name, value in pairs]
    width = max((len(name) for name, _ in shown), default=0)
    for name, value in shown:
        emit(f"{name.ljust(width)}  {value}")


def emit_text(text: str, indent: str = "  ") -> None:
    """Print text of several lines, indented, line ends kept."""
    for line in visible(text, keep="\n\t").split("\n"):
        emit(f"{indent}{line}".rstrip())
