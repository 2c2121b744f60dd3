"""What this process has in hand of the outbox, and what it could not write down while the database was away.

Without it a database that goes away in the middle of a batch would leave our mails leased until the leases run out, and
forget that the next hop took one of them.
"""

import threading
from collections.abc import Callable, Iterable
from functools import partial

from mailgate.store.engine import Database
from mailgate.store.errors import BadValue, LeaseLost, StoreError
from mailgate.store.outbox import ClaimedMail, give_back


class Hands:
    """The ids of claimed mails whose end is not written down yet, and the ends that could not be written down."""

    def __init__(self) -> None:
        self.held: set[int] = set()
        self._owed: list[tuple[int, Callable[[], None]]] = []
        self._turn = threading.Lock()

    def take(self, claim: Callable[[], list[ClaimedMail]]) -> list[ClaimedMail]:
        """Claim mails, which frees those of ours that are not in hand: no two threads may do that at once."""
        with self._turn:
            batch = claim()
            self.held.update(mail.id for mail in batch)
            return batch

    def settle(self, mail_id: int, write: Callable[[], None]) -> None:
        """Write down how a mail ended. Where the database is away it is kept, and the error raised."""
        self._owed.append((mail_id, write))
        self.catch_up()

    def give_back(self, database: Database, mails: Iterable[ClaimedMail]) -> None:
        """Let go of mails that were not tried; kept like `settle` where the database is away."""
        self._owed += [(mail.id, partial(database.write, partial(give_back, mail=mail))) for mail in mails]
        self.catch_up()

    def catch_up(self) -> None:
        """Write down what is owed, in its order. LeaseLost is raised where somebody took the last of them up since."""
        lost: LeaseLost | None = None
        with self._turn:
            while self._owed:
                mail_id, write = self._owed[0]
                lost = None
                try:
                    write()
                except LeaseLost as error:
                    lost = error
                except Exception as error:
                    # What waits for the database stays owed. A fault of ours would stop all others, again and again.
                    if not isinstance(error, StoreError) or isinstance(error, BadValue):
                        self._forget(mail_id)
                    raise
                self._forget(mail_id)
        if lost is not None:
            raise lost

    def _forget(self, mail_id: int) -> None:
        self._owed.pop(0)
        self.held.discard(mail_id)
