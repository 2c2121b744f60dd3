"""Limits at the wire: what a listener is told, and the small counters that hold clients to it.

Nothing here does I/O but `disk_room`; time is always handed in (seconds of a monotonic clock).
"""

import ipaddress
import shutil
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from mailgate.core.mail.envelope import Transport
from mailgate.core.mail.hops import MOST_HOPS

MIB = 1024 * 1024
_FORGET_ABOVE = 10_000  # addresses whose rate is remembered before the quiet ones are dropped

IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class ListenSettings:
    """One listener and its limits, as plain values. Sizes in bytes, times in seconds.

    `listen` entries are `host:port`, `[IPv6]:port` or `unix:/path`. `domains` are our own mail domains, the first one
    completes a bare `postmaster`; an address elsewhere is a relay attempt, an unknown one here is unknown.

    A message above `in_memory` waits in a file in `spool_folder` (None: the system's) until it is whole; all together
    take at most `spool`. When whole it is read for its commit, as many at a time as fit into `memory`, at least one.
    """

    hostname: str
    domains: tuple[str, ...]
    listen: tuple[str, ...] = ("127.0.0.1:8025",)
    transport: Transport = Transport.SMTP
    tls_certificate: Path | None = None
    tls_key_file: Path | None = None
    trusted_networks: tuple[str, ...] = ()
    max_message_size: int = 25 * MIB
    max_line: int = 64 * 1024
    max_received: int = MOST_HOPS
    max_recipients: int = 100
    max_connections: int = 200
    max_connections_per_address: int = 10
    messages_per_minute: int = 30
    max_errors: int = 10
    max_same_command: int = 20
    minimum_rate: int = 500
    minimum_rate_after: float = 10.0
    idle_timeout: float = 300.0
    session_timeout: float = 1800.0
    accept_timeout: float = 30.0
    greeting_pause: float = 0.2
    error_delay: float = 0.2
    linger: float = 2.0
    stress_idle: float = 0.25
    in_memory: int = 128 * 1024
    memory: int = 32 * MIB
    memory_timeout: float = 120.0
    spool: int = 1024 * MIB
    spool_folder: Path | None = None


class Budget:
    """Bytes that several messages share. Who takes gives back."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.used = 0

    def take(self, size: int) -> bool:
        """Take `size` bytes, or nothing where they are not there."""
        if self.used + size > self.total:
            return False
        self.used += size
        return True

    def give(self, size: int) -> None:
        """Give back what was taken."""
        self.used -= size


@dataclass(slots=True)
class Rate:
    """At most `limit` events in any `period` seconds for each key."""

    limit: int
    period: float = 60.0
    _seen: dict[str, deque[float]] = field(default_factory=dict)

    def allow(self, key: str, now: float) -> bool:
        """Count an event of `key` where it is within its limit; an event that is refused does not count."""
        events = self._seen.get(key)
        if events is None:
            self._forget(now)
            events = self._seen[key] = deque()
        while events and events[0] <= now - self.period:
            events.popleft()
        if len(events) >= self.limit:
            return False
        events.append(now)
        return True

    def _forget(self, now: float) -> None:
        if len(self._seen) >= _FORGET_ABOVE:
            since = now - self.period
            self._seen = {key: events for key, events in self._seen.items() if events and events[-1] > since}


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is at the other end. `address` is an IP address, or "" behind a unix socket; `key` is what limits count."""

    address: str
    key: str
    trusted: bool
    local: bool

    @property
    def exempt(self) -> bool:
        """True where no rate and no pause binds: our own mail servers, and this machine."""
        return self.trusted or self.local


def peer_of(name: object, trusted: tuple[IpNetwork, ...]) -> Peer:
    """The peer from a transport's peername; an IPv4 address within IPv6 is IPv4, an IPv6 key is its /64.

    A unix socket has no address: whom its mode lets in, our own user and group, is our own mail server.
    """
    if not isinstance(name, tuple) or not name:
        return Peer("", "unix", trusted=True, local=True)
    address = ipaddress.ip_address(str(name[0]).partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    key = str(address) if address.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))
    return Peer(str(address), key, trusted=any(address in net for net in trusted), local=address.is_loopback)


def networks(names: tuple[str, ...]) -> tuple[IpNetwork, ...]:
    """The networks as values. ValueError where one is none."""
    return tuple(ipaddress.ip_network(name) for name in names)


def disk_room(folder: Path, reserve: int) -> Callable[[int], bool]:
    """A check whether a message of so many bytes leaves `reserve` bytes free where `folder` is (threats CR-04)."""

    def has_room(size: int) -> bool:
        return shutil.disk_usage(folder).free >= reserve + size

    return has_room
