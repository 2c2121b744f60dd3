"""A mailbox that is fetched by IMAP, in a thread of its own: sessions, one after the other, until it is stopped.

Nothing that a server does may end the thread, spin it, or lock the account: after each failure it waits longer, up to
15 minutes, and the operator hears of what lasts (threats IM-06). One node fetches a mailbox, by a lease (IM-08).
"""

import logging
import threading
from collections.abc import Callable

from mailgate.intake.imap_link import Broken, Link, LoginRefused
from mailgate.intake.imap_session import LeaseGone, MailboxHooks, MailboxSettings, NoRoom, Session, Told, Trouble

_LOG = logging.getLogger(__name__)
_FIRST, _LONGEST = 5.0, 900.0  # seconds between two sessions
_ALARM_AFTER = 5  # failures in a row: about a minute and a half; a refused login is told at once


class Mailbox:
    """One mailbox. `connect` opens a connection, each time anew; `clock` is monotonic, in seconds."""

    def __init__(
        self,
        settings: MailboxSettings,
        hooks: MailboxHooks,
        connect: Callable[[], Link],
        *,
        trouble: Trouble | None = None,
        stop: threading.Event | None = None,
    ) -> None:
        self._told, self._connect = Told(settings, hooks), connect
        self._trouble = trouble or Trouble()
        self._stop = stop or threading.Event()
        self._failures = 0
        self._alarmed = False
        self._link: Link | None = None
        self._thread = threading.Thread(target=self.run, name=f"mailgate-imap-{settings.name}", daemon=True)

    @property
    def settings(self) -> MailboxSettings:
        """What it works by."""
        return self._told.settings

    @property
    def _hooks(self) -> MailboxHooks:
        return self._told.hooks

    def use(self, settings: MailboxSettings, hooks: MailboxHooks) -> None:
        """Work by others from the next mail on; the connection stays. The mailbox has to be the same one."""
        self._told.settings, self._told.hooks = settings, hooks

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._thread.start()

    def stop(self, patience: float) -> None:
        """End after the mail in hand; a server that keeps us waiting longer than `patience` seconds is cut off."""
        self._stop.set()
        self._thread.join(patience)
        if self._thread.is_alive() and (link := self._link) is not None:
            link.shut()
            self._thread.join(patience)

    def run(self) -> None:
        """Sessions until it is stopped."""
        while not self._stop.is_set():
            self._stop.wait(self._one())

    def _one(self) -> float:
        """One session; the seconds to wait before the next."""
        session: Session | None = None
        try:
            if not self._hooks.renew():
                return self.settings.poll
            link = self._link = self._connect()
            try:
                session = Session(self._told, link, self._trouble)
                session.run(self._stop)
            finally:
                self._link = None
                link.close()
        except LeaseGone:
            return self.settings.poll
        except NoRoom:
            self._trouble.in_hand = None
            return self._failed("there is no room on the disk; mails wait in the mailbox", at_once=True)
        except LoginRefused as error:
            return self._failed(str(error), at_once=True)
        except Broken as error:
            self._left_for_later(str(error))
            return self._failed(str(error), fresh=session is not None and session.rounds > 0)
        except Exception as error:  # noqa: BLE001 - the thread goes on, whatever the database or a token command does
            self._trouble.in_hand = None
            _LOG.exception("the mailbox could not be fetched", extra={"fields": {"mailbox": self.settings.name}})
            return self._failed(f"{type(error).__name__}: see the log")
        self._failures, self._alarmed = 0, False
        return 0.0

    def _left_for_later(self, why: str) -> None:
        if (mail := self._trouble.blame()) is not None:
            self._hooks.alarm(
                self.settings.name, f"the mail with UID {mail[1]} cannot be fetched and is left for later: {why}"
            )

    def _failed(self, why: str, *, at_once: bool = False, fresh: bool = False) -> float:
        """Count a failure, tell of it, and say how long to wait. A session that worked for a while counts afresh."""
        if fresh:
            self._failures, self._alarmed = 0, False
        self._failures += 1
        wait = min(_FIRST * 2.0 ** min(self._failures - 1, 10), _LONGEST)
        shown = {"mailbox": self.settings.name, "why": why, "again_in": round(wait)}
        _LOG.warning("an IMAP session ended", extra={"fields": shown})
        if not self._alarmed and (at_once or self._failures >= _ALARM_AFTER):
            self._alarmed = True
            self._hooks.alarm(self.settings.name, why)
        return wait
