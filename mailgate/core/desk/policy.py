"""The policy: one ordered tuple of rules. The first that hits decides; none hit means hold, never open.

A rule is a question with a name. It answers None (not my case) or an action with its reason. Reading `RULES` from top
to bottom tells what happens to a mail; docs/policy.md is generated from it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from mailgate.core.desk.answer import read_answer
from mailgate.core.desk.case import Agent, Case, ThreadBy, ThreadFact
from mailgate.core.desk.decision import (
    AgentActs,
    AgentBrings,
    Answer,
    Bounced,
    Confirm,
    Decision,
    Duplicate,
    FollowUp,
    Hold,
    Ignore,
    Open,
    Retired,
    Step,
    Tell,
    Word,
)
from mailgate.core.desk.echo import may_join
from mailgate.core.desk.marks import marks, names_another
from mailgate.core.desk.outgoing import Fate, fate
from mailgate.core.desk.programs import OURS, Hit, answers_at_once, automatic, by_program, goes_round, own_mail
from mailgate.core.desk.reason import FOR_PEOPLE, Reason
from mailgate.core.desk.thread import may_write, starts_anew
from mailgate.core.desk.ticket import Flag, Purpose, TicketState
from mailgate.core.desk.word import word_of
from mailgate.core.mail.automatic import came_by_list
from mailgate.core.mail.gate import is_robot
from mailgate.core.mail.mail import ReportKind
from mailgate.core.who.address import canonical
from mailgate.core.who.evidence import Assurance
from mailgate.core.who.identity import AuthorKind
from mailgate.core.who.request import RequestKind
from mailgate.core.who.rule import Ruling, Standing, Verdict, rule


@dataclass(frozen=True, slots=True)
class Rule:
    """One question about a case."""

    name: str
    asks: str
    answer: Callable[[Case], Hit | None]


def decide(case: Case) -> Decision:
    """Ask the rules in order; the first that hits decides."""
    trail: list[Step] = []
    for item in RULES:
        hit = item.answer(case)
        trail.append(Step(item.name, hit=hit is not None))
        if hit is not None:
            return Decision(hit[0], hit[1].value, tuple(trail))
    return Decision(Hold(Tell.NOTHING), Reason.NO_RULE.value, tuple(trail))


def _duplicate(case: Case) -> Hit | None:
    seen = case.facts.seen
    if seen is None:
        return None
    if seen.redelivery:
        return Duplicate(seen.ticket), Reason.REDELIVERY
    refer = _addressed(case) if case.grade.assurance is not Assurance.REFUTED else None
    return Duplicate(seen.ticket, refer=refer), Reason.SECOND_COPY


def _addressed(case: Case) -> str | None:
    """The department that a recipient address belongs to; None where none does."""
    for department in case.policy.departments:
        if set(department.addresses).intersection(case.recipients):
            return department.name
    return None


def _report(case: Case) -> Hit | None:
    report, thread = case.mail.report, case.facts.thread
    if thread is None or thread.by not in OURS:
        unknown = report is not None and report.kind is not ReportKind.FEEDBACK and _by_machine(case)
        return (Ignore(), Reason.REPORT_UNKNOWN) if unknown else None
    note = FollowUp(thread.ticket.number, reopens=False, as_note=True)
    reported = case.facts.reported
    if report is None:
        return (note, Reason.REPORT) if _at_bounce_address(case, thread) else None
    if reported is None or reported.mail.undelivered:
        return note, Reason.REPORT
    said = fate(report, reported, null_path=not case.reverse_path, by_machine=_by_machine(case))
    if said is Fate.UNDELIVERED:
        return Bounced(thread.ticket.number), Reason.BOUNCED
    return note, Reason.REPORT if said is Fate.NEWS else Reason.REPORT_DOUBTFUL


def _by_machine(case: Case) -> bool:
    author = case.mail.author
    return not case.reverse_path or author is None or is_robot(author.address) or case.mail.automatic.marked


def _at_bounce_address(case: Case, thread: ThreadFact) -> bool:
    """Only machines write to the address of bounces with a null reverse-path, in whatever words (threats LO-06)."""
    return not case.reverse_path and thread.key is not None and thread.key.purpose is Purpose.BOUNCE


def _confirm(case: Case) -> Hit | None:
    thread = case.facts.thread
    if thread is None or thread.key is None or thread.key.purpose is not Purpose.CONFIRM:
        return None
    key, ticket = thread.key, thread.ticket
    author = canonical(case.mail.author.address) if case.mail.author else None
    if author != key.person or case.grade.assurance is Assurance.REFUTED:
        return Hold(Tell.NOTHING, flags=(Flag.STRANGER,), linked_to=ticket.number), Reason.CONFIRM_FOREIGN
    if by_program(case):
        return FollowUp(ticket.number, reopens=False, as_note=True), Reason.AUTOMATIC_ON_TICKET
    answer = read_answer(case.mail.reply_text)
    if answer is Answer.OTHER and _asks_for_more(case, thread):
        return None
    if key.expired and not key.used and (ticket.state is TicketState.HELD or ticket.was_refused):
        answer = Answer.LATE
    elif key.used or ticket.state is not TicketState.HELD:
        return FollowUp(ticket.number, reopens=False, as_note=True), Reason.CONFIRM_OTHER
    return Confirm(ticket.number, key.key, key.person, answer), _CONFIRM_REASONS[answer]


_CONFIRM_REASONS = {
    Answer.YES: Reason.CONFIRM_YES,
    Answer.NO: Reason.CONFIRM_NO,
    Answer.OTHER: Reason.CONFIRM_OTHER,
    Answer.LATE: Reason.CONFIRM_LATE,
}


def _agent(case: Case) -> Hit | None:
    """An agent acts by the own key, and proved: neither a key nor an address is enough alone (AG-01)."""
    thread, identity = case.facts.thread, case.facts.identity
    owner, key = _agent_of_key(case), thread.key if thread is not None else None
    if thread is None or key is None or owner is None or owner.name != identity.agent or key.expired:
        return None
    if not _is_sure(case) or (by_program(case) and not came_by_list(case.mail.automatic)):
        return None
    public = key.purpose is Purpose.REPLY
    reason = Reason.AGENT_ANSWERS if public else Reason.AGENT_NOTES
    return AgentActs(thread.ticket.number, owner.name, public), reason


def _agent_of_key(case: Case) -> Agent | None:
    """The agent whom the key of the mail was issued to, None for other keys and for agents who were taken out."""
    key = case.facts.thread.key if case.facts.thread is not None else None
    if key is None or key.purpose not in {Purpose.REPLY, Purpose.NOTE}:
        return None
    return case.policy.agent_at(key.person)


def _is_sure(case: Case) -> bool:
    """Proved, and written to us lately: a genuine mail that others send again proves nothing (threats ID-22)."""
    return case.grade.assurance in {Assurance.PROVED, Assurance.CONFIRMED} and case.grade.signed_to_us


def _agent_key(case: Case) -> Hit | None:
    """The key of an agent, but not the agent beyond doubt. A participant of the ticket may still write as one."""
    thread, owner = case.facts.thread, _agent_of_key(case)
    if thread is None or thread.key is None or owner is None:
        return None
    if owner.name != case.facts.identity.agent:
        if may_write(case, thread):
            return None
        reason = Reason.AGENT_FOREIGN_KEY
    else:
        reason = Reason.AGENT_EXPIRED_KEY if thread.key.expired else Reason.AGENT_UNPROVED
    return Hold(Tell.NOTHING, flags=marks(case, Standing.UNREGISTERED), linked_to=thread.ticket.number), reason


def _brought(case: Case) -> Hit | None:
    """`!for 12345`, or a question for help; a customer's mail that an agent forwards goes the way of every mail."""
    what = case.facts.brought
    return None if what is None or what.forwarded is not None else (AgentBrings(what.agent.name), Reason.AGENT_BRINGS)


