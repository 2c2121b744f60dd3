"""Promises: each run of a clock, as the event log tells it, and whether it was kept. Pure.

A run is kept where what it waits for was done by its due time; broken where it was not, be it done later, given up, or
not done yet; void where it ended for another reason in time (nothing was owed, or the ticket was closed); else pending.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from mailgate.core.desk.ticket import ClockName, Event
from mailgate.core.time.calendar import Calendar, counted

_DONE = {ClockName.RECEIPT: "sent", ClockName.ACKNOWLEDGE: "acknowledged", ClockName.RESPOND: "responded"}
CalendarOf = Callable[[ClockName, str], Calendar]
"""The calendar by which a clock of a department is counted."""


class Verdict(StrEnum):
    """What became of a promise."""

    KEPT = "kept"
    BROKEN = "broken"
    PENDING = "pending"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class TicketLog:
    """A ticket as reports need it: what it is, and its part of the log, in order."""

    number: int
    subject: str
    requester: str
    account: str | None
    priority: str
    department: str
    state: str
    created_at: datetime
    closed_at: datetime | None
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Promise:
    """One run of one clock. `agent` is whose it is: who had the ticket when it was due, else who did it; None: nobody.

    `taken` is the calendar time that it took; None where it was not done.
    """

    ticket: TicketLog
    clock: ClockName
    department: str
    agent: str | None
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    verdict: Verdict
    taken: timedelta | None
    late: timedelta


@dataclass(slots=True)
class _Run:
    clock: ClockName
    department: str
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None = None
    reason: str = ""
    actor: str | None = None
    paused_since: datetime | None = None
    pauses: list[tuple[datetime, datetime]] = field(default_factory=list)

    def take(self, event: Event) -> None:
        """What happened to a clock that runs."""
        if "due_at" in event.detail:
            self.due_at = _moment(event.detail["due_at"])
        if event.kind == "clock-paused":
            self.paused_since = event.at
        elif event.kind == "clock-resumed" and self.paused_since is not None:
            self.pauses.append((self.paused_since, event.at))
            self.paused_since = None
        elif event.kind == "clock-stopped":
            self.stopped_at, self.reason, self.actor = event.at, str(event.detail["reason"]), event.actor


@dataclass(slots=True)
class _Reading:
    """The log of one ticket while it is read."""

    department: str = ""
    assignees: list[tuple[datetime, str | None]] = field(default_factory=list)
    runs: list[_Run] = field(default_factory=list)
    running: dict[ClockName, _Run] = field(default_factory=dict)

    def take(self, event: Event) -> None:
        """One line of the log."""
        detail = event.detail
        if event.kind in {"ticket-opened", "department-set"}:
            self._move_to(str(detail["department"]))
        elif event.kind == "assignee-set":
            agent = detail.get("assignee")
            self.assignees.append((event.at, str(agent) if agent else None))
        elif event.kind == "clock-started":
            run = _Run(_clock(detail), self.department, event.at, _moment(detail["due_at"]))
            self.runs.append(run)
            self.running[run.clock] = run
        elif event.kind.startswith("clock-") and _clock(detail) in self.running:
            self.running[_clock(detail)].take(event)
            if event.kind == "clock-stopped":
                del self.running[_clock(detail)]

    def _move_to(self, department: str) -> None:
        self.department = department
        for run in self.running.values():
            run.department = department

    def assignee_at(self, moment: datetime) -> str | None:
        """Whose the ticket was then."""
        return next((agent for at, agent in reversed(self.assignees) if at <= moment), None)


def promises(
    tickets: Iterable[TicketLog],
    *,
    start: datetime,
    end: datetime,
    now: datetime,
    calendar_of: CalendarOf,
    agents: Mapping[str, str],
) -> list[Promise]:
    """The promises made from `start` to before `end`, in the order of tickets and time, as they stand at `now`.

    `agents` maps whoever the log calls an actor to the agent's name.
    """
    found = []
    for ticket in tickets:
        reading = _Reading(ticket.department)
        for event in ticket.events:
            if event.at <= now:
                reading.take(event)
        found += [
            _promise(ticket, reading, run, now, calendar_of, agents)
            for run in reading.runs
            if start <= run.started_at < end
        ]
    return found


def _promise(
    ticket: TicketLog,
    reading: _Reading,
    run: _Run,
    now: datetime,
    calendar_of: CalendarOf,
    agents: Mapping[str, str],
) -> Promise:
    calendar = calendar_of(run.clock, run.department)
    verdict = _verdict(run, now)
    is_done = run.stopped_at is not None and run.reason == _DONE[run.clock]
    doer = agents.get(run.actor or "") if is_done else None
    return Promise(
        ticket=ticket,
        clock=run.clock,
        department=run.department,
        agent=reading.assignee_at(min(run.due_at, run.stopped_at or now)) or doer,
        started_at=run.started_at,
        due_at=run.due_at,
        stopped_at=run.stopped_at,
        verdict=verdict,
        taken=_taken(run, calendar) if is_done else None,
        late=counted(run.due_at, run.stopped_at or now, calendar) if verdict is Verdict.BROKEN else timedelta(),
    )


def _verdict(run: _Run, now: datetime) -> Verdict:
    if run.stopped_at is None:
        waits = run.paused_since is not None and run.paused_since <= run.due_at
        return Verdict.BROKEN if run.due_at < now and not waits else Verdict.PENDING
    if run.stopped_at > run.due_at and not (run.paused_since is not None and run.paused_since <= run.due_at):
        return Verdict.BROKEN
    return Verdict.KEPT if run.reason == _DONE[run.clock] else Verdict.VOID


def _taken(run: _Run, calendar: Calendar) -> timedelta:
    """The calendar time from its start to its end, without its pauses."""
    end = run.paused_since or run.stopped_at
    assert end is not None
    begins = (run.started_at, *(resumed for _, resumed in run.pauses))
    ends = (*(paused for paused, _ in run.pauses), end)
    return sum((counted(begin, stop, calendar) for begin, stop in zip(begins, ends, strict=True)), timedelta())


def _clock(detail: Mapping[str, object]) -> ClockName:
    return ClockName(str(detail["clock"]))


def _moment(value: object) -> datetime:
    return datetime.fromisoformat(str(value))
