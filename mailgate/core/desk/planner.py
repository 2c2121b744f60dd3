"""From a decision to a plan: ticket events and the mails owed. Pure: the same case and stamp give the same plan."""

from dataclasses import replace
from typing import assert_never

from mailgate.core.desk import brought_plan, clock, notify
from mailgate.core.desk.act import closed
from mailgate.core.desk.agent_mail import plan_agent_mail
from mailgate.core.desk.attachments import sorted_for
from mailgate.core.desk.case import Case
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
    Record,
    Retired,
    Tell,
    Word,
)
from mailgate.core.desk.draft import Draft
from mailgate.core.desk.memo import Memo
from mailgate.core.desk.news import Happened, tell_agents, tell_of_copy
from mailgate.core.desk.notice import Template
from mailgate.core.desk.outgoing import why_failed
from mailgate.core.desk.overtaken import awaited_ids, take_in
from mailgate.core.desk.owe import ask, owe, tell_person, tell_status
from mailgate.core.desk.pin import hide_pins
from mailgate.core.desk.plan import (
    AccountSet,
    AssuranceRaised,
    ClockStarted,
    ClockStopped,
    EntryAdded,
    FlagCleared,
    FlagSet,
    KeyUsed,
    NoticeWithheld,
    PinTried,
    Plan,
    Referred,
    Stamp,
    StateChanged,
    TicketOpened,
)
from mailgate.core.desk.reason import SILENT
from mailgate.core.desk.thread import without_numbers
from mailgate.core.desk.ticket import ClockName, EntryKind, Flag, Ticket, TicketState
from mailgate.core.desk.undelivered import not_delivered
from mailgate.core.mail.cut import cut_size
from mailgate.core.mail.mail import Mailbox
from mailgate.core.who.address import canonical
from mailgate.core.who.evidence import Assurance
from mailgate.core.who.identity import Account

NOBODY = Mailbox("", "")


def plan(decision: Decision, case: Case, stamp: Stamp) -> Plan:  # noqa: C901 - one case for each action, nothing else
    """Carry a decision out on paper."""
    draft = Draft(case, stamp)
    action, reason = decision.action, decision.reason
    match action:
        case Ignore():
            return draft.plan("ignored", reason, None)
        case Duplicate():
            return _duplicate(draft, action, reason)
        case Open():
            return _open(draft, action, reason)
        case Hold():
            return _hold(draft, action, reason)
        case FollowUp():
            return _follow_up(draft, action, reason)
        case Confirm():
            return _confirm(draft, action, reason)
        case Bounced():
            return _bounced(draft, action, reason)
        case AgentActs():
            return plan_agent_mail(draft, action, reason)
        case AgentBrings():
            return _brought(draft, reason)
        case Retired():
            _add_wrong_pin(draft)
            owe(draft, Template.RETIRED, None, action.department)
            return draft.plan("retired", reason, None)
        case Record():
            return _record(draft, action, reason)
        case _:
            assert_never(action)


def _duplicate(draft: Draft, action: Duplicate, reason: str) -> Plan:
    if action.ticket is not None and action.refer is not None:
        draft.events.append(Referred(action.ticket, action.refer))
        tell_of_copy(draft, action.refer)
    return draft.plan("duplicate", reason, action.ticket)


def _open(draft: Draft, action: Open, reason: str) -> Plan:
    number = _new_ticket(draft, TicketState.NEW, None, action.flags, action.linked_to)
    draft.events.extend(_new_clock(draft, number, name) for name in ClockName)
    if action.tell is Tell.RECEIPT:
        owe(draft, Template.RECEIPT, number, draft.case.request.department)
    _stop_receipt_if_none_owed(draft, number)
    deeds = brought_plan.add_words(draft, number)
    _tell_of_new_ticket(draft, Happened.OPENED)
    brought_plan.report(draft, deeds)
    return draft.plan("opened", reason, number)