def _spam(case: Case) -> Hit | None:
    """A mark that the sender could have written itself is none."""
    header = case.policy.spam_header
    if header is None or not case.trusted_hop:
        return None
    name, prefix = header
    marked = any(value.lower().startswith(prefix.lower()) for value in case.mail.header(name))
    return (Hold(Tell.NOTHING), Reason.SPAM) if marked else None


def _muted(case: Case) -> Hit | None:
    """Whoever is registered meanwhile is heard: anybody can write spam in their name."""
    stranger = case.facts.identity.kind is AuthorKind.STRANGER
    return (Hold(Tell.NOTHING), Reason.MUTED) if case.facts.muted and stranger else None


def _refuted(case: Case) -> Hit | None:
    if case.grade.assurance is not Assurance.REFUTED:
        return None
    thread = case.facts.thread
    linked = thread.ticket.number if thread is not None and thread.by is not ThreadBy.SUBJECT else None
    return Hold(Tell.NOTHING, flags=marks(case, Standing.REFUTED), linked_to=linked), Reason.REFUTED


def _reply(case: Case) -> Hit | None:
    thread = case.facts.thread
    if thread is None or not may_write(case, thread) or starts_anew(case, thread) or _asks_for_more(case, thread):
        return None
    flags = (Flag.UNPROVED,) if case.grade.assurance is Assurance.UNPROVED else ()
    if (word := word_of(case, thread)) is not None:
        return FollowUp(thread.ticket.number, reopens=False, flags=flags, word=word), _WORD_REASONS[word]
    reopens = thread.ticket.state in {TicketState.WAITING, TicketState.CLOSED}
    releases = thread.ticket.state is TicketState.HELD and _proves(case, thread)
    return FollowUp(thread.ticket.number, reopens=reopens, releases=releases, flags=flags), Reason.REPLY


