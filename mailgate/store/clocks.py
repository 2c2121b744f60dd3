"""Clocks as rows: started, stopped, paused, marked as stale; each change comes back as the lines that the log gets.

Here is only what needs no calendar. What does, `service/clocks.py` makes good: a clock whose department, priority or
calendar changed is `stale` until its due time was reckoned again.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, select, update
from sqlmodel import Session

from mailgate.core.desk.clock import CLOCK_OF_FLAG, FLAG_OF_CLOCK, MOVED, PAUSED, RESUMED, STARTED, STOPPED
from mailgate.core.desk.plan import ClockStarted
from mailgate.core.desk.ticket import Clock, ClockName, Flag, TicketState
from mailgate.store.sql import insert_new, is_postgres, upsert
from mailgate.store.tables.base import table_of
from mailgate.store.tables.desk import ClockRow, EventRow, FlagRow, TicketRow
from mailgate.store.values import iso

_CLOCK = table_of(ClockRow)
_FLAG = table_of(FlagRow)
_TICKET = table_of(TicketRow)
_EVENT = table_of(EventRow)
_RUNS = _CLOCK.c.stopped_at.is_(None)
_UNFLAG = delete(_FLAG).where(_FLAG.c.ticket == bindparam("number"), _FLAG.c.flag == bindparam("mark"))
_STOP = (
    update(_CLOCK)
    .where(_CLOCK.c.ticket == bindparam("number"), _CLOCK.c.name == bindparam("clock"), _RUNS)
    .values(stopped_at=bindparam("moment"), stale_since=None, step_at=None)
)

Line = tuple[str, dict[str, Any]]
"""Kind and detail of a line of the event log."""


def start(session: Session, event: ClockStarted, now: datetime) -> list[Line]:
    """A clock begins, or begins anew, or goes on; the flag of its last run goes."""
    if event.since is not None:
        return _go_on(session, event)
    values: dict[str, Any] = {
        "ticket": event.ticket,
        "name": event.clock,
        "started_at": now,
        "due_at": event.due_at,
        "stopped_at": None,
        "flagged_at": None,
        "allowance": None if event.allowance is None else event.allowance.total_seconds(),
        "calendar": event.calendar,
        "pauses": None,
        "paused_since": None,
        "stale_since": None,
        "step": None,
        "step_at": None,
    }
    upsert(session, _CLOCK, values, unique=("ticket", "name"))
    detail = {"clock": event.clock, "due_at": event.due_at, "allowance": event.allowance, "calendar": event.calendar}
    return [(STARTED, detail), *clear_flag(session, event.ticket, FLAG_OF_CLOCK[event.clock], "started anew")]


def _go_on(session: Session, event: ClockStarted) -> list[Line]:
    """The stop is taken back; start and pauses stay. If it is due by now, the next sweep says so."""
    values = {"stopped_at": None, "flagged_at": None, "paused_since": None, "step": None, "step_at": None}
    session.connection().execute(update(_CLOCK).where(_this(event.ticket, event.clock)).values(**values))
    detail = {"clock": event.clock, "due_at": event.due_at, "allowance": event.allowance, "calendar": event.calendar}
    return [(STARTED, {**detail, "since": event.since})]


def stop(session: Session, ticket: int, clock: ClockName, reason: str, now: datetime) -> list[Line]:
    """A clock stops and its flag goes; nothing where it does not run."""
    stopped = session.connection().execute(_STOP, {"number": ticket, "clock": clock, "moment": now})
    if stopped.rowcount != 1:
        return []
    return [
        (STOPPED, {"clock": clock, "reason": reason}),
        *clear_flag(session, ticket, FLAG_OF_CLOCK[clock], reason),
    ]


def after_state(session: Session, ticket: int, before: TicketState, after: TicketState, now: datetime) -> list[Line]:
    """What a change of state does to clocks and flags: waiting pauses `respond`, closing stops all."""
    lines: list[Line] = []
    if before is TicketState.HELD:
        lines += clear_flag(session, ticket, Flag.HELD_TOO_LONG, after.value)
    if after is TicketState.CLOSED:
        for name in ClockName:
            lines += stop(session, ticket, name, "closed", now)
    elif after is TicketState.WAITING:
        lines += _pause(session, ticket, now)
    elif before is TicketState.WAITING:
        lines += _resume(session, ticket, now)
    return lines


def _pause(session: Session, ticket: int, now: datetime) -> list[Line]:
    running = _this(ticket, ClockName.RESPOND) & _RUNS & _CLOCK.c.paused_since.is_(None)
    done = session.connection().execute(update(_CLOCK).where(running).values(paused_since=now))
    return [(PAUSED, {"clock": ClockName.RESPOND})] if done.rowcount == 1 else []


def _resume(session: Session, ticket: int, now: datetime) -> list[Line]:
    """The pause is over; when the clock is due now, a calendar says."""
    paused = _this(ticket, ClockName.RESPOND) & _RUNS & _CLOCK.c.paused_since.is_not(None)
    row = session.connection().execute(select(_CLOCK.c.pauses, _CLOCK.c.paused_since).where(paused)).one_or_none()
    if row is None:
        return []
    pauses = [*(row.pauses or []), [iso(row.paused_since), iso(now)]]
    values = {"pauses": pauses, "paused_since": None, "stale_since": now}
    session.connection().execute(update(_CLOCK).where(paused).values(**values))
    return [(RESUMED, {"clock": ClockName.RESPOND})]


def set_flag(session: Session, ticket: int, flag: Flag, reason: str, now: datetime) -> list[Line]:
    """Mark a ticket, and the clock that the mark is of; nothing where it is marked already."""
    clock = CLOCK_OF_FLAG.get(flag)
    if clock is not None:
        unflagged = _this(ticket, clock) & _RUNS & _CLOCK.c.flagged_at.is_(None)
        session.connection().execute(update(_CLOCK).where(unflagged).values(flagged_at=now))
    values = {"ticket": ticket, "flag": flag, "set_at": now, "reason": reason}
    new = insert_new(session, _FLAG, values, unique=("ticket", "flag"))
    return [("flag-set", {"flag": flag, "reason": reason})] if new else []


def clear_flag(session: Session, ticket: int, flag: Flag, reason: str) -> list[Line]:
    """Take a mark off; nothing where there is none."""
    done = session.connection().execute(_UNFLAG, {"number": ticket, "mark": flag})
    return [("flag-cleared", {"flag": flag, "reason": reason})] if done.rowcount == 1 else []


def mark_stale(session: Session, now: datetime, ticket: int | None = None) -> None:
    """The clocks that run, of one ticket or of all, have to be reckoned again."""
    which = _RUNS if ticket is None else _RUNS & (_CLOCK.c.ticket == ticket)
    session.connection().execute(update(_CLOCK).where(which, _CLOCK.c.stale_since.is_(None)).values(stale_since=now))


def mark_account_stale(session: Session, account: str, now: datetime) -> None:
    """The clocks that run of an account's tickets have to be reckoned again: it was promised something else."""
    tickets = select(_TICKET.c.number).where(_TICKET.c.account == account)
    which = _RUNS & _CLOCK.c.ticket.in_(tickets)
    session.connection().execute(update(_CLOCK).where(which).values(stale_since=now))


