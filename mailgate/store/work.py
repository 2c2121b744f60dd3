"""Leases for what only one node may do, and the memory of jobs."""

from datetime import datetime
from typing import Any

from sqlalchemy import case, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from mailgate.store.sql import is_postgres, upsert
from mailgate.store.tables.base import table_of
from mailgate.store.tables.work import JobRow, LeaseRow
from mailgate.store.values import as_json

_LEASE = table_of(LeaseRow)
_JOB = table_of(JobRow)


def take_lease(session: Session, name: str, owner: str, now: datetime, until: datetime) -> int | None:
    """Take or prolong a lease until then; the fencing number, or None while somebody else holds it.

    The number grows with each new holder: work that carries an older one is refused (threats CR-14).
    """
    make = postgresql.insert if is_postgres(session) else sqlite.insert
    statement = make(_LEASE).values(name=name, owner=owner, until=until, fence=1)
    taken = statement.on_conflict_do_update(
        index_elements=["name"],
        set_={
            "owner": owner,
            "until": until,
            "fence": case((_LEASE.c.owner == owner, _LEASE.c.fence), else_=_LEASE.c.fence + 1),
        },
        where=or_(_LEASE.c.owner == owner, _LEASE.c.until < now),
    ).returning(_LEASE.c.fence)
    fence: int | None = session.connection().scalar(taken)
    return fence


def list_jobs(session: Session) -> dict[str, dict[str, Any]]:
    """What is known of each job that ran or is planned: last_run, next_run, last_result; by name."""
    rows = session.connection().execute(select(_JOB)).mappings()
    return {row["name"]: {name: as_json(value) for name, value in row.items() if name != "name"} for row in rows}


def record_job(session: Session, name: str, *, last_run: datetime, next_run: datetime | None, result: str) -> None:
    """Remember a run of a job."""
    values = {"name": name, "last_run": last_run, "next_run": next_run, "last_result": result}
    upsert(session, _JOB, values, unique="name")
