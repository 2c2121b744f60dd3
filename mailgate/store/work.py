"""Leases for what only one node may do."""

from datetime import datetime

from sqlalchemy import case, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from mailgate.store.sql import is_postgres
from mailgate.store.tables.base import table_of
from mailgate.store.tables.work import LeaseRow

_LEASE = table_of(LeaseRow)


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
