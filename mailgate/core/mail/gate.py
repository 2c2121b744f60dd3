"""The gate for automatic mail: may we answer this mail by ourselves? One function, one reason (RFC 3834 §2).

Everything that mailgate sends to customers and strangers without a human hand passes here: `may_answer` for what
follows from a mail, `may_write` for what follows from a clock. On doubt the answer is no.
"""

from dataclasses import dataclass
from enum import StrEnum

from mailgate.core.mail.mail import ParsedMail
from mailgate.core.who.evidence import Assurance

_ROBOTS = ("mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply", "do-not-reply", "bounce", "bounces")


class Pool(StrEnum):
    """The budgets of automatic mail, each counted by itself: what anybody can cause uses up nobody's own.

    Answers to proved and to unproved authors; questions about the own request of a proved or unproved author, and about
    what strangers ask; and mail that no mail asked for.
    """

    PROVED = "proved"
    UNPROVED = "unproved"
    CONFIRM_PROVED = "confirm-proved"
    CONFIRM_UNPROVED = "confirm-unproved"
    APPROVE = "approve"
    UNASKED = "unasked"


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """Yes or no, and why, as a word of docs/policy.md."""

    allowed: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Budget:
    """Automatic mails of one pool already owed or sent.

    To this address in the last hour and day, to its domain and desk-wide in the last hour; on the ticket ever, of all
    pools; and to this address in answer to the very same text in the last thirty days.
    """

    address_hour: int = 0
    address_day: int = 0
    desk_hour: int = 0
    ticket_life: int = 0
    domain_hour: int = 0
    same_text: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """`[receipts]` of config.toml. `domain_per_hour` binds unproved authors alone: others' domains sign for them."""

    enabled: bool = True
    per_hour: int = 5
    per_day: int = 20
    per_ticket: int = 10
    domain_per_hour: int = 50
    desk_per_hour: int = 1000


SAME_TEXT = 3


def may_answer(
    mail: ParsedMail,
    *,
    reverse_path: str,
    assurance: Assurance,
    own_address: bool,
    pool: Pool,
    limits: Limits,
    used: Budget,
    old: bool = False,
) -> GateAnswer:
    """Decide whether an automatic mail may follow from `mail`, to its author or to a contact who is asked about it.

    `own_address` where it came from one of our addresses, or wants its answer sent to one; `old` where it lay in a
    mailbox for so long that nobody expects an answer by a machine any more.
    """
    reason = _because_of_the_mail(mail, reverse_path, own_address=own_address)
    reason = reason or ("old-mail" if old else _because_of_limits(pool, limits, used))
    if reason is None and assurance is Assurance.REFUTED:
        reason = "refuted"
    return GateAnswer(reason is None, reason or "allowed")


def may_write(address: str, *, assurance: Assurance, own_address: bool, limits: Limits, used: Budget) -> GateAnswer:
    """Decide whether an automatic mail that answers none may go to somebody: a reminder, say."""
    if not address:
        reason: str | None = "no-author"
    elif own_address:
        reason = "own-address"
    elif is_robot(address):
        reason = "robot-address"
    elif assurance is Assurance.REFUTED:
        reason = "refuted"
    else:
        reason = _because_of_limits(Pool.UNASKED, limits, used)
    return GateAnswer(reason is None, reason or "allowed")


def _because_of_the_mail(mail: ParsedMail, reverse_path: str, *, own_address: bool) -> str | None:
    if mail.author is None:
        return "no-author"
    if not reverse_path:
        return "null-reverse-path"
    if own_address:
        return "own-address"
    if mail.report is not None:
        return "report"
    if mail.automatic.is_automatic:
        return "automatic"
    if mail.list_id is not None:
        return "mailing-list"
    if is_robot(mail.author.address) or is_robot(reverse_path):
        return "robot-address"
    return None


def _because_of_limits(pool: Pool, limits: Limits, used: Budget) -> str | None:
    if not limits.enabled:
        return "receipts-off"
    if used.desk_hour >= limits.desk_per_hour:
        return "breaker"
    if used.address_hour >= limits.per_hour:
        return "address-hour"
    if used.address_day >= limits.per_day:
        return "address-day"
    if used.ticket_life >= limits.per_ticket:
        return "ticket-life"
    if pool is Pool.UNPROVED and used.domain_hour >= limits.domain_per_hour:
        return "domain-hour"
    return "same-text" if used.same_text >= SAME_TEXT else None


def is_robot(address: str) -> bool:
    """True for local parts that no human reads (RFC 3834 §2): owner-*, *-request, MAILER-DAEMON and their kin."""
    local = address.rpartition("@")[0].lower()
    if local.startswith("owner-") or local.endswith(("-request", "-bounces", "-owner")):
        return True
    return local.split("+")[0] in _ROBOTS
