"""Where a message waits until it is whole: in memory while it is small, else in a file without a name.

Senders decide how slowly their bytes come, so bytes that wait must not be memory (threats MB-02). The file is gone with
its last handle: after kill -9 nothing is left to clean up.
"""

import io
import logging
import tempfile
from collections.abc import Callable
from pathlib import Path

from mailgate.intake.limits import Budget
from mailgate.intake.log import event


class Spool:
    """The bytes of one message. `room` is disk space that all messages share."""

    def __init__(self, *, in_memory: int, folder: Path | None, room: Budget) -> None:
        self._in_memory = in_memory
        self._folder = folder
        self._room = room
        self._taken = 0
        self._bytes: io.BytesIO | io.FileIO = io.BytesIO()
        self.is_file = False
        """True where reading the content back costs memory that was not in use before."""
        self.size = 0
        """How many bytes were kept."""
        self.release: Callable[[], None] | None = None
        """Called once, when the spool is closed."""

    def write(self, data: bytes) -> bool:
        """Keep these bytes too; False where the disk or our share of it is full."""
        try:
            if not self.is_file and self._bytes.tell() + len(data) > self._in_memory and not self._move():
                return False
            if self.is_file and not self._take(len(data)):
                return False
            self._put(data)
            self.size += len(data)
        except OSError as error:
            event("smtp.spool-failed", logging.ERROR, error=error)
            return False
        return True

    def content(self) -> bytes:
        """The whole message. Blocks where it is a file; in memory it is no copy: BytesIO hands out its own buffer."""
        if isinstance(self._bytes, io.BytesIO):
            return self._bytes.getvalue()
        self._bytes.seek(0)
        return self._bytes.read()  # one allocation of the right size, because nothing is buffered

    def close(self) -> None:
        """Let go of everything; more than once is no harm."""
        self._bytes.close()
        self._room.give(self._taken)
        self._taken = 0
        release, self.release = self.release, None
        if release is not None:
            release()

    def _move(self) -> bool:
        """From memory into a file."""
        kept = self.content()
        if not self._take(len(kept)):
            return False
        self._bytes = tempfile.TemporaryFile(buffering=0, dir=self._folder, prefix="mailgate-")  # noqa: SIM115
        self.is_file = True
        self._put(kept)
        return True

    def _put(self, data: bytes) -> None:
        """Write all of it: a file without a buffer may take a part only."""
        rest = memoryview(data)
        while rest:
            rest = rest[self._bytes.write(rest) :]

    def _take(self, size: int) -> bool:
        if not self._room.take(size):
            return False
        self._taken += size
        return True