_WORD_REASONS = {Word.CLOSE: Reason.CUSTOMER_CLOSES, Word.STATUS: Reason.CUSTOMER_ASKS_STATUS}


def _asks_for_more(case: Case, thread: ThreadFact) -> bool:
    """True for a sensitive request in a thread about something else.

    It is held by itself, or a mailbox taken over, a general question or an approval under way would carry it past the
    owner (threats ID-25). Short answers are hard to tell, so it must be plainly sensitive.
    """
    if not case.request.is_plainly_sensitive or thread.ticket.request_kind is RequestKind.SENSITIVE:
        return False
    return _ruling(case, case.request.kind, case.request.department).verdict not in {Verdict.OPEN, Verdict.MARK}


def _proves(case: Case, thread: ThreadFact) -> bool:
    """True where the rule would have opened the held request, had it come with the proof of this mail.

    The proof must be of the account that the ticket is about: its own, or the one whose owners were asked.
    """
    ticket, account = thread.ticket, case.facts.identity.account
    if case.grade.assurance not in {Assurance.PROVED, Assurance.CONFIRMED} or ticket.held_reason in FOR_PEOPLE:
        return False
    if ticket.account is not None and (account is None or account.number != ticket.account):
        return False
    if thread.asked and (account is None or not any(item.address in thread.asked for item in account.contacts)):
        return False
    return _ruling(case, ticket.request_kind, ticket.department).verdict is Verdict.OPEN


def _retired(case: Case) -> Hit | None:
    name = _addressed(case)
    if name is None or case.policy.department(name).retired_notice is None:
        return None
    return Retired(name), Reason.RETIRED


def _repeated_text(case: Case) -> Hit | None:
    number = case.facts.repeats_text
    if number is None:
        return None
    flags = (Flag.UNPROVED,) if case.grade.assurance is Assurance.UNPROVED else ()
    return FollowUp(number, reopens=False, flags=flags), Reason.REPEATED_TEXT


def _echo(case: Case) -> Hit | None:
    """Joined in silence, but agents read it, and whoever waited for the author has an answer: it may be a person's."""
    ticket, assurance = case.facts.echoes, case.grade.assurance
    author = canonical(case.mail.author.address) if case.mail.author else None
    if ticket is None or case.facts.pin is not None or case.mail.automatic.is_automatic:
        return None
    if not may_join(ticket, author, assurance, case.request):
        return None
    flags = (Flag.UNPROVED,) if assurance is Assurance.UNPROVED else ()
    return FollowUp(ticket.number, reopens=ticket.state is TicketState.WAITING, flags=flags), Reason.ECHO


def _agent_without_key(case: Case) -> Hit | None:
    if case.facts.identity.kind is not AuthorKind.AGENT:
        return None
    return Hold(Tell.NOTHING), Reason.AGENT_WITHOUT_KEY


def _ambiguous(case: Case) -> Hit | None:
    if not case.facts.identity.ambiguous or case.request.kind is RequestKind.GENERAL:
        return None
    proved = case.grade.assurance is Assurance.PROVED and case.grade.signed_to_us
    if proved and case.request.kind is RequestKind.ACCOUNT:
        return Open(_tell(case, Tell.RECEIPT)), Reason.AMBIGUOUS_ACCOUNT
    return Hold(_tell(case, Tell.RULE), flags=marks(case, Standing.UNPROVED)), Reason.AMBIGUOUS_ACCOUNT


