"""SPF (RFC 7208): may this client send mail with this reverse-path?

The library asks DNS through one module-wide function; ours hands each question on to the lookups of the message that
the thread works on, so that deadline, limits and cache are the message's own.
"""

import ipaddress
from contextvars import ContextVar
from typing import Any

import spf

from mailgate.auth.resolver import DnsTroubleError, Lookups
from mailgate.core.mail.envelope import Client
from mailgate.core.who.address import canonical_domain
from mailgate.core.who.evidence import SpfResult

_RESULTS = frozenset(("pass", "fail", "softfail", "neutral", "none", "temperror", "permerror"))
_TYPES = frozenset(("A", "AAAA", "MX", "PTR", "TXT"))
_MAX_LOCAL = 64
_MAX_RECORD = 4096  # octets of one TXT record
_MAX_TERM = 512  # octets of one mechanism or modifier

_current: ContextVar[Lookups] = ContextVar("spf_lookups")


def check(client: Client, reverse_path: str, lookups: Lookups) -> SpfResult:
    """The result for MAIL FROM, or for HELO where the reverse-path is null (RFC 7208 §2.4). Never raises.

    Whether the domain is aligned with the author's is not decided here.
    """
    scope = "mailfrom" if reverse_path else "helo"
    local, _, stated = reverse_path.rpartition("@") if reverse_path else ("postmaster", "@", client.helo)
    domain = canonical_domain(stated.rstrip("."))
    if domain is None or "." not in domain:
        return SpfResult("none", "", scope, aligned=False, why="there is no domain to ask for")
    if _address(client.address) is None:
        return SpfResult("none", domain, scope, aligned=False, why="the client has no IP address")
    token = _current.set(lookups)
    try:
        result, why = _query(client, _plain(local), domain, lookups.seconds_left)
    finally:
        _current.reset(token)
    return SpfResult(result if result in _RESULTS else "permerror", domain, scope, aligned=False, why=why)


def _query(client: Client, local: str, domain: str, seconds: float) -> tuple[str, str]:
    helo = canonical_domain(client.helo) or "unknown"
    try:
        query = spf.query(i=client.address, s=f"{local}@{domain}", h=helo, querytime=max(seconds, 0.001))
        result, _, _ = query.check()
    except Exception as error:  # noqa: BLE001  the record is the sender's: whatever it breaks, it permits nobody
        return "permerror", f"the record cannot be evaluated ({type(error).__name__})"
    return result, _cleaned(getattr(query, "prob", "")) if result in ("permerror", "temperror") else ""


def _address(text: str) -> str | None:
    """The client's address as the library may see it: it takes `list` for a command."""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None


def _plain(local: str) -> str:
    """A local part that the library reads as one: it cuts the address at the first `@`, even within quotes."""
    return local.replace("@", "_")[:_MAX_LOCAL] or "postmaster"


def _cleaned(text: str) -> str:
    return "".join(char if char.isascii() and char.isprintable() else "?" for char in text[:200])


def _lookup(name: str, qtype: str, _tcpfallback: bool = True, _timeout: float = 30) -> list[Any]:  # noqa: FBT001, FBT002
    """What `spf.DNSLookup` promises: ((name, type), value) for each record; `TempError` for trouble."""
    if qtype not in _TYPES:
        return []
    try:
        records = _current.get().query(name, qtype).records
    except DnsTroubleError as trouble:
        raise spf.TempError(str(trouble)) from trouble
    if qtype == "TXT":
        return [((name, qtype), (text,)) for text in map(_joined, records) if _is_of_use(text)]
    return [((name, qtype), _value(record, qtype)) for record in records]


def _joined(record: Any) -> bytes:
    return b"".join(record.strings)


def _is_of_use(text: bytes) -> bool:
    """False for long texts that are no SPF record. The library's patterns take quadratic time, so length is bounded."""
    if text[:6].lower() != b"v=spf1":
        return len(text) <= _MAX_TERM  # an explanation perhaps; all else is nothing to us
    if len(text) > _MAX_RECORD or any(len(term) > _MAX_TERM for term in text.split(b" ")):
        raise spf.PermError("the record is too long")
    return True


def _value(record: Any, qtype: str) -> Any:
    if qtype == "MX":
        return record.preference, record.exchange.to_text(omit_final_dot=True)
    if qtype == "PTR":
        return record.target.to_text(omit_final_dot=True)
    return record.address


spf.DNSLookup = _lookup
