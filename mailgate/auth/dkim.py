"""DKIM (RFC 6376, RFC 8301, RFC 8463): every signature of a message, what it says and whether it proves anything.

dkimpy does the hashing and the mathematics. Around it stands what it leaves out: its body canonicalisation is mended to
linear time, keys are fetched once and judged first (size, revocation, test mode, service), and a signature that
verifies is told apart from one that proves an author (`counts`). Nothing here raises on hostile input.
"""

import logging
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import dkim
import dkim.canonicalization
import dkim.util

from mailgate.auth.resolver import DnsTroubleError, Lookups
from mailgate.core.who.address import canonical_domain
from mailgate.core.who.evidence import DkimResult

MAX_SIGNATURES = 5
MAX_HEADER_SECTION = 256 * 1024  # octets
MAX_HEADER_FIELDS = 2000
MAX_FIELD = 8 * 1024  # octets of one DKIM-Signature
MAX_SIGNED_NAMES = 256
MIN_RSA_BITS = 1024  # RFC 8301 §3.2
MAX_RSA_BITS = 8192  # time to verify grows with the cube
MAX_EXPONENT = 1 << 33

# Fields that stand once (RFC 5322 §3.6, RFC 2045 §3): a second one on top would be read instead of the signed one.
_ONCE = frozenset(
    b"date sender reply-to to cc message-id in-reply-to references subject".split()
    + b"mime-version content-type content-transfer-encoding".split()
)
_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")
_LONG_SPACE = re.compile(rb"\s{200}")  # dkimpy's own patterns are quadratic in a run of spaces
_SELECTOR = re.compile(rb"[A-Za-z0-9_.-]{1,253}")
_SPACES = re.compile(rb"\s+")
_KEY_TAG = re.compile(rb"(?:^|;)p=")  # tells a key from other texts that a wildcard puts beside it
_QUIET = logging.Logger("dkimpy", logging.CRITICAL + 1)  # noqa: LOG001  unregistered: it would log mail text


@dataclass(frozen=True, slots=True)
class _Message:
    """The message as dkimpy wants it, taken apart once for all signatures."""

    headers: list[list[bytes]]
    body: bytes

    def count(self, name: bytes) -> int:
        return sum(field[0].lower() == name for field in self.headers)


class _RefusedError(Exception):
    """The signature needs no mathematics: `result` by RFC 8601 §2.7.1, the text says why."""

    def __init__(self, result: str, why: str, *, weak: bool = False) -> None:
        super().__init__(why)
        self.result = result
        self.weak = weak


def verify(raw: bytes, lookups: Lookups, now: datetime) -> tuple[DkimResult, ...]:
    """The results of up to five signatures from the top, and one result in place of all further ones.

    `raw` are the bytes as received, `now` is when. Whether a domain is aligned with the author's is not decided here.
    """
    try:
        message = _take_apart(raw)
    except _RefusedError as refused:
        return (DkimResult("", "", refused.result, aligned=False, counts=False, why=str(refused)),)
    signatures = [field[1] for field in message.headers if field[0].lower() == b"dkim-signature"]
    results = [_check(message, index, value, lookups, now) for index, value in enumerate(signatures[:MAX_SIGNATURES])]
    if len(signatures) > MAX_SIGNATURES:
        more = f"{len(signatures) - MAX_SIGNATURES} further signatures were not looked at"
        results.append(DkimResult("", "", "policy", aligned=False, counts=False, why=more, weak=True))
    return tuple(results)


def _take_apart(raw: bytes) -> _Message:
    end = _END_OF_HEADER.search(raw, 0, MAX_HEADER_SECTION)
    if end is None and len(raw) > MAX_HEADER_SECTION:
        raise _RefusedError("permerror", "the header section is too long")
    section = raw if end is None else raw[: end.start()]
    if b"dkim-signature" not in section.lower():
        return _Message([], b"")
    try:
        headers, _ = dkim.rfc822_parse(section)
    except (dkim.MessageFormatError, IndexError) as error:
        raise _RefusedError("permerror", "the header section is malformed") from error
    if len(headers) > MAX_HEADER_FIELDS:
        raise _RefusedError("permerror", "too many header fields")
    body = b"" if end is None else raw[end.end() :]
    return _Message(headers, body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))


