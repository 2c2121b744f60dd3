"""Takes out of a message what a report is made of: its machine-readable parts and the head of the original mail."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mailgate.parse.mime import Part

MAX_PARTS: Final = 200  # more parts than any report has
MAX_TEXT: Final = 64 * 1024  # characters of one machine-readable part
_MAX_VALUE: Final = 2000  # characters of one field
_STARTS: Final = frozenset({"original-recipient", "final-recipient", "action"})
_STATUS_TYPES: Final = frozenset({"message/delivery-status", "message/global-delivery-status", "text/delivery-status"})
_HEADER_TYPES: Final = frozenset({"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"})
_MESSAGE_TYPES: Final = frozenset({"message/rfc822", "message/global"})
_DISPOSITION_TYPES: Final = frozenset({"message/disposition-notification", "message/global-disposition-notification"})
_DOMAIN: Final = re.compile(r"[^\W_][\w.-]{0,254}")

Fields = dict[str, str]


@dataclass(slots=True)
class Parts:
    """The parts of a report: `status`, `disposition` and `feedback` as text, `original` the head of the mail.

    `attached` are the bytes of the first attached message, which may itself be the report.
    """

    status: str | None = None
    disposition: str | None = None
    feedback: str | None = None
    original: str | None = None
    attached: bytes | None = None


def gather(parts: Sequence[Part]) -> Parts:
    """What the leaves of a mail have for a report."""
    found = Parts()
    for part in parts[:MAX_PARTS]:
        kind = part.type.value
        if not kind.startswith(("message/", "text/rfc822", "text/delivery")):
            continue
        if kind in _STATUS_TYPES:
            found.status = f"{found.status or ''}\n\n{_text(part)}"[:MAX_TEXT]
        elif kind in _DISPOSITION_TYPES and found.disposition is None:
            found.disposition = _text(part)
        elif kind == "message/feedback-report" and found.feedback is None:
            found.feedback = _text(part)
        elif kind in _HEADER_TYPES | _MESSAGE_TYPES and found.original is None:
            found.original = _text(part)
            found.attached = part.content()[0] if kind in _MESSAGE_TYPES else None
    return found


def calendar_method(parts: Sequence[Part]) -> str | None:
    """Method of the first calendar part in lower case (RFC 5546 §1.4): of its type, else of the object itself.

    "" where it states none, None where there is no such part.
    """
    for part in parts[:MAX_PARTS]:
        if part.type.value == "text/calendar":
            stated = part.type.get("method")
            return stated.strip().lower() if stated else _object_method(_text(part))
    return None


def _object_method(text: str) -> str:
    for line in text[:4000].splitlines():
        name, _, value = line.partition(":")
        if name.strip().lower() == "method":
            return value.strip().lower()
    return ""


def parameter(value: str, name: str) -> str:
    """A parameter of a header value in lower case, "" where it is absent (RFC 2045 §5.1)."""
    for piece in value[:_MAX_VALUE].lower().split(";")[1:]:
        key, _, stated = piece.partition("=")
        if key.strip() == name:
            return stated.partition("(")[0].strip().strip('"').strip()
    return ""


def _text(part: Part) -> str:
    """The content of a part as text, at most `MAX_TEXT` characters."""
    text = part.content()[0][:MAX_TEXT].decode("utf-8", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def blocks(text: str) -> list[Fields]:
    """Groups of fields, one a recipient, names in lower case (RFC 3464 §2.1): first value of a name wins.

    Blank lines divide groups; so does a field that begins a recipient again, for senders that forget the line.
    """
    found: list[Fields] = []
    fields: Fields = {}
    last = ""
    for line in _without_margin(text[:MAX_TEXT]):
        if not line.strip():
            fields, last = _close(found, fields), ""
        elif line[0] in " \t" and last:
            if len(fields[last]) < _MAX_VALUE:
                fields[last] += " " + line.strip()[:_MAX_VALUE]
        else:
            name, colon, value = line.partition(":")
            last = name.strip().lower() if colon and " " not in name.strip() else ""
            if last in _STARTS and last in fields:
                fields = _close(found, fields)
            if last in fields:
                last = ""
            elif last:
                fields[last] = value.strip()[:_MAX_VALUE]
    _close(found, fields)
    return found


def _without_margin(text: str) -> list[str]:
    """The lines, without the margin that the first with words has, where a sender has indented them all."""
    lines = text.splitlines()
    first = next((line for line in lines if line.strip()), "")
    margin = first[: len(first) - len(first.lstrip(" \t"))]
    return [line.removeprefix(margin) for line in lines] if margin else lines


def _close(found: list[Fields], fields: Fields) -> Fields:
    if fields:
        found.append(fields)
    return {}


def addresses(line: str) -> list[tuple[int, int, str]]:
    """Each addr_spec in a line as (start, end, address): linear, from each `@` to both sides."""
    found: list[tuple[int, int, str]] = []
    at = line.find("@")
    while at >= 0:
        begin = _local_start(line, at, found[-1][1] if found else 0)
        domain = _DOMAIN.match(line, at + 1)
        if begin < at and domain is not None:
            end = at + 1 + len(domain.group().rstrip(".-_"))
            found.append((begin, end, line[begin:end]))
        at = line.find("@", at + 1)
    return found


def _local_start(line: str, at: int, floor: int) -> int:
    """Where the local part before `at` begins; `at` where there is none (RFC 5321 §4.1.2)."""
    floor = max(floor, at - 128)
    if line[at - 1 : at] == '"':
        opened = line.rfind('"', floor, at - 1)
        return opened if 0 <= opened < at - 1 else at
    window = line[floor:at]
    begin = at
    while begin > floor and _is_local(window[begin - floor - 1]):
        begin -= 1
    while begin < at and line[begin] in "'*.`":
        begin += 1
    if line[begin : begin + 5].upper() == "SMTP=":
        begin += 5
    return begin


def _is_local(char: str) -> bool:
    return char.isalnum() or char in "!#$%&'*+-/=?^_`{}~."
