"""When to try again: after 1, 5, 15, 30 and then every 60 minutes, spread so that no queue marches in step."""

from datetime import timedelta

_MINUTES = (1, 5, 15, 30, 60)
_SPREAD = 0.1


def retry_after(attempts: int, seed: int) -> timedelta:
    """The wait after that many attempts. `seed` (an id) spreads the moment by up to a tenth, the same each time."""
    minutes = _MINUTES[min(max(attempts, 1), len(_MINUTES)) - 1]
    share = (seed * 2654435761 % 2**32) / 2**32  # Knuth's multiplicative hash: neighbours end far apart
    return timedelta(minutes=minutes * (1 + _SPREAD * share))
