"""The event log: one line for each thing that happened, never changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from mailgate.store.sql import insert_into
from mailgate.store.tables.base import table_of
from mailgate.store.tables.desk import EventRow
from mailgate.store.values import as_json

_EVENT = table_of(EventRow)


def log_event(
    session: Session,
    kind: str,
    *,
    ticket: int | None,
    at: datetime,
    actor: str,
    inbound: str | None = None,
    detail: Mapping[str, Any],
) -> None:
    """Append a line; `actor` is an address, an agent's name, `mailgate` or `operator`. Keys stay out of `detail`."""
    log_events(session, [event_row(kind, ticket=ticket, at=at, actor=actor, inbound=inbound, detail=detail)])


def event_row(
    kind: str, *, ticket: int | None, at: datetime, actor: str, inbound: str | None, detail: Mapping[str, Any]
) -> dict[str, Any]:
    """A line for `log_events`; what is what as in `log_event`."""
    return {
        "kind": kind,
        "ticket": ticket,
        "at": at,
        "actor": actor,
        "inbound": inbound,
        "detail": as_json(detail),
    }


def log_events(session: Session, rows: list[dict[str, Any]]) -> None:
    """Append lines in their order, as one statement."""
    if rows:
        session.connection().execute(insert_into(_EVENT), rows)
