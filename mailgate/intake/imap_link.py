"""One connection to an IMAP server (RFC 3501, RFC 9051), with everything that it may say bounded.

The server is no friend: a literal of ten gigabytes, a line without end, a byte a minute and nonsense all end as
`Broken` (threats IM-05). imapclient speaks the protocol; what it gets to read is counted here, and a command that takes
too long finds its socket shut: imapclient is for one thread only, but a socket may be shut from anywhere.
"""

import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import LoginError

_CONNECT = 30.0  # seconds
_READ = 60.0  # seconds of silence within a command
_COMMAND = 900.0  # seconds for one command: the largest mail over a slow line
_SLACK = 1024 * 1024  # bytes of answers beside the mail itself
_WINDOW = 50_000  # UIDs in one SEARCH: its answer is one line, and lines are bounded to 1 MB by imaplib
_SIZES = 200  # messages in one FETCH of sizes
_LOG = logging.getLogger(__name__)


class Broken(Exception):
    """The connection is of no use any more; the text says why."""


class LoginRefused(Broken):
    """The server does not let us in: no fault that passes by itself soon."""


class Tls(StrEnum):
    """How the connection is protected."""

    IMPLICIT = "implicit"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Server:
    """Where a mailbox is, and how to get in.

    `secret` gives the password, or the OAuth 2.0 token, anew for each login; it may raise LoginRefused.
    """

    host: str
    port: int
    tls: Tls
    username: str
    secret: Callable[[], str]
    by_token: bool = False
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Selected:
    """The mailbox as it was when it was selected (RFC 3501 §2.3.1.1)."""

    uidvalidity: int
    uidnext: int


@dataclass(frozen=True, slots=True)
class Known:
    """What is asked of a mail before its body: its size in bytes, whether it is marked as deleted, and when it came.

    `arrived_at` is None where the server does not say so in a way that can be read.
    """

    size: int
    deleted: bool
    arrived_at: datetime | None = None


class _Meter:
    """Counts what one command reads; more than its allowance ends the connection before memory does."""

    def __init__(self) -> None:
        self.left = 0

    def take(self, size: int) -> None:
        if size > self.left:
            raise Broken(f"the server sends more than was asked for ({size} bytes, {self.left} left)")
        self.left -= size


class _Client(IMAPClient):  # type: ignore[misc]  # imapclient has no types
    """imapclient, reading through a meter."""

    def __init__(self, meter: _Meter, server: Server, context: ssl.SSLContext | None) -> None:
        self._meter = meter
        super().__init__(
            server.host,
            port=server.port,
            ssl=server.tls is Tls.IMPLICIT,
            ssl_context=context,
            timeout=SocketTimeout(_CONNECT, _READ),
        )

    def _create_IMAP4(self) -> Any:  # noqa: N802 - the library's name
        imap = super()._create_IMAP4()
        read, readline = imap.read, imap.readline

        def metered_read(size: int) -> bytes:
            self._meter.take(size)
            data: bytes = read(size)
            return data

        def metered_line() -> bytes:
            line: bytes = readline()
            self._meter.take(len(line))
            return line

        imap.read, imap.readline = metered_read, metered_line
        return imap


