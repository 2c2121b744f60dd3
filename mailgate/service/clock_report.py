"""What the clocks of a ticket counted, for `mailgate ticket clock N`: from the event log, beside what is stored."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from mailgate.core.desk.case import Policy
from mailgate.core.desk.clock import STOPPED, calendar_of, clocks_of, elapsed, explain
from mailgate.core.desk.ticket import Clock, ClockName, Event, Ticket
from mailgate.core.time.calendar import Calendar
from mailgate.store import facts, queries
from mailgate.store.engine import Session


def clock_report(session: Session, policy: Policy, number: int, now: datetime) -> dict[str, Any] | None:
    """The clocks of a ticket with each stretch of time, counted or not, and why; None where there is no such ticket.

    `counted` is the sum of the counted intervals, in seconds. `recomputed` says that the log gives what is stored.
    """
    ticket = facts.ticket(session, number)
    if ticket is None:
        return None
    events = queries.events_of(session, number)
    told = clocks_of(events)
    return {
        "number": number,
        "state": ticket.state,
        "department": ticket.department,
        "priority": ticket.priority,
        "service_level": ticket.service_level,
        "clocks": [
            _shown(clock, _calendar(policy, ticket, clock), _stopped_by(events, clock.name), now)
            | {"recomputed": clock == ticket.clock(clock.name)}
            for clock in told.values()
        ],
    }


def _calendar(policy: Policy, ticket: Ticket, clock: Clock) -> Calendar:
    """The calendar by which the clock ran last; that of the department where the configuration has it no more."""
    known = (item.calendar for item in policy.departments if item.calendar.name == clock.calendar)
    return next(known, None) or calendar_of(policy, clock.name, ticket.department)


def _stopped_by(events: Iterable[Event], name: ClockName) -> str | None:
    reasons = [str(item.detail["reason"]) for item in events if item.kind == STOPPED and item.detail["clock"] == name]
    return reasons[-1] if reasons else None


def _shown(clock: Clock, calendar: Calendar, stopped_by: str | None, now: datetime) -> dict[str, Any]:
    until = clock.stopped_at or max(now, clock.started_at or now)
    return {
        "clock": clock.name,
        "calendar": calendar.name or "round the clock",
        "timezone": calendar.zone.key,
        "allowance": clock.allowance.total_seconds() if clock.allowance is not None else None,
        "counted": elapsed(clock, calendar, until).total_seconds(),
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "stopped_at": clock.stopped_at,
        "stopped_by": stopped_by if clock.stopped_at is not None else None,
        "paused_since": clock.paused_since,
        "flagged_at": clock.flagged_at,
        "intervals": [
            {
                "from": item.begin,
                "to": item.end,
                "seconds": item.length.total_seconds(),
                "counted": item.is_counted,
                "reason": item.reason,
            }
            for item in explain(clock, calendar, until)
        ],
    }
