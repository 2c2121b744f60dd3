"""Values of the core as JSON, and back where the store has to give them back."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any

from mailgate.core.desk.notice import Attached, AutoSubmitted, Notice, Template
from mailgate.core.desk.plan import EntryAdded
from mailgate.core.mail.gate import Pool
from mailgate.core.mail.mail import Attachment, Mailbox


def iso(moment: datetime | None) -> str | None:
    """A time as the interfaces print it: ISO 8601 in UTC with `Z`."""
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def as_json(value: object) -> Any:
    """Any value of the core as JSON: dataclasses become objects, tuples lists, enums their words, times ISO 8601 UTC.

    Raises `TypeError` for what has no such form, bytes above all: they do not belong into JSON.
    """
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [as_json(item) for item in (sorted(value) if isinstance(value, set | frozenset) else value)]
    if is_dataclass(value):
        return {item.name: as_json(getattr(value, item.name)) for item in fields(value)}
    raise TypeError(f"{type(value).__name__} has no JSON form")


def notice_from_json(stored: Mapping[str, Any]) -> Notice:
    """The notice that `as_json` made the value of; what older versions did not write has its default."""
    auto, not_before = stored["auto_submitted"], stored.get("not_before")
    return Notice(
        effect=stored["effect"],
        template=Template(stored["template"]),
        to=Mailbox(**stored["to"]),
        language=stored["language"],
        department=stored["department"],
        ticket=stored["ticket"],
        message_id=stored["message_id"],
        auto_submitted=None if auto is None else AutoSubmitted(auto),
        subject=stored["subject"],
        in_reply_to=stored["in_reply_to"],
        references=tuple(stored["references"]),
        reply_key=stored["reply_key"],
        bounce_key=stored["bounce_key"],
        pool=None if stored.get("pool") is None else Pool(stored["pool"]),
        values=dict(stored["values"]),
        agent=stored.get("agent"),
        note_key=stored.get("note_key"),
        not_before=None if not_before is None else datetime.fromisoformat(not_before),
        author=stored.get("author"),
        attachments=tuple(Attached(**{**item, "part": tuple(item["part"])}) for item in stored.get("attachments", ())),
    )


def attachments_to_json(event: EntryAdded) -> list[dict[str, Any]]:
    """The attachments of an entry; with `not_taken`, why, where the department did not take one."""
    refused = {item.attachment: {"not_taken": item.why.value} for item in event.not_taken}
    return [as_json(item) | refused.get(item, {}) for item in event.attachments]


def attachment_from_json(stored: Mapping[str, Any]) -> Attachment:
    """The attachment that `attachments_to_json` made the value of."""
    kept = {name: value for name, value in stored.items() if name != "not_taken"}
    return Attachment(**{**kept, "part": tuple(stored["part"])})
