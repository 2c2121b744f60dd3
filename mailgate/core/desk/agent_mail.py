"""What follows from an agent's mail: an answer to everybody who takes part, or a note for colleagues (AG-01 to AG-05).

    own new text ─► commands ─► guard ─► answer or note ─► colleagues hear of it ─► the agent hears what came of it

The decision has shown that the agent wrote it, by the own key. A mail that cannot be carried out whole changes nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime

from mailgate.core.desk import notify
from mailgate.core.desk.agent_commands import (
    account_of,
    as_values,
    asks_for_help,
    ends_in_silence,
    obey,
    with_files,
    wrong_with,
)
from mailgate.core.desk.attachments import name_of, passed_on, share
from mailgate.core.desk.carry_out import Done
from mailgate.core.desk.case import Agent, Case
from mailgate.core.desk.closing import closing, says_nothing
from mailgate.core.desk.command import read_block
from mailgate.core.desk.command_kinds import BadLine, Block, Help, Note, Wrong
from mailgate.core.desk.decision import AgentActs
from mailgate.core.desk.draft import Draft
from mailgate.core.desk.guard import Leak, guard_of
from mailgate.core.desk.handover import Background, Said, concerned, hand_over
from mailgate.core.desk.inform import to_agents, topic_of
from mailgate.core.desk.key import message_id, root_id
from mailgate.core.desk.news import Happened, outsiders, recipients, tell_agents
from mailgate.core.desk.notice import Attached, Notice, Template, Value
from mailgate.core.desk.pin import hide_pins
from mailgate.core.desk.plan import ClockStopped, EntryAdded, FlagCleared, KeyIssued, Plan, StateChanged
from mailgate.core.desk.result import help_page, result
from mailgate.core.desk.ticket import ClockName, Entry, EntryKind, Flag, Purpose, Ticket, TicketState
from mailgate.core.mail.mail import Mailbox
from mailgate.core.who.address import canonical

_DONE = {ClockName.ACKNOWLEDGE: "acknowledged", ClockName.RESPOND: "responded"}
_LATE = {ClockName.ACKNOWLEDGE: Flag.UNACKNOWLEDGED, ClockName.RESPOND: Flag.RESPONSE_OVERDUE}
_MOST_REFERENCES = 10


@dataclass(slots=True)
class _Work:
    """An agent's mail while it is carried out. `ticket` is as it stands after the commands."""

    draft: Draft
    agent: Agent
    ticket: Ticket
    text: str
    attachments: tuple[Attached, ...]
    told: dict[str, Value] = field(default_factory=dict)
    obeyed: Done | None = None
    skipped: tuple[str, ...] = ()

    @property
    def case(self) -> Case:
        return self.draft.case


def plan_agent_mail(draft: Draft, action: AgentActs, reason: str) -> Plan:
    """Carry an agent's mail out."""
    case = draft.case
    thread, agent = case.facts.thread, case.policy.agent(action.agent)
    assert thread is not None
    assert agent is not None
    block = read_block(hide_pins(case.mail.reply_text))
    bad = wrong_with(block, case, agent)
    public = action.public and not ends_in_silence(block)
    farewell = closing(case.mail.signature) if public else ""
    text = "\n\n".join(item for item in (block.rest.strip("\n"), farewell) if item.strip())
    files = passed_on(case)
    work = _Work(draft, agent, thread.ticket, text, files.files)
    work.told |= {"too_large": list(files.too_large), "personal": list(files.personal)}
    if bad:
        return _returned(work, "command", as_values(bad))
    if block.commands:
        _obey(work, block)
        if says_nothing(block.rest):
            work.text = ""
            if not _keep_files(work, block, public=public):
                _hand_over(work, None, work.attachments if _belong_to_note(work, block) else ())
            return (
                draft.plan("helped", reason, work.ticket.number)
                if _only_helps(block)
                else _finished(work, "command", reason)
            )
    if says_nothing(block.rest) and not work.attachments:
        return _returned(work, "empty")
    if not public:
        _note(work)
        return _finished(work, "noted", reason)
    return _answer(work, reason)


def _obey(work: _Work, block: Block) -> None:
    """Carry the commands out. Colleagues whom they concern hear of it in the end, with what stands below."""
    obeyed = obey(block, work.ticket, work.agent, work.case, work.draft.stamp.now)
    inside = _belong_to_note(work, block)
    work.draft.events.extend(with_files(obeyed.events, work.case.mail.attachments) if inside else obeyed.events)
    work.skipped = block.lines
    work.obeyed = obeyed
    work.ticket = obeyed.ticket
    work.told["done"] = [{"deed": deed.value, "value": value} for deed, value in obeyed.deeds]
    if asks_for_help(block):
        help_page(work.draft, work.agent)


