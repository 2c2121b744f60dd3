"""An mbox file, read from front to end with one mail in memory (RFC 4155, mboxo and mboxrd).

A mail begins at a line `From SENDER DATE`, wherever it stands: writers quote such lines of texts as `>From`, which is
taken back. A bare `From ` or `From - `, as some mail programs write, counts only behind an empty line.
"""

import os
import re
from collections.abc import Iterator
from typing import BinaryIO

from mailgate.intake.history import TOO_LARGE, Found, NotAnArchive

_PIECE = 64 * 1024  # bytes of a line that are looked at at once
_LONGEST_START = 1000
_QUOTED = re.compile(rb">+From ")
_TIME = re.compile(rb"\d\d?:\d\d(?::\d\d)?")
_YEAR = re.compile(rb"(?:19|20)\d\d")
_EMPTY = (b"\n", b"\r\n")


class Mbox:
    """The mails of an open file. `total` and the positions are bytes; mails of more than `limit` bytes are left out."""

    def __init__(self, file: BinaryIO, limit: int) -> None:
        self._file = file
        self._limit = limit
        self.total = os.fstat(file.fileno()).st_size

    def __iter__(self) -> Iterator[Found]:
        """Raises NotAnArchive where the file does not begin as an mbox does."""
        mail: _Mail | None = None
        offset, at_start, behind_empty = 0, True, True
        while piece := self._file.readline(_PIECE):
            if at_start and _begins(piece, first=mail is None, behind_empty=behind_empty):
                if mail is not None:
                    yield mail.found(offset)
                mail = _Mail(offset, self._limit)
            elif mail is not None:
                mail.add(piece, at_start=at_start)
            elif piece.strip():
                raise NotAnArchive("no mbox: it does not begin with a line `From …`; is it a single mail or a folder?")
            behind_empty = piece in _EMPTY if at_start else False
            at_start = piece.endswith(b"\n")
            offset += len(piece)
        if mail is not None:
            yield mail.found(offset)


def _begins(line: bytes, *, first: bool, behind_empty: bool) -> bool:
    if not line.startswith(b"From ") or len(line) > _LONGEST_START or not line.endswith(b"\n"):
        return False
    words = line.split()[1:]
    if first or (behind_empty and words in ([], [b"-"])):
        return True
    return any(_TIME.fullmatch(word) for word in words) and any(_YEAR.fullmatch(word) for word in words)


class _Mail:
    """A mail while it is read."""

    def __init__(self, offset: int, limit: int) -> None:
        self._offset = offset
        self._limit = limit
        self._raw = bytearray()
        self._size = 0

    def add(self, piece: bytes, *, at_start: bool) -> None:
        """A line, or a piece of a long one, with CRLF at its end (RFC 6376 §5.3)."""
        if at_start and _QUOTED.match(piece):
            piece = piece[1:]
        if piece.endswith(b"\n") and not piece.endswith(b"\r\n") and not (piece == b"\n" and self._has_half()):
            piece = piece[:-1] + b"\r\n"
        self._size += len(piece)
        if self._size > self._limit + 2:  # the empty line before the next mail is not part of it
            self._raw = bytearray()
        else:
            self._raw += piece

    def _has_half(self) -> bool:
        """Whether a CR is there already, whose LF fell into the next piece."""
        return self._raw.endswith(b"\r")

    def found(self, position: int) -> Found:
        """The mail, without the empty line that ends it in the file."""
        where = f"offset {self._offset}"
        if self._raw.endswith(b"\r\n\r\n"):
            del self._raw[-2:]
            self._size -= 2
        if self._size > self._limit:
            return Found(where, None, self._size, position, TOO_LARGE)
        return Found(where, bytes(self._raw), self._size, position)
