"""Parser work in other processes, so that no mail can take the desk down: `Jail.parse` is `message.parse` with walls.

A worker has limits on CPU and memory (worker.py); here it gets a limit on time, and a new one takes its place after a
number of mails or a death. The limits are final (`TooComplex`); a death without an answer is not (`ParseCrash`).
"""

import os
import queue
import selectors
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

from pydantic import ValidationError

import mailgate
from mailgate.core.mail.mail import ParsedMail
from mailgate.parse.errors import ParseCrash, TooComplex
from mailgate.parse.worker import CODEC, EXHAUSTED, FAILED, LENGTH, MAX_OUTPUT, READ, REFUSED

WALL_SECONDS: Final = 30.0
MAILS_PER_WORKER: Final = 200
WORKERS: Final = 2
_CHUNK: Final = 256 * 1024
_COMMAND: Final = (sys.executable, "-P", "-m", "mailgate.parse.worker")


class _Worker:
    """One process of the pool and the pipes to it."""

    def __init__(self, command: tuple[str, ...]) -> None:
        package = str(Path(mailgate.__file__).resolve().parent.parent)
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": package, "LANG": "C.UTF-8"},
            cwd="/",
            close_fds=True,
            start_new_session=True,  # Ctrl-C in a terminal is for the desk
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.to, self.back = self.process.stdin.fileno(), self.process.stdout.fileno()
        os.set_blocking(self.to, False)
        os.set_blocking(self.back, False)
        self.mails = 0

    def alive(self) -> bool:
        return self.process.poll() is None

    def ask(self, raw: bytes, deadline: float) -> tuple[bytes, bytes]:
        """Send a mail, wait for outcome and payload.

        Raises:
            TimeoutError: the deadline (monotonic) passed.
            EOFError: the process ended without a whole answer.
        """
        self.mails += 1
        self._write(memoryview(LENGTH.pack(len(raw))), deadline)
        self._write(memoryview(raw), deadline)
        head = self._read(1 + LENGTH.size, deadline)
        size = LENGTH.unpack(head[1:])[0]
        if size > MAX_OUTPUT:
            raise EOFError
        return head[:1], self._read(size, deadline)

    def _write(self, data: memoryview, deadline: float) -> None:
        at = 0
        while at < len(data):
            self._wait(self.to, selectors.EVENT_WRITE, deadline)
            try:
                at += os.write(self.to, data[at : at + _CHUNK])
            except BlockingIOError:
                continue
            except BrokenPipeError as error:
                raise EOFError from error

    def _read(self, size: int, deadline: float) -> bytes:
        out = bytearray()
        while len(out) < size:
            self._wait(self.back, selectors.EVENT_READ, deadline)
            try:
                piece = os.read(self.back, min(_CHUNK, size - len(out)))
            except BlockingIOError:
                continue
            if not piece:
                raise EOFError
            out += piece
        return bytes(out)

    @staticmethod
    def _wait(descriptor: int, event: int, deadline: float) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, event)
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise TimeoutError

    def end(self) -> int:
        """Kill the process if it still runs, close the pipes, and return how it ended."""
        if self.alive():
            self.process.kill()
        code = self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        return code


class Jail:
    """A pool of parser processes. `parse` may be called from any thread; it blocks while all workers are busy."""

    def __init__(
        self,
        workers: int = WORKERS,
        *,
        wall_seconds: float = WALL_SECONDS,
        mails_per_worker: int = MAILS_PER_WORKER,
        command: tuple[str, ...] = _COMMAND,
    ) -> None:
        self._wall = wall_seconds
        self._mails = mails_per_worker
        self._command = command
        self._lock = threading.Lock()
        self._closed = False
        self._idle: queue.SimpleQueue[_Worker | None] = queue.SimpleQueue()
        for _ in range(workers):
            self._idle.put(_Worker(command))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def parse(self, raw: bytes) -> ParsedMail:
        """Read a mail in one of the workers.

        Raises:
            TooComplex: a limit was overrun, of the header, CPU, memory, time or result; final.
            ParseCrash: the worker died, or gave no usable answer; may be tried again.
            OSError: no process can be started; nothing is wrong with the mail.
            RuntimeError: the jail is closed.
        """
        worker = self._take()
        sound = False
        try:
            outcome, payload = self._ask(worker, raw)
            sound = outcome in (READ, REFUSED)
        finally:
            self._give_back(worker, sound=sound)
        return self._decode(outcome, payload)

    def _ask(self, worker: _Worker, raw: bytes) -> tuple[bytes, bytes]:
        try:
            return worker.ask(raw, time.monotonic() + self._wall)
        except TimeoutError:
            raise TooComplex(f"over {self._wall:g} s of time") from None
        except EOFError:
            code = worker.end()
            if code == -signal.SIGXCPU:
                raise TooComplex("over the limit of CPU time") from None
            raise ParseCrash(f"worker ended with {code}") from None

    @staticmethod
    def _decode(outcome: bytes, payload: bytes) -> ParsedMail:
        if outcome == READ:
            try:
                return CODEC.validate_json(payload)
            except ValidationError as error:
                raise ParseCrash(f"worker answered nonsense: {error.error_count()} errors") from None
        text = payload[:500].decode("utf-8", "replace")
        if outcome in (REFUSED, EXHAUSTED):
            raise TooComplex(text)
        raise ParseCrash(text if outcome == FAILED else "worker answered nonsense")

    def _take(self) -> _Worker:
        if self._closed:
            raise RuntimeError("the jail is closed")
        worker = self._idle.get()
        if worker is None:
            self._idle.put(None)
            raise RuntimeError("the jail is closed")
        if worker.alive():
            return worker
        try:
            return self._replace(worker)  # killed while it was idle: no fault of this mail
        except OSError:
            self._idle.put(worker)  # the place stays, the next mail tries again
            raise

    def _replace(self, worker: _Worker) -> _Worker:
        worker.end()
        return _Worker(self._command)

    def _give_back(self, worker: _Worker, *, sound: bool) -> None:
        """Put a worker back, or a new one in its place where it is not `sound` or has read its share."""
        with self._lock:
            if self._closed:
                worker.end()
                return
            if not sound or worker.mails >= self._mails or not worker.alive():
                with suppress(OSError):  # then the dead one keeps the place until processes can be started again
                    worker = self._replace(worker)
            self._idle.put(worker)

    def close(self) -> None:
        """End the workers. One that is reading a mail is ended when it is done with it."""
        with self._lock:
            self._closed = True
            while True:
                try:
                    worker = self._idle.get_nowait()
                except queue.Empty:
                    break
                if worker is not None:
                    worker.end()
            self._idle.put(None)