def _hand_over(work: _Work, said: Said | None, files: tuple[Attached, ...]) -> set[str]:
    """Tell colleagues what the commands have for them; the names of those who have heard."""
    if work.obeyed is None:
        return set()
    case, draft = work.case, work.draft
    told = hand_over(
        replace(work.obeyed, ticket=work.ticket),
        work.agent.name,
        case.policy,
        Background(account_of(case, work.ticket), case.facts.history, files, said),
        effect=f"{case.inbound}:command",
        key=draft.key,
        now=draft.stamp.now,
    )
    draft.events.extend(told.events)
    draft.notices.extend(told.notices)
    return {agent.name for _, agents in concerned(work.obeyed, work.agent.name, case.policy) for agent in agents}


def _only_helps(block: Block) -> bool:
    """True where the page of help is all that there is to say."""
    return all(isinstance(item, Help) for item in block.commands)


def _belong_to_note(work: _Work, block: Block) -> bool:
    """True where the files of the mail are for colleagues: there is a note in it, and no answer."""
    has_note = any(isinstance(item, Note) for item in block.commands)
    return bool(work.attachments) and has_note and says_nothing(block.rest)


def _keep_files(work: _Work, block: Block, *, public: bool) -> bool:
    """Files below nothing but commands: with a note, or at its address, they stay inside; else nobody gets them.

    True where they became a note, of which colleagues have heard then.
    Not the customer: what a mail program adds by itself cannot always be told from a file that is meant to be sent.
    """
    if not work.attachments or _belong_to_note(work, block):
        return False
    if public:
        work.told["alone"] = [item.filename for item in work.attachments]
        work.attachments = ()
        return False
    _note(work)
    return True


def _undo(work: _Work) -> list[dict[str, str]]:
    """Forget what the commands did: an answer that cannot go out takes them with it. Says which were left undone."""
    thread = work.case.facts.thread
    assert thread is not None
    work.draft.events.clear()
    work.draft.notices.clear()
    work.ticket = thread.ticket
    work.told.pop("done", None)
    work.obeyed = None
    return as_values(tuple(BadLine(line, Wrong.NOT_DONE) for line in work.skipped))


def _answer(work: _Work, reason: str) -> Plan:
    """Send the text to all who take part; where it cannot be sent, it comes back to the agent with the reason."""
    people, everybody = recipients(work.ticket, work.case.policy), outsiders(work.ticket, work.case.policy)
    problem = "held" if _is_held(work.ticket) else None if people else "nobody"
    if problem is not None:
        return _returned(work, problem, _undo(work))
    department = work.case.policy.department(work.ticket.department)
    work.text = guard_of(work.case.policy).cleaned(work.text, department.addresses[0])
    found = _guarded(work)
    if found:
        leaked = [{"leak": item.secret, "value": item.shown} for item in found]
        return _returned(work, "guard", [*leaked, *_undo(work)])
    _entry(work, EntryKind.AGENT)
    leaves_at = work.draft.stamp.now + work.case.policy.undo_send
    for person in people:
        _send(work, person, leaves_at)
    _stop(work, ClockName.ACKNOWLEDGE, ClockName.RESPOND)
    if work.ticket.state in {TicketState.NEW, TicketState.OPEN}:
        _move(work, TicketState.WAITING, reason)
    _tell_colleagues(work, Happened.ANSWERED)
    work.told |= {
        "recipients": [person.address for person in people],
        "leaves_at": leaves_at.isoformat() if work.case.policy.undo_send else None,
        "ignored": _ignored(work, everybody),
        "beyond": [person.address for person in everybody[len(people) :]],
    }
    return _finished(work, "replied", reason)


def _is_held(ticket: Ticket) -> bool:
    """Held, or closed while it was: nobody may hear anything of it."""
    return ticket.state is TicketState.HELD or ticket.was_refused


def _guarded(work: _Work) -> tuple[Leak, ...]:
    """The guard over all that the agent gives: the text, and the names of files."""
    guard = guard_of(work.case.policy)
    inside = (item for item in work.case.facts.history if _is_inside(item, guard.agents))
    notes = [item.text for item in inside if not _is_own_text(item, work)]
    names = [item.filename for item in work.attachments]
    return guard.leaks("\n".join([work.text, *names]), notes=notes)


def _is_own_text(entry: Entry, work: _Work) -> bool:
    """True for this very text, kept as a note because it could not go out before, of a held ticket say."""
    return entry.author == work.agent.address and entry.text.split() == work.text.split()


def _is_inside(entry: Entry, agents: Collection[str]) -> bool:
    """True for what the desk wrote for itself: notes of agents and of the console, and records."""
    ours = entry.author in agents or "@" not in entry.author
    return entry.kind in {EntryKind.NOTE, EntryKind.SYSTEM} and ours


def _send(work: _Work, person: Mailbox, leaves_at: datetime) -> None:
    """One mail to one person, with keys of their own."""
    draft, ticket = work.draft, work.ticket
    reply, bounce = draft.key(), draft.key()
    for key, purpose in ((reply, Purpose.REPLY), (bounce, Purpose.BOUNCE)):
        draft.events.append(KeyIssued(key, ticket.number, person.address, purpose, None))
    references = _references(work, person)
    draft.notices.append(
        Notice(
            effect=f"{work.case.inbound}:{Template.REPLY}:{person.address}",
            template=Template.REPLY,
            to=person,
            language=ticket.language if ticket.language in work.case.policy.languages else notify.language(work.case),
            department=work.case.policy.department(ticket.department).name,
            ticket=ticket.number,
            message_id=message_id(reply, ticket.number, work.case.policy.domain),
            auto_submitted=None,
            subject=ticket.subject or None,
            in_reply_to=references[-1],
            references=references,
            reply_key=reply,
            bounce_key=bounce,
            values={"text": work.text},
            not_before=leaves_at,
            author=work.agent.name,
            attachments=work.attachments,
        )
    )


