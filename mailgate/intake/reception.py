"""What the sessions of one listener share: limits, counters, the way into the service, and commits under way."""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from mailgate.core import reply
from mailgate.core.mail.envelope import Envelope
from mailgate.core.reply import Reply
from mailgate.intake.gate import Gate, Guest
from mailgate.intake.ids import new_id
from mailgate.intake.limits import Budget, ListenSettings, Peer, Rate, networks
from mailgate.intake.log import LOG, event
from mailgate.intake.spool import Spool


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _always(_size: int) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Hooks:
    """The way into the service.

    `accept` returns after the mail is committed and synced, and raises whatever it likes where it is not: the client
    is then asked to come again. `recipient_known` gets the address as the client wrote it. `has_room` says whether a
    message of so many bytes leaves the disk reserve untouched.
    """

    accept: Callable[[Envelope], Awaitable[None]]
    recipient_known: Callable[[str], bool]
    has_room: Callable[[int], bool] = _always
    new_id: Callable[[], str] = new_id
    now: Callable[[], datetime] = _utc_now


class Reception:
    """Shared by all sessions of a listener; lives in one event loop."""

    def __init__(self, settings: ListenSettings, hooks: Hooks, tls: ssl.SSLContext | None = None) -> None:
        self.settings = settings
        self.hooks = hooks
        self.tls = tls
        self.gate = Gate(settings)
        self.rate = Rate(settings.messages_per_minute)
        self.room = Budget(settings.spool)
        self._large = asyncio.Semaphore(settings.large_at_once)
        self.trusted = networks(settings.trusted_networks)
        self.commits: set[asyncio.Task[None]] = set()
        self._quiet = asyncio.Event()
        self._quiet.set()

    def may_come(self, peer: Peer, size: int, now: float) -> Reply:
        """The answer to MAIL with its stated size (0: none stated): `SENDER_OK`, or why the mail cannot come now."""
        if size > self.settings.max_message_size:
            return reply.TOO_BIG
        if self.room.used + size > self.room.total or not self.hooks.has_room(size):
            return reply.NO_ROOM
        if len(self.commits) > 2 * self.settings.max_connections:  # they hang, and each holds a mail in memory
            return reply.TRY_LATER
        if not peer.exempt and not self.rate.allow(peer.key, now):
            return reply.TOO_MANY_MAILS
        return reply.SENDER_OK

    def left(self, guest: Guest) -> None:
        """A session is over."""
        self.gate.leave(guest)
        self._notice()

    async def quiet(self) -> None:
        """Wait until there is no session and no commit."""
        self._notice()
        while self.gate.guests or self.commits:
            await self._quiet.wait()

    def _notice(self) -> None:
        if self.gate.guests or self.commits:
            self._quiet.clear()
        else:
            self._quiet.set()

    def new_spool(self) -> Spool:
        """A place for the next message. Who asks closes it."""
        return Spool(in_memory=self.settings.in_memory, folder=self.settings.spool_folder, room=self.room)

    async def load(self, spool: Spool) -> bytes:
        """The bytes of a whole message. TimeoutError where other large ones are in memory for too long.

        A large one holds its place until its spool is closed. It is read here and not in a thread, whose malloc arena
        would keep 25 MiB for ever; from the page cache that takes some 10 ms.
        """
        if not spool.is_file:
            return spool.content()
        async with asyncio.timeout(self.settings.accept_timeout):
            await self._large.acquire()
        spool.release = self._large.release
        return spool.content()

    async def store(self, envelope: Envelope, done: Callable[[], None]) -> Reply:
        """Have the mail committed, and say what to tell the client; `done` is called when its bytes are of no more use.

        The commit is a task of its own, which nothing cancels: a client that goes away, or that has waited
        `accept_timeout` seconds and was told 451, leaves a mail that is stored once; its retry is a duplicate.
        """
        task = asyncio.get_running_loop().create_task(self._accept(envelope))
        self.commits.add(task)

        def settle(finished: asyncio.Task[None]) -> None:
            self.commits.discard(finished)
            done()
            self._notice()
            _report(finished, envelope.id)

        task.add_done_callback(settle)
        await asyncio.wait({task}, timeout=self.settings.accept_timeout)
        if task.done() and not task.cancelled() and task.exception() is None:
            return reply.accepted(envelope.id)
        return reply.TRY_LATER

    async def _accept(self, envelope: Envelope) -> None:
        await self.hooks.accept(envelope)


def _report(task: asyncio.Task[None], envelope_id: str) -> None:
    if task.cancelled():
        event("smtp.commit-cancelled", logging.ERROR, id=envelope_id)
    elif error := task.exception():
        LOG.error("smtp.commit-failed id=%s", envelope_id, exc_info=error, extra={"event": "smtp.commit-failed"})
