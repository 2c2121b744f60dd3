"""The gate for automatic mail: may we answer this mail by ourselves? One function, one reason (RFC 3834 §2).

Everything that mailgate sends to customers and strangers without a human hand passes here. On doubt the answer is no.
"""

from dataclasses import dataclass

from mailgate.core.mail.mail import ParsedMail
from mailgate.core.who.evidence import Assurance

_ROBOTS = ("mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply", "do-not-reply", "bounce", "bounces")


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """Yes or no, and why, as a word of docs/policy.md."""

    allowed: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Limits:
    """`[receipts]` of config.toml and what is used up of it."""

    enabled: bool
    per_hour: int
    per_day: int
    per_ticket: int
    desk_per_hour: int
    used_hour: int
    used_day: int
    used_ticket: int
    used_desk: int


def may_answer(
    mail: ParsedMail, *, reverse_path: str, assurance: Assurance, own_address: bool, limits: Limits
) -> GateAnswer:
    """Decide whether an automatic mail may go to the author of `mail`."""
    reason = _because_of_the_mail(mail, reverse_path, own_address=own_address) or _because_of_limits(limits)
    if reason is None and assurance is Assurance.REFUTED:
        reason = "refuted"
    return GateAnswer(reason is None, reason or "allowed")


def may_write(address: str, *, assurance: Assurance, own_address: bool, limits: Limits) -> GateAnswer:
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
        reason = _because_of_limits(limits)
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


def _because_of_limits(limits: Limits) -> str | None:
    if not limits.enabled:
        return "receipts-off"
    if limits.used_desk >= limits.desk_per_hour:
        return "breaker"
    if limits.used_hour >= limits.per_hour:
        return "address-hour"
    if limits.used_day >= limits.per_day:
        return "address-day"
    if limits.used_ticket >= limits.per_ticket:
        return "ticket-life"
    return None


def is_robot(address: str) -> bool:
    """True for local parts that no human reads (RFC 3834 §2): owner-*, *-request, MAILER-DAEMON and their kin."""
    local = address.rpartition("@")[0].lower()
    if local.startswith("owner-") or local.endswith(("-request", "-bounces", "-owner")):
        return True
    return local.split("+")[0] in _ROBOTS
