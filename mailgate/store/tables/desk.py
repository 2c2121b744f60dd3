"""Tables of tickets and all that belongs to one."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from mailgate.core.desk.ticket import ClockName, EntryKind, Flag, ParticipantRole, Purpose, TicketState
from mailgate.core.who.evidence import Assurance
from mailgate.core.who.request import Priority, RequestKind
from mailgate.store.tables.base import CleanJson, CleanText, Row, one_of

_RUNNING = text("stopped_at IS NULL AND flagged_at IS NULL")
_ESCALATING = text("step_at IS NOT NULL")
_STALE = text("stale_since IS NOT NULL")


class TicketRow(Row, table=True):
    """A ticket as it stands; what happened to it is in `event`."""

    __tablename__ = "ticket"
    __table_args__ = (
        one_of("state", TicketState),
        one_of("priority", Priority),
        one_of("assurance", Assurance),
        one_of("request_kind", RequestKind),
        Index("ix_ticket_state", "state"),
    )

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    state: str = Field(sa_type=CleanText)
    subject: str = Field(sa_type=CleanText)
    department: str = Field(sa_type=CleanText, index=True)
    priority: str = Field(sa_type=CleanText)
    language: str = Field(sa_type=CleanText)
    account: str | None = Field(default=None, sa_type=CleanText, foreign_key="account.number", index=True)
    requester: str = Field(sa_type=CleanText, index=True)
    requester_name: str = Field(sa_type=CleanText)
    assurance: str = Field(sa_type=CleanText)
    request_kind: str = Field(sa_type=CleanText)
    assignee: str | None = Field(default=None, sa_type=CleanText)
    created_at: datetime
    closed_at: datetime | None = None
    linked_to: int | None = Field(default=None, foreign_key="ticket.number", index=True)
    merged_into: int | None = None  # a ticket; no foreign key, for SQLite would rebuild the table to get one
    wait_until: datetime | None = None
    held_reason: str | None = Field(default=None, sa_type=CleanText)
    receipt_sent_at: datetime | None = None
    acknowledged_at: datetime | None = None
    responded_at: datetime | None = None


class MutedRow(Row, table=True):
    """An address whose mail is held in silence, because an agent called it spam in that ticket."""

    __tablename__ = "muted"

    address: str = Field(sa_type=CleanText, primary_key=True)
    ticket: int = Field(foreign_key="ticket.number", index=True)
    by: str = Field(sa_type=CleanText)
    at: datetime


class TicketDepartmentRow(Row, table=True):
    """A further department in which a ticket is shown, because a copy of its mail reached it."""

    __tablename__ = "ticket_department"

    ticket: int = Field(primary_key=True, foreign_key="ticket.number")
    department: str = Field(sa_type=CleanText, primary_key=True, index=True)
    at: datetime


class ClockRow(Row, table=True):
    """One of the three clocks of a ticket.

    `allowance` is in seconds, `calendar` a name; `pauses` are (from, to) as ISO 8601, `paused_since` one that lasts.
    `stale_since` says that the due time has to be reckoned again, for what it follows from has changed. `step` is the
    next one of an escalation, due at `step_at`.
    """

    __tablename__ = "clock"
    __table_args__ = (
        one_of("name", ClockName),
        Index("ix_clock_running", "due_at", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
        Index("ix_clock_escalating", "step_at", sqlite_where=_ESCALATING, postgresql_where=_ESCALATING),
        Index("ix_clock_stale", "ticket", sqlite_where=_STALE, postgresql_where=_STALE),
    )

    ticket: int = Field(primary_key=True, foreign_key="ticket.number")
    name: str = Field(sa_type=CleanText, primary_key=True)
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None = None
    flagged_at: datetime | None = None
    allowance: float | None = None
    calendar: str | None = Field(default=None, sa_type=CleanText)
    pauses: list[list[str]] | None = Field(default=None, sa_type=CleanJson)
    paused_since: datetime | None = None
    stale_since: datetime | None = None
    step: int | None = None
    step_at: datetime | None = None


class FlagRow(Row, table=True):
    """A mark on a ticket; taken off by deleting the row."""

    __tablename__ = "flag"
    __table_args__ = (one_of("flag", Flag),)

    ticket: int = Field(primary_key=True, foreign_key="ticket.number")
    flag: str = Field(sa_type=CleanText, primary_key=True, index=True)
    set_at: datetime
    reason: str = Field(sa_type=CleanText)


class ParticipantRow(Row, table=True):
    """Somebody who takes part in a ticket; the address is canonical."""

    __tablename__ = "participant"
    __table_args__ = (one_of("role", ParticipantRole),)

    ticket: int = Field(primary_key=True, foreign_key="ticket.number")
    address: str = Field(sa_type=CleanText, primary_key=True, index=True)
    name: str = Field(sa_type=CleanText)
    role: str = Field(sa_type=CleanText)
    added_by: str = Field(sa_type=CleanText)
    added_at: datetime


class EntryRow(Row, table=True):
    """One message or note. `attachments` describe parts of the raw mail; their bytes stay there."""

    __tablename__ = "entry"
    __table_args__ = (
        one_of("kind", EntryKind),
        one_of("assurance", Assurance),  # a check holds where the column is NULL
        Index("ix_entry_ticket_id", "ticket", "id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    ticket: int = Field(foreign_key="ticket.number")
    kind: str = Field(sa_type=CleanText)
    author: str = Field(sa_type=CleanText)
    at: datetime
    text: str = Field(sa_type=CleanText)
    message_id: str | None = Field(default=None, sa_type=CleanText, index=True)
    assurance: str | None = Field(default=None, sa_type=CleanText)
    inbound: str | None = Field(default=None, sa_type=CleanText, foreign_key="inbound.id", index=True)
    attachments: list[dict[str, Any]] = Field(sa_type=CleanJson)


class AwaitedRow(Row, table=True):
    """A mail that an entry of the ticket answers and that was not here then; its Message-ID, without brackets."""

    __tablename__ = "awaited"

    message_id: str = Field(sa_type=CleanText, primary_key=True)
    ticket: int = Field(primary_key=True, foreign_key="ticket.number", index=True)


class EventRow(Row, table=True):
    """One line of the log. Append-only: triggers refuse a change on both databases."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_ticket_id", "ticket", "id"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True)
    ticket: int | None = Field(default=None, foreign_key="ticket.number")
    inbound: str | None = Field(default=None, sa_type=CleanText, foreign_key="inbound.id", index=True)
    at: datetime
    kind: str = Field(sa_type=CleanText)
    actor: str = Field(sa_type=CleanText)
    detail: dict[str, Any] = Field(sa_type=CleanJson)


class KeyRow(Row, table=True):
    """A key of one person for one purpose in one ticket: 130 random bits, so that no other secret is needed."""

    __tablename__ = "key"
    __table_args__ = (one_of("purpose", Purpose), CheckConstraint("length(key) = 26", name="length"))

    key: str = Field(sa_type=CleanText, primary_key=True)
    ticket: int = Field(foreign_key="ticket.number", index=True)
    person: str = Field(sa_type=CleanText)
    purpose: str = Field(sa_type=CleanText)
    issued_at: datetime
    expires_at: datetime | None = None
    used_at: datetime | None = None
    used_for: str | None = Field(default=None, sa_type=CleanText)
    revoked_at: datetime | None = None
