"""Tables of mail that goes out, of leases and of jobs."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from mailgate.core.mail.destination import Reach
from mailgate.store.tables.base import CleanJson, CleanText, Row, one_of


class OutboxState(StrEnum):
    """Where an outgoing mail stands; `in-doubt` may have been sent or not, and is sent again with the same bytes."""

    READY = "ready"
    LEASED = "leased"
    IN_DOUBT = "in-doubt"
    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    HELD = "held"


class HeldFor(StrEnum):
    """What a held mail waits for: the next hop to take mail again, or a person (`outbox retry`, `outbox drop`)."""

    NEXT_HOP = "next-hop"
    TEMPLATE = "template"
    DOUBT = "doubt"
    CONTENT = "content"


class OutboxRow(Row, table=True):
    """One mail to one person. `body` is NULL until it was composed; from then on each attempt sends these bytes.

    `kind` is the template; it has no check, since templates are added with every feature. `deferred_since` is when it
    was deferred first. `undelivered_by` is the mail that reported it; NULL where the next hop itself refused it.
    `pool` is the budget of automatic mail that it counts to; NULL for mail by people and to agents.
    `doubt_at` is when a final reply was lost, `tried_from` when `retry_for` begins, where not `created_at`.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        one_of("state", OutboxState),
        Index("ix_outbox_state_next_at_id", "state", "next_at", "id"),
        Index("ix_outbox_recipient_created_at", "recipient", "created_at"),
        Index("ix_outbox_created_at", "created_at"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    effect: str = Field(sa_type=CleanText, unique=True)
    kind: str = Field(sa_type=CleanText)
    ticket: int | None = Field(default=None, foreign_key="ticket.number", index=True)
    inbound: str | None = Field(default=None, sa_type=CleanText, foreign_key="inbound.id", index=True)
    recipient: str = Field(sa_type=CleanText)
    subject: str | None = Field(default=None, sa_type=CleanText)
    notice: dict[str, Any] = Field(sa_type=CleanJson)
    message_id: str = Field(sa_type=CleanText, unique=True)
    body: bytes | None = None
    reverse_path: str | None = Field(default=None, sa_type=CleanText)
    state: str = Field(sa_type=CleanText)
    attempts: int = 0
    next_at: datetime
    lease_owner: str | None = Field(default=None, sa_type=CleanText)
    lease_until: datetime | None = None
    fence: int = 0
    last_reply: str | None = Field(default=None, sa_type=CleanText)
    automatic: bool
    pool: str | None = Field(default=None, sa_type=CleanText)
    created_at: datetime
    sent_at: datetime | None = None
    deferred_since: datetime | None = None
    undelivered_at: datetime | None = None
    undelivered_why: str | None = Field(default=None, sa_type=CleanText)
    undelivered_by: str | None = Field(default=None, sa_type=CleanText, index=True)
    held_for: str | None = Field(default=None, sa_type=CleanText)
    doubt_at: datetime | None = None
    tried_from: datetime | None = None


class NextHopRow(Row, table=True):
    """Whether the next hop takes mail; no row means that it does. All nodes share what one of them found out."""

    __tablename__ = "next_hop"
    __table_args__ = (one_of("reach", Reach),)

    name: str = Field(primary_key=True, sa_type=CleanText)
    reach: str = Field(sa_type=CleanText)
    since: datetime | None = None
    failures: int
    probe_at: datetime | None = None
    reply: str | None = Field(default=None, sa_type=CleanText)


class LeaseRow(Row, table=True):
    """Who does a piece of work that only one node may do."""

    __tablename__ = "lease"

    name: str = Field(sa_type=CleanText, primary_key=True)
    owner: str = Field(sa_type=CleanText)
    until: datetime
    fence: int


class JobRow(Row, table=True):
    """A job of the configuration. `firing` is the last scheduled time that was taken up; `owner` whoever works on it.

    `plan` is what the configuration said when `firing` was reckoned. `fence` grows with each taking.
    """

    __tablename__ = "job"

    name: str = Field(sa_type=CleanText, primary_key=True)
    plan: str = Field(sa_type=CleanText)
    firing: datetime
    owner: str | None = Field(default=None, sa_type=CleanText)
    lease_until: datetime | None = None
    fence: int = 0
    last_run: datetime | None = None
    next_run: datetime | None = None
    last_result: str | None = Field(default=None, sa_type=CleanText)
