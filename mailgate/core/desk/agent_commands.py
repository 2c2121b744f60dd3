"""The commands in an agent's mail: what is wrong with them, and what they do. `agent_mail` is the mail around them."""

from dataclasses import replace
from datetime import datetime

from mailgate.core.desk.carry_out import Actor, Deed, Done, carry_out
from mailgate.core.desk.case import Agent, Case
from mailgate.core.desk.command import misplaced
from mailgate.core.desk.command_check import check
from mailgate.core.desk.command_kinds import BadLine, Block, Deny, Help, MarkSpam, Stop, Wrong
from mailgate.core.desk.plan import EntryAdded, TicketEvent
from mailgate.core.desk.recall import called_back, latest_of, recall
from mailgate.core.desk.ticket import EntryKind, Ticket, TicketState
from mailgate.core.mail.mail import Attachment
from mailgate.core.who.identity import Account


def wrong_with(block: Block, case: Case, agent: Agent) -> tuple[BadLine, ...]:
    """Every line that cannot be read or carried out; empty where all can."""
    thread = case.facts.thread
    assert thread is not None
    if block.errors:
        return block.errors
    if below := misplaced(block.rest):
        return below
    bad = check(block.commands, block.lines, thread.ticket, case.facts.known, case.policy)
    stops = (line for item, line in zip(block.commands, block.lines, strict=True) if isinstance(item, Stop))
    if latest_of(case.facts.unsent, agent.name) is None:
        bad += tuple(BadLine(line, Wrong.NOTHING_TO_STOP) for line in stops)
    return bad


def as_values(bad: tuple[BadLine, ...]) -> list[dict[str, str]]:
    """Bad lines as the template has them; the words for them are made when the mail is."""
    return [{"line": item.line, "wrong": item.wrong.value, "value": item.value, "hint": item.hint} for item in bad]


def obey(block: Block, ticket: Ticket, agent: Agent, case: Case, now: datetime) -> Done:
    """What follows from commands that nothing is wrong with. Calling back comes first: a new answer may stand below."""
    actor = Actor(agent.name, agent.address)
    answer = latest_of(case.facts.unsent, agent.name)
    if answer is None or not any(isinstance(item, Stop) for item in block.commands):
        return carry_out(block.commands, ticket, actor, case.facts.known, case.policy, now)
    recalled = recall(ticket, answer)
    if ticket.state in {TicketState.WAITING, TicketState.CLOSED}:
        ticket = replace(ticket, state=TicketState.OPEN)
    done = carry_out(block.commands, ticket, actor, case.facts.known, case.policy, now)
    return replace(
        done,
        events=(*recalled, *done.events),
        deeds=((Deed.CALLED_BACK, ", ".join(answer.recipients)), *done.deeds),
        memos=(called_back(answer),),
    )


def with_files(events: tuple[TicketEvent, ...], files: tuple[Attachment, ...]) -> tuple[TicketEvent, ...]:
    """The events with the files at the last note: what came with it belongs to it."""
    notes = [event for event in events if isinstance(event, EntryAdded) and event.kind is EntryKind.NOTE]
    return tuple(replace(event, attachments=files) if notes and event is notes[-1] else event for event in events)


def asks_for_help(block: Block) -> bool:
    """True where the page is wanted."""
    return any(isinstance(item, Help) for item in block.commands)


def ends_in_silence(block: Block) -> bool:
    """True where nobody may hear anything after the commands: what stands below them is a note."""
    return any(isinstance(item, MarkSpam | Deny) for item in block.commands)


def account_of(case: Case, ticket: Ticket) -> Account | None:
    """The account of the ticket as it stands after the commands."""
    known = (case.facts.ticket_account, case.facts.known.accounts.get(ticket.account or ""))
    return next((item for item in known if item is not None and item.number == ticket.account), None)
