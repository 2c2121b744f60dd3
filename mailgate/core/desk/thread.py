"""Threads: may this author write in the ticket that the mail belongs beside?

The place is decided by the key or Message-ID, the right to write by identity (threats TH-01 to TH-10, peers row 5).
"""

import re

from mailgate.core.desk.case import Case, ThreadBy, ThreadFact
from mailgate.core.desk.key import key_of_message_id, split_keyed
from mailgate.core.desk.ticket import Purpose, Ticket, TicketState
from mailgate.core.mail.mail import ParsedMail
from mailgate.core.who.address import canonical
from mailgate.core.who.evidence import Assurance

MOST_IDS = 20
_PREFIX = re.compile(
    r"^(?:(?:re|aw|fw|fwd|wg|antw|sv|vs|odp|res|rif|tr)\s{0,3}(?:\[\d{1,3}\])?\s{0,3}:\s{0,3}){1,12}", re.IGNORECASE
)


def thread_ids(mail: ParsedMail) -> tuple[str, ...]:
    """The ids that name the thread, best first: In-Reply-To, then References, newest first, at most twenty (TH-09)."""
    ordered = (*reversed(mail.in_reply_to), *reversed(mail.references))
    return tuple(dict.fromkeys(ordered))[:MOST_IDS]


def subject_numbers(subject: str | None, tag: str) -> tuple[int, ...]:
    """Ticket numbers in square brackets, `[#1042]`; no more than nine digits."""
    pattern = rf"\[{re.escape(tag)}(\d{{1,9}})\]"
    return tuple(int(number) for number in re.findall(pattern, (subject or "")[:1000]))


def without_numbers(subject: str, tag: str) -> str:
    """The subject without ticket numbers: another ticket's would lead answers there."""
    return re.sub(rf"[ \t]{{0,9}}\[{re.escape(tag)}\d{{1,9}}\]", "", subject).strip()


def bare_subject(subject: str | None, tag: str) -> str:
    """The subject without reply prefixes and ticket number, for comparison."""
    text = re.sub(rf"\[{re.escape(tag)}\d{{1,9}}\]", " ", (subject or "")[:1000])
    text = " ".join(text.split())
    return _PREFIX.sub("", text).strip().lower()


def key_candidates(recipients: tuple[str, ...], mail: ParsedMail, delimiter: str, domain: str) -> tuple[str, ...]:
    """Keys that the mail carries: those of the recipient addresses first, then of the Message-IDs it answers."""
    addressed = (split_keyed(item, delimiter)[1] for item in recipients)
    answered = (key_of_message_id(item, domain) for item in thread_ids(mail))
    return tuple(dict.fromkeys(key for key in (*addressed, *answered) if key is not None))


def may_write(case: Case, thread: ThreadFact) -> bool:
    """True where the author may write in the ticket.

    The own key opens the own ticket even to an unproved requester, while it is not revoked. Without it a mail must be
    proved and written to us (a genuine one that others send again could be filed anywhere, threats ID-22), but for the
    requester of a ticket that was opened unproved and is answered through a foreign Message-ID: there is nothing in it
    that the same address has not said before.
    """
    author = canonical(case.mail.author.address) if case.mail.author else None
    ticket = thread.ticket
    if author is None or case.grade.assurance is Assurance.REFUTED or not _takes_part(case, ticket):
        return False
    key = thread.key
    if key is not None and key.person == author and key.purpose is Purpose.REPLY and not key.expired:
        return True
    if case.grade.assurance in {Assurance.PROVED, Assurance.CONFIRMED} and case.grade.signed_to_us:
        return True
    own_unproved = author == canonical(ticket.requester.address) and ticket.assurance is Assurance.UNPROVED
    return own_unproved and thread.by is ThreadBy.FOREIGN_ID


def _takes_part(case: Case, ticket: Ticket) -> bool:
    """True where the author's address takes part in the ticket, or is a contact of its account; nothing is proved."""
    author = canonical(case.mail.author.address) if case.mail.author else None
    account = case.facts.identity.account
    return author is not None and (
        ticket.is_participant(author) or (account is not None and account.number == ticket.account)
    )


def starts_anew(case: Case, thread: ThreadFact) -> bool:
    """True where a mail to a closed ticket is a new matter.

    Denied while it was held, or the answer would open what nobody proved; closed longer than the grace time; or nothing
    but an autocompleted keyed address leads there: no reference to the thread and another subject (peers row 20).
    """
    ticket = thread.ticket
    if ticket.state is not TicketState.CLOSED:
        return False
    if ticket.was_refused:
        return True
    if ticket.closed_at is not None and case.received_at > ticket.closed_at + case.policy.reopen_within:
        return True
    tag = case.policy.subject_tag
    same_subject = bare_subject(case.mail.subject, tag) == bare_subject(ticket.subject, tag)
    return thread.by is ThreadBy.KEY and not thread_ids(case.mail) and not same_subject
