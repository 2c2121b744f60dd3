"""A plan: what happens to the ticket, and which mails are owed. Values only; `store.apply` carries it out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mailgate.core.desk.notice import Notice
from mailgate.core.desk.takes import NotTaken
from mailgate.core.desk.ticket import (
    ClockName,
    EntryKind,
    Flag,
    ParticipantRole,
    Purpose,
    TicketState,
)
from mailgate.core.mail.gate import Pool
from mailgate.core.mail.mail import Attachment, Mailbox
from mailgate.core.who.evidence import Assurance
from mailgate.core.who.request import Priority, RequestKind


@dataclass(frozen=True, slots=True)
class Stamp:
    """All that the input does not determine: the time (UTC), the next ticket number, and fresh keys (26 characters).

    The same case and stamp give the same plan.
    """

    now: datetime
    number: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TicketOpened:
    """A new ticket, with its requester as first participant."""

    ticket: int
    state: TicketState
    subject: str
    department: str
    priority: Priority
    language: str
    account: str | None
    requester: Mailbox
    assurance: Assurance
    request_kind: RequestKind
    held_reason: str | None = None
    linked_to: int | None = None
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryAdded:
    """A message or note in a ticket; of its `attachments` the department did not take those of `not_taken`.

    `answers` are the foreign Message-IDs that it answers.
    """

    ticket: int
    kind: EntryKind
    author: str
    text: str
    message_id: str | None
    assurance: Assurance | None
    attachments: tuple[Attachment, ...] = ()
    not_taken: tuple[NotTaken, ...] = ()
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StateChanged:
    """A ticket moves on; `reason` is one of docs/policy.md."""

    ticket: int
    before: TicketState
    after: TicketState
    reason: str


@dataclass(frozen=True, slots=True)
class AssuranceRaised:
    """A request was confirmed by the registered address, or by an agent."""

    ticket: int
    assurance: Assurance
    reason: str


@dataclass(frozen=True, slots=True)
class AccountSet:
    """A ticket belongs to an account now: the one whose contact or PIN answered for it, or that an agent named.

    `before` is the account that it had, None for none.
    """

    ticket: int
    account: str
    before: str | None = None


@dataclass(frozen=True, slots=True)
class AssigneeSet:
    """An agent works on it from now on."""

    ticket: int
    agent: str


@dataclass(frozen=True, slots=True)
class PrioritySet:
    """It is more or less urgent than it was."""

    ticket: int
    priority: Priority


@dataclass(frozen=True, slots=True)
class DepartmentSet:
    """Another department takes over."""

    ticket: int
    department: str


@dataclass(frozen=True, slots=True)
class WaitSet:
    """A waiting ticket is open again at that time."""

    ticket: int
    until: datetime


@dataclass(frozen=True, slots=True)
class TicketMerged:
    """A ticket became part of another: what comes for it later goes there."""

    ticket: int
    into: int


@dataclass(frozen=True, slots=True)
class SenderMuted:
    """Nothing is done with mail of this (canonical) address any more, until it is heard again."""

    ticket: int
    address: str


@dataclass(frozen=True, slots=True)
class SenderHeard:
    """The address is no longer muted."""

    ticket: int
    address: str


@dataclass(frozen=True, slots=True)
class ClockStarted:
    """A clock runs; it is flagged when it has not stopped by `due_at`.

    That is when it has counted `allowance` in the calendar of that name (`""` = round the clock). See `clock.start`.
    `again` where what had stopped it turned out undone: the moment of that is taken back. With `since` it then goes on
    as if it had never stopped.
    """

    ticket: int
    clock: ClockName
    due_at: datetime
    allowance: timedelta | None = None
    calendar: str = ""
    again: bool = False
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClockStopped:
    """A clock has done its work."""

    ticket: int
    clock: ClockName
    reason: str


@dataclass(frozen=True, slots=True)
class FlagSet:
    """A ticket is marked."""

    ticket: int
    flag: Flag
    reason: str


@dataclass(frozen=True, slots=True)
class FlagCleared:
    """A mark is taken off."""

    ticket: int
    flag: Flag
    reason: str


@dataclass(frozen=True, slots=True)
class ParticipantAdded:
    """Somebody takes part from now on."""

    ticket: int
    mailbox: Mailbox
    role: ParticipantRole
    added_by: str


@dataclass(frozen=True, slots=True)
class KeyIssued:
    """A key of one person for one purpose in one ticket."""

    key: str
    ticket: int
    person: str
    purpose: Purpose
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeyUsed:
    """A single-use key was used; `fact` is what for."""

    key: str
    ticket: int
    fact: str


@dataclass(frozen=True, slots=True)
class Referred:
    """A second copy reached another department: the one ticket is shown there too."""

    ticket: int
    department: str


@dataclass(frozen=True, slots=True)
class PinTried:
    """A support PIN was given for an account: `step` is the RFC 6238 time step it matched, None where it was wrong."""

    ticket: int | None
    account: str
    step: int | None


@dataclass(frozen=True, slots=True)
class MailUndelivered:
    """A mail of ours did not arrive: it bounced, or the next hop refused it for good. `mail` is its outbox id."""

    ticket: int
    mail: int
    template: str
    to: str
    why: str


@dataclass(frozen=True, slots=True)
class BreakerOpen:
    """So many automatic mails of one pool went out within the hour that the desk sends no more; `first` says it."""

    pool: Pool
    used: int
    first: bool


@dataclass(frozen=True, slots=True)
class BreakerClosed:
    """For an hour nothing of a pool was withheld because of the breaker; so many mails were before."""

    pool: Pool
    withheld: int


@dataclass(frozen=True, slots=True)
class NoticeWithheld:
    """The gate for automatic mail said no; the reason is one of docs/policy.md."""

    ticket: int | None
    template: str
    to: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReplyRecalled:
    """An answer is called back before it left: all of its mails, named by the mail in which the agent wrote it.

    Where one of them has left meanwhile nothing is changed, and the plan is made again.
    """

    ticket: int
    inbound: str
    agent: str


# What people of the desk do with a ticket as a whole; `store.change` carries these out.
TicketChange = (
    ReplyRecalled | AssigneeSet | PrioritySet | DepartmentSet | WaitSet | TicketMerged | SenderMuted | SenderHeard
)

TicketEvent = (
    TicketOpened
    | EntryAdded
    | StateChanged
    | AssuranceRaised
    | AccountSet
    | TicketChange
    | ClockStarted
    | ClockStopped
    | FlagSet
    | FlagCleared
    | ParticipantAdded
    | KeyIssued
    | KeyUsed
    | Referred
    | PinTried
    | MailUndelivered
    | BreakerOpen
    | BreakerClosed
    | NoticeWithheld
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What follows from a decision: events in order, and the mails owed. `outcome` is the word of `message list`."""

    outcome: str
    reason: str
    ticket: int | None
    events: tuple[TicketEvent, ...] = ()
    notices: tuple[Notice, ...] = ()
