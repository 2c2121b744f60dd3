"""Rules about programs: what shows that a mail is our own, goes round, or answers without anybody having read ours.

They are asked where `policy.RULES` lists them.
"""

from datetime import timedelta

from mailgate.core.desk.case import Case, ThreadBy, ThreadFact
from mailgate.core.desk.decision import Action, FollowUp, Ignore
from mailgate.core.desk.key import key_of_message_id
from mailgate.core.desk.reason import Reason
from mailgate.core.desk.thread import may_write
from mailgate.core.mail.automatic import came_by_list
from mailgate.core.mail.envelope import Transport
from mailgate.core.mail.hops import MOST_HOPS
from mailgate.core.who.address import canonical, domain_of, is_shared_domain
from mailgate.core.who.evidence import Assurance
from mailgate.core.who.identity import AuthorKind
from mailgate.core.who.request import RequestKind

Hit = tuple[Action, Reason]

# By these a mail answers one of ours: nobody guesses a key.
OURS = frozenset({ThreadBy.KEY, ThreadBy.MESSAGE_ID})
_AT_ONCE = timedelta(seconds=120)
_WITH_ENVELOPE = frozenset({Transport.SMTP, Transport.LMTP})  # elsewhere "" may mean that nobody said it


def own_mail(case: Case) -> Hit | None:
    """Our own mail that came back, or mail in the name of one of our addresses (LO-07, LO-09)."""
    ours = case.facts.identity.kind is AuthorKind.OURSELVES
    if ours or key_of_message_id(case.mail.message_id, case.policy.domain) is not None:
        return Ignore(), Reason.OWN_MAIL
    return None


def goes_round(case: Case) -> Hit | None:
    """A forwarding loop, whatever way the mail came: SMTP refuses it, a mailbox took it (LO-08, RFC 5321 §6.3)."""
    return (Ignore(), Reason.LOOP) if len(case.mail.header("received")) > MOST_HOPS else None


def by_program(case: Case) -> bool:
    """Whether a program wrote it: by its own words, or by the null reverse-path of its envelope (RFC 3834 §3.3)."""
    null_path = not case.reverse_path and case.transport in _WITH_ENVELOPE
    return case.mail.automatic.is_automatic or null_path


def automatic(case: Case) -> Hit | None:
    """A person whose mail came through a list is heard; only the gate takes notice of the list (peers row 12)."""
    found, thread = case.mail.automatic, case.facts.thread
    if not by_program(case) or came_by_list(found):
        return None
    if not found.is_automatic and (thread is None or not _has_own_key(case, thread)):
        return None  # a null reverse-path is easily had by whoever got hold of somebody's key (TH-03)
    if thread is not None and _may_note(case, thread):
        return FollowUp(thread.ticket.number, reopens=False, as_note=True), Reason.AUTOMATIC_ON_TICKET
    if thread is not None and case.grade.assurance is Assurance.REFUTED:
        return None
    answers = found.marked and "auto-replied" in (found.why or "")
    return (Ignore(), Reason.AUTO_REPLY) if answers else None


def _may_note(case: Case, thread: ThreadFact) -> bool:
    """A robot's answer is a note on the ticket that it answers; by a number alone it needs what people need.

    Nothing of a refuted author stands in somebody's ticket, however automatic it claims to be.
    """
    if case.grade.assurance is Assurance.REFUTED:
        return False
    return thread.by in OURS or may_write(case, thread)


def _has_own_key(case: Case, thread: ThreadFact) -> bool:
    author = canonical(case.mail.author.address) if case.mail.author else None
    return thread.key is not None and thread.key.person == author


def answers_at_once(case: Case) -> Hit | None:
    """Another desk that answers from another of its addresses, and bears no mark any more (LO-02, LO-03).

    Nobody at the requester's domain has read our receipt within two minutes. It is a note, as it would be with the
    mark; what is sensitive is still held by itself.
    """
    thread = case.facts.thread
    if thread is None or thread.by not in OURS or not thread.answers_automatic:
        return None
    sent_at = thread.ticket.receipt_sent_at
    if sent_at is None or case.received_at - sent_at > _AT_ONCE or not _is_next_to_requester(case, thread):
        return None
    if case.request.kind is RequestKind.SENSITIVE or may_write(case, thread) or not _may_note(case, thread):
        return None
    return FollowUp(thread.ticket.number, reopens=False, as_note=True), Reason.ANSWERED_AT_ONCE


def _is_next_to_requester(case: Case, thread: ThreadFact) -> bool:
    """An unregistered address of the very domain that the requester writes from, where that is no provider's."""
    author = case.mail.author
    if author is None or case.facts.identity.kind is not AuthorKind.STRANGER:
        return False
    domain = domain_of(author.address)
    return domain is not None and not is_shared_domain(domain) and domain == domain_of(thread.ticket.requester.address)