def _check(message: _Message, index: int, value: bytes, lookups: Lookups, now: datetime) -> DkimResult:
    """The result of one signature; whatever its sender wrote, this is a value and no exception."""
    result = DkimResult("", "", "permerror", aligned=False, counts=False)
    try:
        tags = _tags(value)
        domain, selector = _domain(tags), _selector(tags)
        signed = _signed_names(message, tags)
        algorithm = _shown(tags.get(b"a", b""))
        result = replace(result, domain=domain, selector=selector, algorithm=algorithm, signed_fields=signed)
        _refuse_weak(message, tags, signed, now)
        key = _key_record(f"{selector}._domainkey.{domain}", lookups)
        flaw = _judge_key(key, tags, domain) or _length_flaw(tags)
        verdict, why = _compute(message, index, key)
    except _RefusedError as refused:
        return replace(result, result=refused.result, why=str(refused), weak=refused.weak)
    except DnsTroubleError as trouble:
        return replace(result, result="temperror", why=f"no answer about the key: {trouble}")
    counts = verdict == "pass" and not flaw
    return replace(result, result=verdict, counts=counts, why=flaw or why, weak=bool(flaw))


def _tags(value: bytes) -> dict[bytes, bytes]:
    if len(value) > MAX_FIELD or _LONG_SPACE.search(value):
        raise _RefusedError("permerror", "the signature field is too long")
    try:
        return dict(dkim.util.parse_tag_value(value))
    except (dkim.util.InvalidTagValueList, IndexError) as error:
        raise _RefusedError("permerror", "the signature field is malformed") from error


def _domain(tags: dict[bytes, bytes]) -> str:
    domain = canonical_domain(_shown(tags.get(b"d", b"")))
    if domain is None:
        raise _RefusedError("permerror", "d= is no domain")
    return domain


def _selector(tags: dict[bytes, bytes]) -> str:
    selector = tags.get(b"s", b"")
    if not _SELECTOR.fullmatch(selector):
        raise _RefusedError("permerror", "s= is no selector")
    return selector.decode("ascii")


def _signed_names(message: _Message, tags: dict[bytes, bytes]) -> tuple[str, ...]:
    """The header fields of which every instance is signed: one added on top would otherwise be read as signed."""
    listed = _listed(tags)
    if len(listed) > MAX_SIGNED_NAMES:
        raise _RefusedError("permerror", "h= names too many fields")
    present = {name: message.count(name) for name in set(listed)}
    return tuple(sorted(_shown(name) for name, count in present.items() if 0 < count <= listed.count(name)))


def _listed(tags: dict[bytes, bytes]) -> list[bytes]:
    return [_SPACES.sub(b"", name).lower() for name in tags.get(b"h", b"").split(b":")]


def _refuse_weak(message: _Message, tags: dict[bytes, bytes], signed: tuple[str, ...], now: datetime) -> None:
    """What counts as no signature at all, seen before any key is fetched (RFC 8301 §3.1, RFC 6376 §5.4, §6.1.1)."""
    if tags.get(b"a", b"").lower().endswith(b"sha1"):
        raise _RefusedError("policy", "signed with SHA-1", weak=True)
    if message.count(b"from") != 1:
        raise _RefusedError("policy", "From does not stand exactly once", weak=True)
    if "from" not in signed:
        raise _RefusedError("policy", "From is not signed", weak=True)
    for name in _ONCE.intersection(_listed(tags)):
        if message.count(name) > 1 and _shown(name) not in signed:  # RFC 6376 §8.15
            raise _RefusedError("policy", f"{_shown(name)} stands more often than it is signed", weak=True)
    expiry = tags.get(b"x", b"")
    if expiry.isdigit() and int(expiry[:20]) < now.timestamp():
        raise _RefusedError("policy", "the signature has expired", weak=True)


def _length_flaw(tags: dict[bytes, bytes]) -> str:
    return "l= leaves the end of the body unsigned" if b"l" in tags else ""


def _key_record(name: str, lookups: Lookups) -> bytes:
    """The key record. Raises `DnsTroubleError`. More than one is undefined (RFC 6376 §3.6.2.2) and refused."""
    found = [text for text in lookups.txt(name) if _KEY_TAG.search(_SPACES.sub(b"", text))]
    if not found:
        raise _RefusedError("permerror", "no key is published")
    if len(found) > 1:
        raise _RefusedError("permerror", "several keys are published under one name")
    return found[0]


