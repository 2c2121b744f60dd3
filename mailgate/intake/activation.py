"""Listening sockets that the service manager opened for us (sd_listen_fds(3)): ports below 1024 without being root."""

import os
import socket
from collections.abc import Mapping

from mailgate.core.mail.envelope import Transport

_FIRST = 3  # sd_listen_fds(3): SD_LISTEN_FDS_START


def handed_in(environment: Mapping[str, str] = os.environ) -> dict[Transport, list[socket.socket]]:
    """The sockets by what is spoken on them; call it once, it makes the descriptors ours.

    `FileDescriptorName=` of the socket unit says `smtp` or `lmtp`; by any other name a unix socket is LMTP, and a TCP
    socket SMTP. Sockets that are meant for another process are none of ours.
    """
    found: dict[Transport, list[socket.socket]] = {Transport.SMTP: [], Transport.LMTP: []}
    count = environment.get("LISTEN_FDS", "")
    if environment.get("LISTEN_PID") != str(os.getpid()) or not count.isdecimal():
        return found
    names = environment.get("LISTEN_FDNAMES", "").split(":")
    for index in range(int(count)):
        sock = socket.socket(fileno=_FIRST + index)
        sock.set_inheritable(False)  # not for the processes that read mails
        sock.settimeout(0)
        found[_spoken(sock, names[index] if index < len(names) else "")].append(sock)
    return found


def _spoken(sock: socket.socket, name: str) -> Transport:
    if name in (Transport.SMTP, Transport.LMTP):
        return Transport(name)
    return Transport.LMTP if sock.family == socket.AF_UNIX else Transport.SMTP
