"""Authentication-Results (RFC 8601) of our own border, and nothing that merely looks like it.

Anybody can write such a field into a mail. Believed are only fields that

* name a configured authserv-id (compared without regard to ASCII case, RFC 8601 §2.5), and
* stand above our boundary. Header fields are prepended, so whatever the mail brought along lies below the first
  `Received:` of our own systems. By default the boundary is therefore the topmost `Received:` of the mail.

Some borders (OpenDKIM, OpenDMARC and other milters behind Postfix; large mail providers) put their results below their
own `Received:`. For them `received_above` says how many `Received:` stand above the results; fields down to the next
one are believed. What the sender wrote lies there too, right below: such a border must remove fields with its own
name (RFC 8601 §5 demands it). As a second line of defence the topmost field that reports a method decides about it.

Whether the path is trusted at all (a client of ours, or a mailbox) is the caller's to know.
"""

import re
from collections.abc import Iterator

import authres

from mailgate.core.who.evidence import AuthservMethod, AuthservResult

MAX_FIELD = 16 * 1024  # octets, as for every header field
MAX_FIELDS = 20  # results fields read
MAX_SECTION = 64 * 1024  # octets of the header section looked at
_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(rb"([\x21-\x39\x3b-\x7e]+)([ \t]*):")


def read(raw: bytes, authserv_ids: tuple[str, ...], received_above: int = 0) -> AuthservResult | None:
    """The results of our own border, None where there are none. Never raises."""
    wanted = {name.strip().lower(): name for name in authserv_ids if name.strip()}
    found: str | None = None
    methods: list[AuthservMethod] = []
    decided: set[str] = set()
    for value in _candidates(raw, received_above) if wanted else ():
        parsed = _parse(value)
        if parsed is None or parsed[0].lower() not in wanted:
            continue
        found = found or wanted[parsed[0].lower()]
        new = [method for method in parsed[1] if method.method not in decided]
        methods.extend(new)
        decided.update(method.method for method in new)
    return None if found is None else AuthservResult(found, tuple(methods))


def _candidates(raw: bytes, received_above: int) -> Iterator[str]:
    """Values of Authentication-Results above the boundary, from the top."""
    received = seen = 0
    for name, value in _fields(raw):
        if name == b"received":
            received += 1
            if received > received_above:
                return
        elif name == b"authentication-results" and len(value) <= MAX_FIELD and value.isascii():
            seen += 1
            if seen > MAX_FIELDS:
                return
            yield value.decode("ascii")


def _fields(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Names in lower case and folded values from the top; ends at the first line that is no field.

    A name with a space before its colon is a boundary where it is `Received`, and no result where it is one of ours.
    """
    end = _END_OF_HEADER.search(raw, 0, MAX_SECTION)
    section = raw[: end.start() if end else MAX_SECTION]
    lines = section.replace(b"\r\n", b"\n").split(b"\n")
    index = 0
    while index < len(lines):
        start = _FIELD.match(lines[index])
        if start is None:
            return
        value = [lines[index][start.end() :]]
        index += 1
        while index < len(lines) and lines[index][:1] in (b" ", b"\t"):
            value.append(lines[index])
            index += 1
        name = start[1].lower()
        yield (name + b" " if start[2] and name != b"received" else name), b"\r\n".join(value)


def _parse(value: str) -> tuple[str, list[AuthservMethod]] | None:
    """The authserv-id and the results of one field, None where it cannot be read."""
    try:
        parsed = authres.AuthenticationResultsHeader.parse(f"Authentication-Results:{value}")
        methods = [_method(result) for result in parsed.results if hasattr(result, "method")]
    except Exception:  # noqa: BLE001  hostile input: what cannot be read says nothing (RecursionError among others)
        return None
    return str(parsed.authserv_id), methods


def _method(result: object) -> AuthservMethod:
    properties = tuple(
        (f"{item.type}.{item.name}".lower(), str(item.value)) for item in getattr(result, "properties", ())
    )
    return AuthservMethod(
        str(getattr(result, "method", "")).lower(), str(getattr(result, "result", "")).lower(), properties
    )
