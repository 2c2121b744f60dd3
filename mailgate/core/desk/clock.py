"""The three clocks of a ticket: when they are due, what they counted, and how the log tells it all again. Pure.

A clock is what the event log says of it: when it began, how long it may run in which calendar, when it paused, when it
stopped. `due` follows from that alone, so that a new calendar, priority or department only means to reckon again, and
`clocks_of` makes from the log what the store keeps beside it.

The receipt is written by ourselves, at night too: its clock runs round the clock. The others wait for people.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from mailgate.core.desk.case import Policy
from mailgate.core.desk.plan import ClockStarted
from mailgate.core.desk.ticket import Clock, ClockName, Event, Flag, Ticket
from mailgate.core.time.calendar import ROUND_THE_CLOCK, Calendar, Interval, counted, due_at, intervals
from mailgate.core.who.request import Priority

FLAG_OF_CLOCK: Mapping[ClockName, Flag] = {
    ClockName.RECEIPT: Flag.RECEIPT_OVERDUE,
    ClockName.ACKNOWLEDGE: Flag.UNACKNOWLEDGED,
    ClockName.RESPOND: Flag.RESPONSE_OVERDUE,
}
"""A clock that ran out is flagged, and the flag says which one it was."""
CLOCK_OF_FLAG: Mapping[Flag, ClockName] = {flag: clock for clock, flag in FLAG_OF_CLOCK.items()}
STARTED, STOPPED, MOVED = "clock-started", "clock-stopped", "clock-moved"
PAUSED, RESUMED = "clock-paused", "clock-resumed"
"""Kinds of events of the log."""


def calendar_of(policy: Policy, clock: ClockName, department: str) -> Calendar:
    """The calendar that a clock of that department runs by."""
    return ROUND_THE_CLOCK if clock is ClockName.RECEIPT else policy.department(department).calendar


def start(
    policy: Policy,
    ticket: int,
    clock: ClockName,
    *,
    department: str,
    priority: Priority,
    level: str | None,
    now: datetime,
) -> ClockStarted:
    """Start a clock now, for a ticket of that department, priority and service level."""
    allowance = policy.allowance(clock, department, priority, level)
    calendar = calendar_of(policy, clock, department)
    return ClockStarted(ticket, clock, due_at(now, allowance, calendar), allowance, calendar.name)


def restart(policy: Policy, ticket: Ticket, clock: ClockName, now: datetime) -> ClockStarted:
    """Start a clock of a ticket that stands."""
    return start(
        policy,
        ticket.number,
        clock,
        department=ticket.department,
        priority=ticket.priority,
        level=ticket.service_level,
        now=now,
    )


def reckoned(policy: Policy, ticket: Ticket, clock: Clock) -> Clock:
    """The clock by the policy of now: of the ticket's department, priority and service level."""
    allowance = policy.allowance(clock.name, ticket.department, ticket.priority, ticket.service_level)
    calendar = calendar_of(policy, clock.name, ticket.department)
    return replace(clock, due_at=due(clock, allowance, calendar), allowance=allowance, calendar=calendar.name)


def runs(clock: Clock, until: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """The stretches in which a clock ran, up to where it stopped or paused, or until then."""
    if clock.started_at is None:
        return ()
    ends = [moment for moment in (clock.stopped_at, clock.paused_since) if moment is not None]
    begins = (clock.started_at, *(resumed for _, resumed in clock.pauses))
    stops = (*(paused for paused, _ in clock.pauses), min(ends, default=until))
    return tuple(zip(begins, stops, strict=True))


def due(clock: Clock, allowance: timedelta, calendar: Calendar) -> datetime:
    """When the clock has counted its allowance, were it not to pause again. It has to have started."""
    assert clock.started_at is not None
    begin, left = clock.started_at, allowance
    for paused, resumed in clock.pauses:
        used = counted(begin, paused, calendar)
        if used >= left:
            break
        begin, left = resumed, left - used
    return due_at(begin, left, calendar)


def explain(clock: Clock, calendar: Calendar, until: datetime) -> tuple[Interval, ...]:
    """Each stretch from the start of a clock until it stopped, or until then: counted, closed, or paused; no gap."""
    found: list[Interval] = []
    for begin, end in runs(clock, until):
        if found and found[-1].end < begin:
            found.append(Interval(found[-1].end, begin, is_counted=False, reason="waiting for the customer"))
        found.extend(intervals(begin, end, calendar))
    return tuple(found)


def elapsed(clock: Clock, calendar: Calendar, until: datetime) -> timedelta:
    """How much a clock has counted: the sum of what `explain` shows."""
    return sum((counted(begin, end, calendar) for begin, end in runs(clock, until)), timedelta())


def clocks_of(events: Iterable[Event]) -> dict[ClockName, Clock]:
    """The clocks of one ticket as its part of the event log tells, in order; the same as those that are stored."""
    found: dict[ClockName, Clock] = {}
    for event in events:
        name = _clock_named(event)
        if name is not None:
            clock = _after(found.get(name, Clock(name)), event)
            if clock.started_at is not None:
                found[name] = clock
    return found


def _clock_named(event: Event) -> ClockName | None:
    if event.kind in {STARTED, STOPPED, MOVED, PAUSED, RESUMED}:
        return ClockName(str(event.detail["clock"]))
    if event.kind == "flag-set":
        return CLOCK_OF_FLAG.get(Flag(str(event.detail["flag"])))
    return None


def _after(clock: Clock, event: Event) -> Clock:
    """The clock after one line of the log."""
    at = event.at
    if event.kind == STARTED and event.detail.get("since") is not None:
        return replace(clock, stopped_at=None, flagged_at=None, paused_since=None)
    if event.kind == STARTED:
        return Clock(clock.name, started_at=at, **_terms(event.detail, at))
    if event.kind == MOVED:
        moved = replace(clock, **_terms(event.detail, at))
        return replace(moved, flagged_at=None) if moved.due_at is not None and moved.due_at > at else moved
    if clock.stopped_at is not None:
        return clock
    if event.kind == STOPPED:
        return replace(clock, stopped_at=at)
    if event.kind == PAUSED:
        return replace(clock, paused_since=at)
    if event.kind == RESUMED and clock.paused_since is not None:
        return replace(clock, paused_since=None, pauses=(*clock.pauses, (clock.paused_since, at)))
    return replace(clock, flagged_at=at) if event.kind == "flag-set" else clock


def _terms(detail: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Due time, allowance and calendar of a line; older lines tell the due time alone."""
    moment = datetime.fromisoformat(detail["due_at"])
    seconds = detail.get("allowance")
    allowance = timedelta(seconds=seconds) if seconds is not None else moment - at
    return {"due_at": moment, "allowance": allowance, "calendar": detail.get("calendar", "")}
