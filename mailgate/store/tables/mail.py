"""Tables of mail that came in, and of what has been seen before."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from mailgate.core.mail.envelope import Transport
from mailgate.store.tables.base import CleanJson, CleanText, Row, one_of


class InboundState(StrEnum):
    """Where a mail stands; `received` waits for its decision."""

    RECEIVED = "received"
    DONE = "done"
    FAILED = "failed"
    QUARANTINED = "quarantined"


class InboundRow(Row, table=True):
    """One accepted transaction, and what was decided about it."""

    __tablename__ = "inbound"
    __table_args__ = (
        one_of("transport", Transport),
        one_of("state", InboundState),
        Index("ix_inbound_state_received_at_id", "state", "received_at", "id"),
        Index("ix_inbound_received_at_id", "received_at", "id"),
        Index("ix_inbound_author_body_hash_received_at", "author", "body_hash", "received_at"),
    )

    id: str = Field(sa_type=CleanText, primary_key=True)
    received_at: datetime
    transport: str = Field(sa_type=CleanText)
    client: str | None = Field(default=None, sa_type=CleanText)
    helo: str | None = Field(default=None, sa_type=CleanText)
    client_trusted: bool = False
    reverse_path: str = Field(sa_type=CleanText)
    recipients: list[str] = Field(sa_type=CleanJson)
    transport_key: str | None = Field(default=None, sa_type=CleanText)
    arrived_at: datetime | None = None
    sha256: str = Field(sa_type=CleanText)
    size: int
    delivery_key: str = Field(sa_type=CleanText, index=True)
    state: str = Field(default=InboundState.RECEIVED, sa_type=CleanText)
    outcome: str | None = Field(default=None, sa_type=CleanText)
    reason: str | None = Field(default=None, sa_type=CleanText)
    ticket: int | None = Field(default=None, foreign_key="ticket.number", index=True)
    attempts: int = 0
    alone: bool = False
    alone_attempts: int = 0
    explanation: dict[str, Any] | None = Field(default=None, sa_type=CleanJson)
    message_id: str | None = Field(default=None, sa_type=CleanText, index=True)
    author: str | None = Field(default=None, sa_type=CleanText)
    body_hash: str | None = Field(default=None, sa_type=CleanText)
    subject: str | None = Field(default=None, sa_type=CleanText)
    decided_at: datetime | None = None


class RawRow(Row, table=True):
    """The bytes of a mail as they came. Their own table, so that lists never read them."""

    __tablename__ = "raw"

    inbound: str = Field(sa_type=CleanText, primary_key=True, foreign_key="inbound.id", ondelete="CASCADE")
    content: bytes


class SeenRow(Row, table=True):
    """An effect that a mail had. The key decides about duplicates, not a look first (docs/architecture.md)."""

    __tablename__ = "seen"

    effect: str = Field(sa_type=CleanText, primary_key=True)
    inbound: str = Field(sa_type=CleanText, foreign_key="inbound.id", index=True, ondelete="CASCADE")
