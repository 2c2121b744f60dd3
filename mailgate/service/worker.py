"""The worker: takes up what waits, a few mails at a time, and suspicious ones one by one.

What a mail costs grows with its size, whatever is in it. So heavy mails go one at a time and leave the other hands to
the rest, where a smaller one goes first within bounds: bombs wait for one another, and nobody for them.

A mail that was in hand when the daemon died is suspicious: it runs with no other beside it, so that a mail that kills
the process is found, and only that one is put aside.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TypeVar

from mailgate.service.context import Context
from mailgate.service.process import Done, process
from mailgate.store import inbound
from mailgate.store.errors import StoreError
from mailgate.store.inbound import Waiting

T = TypeVar("T")

_LOG = logging.getLogger(__name__)
_LOOK_EVERY = 5.0  # seconds: the safety net where a wake-up got lost
_LATER = 30.0  # seconds until a mail with DNS trouble is tried again
_AWAY = 2.0  # seconds until the database is asked again
_BATCH = 50  # listed of each class of size
_LIGHT = 16 * 1024  # bytes of which a mail without attachments hardly ever has more
_HEAVY = 128 * 1024  # bytes from which a mail is heavy; so only one large one at a time is in memory (threats MB-02)
_YIELD = timedelta(minutes=1)  # how much later a smaller mail may come and go first, for each `_HEAVY` bytes of more


class Queue:
    """The mails that wait, in the order in which they are taken up: what came in before an archive.

    Of the mails below `_HEAVY`, the one whose time of receipt, put off by its size, is the earliest. Of the heavy ones
    the oldest.
    """

    def __init__(self, waiting: Iterable[Waiting]) -> None:
        mails = list(waiting)
        self._heavy = deque(sorted((mail for mail in mails if mail.size >= _HEAVY), key=_age))
        self._others = deque(sorted((mail for mail in mails if mail.size < _HEAVY), key=_turn))

    def next(self, *, heavy: bool) -> Waiting | None:
        """Take the next one; a heavy one only where `heavy` says that none is in hand. None where none is left."""
        others = self._others[0] if self._others else None
        if heavy and self._heavy and (others is None or others.history or not self._heavy[0].history):
            return self._heavy.popleft()
        return self._others.popleft() if others is not None else None


def _age(mail: Waiting) -> tuple[bool, datetime, str]:
    return mail.history, mail.received_at, mail.id


def _turn(mail: Waiting) -> tuple[bool, datetime, str]:
    put_off = timedelta() if mail.history else _YIELD * (mail.size / _HEAVY)
    return mail.history, mail.received_at + put_off, mail.id


class Worker:
    """Runs `process` over all waiting mail in `hands` threads until `stop`."""

    def __init__(self, context: Context, hands: int = 2) -> None:
        self._context = context
        self._hands = hands
        self._pool = ThreadPoolExecutor(hands + 1, thread_name_prefix="mailgate-work")
        self._wake = asyncio.Event()
        self._stopping = False
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._heavy: str | None = None
        self._history: str | None = None
        self._not_before: dict[str, float] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def context(self) -> Context:
        """What it works with."""
        return self._context

    def use(self, context: Context) -> None:
        """Another context from the next mail on."""
        self._context = context

    def wake(self) -> None:
        """There is something to do. Call it in the event loop."""
        self._wake.set()

    async def run(self) -> None:
        """Work until `stop`, then finish the mails in hand."""
        self._loop = asyncio.get_running_loop()
        await self._in_thread(lambda: self._context.database.write(inbound.suspect_all))
        while not self._stopping:
            try:
                more = await self._look()
            except StoreError:
                _LOG.exception("the database is away; mails wait")
                await asyncio.sleep(_AWAY)
                continue
            if not more:
                await self._sleep()
        if self._busy:
            await asyncio.gather(*self._busy.values())
        self._pool.shutdown()

    def stop(self) -> None:
        """Take nothing new; `run` returns when the mails in hand are done."""
        self._stopping = True
        self._wake.set()

    async def _look(self) -> bool:
        """Start what can be started; True where more may be waiting."""
        self._wake.clear()
        limit = _BATCH + len(self._busy) + len(self._not_before)
        waiting = await self._in_thread(
            lambda: self._context.database.read(lambda s: inbound.waiting(s, limit, sizes=(_LIGHT, _HEAVY)))
        )
        now = asyncio.get_running_loop().time()
        self._not_before = {key: at for key, at in self._not_before.items() if at > now}
        todo = [item for item in waiting if item.id not in self._busy and item.id not in self._not_before]
        queue = Queue(todo)
        started = 0
        while (item := queue.next(heavy=self._heavy is None)) is not None:
            if self._stopping:
                return False
            await self._start(item)
            started += 1
            if self._wake.is_set():
                return True  # what came in meanwhile may go before the rest
        return len(waiting) >= _BATCH and started > 0

    async def _start(self, item: Waiting) -> None:
        if item.alone:
            while self._busy:
                await asyncio.wait(self._busy.values(), return_when=asyncio.FIRST_COMPLETED)
            await self._run(item)
            return
        while len(self._busy) >= self._hands or (item.history and self._history is not None):
            await asyncio.wait(self._busy.values(), return_when=asyncio.FIRST_COMPLETED)
        task = asyncio.create_task(self._run(item))
        self._busy[item.id] = task
        if item.size >= _HEAVY:
            self._heavy = item.id
        if item.history:
            self._history = item.id
        task.add_done_callback(lambda _: self._finished(item.id))

    async def _run(self, item: Waiting) -> None:
        try:
            result = await self._in_thread(lambda: process(self._context, item.id, alone=item.alone))
        except StoreError:
            _LOG.exception("the database is away; the mail waits", extra={"fields": {"inbound": item.id}})
            self._postpone(item.id, _AWAY)
            return
        if result.done is Done.LATER:
            self._postpone(item.id, _LATER)
        elif result.done is Done.ALONE:
            await self._in_thread(lambda: self._context.database.write(inbound.suspect_all))
            self._wake.set()

    def _postpone(self, mail_id: str, seconds: float) -> None:
        self._not_before[mail_id] = asyncio.get_running_loop().time() + seconds

    def _finished(self, mail_id: str) -> None:
        del self._busy[mail_id]
        if mail_id == self._history:
            self._history = None
        if mail_id == self._heavy:
            self._heavy = None
            self._wake.set()  # another large one may have been passed over

    async def _sleep(self) -> None:
        """Wait for a wake-up, the end of a postponement, or the safety net."""
        now = asyncio.get_running_loop().time()
        wait = min([_LOOK_EVERY, *(at - now for at in self._not_before.values())])
        try:
            await asyncio.wait_for(self._wake.wait(), max(wait, 0.01))
        except TimeoutError:
            return

    async def _in_thread(self, work: Callable[[], T]) -> T:
        assert self._loop is not None
        return await self._loop.run_in_executor(self._pool, work)
