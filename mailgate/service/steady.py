"""The time for what must not come early: it goes on evenly while the clock of the machine jumps (threats CR-12)."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

_LOG = logging.getLogger(__name__)
_JUMP = timedelta(seconds=30)  # between two looks; less is the clock being set right little by little
_DOUBT = timedelta(hours=1)


def elapsed() -> float:
    """Seconds that passed since the machine started, also while it was suspended; nobody can set this clock."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class SteadyClock:
    """The time by `wall`; after a jump for an hour the time as it would be without, unless the jump is taken back.

    Who sets a clock wrong mostly sees it soon. A clock that stays where it jumped to was set right: then it counts.
    Any thread may ask.
    """

    def __init__(self, wall: Callable[[], datetime], elapsed: Callable[[], float] = elapsed) -> None:
        self._wall, self._elapsed = wall, elapsed
        self._lock = threading.Lock()
        self._last: tuple[datetime, float] | None = None
        self._doubted_since: float | None = None

    def __call__(self) -> datetime:
        """The time in UTC."""
        with self._lock:
            wall, passed = self._wall(), self._elapsed()
            if self._last is None:
                self._last = wall, passed
                return wall
            steady = self._last[0] + timedelta(seconds=passed - self._last[1])
            now = self._choose(wall, steady, passed)
            self._last = now, passed
            return now

    def _choose(self, wall: datetime, steady: datetime, passed: float) -> datetime:
        if abs(wall - steady) <= _JUMP:
            self._doubted_since = None
            return wall
        if self._doubted_since is None:
            self._doubted_since = passed
            fields = {"seconds": (wall - steady).total_seconds()}
            _LOG.error("the clock of the machine jumped; for an hour clocks go on as before", extra={"fields": fields})
        if timedelta(seconds=passed - self._doubted_since) < _DOUBT:
            return steady
        self._doubted_since = None
        _LOG.error("the clock of the machine stays where it is; it counts from now on")
        return wall
