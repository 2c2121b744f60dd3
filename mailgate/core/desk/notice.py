"""A mail that we owe somebody, as data. It is rendered, signed and stored at its first claim (docs/architecture.md)."""

from dataclasses import dataclass, field
from enum import StrEnum

from mailgate.core.mail.mail import Mailbox

Value = str | int | bool | None | list[str]


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


class AutoSubmitted(StrEnum):
    """RFC 3834 §5: what an automatic mail says of itself."""

    REPLIED = "auto-replied"
    GENERATED = "auto-generated"


@dataclass(frozen=True, slots=True)
class Notice:
    """One mail to one person.

    `effect` names what this mail is for; it is unique, so that the same effect is never owed twice.
    `values` are the template's variables: text of ours or text already cleaned, never a template itself.
    `reply_key` makes the keyed reply address, `bounce_key` the reverse-path; `message_id` stands without brackets.
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
    values: dict[str, Value] = field(default_factory=dict)
