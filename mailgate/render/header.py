"""Text on its way into one of our headers.

The fields are written here, line by line, not by the standard library's `EmailMessage`: older patch releases of Python
decode encoded words when a header is assigned, and so let out a line end that was hidden in one (threats IN-01).
"""

import re
import unicodedata
from collections.abc import Iterable
from email.header import Header

from mailgate.core.who.address import split

MOST = 200  # characters
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_NEVER = frozenset({"Cc", "Cs"})
_CRLF = "\r\n"
_WIDTH = 76  # octets of a line with an encoded word, RFC 2047 §2
_MESSAGE_ID = re.compile(r"[!-;=?-~]{1,250}")  # printable ASCII without space and angle brackets
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,253}")


class UnusableAddress(ValueError):
    """An address that no mail can be sent to; it never reaches an SMTP command (threats IN-02)."""


def clean_header(text: str) -> str:
    """One line without controls, format characters, surrogates or encoded words, at most 200 characters long."""
    spaced = "".join(" " if unicodedata.category(char) in _UNSAFE else char for char in text[: 4 * MOST])
    line = " ".join(spaced.replace("=?", "= ?").split())
    return line if len(line) <= MOST else line[: MOST - 1].rstrip() + "…"


def clean_text(text: str) -> str:
    """Lines of a body without controls and surrogates; no blank lines around them."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = (
        "".join(char for char in line if char == "\t" or unicodedata.category(char) not in _NEVER) for line in lines
    )
    return "\n".join(line.rstrip() for line in kept).strip("\n")


def text_field(name: str, text: str) -> str:
    """An unstructured field, cleaned, encoded (RFC 2047) and folded with CRLF."""
    cleaned = clean_header(text)
    charset = "us-ascii" if cleaned.isascii() else "utf-8"
    return f"{name}: {Header(cleaned, charset, maxlinelen=_WIDTH, header_name=name).encode(linesep=_CRLF)}"


def address_field(name: str, display: str, address: str) -> str:
    """A field with one mailbox. The display name is cleaned; an `@` in it becomes ` at `, so that it poses as nobody.

    Raises UnusableAddress where the address is not a plain ASCII one.
    """
    if not _ADDRESS.fullmatch(address) or split(address) is None:
        raise UnusableAddress(f"no mail can be sent to {clean_header(address)!r}: it is not a plain ASCII address")
    cleaned = clean_header(display).replace("@", " at ")[:100].strip()
    if not cleaned:
        return f"{name}: {address}"
    if cleaned.isascii():
        quoted = cleaned.replace("\\", "\\\\").replace('"', '\\"')
        return f'{name}: "{quoted}"\r\n <{address}>'
    encoded = Header(cleaned, "utf-8", maxlinelen=_WIDTH, header_name=name).encode(linesep="\r\n")
    return f"{name}: {encoded}\r\n <{address}>"


def ids_field(name: str, identifiers: Iterable[str]) -> list[str]:
    """A field of Message-IDs, one a line; ids that are no plain ASCII or hold an encoded word are left out."""
    usable = [item for item in identifiers if _MESSAGE_ID.fullmatch(item) and "=?" not in item]
    return [f"{name}: " + "\r\n ".join(f"<{item}>" for item in usable)] if usable else []
