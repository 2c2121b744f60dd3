"""`mailgate report`: did we keep our promise, where not, since when, whose tickets."""

import csv
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from mailgate.cli.common import WRONG, Json, database, fail, known_word, settings
from mailgate.cli.output import cell, emit, emit_json, emit_table

if TYPE_CHECKING:
    from mailgate.core.desk.promise import Promise
    from mailgate.core.desk.report import Failure, Group, Kept, Report

_BAR = 20
_MOST_SHOWN = 20
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # how a cell begins that a spreadsheet would run (threats IN-05)
_COLUMNS = (
    "ticket", "clock", "verdict", "department", "agent", "priority", "account", "requester", "subject",
    "started_at", "due_at", "stopped_at", "taken_seconds", "late_seconds",
)  # fmt: skip
From = Annotated[str | None, typer.Option("--from", metavar="DAY", help="First day (2026-01-31); else a year ago.")]
To = Annotated[str | None, typer.Option("--to", metavar="DAY", help="Last day; else today.")]


def report(
    context: typer.Context,
    first: From = None,
    last: To = None,
    department: Annotated[str | None, typer.Option("--department", help="Only this department.")] = None,
    as_json: Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print one line for each promise, for a spreadsheet.")] = False,
) -> None:
    """Say whether receipts, acknowledgements and answers came in time; days are those of the desk's time zone."""
    config = settings(context)
    known_word("--department", department, [item.name for item in config.departments])
    from mailgate.service.report import make_report

    zone, now = ZoneInfo(config.desk.timezone), datetime.now(UTC)
    start, end = _span(first, last, zone, now)
    with database(config) as store:
        found, promises = make_report(config, store, start, end, now, department)
    if as_csv:
        _emit_csv(promises)
    elif as_json:
        emit_json(_as_json(found))
    else:
        _emit_text(found, zone)


def _span(first: str | None, last: str | None, zone: ZoneInfo, now: datetime) -> tuple[datetime, datetime]:
    """From the beginning of the first day to the end of the last one."""
    until = _day("--to", last) if last else now.astimezone(zone).date()
    begin = _day("--from", first) if first else until - timedelta(days=365)
    if begin > until:
        fail(f"--from {begin} is after --to {until}", WRONG)
    midnight = time(tzinfo=zone)
    return datetime.combine(begin, midnight), datetime.combine(until + timedelta(days=1), midnight)


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(f'{option}: {text!r} is no day; write it like "2026-01-31"', WRONG)


