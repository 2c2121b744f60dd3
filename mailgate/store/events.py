"""The event log: one line for each thing that happened, never changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

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
    values = {
        "kind": kind,
        "ticket": ticket,
        "at": at,
        "actor": actor,
        "inbound": inbound,
        "detail": as_json(detail),
    }
    session.connection().execute(insert(_EVENT), values)