def _references(work: _Work, person: Mailbox) -> tuple[str, ...]:
    """The mails of that person in the ticket, oldest first; who wrote none yet gets the root of the ticket.

    Ids of other people's mails stay with them: they would tell how to write into their threads.
    """
    own = [
        item.message_id
        for item in work.case.facts.history
        if item.kind is EntryKind.CUSTOMER and item.author == person.address and item.message_id is not None
    ]
    if len(own) > _MOST_REFERENCES:
        own = [own[0], *own[1 - _MOST_REFERENCES :]]
    return tuple(own) or (root_id(work.ticket.number, work.case.policy.domain),)


def _note(work: _Work) -> None:
    """Keep the text inside. A named human has seen the ticket by that; a held one has no clocks to stop."""
    _entry(work, EntryKind.NOTE)
    if work.ticket.state is TicketState.NEW:
        _move(work, TicketState.OPEN, "note")
    if not _is_held(work.ticket):
        _stop(work, ClockName.ACKNOWLEDGE)
    _tell_colleagues(work, Happened.NOTED)
    work.told["note"] = True


def _entry(work: _Work, kind: EntryKind) -> None:
    mail = work.case.mail
    work.draft.events.append(
        EntryAdded(
            ticket=work.ticket.number,
            kind=kind,
            author=work.agent.address,
            text=work.text,
            message_id=mail.message_id,
            assurance=work.case.grade.assurance,
            attachments=mail.attachments,
        )
    )


def _stop(work: _Work, *clocks: ClockName) -> None:
    """A clock that runs has done its work, and the mark that it ran out goes."""
    for name in clocks:
        clock = work.ticket.clock(name)
        if clock.due_at is not None and clock.stopped_at is None:
            work.draft.events.append(ClockStopped(work.ticket.number, name, _DONE[name]))
            work.ticket = work.ticket.with_stopped(name, work.draft.stamp.now)
        if _LATE[name] in work.ticket.flags:
            work.draft.events.append(FlagCleared(work.ticket.number, _LATE[name], _DONE[name]))


def _move(work: _Work, after: TicketState, reason: str) -> None:
    work.draft.events.append(StateChanged(work.ticket.number, work.ticket.state, after, reason))
    work.ticket = replace(work.ticket, state=after)


def _tell_colleagues(work: _Work, what: Happened) -> None:
    """One mail for each: whom the commands concern reads there what stands below them too."""
    files, left_out = share(work.case, work.case.mail.attachments)
    said = Said(what, work.text, tuple(name_of(item) for item in left_out))
    heard = _hand_over(work, said, files)
    others = topic_of(work.ticket).agents(work.case.policy)
    only = tuple(agent for agent in others if agent.name not in heard)
    tell_agents(work.draft, what, work.ticket, work.text, but_not=work.agent.name, only=only)


def _ignored(work: _Work, people: tuple[Mailbox, ...]) -> list[str]:
    """Whom the agent wrote to beside us who do not take part: a Cc makes nobody a participant (threats TH-05)."""
    policy, mail = work.case.policy, work.case.mail
    known = {item.address for item in people} | policy.own_addresses
    named = (canonical(item.address) for item in (*mail.to, *mail.cc))
    outside = (item for item in named if item is not None and policy.agent_at(item) is None and item not in known)
    return list(dict.fromkeys(item for item in outside if not _is_keyed(item, policy.own_addresses, policy.delimiter)))


def _is_keyed(address: str, ours: frozenset[str], delimiter: str) -> bool:
    local, _, domain = address.rpartition("@")
    return f"{local.partition(delimiter)[0]}@{domain}" in ours


def _returned(work: _Work, problem: str, details: list[dict[str, str]] | None = None) -> Plan:
    """Nothing was sent; the agent hears why."""
    work.told |= {"problem": problem, "details": details or []}
    return _finished(work, "returned", f"agent-{problem}")


def _finished(work: _Work, outcome: str, reason: str) -> Plan:
    """Tell the agent what came of it, with keys to go on from there."""
    draft = work.draft
    files = [item.in_short() for item in work.attachments]
    values = result(text=work.text, files=files, held=_is_held(work.ticket)) | work.told
    told = to_agents(
        Template.RESULT,
        topic_of(work.ticket),
        [work.agent],
        work.case.policy,
        effect=f"{work.case.inbound}:{Template.RESULT}",
        values=values,
        key=draft.key,
        now=draft.stamp.now,
    )
    draft.events.extend(told.events)
    draft.notices.extend(told.notices)
    return draft.plan(outcome, reason, work.ticket.number)