def _judge_key(record: bytes, tags: dict[bytes, bytes], domain: str) -> str:
    """Refuses keys that cannot be used; returns why a usable one proves nothing, or "" (RFC 6376 §3.6.1)."""
    try:
        key = dkim.util.parse_tag_value(record)
    except (dkim.util.InvalidTagValueList, IndexError) as error:
        raise _RefusedError("permerror", "the key record is malformed") from error
    if not key.get(b"p"):
        raise _RefusedError("permerror", "the key is revoked")
    kind = key.get(b"k", b"rsa")
    if not tags.get(b"a", b"").startswith(kind + b"-"):
        raise _RefusedError("permerror", "the key is of another kind than the signature")
    if b"sha256" not in _list(key.get(b"h", b"sha256")) or not {b"*", b"email"} & set(_list(key.get(b"s", b"*"))):
        raise _RefusedError("permerror", "the key is not for this use")
    flags = _list(key.get(b"t", b""))
    identity = _shown(tags.get(b"i", b"")).rpartition("@")[2]
    if b"s" in flags and identity and canonical_domain(identity) != domain:
        raise _RefusedError("permerror", "the key is not for subdomains")
    if kind == b"rsa":
        _judge_rsa(record)
    return "the key is in test mode (t=y)" if b"y" in flags else ""


def _judge_rsa(record: bytes) -> None:
    try:
        key, bits, _, _ = dkim.evaluate_pk("key", record)
        exponent = key["publicExponent"]
    except Exception as error:  # a key is hostile input, and dkimpy's ASN.1 reader raises what it likes
        raise _RefusedError("permerror", "the key is malformed") from error
    if bits < MIN_RSA_BITS:
        raise _RefusedError("policy", f"the key has only {bits} bits", weak=True)
    if bits > MAX_RSA_BITS or exponent > MAX_EXPONENT:
        raise _RefusedError("permerror", "the key is too large")


def _compute(message: _Message, index: int, key: bytes) -> tuple[str, str]:
    """Whether hash and signature are right: the result and, where they are not, why."""
    signer = dkim.DKIM(logger=_QUIET, minkey=MIN_RSA_BITS)
    signer.headers = [list(field) for field in message.headers]
    signer.body = message.body
    try:
        good = signer.verify(idx=index, dnsfunc=lambda _name, timeout=0: key)  # noqa: ARG005  the name is dkimpy's
    except dkim.ValidationError as error:
        if str(error).startswith("body hash mismatch"):
            return "fail", "the body was changed"
        return "permerror", "the signature is malformed"
    except Exception as error:  # noqa: BLE001  hostile input: whatever dkimpy raises, nothing was verified
        return "permerror", f"the signature cannot be verified ({type(error).__name__})"
    return ("pass", "") if good else ("fail", "the signature does not fit the header")


def _list(value: bytes) -> list[bytes]:
    return [item.strip().lower() for item in value.split(b":")]


def _shown(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def _compress_whitespace(content: bytes) -> bytes:
    """Each run of spaces and tabs as one space. Each pass halves the runs, so that the whole is linear."""
    content = content.replace(b"\t", b" ")
    while b"  " in content:
        content = content.replace(b"  ", b" ")
    return content


def _strip_trailing_whitespace(content: bytes) -> bytes:
    """As dkimpy's, which tries each space of a run as its start: 80 KB of spaces took it 20 seconds."""
    return _compress_whitespace(content).replace(b" \r\n", b"\r\n")


def _strip_trailing_lines(content: bytes) -> bytes:
    """The content ending in exactly one CRLF; dkimpy steps through megabytes of empty lines one by one."""
    end, block = len(content), b"\r\n" * 4096
    while content.endswith(block, 0, end):
        end -= len(block)
    while content.endswith(b"\r\n", 0, end):
        end -= 2
    return content[:end] + b"\r\n"


def _mend(module: Any) -> None:
    module.strip_trailing_whitespace = _strip_trailing_whitespace
    module.compress_whitespace = _compress_whitespace
    module.strip_trailing_lines = _strip_trailing_lines


_mend(dkim.canonicalization)