def _emit_csv(promises: Iterable["Promise"]) -> None:
    writer = csv.writer(sys.stdout, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for item in promises:
        ticket = item.ticket
        row = (
            ticket.number, item.clock.value, item.verdict.value, item.department, item.agent, ticket.priority,
            ticket.account, ticket.requester, ticket.subject, _moment(item.started_at), _moment(item.due_at),
            _moment(item.stopped_at), _seconds(item.taken), _seconds(item.late),
        )  # fmt: skip
        writer.writerow([safe_cell(value) for value in row])
    sys.stdout.flush()


def safe_cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula, on one line."""
    text = "" if value is None else " ".join(str(value).split("\0"))
    return f"'{text}" if text.startswith(_FORMULA) else text


def _moment(value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _seconds(value: timedelta | None) -> int | None:
    return None if value is None else round(value.total_seconds())


def _as_json(found: "Report") -> dict[str, Any]:
    return {
        "from": found.start,
        "to": found.end,
        "department": found.department,
        "kept": not found.missed,
        "missed": [{"department": name, "clock": clock, "rate": round(rate, 4)} for name, clock, rate in found.missed],
        "opened": found.opened,
        "closed": found.closed,
        "clocks": _clocks(found.clocks),
        "departments": [_group(item) for item in found.departments],
        "agents": [_group(item) for item in found.agents],
        "months": [_group(item) for item in found.months],
        "failures": [
            {
                "department": item.department,
                "clock": item.clock,
                "broken": item.broken,
                "of": item.of,
                "first": item.first,
                "last": item.last,
                "since": item.since,
                "agents": [{"name": name, "broken": count} for name, count in item.agents],
            }
            for item in found.failures
        ],
        "broken": [_promise(item) for item in found.broken],
    }


def _promise(item: "Promise") -> dict[str, Any]:
    return {
        "ticket": item.ticket.number,
        "subject": item.ticket.subject,
        "clock": item.clock,
        "department": item.department,
        "agent": item.agent,
        "due_at": item.due_at,
        "stopped_at": item.stopped_at,
        "late_seconds": _seconds(item.late),
    }


def _group(item: "Group") -> dict[str, Any]:
    return {"name": item.name, "tickets": item.tickets, "clocks": _clocks(item.clocks)}


def _clocks(clocks: Mapping[Any, "Kept"]) -> dict[str, Any]:
    return {
        name: {
            "kept": item.kept,
            "broken": item.broken,
            "pending": item.pending,
            "rate": None if item.rate is None else round(item.rate, 4),
            "median_seconds": _seconds(item.median),
            "p90_seconds": _seconds(item.p90),
        }
        for name, item in clocks.items()
    }


def _emit_text(found: "Report", zone: ZoneInfo) -> None:
    last = (found.end - timedelta(days=1)).astimezone(zone).date()
    emit(f"{found.start.astimezone(zone).date()} to {last}{f', {found.department}' if found.department else ''}")
    emit(f"{found.opened} tickets opened, {found.closed} closed")
    emit()
    emit(_verdict(found))
    emit()
    _emit_groups("", [("all", found.clocks)])
    for title, groups in (("department", found.departments), ("agent", found.agents)):
        if groups:
            emit()
            _emit_groups(title, [(item.name, item.clocks) for item in groups])
    _emit_months(found.months)
    if found.failures:
        emit()
        emit("Where not")
        for failure in found.failures:
            emit(f"  {_failure(failure, zone)}")
    _emit_broken(found.broken, zone)


def _verdict(found: "Report") -> str:
    """The answer in one line."""
    from mailgate.core.desk.report import GOAL

    decided = sum(item.kept + item.broken for item in found.clocks.values())
    if not decided:
        return "Nothing was promised in that time."
    if not found.failures:
        return f"Every promise was kept: {decided} of {decided}."
    kept = decided - sum(item.broken for item in found.clocks.values())
    where = ", ".join(f"{cell(name)} {clock} {_percent(rate)}" for name, clock, rate in found.missed)
    words = f"NOT kept: {where}; the goal is {_percent(GOAL)}." if where else f"Kept to the goal of {_percent(GOAL)}."
    return f"{words} In all {kept} of {decided} promises were kept."


def _failure(item: "Failure", zone: ZoneInfo) -> str:
    """One line: where, how often, since when, whose."""
    names = ", ".join(f"{name} {count}" for name, count in item.agents)
    when = f"since {item.since}" if item.since else f"last {item.last.astimezone(zone):%Y-%m-%d}, over now"
    return f"{cell(item.department)} {item.clock}: {item.broken} of {item.of} broken, {when}; {cell(names)}"


def _emit_groups(title: str, groups: Sequence[tuple[str, Mapping[Any, "Kept"]]]) -> None:
    """A line for each group and clock that has something to tell."""
    rows = [
        (name, clock, _percent(item.rate), _bar(item.rate), f"{item.kept}/{item.kept + item.broken}",
         item.pending or None, _length(item.median), _length(item.p90))
        for name, clocks in groups
        for clock, item in clocks.items()
        if item.kept + item.broken + item.pending
    ]  # fmt: skip
    emit_table((title, "clock", "kept", "", "", "open", "median", "p90"), rows, none="No clocks ran.")


def _emit_months(months: Sequence["Group"]) -> None:
    """The trend: a line for each month, its clocks side by side."""
    if len(months) < 2:
        return
    emit()
    rows = [
        (
            item.name,
            item.tickets,
            *(f"{_percent(kept.rate):>6} {_bar(kept.rate, _BAR // 2)}" for kept in item.clocks.values()),
        )
        for item in months
    ]
    emit_table(("month", "tickets", *months[0].clocks), rows, none="")


def _percent(rate: float | None) -> str:
    """Cut, not rounded: 99.98 % is not all."""
    return "-" if rate is None else f"{int(rate * 1000) / 10:g}%"


def _bar(rate: float | None, width: int = _BAR) -> str:
    """Never full where anything was broken."""
    full = int((rate or 0) * width)
    return "#" * full + "." * (width - full)


def _length(value: timedelta | None) -> str:
    """`45s`, `12m`, `3h 05m`, `2d 4h`."""
    if value is None:
        return "-"
    seconds = round(value.total_seconds())
    if seconds < 120:
        return f"{seconds}s"
    minutes = seconds // 60
    if minutes < 120:
        return f"{minutes}m"
    hours = minutes // 60
    return f"{hours}h {minutes % 60:02d}m" if hours < 48 else f"{hours // 24}d {hours % 24}h"


def _emit_broken(broken: Sequence["Promise"], zone: ZoneInfo) -> None:
    if not broken:
        return
    emit()
    emit(
        "Broken, the worst first" if len(broken) <= _MOST_SHOWN else f"The {_MOST_SHOWN} worst of {len(broken)} broken"
    )
    emit_table(
        ("ticket", "clock", "department", "whose", "due", "late by", "subject"),
        (
            (f"#{item.ticket.number}", item.clock, item.department, item.agent or "nobody",
             f"{item.due_at.astimezone(zone):%Y-%m-%d %H:%M}",
             _length(item.late) + ("" if item.stopped_at else ", still open"), item.ticket.subject)
            for item in broken[:_MOST_SHOWN]
        ),
        none="",
    )  # fmt: skip
