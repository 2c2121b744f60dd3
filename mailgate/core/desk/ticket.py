"""A ticket, its entries and its people, as values."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from mailgate.core.mail.mail import Attachment, Mailbox
from mailgate.core.who.evidence import Assurance
from mailgate.core.who.request import Priority, RequestKind


class TicketState(StrEnum):
    """`held → new → open → waiting → closed`; a reply reopens within the grace time."""

    HELD = "held"
    NEW = "new"
    OPEN = "open"
    WAITING = "waiting"
    CLOSED = "closed"


class Flag(StrEnum):
    """What agents should see at a glance. The first five come and go with clocks and deliveries, the rest stay."""

    RECEIPT_OVERDUE = "receipt-overdue"
    UNACKNOWLEDGED = "unacknowledged"
    RESPONSE_OVERDUE = "response-overdue"
    HELD_TOO_LONG = "held-too-long"
    UNDELIVERED = "undelivered"
    STRANGER = "stranger"
    UNPROVED = "unproved"
    LOOKALIKE = "lookalike"


class EntryKind(StrEnum):
    """Who speaks in an entry; notes and system entries never leave the desk."""

    CUSTOMER = "customer"
    AGENT = "agent"
    NOTE = "note"
    SYSTEM = "system"


class ClockName(StrEnum):
    """The three clocks of a ticket."""

    RECEIPT = "receipt"
    ACKNOWLEDGE = "acknowledge"
    RESPOND = "respond"


class Purpose(StrEnum):
    """What a key is for."""

    REPLY = "reply"
    NOTE = "note"
    CONFIRM = "confirm"
    BOUNCE = "bounce"


class ParticipantRole(StrEnum):
    """Why somebody takes part in a ticket."""

    REQUESTER = "requester"
    CONTACT = "contact"
    THIRD_PARTY = "third-party"


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock: when it is due, when it stopped, when it was flagged (UTC; None = not yet).

    It may count `allowance` in the calendar of that name (`""` = round the clock) since `started_at`, without the
    `pauses` (from, to) that are over and the one that lasts since `paused_since`.
    """

    name: ClockName
    due_at: datetime | None = None
    stopped_at: datetime | None = None
    flagged_at: datetime | None = None
    started_at: datetime | None = None
    allowance: timedelta | None = None
    calendar: str = ""
    pauses: tuple[tuple[datetime, datetime], ...] = ()
    paused_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who may write in a ticket and is written to."""

    mailbox: Mailbox
    role: ParticipantRole
    added_by: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One message or note in a ticket."""

    id: int
    kind: EntryKind
    author: str
    at: datetime
    text: str
    message_id: str | None
    assurance: Assurance | None
    inbound: str | None
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the append-only log: `actor` is an address, an agent's name, `mailgate` or `operator`."""

    at: datetime
    kind: str
    actor: str
    detail: dict[str, object]


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as it stands. `linked_to` is the ticket that it follows or stands beside.

    `merged_into` is the ticket that it became part of; `wait_until` is when a waiting one is open again; `referred` are
    further departments in which it is shown, because a copy of its mail reached them; `service_level` is its account's.
    """

    number: int
    state: TicketState
    subject: str
    department: str
    priority: Priority
    language: str
    account: str | None
    requester: Mailbox
    assurance: Assurance
    request_kind: RequestKind
    created_at: datetime
    assignee: str | None = None
    closed_at: datetime | None = None
    linked_to: int | None = None
    merged_into: int | None = None
    wait_until: datetime | None = None
    held_reason: str | None = None
    flags: tuple[Flag, ...] = ()
    clocks: tuple[Clock, ...] = ()
    participants: tuple[Participant, ...] = ()
    receipt_sent_at: datetime | None = None
    acknowledged_at: datetime | None = None
    responded_at: datetime | None = None
    referred: tuple[str, ...] = ()
    service_level: str | None = None

    def clock(self, name: ClockName) -> Clock:
        """The clock of that name; one that never started has no times."""
        return next((clock for clock in self.clocks if clock.name is name), Clock(name))

    def with_stopped(self, name: ClockName, at: datetime) -> "Ticket":
        """The ticket with that clock stopped."""
        others = (clock for clock in self.clocks if clock.name is not name)
        return replace(self, clocks=(*others, replace(self.clock(name), stopped_at=at)))

    @property
    def was_refused(self) -> bool:
        """True where it was held and closed without being released: work on it never started, nobody proved it."""
        started = self.clock(ClockName.ACKNOWLEDGE).due_at is not None
        return self.state is TicketState.CLOSED and self.held_reason is not None and not started

    def is_participant(self, address: str) -> bool:
        """True where the (canonical) address takes part."""
        return any(person.mailbox.address == address for person in self.participants)
