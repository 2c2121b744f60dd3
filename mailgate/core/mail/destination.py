"""Whether the next hop takes mail from us, as a value: up, down for a while, or stopped by a fault of our set-up.

While it is down or stopped one mail at a time is a probe and all others wait without an attempt (threats OB-01, OB-07).
The first mail that is answered for itself, whatever the answer, makes it up again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from mailgate.core.time.backoff import retry_after

_LONGEST_STOP = timedelta(minutes=5)  # a fault of the set-up ends when somebody mends it, and then nobody should wait


class Reach(StrEnum):
    """`down`: nobody answers, it is waited for. `stopped`: it refuses us all; mail is held, and a person has to act."""

    UP = "up"
    DOWN = "down"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Destination:
    """What is known of the next hop. `since`, `probe_at` and `reply` are None while it is up."""

    reach: Reach = Reach.UP
    since: datetime | None = None
    failures: int = 0
    probe_at: datetime | None = None
    reply: str | None = None

    def may_try(self, now: datetime) -> bool:
        """Whether a mail may be tried now."""
        return self.probe_at is None or self.probe_at <= now


def went_down(before: Destination, reply: str, now: datetime) -> Destination:
    """After an attempt that reached nobody: the next probe follows after 1, 5, 15, 30 and then every 60 minutes."""
    return _after(before, Reach.DOWN, reply, now, timedelta.max)


def stopped(before: Destination, reply: str, now: datetime) -> Destination:
    """After a refusal that concerns all our mail: the next probe follows after 1 minute, then every 5."""
    return _after(before, Reach.STOPPED, reply, now, _LONGEST_STOP)


def _after(before: Destination, reach: Reach, reply: str, now: datetime, longest: timedelta) -> Destination:
    same = before.reach is reach
    failures = before.failures + 1 if same else 1
    since = before.since if same and before.since is not None else now
    return Destination(reach, since, failures, now + min(retry_after(failures, failures), longest), reply)
