"""The table of jobs: what fires next, who works on it. All functions run inside a transaction.

    claimed = database.write(lambda s: claim(s, name, owner, now, last=last))  # None: nothing is due, or another has it
    database.write(lambda s: hold(s, claimed, now))                   # in each transaction of the work: still ours?
    database.write(lambda s: settle(s, claimed, result, now, next_run))

A holder that was paused and wakes after another took the job up has an old fencing number: its `hold` and `settle` are
refused with `LeaseLost`, and so whatever it would have committed with them (threats CR-14).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlmodel import Session

from mailgate.core.time.firing import LEASE, JobState, due, is_free
from mailgate.store.errors import LeaseLost
from mailgate.store.sql import insert_new
from mailgate.store.tables.base import table_of
from mailgate.store.tables.work import JobRow
from mailgate.store.values import as_json

_JOB = table_of(JobRow)


@dataclass(frozen=True, slots=True)
class Claim:
    """A firing of a job that is ours as long as nobody has a higher `fence`."""

    name: str
    firing: datetime
    fence: int


def plan(session: Session, name: str, plan: str, last: datetime, next_run: datetime) -> bool:
    """Note a job of the configuration, or that it was changed; True where something was written.

    Firings before that are not caught up: `last`, the last that the new plan had, counts as done.
    """
    first = {"name": name, "plan": plan, "firing": last, "fence": 0, "next_run": next_run}
    if insert_new(session, _JOB, first, unique="name"):
        return True
    changed = update(_JOB).where(_JOB.c.name == name, _JOB.c.plan != plan, _JOB.c.owner.is_(None))
    return session.connection().execute(changed.values(plan=plan, firing=last, next_run=next_run)).rowcount == 1


def states(session: Session) -> dict[str, tuple[str, JobState]]:
    """Plan and state of each job, by name."""
    rows = session.connection().execute(select(_JOB))
    return {row.name: (row.plan, _state(row)) for row in rows}


def claim(
    session: Session,
    name: str,
    owner: str,
    now: datetime,
    *,
    last: datetime,
    by_hand: bool = False,
    gone: Callable[[str], bool] = lambda _owner: False,
) -> Claim | None:
    """Take the firing that is due, or, by hand, `last`; None where there is none or somebody else works on the job."""
    row = session.connection().execute(select(_JOB).where(_JOB.c.name == name).with_for_update()).one()
    state = _state(row)
    firing = (last if is_free(state, now, gone) else None) if by_hand else due(state, last, now, gone)
    if firing is None:
        return None
    taken = max(firing, state.firing) if by_hand else firing  # by hand nothing comes again that was done
    values = {"firing": taken, "owner": owner, "lease_until": now + LEASE, "fence": row.fence + 1}
    session.connection().execute(update(_JOB).where(_JOB.c.name == name).values(values))
    return Claim(name, firing, row.fence + 1)


def hold(session: Session, claimed: Claim, now: datetime) -> None:
    """Prolong the lease; `LeaseLost` where somebody took the job up since: this transaction must not commit."""
    _change(session, claimed, {"lease_until": now + LEASE})


def settle(session: Session, claimed: Claim, result: str, now: datetime, next_run: datetime) -> None:
    """The firing is finished; `LeaseLost` as in `hold`."""
    values = {"owner": None, "lease_until": None, "last_run": now, "next_run": next_run, "last_result": result}
    _change(session, claimed, values)


def list_jobs(session: Session) -> dict[str, dict[str, Any]]:
    """last_run, next_run, last_result and whether it runs, of each job that the table knows; by name."""
    rows = session.connection().execute(select(_JOB)).mappings()
    shown = ("last_run", "next_run", "last_result", "owner")
    return {row["name"]: {name: as_json(row[name]) for name in shown} for row in rows}


def _change(session: Session, claimed: Claim, values: Mapping[str, Any]) -> None:
    ours = update(_JOB).where(_JOB.c.name == claimed.name, _JOB.c.fence == claimed.fence, _JOB.c.owner.is_not(None))
    if session.connection().execute(ours.values(dict(values))).rowcount != 1:
        raise LeaseLost(f"job {claimed.name} was taken up by another node; what was done twice is owed once")


def _state(row: Row[Any]) -> JobState:
    return JobState(row.firing, row.owner, row.lease_until)