def _record(draft: Draft, action: Record, reason: str) -> Plan:
    """An entry, and nothing else: no clock, no notice, no change of state."""
    mail, number = draft.case.mail, action.ticket
    if number is None:
        number = _new_ticket(draft, TicketState.CLOSED, action.held_reason, action.flags, action.linked_to)
    else:
        _add_entry(
            draft, number, EntryKind.NOTE if action.as_note else EntryKind.CUSTOMER, mail.reply_text or mail.text
        )
    return draft.plan("imported", reason, number)


def _brought(draft: Draft, reason: str) -> Plan:
    """Open the ticket of the customer whom a proved agent speaks for, as it is told; or say what is wrong."""
    what = draft.case.facts.brought
    assert what is not None
    end = brought_plan.refused(draft, what, reason)
    if end is not None:
        return end
    draft.case = brought_plan.as_asked(draft.case, what)
    return _open(draft, Open(Tell.RECEIPT, flags=(Flag.UNPROVED,)), reason)


def _hold(draft: Draft, action: Hold, reason: str) -> Plan:
    number = _new_ticket(draft, TicketState.HELD, reason, action.flags, action.linked_to)
    department = draft.case.request.department
    draft.events.append(_new_clock(draft, number, ClockName.RECEIPT))
    if action.tell is Tell.RULE:
        owe(draft, Template.RULE, number, department)
    elif action.tell is Tell.RECEIPT:
        owe(draft, Template.RECEIPT, number, department, held=bool(action.confirm_by))
    for contact in action.confirm_by:
        ask(draft, number, Mailbox(contact.name, contact.address), action.account)
    _stop_receipt_if_none_owed(draft, number)
    deeds = brought_plan.add_words(draft, number)
    if reason not in SILENT:
        _tell_of_new_ticket(draft, Happened.HELD)
    brought_plan.report(draft, deeds)
    return draft.plan("held", reason, number)


def _tell_of_new_ticket(draft: Draft, what: Happened) -> None:
    opened = next(event for event in draft.events if isinstance(event, TicketOpened))
    by = draft.case.facts.brought
    tell_agents(draft, what, opened, hide_pins(draft.case.mail.text), but_not=by.agent.name if by else None)


def _new_ticket(
    draft: Draft,
    state: TicketState,
    held_reason: str | None,
    flags: tuple[Flag, ...],
    linked_to: int | None,
) -> int:
    """Open a ticket with the mail as its first entry.

    It stands without the account that it only names, or whose author is refuted: naming is no right.
    """
    case, number = draft.case, draft.stamp.number
    account = _account(case)
    request = case.request
    draft.events.append(
        TicketOpened(
            ticket=number,
            state=state,
            subject=without_numbers(hide_pins(case.mail.subject or ""), case.policy.subject_tag),
            department=request.department,
            priority=request.priority,
            language=notify.language(case),
            account=account.number if account is not None else None,
            requester=_requester(case),
            assurance=case.grade.assurance,
            request_kind=request.kind,
            held_reason=held_reason,
            linked_to=linked_to,
            flags=flags,
        )
    )
    _add_pin(draft, number)
    _add_entry(draft, number, EntryKind.CUSTOMER, case.mail.text)
    return number


def _account(case: Case) -> Account | None:
    """The account that a new ticket belongs to."""
    return case.facts.identity.account if case.grade.assurance is not Assurance.REFUTED else None


def _add_pin(draft: Draft, number: int) -> None:
    """Count a support PIN: a right one is used up, a wrong one counts against each account that it was tried for."""
    pin = draft.case.facts.pin
    if pin is None:
        return
    if pin.account is not None and pin.step is not None:
        draft.events.append(PinTried(number, pin.account.number, pin.step))
        return
    _add_guesses(draft, number)


def _add_wrong_pin(draft: Draft) -> None:
    """Where there is no ticket a PIN is not used up, but guessing counts: the notice could tell a right one."""
    pin = draft.case.facts.pin
    if pin is not None and pin.step is None:
        _add_guesses(draft, None)


def _add_guesses(draft: Draft, number: int | None) -> None:
    pin = draft.case.facts.pin
    if pin is not None and not pin.spent:
        tried = pin.tried or (() if pin.blocked else ("",))
        draft.events.extend(PinTried(number, account, None) for account in tried)


