"""How far a long command is: a bar on a terminal, else a line now and then. On standard error, beside the result."""

import sys
from types import TracebackType
from typing import Self

_WIDTH = 30
_STEP = 10  # percent between two lines


class Progress:
    """Shows a position within `total`, whatever its unit is."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._bar = sys.stderr.isatty()
        self._shown = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the line of the bar."""
        if self._bar and self._shown:
            self._write("\n")

    def show(self, position: int, count: int) -> None:
        """So far at `position`, with `count` mails; shown where it is a step further than the last time."""
        percent = min(100, 100 * position // self._total) if self._total else 100
        if percent < self._shown + (1 if self._bar else _STEP):
            return
        self._shown = percent
        if self._bar:
            done = _WIDTH * percent // 100
            self._write(f"\r[{'#' * done}{' ' * (_WIDTH - done)}] {percent:3d} %  {count:,} mails ")
        else:
            self._write(f"{percent} %, {count:,} mails\n")

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()
