"""A `ParsedMail` as the JSON of `mailgate message parse --json`."""

from datetime import UTC
from typing import Any

from mailgate.core.mail.mail import Attachment, Forwarded, Mailbox, ParsedMail, Report


def mail_as_json(mail: ParsedMail) -> dict[str, Any]:
    """The keys of the documented interface, but `file`, which the caller knows; absent is null."""
    return {
        "message_id": mail.message_id,
        "in_reply_to": list(mail.in_reply_to),
        "references": list(mail.references),
        "subject": mail.subject,
        "author": _mailbox(mail.author),
        "author_doubt": list(mail.author_doubt),
        "sender": _mailbox(mail.sender),
        "to": [_mailbox(item) for item in mail.to],
        "cc": [_mailbox(item) for item in mail.cc],
        "reply_to": [_mailbox(item) for item in mail.reply_to],
        "date": mail.date.astimezone(UTC).isoformat().replace("+00:00", "Z") if mail.date else None,
        "text": mail.text,
        "reply_text": mail.reply_text,
        "quoted_text": mail.quoted_text,
        "signature": mail.signature,
        "html": mail.has_html,
        "language": mail.language,
        "attachments": [_attachment(item) for item in mail.attachments],
        "automatic": {"is": mail.automatic.is_automatic, "why": mail.automatic.why},
        "report": _report(mail.report),
        "forwarded": _forwarded(mail.forwarded),
        "defects": [{"code": item.code, "detail": item.detail} for item in mail.defects],
    }


def refusal_as_json(reason: str) -> dict[str, Any]:
    """The same keys for a mail that overran a limit or crashed the reader: all empty, and one defect that says why."""
    empty: dict[str, Any] = dict.fromkeys(
        ("message_id", "subject", "author", "sender", "date", "language", "report", "forwarded")
    )
    lists = ("in_reply_to", "references", "author_doubt", "to", "cc", "reply_to", "attachments")
    texts = ("text", "reply_text", "quoted_text", "signature")
    return {
        **empty,
        **{name: [] for name in lists},
        **dict.fromkeys(texts, ""),
        "html": False,
        "automatic": {"is": False, "why": None},
        "defects": [{"code": "unread", "detail": reason}],
    }


def _mailbox(mailbox: Mailbox | None) -> dict[str, str] | None:
    return {"name": mailbox.name, "address": mailbox.address} if mailbox else None


def _attachment(item: Attachment) -> dict[str, Any]:
    return {
        "filename": item.filename,
        "stated_name": item.stated_name,
        "content_type": item.content_type,
        "detected_type": item.detected_type,
        "size": item.size,
        "inline": item.inline,
        "content_id": item.content_id,
        "sha256": item.sha256,
        "part": list(item.part),
    }


def _report(report: Report | None) -> dict[str, Any] | None:
    if report is None:
        return None
    return {
        "kind": report.kind.value,
        "recipients": [
            {"address": item.address, "action": item.action, "status": item.status, "permanent": item.permanent}
            for item in report.recipients
        ],
        "original_message_id": report.original_message_id,
    }


def _forwarded(forwarded: Forwarded | None) -> dict[str, Any] | None:
    if forwarded is None:
        return None
    return {"author": _mailbox(forwarded.author), "subject": forwarded.subject, "text": forwarded.text}
