"""Mail that came in, as `message list` and `message show` print it (docs/commands.md)."""

from typing import Any

from sqlalchemy import RowMapping, select
from sqlmodel import Session

from mailgate.core.desk.notice import Notice
from mailgate.store.tables.base import table_of
from mailgate.store.tables.mail import InboundRow
from mailgate.store.tables.work import OutboxRow
from mailgate.store.values import as_json, notice_from_json

_INBOUND = table_of(InboundRow)
_OUTBOX = table_of(OutboxRow)
_LISTED = (
    "id",
    "received_at",
    "transport",
    "reverse_path",
    "recipients",
    "message_id",
    "author",
    "subject",
    "state",
    "outcome",
    "reason",
    "ticket",
)
_SHOWN = (*_LISTED, "arrived_at", "client", "helo", "size", "sha256", "attempts", "decided_at")


def list_messages(
    session: Session,
    *,
    state: str | None = None,
    ticket: int | None = None,
    limit: int | None = None,
) -> list[dict[str, Any]]:
    """The rows in the order in which they came; with `limit` the newest ones."""
    query = select(*(_INBOUND.c[name] for name in _LISTED))
    if state is not None:
        query = query.where(_INBOUND.c.state == state)
    if ticket is not None:
        query = query.where(_INBOUND.c.ticket == ticket)
    query = query.order_by(_INBOUND.c.received_at.desc(), _INBOUND.c.id.desc()).limit(limit)
    rows = session.connection().execute(query).mappings().all()
    return [_printed(row) for row in reversed(rows)]


def show_message(session: Session, inbound: str) -> dict[str, Any] | None:
    """One row with `explanation` spread beside it: evidence, grade, request, decision, trail, plan. None if unknown."""
    query = select(*(_INBOUND.c[name] for name in (*_SHOWN, "explanation"))).where(_INBOUND.c.id == inbound)
    row = session.connection().execute(query).mappings().one_or_none()
    if row is None:
        return None
    shown = _printed(row)
    explained = shown.pop("explanation") or {}
    return {**explained, **shown, "identity": explained.get("author")}


def _printed(row: RowMapping) -> dict[str, Any]:
    return {name: as_json(value) for name, value in row.items()}


def notice_owed(session: Session, inbound: str, kind: str) -> Notice | None:
    """The first notice of that kind (a template's name) that a mail led to; None where there is none."""
    which = (_OUTBOX.c.inbound == inbound) & (_OUTBOX.c.kind == kind)
    stored = session.connection().scalar(select(_OUTBOX.c.notice).where(which).order_by(_OUTBOX.c.id).limit(1))
    return None if stored is None else notice_from_json(stored)
