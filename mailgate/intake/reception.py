"""What the sessions of one listener share: limits, counters, the way into the service, and commits under way."""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from mailgate.core import reply
from mailgate.core.mail.envelope import Envelope
from mailgate.core.reply import Reply
from mailgate.intake.gate import Gate, Guest
from mailgate.intake.ids import new_id
from mailgate.intake.limits import Budget, ListenSettings, Peer, Rate, networks
from mailgate.intake.log import LOG, event
from mailgate.intake.memory import Memory
from mailgate.intake.spool import Spool


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _always(_size: int) -> bool:
    return True


async def _passes(_envelope: Envelope) -> Reply | None:
    return None


@dataclass(frozen=True, slots=True)
class Hooks:
    """The way into the service.

    `accept` returns after the mail is committed and synced, and raises whatever it likes where it is not: the client
    is then asked to come again. `recipient_known` gets the address as the client wrote it. `has_room` says whether a
    message of so many bytes leaves the disk reserve untouched. `judge` may refuse a whole message.
    """

    accept: Callable[[Envelope], Awaitable[None]]
    recipient_known: Callable[[str], bool]
    has_room: Callable[[int], bool] = _always
    judge: Callable[[Envelope], Awaitable[Reply | None]] = _passes
    new_id: Callable[[], str] = new_id
    now: Callable[[], datetime] = _utc_now


@dataclass(slots=True)
class Room:
    """What the listeners of one daemon share: disk space of unfinished messages, memory of large ones."""

    spool: Budget
    memory: Memory


def room_of(settings: ListenSettings) -> Room:
    """The room that a listener with these settings needs."""
    return Room(Budget(settings.spool), Memory(settings.memory))


class Reception:
    """Shared by all sessions of a listener; lives in one event loop."""

    def __init__(
        self,
        settings: ListenSettings,
        hooks: Hooks,
        tls: ssl.SSLContext | None = None,
        room: Room | None = None,
    ) -> None:
        self.settings = settings
        self.hooks = hooks
        self.tls = tls
        self.gate = Gate(settings)
        self.rate = Rate(settings.messages_per_minute)
        shared = room or room_of(settings)
        self.room, self.memory = shared.spool, shared.memory
        self.trusted = networks(settings.trusted_networks)
        self.commits: set[asyncio.Task[Reply]] = set()
        self._quiet = asyncio.Event()
        self._quiet.set()

    def use(self, settings: ListenSettings, hooks: Hooks, tls: ssl.SSLContext | None) -> None:
        """Other settings from now on, for new sessions; those that are open end as they began."""
        self.settings, self.hooks, self.tls = settings, hooks, tls
        self.trusted = networks(settings.trusted_networks)
        self.rate.limit = settings.messages_per_minute
        self.gate.use(settings)

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

    async def store(self, spool: Spool, seal: Callable[[bytes], Envelope | Reply]) -> Reply:
        """Have a whole message committed, and say what to tell the client. The spool is closed here.

        `seal` makes the envelope of the bytes, or says why not. The commit is a task of its own, which nothing cancels:
        a client that goes away, or that has waited `accept_timeout` seconds and was told 451, leaves a mail that is
        stored once; its retry is a duplicate. A large message waits for its share of the memory first.
        """
        try:
            await self._enter(spool)
        except TimeoutError:
            spool.close()
            return reply.NO_ROOM
        except BaseException:
            spool.close()
            raise
        task = asyncio.get_running_loop().create_task(self._accept(spool, seal))
        self.commits.add(task)

        def settle(finished: asyncio.Task[Reply]) -> None:
            self.commits.discard(finished)
            spool.close()
            self._notice()
            _report(finished)

        task.add_done_callback(settle)
        await asyncio.wait({task}, timeout=self.settings.accept_timeout)
        if task.done() and not task.cancelled() and task.exception() is None:
            return task.result()
        return reply.TRY_LATER

    async def _enter(self, spool: Spool) -> None:
        """Get the memory that reading a file takes. TimeoutError where others do not give theirs back."""
        if not spool.is_file:
            return
        async with asyncio.timeout(self.settings.memory_timeout):  # RFC 5321 §4.5.3.2.6: clients wait ten minutes
            await self.memory.take(spool.size)
        spool.release = partial(self.memory.give, spool.size)

    async def _accept(self, spool: Spool, seal: Callable[[bytes], Envelope | Reply]) -> Reply:
        """The task's own frame; it and `accept` alone hold the bytes, so that they are gone when its share is given on.

        The file is read here and not in a thread; from the page cache that takes some 10 ms.
        """
        envelope = seal(spool.content())
        if isinstance(envelope, Reply):
            return envelope
        if task := asyncio.current_task():
            task.set_name(envelope.id)
        if (why := await self.hooks.judge(envelope)) is not None:
            return why
        await self.hooks.accept(envelope)
        return reply.accepted(envelope.id)


def _report(task: asyncio.Task[Reply]) -> None:
    if task.cancelled():
        event("smtp.commit-cancelled", logging.ERROR, id=task.get_name())
    elif error := task.exception():
        event_id = task.get_name()
        LOG.error("smtp.commit-failed id=%s", event_id, exc_info=error, extra={"event": "smtp.commit-failed"})
