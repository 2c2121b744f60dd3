"""The limits of a mail's header section, checked on bytes before anything else looks at them (threats MB-05, MB-06).

What need not fail is bounded elsewhere: deeper or further MIME parts stay one opaque attachment (mime.py), text is cut
for showing (message.py).
"""

from typing import Final

from mailgate.parse.errors import TooComplex
from mailgate.parse.header import Header, scan

MAX_SECTION: Final = 64 * 1024  # bytes of the whole header section
MAX_FIELD: Final = 16 * 1024  # bytes of one field, folds included
MAX_FIELDS: Final = 500
MAX_RECEIVED: Final = 100  # RFC 5321 §6.3


def check(raw: bytes) -> None:
    """Pass for a mail that may be read.

    Raises:
        TooComplex: the header section overruns a limit; the message names it.
    """
    read_header(raw)


def read_header(raw: bytes) -> Header:
    """The header section of a mail within the limits.

    Raises:
        TooComplex: as `check`.
    """
    header = scan(raw, limit=MAX_SECTION + 1, whole_mail=True)
    if header.cut or _wire_size(raw[: header.end]) > MAX_SECTION:
        raise TooComplex(f"header section over {MAX_SECTION} bytes")
    if len(header.fields) > MAX_FIELDS:
        raise TooComplex(f"over {MAX_FIELDS} header fields")
    received = 0
    for item in header.fields:
        if _wire_size(item.value) > MAX_FIELD:
            raise TooComplex(f"header field over {MAX_FIELD} bytes")
        received += item.name == "received"
    if received > MAX_RECEIVED:
        raise TooComplex(f"over {MAX_RECEIVED} Received fields")
    return header


def _wire_size(data: bytes) -> int:
    """Bytes with CRLF at the end of each line: a mail means the same where a file system dropped the CR."""
    return len(data) + data.count(b"\n") - data.count(b"\r\n")
