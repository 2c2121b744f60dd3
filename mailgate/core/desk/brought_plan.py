"""What an agent hears who brought a customer's matter, and what happens beside the ticket that is opened for it."""

from dataclasses import replace

from mailgate.core.desk.agent_commands import as_values
from mailgate.core.desk.carry_out import Actor, Deed, carry_out
from mailgate.core.desk.case import Brought, Case
from mailgate.core.desk.command_check import check
from mailgate.core.desk.command_kinds import (
    Ack,
    AddPeople,
    Assign,
    BadLine,
    Close,
    Command,
    Help,
    Move,
    Note,
    OnBehalf,
    SetPriority,
    Take,
    Wait,
    Wrong,
)
from mailgate.core.desk.draft import Draft
from mailgate.core.desk.inform import to_agents, topic_of
from mailgate.core.desk.notice import Template, Value
from mailgate.core.desk.plan import ClockStarted, ClockStopped, EntryAdded, Plan, TicketOpened
from mailgate.core.desk.result import help_page, result, tell_alone
from mailgate.core.desk.ticket import (
    Clock,
    EntryKind,
    Participant,
    ParticipantRole,
    Ticket,
    TicketState,
)
from mailgate.core.who.request import Priority

# What may stand below `!for`: the rest needs a ticket that has a past.
_POSSIBLE = (OnBehalf, Ack, AddPeople, Assign, Close, Help, Move, Note, SetPriority, Take, Wait)
_SENT = {
    Template.RECEIPT: Deed.RECEIPT_TO,
    Template.RULE: Deed.RULE_TO,
    Template.CONFIRM: Deed.ASKED,
    Template.APPROVE: Deed.ASKED,
}


def refused(draft: Draft, what: Brought, reason: str) -> Plan | None:
    """The end of a mail that opens nothing: a question for help, or what is wrong with it. None for neither."""
    bad = _bad_lines(draft.case, what)
    if not bad and what.block.commands and all(isinstance(item, Help) for item in what.block.commands):
        help_page(draft, what.agent)
        return draft.plan("helped", reason, None)
    empty = not bad and not what.block.rest.strip()
    if not bad and not empty:
        return None
    problem: dict[str, Value] = {"problem": "empty"} if empty else {"problem": "command", "details": as_values(bad)}
    tell_alone(draft, what.agent, result(**problem, text=what.block.rest))
    return draft.plan("returned", reason, None)


def _bad_lines(case: Case, what: Brought) -> tuple[BadLine, ...]:
    block, known = what.block, case.facts.known
    if block.errors or all(isinstance(item, Help) for item in block.commands):
        return block.errors
    if what.account is None:
        return tuple(
            BadLine(line, Wrong.NOT_NEW, line)
            for item, line in zip(block.commands, block.lines, strict=True)
            if not isinstance(item, Help)
        )
    account = known.accounts.get(what.account)
    if account is None or not account.contacts:
        return (BadLine(block.lines[0], Wrong.NO_ACCOUNT if account is None else Wrong.NO_CONTACT, what.account),)
    bad = [
        BadLine(line, Wrong.NOT_NEW, line)
        for item, line in zip(block.commands, block.lines, strict=True)
        if not isinstance(item, _POSSIBLE)
    ]
    others, lines = block.commands[1:], block.lines[1:]
    return (*bad, *check(others, lines, _provisional(case), known, case.policy)) if not bad else tuple(bad)


def as_asked(case: Case, what: Brought) -> Case:
    """The case with the department and priority that the agent named: the ticket is opened with them."""
    request = case.request
    for item in what.block.commands:
        if isinstance(item, SetPriority):
            request = replace(request, priority=item.priority)
        elif isinstance(item, Move):
            names = {one.name.casefold(): one.name for one in case.policy.departments}
            request = replace(request, department=names[item.department.casefold()])
    return replace(case, request=request)


def add_words(draft: Draft, number: int) -> list[tuple[Deed, str]]:
    """The agent's own words as a note, and what else the block says of the new ticket."""
    what = draft.case.facts.brought
    if what is None:
        return []
    deeds: list[tuple[Deed, str]] = []
    if what.words:
        draft.events.append(EntryAdded(number, EntryKind.NOTE, what.agent.address, what.words, None, None))
        deeds.append((Deed.NOTED, ""))
    others: tuple[Command, ...] = tuple(
        item for item in what.block.commands if not isinstance(item, OnBehalf | Move | SetPriority)
    )
    if others:
        actor, ticket = Actor(what.agent.name, what.agent.address), _opened(draft)
        done = carry_out(others, ticket, actor, draft.case.facts.known, draft.case.policy, draft.stamp.now)
        draft.events.extend(done.events)
        deeds.extend(done.deeds)
    if any(isinstance(item, Help) for item in others):
        help_page(draft, what.agent)
    return deeds


def report(draft: Draft, deeds: list[tuple[Deed, str]]) -> None:
    """Tell the agent what was opened, and to whom something is sent; with keys to go on from there."""
    what, case = draft.case.facts.brought, draft.case
    if what is None:
        return
    opened = _event(draft)
    held = opened.state is TicketState.HELD
    whose = what.account or opened.requester.address
    told = [(Deed.BROUGHT_HELD if held else Deed.BROUGHT, whose), *deeds]
    told += [(_SENT[item.template], item.to.address) for item in draft.notices if item.template in _SENT]
    values = result(done=[{"deed": deed.value, "value": value} for deed, value in told], held=held)
    mails = to_agents(
        Template.RESULT,
        topic_of(opened),
        [what.agent],
        case.policy,
        effect=f"{case.inbound}:{Template.RESULT}",
        values=values,
        key=draft.key,
        now=draft.stamp.now,
    )
    draft.events.extend(mails.events)
    draft.notices.extend(mails.notices)


def _event(draft: Draft) -> TicketOpened:
    return next(event for event in draft.events if isinstance(event, TicketOpened))


def _provisional(case: Case) -> Ticket:
    """The ticket as it will be, as far as commands look at it."""
    author = case.mail.author
    assert author is not None
    account = case.facts.identity.account
    return Ticket(
        number=0,
        state=TicketState.NEW,
        subject=case.mail.subject or "",
        department=case.request.department,
        priority=Priority.NORMAL,
        language="",
        account=account.number if account is not None else None,
        requester=author,
        assurance=case.grade.assurance,
        request_kind=case.request.kind,
        created_at=case.received_at,
        participants=(Participant(author, ParticipantRole.REQUESTER),),
    )


def _opened(draft: Draft) -> Ticket:
    """The ticket that the events so far make."""
    opened = _event(draft)
    clocks = {
        item.clock: Clock(item.clock, due_at=item.due_at) for item in draft.events if isinstance(item, ClockStarted)
    }
    for item in draft.events:
        if isinstance(item, ClockStopped):
            clocks[item.clock] = replace(clocks[item.clock], stopped_at=draft.stamp.now)
    return replace(
        _provisional(draft.case), number=opened.ticket, department=opened.department, clocks=tuple(clocks.values())
    )