def _other_account(case: Case) -> Hit | None:
    """A customer who gives another customer's number: nobody of the own account can answer for it (docs/adr/0008)."""
    identity = case.facts.identity
    if identity.account is None or case.request.kind is RequestKind.GENERAL or not names_another(case):
        return None
    proved = case.grade.assurance is Assurance.PROVED
    tell = _tell(case, Tell.RECEIPT if proved else Tell.RULE)
    return Hold(tell, flags=marks(case, Standing(case.grade.assurance.value))), Reason.OTHER_ACCOUNT


def _matrix(case: Case) -> Hit | None:
    facts = case.facts
    ruling = _ruling(case, case.request.kind, case.request.department)
    reason = _matrix_reason(case, ruling)
    linked = facts.thread.ticket.number if facts.thread is not None and _is_beside(facts.thread) else None
    flags = marks(case, ruling.standing)
    if ruling.verdict in {Verdict.OPEN, Verdict.MARK}:
        return Open(_tell(case, Tell.RECEIPT), flags=flags, linked_to=linked), reason
    tell = _tell(case, _tell_of_hold(case, ruling))
    number = ruling.account.number if ruling.account is not None else None
    return Hold(tell, ruling.confirm_by, number, flags, linked), reason


def _ruling(case: Case, kind: RequestKind, department: str) -> Ruling:
    return rule(
        case.facts.identity,
        case.grade.assurance,
        kind,
        matrix=case.policy.matrix,
        department_role=case.policy.contact_role(department),
        signed_to_us=case.grade.signed_to_us,
        named=case.facts.named_accounts,
        today=case.received_at.date(),
    )


def _matrix_reason(case: Case, ruling: Ruling) -> Reason:
    if ruling.verdict is Verdict.CONFIRM and case.policy.matrix[case.request.kind][ruling.standing] is Verdict.OPEN:
        return Reason.ROLE
    return Reason(f"{case.request.kind}-{ruling.standing}")


def _tell_of_hold(case: Case, ruling: Ruling) -> Tell:
    """The author who is asked to confirm hears enough by that; a proved one else gets a receipt, the rest the rule."""
    if ruling.verdict is Verdict.SILENT:
        return Tell.NOTHING
    author = canonical(case.mail.author.address) if case.mail.author else None
    if ruling.standing is not Standing.UNREGISTERED and any(item.address == author for item in ruling.confirm_by):
        return Tell.NOTHING
    return Tell.RECEIPT if ruling.standing is Standing.PROVED else Tell.RULE


def _tell(case: Case, wanted: Tell) -> Tell:
    """Who writes into a stranger's ticket learns nothing (threats TH-03)."""
    thread = case.facts.thread
    beside = thread is not None and _is_beside(thread) and not may_write(case, thread)
    return Tell.NOTHING if beside else wanted


def _is_beside(thread: ThreadFact) -> bool:
    """A bare number in the subject is no link: anybody can guess it (threats TH-01)."""
    return thread.by is not ThreadBy.SUBJECT


RULES: tuple[Rule, ...] = (
    Rule("duplicate", "Have we had this mail before?", _duplicate),
    Rule("own-mail", "Is it our own mail coming back?", own_mail),
    Rule("loop", "Has it passed more than a hundred servers?", goes_round),
    Rule("report", "Does it report on the delivery of a mail?", _report),
    Rule("confirm", "Does the registered address answer our question?", _confirm),
    Rule("agent", "Does an agent write, with the own key and proved?", _agent),
    Rule("brought", "Does a proved agent open a ticket for a customer, or ask for help?", _brought),
    Rule("spam", "Did a trusted hop mark it as spam?", _spam),
    Rule("muted", "Did an agent call mail of this sender spam?", _muted),
    Rule("automatic", "Did a program send it, in answer to us or to nobody?", automatic),
    Rule("refuted", "Is the author shown to be forged, or not one clear address?", _refuted),
    Rule("agent-key", "Is it the key of an agent, in doubtful hands?", _agent_key),
    Rule("reply", "May the author write in the ticket it belongs to?", _reply),
    Rule("at-once", "Does the requester's domain answer our receipt sooner than people do?", answers_at_once),
    Rule("retired", "Does this address take no tickets any more?", _retired),
    Rule("repeated-text", "Did the author say the same within the hour?", _repeated_text),
    Rule("agent-without-key", "Does it claim to be an agent without the agent's key?", _agent_without_key),
    Rule("echo", "Does it go on with an open ticket of the author as only programs do?", _echo),
    Rule("ambiguous", "Is the address registered to several accounts, and one is touched?", _ambiguous),
    Rule("other-account", "Does it give the number of somebody else's account?", _other_account),
    Rule("matrix", "What does the rule say to this kind of request from this author?", _matrix),
)
