"""How long something may take, by department, urgency and service level, and which of these holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from mailgate.core.desk.ticket import ClockName


@dataclass(frozen=True, slots=True)
class Targets:
    """Open time that each clock may run; None where nothing is said."""

    receipt: timedelta | None = None
    acknowledge: timedelta | None = None
    respond: timedelta | None = None

    def of(self, clock: ClockName) -> timedelta | None:
        """The target of one clock."""
        return {
            ClockName.RECEIPT: self.receipt,
            ClockName.ACKNOWLEDGE: self.acknowledge,
            ClockName.RESPOND: self.respond,
        }[clock]


NO_TARGETS = Targets()


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """What accounts with this service level were promised, in these departments (none named = in all)."""

    name: str
    departments: tuple[str, ...] = ()
    targets: Targets = NO_TARGETS
    high: Targets = NO_TARGETS

    def holds(self, level: str | None, department: str) -> bool:
        """True where the promise is made to that level in that department."""
        return self.name == level and (not self.departments or department in self.departments)


def target(
    clock: ClockName, base: timedelta, high: Targets, levels: Iterable[ServiceLevel], *, is_high: bool
) -> timedelta:
    """The target that holds: the shortest for this level and priority, else for this level or this priority, else base.

    `high` are the department's targets of urgent tickets, `levels` the promises that hold for the account there.
    """
    promised = tuple(levels)
    if is_high:
        both = _shortest(level.high.of(clock) for level in promised)
        if both is not None:
            return both
    either = _shortest([*(level.targets.of(clock) for level in promised), high.of(clock) if is_high else None])
    return base if either is None else either


def _shortest(found: Iterable[timedelta | None]) -> timedelta | None:
    return min((item for item in found if item is not None), default=None)
