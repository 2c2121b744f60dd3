"""How long a client is waited for: one object, pure, asked by a timer (RFC 5321 §4.5.3.2.7, threats SM-03).

Three clocks run: silence between commands, the session without a mail, and in DATA a credit that bytes buy: it starts
with a grace time, each byte adds `1 / minimum_rate` seconds, and it never exceeds the idle time, so that a fast start
does not pay for an hour of trickling. While a commit runs no clock does: that time is ours.
"""

import math
from enum import Enum

from mailgate.core import reply
from mailgate.core.reply import Reply
from mailgate.intake.limits import ListenSettings


class Phase(Enum):
    """What a session is at."""

    COMMANDS = "commands"
    DATA = "data"
    COMMIT = "commit"


class Patience:
    """The deadlines of one session. All times are seconds of the same monotonic clock."""

    def __init__(self, settings: ListenSettings, now: float) -> None:
        self._settings = settings
        self.phase = Phase.COMMANDS
        self._command_at = now
        self._session_end = now + settings.session_timeout
        self._data_at = now
        self._data_due = now
        self._received = 0

    def command(self, now: float) -> None:
        """A whole command line came; bytes of half a one count for nothing."""
        self.phase = Phase.COMMANDS
        self._command_at = now

    def data_begins(self, now: float) -> None:
        """354 was said."""
        self.phase = Phase.DATA
        self._data_at = now
        self._data_due = now + self._settings.minimum_rate_after
        self._received = 0

    def data(self, now: float, size: int) -> None:
        """`size` bytes of the message came."""
        self._received += size
        bought = self._data_due + size / self._settings.minimum_rate
        self._data_due = max(self._data_due, min(bought, now + self._settings.idle_timeout))

    def commit_begins(self) -> None:
        """The message is with us; the client waits, not we."""
        self.phase = Phase.COMMIT

    def mail(self, now: float) -> None:
        """A mail was accepted: the session has earned more time."""
        self.command(now)
        self._session_end = now + self._settings.session_timeout

    def due(self) -> float:
        """When to look again; infinite while a commit runs."""
        if self.phase is Phase.COMMIT:
            return math.inf
        if self.phase is Phase.DATA:
            return min(self._data_due, self._session_end)
        return min(self._command_at + self._settings.idle_timeout, self._session_end)

    def overdue(self, now: float) -> Reply | None:
        """What to say to a client whose time is up, or None."""
        if now < self.due():
            return None
        if now >= self._session_end:
            return reply.TOO_LONG_WITHOUT_MAIL
        return reply.TOO_SLOW if self.phase is Phase.DATA else reply.TOO_QUIET

    def active_at(self, now: float) -> float:
        """The last moment at which the client did its part; one that sends data fast enough does so now."""
        if self.phase is Phase.COMMIT:
            return now
        if self.phase is Phase.DATA:
            return min(now, self._data_at + self._received / self._settings.minimum_rate)
        return self._command_at
