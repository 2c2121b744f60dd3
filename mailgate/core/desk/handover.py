"""Whom commands concern beside the one who gave them: colleagues get a note, a ticket that was moved or assigned.

One mail a colleague, with keys of their own, whatever the block held, and the answer or note below it too. Needs no
mail: the command line tells them too.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from mailgate.core.desk.carry_out import Done
from mailgate.core.desk.case import Agent, Policy
from mailgate.core.desk.inform import Told, to_agents, topic_of
from mailgate.core.desk.news import MOST_TEXT, Happened, history_of, person, products_of, recipients
from mailgate.core.desk.notice import Attached, Template, Value
from mailgate.core.desk.pin import hide_pins
from mailgate.core.desk.ticket import ClockName, Entry, EntryKind, Flag, Ticket, TicketState
from mailgate.core.who.identity import Account

_DUE = {ClockName.ACKNOWLEDGE: "acknowledge_by", ClockName.RESPOND: "respond_by"}


@dataclass(frozen=True, slots=True)
class Said:
    """What stands below the commands: ANSWERED or NOTED, and names of files that would make the mail too large."""

    what: Happened
    text: str
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Background:
    """What a colleague needs beside the ticket: its account, its latest entries, oldest first, what was said, files."""

    account: Account | None = None
    history: tuple[Entry, ...] = field(default=())
    files: tuple[Attached, ...] = ()
    said: Said | None = None


def hand_over(
    done: Done,
    actor: str,
    policy: Policy,
    background: Background,
    *,
    effect: str,
    key: Callable[[], str],
    now: datetime,
) -> Told:
    """Tell the colleagues of `actor` what they have to know of what was done."""
    told = Told((), ())
    for what, agents in concerned(done, actor, policy):
        values = _values(done.ticket, what, actor, policy, background, done)
        one = to_agents(
            Template.NEWS,
            topic_of(done.ticket),
            agents,
            policy,
            effect=f"{effect}:{what}",
            values=values,
            key=key,
            now=now,
            attachments=background.files,
        )
        told = Told((*told.events, *one.events), (*told.notices, *one.notices))
    return told


def woken(ticket: Ticket, policy: Policy, background: Background, *, key: Callable[[], str], now: datetime) -> Told:
    """Tell whoever works on a ticket that its waiting time is over; its department where nobody does."""
    assignee = policy.agent(ticket.assignee) if ticket.assignee is not None else None
    open_again = replace(ticket, state=TicketState.OPEN, wait_until=None)
    until = ticket.wait_until.isoformat() if ticket.wait_until is not None else ""
    return to_agents(
        Template.NEWS,
        topic_of(ticket),
        [assignee] if assignee is not None else topic_of(ticket).agents(policy),
        policy,
        effect=f"{ticket.number}:{until}:{Happened.WOKEN}",
        values=_values(open_again, Happened.WOKEN, "", policy, background),
        key=key,
        now=now,
    )


def concerned(done: Done, actor: str, policy: Policy) -> list[tuple[Happened, list[Agent]]]:
    """Each colleague once, by what concerns them most: their own work first, then their department's, then a note."""
    assigned = [policy.agent(done.assigned)] if done.assigned is not None and done.assigned != actor else []
    groups: list[tuple[Happened, list[Agent]]] = [(Happened.ASSIGNED, [item for item in assigned if item is not None])]
    department = list(topic_of(done.ticket).agents(policy))
    groups.append((Happened.MOVED, department if done.moved else []))
    groups.append((Happened.NOTED, department if done.notes or done.memos else []))
    seen = {actor}
    found: list[tuple[Happened, list[Agent]]] = []
    for what, agents in groups:
        new = [item for item in agents if item.name not in seen]
        seen.update(item.name for item in new)
        found.append((what, new))
    return found


def _values(
    ticket: Ticket, what: Happened, actor: str, policy: Policy, background: Background, done: Done | None = None
) -> dict[str, Value]:
    account = background.account
    due: dict[str, Value] = dict.fromkeys(_DUE.values())
    for clock in ticket.clocks:
        if clock.name in _DUE and clock.due_at is not None and clock.stopped_at is None:
            due[_DUE[clock.name]] = clock.due_at.isoformat()
    return {
        "what": what.value,
        "agent": actor,
        "held": ticket.state is TicketState.HELD,
        "held_reason": ticket.held_reason,
        "closed": ticket.state is TicketState.CLOSED,
        "requester": person(ticket.requester),
        "author": person(ticket.requester),
        "author_kind": "registered" if account is not None else "stranger",
        "role": None,
        "assurance": ticket.assurance.value,
        "why": "",
        "lookalike_of": None,
        "account": ticket.account,
        "account_name": account.name if account is not None else "",
        "products": list(products_of(account)),
        "named": [],
        "kind": ticket.request_kind.value,
        "priority": ticket.priority.value,
        "missing": [],
        "flags": [flag.value for flag in ticket.flags if flag is not Flag.UNPROVED],
        "linked_to": ticket.linked_to,
        "joined": None,
        "assignee": ticket.assignee,
        **due,
        "recipients": [item.address for item in recipients(ticket, policy)],
        "files": [item.in_short() for item in background.files],
        "withheld": [],
        **_words(background, done, policy),
    }


def _words(background: Background, done: Done | None, policy: Policy) -> dict[str, Value]:
    """What was written: below the commands, else in notes, else last by the customer; the rest is what was before."""
    said, history = background.said, background.history
    memos = list(done.memos) if done is not None else []
    notes = "\n\n".join(done.notes) if done is not None else ""
    text, note = (said.text, notes) if said is not None else (notes, "")
    if said is None and not notes and not memos:
        asked = next((item for item in reversed(history) if item.kind is EntryKind.CUSTOMER), None)
        text = asked.text if asked is not None else ""
        history = tuple(item for item in history if item is not asked)
    return {
        "then": said.what.value if said is not None else None,
        "memos": memos,
        "note": hide_pins(note),
        "text": hide_pins(text)[:MOST_TEXT],
        "cut": len(text) > MOST_TEXT,
        "left_out": list(said.left_out) if said is not None else [],
        "history": history_of(history, policy),
    }
