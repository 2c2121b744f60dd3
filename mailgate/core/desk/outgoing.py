"""What becomes of our mail after it left: whether a delivery report is to be believed, and what it says.

Anybody can write a delivery report (RFC 3464 §4.1, RFC 6522 §7). One counts where it carries the bounce key of a mail
of ours in its envelope address, or the Message-ID of one inside, and the rest of it fits that mail.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mailgate.core.mail.mail import Report, ReportKind
from mailgate.core.who.address import canonical


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A mail that we owed, as far as its fate matters.

    `recipient` is canonical; `attempted` where its bytes may have left us; `undelivered` where that is known already.
    `author` is the agent who wrote it.
    """

    id: int
    template: str
    recipient: str
    message_id: str
    ticket: int | None
    automatic: bool
    attempted: bool
    undelivered: bool
    created_at: datetime
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """The mail of ours that a delivery report speaks of, and by what it names it: one of the two is always true."""

    mail: Outgoing
    by_key: bool
    by_id: bool


class Fate(StrEnum):
    """What a report about a mail of ours means: never delivered, anything else, or not to be believed."""

    UNDELIVERED = "undelivered"
    NEWS = "news"
    DOUBTFUL = "doubtful"


def fate(report: Report, reported: Reported, *, null_path: bool, by_machine: bool) -> Fate:
    """What the report says about the mail (threats R-40, R-41).

    Action alone tells a failure from a delay (RFC 3464 §2.3.3): status 4.x.x with `failed` is one that was given up.
    Key or Message-ID are enough where recipient and null reverse-path (RFC 5321 §4.5.5) fit; both together make up for
    one that does not: a report about the address that the recipient's mail is forwarded to, or from a system that
    reports under its own name.
    """
    mail = reported.mail
    failed = [item for item in report.recipients if item.action == "failed"]
    if report.kind is not ReportKind.DELIVERY or not failed:
        return Fate.NEWS
    named = any(canonical(item.address) == mail.recipient for item in failed)
    if not named and any(canonical(item.address) == mail.recipient for item in report.recipients):
        return Fate.NEWS  # others were missed, ours only waits
    both = reported.by_key and reported.by_id
    fits = (named and null_path) or (both and (null_path or (named and by_machine)))
    return Fate.UNDELIVERED if fits and mail.attempted else Fate.DOUBTFUL


def why_failed(report: Report, mail: Outgoing) -> str:
    """The failure in one line, for people: the status that was reported (RFC 3463) where there is one."""
    failed = [item for item in report.recipients if item.action == "failed"]
    ours = next((item for item in failed if canonical(item.address) == mail.recipient), failed[0])
    return f"bounced with status {ours.status}" if ours.status else "bounced"
