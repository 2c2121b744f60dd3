"""The one way to ask DNS: bounded in time, number of queries and memory, and honest about trouble.

An answer is either the records of a name (perhaps none) or `DnsTroubleError`: a time-out, SERVFAIL or a spent budget is
neither yes nor no (RFC 7208 §2.6.6, RFC 9989 §5.3.6), and nobody downstream may take it for one of them.
"""

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import dns.exception
import dns.name
import dns.nameserver
import dns.rdata
import dns.rdatatype
import dns.resolver

QUERY_TIMEOUT = 2.0  # seconds for one query, retries included
MESSAGE_TIMEOUT = 10.0  # seconds for all queries about one message (threats ID-23)
MAX_QUERIES = 150  # an SPF record may need 10 mechanisms of 11 queries each (RFC 7208 §4.6.4)
MAX_CACHED = 2000  # answers
MAX_CACHED_SIZE = 4096  # octets of one answer; larger ones are not kept
MAX_TTL = 3600.0  # seconds
NEGATIVE_TTL = 60.0  # seconds for which a name that does not exist is not asked for again


class DnsTroubleError(Exception):
    """DNS gave neither yes nor no."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The records of a name; `exists` is False where the name itself does not exist (NXDOMAIN, RFC 8020)."""

    records: tuple[dns.rdata.Rdata, ...]
    exists: bool


_NOTHING = Answer((), exists=False)
_INVALID = dns.name.from_text("invalid.")  # RFC 6761 §6.4: nothing there ever exists, and it is not asked for


class Resolver:
    """Asks the given name servers (`host:port`, the host an IP address), or the system's where none is given.

    Safe for use by several threads. Raises `ValueError` for a name server that is not an address.
    """

    def __init__(
        self,
        nameservers: Sequence[str] = (),
        *,
        query_timeout: float = QUERY_TIMEOUT,
        max_cached: int = MAX_CACHED,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._query_timeout = query_timeout
        self._max_cached = max_cached
        self._cache: OrderedDict[tuple[dns.name.Name, str], tuple[float, Answer]] = OrderedDict()
        self._lock = threading.Lock()
        self._dns = _configured(nameservers)
        self._dns.timeout = query_timeout / 2  # so that a lost packet is asked for once more
        self._dns.use_edns(0, 0, 1232)

    def lookups(self, timeout: float = MESSAGE_TIMEOUT, max_queries: int = MAX_QUERIES) -> "Lookups":
        """The queries of one message, which share `timeout` seconds and `max_queries`."""
        return Lookups(self, self._clock() + timeout, max_queries, self._clock)

    def query(self, name: str, rtype: str, lifetime: float) -> Answer:
        """One query, from the cache if it is there; `lifetime` in seconds. Raises `DnsTroubleError`."""
        wanted = _name(name)
        if wanted is None or wanted.is_subdomain(_INVALID):
            return _NOTHING
        key = (wanted, rtype)
        cached = self._cached(key)
        if cached is not None:
            return cached
        answer, ttl = self._ask(wanted, rtype, min(lifetime, self._query_timeout))
        self._keep(key, answer, ttl)
        return answer

    def _ask(self, name: dns.name.Name, rtype: str, lifetime: float) -> tuple[Answer, float]:
        try:
            found = self._dns.resolve(name, rtype, lifetime=lifetime, search=False, raise_on_no_answer=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.YXDOMAIN):
            return _NOTHING, NEGATIVE_TTL
        except (dns.exception.DNSException, OSError, ValueError) as error:
            raise DnsTroubleError(f"{rtype} {name.to_text(omit_final_dot=True)}: {type(error).__name__}") from error
        records = () if found.rrset is None else tuple(found.rrset)
        ttl = NEGATIVE_TTL if found.rrset is None else min(float(found.rrset.ttl), MAX_TTL)
        return Answer(records, exists=True), ttl

    def _cached(self, key: tuple[dns.name.Name, str]) -> Answer | None:
        with self._lock:
            kept = self._cache.get(key)
            if kept is None or kept[0] <= self._clock():
                return None
            self._cache.move_to_end(key)
            return kept[1]

    def _keep(self, key: tuple[dns.name.Name, str], answer: Answer, ttl: float) -> None:
        if sum(len(record.to_digestable()) for record in answer.records) > MAX_CACHED_SIZE:
            return
        with self._lock:
            self._cache[key] = (self._clock() + ttl, answer)
            self._cache.move_to_end(key)
            while len(self._cache) > self._max_cached:
                self._cache.popitem(last=False)


class Lookups:
    """The queries about one message. `trouble` collects what DNS could not say, for the evidence.

    For one message in one thread.
    """

    def __init__(self, resolver: Resolver, ends_at: float, max_queries: int, clock: Callable[[], float]) -> None:
        self.trouble: list[str] = []
        self._resolver = resolver
        self._ends_at = ends_at
        self._left = max_queries
        self._clock = clock

    @property
    def seconds_left(self) -> float:
        """Seconds until the message's deadline, never negative."""
        return max(0.0, self._ends_at - self._clock())

    def query(self, name: str, rtype: str) -> Answer:
        """The records of a name. Raises `DnsTroubleError`, which is noted in `trouble` too."""
        try:
            return self._resolver.query(name, rtype, self._spend(f"{rtype} {name}"))
        except DnsTroubleError as error:
            self._note(str(error))
            raise

    def _spend(self, what: str) -> float:
        """Takes one query off the budget; the seconds that it may last."""
        if self._left <= 0:
            raise DnsTroubleError(f"{what}: too many queries for one message")
        if self.seconds_left <= 0:
            raise DnsTroubleError(f"{what}: no time left")
        self._left -= 1
        return self.seconds_left

    def txt(self, name: str) -> tuple[bytes, ...]:
        """The TXT records of a name, the strings of each joined without a space (RFC 7208 §3.3, RFC 6376 §3.6.2.2)."""
        return tuple(b"".join(record.strings) for record in self.query(name, "TXT").records)  # type: ignore[attr-defined]

    def exists(self, name: str) -> bool:
        """False where the name does not exist at all (RFC 8020). Raises `DnsTroubleError`."""
        return self.query(name, "A").exists

    def _note(self, text: str) -> None:
        line = "".join(char if char.isprintable() else "?" for char in text)[:200]
        if line not in self.trouble and len(self.trouble) < 20:
            self.trouble.append(line)


def _configured(nameservers: Sequence[str]) -> dns.resolver.Resolver:
    if nameservers:
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers = [_server(text) for text in nameservers]
        return resolver
    try:
        return dns.resolver.Resolver()
    except dns.resolver.NoResolverConfiguration:
        # A machine without name servers gets trouble from each query, not a daemon that does not start.
        return dns.resolver.Resolver(configure=False)


def _server(text: str) -> dns.nameserver.Nameserver:
    host, colon, port = text.rpartition(":")
    if not colon or (":" in host and not host.startswith("[")):  # no port, or a bare IPv6 address
        host, port = text, "53"
    address = str(ipaddress.ip_address(host.strip("[]")))
    return dns.nameserver.Do53Nameserver(address, int(port))


def _name(text: str) -> dns.name.Name | None:
    """The name to ask for, None where DNS cannot hold it. ASCII only: dnspython would map the rest by IDNA 2003."""
    if not text.isascii() or "\\" in text or len(text) > 254:
        return None
    try:
        return dns.name.from_text(text.lower())
    except (dns.exception.DNSException, ValueError):
        return None
