"""Carrying commands out: what they change of a ticket, all of it or nothing. Pure; mail and command line share it.

    wrong = check(block.commands, block.lines, ticket, known, policy)
    done = carry_out(block.commands, ticket, actor, known, policy, now)

The order in which commands were typed does not matter: a held ticket is released first, a state comes last.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from mailgate.core.desk import act, clock
from mailgate.core.desk.case import Policy
from mailgate.core.desk.command_check import check
from mailgate.core.desk.command_kinds import (
    Ack,
    AddPeople,
    Assign,
    Close,
    Command,
    Confirm,
    Deny,
    Help,
    MarkSpam,
    Merge,
    Move,
    Note,
    OnBehalf,
    Release,
    Reopen,
    SetAccount,
    SetPriority,
    Stop,
    Take,
    Wait,
)
from mailgate.core.desk.known import Known
from mailgate.core.desk.memo import Memo
from mailgate.core.desk.pin import hide_pins
from mailgate.core.desk.plan import (
    AccountSet,
    AssigneeSet,
    ClockStopped,
    DepartmentSet,
    EntryAdded,
    FlagCleared,
    ParticipantAdded,
    PrioritySet,
    SenderHeard,
    SenderMuted,
    StateChanged,
    TicketEvent,
    TicketMerged,
    WaitSet,
)
from mailgate.core.desk.ticket import ClockName, EntryKind, Flag, Participant, ParticipantRole, Ticket, TicketState
from mailgate.core.who.address import canonical

__all__ = ["Actor", "Deed", "Done", "Known", "carry_out", "check"]

ACKNOWLEDGED = "acknowledged"  # a ClockStopped for this reason sets `acknowledged_at`
SPAM = "spam"
"""The reason for which a ticket is closed as spam."""


class Deed(StrEnum):
    """What was done, for the result mail; each with a value: a name, a number, a time."""

    ACKNOWLEDGED = "acknowledged"
    ASSIGNED = "assigned"
    CLOSED = "closed"
    OPENED = "opened"
    HELD_AGAIN = "held-again"
    WAITS = "waits"
    WAITS_UNTIL = "waits-until"
    NOTED = "noted"
    PRIORITY = "priority"
    MOVED = "moved"
    ACCOUNT = "account"
    CONFIRMED = "confirmed"
    RELEASED = "released"
    DENIED = "denied"
    MERGED = "merged"
    JOINED = "joined"
    SPAM_CLOSED = "spam"
    MUTED = "muted"
    NOT_MUTED = "not-muted"
    HEARD = "heard"
    CALLED_BACK = "called-back"
    BROUGHT = "brought"
    BROUGHT_HELD = "brought-held"
    RECEIPT_TO = "receipt-to"
    RULE_TO = "rule-to"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the name for the log and the address that their entries carry; both are `operator` on the console."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Done:
    """What follows: events in order, what to tell the agent, and the ticket as it stands then.

    `moved` says that the agents of its new department have to hear of it, `assigned` names who has to work on it now,
    `notes` are for colleagues, and so are `memos`: what the desk says of it (`core/desk/memo.py`).
    """

    events: tuple[TicketEvent, ...]
    deeds: tuple[tuple[Deed, str], ...]
    ticket: Ticket
    moved: bool = False
    assigned: str | None = None
    notes: tuple[str, ...] = ()
    memos: tuple[str, ...] = ()


# What a ticket is and who works on it, before its state; so `!close` with `!release` does what it says.
_ORDER: tuple[type[Command], ...] = (
    SetAccount,
    SetPriority,
    Confirm,
    Release,
    Note,
    Ack,
    Take,
    Assign,
    AddPeople,
    Deny,
    Wait,
    Reopen,
    Close,
    MarkSpam,
    Move,
    Merge,
    Stop,
    Help,
    OnBehalf,
)


def carry_out(
    commands: tuple[Command, ...],
    ticket: Ticket,
    actor: Actor,
    known: Known,
    policy: Policy,
    now: datetime,
) -> Done:
    """The events of commands that `check` found nothing wrong with. `Stop`, `Help` and `OnBehalf` change no ticket."""
    work = _Work(ticket, actor, known, policy, now)
    for command in sorted(commands, key=lambda item: _ORDER.index(type(item))):
        work.do(command)
    return Done(tuple(work.events), tuple(work.deeds), work.ticket, work.moved, work.assigned, tuple(work.notes))


@dataclass(slots=True)
class _Work:
    ticket: Ticket
    actor: Actor
    known: Known
    policy: Policy
    now: datetime
    events: list[TicketEvent] = field(default_factory=list)
    deeds: list[tuple[Deed, str]] = field(default_factory=list)
    moved: bool = False
    assigned: str | None = None
    notes: list[str] = field(default_factory=list)
    acknowledged: bool = False

    @property
    def number(self) -> int:
        return self.ticket.number

    def do(self, command: Command) -> None:  # noqa: C901, PLR0912 - one case for each command, nothing else
        match command:
            case Ack():
                self._acknowledge()
                self._tell(Deed.ACKNOWLEDGED)
            case Take():
                self._assign(self.actor.name)
            case Assign():
                self._assign(_named(command.agent, (item.name for item in self.policy.agents)))
            case Close():
                self._close(f"closed by {self.actor.name}")
                self._tell(Deed.CLOSED)
            case Reopen():
                self._reopen()
            case Wait():
                self._wait(command)
            case Note():
                self._add_entry(self.number, EntryKind.NOTE, command.text)
                self.notes.append(command.text)
                self._acknowledge()
                self._tell(Deed.NOTED)
            case SetPriority():
                self.events.append(PrioritySet(self.number, command.priority))
                self.ticket = replace(self.ticket, priority=command.priority)
                self._tell(Deed.PRIORITY, command.priority.value)
            case Move():
                self._move(command)
            case SetAccount():
                self.events.append(AccountSet(self.number, command.account, self.ticket.account))
                self.ticket = replace(self.ticket, account=command.account)
                self._tell(Deed.ACCOUNT, command.account)
            case Confirm() | Release() | Deny():
                self._judge(command)
            case Merge():
                self._merge(command)
            case AddPeople():
                self._add_people(command)
            case MarkSpam():
                self._spam()
            case Stop() | Help() | OnBehalf():
                pass  # mails, not changes of the ticket: whoever reads the mail does these
            case _:
                assert_never(command)

    def _tell(self, deed: Deed, value: str = "") -> None:
        self.deeds.append((deed, value))

    def _state(self, after: TicketState, reason: str) -> None:
        if self.ticket.state is not after:
            self.events.append(StateChanged(self.number, self.ticket.state, after, reason))
            self.ticket = replace(self.ticket, state=after, wait_until=None)

    def _acknowledge(self) -> None:
        """The first act of a named human: the clock stops, and a new ticket is an open one."""
        if self.acknowledged or self.ticket.state is TicketState.HELD:
            return
        self.acknowledged = True
        self._stop(ClockName.ACKNOWLEDGE, ACKNOWLEDGED)
        self._clear(Flag.UNACKNOWLEDGED, ACKNOWLEDGED)
        if self.ticket.state is TicketState.NEW:
            self._state(TicketState.OPEN, f"{ACKNOWLEDGED} by {self.actor.name}")

    def _stop(self, name: ClockName, reason: str) -> None:
        clock = self.ticket.clock(name)
        if clock.due_at is not None and clock.stopped_at is None:
            self.events.append(ClockStopped(self.number, name, reason))
            self.ticket = self.ticket.with_stopped(name, self.now)

    def _clear(self, flag: Flag, reason: str) -> None:
        if flag in self.ticket.flags:
            self.events.append(FlagCleared(self.number, flag, reason))
            self.ticket = replace(self.ticket, flags=tuple(item for item in self.ticket.flags if item is not flag))

    def _assign(self, agent: str) -> None:
        self.events.append(AssigneeSet(self.number, agent))
        self.ticket = replace(self.ticket, assignee=agent)
        self.assigned = agent
        self._acknowledge()
        self._tell(Deed.ASSIGNED, agent)

    def _close(self, reason: str) -> None:
        self._acknowledge()
        self._state(TicketState.CLOSED, reason)
        for name in (ClockName.RECEIPT, ClockName.RESPOND):
            self._stop(name, "closed")
        self._clear(Flag.RESPONSE_OVERDUE, "closed")

    def _reopen(self) -> None:
        """A closed or waiting ticket is worked on again; one that was denied waits again, for nobody has proved it."""
        if self.ticket.was_refused:
            self._state(TicketState.HELD, f"opened again by {self.actor.name}")
            self._tell(Deed.HELD_AGAIN)
        else:
            self._acknowledge()
            self._state(TicketState.OPEN, f"opened by {self.actor.name}")
            self.events.append(clock.restart(self.policy, self.ticket, ClockName.RESPOND, self.now))
            self._tell(Deed.OPENED)
        if self.known.muted:
            address = _address(self.ticket)
            self.events.append(SenderHeard(self.number, address))
            self._tell(Deed.HEARD, address)

    def _wait(self, command: Wait) -> None:
        self._acknowledge()
        self._state(TicketState.WAITING, f"waits, says {self.actor.name}")
        if command.span is None:
            self._tell(Deed.WAITS)
            return
        until = self.now + command.span
        self.events.append(WaitSet(self.number, until))
        self.ticket = replace(self.ticket, wait_until=until)
        self._tell(Deed.WAITS_UNTIL, until.isoformat())

    def _move(self, command: Move) -> None:
        name = _named(command.department, (item.name for item in self.policy.departments))
        if name != self.ticket.department:
            self.events.append(DepartmentSet(self.number, name))
            self.ticket = replace(self.ticket, department=name)
            self.moved = True
        self._tell(Deed.MOVED, name)

    def _judge(self, command: Confirm | Release | Deny) -> None:
        """Held tickets: the same functions as `mailgate ticket release`, `confirm` and `deny`."""
        name = self.actor.name
        if isinstance(command, Deny):
            self.events.extend(act.deny(self.ticket, actor=name, reason=command.reason or "-").events)
            self.ticket = replace(self.ticket, state=TicketState.CLOSED)
            self._tell(Deed.DENIED)
            return
        reason = command.reason or "-"
        does, deed = (act.confirm, Deed.CONFIRMED) if isinstance(command, Confirm) else (act.release, Deed.RELEASED)
        self.events.extend(does(self.ticket, self.policy, actor=name, reason=reason, now=self.now).events)
        self.ticket = replace(self.ticket, state=TicketState.NEW)
        self._tell(deed)

    def _merge(self, command: Merge) -> None:
        """The ticket ends here; the other one gets who may read it anyway, and a line that says where to look."""
        target = self.known.tickets[command.into]
        self.events.append(TicketMerged(self.number, target.number))
        self._close(f"merged into {target.number} by {self.actor.name}")
        self._add_entry(target.number, EntryKind.SYSTEM, Memo.MERGED.written(number=str(self.number)))
        for person in self.ticket.participants:
            if self.known.is_contact(person.mailbox.address, target.account):
                joins = ParticipantAdded(target.number, person.mailbox, ParticipantRole.CONTACT, self.actor.name)
                self.events.append(joins)
        self._tell(Deed.MERGED, str(target.number))

    def _add_people(self, command: AddPeople) -> None:
        """For mail from now on alone: nothing that was said before is sent to them (threats TH-05)."""
        for person in command.people:
            is_contact = self.known.is_contact(person.address, self.ticket.account)
            role = ParticipantRole.CONTACT if is_contact else ParticipantRole.THIRD_PARTY
            self.events.append(ParticipantAdded(self.number, person, role, self.actor.name))
            if not self.ticket.is_participant(person.address):
                joined = Participant(person, role, self.actor.name)
                self.ticket = replace(self.ticket, participants=(*self.ticket.participants, joined))
            self._tell(Deed.JOINED, person.address)
        self._acknowledge()

    def _spam(self) -> None:
        """Registered addresses are not muted: anybody could have written the mail in their name."""
        if self.ticket.state is not TicketState.CLOSED:
            self._state(TicketState.CLOSED, SPAM)
        for name in ClockName:
            self._stop(name, SPAM)
        for flag in (Flag.UNACKNOWLEDGED, Flag.RESPONSE_OVERDUE, Flag.RECEIPT_OVERDUE, Flag.HELD_TOO_LONG):
            self._clear(flag, SPAM)
        self._tell(Deed.SPAM_CLOSED)
        address = _address(self.ticket)
        if self.known.may_mute and address:
            self.events.append(SenderMuted(self.number, address))
            self._tell(Deed.MUTED, address)
        else:
            self._tell(Deed.NOT_MUTED, address)

    def _add_entry(self, number: int, kind: EntryKind, text: str) -> None:
        words = hide_pins(text)
        self.events.append(EntryAdded(number, kind, self.actor.address, words, message_id=None, assurance=None))


def _address(ticket: Ticket) -> str:
    return canonical(ticket.requester.address) or ticket.requester.address


def _named(typed: str, names: Iterable[str]) -> str:
    """The name as the configuration spells it; `check` has seen that there is one."""
    return next(name for name in names if name.casefold() == typed.casefold())
