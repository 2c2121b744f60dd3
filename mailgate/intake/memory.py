"""Memory that large messages share: who may be in it, and that it is given back (threats MB-02)."""

import asyncio
import ctypes
from collections import deque

_M_MMAP_THRESHOLD = -3  # mallopt(3)
_LARGE_BLOCK = 256 * 1024


class Memory:
    """Bytes of messages that may be in memory at a time; first come, first served. Lives in one event loop.

    A message larger than all of it is let in alone, so that every message gets its turn.
    """

    def __init__(self, total: int) -> None:
        self.total = total
        self.used = 0
        self._queue: deque[tuple[int, asyncio.Future[None]]] = deque()

    async def take(self, size: int) -> None:
        """Wait for one's turn. Who takes gives back; who is cancelled while waiting has taken nothing."""
        if not self._queue and self._fits(size):
            self.used += size
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append((size, turn))
        try:
            await turn
        except asyncio.CancelledError:
            self.give(size if turn.done() and not turn.cancelled() else 0)
            raise

    def give(self, size: int) -> None:
        """Give back what was taken, and let in who waits longest."""
        self.used -= size
        while self._queue and (self._queue[0][1].done() or self._fits(self._queue[0][0])):
            wanted, turn = self._queue.popleft()
            if not turn.done():
                self.used += wanted
                turn.set_result(None)

    def _fits(self, size: int) -> bool:
        return self.used == 0 or self.used + size <= self.total


def return_large_blocks() -> bool:
    """Have the C library give each large block back to the system when it is freed; False where it cannot be told.

    glibc raises its limit for that to the largest block that was ever freed, up to 32 MiB; from then on a mail of
    25 MiB leaves a hole in the heap, which the next one may not fit in. Only glibc has this, and needs it.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and mallopt(_M_MMAP_THRESHOLD, _LARGE_BLOCK) == 1
