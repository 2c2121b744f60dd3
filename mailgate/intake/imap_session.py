r"""What is done in one IMAP session: look, take, commit, and only then mark or move (threats IM-03).

What was taken is known by (mailbox, UIDVALIDITY, UID), in our database; flags are other clients' matter (IM-04). Each
round asks for mails until there are no new ones, then waits; after the wait it asks again, whatever the server said.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from mailgate.core.mail.cut import cut_mail
from mailgate.core.mail.envelope import Envelope, Transport
from mailgate.intake.imap_link import Known, Link, Selected

_PATIENCE = 3  # failures of one mail before it is left for later
_LATER = 3600.0  # seconds until it is tried again
_RENEW = 30.0  # seconds between two renewals of the lease
_EXCERPT = 1024 * 1024  # bytes that are taken of a mail over the limit


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """A mailbox that is fetched. `done` is `keep`, `delete` or `move:FOLDER`; `poll` is in seconds."""

    name: str
    mailbox: str
    recipient: str
    done: str = "keep"
    max_size: int = 25 * 1024 * 1024
    poll: float = 60.0


@dataclass(frozen=True, slots=True)
class MailboxHooks:
    """The way into the service; all of it blocks.

    `accept` returns after the commit, and raises where the mail is not stored. `taken` gives the UIDs that we have
    under a prefix. `renew` takes or prolongs the lease: False while another node has it. `alarm` tells the operator.
    """

    accept: Callable[[Envelope], None]
    taken: Callable[[str], set[int]]
    renew: Callable[[], bool]
    alarm: Callable[[str, str], None]
    new_id: Callable[[], str]
    now: Callable[[], datetime]
    has_room: Callable[[int], bool] = lambda _size: True


@dataclass(slots=True)
class Told:
    """What a mailbox works by. Another thread may put others in their place: they count from the next mail on."""

    settings: MailboxSettings
    hooks: MailboxHooks


class LeaseGone(Exception):
    """Another node fetches this mailbox now."""


class NoRoom(Exception):
    """The disk reserve would be touched; the mail waits where it is."""


@dataclass(slots=True)
class Trouble:
    """What was seen of mails that made sessions fail; outlives the sessions (threats IM-07)."""

    clock: Callable[[], float] = time.monotonic
    failures: dict[tuple[int, int], int] = field(default_factory=dict)
    again_at: dict[tuple[int, int], float] = field(default_factory=dict)
    in_hand: tuple[int, int] | None = None

    def begin(self, mail: tuple[int, int]) -> None:
        """Work on a mail begins."""
        self.in_hand = mail

    def end(self) -> None:
        """It is done with, whatever it was."""
        if self.in_hand is not None:
            self.failures.pop(self.in_hand, None)
            self.again_at.pop(self.in_hand, None)
        self.in_hand = None

    def blame(self) -> tuple[int, int] | None:
        """The session broke: count it against the mail in hand. That mail, where it is left for later from now on."""
        mail, self.in_hand = self.in_hand, None
        if mail is None:
            return None
        self.failures[mail] = self.failures.get(mail, 0) + 1
        if self.failures[mail] < _PATIENCE:
            return None
        self.again_at[mail] = self.clock() + _LATER
        return mail if self.failures[mail] == _PATIENCE else None

    def order(self, mail: tuple[int, int]) -> tuple[int, int]:
        """Sort key: mails that made trouble come last."""
        return self.failures.get(mail, 0), mail[1]

    def waits(self, mail: tuple[int, int]) -> bool:
        """Whether a mail is left for later."""
        return self.again_at.get(mail, 0.0) > self.clock()


class Session:
    """One session, from SELECT until something ends it. `rounds` counts the complete ones."""

    def __init__(self, told: Told, link: Link, trouble: Trouble) -> None:
        self._told, self._link, self._trouble = told, link, trouble
        self._selected = Selected(0, 0)
        self._pending: set[int] = set()
        self._taken: set[int] = set()
        self._low = 1
        self._renewed: float | None = None
        self.rounds = 0

    def run(self, stop: threading.Event) -> None:
        """Until `stop`. Raises Broken, LeaseGone, NoRoom, or what `accept` raises."""
        self._selected = self._link.select(self._settings.mailbox)
        self._taken = self._hooks.taken(self._prefix)
        idles = self._link.can_idle
        while not stop.is_set():
            self._renew()
            if self._look():
                self._take_pending(stop)
                continue
            self._take_pending(stop)  # what was left for later, when its time has come
            self.rounds += 1
            if idles:
                self._link.idle(self._settings.poll, stop)
            else:
                stop.wait(self._settings.poll)

    @property
    def _settings(self) -> MailboxSettings:
        return self._told.settings

    @property
    def _hooks(self) -> MailboxHooks:
        return self._told.hooks

    @property
    def _prefix(self) -> str:
        return f"{self._settings.name}/{self._selected.uidvalidity}/"

    def _renew(self) -> None:
        if self._renewed is not None and self._trouble.clock() - self._renewed < _RENEW:
            return
        if not self._hooks.renew():
            raise LeaseGone
        self._renewed = self._trouble.clock()

    def _look(self) -> bool:
        """Ask for mails that were not there before; whether there are any."""
        found = self._link.search(self._low, self._selected.uidnext)
        self._pending.update(found)
        if found:
            self._low = found[-1] + 1
        return bool(found)

    def _take_pending(self, stop: threading.Event) -> None:
        validity = self._selected.uidvalidity
        now = [uid for uid in self._pending if not self._trouble.waits((validity, uid))]
        known = self._link.describe(now) if now else {}
        self._pending.difference_update(uid for uid in now if uid not in known)  # gone: moved or deleted by others
        for uid in sorted(known, key=lambda item: self._trouble.order((validity, item))):
            if stop.is_set():
                return
            self._renew()
            self._trouble.begin((validity, uid))
            self._take(uid, known[uid])
            self._trouble.end()
            self._pending.discard(uid)

    def _take(self, uid: int, known: Known) -> None:
        limit = self._settings.max_size
        whole = known.size <= limit
        if uid not in self._taken:
            size = limit if whole else _EXCERPT
            if not self._hooks.has_room(size):
                raise NoRoom
            raw = self._link.fetch(uid, size + 1)
            if raw is None:
                return
            if not whole or len(raw) > limit:  # servers' sizes are not always true
                whole, raw = False, cut_mail(raw[:_EXCERPT], max(known.size, len(raw)))
            self._hooks.accept(self._envelope(uid, raw, known.arrived_at))
            self._taken.add(uid)
        elif known.deleted:
            return  # marked by us, or by somebody after we had it
        self._finish(uid, whole=whole)

    def _envelope(self, uid: int, raw: bytes, arrived_at: datetime | None) -> Envelope:
        return Envelope(
            id=self._hooks.new_id(),
            received_at=self._hooks.now(),
            transport=Transport.IMAP,
            client=None,
            reverse_path="",
            forward_path=(self._settings.recipient,),
            raw=raw,
            transport_key=f"{self._prefix}{uid}",
            arrived_at=arrived_at,
        )

    def _finish(self, uid: int, *, whole: bool) -> None:
        """Only after the commit. What was not taken whole is never deleted: it exists nowhere else."""
        done = self._settings.done
        if done == "keep":
            return
        if done == "delete":
            if whole:
                self._link.delete(uid)
            return
        self._link.move(uid, done.removeprefix("move:"))
