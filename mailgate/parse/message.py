"""`parse`: the bytes of a mail to a `ParsedMail`. Pure, bounded; what is wrong with a mail is a value."""

import hashlib
import re
from dataclasses import replace
from typing import Final

from mailgate.core.mail.automatic import judge
from mailgate.core.mail.mail import Defect, Forwarded, Mailbox, ParsedMail, Report
from mailgate.parse.attachment import is_tnef, open_tnef
from mailgate.parse.body import Body, read_body
from mailgate.parse.bounds import read_header
from mailgate.parse.clean import clean_body, clean_line
from mailgate.parse.content import Content, read_content
from mailgate.parse.dsn import read_report
from mailgate.parse.dsn_parts import calendar_method
from mailgate.parse.header import Header, decode_fields
from mailgate.parse.ids import read_message_id, read_references
from mailgate.parse.language import detect_language
from mailgate.parse.mime import walk
from mailgate.parse.params import media_type
from mailgate.parse.people import read_people
from mailgate.parse.transfer import find_uuencoded

_MAX_DEFECTS: Final = 100
_SINGLE: Final = ("subject", "date", "content-type")  # RFC 5322 §3.6: at most once; the first counts
_REPLY_SUBJECT: Final = re.compile(
    r"\s*(?:re|aw|antw|sv|vs|r|odp|rif|res|rv|ynt|atb)(?:\[\d{1,3}\]|\^\d{1,3})?\s*:", re.IGNORECASE
)


def parse(raw: bytes) -> ParsedMail:
    """Read a mail.

    Raises:
        TooComplex: a limit of `bounds.check` is overrun. Nothing else is ever raised.
    """
    received, raw = raw, _with_line_feeds(raw)
    header = read_header(raw)
    hint = media_type(_text_of(header, "content-type")).get("charset")
    fields = decode_fields(header, hint)
    values: dict[str, list[str]] = {}
    for item in fields:
        values.setdefault(item.name, []).append(item.value)
    people = read_people(header, received[: header.end], hint)
    repeated = tuple(Defect("field-repeated", name) for name in _SINGLE if len(values.get(name, ())) > 1)
    message_id, made_up, id_defects = read_message_id(values.get("message-id", []), raw)
    tree = walk(raw, header)
    content = read_content(tree)
    subject = (values.get("subject") or [""])[0] or None
    in_reply_to = read_references(values.get("in-reply-to", []))
    references = read_references(values.get("references", []))
    body = _read_body(content, subject, is_reply=bool(in_reply_to or references))
    cut = (Defect("text-cut", "HTML beyond the limits"),) if body.truncated else ()
    report = _clean_report(read_report(tree.parts, subject, body.text, fields))
    calendar = calendar_method(tree.parts)
    new = body.reply_text or body.text
    return ParsedMail(
        message_id=message_id,
        message_id_made_up=made_up,
        in_reply_to=in_reply_to,
        references=references,
        subject=subject,
        author=people.author,
        author_doubt=people.author_doubt,
        sender=people.sender,
        to=people.to,
        cc=people.cc,
        reply_to=people.reply_to,
        date=people.date,
        text=body.text,
        reply_text=body.reply_text,
        quoted_text=body.quoted_text,
        signature=body.signature,
        has_html=content.has_html,
        language=detect_language(new),
        attachments=tuple(content.attachments),
        automatic=judge(fields, subject=subject, text=new, author=people.author, report=report, calendar=calendar),
        list_id=_list_id(values.get("list-id", [])),
        report=report,
        forwarded=body.forwarded,
        body_hash=_body_hash(body.text, content),
        fields=fields,
        defects=tuple(
            [*header.defects, *repeated, *people.defects, *id_defects, *cut, *content.defects][:_MAX_DEFECTS]
        ),
    )


def part_bytes(raw: bytes, path: tuple[int, ...]) -> bytes:
    """The decoded content of the attachment at `path`, as `Attachment.part` names it.

    Raises:
        KeyError: the mail has no such part.
        TooComplex: as `parse`.
    """
    raw = _with_line_feeds(raw)
    for part in walk(raw, read_header(raw)).parts:
        if part.path == path:
            return part.content()[0]
        if part.path == path[:-1]:
            content = part.content()[0]
            files = open_tnef(content)[0].files if is_tnef(part) else find_uuencoded(content)
            if 0 < path[-1] <= len(files):
                return files[path[-1] - 1].content
    raise KeyError(path)


def _with_line_feeds(raw: bytes) -> bytes:
    """A mail whose lines end with CR alone can come by no transport, but from a file."""
    return raw if b"\n" in raw else raw.replace(b"\r", b"\n")


def _text_of(header: Header, name: str) -> str | None:
    item = header.first(name)
    return item.text() if item else None


def _read_body(content: Content, subject: str | None, *, is_reply: bool) -> Body:
    is_reply = is_reply or _REPLY_SUBJECT.match(subject or "") is not None
    body = read_body(
        content.plain, content.html, is_reply=is_reply, subject=subject, attached_mail=content.attached_mail
    )
    return _clean_texts(body)


def _clean_texts(body: Body) -> Body:
    """HTML spells controls as entities, and an attached mail has its own: they come to light only here."""
    forwarded = body.forwarded
    if forwarded is not None:
        author = forwarded.author
        author = author and Mailbox(clean_line(author.name), clean_line(author.address))
        forwarded = Forwarded(author, _clean(forwarded.subject), clean_body(forwarded.text))
    if clean_body(body.text) is body.text:  # the other texts are pieces of it
        return replace(body, forwarded=forwarded) if forwarded is not None else body
    return replace(
        body,
        text=clean_body(body.text),
        reply_text=clean_body(body.reply_text),
        quoted_text=clean_body(body.quoted_text),
        signature=clean_body(body.signature),
        forwarded=forwarded,
    )


def _clean_report(report: Report | None) -> Report | None:
    """A report's words come from within the mail, and are cleaned as those of its header are."""
    if report is None:
        return None
    recipients = tuple(
        replace(item, address=clean_line(item.address), action=_clean(item.action), status=_clean(item.status))
        for item in report.recipients
    )
    return replace(report, recipients=recipients, original_message_id=_clean(report.original_message_id))


def _clean(text: str | None) -> str | None:
    return clean_line(text) or None if text is not None else None


def _list_id(values: list[str]) -> str | None:
    """The identifier of List-Id (RFC 2919 §2), without the words before it."""
    if not values:
        return None
    match = re.search(r"<([^<>]{1,255})>", values[0])
    return (match[1] if match else values[0])[:255].strip() or None


def _body_hash(text: str, content: Content) -> str:
    """The same for the same words and files, whatever line ends and blanks a relay made of them."""
    digest = hashlib.sha256("\n".join(" ".join(line.split()) for line in text.split("\n")).strip().encode())
    for item in sorted(item.sha256 for item in content.attachments):
        digest.update(b"\0" + item.encode())
    return digest.hexdigest()
