"""Jobs: what `[[jobs]]` says, done by one node at a time, at its times or by hand.

    run_due   each tick: firings that are due are taken up, one after the other
    run_one   `mailgate job run NAME`, from cron or a systemd timer: now

A job works in many small transactions; each holds on to the lease, so that a node that was paused commits nothing after
another took its job up. All that a job owes has an effect of its own: a job that is begun again owes nothing twice.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from mailgate.config import Settings
from mailgate.config.desk import Job, JobAction
from mailgate.core.desk.case import Policy
from mailgate.core.time.cron import Cron
from mailgate.core.time.firing import due
from mailgate.service.context import random_keys
from mailgate.service.holder import holder_name, is_gone
from mailgate.store import jobs
from mailgate.store.engine import Database, Session
from mailgate.store.errors import Conflict, LeaseLost, StoreUnavailable
from mailgate.store.jobs import Claim

T = TypeVar("T")
Item = TypeVar("Item")

_LOG = logging.getLogger(__name__)
_BATCH = 25
_MOST_CONFLICTS = 20


class NoSuchJob(LookupError):
    """The configuration has no job of that name."""


class Interrupted(Exception):
    """The daemon stops: what is committed stays, the firing is taken up again at the next start."""


class JobError(Exception):
    """A job cannot do its work; the message says what to mend."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What jobs work with. `owner` is this process in leases, `owed` wakes the outbox, `stopping` ends jobs early."""

    database: Database
    settings: Settings
    policy: Policy
    owner: str
    now: Callable[[], datetime]
    keys: Callable[[int], tuple[str, ...]]
    owed: Callable[[], None]
    stopping: Callable[[], bool] = lambda: False

    @property
    def zone(self) -> ZoneInfo:
        """Whose hours the cron expressions mean."""
        return ZoneInfo(self.settings.desk.timezone)

    def is_gone(self, holder: str) -> bool:
        """True where nobody works under that lease: a process that ended, or this one, which runs one job at a time."""
        return holder == self.owner or is_gone(holder)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job: what its action works with. `firing` names it in effects."""

    desk: Desk
    claim: Claim

    @property
    def effect(self) -> str:
        """What the effects of this firing begin with."""
        return f"job:{self.claim.name}:{self.claim.firing:%Y%m%dT%H%M}"

    @property
    def actor(self) -> str:
        """Who the log says it was."""
        return f"job {self.claim.name}"

    def keep(self) -> None:
        """Hold on to the job while something takes long outside the database. Raises LeaseLost, Interrupted."""
        if self.desk.stopping():
            raise Interrupted
        self.desk.database.write(lambda session: jobs.hold(session, self.claim, self.desk.now()))

    def change(self, fn: Callable[[Session], T]) -> T:
        """Run `fn` in a deciding transaction that commits only while the job is ours. Raises LeaseLost, Interrupted."""
        if self.desk.stopping():
            raise Interrupted

        def guarded(session: Session) -> T:
            jobs.hold(session, self.claim, self.desk.now())
            return fn(session)

        for _ in range(_MOST_CONFLICTS):
            try:
                return self.desk.database.decide(guarded)
            except Conflict:
                continue  # a mail was faster: decide from what is now
        return self.desk.database.decide(guarded)

    def each(self, items: Sequence[Item], fn: Callable[[Session, Item], T]) -> Iterator[T]:
        """`fn` for each item, some in one transaction; yields what was committed."""
        for start in range(0, len(items), _BATCH):
            batch = items[start : start + _BATCH]
            done = self.change(partial(_batch, fn, batch))
            self.desk.owed()
            yield from done


def _batch(fn: Callable[[Session, Item], T], batch: Sequence[Item], session: Session) -> list[T]:
    return [fn(session, item) for item in batch]


Action = Callable[[Run], str]
"""Does the work, and says in a few words what came of it. Raises JobError where something has to be mended."""


def jobs_desk(
    settings: Settings,
    database: Database,
    *,
    owed: Callable[[], None],
    now: Callable[[], datetime] | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> Desk:
    """The desk for jobs, with the time of the database (threats CR-12)."""
    return Desk(
        database=database,
        settings=settings,
        policy=settings.policy(),
        owner=holder_name(),
        now=now or database.now,
        keys=random_keys,
        owed=owed,
        stopping=stopping,
    )


def run_due(desk: Desk, actions: Mapping[JobAction, Action]) -> int:
    """Run every firing that is due and that no other node works on; returns how many. Raises StoreError."""
    now = desk.now()
    _plan(desk, now)
    known = desk.database.read(jobs.states)
    done = 0
    for job in desk.settings.jobs:
        _, state = known[job.name]
        last = Cron.parse(job.cron).last_until(now, desk.zone)
        if due(state, last, now, desk.is_gone) is None:
            continue
        claimed = _claim(desk, job, last, by_hand=False)
        if claimed is not None:
            _run(desk, job, claimed, actions[job.action])
            done += 1
    return done


def run_one(desk: Desk, name: str, actions: Mapping[JobAction, Action]) -> dict[str, Any]:
    """Run a job now: `{name, done, detail}`. Raises NoSuchJob, StoreError."""
    job = next((item for item in desk.settings.jobs if item.name == name), None)
    if job is None:
        raise NoSuchJob(name)
    now = desk.now()
    _plan(desk, now)
    claimed = _claim(desk, job, now.replace(second=0, microsecond=0), by_hand=True)
    if claimed is None:
        return {"name": name, "done": False, "detail": "another node is running it just now"}
    done, detail = _run(desk, job, claimed, actions[job.action])
    return {"name": name, "done": done, "detail": detail}


def listed(settings: Settings, database: Database, now: datetime) -> list[dict[str, Any]]:
    """The jobs as `job list` prints them."""
    known = database.read(jobs.list_jobs)
    zone = ZoneInfo(settings.desk.timezone)
    return [
        {
            "name": job.name,
            "cron": job.cron,
            "action": job.action.value,
            "last_run": known.get(job.name, {}).get("last_run"),
            "next_run": Cron.parse(job.cron).next_after(now, zone),
            "last_result": known.get(job.name, {}).get("last_result"),
            "running": known.get(job.name, {}).get("owner") is not None,
        }
        for job in settings.jobs
    ]


def _plan(desk: Desk, now: datetime) -> None:
    """Note jobs that are new or changed."""
    known = desk.database.read(jobs.states)
    for job in desk.settings.jobs:
        plan = f"{job.cron} {desk.settings.desk.timezone} {job.action}"
        if job.name in known and known[job.name][0] == plan:
            continue
        cron = Cron.parse(job.cron)
        last, following = cron.last_until(now, desk.zone), cron.next_after(now, desk.zone)
        desk.database.write(partial(jobs.plan, name=job.name, plan=plan, last=last, next_run=following))


def _claim(desk: Desk, job: Job, last: datetime, *, by_hand: bool) -> Claim | None:
    def take(session: Session) -> Claim | None:
        return jobs.claim(session, job.name, desk.owner, desk.now(), last=last, by_hand=by_hand, gone=desk.is_gone)

    return desk.database.write(take)


def _run(desk: Desk, job: Job, claimed: Claim, action: Action) -> tuple[bool, str]:
    """Do the work and set down what came of it. What fails has failed for this firing: the next one tries again."""
    fields = {"job": job.name, "action": job.action.value, "firing": claimed.firing.isoformat()}
    try:
        done, detail = _attempt(Run(desk, claimed), action)
        now = desk.now()
        following = Cron.parse(job.cron).next_after(max(now, claimed.firing), desk.zone)
        result = detail if done else f"failed: {detail}"
        desk.database.write(lambda session: jobs.settle(session, claimed, result, now, following))
    except Interrupted:
        return False, "broken off, because the daemon stops; the rest is done after its next start"
    except LeaseLost as error:
        _LOG.warning("a job was lost to another node", extra={"fields": fields})
        return False, str(error)
    _LOG.log(logging.INFO if done else logging.ERROR, "job", extra={"fields": {**fields, "result": result}})
    return done, detail


def _attempt(run: Run, action: Action) -> tuple[bool, str]:
    """Whether the work was done, and what came of it."""
    try:
        return True, action(run)
    except (LeaseLost, StoreUnavailable, Interrupted):
        raise  # nothing can be set down; when the lease is over the firing is taken up again
    except JobError as error:
        return False, str(error)
    except Exception as error:  # noqa: BLE001 - whatever it is, the other jobs go on
        _LOG.exception("a job failed")
        return False, f"a fault of ours: {type(error).__name__}; the log has it"