def stale_ticket(session: Session, skip: Collection[int]) -> int | None:
    """A ticket with clocks that have to be reckoned again."""
    query = select(_CLOCK.c.ticket).where(_CLOCK.c.stale_since.is_not(None), _CLOCK.c.ticket.not_in(skip))
    number: int | None = session.connection().scalar(query.order_by(_CLOCK.c.ticket).limit(1))
    return number


def running_tickets(session: Session, above: int, limit: int) -> list[int]:
    """Tickets with clocks that run, from a number on, by number."""
    query = select(_CLOCK.c.ticket).where(_RUNS, _CLOCK.c.ticket > above).distinct()
    return list(session.connection().scalars(query.order_by(_CLOCK.c.ticket).limit(limit)))


def hold_clocks(session: Session, ticket: int) -> None:
    """Let nobody else change the clocks of a ticket until the transaction ends."""
    if is_postgres(session):
        session.connection().execute(select(_CLOCK.c.name).where(_CLOCK.c.ticket == ticket).with_for_update())


def move(session: Session, ticket: int, clock: Clock, now: datetime, *, reason: str) -> list[Line]:
    """Write what was reckoned of a clock that runs. Where it is not due yet, it is not late any more either."""
    values: dict[str, Any] = {
        "due_at": clock.due_at,
        "allowance": clock.allowance.total_seconds() if clock.allowance is not None else None,
        "calendar": clock.calendar,
    }
    in_time = clock.due_at is not None and clock.due_at > now
    if in_time:
        values |= {"flagged_at": None, "step": None, "step_at": None}
    session.connection().execute(update(_CLOCK).where(_this(ticket, clock.name), _RUNS).values(**values))
    detail = {"clock": clock.name, "due_at": clock.due_at, "allowance": clock.allowance, "calendar": clock.calendar}
    lines: list[Line] = [(MOVED, {**detail, "reason": reason})]
    return lines + (clear_flag(session, ticket, FLAG_OF_CLOCK[clock.name], reason) if in_time else [])


