"""The sweep: what is due is looked for in the tables and done, each effect in the transaction that claims it.

    waits that are over ─► open again
    stale clocks ─► reckoned again      overdue clocks ─► flagged      held for too long ─► flagged
    flagged clocks with a step due ─► the next people are told        breakers that closed ─► the operator is told

A claim is a lock on the row, and the effect is committed together with it. So a node that is killed leaves nothing half
done, several nodes share the work, and one that was stopped and wakes finds its transaction gone or still its own
(threats CR-12, CR-14). How often it runs does not matter, but for how late it is.
"""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mailgate.core.desk.case import Policy
from mailgate.core.desk.clock import FLAG_OF_CLOCK
from mailgate.core.desk.escalate import ESCALATES, begins_at, keys_needed, take_step
from mailgate.core.desk.plan import FlagSet, Plan, Stamp
from mailgate.core.desk.reason import Reason
from mailgate.core.desk.ticket import ClockName, Flag
from mailgate.service.breaker import close_one
from mailgate.service.clocks import recheck, reckon
from mailgate.service.jobs import Desk, Run
from mailgate.service.waking import wake
from mailgate.store import apply, clocks, facts
from mailgate.store.engine import Database, Session
from mailgate.store.errors import Conflict, StoreError
from mailgate.store.waiting import claim_woken

_LOG = logging.getLogger(__name__)
_ACTOR = "mailgate"
Keys = Callable[[int], tuple[str, ...]]
_SILENT = (Reason.SPAM.value, Reason.MUTED.value)  # spam has no clock; it is seen in the digest


@dataclass(frozen=True, slots=True)
class Swept:
    """How many tickets were reckoned again, flags set, steps of escalations taken, and breakers found closed."""

    reckoned: int = 0
    flagged: int = 0
    escalated: int = 0
    woken: int = 0
    closed: int = 0

    @property
    def owes(self) -> bool:
        """True where mail may be owed now."""
        return bool(self.escalated or self.woken or self.closed)

    def __str__(self) -> str:
        """In the words of `mailgate job run sweep`."""
        woken = f", {self.woken} woken" if self.woken else ""
        return f"{self.flagged} flagged, {self.escalated} escalated, {self.reckoned} reckoned again{woken}"


class _Broken(Exception):
    """A ticket that nothing could be done for; the cause says why."""

    def __init__(self, ticket: int) -> None:
        super().__init__(ticket)
        self.ticket = ticket


@dataclass(slots=True)
class Sweeper:
    """Sweeps again and again, in one thread at a time. The first time it looks whether the configuration changed."""

    database: Database
    policy: Policy
    keys: Keys
    now: Callable[[], datetime]
    checked: bool = False

    def use(self, policy: Policy) -> None:
        """Go by another policy from the next sweep on; clocks that run are reckoned again by it."""
        self.policy, self.checked = policy, False

    def run(self) -> Swept:
        """One sweep. Raises StoreError."""
        now, policy = self.now(), self.policy
        if not self.checked:
            self.checked = True  # before: another policy may come meanwhile
            try:
                recheck(self.database, policy, now)
            except StoreError:
                self.checked = False
                raise
        return sweep(self.database, policy, now, self.keys)


def sweep_now(run: Run) -> str:
    """The action `sweep` of `[[jobs]]`."""
    return _sweep_for(run.desk)


def sweep_by_hand(desk: Desk) -> dict[str, Any]:
    """`mailgate job run sweep`, which needs no [[jobs]] table: a sweep is safe beside every other one."""
    return {"name": "sweep", "done": True, "detail": _sweep_for(desk)}


def _sweep_for(desk: Desk) -> str:
    swept = Sweeper(desk.database, desk.policy, desk.keys, desk.now).run()
    if swept.owes:
        desk.owed()
    return str(swept)


