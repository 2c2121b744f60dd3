"""The report: did we keep our promise, where not, since when, whose tickets. Pure arithmetic on promises."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from mailgate.core.desk.promise import Promise, TicketLog, Verdict
from mailgate.core.desk.ticket import ClockName

GOAL = 0.95  # of the promises of a month; less counts as not kept
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Kept:
    """Promises of one kind counted, and how long what was done took: median and ninth decile, in calendar time."""

    kept: int
    broken: int
    pending: int
    median: timedelta | None
    p90: timedelta | None

    @property
    def rate(self) -> float | None:
        """The share that was kept; None where none is decided."""
        decided = self.kept + self.broken
        return self.kept / decided if decided else None


@dataclass(frozen=True, slots=True)
class Group:
    """A department, an agent or a month."""

    name: str
    tickets: int
    clocks: Mapping[ClockName, Kept]


@dataclass(frozen=True, slots=True)
class Failure:
    """Where a promise was broken: how often of how many, first and last, and the agents by how often, most first.

    `since` is the first of the months, without a good one after it, in which less than GOAL was kept; None where it is
    over.
    """

    department: str
    clock: ClockName
    broken: int
    of: int
    first: datetime
    last: datetime
    since: str | None
    agents: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All of it. `broken` are the promises that were, the worst first."""

    start: datetime
    end: datetime
    department: str | None
    opened: int
    closed: int
    clocks: Mapping[ClockName, Kept]
    departments: tuple[Group, ...]
    agents: tuple[Group, ...]
    months: tuple[Group, ...]
    failures: tuple[Failure, ...]
    broken: tuple[Promise, ...]

    @property
    def missed(self) -> tuple[tuple[str, ClockName, float], ...]:
        """Department, clock and rate wherever less than GOAL was kept; the worst first."""
        rates = [(item.name, name, kept.rate) for item in self.departments for name, kept in item.clocks.items()]
        found = [(name, clock, rate) for name, clock, rate in rates if rate is not None and rate < GOAL]
        return tuple(sorted(found, key=lambda item: item[2]))


def report(
    tickets: Sequence[TicketLog],
    promises: Sequence[Promise],
    *,
    start: datetime,
    end: datetime,
    zone: ZoneInfo,
    department: str | None = None,
) -> Report:
    """Count the promises made from `start` to before `end`; months are those of `zone`."""
    ours = [item for item in promises if department in {None, item.department}]
    of_department = {item.ticket.number for item in ours} if department is not None else None
    shown = [item for item in tickets if of_department is None or item.number in of_department]

    def month(moment: datetime) -> str:
        return f"{moment.astimezone(zone):%Y-%m}"

    broken = [item for item in ours if _is_broken(item)]
    by_people = [item for item in ours if item.clock is not ClockName.RECEIPT]  # receipts we write ourselves
    return Report(
        start=start,
        end=end,
        department=department,
        opened=sum(start <= item.created_at < end for item in shown),
        closed=sum(item.closed_at is not None and start <= item.closed_at < end for item in shown),
        clocks=_by_clock(ours),
        departments=_groups(ours, lambda item: item.department),
        agents=_groups(by_people, lambda item: item.agent or NOBODY),
        months=_groups(ours, lambda item: month(item.started_at)),
        failures=tuple(_failures(ours, month)),
        broken=tuple(sorted(broken, key=lambda item: (-item.late, item.ticket.number, item.clock))),
    )


def _by_clock(promises: Iterable[Promise]) -> dict[ClockName, Kept]:
    found: dict[ClockName, list[Promise]] = {name: [] for name in ClockName}
    for item in promises:
        found[item.clock].append(item)
    return {name: _kept(items) for name, items in found.items()}


def _kept(promises: Sequence[Promise]) -> Kept:
    verdicts = [item.verdict for item in promises]
    taken = sorted(item.taken for item in promises if item.taken is not None)
    return Kept(
        kept=verdicts.count(Verdict.KEPT),
        broken=verdicts.count(Verdict.BROKEN),
        pending=verdicts.count(Verdict.PENDING),
        median=_share(taken, 50),
        p90=_share(taken, 90),
    )


def _share(ordered: Sequence[timedelta], percent: int) -> timedelta | None:
    """The value that so many percent do not exceed (nearest rank)."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] if ordered else None


def _groups(promises: Iterable[Promise], name_of: Callable[[Promise], str]) -> tuple[Group, ...]:
    found: dict[str, list[Promise]] = {}
    for item in promises:
        found.setdefault(name_of(item), []).append(item)
    groups = sorted(found.items())
    return tuple(Group(name, len({item.ticket.number for item in items}), _by_clock(items)) for name, items in groups)


def _failures(promises: Iterable[Promise], month: Callable[[datetime], str]) -> list[Failure]:
    """One for each department and clock with a broken promise, the most broken first."""
    found: dict[tuple[str, ClockName], list[Promise]] = {}
    for item in promises:
        if item.verdict in {Verdict.KEPT, Verdict.BROKEN}:
            found.setdefault((item.department, item.clock), []).append(item)
    failures = [_failure(items, month) for items in found.values() if any(map(_is_broken, items))]
    return sorted(failures, key=lambda item: (-item.broken, item.department, item.clock))


def _failure(items: Sequence[Promise], month: Callable[[datetime], str]) -> Failure:
    broken = [item for item in items if _is_broken(item)]
    whose: dict[str, int] = {}
    for item in broken:
        whose[item.agent or NOBODY] = whose.get(item.agent or NOBODY, 0) + 1
    return Failure(
        department=items[0].department,
        clock=items[0].clock,
        broken=len(broken),
        of=len(items),
        first=min(item.due_at for item in broken),
        last=max(item.due_at for item in broken),
        since=_since(items, month),
        agents=tuple(sorted(whose.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def _since(items: Iterable[Promise], month: Callable[[datetime], str]) -> str | None:
    found: dict[str, list[bool]] = {}
    for item in items:
        found.setdefault(month(item.started_at), []).append(not _is_broken(item))
    since = None
    for name, kept in sorted(found.items(), reverse=True):
        if sum(kept) / len(kept) >= GOAL:
            break
        since = name
    return since


def _is_broken(item: Promise) -> bool:
    return item.verdict is Verdict.BROKEN
