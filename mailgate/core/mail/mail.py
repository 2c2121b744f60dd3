r"""A message as a value: everything that the parse room reads from the bytes, cleaned and bounded.

Text in these values never holds NUL, other controls (but line feed and tab in bodies) or lone surrogates; it is still
hostile: escape it before HTML, pass it as a parameter to SQL. Lines end with `\n`.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A display name and an addr_spec (RFC 5322 §3.4); the domain as stated, for comparison see `who.address`."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not the text of the mail.

    `filename` is cleaned for display (None where the part has no name), `stated_name` is what the mail said;
    `content_type` is declared, `detected_type` is what the bytes look like; `part` is the path of the part in the
    MIME tree (1-based, as IMAP counts), by which its bytes can be taken from the raw mail again.
    """

    filename: str | None
    stated_name: str | None
    content_type: str
    detected_type: str | None
    size: int
    inline: bool
    content_id: str | None
    sha256: str
    part: tuple[int, ...]


class ReportKind(StrEnum):
    """What is reported (RFC 6522 report-type, or what the prose says)."""

    DELIVERY = "delivery"  # failure or delay; RFC 3464 and the non-standard ones
    SUCCESS = "success"  # relayed or delivered
    DISPOSITION = "disposition"  # read receipt, RFC 8098
    FEEDBACK = "feedback"  # complaint, RFC 5965


@dataclass(frozen=True, slots=True)
class ReportRecipient:
    """One recipient of a delivery report; action and status as RFC 3464 §2.3.3, §2.3.4 name them."""

    address: str
    action: str | None
    status: str | None
    permanent: bool | None


@dataclass(frozen=True, slots=True)
class Report:
    """A delivery report, disposition notification or feedback report."""

    kind: ReportKind
    recipients: tuple[ReportRecipient, ...]
    original_message_id: str | None


@dataclass(frozen=True, slots=True)
class Automatic:
    """Whether a program sent it. `why` is None for a person's mail; `marked` is False where only words speak for it."""

    is_automatic: bool
    why: str | None = None
    marked: bool = True


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The mail that this one forwards, inline or attached."""

    author: Mailbox | None
    subject: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Defect:
    """Something wrong with the message: a code of docs/parsing.md and what was seen, in one line."""

    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class HeaderField:
    """One header field: name in lower case, value unfolded, decoded and cleaned."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """One message, read. Lists keep the order of the mail.

    `message_id`, `in_reply_to` and `references` stand without angle brackets; a missing or broken Message-ID is
    replaced by a stable made-up one (`message_id_made_up`). `author` is the single mailbox of From, or the best guess
    with the reasons for doubt in `author_doubt`: whoever acts on the author looks there first (threats ID-08 to ID-16).
    `text` is the whole text; `reply_text`, `quoted_text` and `signature` are its parts (nothing is lost between them).
    """

    message_id: str
    message_id_made_up: bool
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    subject: str | None
    author: Mailbox | None
    author_doubt: tuple[str, ...]
    sender: Mailbox | None
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    reply_to: tuple[Mailbox, ...]
    date: datetime | None
    text: str
    reply_text: str
    quoted_text: str
    signature: str
    has_html: bool
    language: str | None
    attachments: tuple[Attachment, ...]
    automatic: Automatic
    list_id: str | None
    report: Report | None
    forwarded: Forwarded | None
    body_hash: str
    fields: tuple[HeaderField, ...] = ()
    defects: tuple[Defect, ...] = field(default=())

    def header(self, name: str) -> tuple[str, ...]:
        """All values of a header field, in order; the name in any case."""
        wanted = name.lower()
        return tuple(item.value for item in self.fields if item.name == wanted)
