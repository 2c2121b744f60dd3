r"""The message between 354 and the lone dot: bounded, and the same for every split of the stream.

Only CRLF ends a line and only CRLF.CRLF ends the message (RFC 5321 §2.3.8, §4.1.1.4); a CR or LF alone is where mail
systems disagree about the end, and smuggling lives there (threats SM-01), so it ends the session.
"""

from mailgate.core import reply
from mailgate.core.reply import Reply
from mailgate.intake.spool import Spool
from mailgate.intake.wire import Goodbye

_END = b"\r\n.\r\n"


class Receiver:
    """Takes the blocks of one message as they come, undoes dot-stuffing (RFC 5321 §4.5.2), fills the spool.

    Blocks are worked on behind a made-up CRLF, so that a dot at the very beginning is a dot after a line end. What may
    be the start of the end mark stays in `_carry` until it is decided; a line end is therefore never cut in two.
    """

    def __init__(self, *, limit: int, line_limit: int, spool: Spool) -> None:
        self._limit = limit
        self._line_limit = line_limit
        self._carry = b"\r\n"
        self._made_up = 2
        self._line = 0
        self._size = 0
        self._wire_size = 0
        self._spool = spool
        self.refusal: Reply | None = None
        """Why the message will not be taken; nothing of it is kept any more."""

    def feed(self, block: bytes) -> bytes | None:
        """Take the next bytes: None where more must come, else the message is whole and these were behind its end.

        Goodbye where the session must end: a bare CR or LF, an endless line, twice the largest message.
        """
        self._wire_size += len(block)
        data = self._carry + block
        end = data.find(_END)
        if end >= 0:
            self._take(data[: end + 2])
            return data[end + len(_END) :]
        keep = len(data) - _undecided(data)
        self._carry = data[keep:]
        self._take(data[:keep])
        if self._wire_size > 2 * self._limit + len(_END):
            raise Goodbye(reply.TOO_MUCH_DATA)
        return None

    def _take(self, data: bytes) -> None:
        self._check_lines(data)
        if b"\r\n." in data:
            data = data.replace(b"\r\n.", b"\r\n")
        if self._made_up and data:
            data = data[self._made_up :]
            self._made_up = 0
        self._size += len(data)
        if self.refusal is not None:
            return
        if self._size > self._limit:
            self._refuse(reply.TOO_BIG)
        elif not self._spool.write(data):
            self._refuse(reply.NO_ROOM)

    def _refuse(self, why: Reply) -> None:
        self.refusal = why
        self._spool.close()

    def _check_lines(self, data: bytes) -> None:
        """RFC 5321 §2.3.8 and the length of lines, over the whole stream and without looking at single lines."""
        pairs = data.count(b"\r\n")
        if data.count(b"\r") != pairs or data.count(b"\n") != pairs:
            raise Goodbye(reply.BARE_LINE_END)
        start = -self._line
        while len(data) - start > self._line_limit:
            end = data.rfind(b"\n", max(0, start), max(0, start + self._line_limit))
            if end < 0:
                raise Goodbye(reply.LINE_TOO_LONG)
            start = end + 1
        last = data.rfind(b"\n")
        self._line = len(data) - (last + 1 if last >= 0 else start)


def _undecided(data: bytes) -> int:
    """How many bytes at the end of `data` may be the start of the end mark."""
    for size in range(len(_END) - 1, 0, -1):
        if data.endswith(_END[:size]):
            return size
    return 0
