"""Which firing of a job is due: a pure reading of what the job table says, for any time that a clock may show.

A job that missed firings (nobody ran, or the node was away) runs once, for the last of them. A firing that began and
whose holder is gone is taken up again. A clock that was set back does not make a firing come again, unless it had been
wrong by more than a day: then what it wrote counts for nothing (threats CR-12, CR-14).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

LEASE = timedelta(hours=1)
_WRONG = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class JobState:
    """What the table knows: the last firing taken up, and who works on it until when (None: it is finished)."""

    firing: datetime
    owner: str | None = None
    lease_until: datetime | None = None


def is_free(state: JobState, now: datetime, gone: Callable[[str], bool]) -> bool:
    """True where nobody works on the job: no holder, one that is gone, or a lease that is over.

    A lease that ends later than any taken now could was taken by a clock that was ahead.
    """
    if state.owner is None or state.lease_until is None:
        return True
    return not now < state.lease_until <= now + LEASE or gone(state.owner)


def due(state: JobState, last: datetime, now: datetime, gone: Callable[[str], bool]) -> datetime | None:
    """The firing to run now, or None. `last` is the last one that cron had until now (`Cron.last_until`)."""
    if not is_free(state, now, gone):
        return None
    wrong = state.firing > now + _WRONG
    if last > state.firing or wrong:
        return last
    return state.firing if state.owner is not None else None
