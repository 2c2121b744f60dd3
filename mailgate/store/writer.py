"""The writer: mails that arrive together are stored in one commit, so that they share one sync of the disk.

    writer = Writer(database)
    writer.submit(envelope)        # a concurrent.futures.Future; asyncio.wrap_future() makes it awaitable
    writer.close(10.0)

The future is done only when the commit is durable: then, and only then, 250 may be said.
"""

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from mailgate.core.mail.envelope import Envelope
from mailgate.store.engine import Database
from mailgate.store.errors import StoreError, StoreUnavailable, translate
from mailgate.store.inbound import store_received

_MAILS = 64
_BYTES = 32 * 1024 * 1024
_LOG = logging.getLogger(__name__)

_Job = tuple[Envelope, "Future[None]"]


class Writer:
    """One thread that stores accepted mails; takes what waits, up to a count and a size, as one transaction."""

    def __init__(self, database: Database, *, mails: int = _MAILS, size: int = _BYTES) -> None:
        self._database = database
        self._mails = mails
        self._size = size
        self._queue: SimpleQueue[_Job | None] = SimpleQueue()
        self._gate = threading.Lock()
        self._closed = False
        self.commits = 0
        """How many transactions were committed; for the metrics."""
        self._thread = threading.Thread(target=self._work, name="mailgate-writer", daemon=True)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether its thread lives; without it nothing is stored."""
        return self._thread.is_alive()

    def submit(self, envelope: Envelope) -> "Future[None]":
        """Store a mail. The future ends with None after the durable commit, or with a `StoreError` of this mail.

        Whoever bounds the mails in flight bounds the memory here: the queue itself has no limit. A future that is
        cancelled before its turn is left out; later it cannot be cancelled.
        """
        future: Future[None] = Future()
        with self._gate:
            if self._closed:
                future.set_exception(StoreUnavailable("mailgate is shutting down"))
            else:
                self._queue.put((envelope, future))
        return future

    def close(self, deadline: float) -> None:
        """Take no more, store what waits, and end; what is not stored within `deadline` seconds fails."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join(deadline)
        if self._thread.is_alive():
            _LOG.error("the writer did not end within its time; mails that wait are refused")
            _refuse([future for _, future in self._left()], StoreUnavailable("mailgate is shutting down"))

    def _work(self) -> None:
        open_ = True
        while open_:
            batch, open_ = self._take()
            running = [job for job in batch if job[1].set_running_or_notify_cancel()]
            batch.clear()
            if running:
                self._store(running)

    def _take(self) -> tuple[list[_Job], bool]:
        """Wait for a mail, and take along what else is there. The flag is False after the last one."""
        job = self._queue.get()
        batch: list[_Job] = []
        size = 0
        while job is not None:
            batch.append(job)
            size += len(job[0].raw)
            if len(batch) >= self._mails or size >= self._size:
                return batch, True
            try:
                job = self._queue.get_nowait()
            except Empty:
                return batch, True
        return batch, False

    def _store(self, batch: list[_Job]) -> None:
        """Store them, let go of their bytes, and only then tell: who hears of it makes room for the next mail."""
        started = monotonic()
        futures = [future for _, future in batch]
        try:
            refused = self._database.write(lambda session: _store_each(session, batch))
        except Exception as error:  # noqa: BLE001 - the thread must outlive whatever this is
            _LOG.exception("a commit of %d mails failed after %.1f s", len(batch), monotonic() - started)
            batch.clear()
            _refuse(futures, error)
            return
        self.commits += 1
        batch.clear()
        for index, future in enumerate(futures):
            if index in refused:
                future.set_exception(refused[index])
            else:
                future.set_result(None)

    def _left(self) -> list[_Job]:
        left: list[_Job] = []
        while True:
            try:
                job = self._queue.get_nowait()
            except Empty:
                return left
            if job is None:
                self._queue.put(None)  # the thread still has to find its end
                return left
            left.append(job)


def _store_each(session: Session, batch: Sequence[_Job]) -> dict[int, StoreError]:
    """Store every mail behind its own savepoint; returns the errors by position in the batch."""
    refused: dict[int, StoreError] = {}
    for index, (envelope, _) in enumerate(batch):
        try:
            with session.begin_nested():
                _store_one(session, envelope, refused, index)
        except SQLAlchemyError as error:
            first = refused.setdefault(index, translate(error))
            if isinstance(first, StoreUnavailable):  # a full disk undoes all of the transaction, savepoints too
                raise first from error
    return refused


def _store_one(session: Session, envelope: Envelope, refused: dict[int, StoreError], index: int) -> None:
    """Keep the first error: going back to the savepoint may fail too, and would hide it."""
    try:
        store_received(session, envelope)
    except SQLAlchemyError as error:
        refused[index] = translate(error)
        raise


def _refuse(futures: Sequence["Future[None]"], error: Exception) -> None:
    for future in futures:
        if not future.done():
            future.set_exception(error)
