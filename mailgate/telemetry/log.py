"""The log: one line an event on standard error, plain for people or JSON for machines (threats IN-06, PR-05).

    logger = logging.getLogger(__name__)
    logger.info("accepted", extra={"fields": {"recipients": 2, "size": 4096}})

A message says what happened in fixed words; what varies goes into `fields`. Never log a mail's content, a secret or a
database URL. Inside `inbound(ID)` each line names the mail that is worked on.
"""

import json
import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TextIO

from mailgate.telemetry.escape import json_safe, visible

MAX_VALUE = 1024  # bytes of one value in UTF-8
MAX_FIELDS = 30
_MAX_TRACE = 16 * MAX_VALUE
_CUT = "…"

#: Libraries whose lower levels log the content of mails (aiosmtpd logs whole DATA lines at DEBUG).
_TALKATIVE = (
    "mail.log",
    "mail.debug",
    "aiosmtplib",
    "apscheduler",
    "asyncio",
    "imapclient",
    "sqlalchemy",
    "alembic",
    "mailparser",
)

_inbound: ContextVar[str | None] = ContextVar("inbound", default=None)


@contextmanager
def inbound(identifier: str) -> Iterator[None]:
    """Lines logged inside, in this task or thread, name the mail with that id."""
    token = _inbound.set(identifier)
    try:
        yield
    finally:
        _inbound.reset(token)


def setup(level: str = "info", form: str = "plain", stream: TextIO | None = None) -> None:
    """Send the log of the whole process to `stream` (standard error). Call it once, at start; again replaces it."""
    handler = logging.StreamHandler(stream if stream is not None else sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else PlainFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    logging.captureWarnings(capture=True)


def shorten(text: str) -> str:
    """The text, cut to MAX_VALUE bytes of UTF-8 with an ellipsis where it was longer."""
    return _cut(text, MAX_VALUE)


def _cut(text: str, most: int) -> str:
    raw = text[: most + 1].encode("utf-8", "backslashreplace")
    if len(raw) <= most and len(text) <= most:
        return text
    return raw[: most - len(_CUT.encode())].decode("utf-8", "ignore") + _CUT


def event(record: logging.LogRecord) -> dict[str, Any]:
    """A log record as plain data: time, level, logger, what happened, which mail, and the fields."""
    found: dict[str, Any] = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": record.getMessage(),
    }
    identifier = _inbound.get()
    if identifier is not None:
        found["inbound"] = identifier
    fields = getattr(record, "fields", None)
    if isinstance(fields, Mapping):
        found |= {str(name): fields[name] for name in list(fields)[:MAX_FIELDS]}
    if record.exc_info and record.exc_info[0] is not None:
        found["error"] = logging.Formatter().formatException(record.exc_info)
    return found


def _value(name: str, value: Any) -> Any:
    if isinstance(value, bool | int | float) or value is None:
        return value
    return _cut(visible(str(value)), _MAX_TRACE if name == "error" else MAX_VALUE)


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The event on one line; nothing in it can begin another."""
        data = {shorten(visible(name)): _value(name, value) for name, value in event(record).items()}
        return json_safe(json.dumps(data, ensure_ascii=False))


class PlainFormatter(logging.Formatter):
    """`time level logger: event name=value …`, one line."""

    def format(self, record: logging.LogRecord) -> str:
        """The event on one line; nothing in it can begin another."""
        data = event(record)
        head = f"{data.pop('at')} {data.pop('level')} {data.pop('logger')}: {_value('event', data.pop('event'))}"
        return " ".join([head, *(f"{shorten(visible(name))}={_shown(name, value)}" for name, value in data.items())])


def _shown(name: str, value: Any) -> str:
    text = str(_value(name, value))
    return json.dumps(text, ensure_ascii=False) if not text or " " in text or '"' in text else text