def _requester(case: Case) -> Mailbox:
    """The author, with the address in the form it is compared in where it has one."""
    author = case.mail.author or NOBODY
    return Mailbox(author.name, canonical(author.address) or author.address)


def _add_entry(draft: Draft, number: int, kind: EntryKind, text: str) -> None:
    case, thread = draft.case, draft.case.facts.thread
    known = thread is not None and thread.ticket.number == number
    department = thread.ticket.department if thread is not None and known else case.request.department
    draft.events.append(
        EntryAdded(
            ticket=number,
            kind=kind,
            author=_requester(case).address,
            text=hide_pins(text),
            message_id=case.mail.message_id,
            assurance=case.grade.assurance,
            attachments=case.mail.attachments,
            not_taken=sorted_for(case, department).refused,
            answers=awaited_ids(case) if kind is EntryKind.CUSTOMER else (),
        )
    )
    if (size := cut_size(case.mail, case.transport)) is not None:
        words = Memo.CUT.written(size=f"{size / 2**20:.1f}")
        note = EntryAdded(number, EntryKind.SYSTEM, "mailgate", words, message_id=None, assurance=None)
        draft.events.append(note)


def _new_clock(draft: Draft, number: int, name: ClockName) -> ClockStarted:
    """Start a clock of the ticket that the mail opens."""
    case = draft.case
    account = _account(case)
    return clock.start(
        case.policy,
        number,
        name,
        department=case.request.department,
        priority=case.request.priority,
        level=account.service_level if account is not None else None,
        now=draft.stamp.now,
    )


def _stop_receipt_if_none_owed(draft: Draft, number: int) -> None:
    """Where nothing is owed to the requester, the receipt clock has nothing to wait for."""
    requester = _requester(draft.case).address
    if not any(notice.to.address == requester and notice.pool is not None for notice in draft.notices):
        withheld = (item.reason for item in draft.events if isinstance(item, NoticeWithheld))
        draft.events.append(ClockStopped(number, ClockName.RECEIPT, next(withheld, "none-owed")))


def _follow_up(draft: Draft, action: FollowUp, reason: str) -> Plan:
    case, number = draft.case, action.ticket
    kind = EntryKind.NOTE if action.as_note else EntryKind.CUSTOMER
    _add_entry(draft, number, kind, case.mail.reply_text or case.mail.text)
    draft.events.extend(FlagSet(number, flag, reason) for flag in action.flags)
    _add_pin(draft, number)
    thread = case.facts.thread
    known = (thread.ticket if thread is not None else None, case.facts.echoes)
    ticket = next((item for item in known if item is not None and item.number == number), None)
    if action.word is not None and ticket is not None:
        return _customers_word(draft, action.word, ticket, reason)
    if action.releases and ticket is not None:
        _release(draft, ticket, case.grade.assurance, case.grade.why, reason)
    if action.reopens and ticket is not None:
        draft.events.append(StateChanged(number, ticket.state, TicketState.OPEN, reason))
    if not action.as_note and ticket is not None:
        clocks = (clock.restart(case.policy, ticket, name, draft.stamp.now) for name in _clocks_of_an_answer(ticket))
        draft.events.extend(clocks)
    joined = take_in(draft, ticket) if ticket is not None else None
    if ticket is not None and not case.mail.automatic.is_automatic and case.mail.report is None:
        what = Happened.RELEASED if action.releases else Happened.FOLLOW_UP
        tell_agents(draft, what, ticket, hide_pins(case.mail.reply_text or case.mail.text), joined=joined)
    return draft.plan(_outcome_on_ticket(case), reason, number)


def _customers_word(draft: Draft, word: Word, ticket: Ticket, reason: str) -> Plan:
    """Close the ticket, or say how far it is; agents hear of it, for more may stand below the word."""
    if word is Word.CLOSE and ticket.state is not TicketState.CLOSED:
        events, ticket = closed(ticket, "closed by the customer")
        draft.events.extend(events)
    tell_status(draft, ticket)
    tell_agents(draft, Happened.FOLLOW_UP, ticket, hide_pins(draft.case.mail.reply_text))
    return draft.plan("followed-up", reason, ticket.number)