class Link:
    """A logged-in connection. One thread uses it; `shut` may be called by another. Every method may raise `Broken`."""

    def __init__(self, server: Server, *, command_timeout: float = _COMMAND) -> None:
        self._meter = _Meter()
        self._timeout = command_timeout
        self._client: Any = None
        try:
            self._client = self._connect(server)
            self._login(server)
        except BaseException:
            self.close()
            raise

    def _connect(self, server: Server) -> Any:
        context = ssl.create_default_context(cafile=server.ca_file) if server.tls is not Tls.NONE else None
        with self._command("connect"):
            client = self._client = _Client(self._meter, server, context)
            client.normalise_times = False  # with their zones
            client._imap.debug = 0  # noqa: SLF001 - at 5, as the library sets it, lines with passwords are formatted
            client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if server.tls is Tls.STARTTLS:
                client.starttls(context)  # where the server has none this raises: never on in plaintext (threats IM-09)
            return client

    def _login(self, server: Server) -> None:
        secret = server.secret()
        with self._command("login"):
            try:
                if server.by_token:
                    self._client.oauth2_login(server.username, secret)
                else:
                    self._client.login(server.username, secret)
            except LoginError as error:
                raise LoginRefused(f"the server refuses the login of {server.username}: {_told(error)}") from None

    def select(self, mailbox: str) -> Selected:
        """Open the mailbox."""
        with self._command("select"):
            told = self._client.select_folder(mailbox)
            return Selected(int(told[b"UIDVALIDITY"]), int(told.get(b"UIDNEXT", 0)))

    def search(self, low: int, uidnext: int) -> list[int]:
        """The UIDs from `low` on, in order. Asked for in windows, the last one open-ended."""
        found: set[int] = set()
        while low + _WINDOW < uidnext:
            found.update(self._uids(f"{low}:{low + _WINDOW - 1}"))
            low += _WINDOW
        found.update(uid for uid in self._uids(f"{low}:*") if uid >= low)  # `n:*` names the last one even below n
        return sorted(found)

    def _uids(self, span: str) -> list[int]:
        with self._command("search"):
            return [int(uid) for uid in self._client.search(["UID", span])]

    def describe(self, uids: Iterable[int]) -> dict[int, Known]:
        """Size and deletion of mails; those that are gone are missing."""
        wanted, found = sorted(uids), {}
        for start in range(0, len(wanted), _SIZES):
            with self._command("fetch sizes"):
                told = self._client.fetch(wanted[start : start + _SIZES], ["RFC822.SIZE", "FLAGS", "INTERNALDATE"])
                for uid, data in told.items():
                    if b"RFC822.SIZE" in data:
                        deleted = b"\\Deleted" in data.get(b"FLAGS", ())
                        when = _utc(data.get(b"INTERNALDATE"))
                        found[int(uid)] = Known(int(data[b"RFC822.SIZE"]), deleted, when)
        return found

    def fetch(self, uid: int, size: int) -> bytes | None:
        """The bytes of a mail, up to `size`, without marking it as read; None where it is gone."""
        part = f"BODY[]<0.{size}>"
        with self._command("fetch", allowance=size + _SLACK):
            told = self._client.fetch([uid], [part.replace("BODY", "BODY.PEEK")])
            data = told.get(uid, {})
            return next((bytes(data[name]) for name in (b"BODY[]<0>", b"BODY[]") if data.get(name) is not None), None)

    def move(self, uid: int, folder: str) -> None:
        """Move a mail (RFC 6851), or copy and delete it where the server cannot; a missing folder is made."""
        with self._command("move"):
            if not self._client.folder_exists(folder):
                self._client.create_folder(folder)
                self._client.subscribe_folder(folder)
            if self._client.has_capability("MOVE"):
                self._client.move([uid], folder)
                return
            self._client.copy([uid], folder)
        self.delete(uid)

    def delete(self, uid: int) -> None:
        """Delete a mail. Without UIDPLUS (RFC 4315) it stays marked: a bare EXPUNGE would take other clients' mails."""
        with self._command("delete"):
            self._client.delete_messages([uid])
            if self._client.has_capability("UIDPLUS"):
                self._client.uid_expunge([uid])

    @property
    def can_idle(self) -> bool:
        """Whether the server tells of new mail by itself (RFC 2177)."""
        with self._command("capability"):
            return bool(self._client.has_capability("IDLE"))

    def idle(self, seconds: float, stopped: threading.Event) -> None:
        """Wait for a sign of new mail, at most so long; look for mail afterwards in any case (wake-ups get lost)."""
        with self._command("idle", seconds=seconds + _READ):
            self._client.idle()
            until = time.monotonic() + (0.0 if self._is_told_already() else seconds)
            while not stopped.is_set() and (left := until - time.monotonic()) > 0:
                began, step = time.monotonic(), min(left, 1.0)
                told = self._client.idle_check(timeout=step)
                if told:
                    break
                if time.monotonic() - began < step / 2:
                    raise Broken("the server closed the connection while we waited")  # idle_check swallows the end
            self._client.idle_done()

    def _is_told_already(self) -> bool:
        """Whether something came in one piece with `+ idling`: mail that arrived after the last look.

        It is in a buffer by now, and whoever waits for the socket would not hear of it.
        """
        wire: socket.socket = self._client.socket()
        wire.settimeout(0.0)
        try:
            return bool(self._client._imap.file.peek(1))  # noqa: SLF001 - imaplib's reader, as imapclient uses it
        except OSError:
            return False  # nothing there, as TLS says it
        finally:
            wire.settimeout(_READ)

    def shut(self) -> None:
        """Make whatever the connection waits for end at once, from any thread."""
        client = self._client
        if client is not None:
            with suppress(OSError, AttributeError):
                client.socket().shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End the connection, politely where it still works. Never raises."""
        client, self._client = self._client, None
        if client is None:
            return
        self._meter.left = _SLACK
        wire: socket.socket = client.socket()
        with suppress(Exception):  # whatever a dead connection raises
            wire.settimeout(2.0)
            client.logout()
        with suppress(Exception):
            client.shutdown()
        wire.close()

    @contextmanager
    def _command(self, name: str, *, allowance: int = _SLACK, seconds: float | None = None) -> Iterator[None]:
        """One exchange with the server, bounded in bytes and time. All that may go wrong in it is `Broken`."""
        self._meter.left = allowance
        timer = threading.Timer(self._timeout if seconds is None else seconds, self.shut)
        timer.daemon = True
        timer.start()
        try:
            yield
        except Broken:
            raise
        except Exception as error:  # the library fails in many ways on nonsense, and none of them is ours
            _LOG.debug("IMAP %s failed", name, exc_info=True)
            raise Broken(f"{name}: {_told(error)}") from error
        finally:
            timer.cancel()


def _utc(when: datetime | None) -> datetime | None:
    try:
        return None if when is None else when.astimezone(UTC)
    except (OverflowError, ValueError):
        return None  # in the first or last hours of the calendar


def _told(error: BaseException) -> str:
    """An error in one short line: a server's words may hold anything."""
    text = str(error) or type(error).__name__
    return ascii(text[:200])[1:-1]
