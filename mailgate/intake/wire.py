"""The incoming bytes of a session: whole lines for commands, blocks for data, and what was read too far put back."""

import asyncio

from mailgate.core import reply
from mailgate.core.reply import Reply

BLOCK = 32 * 1024
_LINE = 8 * 1024  # an unfinished command line never grows beyond; the limit of a command is smaller
_TLS_HANDSHAKE = b"\x16\x03"  # RFC 8446 §5.1: a client that speaks TLS at once


class Goodbye(Exception):
    """The session ends, after this reply."""

    def __init__(self, why: Reply) -> None:
        super().__init__(str(why))
        self.why = why


class Wire:
    """Reads from a stream. EOFError where it ends."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self._buffer = b""

    @property
    def pending(self) -> bool:
        """True where the client sent more than what was read as its last command."""
        return bool(self._buffer)

    async def peek(self) -> None:
        """Wait until the client says something; it stays to be read."""
        if not self._buffer:
            self._buffer = await self._more()

    async def line(self) -> bytes:
        """The next line without its CRLF. Goodbye where it ends otherwise (RFC 5321 §2.3.8), or never."""
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > _LINE:
                raise Goodbye(reply.LINE_TOO_LONG)
            if self._buffer.startswith(_TLS_HANDSHAKE):
                raise Goodbye(reply.NOT_SMTP)
            self._buffer += await self._more()
        line, self._buffer = self._buffer[: end + 1], self._buffer[end + 1 :]
        if not line.endswith(b"\r\n") or line.find(b"\r") != end - 1:
            raise Goodbye(reply.BARE_LINE_END)
        return line[:-2]

    async def block(self) -> bytes:
        """What comes next, at most a `BLOCK`."""
        if self._buffer:
            block, self._buffer = self._buffer[:BLOCK], self._buffer[BLOCK:]
            return block
        return await self._more()

    def unread(self, rest: bytes) -> None:
        """Put back what was read beyond the end of a message."""
        self._buffer = rest + self._buffer

    def forget(self) -> None:
        """Drop what was read and not used (RFC 3207 §4.2)."""
        self._buffer = b""

    async def _more(self) -> bytes:
        more = await self._reader.read(BLOCK)
        if not more:
            raise EOFError("the client closed the connection")
        return more