def _bounced(draft: Draft, action: Bounced, reason: str) -> Plan:
    """The report is a note on the ticket, and the ticket comes back to the agents."""
    case, facts = draft.case, draft.case.facts
    assert case.mail.report is not None
    assert facts.reported is not None
    assert facts.thread is not None
    mail = facts.reported.mail
    _add_entry(draft, action.ticket, EntryKind.NOTE, case.mail.text)
    why, now = why_failed(case.mail.report, mail), draft.stamp.now
    events, notices = not_delivered(
        facts.thread.ticket, mail, why, case.policy, facts.other_addresses, now=now, key=draft.key
    )
    draft.events += events
    draft.notices += notices
    return draft.plan("report", reason, action.ticket)


def _outcome_on_ticket(case: Case) -> str:
    if case.mail.report is not None:
        return "report"
    return "automatic" if case.mail.automatic.is_automatic else "followed-up"


def _clocks_of_an_answer(ticket: Ticket) -> tuple[ClockName, ...]:
    """A customer's answer starts the respond clock anew once it had stopped; a held ticket waits for its release.

    An imported ticket never had clocks: an answer makes it work for people, who have to take notice of it too.
    """
    respond = ticket.clock(ClockName.RESPOND)
    if ticket.state is TicketState.HELD or (respond.due_at is not None and respond.stopped_at is None):
        return ()
    return (ClockName.RESPOND,) if respond.due_at is not None else (ClockName.ACKNOWLEDGE, ClockName.RESPOND)


def _confirm(draft: Draft, action: Confirm, reason: str) -> Plan:
    thread = draft.case.facts.thread
    assert thread is not None
    ticket = thread.ticket
    text = hide_pins(draft.case.mail.reply_text or draft.case.mail.text)
    _add_entry(draft, ticket.number, EntryKind.NOTE, text)
    if action.answer is Answer.YES:
        draft.events.append(KeyUsed(action.key, ticket.number, "confirmed"))
        _release(draft, ticket, Assurance.CONFIRMED, f"confirmed by {action.person}", reason)
        tell_person(draft, Template.CONFIRMED, ticket)
        tell_agents(draft, Happened.RELEASED, ticket, text)
        return draft.plan("confirmed", reason, ticket.number)
    if action.answer is Answer.NO:
        draft.events.append(KeyUsed(action.key, ticket.number, "denied"))
        draft.events.append(StateChanged(ticket.number, ticket.state, TicketState.CLOSED, "denied"))
        draft.events.append(ClockStopped(ticket.number, ClockName.RECEIPT, "denied"))
        tell_person(draft, Template.DENIED, ticket)
        tell_agents(draft, Happened.DENIED, ticket, text)
        return draft.plan("denied", reason, ticket.number)
    if action.answer is Answer.LATE:
        draft.events.append(KeyUsed(action.key, ticket.number, "expired"))
        tell_person(draft, Template.EXPIRED, ticket)
    tell_agents(draft, Happened.FOLLOW_UP, ticket, text)
    return draft.plan("followed-up", reason, ticket.number)


def _release(draft: Draft, ticket: Ticket, assurance: Assurance, why: str, reason: str) -> None:
    """A held ticket becomes a new one; only now do its acknowledge and respond clocks start.

    A stranger's ticket belongs to the account that answered for it from now on: agents see for whom they work.
    """
    account = draft.case.facts.identity.account
    draft.events.append(AssuranceRaised(ticket.number, assurance, why))
    if Flag.UNPROVED in ticket.flags:
        draft.events.append(FlagCleared(ticket.number, Flag.UNPROVED, reason))
    if ticket.account is None and account is not None:
        draft.events.append(AccountSet(ticket.number, account.number))
    draft.events.append(StateChanged(ticket.number, ticket.state, TicketState.NEW, reason))
    if account is not None and ticket.account in {None, account.number}:
        ticket = replace(ticket, service_level=account.service_level)
    for name in (ClockName.ACKNOWLEDGE, ClockName.RESPOND):
        draft.events.append(clock.restart(draft.case.policy, ticket, name, draft.stamp.now))
