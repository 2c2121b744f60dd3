"""Compose: a notice becomes the bytes that go out. Pure: the same notice and time give the same bytes."""

import base64
import quopri
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import encode_rfc2231, format_datetime

from jinja2 import TemplateError, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment

from mailgate.core.desk.guard import NO_AGENTS, Guard
from mailgate.core.desk.key import keyed_address
from mailgate.core.desk.notice import Notice, Template, Value
from mailgate.render.header import address_field, clean_header, clean_text, ids_field, text_field
from mailgate.render.words import kind_in_words, local_time, marker, missing_in_words
from mailgate.render.words_agents import agent_variables
from mailgate.render.words_files import file_variables

_TIMES = (
    "received_at",
    "answered_at",
    "expires_at",
    "since",
    "closes_at",
    "reopen_until",
    "due_at",
    "opened_at",
    "opens_at",
)
_LONGEST_NAME = 80  # characters of a file name: a line of the header holds them in any script
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,100}")
_ANY_TYPE = "application/octet-stream"
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # whatever a template was given; tabs and lines stay
_LONGEST_PLAIN = 990  # octets of a body line, below RFC 5322 §2.1.1's 998


class BrokenTemplate(Exception):
    """A template cannot be rendered; the message names the file and what to do."""


@dataclass(frozen=True, slots=True)
class Desk:
    """How the desk signs and addresses its mail: `addresses` has the public address of each department.

    `guard` keeps agents' addresses out of the subjects that customers see.
    """

    name: str
    domain: str
    timezone: str
    subject_tag: str
    delimiter: str
    addresses: Mapping[str, str]
    guard: Guard = NO_AGENTS


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes along: its name for display, the type that its mail declared, and its bytes."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Composed:
    """A finished mail: its bytes (CRLF), reverse-path ("" = null) and recipient."""

    raw: bytes
    reverse_path: str
    recipient: str


def compose(
    notice: Notice, desk: Desk, templates: SandboxedEnvironment, now: datetime, files: Sequence[Enclosure] = ()
) -> Composed:
    """Render a notice and dress it as a mail, with `files` attached.

    Raises BrokenTemplate where the template fails, UnusableAddress where the recipient is no address.
    """
    subject, body = render(notice, desk, templates)
    address = desk.addresses[notice.department]
    fields = [
        address_field("From", desk.name, address),
        address_field("To", notice.to.name, notice.to.address),
        text_field("Subject", subject),
        f"Date: {format_datetime(now)}",
        f"Message-ID: <{notice.message_id}>",
        *_reply_fields(notice, desk, address),
        *_thread_fields(notice),
        *_automatic_fields(notice),
        "MIME-Version: 1.0",
    ]
    raw = "\r\n".join(fields).encode("ascii") + b"\r\n" + _content(body, files, notice.message_id)
    reverse = keyed_address(address, notice.bounce_key, desk.delimiter) if notice.bounce_key is not None else ""
    return Composed(raw, reverse, notice.to.address)


def _content(body: str, files: Sequence[Enclosure], message_id: str) -> bytes:
    """The fields of the content, a blank line, and the content: text alone, or text and files (RFC 2046 §5.1.3)."""
    encoding, payload = _encode(body)
    text = f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode("ascii")
    if not files:
        return text + payload
    boundary = f"=_{message_id.partition('.')[0]}".encode("ascii")  # `=_` is in no encoded part (RFC 2045 §6.7)
    head = b'Content-Type: multipart/mixed; boundary="' + boundary + b'"\r\n\r\n'
    parts = [text + payload, *(_file(item) for item in files)]
    return head + b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + boundary + b"--\r\n"


