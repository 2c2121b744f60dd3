"""Takes out of a message what a report is made of: its machine-readable parts and the head of the original mail."""

import base64
import binascii
import quopri
import re
from dataclasses import dataclass
from email.message import Message
from typing import Final

MAX_PARTS: Final = 200  # more parts than any report has
MAX_DEPTH: Final = 20  # nested multiparts (threats MB-07)
MAX_TEXT: Final = 64 * 1024  # characters of one machine-readable part
_MAX_VALUE: Final = 2000  # characters of one field
_STARTS: Final = frozenset({"original-recipient", "final-recipient", "action"})
_STATUS_TYPES: Final = frozenset({"message/delivery-status", "message/global-delivery-status", "text/delivery-status"})
_HEADER_TYPES: Final = frozenset({"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"})
_DISPOSITION_TYPES: Final = frozenset({"message/disposition-notification", "message/global-disposition-notification"})
_DOMAIN: Final = re.compile(r"[^\W_][\w.-]{0,254}")

Fields = dict[str, str]


@dataclass(slots=True)
class Parts:
    """The parts of a report: `status`, `disposition` and `feedback` as text, `original` the head of the mail.

    `report_type` is the parameter of Content-Type (RFC 6522 §3), "" where the type is a report without one;
    `calendar` the method of a calendar part; `nested` an attached message that is itself a report.
    """

    report_type: str | None = None
    status: str = ""
    has_status: bool = False
    disposition: str | None = None
    feedback: str | None = None
    original: str | None = None
    calendar: str | None = None
    nested: Message | None = None


def gather(message: Message) -> Parts:
    """Walk the message without recursion and without entering attached messages."""
    found = Parts()
    stack = [(message, 0)]
    seen = 0
    while stack and seen < MAX_PARTS:
        part, depth = stack.pop()
        seen += 1
        _note(part, found)
        children = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(children, list) and depth < MAX_DEPTH:
            stack += [(child, depth + 1) for child in reversed(children[:MAX_PARTS]) if isinstance(child, Message)]
    return found


def _note(part: Message, found: Parts) -> None:
    """Keep what this one part says."""
    kind = part.get_content_type()
    if found.report_type is None and (kind == "multipart/report" or "report-type" in _head(part, "content-type")):
        found.report_type = parameter(_head(part, "content-type"), "report-type")
    if kind in _STATUS_TYPES:
        found.has_status = True
        found.status = f"{found.status}\n\n{body_text(part)}"[:MAX_TEXT]
    elif kind in _DISPOSITION_TYPES and found.disposition is None:
        found.disposition = body_text(part)
    elif kind == "message/feedback-report" and found.feedback is None:
        found.feedback = body_text(part)
    elif kind in {"message/rfc822", "message/global"}:
        _note_original(part, found)
    elif kind in _HEADER_TYPES and found.original is None:
        found.original = body_text(part)
    elif kind == "text/calendar" and found.calendar is None:
        found.calendar = _calendar_method(part)


def _note_original(part: Message, found: Parts) -> None:
    """The head of an attached message; the message itself where it is a report."""
    payload = part.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload else None
    if not isinstance(inner, Message):
        if found.original is None:
            found.original = body_text(part)
        return
    if found.original is None:
        found.original = "\n".join(f"{name}: {value}" for name, value in inner.items()[:200])[:MAX_TEXT]
    if found.nested is None and inner.get_content_type() == "multipart/report":
        found.nested = inner


def _calendar_method(part: Message) -> str:
    """Method of a calendar part, in lower case (RFC 5546 §1.4): of the parameter, else of the object itself."""
    stated = parameter(_head(part, "content-type"), "method")
    if stated:
        return stated
    for line in body_text(part)[:4000].splitlines():
        name, _, value = line.partition(":")
        if name.strip().lower() == "method":
            return value.strip().lower()
    return ""


def _head(part: Message, name: str) -> str:
    return str(part.get(name, ""))[:_MAX_VALUE].lower()


def parameter(value: str, name: str) -> str:
    """A parameter of a header value that is already in lower case, "" where it is absent (RFC 2045 §5.1)."""
    for piece in value.split(";")[1:]:
        key, _, stated = piece.partition("=")
        if key.strip() == name:
            return stated.partition("(")[0].strip().strip('"').strip()
    return ""


def body_text(part: Message) -> str:
    """The body of a part as text, at most `MAX_TEXT` characters, whatever the parser made of it."""
    payload = part.get_payload()
    if isinstance(payload, list):
        pieces = [_as_text(child) for child in payload[:MAX_PARTS] if isinstance(child, Message)]
        text = "\n\n".join(pieces)[:MAX_TEXT]
    else:
        text = str(payload or "")[: 2 * MAX_TEXT]
    coding = str(part.get("content-transfer-encoding", "")).strip().lower()
    return _decode(text, coding)[:MAX_TEXT].replace("\r\n", "\n").replace("\r", "\n")


def _as_text(child: Message) -> str:
    lines = [f"{name}: {value}" for name, value in child.items()[:500]]
    payload = child.get_payload()
    return "\n".join(lines) + ("\n\n" + payload if isinstance(payload, str) and payload else "")


def _decode(text: str, coding: str) -> str:
    raw = text.encode("utf-8", "surrogateescape") if coding in {"base64", "quoted-printable"} else b""
    if coding == "base64":
        try:
            return base64.b64decode(b"".join(raw.split())).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            return text
    if coding == "quoted-printable":
        return quopri.decodestring(raw).decode("utf-8", "replace")
    return text


def blocks(text: str) -> list[Fields]:
    """Groups of fields, one a recipient, names in lower case (RFC 3464 §2.1): first value of a name wins.

    Blank lines divide groups; so does a field that begins a recipient again, for senders that forget the line.
    """
    found: list[Fields] = []
    fields: Fields = {}
    last = ""
    for line in text[:MAX_TEXT].splitlines():
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