def sweep(database: Database, policy: Policy, now: datetime, keys: Keys) -> Swept:
    """Do all that is due at `now`. Raises StoreError where the database is away.

    Safe to run twice, and on several nodes at once. Mail may be owed afterwards: `owes`.
    """
    return Swept(
        woken=_each(database, lambda session, skip: _wake_one(session, policy, now, keys, skip)),
        reckoned=_each(database, lambda session, skip: _reckon_one(session, policy, now, skip)),
        flagged=_each(database, lambda session, skip: _flag_one(session, policy, now, skip))
        + _each(database, lambda session, skip: _flag_held_one(session, policy, now, skip)),
        escalated=_each(database, lambda session, skip: _escalate_one(session, policy, now, keys, skip)),
        closed=_each(database, lambda session, _skip: close_one(session, policy, now, keys) or None),
    )


def _each(database: Database, work: Callable[[Session, Collection[int]], int | None]) -> int:
    """Call `work` in transactions of its own until it finds nothing; a ticket that fails delays only itself."""
    done, broken = 0, set[int]()
    while True:
        try:
            if database.write(lambda session: work(session, broken)) is None:
                return done
        except Conflict:
            continue  # somebody else changed the same ticket: look again
        except _Broken as error:
            broken.add(error.ticket)
            _LOG.exception("the clocks of a ticket could not be looked at", extra={"fields": {"ticket": error.ticket}})
        else:
            done += 1


def _reckon_one(session: Session, policy: Policy, now: datetime, skip: Collection[int]) -> int | None:
    number = clocks.stale_ticket(session, skip)
    return None if number is None else _for(number, lambda: reckon(session, policy, number, now))


def _wake_one(session: Session, policy: Policy, now: datetime, keys: Keys, skip: Collection[int]) -> int | None:
    number = claim_woken(session, now, skip)
    return None if number is None else _for(number, lambda: wake(session, policy, number, now, keys))


def _flag_one(session: Session, policy: Policy, now: datetime, skip: Collection[int]) -> int | None:
    claimed = clocks.claim_overdue(session, now, skip)
    return None if claimed is None else _for(claimed[0], lambda: _flag(session, policy, *claimed, now))


def _flag(session: Session, policy: Policy, number: int, clock: ClockName, now: datetime) -> None:
    """Mark the ticket, and plan the first step of telling people."""
    _set(session, number, FLAG_OF_CLOCK[clock], "overdue", now)
    ticket = facts.ticket(session, number)
    if ticket is not None and clock in ESCALATES:
        clocks.plan_step(session, number, clock, 0, begins_at(ticket, policy, now))


def _escalate_one(session: Session, policy: Policy, now: datetime, keys: Keys, skip: Collection[int]) -> int | None:
    claimed = clocks.claim_step(session, now, skip)
    return None if claimed is None else _for(claimed[0], lambda: _escalate(session, policy, *claimed, now, keys))


def _escalate(session: Session, policy: Policy, number: int, clock: ClockName, now: datetime, keys: Keys) -> None:
    ticket = facts.ticket(session, number)
    if ticket is None:
        return
    stamp = Stamp(now, 0, keys(keys_needed(ticket, policy)))
    step = take_step(ticket, ticket.clock(clock), clocks.step_of(session, number, clock), policy, stamp)
    clocks.plan_step(session, number, clock, step.step, step.at)
    if step.plan is not None:
        apply.apply_plan(session, step.plan, None, stamp, _ACTOR)
        fields = {"ticket": number, "clock": clock.value, "step": step.step}
        _LOG.warning("escalated", extra={"fields": fields})


def _flag_held_one(session: Session, policy: Policy, now: datetime, skip: Collection[int]) -> int | None:
    number = clocks.claim_held(session, now - policy.held, _SILENT, skip)
    if number is None:
        return None
    return _for(number, lambda: _set(session, number, Flag.HELD_TOO_LONG, "held", now))


def _set(session: Session, number: int, flag: Flag, reason: str, now: datetime) -> None:
    plan = Plan("flagged", reason, number, (FlagSet(number, flag, reason),))
    apply.apply_plan(session, plan, None, Stamp(now, 0, ()), _ACTOR)
    _LOG.warning("flagged", extra={"fields": {"ticket": number, "flag": flag.value}})


def _for(number: int, work: Callable[[], object]) -> int:
    try:
        work()
    except StoreError:
        raise
    except Exception as error:
        raise _Broken(number) from error
    return number
