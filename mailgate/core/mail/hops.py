"""How many mail servers a message has passed: looks at bytes, parses nothing."""

import re

MOST_HOPS = 100  # more Received fields are a loop (RFC 5321 §6.3)
_HEADER_SCAN = 256 * 1024  # beyond four times the largest header section nothing counts as header
_RECEIVED = re.compile(rb"^received[ \t]*:", re.IGNORECASE | re.MULTILINE)


def count_hops(raw: bytes) -> int:
    """How many Received fields the header section has (RFC 5321 §6.3)."""
    end = raw.find(b"\r\n\r\n", 0, _HEADER_SCAN)
    if raw.startswith(b"\r\n"):
        return 0
    return len(_RECEIVED.findall(raw, 0, end if end >= 0 else _HEADER_SCAN))