def _file(item: Enclosure) -> bytes:
    """A file in base64. What is no plain type, or may not be encoded (RFC 2046 §5.2.1), goes as bytes of any kind."""
    whole = item.content_type.lower()
    kind = whole if _TYPE.fullmatch(whole) and not whole.startswith(("message/", "multipart/")) else _ANY_TYPE
    name = encode_rfc2231(_short_name(clean_header(item.filename)), "utf-8")
    coded = base64.encodebytes(item.content).replace(b"\n", b"\r\n").rstrip()
    fields = (
        f"Content-Type: {kind}\r\nContent-Disposition: attachment;\r\n filename*={name}\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return fields.encode("ascii") + coded


def _short_name(name: str) -> str:
    """The name cut before its ending."""
    stem, dot, ending = name.rpartition(".")
    ending = f"{dot}{ending}" if stem and len(ending) <= 10 else ""
    return f"{name.removesuffix(ending)[: _LONGEST_NAME - len(ending)]}{ending}"


def _encode(body: str) -> tuple[str, bytes]:
    """The transfer encoding and the body with CRLF line ends and no other control (threats SM-02)."""
    body = _CONTROLS.sub("", body.replace("\r\n", "\n"))
    lines = body.split("\n")
    if body.isascii() and all(len(line) <= _LONGEST_PLAIN for line in lines):
        return "7bit", "\r\n".join(lines).encode("ascii")
    encoded = quopri.encodestring(body.encode("utf-8", "replace"))
    return "quoted-printable", encoded.replace(b"\n", b"\r\n")


def _reply_fields(notice: Notice, desk: Desk, address: str) -> list[str]:
    """Where answers go; for agents also where notes go."""
    fields = []
    if notice.reply_key is not None:
        fields.append(address_field("Reply-To", desk.name, keyed_address(address, notice.reply_key, desk.delimiter)))
    if notice.note_key is not None:
        fields.append(f"X-Mailgate-Note: <{keyed_address(address, notice.note_key, desk.delimiter)}>")
    return fields


def render(notice: Notice, desk: Desk, templates: SandboxedEnvironment) -> tuple[str, str]:
    """Subject and body of a notice. The first line of a template is `Subject: …`, a blank line ends its head."""
    name = f"mail/{notice.language}/{notice.template}.txt"
    try:
        text = templates.get_template(name).render(_variables(notice, desk))
    except (TemplateError, KeyError, TypeError, ValueError, ArithmeticError, OSError) as error:
        line = f"line {error.lineno}: " if isinstance(error, TemplateSyntaxError) else ""
        raise BrokenTemplate(f"template {name} cannot be rendered: {line}{error}; mend the file, then retry") from error
    head, gap, body = text.lstrip("\n").partition("\n\n")
    if not head.startswith("Subject: ") or not gap:
        raise BrokenTemplate(f"template {name} must begin with a line `Subject: …` and a blank line; mend the file")
    return clean_header(head.removeprefix("Subject: ")), body.strip("\n") + "\n"


def _variables(notice: Notice, desk: Desk) -> dict[str, Value]:
    """What a template may use; texts that came from a mail are cut to one clean line."""
    language = notice.language
    values: dict[str, Value] = {
        "desk": desk.name,
        "tag": f"[{desk.subject_tag}{notice.ticket}]" if notice.ticket is not None else "",
        "number": notice.ticket,
        "name": clean_header(notice.to.name),
        "department": notice.department,
        "subject": clean_header(_outward(notice.subject, notice, desk)) if notice.subject else None,
        "marker": marker(language),
        "opens_at": None,  # receipts that an older version owed say neither this
        "by_agent": False,  # nor that
    }
    if notice.agent is not None:
        address = desk.addresses[notice.department]
        key = notice.note_key
        values["note_address"] = keyed_address(address, key, desk.delimiter) if key is not None else None
    for key, value in notice.values.items():
        values[key] = _clean(key, value, notice.template)
    for key in _TIMES:
        if isinstance(moment := notice.values.get(key), str):
            values[key] = local_time(moment, language, desk.timezone)
    if isinstance(missing := notice.values.get("missing"), list):
        values["missing"] = [missing_in_words(item, language) for item in missing if isinstance(item, str)]
    if isinstance(kind := notice.values.get("kind"), str):
        values["kind"] = kind_in_words(kind, language)
    values |= file_variables(notice.values, language, lambda name: _outward(name, notice, desk))
    values.update(agent_variables(notice.values, language, desk.timezone) if notice.agent is not None else {})
    return values


def _outward(text: str, notice: Notice, desk: Desk) -> str:
    """What a mail brought, as a subject; for customers without agents' addresses, whoever wrote them there."""
    return text if notice.agent is not None else desk.guard.cleaned(text, desk.addresses[notice.department])


def _clean(key: str, value: Value, template: Template) -> Value:
    if key == "notice" and template is Template.RETIRED:
        return value  # the operator's own text, links and lines included
    if isinstance(value, str):
        return clean_text(value) if key == "text" else clean_header(value)
    if isinstance(value, list):
        return [clean_header(item) for item in value if isinstance(item, str)]
    return value


def _thread_fields(notice: Notice) -> list[str]:
    """RFC 5322 §3.6.4; the middle of long References is cut, its first and last ten stay."""
    references = notice.references
    if len(references) > 20:
        references = (*references[:10], *references[-10:])
    parent = (notice.in_reply_to,) if notice.in_reply_to is not None else ()
    return [*ids_field("In-Reply-To", parent), *ids_field("References", references)]


def _automatic_fields(notice: Notice) -> list[str]:
    """RFC 3834 §5 and what responders in the field look at, so that no robot answers ours."""
    if notice.auto_submitted is None:
        return []
    fields = [f"Auto-Submitted: {notice.auto_submitted.value}", "X-Auto-Response-Suppress: All"]
    return fields if notice.agent is not None else [*fields, "Precedence: bulk"]  # agents' work is no bulk mail
