"""Opens the listening sockets and closes them in good order."""

import asyncio
import errno
import logging
import os
import socket
import ssl
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mailgate.core import reply
from mailgate.core.mail.envelope import Transport
from mailgate.intake.limits import ListenSettings
from mailgate.intake.lmtp import LmtpSession
from mailgate.intake.log import event
from mailgate.intake.memory import return_large_blocks
from mailgate.intake.reception import Hooks, Reception, Room
from mailgate.intake.session import Session
from mailgate.intake.smtp import SmtpSession

_BACKLOG = 256
# A socket of the service manager stays when we end; from Python 3.13 on asyncio would delete its path.
_LEAVE_PATH: dict[str, Any] = {"cleanup_socket": False} if sys.version_info >= (3, 13) else {}
_UNIX_MODE = 0o660  # owner and group: the MTA's user is put into our group


class Listener:
    """Open sockets and the sessions behind them."""

    def __init__(self, reception: Reception, servers: Sequence[asyncio.Server], unix: Sequence[Path]) -> None:
        self._reception = reception
        self._servers = servers
        self._unix = unix

    @property
    def sockets(self) -> tuple[socket.socket, ...]:
        """The listening sockets, as asyncio shows them."""
        return tuple(sock for server in self._servers for sock in server.sockets)

    @property
    def names(self) -> list[str]:
        """Where it listens, as the configuration would say it."""
        found = []
        for sock in self.sockets:
            name = sock.getsockname()
            is_unix, host = sock.family == socket.AF_UNIX, "[{}]" if sock.family == socket.AF_INET6 else "{}"
            found.append(f"unix:{name}" if is_unix else f"{host.format(name[0])}:{name[1]}")
        return found

    @property
    def port(self) -> int:
        """The port of the first TCP socket. LookupError where there is none."""
        for sock in self.sockets:
            if sock.family != socket.AF_UNIX:
                return int(sock.getsockname()[1])
        raise LookupError("this listener has no TCP socket")

    @property
    def transport(self) -> Transport:
        """What is spoken."""
        return self._reception.settings.transport

    @property
    def sessions(self) -> int:
        """How many sessions are open."""
        return len(self._reception.gate.guests)

    def use(self, settings: ListenSettings, hooks: Hooks) -> None:
        """Other limits and hooks for new sessions, certificate and key read again for new handshakes.

        The sockets stay as they are. OSError (ssl.SSLError) where the certificate cannot be used: all stays as it is.
        """
        self._reception.use(settings, hooks, None if settings.tls_certificate is None else tls_context(settings))

    async def drain(self, deadline: float = 30.0) -> bool:
        """Finish in good order within `deadline` seconds; False where something had to be cut off (threats CR-03).

        Until the last message in hand is stored, new clients hear 421 rather than find a closed door; sessions without
        a message are told so at once, messages under way are received, committed and answered.
        """
        reception = self._reception
        reception.gate.draining = True
        for guest in tuple(reception.gate.guests):
            if isinstance(guest, Session) and not guest.is_busy:
                guest.bye(reply.SHUTTING_DOWN)
        clean = True
        try:
            async with asyncio.timeout(deadline):
                await reception.quiet()
        except TimeoutError:
            clean = False
            event("smtp.cut-off", logging.WARNING, sessions=self.sessions, commits=len(reception.commits))
            for guest in tuple(reception.gate.guests):
                guest.bye(reply.SHUTTING_DOWN)
        self.close()
        return clean

    def close(self) -> None:
        """Close the listening sockets at once; sessions are left alone."""
        for server in self._servers:
            server.close()
        for path in self._unix:
            path.unlink(missing_ok=True)


async def listen(
    settings: ListenSettings, hooks: Hooks, *, sockets: Sequence[socket.socket] = (), room: Room | None = None
) -> Listener:
    """Open what `settings.listen` names, or take over listening `sockets` (systemd) in its place.

    `room` is what several listeners share. OSError where an address is taken or a certificate cannot be read,
    ValueError where an entry or network is none; nothing stays open then.
    """
    return_large_blocks()
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd's own words, with the addresses of every mail
    loop = asyncio.get_running_loop()
    tls = None if settings.tls_certificate is None else tls_context(settings)
    reception = Reception(settings, hooks, tls, room)
    kind = LmtpSession if settings.transport is Transport.LMTP else SmtpSession
    servers: list[asyncio.Server] = []
    unix: list[Path] = []

    def session() -> SmtpSession:
        return kind(reception, loop)

    try:
        for sock in sockets:
            if sock.family == socket.AF_UNIX:
                servers.append(await loop.create_unix_server(session, sock=sock, backlog=_BACKLOG, **_LEAVE_PATH))
            else:
                servers.append(await loop.create_server(session, sock=sock, backlog=_BACKLOG))
        for name in () if sockets else settings.listen:
            host, port, path = _where(name)
            if path is None:
                servers.append(await loop.create_server(session, host, port, backlog=_BACKLOG))
            else:
                _check_free(path)
                servers.append(await loop.create_unix_server(session, os.fspath(path), backlog=_BACKLOG))
                unix.append(path)
                path.chmod(_UNIX_MODE)
    except BaseException:
        Listener(reception, servers, unix).close()
        raise
    return Listener(reception, servers, unix)


def tls_context(settings: ListenSettings) -> ssl.SSLContext:
    """A server's context with certificate and key: TLS 1.2 and up, no client certificates. OSError where unreadable."""
    assert settings.tls_certificate is not None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(settings.tls_certificate, settings.tls_key_file)
    return context


def _check_free(path: Path) -> None:
    """OSError where somebody listens there: asyncio would take the socket away from a daemon that runs."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(os.fspath(path))
        except OSError:
            return  # nobody, at most a socket that a killed daemon left
    raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE), os.fspath(path))


def _where(name: str) -> tuple[str, int, Path | None]:
    if name.startswith("unix:"):
        return "", 0, Path(name.removeprefix("unix:"))
    host, colon, port = name.rpartition(":")
    if not colon or not host or not port.isdecimal():
        raise ValueError(f"{name!r} is no address to listen on")
    return host.removeprefix("[").removesuffix("]"), int(port), None
