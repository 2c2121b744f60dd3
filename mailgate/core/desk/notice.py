"""A mail that we owe somebody, as data. It is rendered, signed and stored at its first claim (docs/architecture.md)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from mailgate.core.mail.gate import Pool
from mailgate.core.mail.mail import Mailbox

Value = str | int | bool | None | list[str] | list[dict[str, str]]


class Template(StrEnum):
    """Every mail that mailgate writes: one file a language below `templates/mail/`."""

    RECEIPT = "receipt"
    RULE = "rule"
    CONFIRM = "confirm"
    APPROVE = "approve"
    CONFIRMED = "confirmed"
    DENIED = "denied"
    EXPIRED = "expired"
    RETIRED = "retired"
    NEWS = "news"
    ESCALATION = "escalation"
    REPLY = "reply"
    RESULT = "result"
    UNDELIVERED = "undelivered"
    UNREAD = "unread"
    REMINDER = "reminder"
    CLOSED = "closed"
    STATUS = "status"
    HELP = "help"
    LAPSED = "lapsed"
    DIGEST = "digest"
    ALARM = "alarm"
    BREAKER = "breaker"


class AutoSubmitted(StrEnum):
    """RFC 3834 §5: what an automatic mail says of itself."""

    REPLIED = "auto-replied"
    GENERATED = "auto-generated"


@dataclass(frozen=True, slots=True)
class Attached:
    """A part of a mail that came in, sent on: taken from the raw mail when the notice is composed, never copied."""

    inbound: str
    part: tuple[int, ...]
    filename: str
    content_type: str
    size: int

    def in_short(self) -> dict[str, str]:
        """Name, type and size, as the values of a notice have them."""
        return {"name": self.filename, "type": self.content_type, "size": str(self.size)}


@dataclass(frozen=True, slots=True)
class Notice:
    """One mail to one person.

    `effect` names what this mail is for; it is unique, so that the same effect is never owed twice.
    `values` are the template's variables: text of ours or text already cleaned, never a template itself.
    `pool` is the budget that an automatic mail to customers and strangers counts to; None for mail by people and to
    agents. `reply_key` makes the keyed reply address, `bounce_key` the reverse-path; `message_id` stands without
    brackets. `agent` is the name of the agent it goes to, None for everybody outside the desk: what stays inside goes
    to agents alone, and `note_key` makes the address of their notes. `not_before` is when it may leave, None for at
    once. `author` is the agent who wrote it, None for mail that nobody wrote.
    """

    effect: str
    template: Template
    to: Mailbox
    language: str
    department: str
    ticket: int | None
    message_id: str
    auto_submitted: AutoSubmitted | None
    subject: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    reply_key: str | None = None
    bounce_key: str | None = None
    pool: Pool | None = None
    values: dict[str, Value] = field(default_factory=dict)
    agent: str | None = None
    note_key: str | None = None
    not_before: datetime | None = None
    author: str | None = None
    attachments: tuple[Attached, ...] = ()
