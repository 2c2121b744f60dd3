"""The command line, run in this process as `mailgate ARGS…` would run it."""

import io
import json
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from mailgate.cli import main


@dataclass(frozen=True)
class Result:
    """How a command ended, and what it wrote."""

    code: int
    raw: bytes
    err: str

    @property
    def out(self) -> str:
        """Standard output as text."""
        return self.raw.decode("utf-8")

    def json(self) -> Any:
        """Standard output as one JSON value."""
        return json.loads(self.out)


class _Terminal(io.TextIOWrapper):
    def __init__(self, tty: bool) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", errors="strict", write_through=True)
        self._tty = tty

    def isatty(self) -> bool:
        return self._tty

    def content(self) -> bytes:
        return self.buffer.getvalue()  # type: ignore[attr-defined]


@contextmanager
def _streams(stdin: bytes, tty: bool):
    out, err = _Terminal(tty), _Terminal(tty)
    with (
        patch.object(sys, "stdout", out),
        patch.object(sys, "stderr", err),
        patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")),
    ):
        yield out, err


def run_cli(*args: object, stdin: bytes = b"", tty: bool = False) -> Result:
    """Run a command; an exception that is not an orderly end goes through to the test."""
    with _streams(stdin, tty) as (out, err), patch.object(sys, "argv", ["mailgate", *map(str, args)]):
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        else:
            code = 0
        return Result(code, out.content(), err.content().decode("utf-8"))