def unmark_stale(session: Session, ticket: int) -> None:
    """The clocks of a ticket were reckoned."""
    session.connection().execute(update(_CLOCK).where(_CLOCK.c.ticket == ticket).values(stale_since=None))


def claim_overdue(session: Session, now: datetime, skip: Collection[int]) -> tuple[int, ClockName] | None:
    """The clock that is overdue for longest and not flagged, held until the transaction ends: flag it there."""
    overdue = _CLOCK.c.flagged_at.is_(None) & (_CLOCK.c.due_at <= now)
    return _claim(session, overdue, _CLOCK.c.due_at, skip)


def claim_step(session: Session, now: datetime, skip: Collection[int]) -> tuple[int, ClockName] | None:
    """A flagged clock whose escalation has a step due, held until the transaction ends: take the step there."""
    return _claim(session, _CLOCK.c.step_at.is_not(None) & (_CLOCK.c.step_at <= now), _CLOCK.c.step_at, skip)


def step_of(session: Session, ticket: int, clock: ClockName) -> int:
    """Which step of the escalation is next, from 0 on."""
    return session.connection().scalar(select(_CLOCK.c.step).where(_this(ticket, clock))) or 0


def plan_step(session: Session, ticket: int, clock: ClockName, step: int, at: datetime | None) -> None:
    """The next step of an escalation and when it is due; None where there is none."""
    session.connection().execute(update(_CLOCK).where(_this(ticket, clock), _RUNS).values(step=step, step_at=at))


def _claim(
    session: Session, which: ColumnElement[bool], order: ColumnElement[Any], skip: Collection[int]
) -> tuple[int, ClockName] | None:
    """One row nobody else works on. The lock ends with the transaction: who is killed or held up gives it back."""
    query = (
        select(_CLOCK.c.ticket, _CLOCK.c.name)
        .where(_RUNS, _CLOCK.c.paused_since.is_(None), _CLOCK.c.stale_since.is_(None), which)
        .where(_CLOCK.c.ticket.not_in(skip))
        .order_by(order, _CLOCK.c.ticket, _CLOCK.c.name)
        .limit(1)
    )
    if is_postgres(session):
        query = query.with_for_update(skip_locked=True)
    row = session.connection().execute(query).one_or_none()
    return None if row is None else (row.ticket, ClockName(row.name))


def claim_held(session: Session, before: datetime, silent: Collection[str], skip: Collection[int]) -> int | None:
    """A ticket held since before then without the flag for it; nobody else flags it until the transaction ends."""
    flagged = select(_FLAG.c.ticket).where(_FLAG.c.flag == Flag.HELD_TOO_LONG)
    held_again = select(_EVENT.c.id).where(
        _EVENT.c.ticket == _TICKET.c.number, _EVENT.c.kind == "state-changed", _EVENT.c.at > before
    )
    query = (
        select(_TICKET.c.number)
        .where(_TICKET.c.state == TicketState.HELD, _TICKET.c.created_at <= before)
        .where(_TICKET.c.number.not_in(flagged), _TICKET.c.number.not_in(skip))
        .where(_TICKET.c.held_reason.not_in(silent), ~held_again.exists())
        .order_by(_TICKET.c.created_at, _TICKET.c.number)
        .limit(1)
    )
    if is_postgres(session):
        query = query.with_for_update(skip_locked=True)
    number: int | None = session.connection().scalar(query)
    return number


def _this(ticket: int, clock: ClockName) -> ColumnElement[bool]:
    return (_CLOCK.c.ticket == ticket) & (_CLOCK.c.name == clock)
