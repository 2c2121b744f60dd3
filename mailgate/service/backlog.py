"""The operator hears when mail is taken faster than it is decided about, or not decided about at all (threats CR-19).

All mail is taken and kept meanwhile, and decided in its order; what bounds it is the reserve of the disk.
"""

from datetime import datetime, timedelta

from mailgate.config import Settings
from mailgate.service.alarm import alarm
from mailgate.store import inbound
from mailgate.store.engine import Database

_TOO_LONG = timedelta(minutes=30)  # DNS that has trouble is waited for up to ten
_AGAIN = timedelta(hours=1)


class Backlog:
    """Looks at the oldest mail that waits for its decision; an archive that is brought may wait as long as it likes."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._told_at: datetime | None = None

    def look(self, now: datetime) -> bool:
        """Tell the operator where it waits for too long, once an hour; True where that was done. Raises StoreError."""
        if self._told_at is not None and now - self._told_at < _AGAIN:
            return False
        oldest = next(iter(self._database.read(lambda session: inbound.waiting(session, 1))), None)
        if oldest is None or oldest.history or now - oldest.received_at < _TOO_LONG:
            return False
        self._told_at = now
        since = f"{oldest.received_at:%Y-%m-%d %H:%M} UTC"
        why = (
            f"mail waits to be decided, the oldest ({oldest.id}) since {since}; none is lost. "
            "See mailgate message list --state received, and the log"
        )
        alarm(self._settings, self._database, "worker", why, now=now)
        return True
