"""What became of the mails that we sent: found by what a report says of them, and told to those who ask."""

from typing import Any

from sqlalchemy import ColumnElement, RowMapping, select
from sqlmodel import Session

from mailgate.core.desk.case import KeyFact
from mailgate.core.desk.outgoing import Outgoing, Reported
from mailgate.core.desk.ticket import Purpose
from mailgate.store.tables.base import table_of
from mailgate.store.tables.work import OutboxRow, OutboxState
from mailgate.store.values import iso

_OUTBOX = table_of(OutboxRow)
_FATE = tuple(
    _OUTBOX.c[name]
    for name in (
        "id", "kind", "recipient", "message_id", "ticket", "automatic", "attempts", "state", "undelivered_at",
        "created_at", "notice",
    )
)  # fmt: skip
TOLD = tuple(
    _OUTBOX.c[name]
    for name in (
        "id", "kind", "recipient", "subject", "message_id", "state", "attempts", "last_reply", "inbound", "automatic",
        "created_at", "sent_at", "deferred_since", "next_at", "undelivered_at", "undelivered_why", "undelivered_by",
    )
)  # fmt: skip
CALLED_BACK = "called back"  # how `last_reply` begins where an agent stopped an answer (`!stop`), then "by" whom
_WAITING = {OutboxState.READY: "queued", OutboxState.LEASED: "queued", OutboxState.IN_DOUBT: "deferred"}


def outgoing(session: Session, outbox_id: int) -> Outgoing | None:
    """One mail as far as its fate matters; None where there is none."""
    return _first(session, _OUTBOX.c.id == outbox_id)


def reported(session: Session, keys: list[KeyFact], message_id: str | None) -> Reported | None:
    """The mail that a report is about: by the first bounce key that is one of ours, else by the Message-ID inside."""
    by_id = _first(session, _OUTBOX.c.message_id == message_id) if message_id is not None else None
    for key in keys:
        mail = _by_bounce_key(session, key) if key.purpose is Purpose.BOUNCE else None
        if mail is not None:
            return Reported(mail, by_key=True, by_id=by_id is not None and by_id.id == mail.id)
    return None if by_id is None else Reported(by_id, by_key=False, by_id=True)


def deliveries(session: Session, ticket: int) -> list[dict[str, Any]]:
    """Each mail that is owed or was sent on a ticket, in the order in which they were owed."""
    query = select(*TOLD).where(_OUTBOX.c.ticket == ticket).order_by(_OUTBOX.c.id)
    return [told(row) for row in session.connection().execute(query).mappings()]


def told(row: RowMapping) -> dict[str, Any]:
    """One mail as `ticket show` prints it; `delivery` says what became of it, in one word."""
    return {
        "id": row["id"],
        "kind": row["kind"],
        "to": row["recipient"],
        "subject": row["subject"],
        "state": row["state"],
        "delivery": _word(OutboxState(row["state"]), row),
        "reply": row["last_reply"],
        "attempts": row["attempts"],
        "queued_at": iso(row["created_at"]),
        "deferred_since": iso(row["deferred_since"]),
        "next_at": iso(row["next_at"]) if row["state"] not in {OutboxState.SENT, OutboxState.FAILED} else None,
        "accepted_at": iso(row["sent_at"]),
        "undelivered_at": iso(row["undelivered_at"]),
        "undelivered_why": row["undelivered_why"],
        "reported_by": row["undelivered_by"],
        "message_id": row["message_id"],
        "message": row["inbound"],
        "automatic": row["automatic"],
    }


def _word(state: OutboxState, row: RowMapping) -> str:
    """queued, accepted, deferred, held, failed, called back or undelivered."""
    if state is OutboxState.SENT:
        return "accepted" if row["undelivered_at"] is None else "undelivered"
    if state is OutboxState.LEASED and row["deferred_since"] is not None:
        return "deferred"
    if state is OutboxState.FAILED and row["attempts"] == 0 and (row["last_reply"] or "").startswith(CALLED_BACK):
        return CALLED_BACK  # never tried: what is said there are our own words
    return _WAITING.get(state, state.value)


def _by_bounce_key(session: Session, key: KeyFact) -> Outgoing | None:
    """A bounce key belongs to one mail: of the few of its ticket, the one that was given it."""
    query = select(*_FATE).where(_OUTBOX.c.ticket == key.ticket, _OUTBOX.c.recipient == key.person)
    rows = session.connection().execute(query.order_by(_OUTBOX.c.id.desc()))
    return next((_of(row) for row in rows if row.notice["bounce_key"] == key.key), None)


def _first(session: Session, which: ColumnElement[bool]) -> Outgoing | None:
    row = session.connection().execute(select(*_FATE).where(which)).one_or_none()
    return None if row is None else _of(row)


def _of(row: Any) -> Outgoing:
    return Outgoing(
        id=row.id,
        template=row.kind,
        recipient=row.recipient,
        message_id=row.message_id,
        ticket=row.ticket,
        automatic=row.automatic,
        attempted=row.attempts > 0,
        undelivered=row.undelivered_at is not None or row.state == OutboxState.FAILED,
        created_at=row.created_at,
        author=row.notice.get("author"),
    )
