"""The deciding transaction, run until it holds: where another one was faster, what that wrote may matter."""

from collections.abc import Callable
from typing import TypeVar

from mailgate.store.engine import Database, Session
from mailgate.store.errors import Conflict, StoreUnavailable

T = TypeVar("T")

_MOST_CONFLICTS = 20


def decide_in_turn(database: Database, work: Callable[[Session], T]) -> T:
    """Run `work` in the deciding transaction, and again after each conflict. Raises StoreUnavailable after twenty."""
    for _ in range(_MOST_CONFLICTS):
        try:
            return database.decide(work)
        except Conflict:
            continue
    raise StoreUnavailable(f"{_MOST_CONFLICTS} conflicts in a row")
