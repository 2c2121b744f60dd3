"""Leases for what only one node may do."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import bindparam, case, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from mailgate.core.mail.gate import Pool
from mailgate.store.sql import is_postgres
from mailgate.store.tables.base import table_of
from mailgate.store.tables.work import LeaseRow

_LEASE = table_of(LeaseRow)
_BREAKER = "breaker:"
_QUIET = timedelta(hours=1)
_BREAKERS = [f"{_BREAKER}{pool.value}" for pool in Pool]
_ALARMED = select(_LEASE.c.name).where(_LEASE.c.name.in_(_BREAKERS), _LEASE.c.until > bindparam("now"))


def take_lease(
    session: Session,
    name: str,
    owner: str,
    now: datetime,
    until: datetime,
    *,
    gone: Callable[[str], bool] = lambda _owner: False,
) -> int | None:
    """Take or prolong a lease until then; the fencing number, or None while somebody else holds it.

    The number grows with each new holder: work that carries an older one is refused (threats CR-14). `gone` says of a
    holder that it runs no more: its lease is free at once.
    """
    holder = session.connection().scalar(select(_LEASE.c.owner).where(_LEASE.c.name == name))
    free = [_LEASE.c.owner == owner, _LEASE.c.until < now]
    if holder is not None and holder != owner and gone(holder):
        free.append(_LEASE.c.owner == holder)
    make = postgresql.insert if is_postgres(session) else sqlite.insert
    statement = make(_LEASE).values(name=name, owner=owner, until=until, fence=1)
    taken = statement.on_conflict_do_update(
        index_elements=["name"],
        set_={
            "owner": owner,
            "until": until,
            "fence": case((_LEASE.c.owner == owner, _LEASE.c.fence), else_=_LEASE.c.fence + 1),
        },
        where=or_(*free),
    ).returning(_LEASE.c.fence)
    fence: int | None = session.connection().scalar(taken)
    return fence


def remember_alarm(session: Session, pool: Pool, now: datetime) -> None:
    """A mail of a pool was withheld by the breaker: for an hour from now nobody need be told again. Counts them."""
    make = postgresql.insert if is_postgres(session) else sqlite.insert
    row = make(_LEASE).values(name=f"{_BREAKER}{pool.value}", owner="mailgate", until=now + _QUIET, fence=1)
    again = {"until": row.excluded.until, "fence": _LEASE.c.fence + 1}
    session.connection().execute(row.on_conflict_do_update(index_elements=["name"], set_=again))


def claim_closed_breaker(session: Session, now: datetime) -> tuple[Pool, int] | None:
    """A pool of which nothing was withheld for an hour, and how many mails were before. It is found once."""
    query = select(_LEASE.c.name).where(_LEASE.c.name.in_(_BREAKERS), _LEASE.c.until <= now).limit(1)
    name = session.connection().scalar(query)
    if name is None:
        return None
    over = (_LEASE.c.name == name) & (_LEASE.c.until <= now)
    withheld = session.connection().scalar(delete(_LEASE).where(over).returning(_LEASE.c.fence))
    return (Pool(name.removeprefix(_BREAKER)), withheld) if withheld is not None else None


def alarmed(session: Session, now: datetime) -> frozenset[Pool]:
    """The pools whose open breaker has been told of lately."""
    names = session.connection().scalars(_ALARMED, {"now": now})
    return frozenset(Pool(name.removeprefix(_BREAKER)) for name in names)
