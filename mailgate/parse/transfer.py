"""Content-Transfer-Encoding undone (RFC 2045 §6), and uuencode, on garbage too: best effort, linear, never failing."""

import binascii
import re
from dataclasses import dataclass
from typing import Final

_BASE64: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_BLANK: Final = b" \t\r\n"
_NOT_BASE64: Final = bytes(byte for byte in range(256) if byte not in _BASE64)
_NOT_BASE64_BUT_BLANK: Final = bytes(byte for byte in range(256) if byte not in _BASE64 + _BLANK)
_BASE64_LINE: Final = re.compile(rb"[A-Za-z0-9+/]*+={0,2}[ \t\r]*+")
_BITS: Final = re.compile(r"[0-9][ -]?bits?")
_FOOTER_LOOK: Final = 8192  # bytes at the end of base64 text among which a list's footer is looked for
_UU_BEGIN: Final = re.compile(rb"^begin(?:-base64)? ([0-7]{3,4}) ([^\r\n]{1,300})\r*\n", re.MULTILINE)
_UU_END: Final = re.compile(rb"^(?:end|====)[ \t]*\r*$", re.MULTILINE)
_MIN_TEXT: Final = 8  # fewer bytes may be UTF-8 by chance
_CONTROLS: Final = bytes(byte for byte in range(32) if byte not in b"\t\n\f\r\x1b")
_MAX_UU: Final = 50
_MAX_PIECES: Final = 1000


def decode_transfer(data: bytes, encoding: str, *, is_text: bool) -> tuple[bytes, str | None]:
    """Decoded bytes, and a defect code where the encoding was broken or unknown.

    Lines that were not encoded end with LF, whatever they ended with.
    """
    if b"\r" in data and (is_text or b"\0" not in data):
        data = data.replace(b"\r\n", b"\n")  # how lines end is the transport's; a file with NUL has no lines
    kind = encoding.strip(" \t\"'").lower().split(";")[0].strip()
    if kind in ("", "binary", "none") or _BITS.fullmatch(kind):
        return data, None
    if kind in ("quoted-printable", "quoted_printable", "quotedprintable", "qp"):
        return _from_quoted_printable(data), None
    if kind == "base64":
        return decode_base64(data, is_text=is_text)
    if kind in ("x-uuencode", "uuencode", "x-uue", "uue"):
        match = _UU_BEGIN.search(data)
        found = next(iter(_uu_blocks(data, match)), None) if match else None
        return (found.content, None) if found else (data, "encoding-broken")
    return data, "encoding-unknown"


def _from_quoted_printable(data: bytes) -> bytes:
    if b"=" not in data:
        return data
    if b"= " in data or b"=\t" in data:
        data = re.sub(rb"=[ \t]{1,200}+(?=\r*\n)", b"=", data)  # blanks that a relay appended behind a soft break
    return binascii.a2b_qp(data)


def decode_base64(data: bytes, *, is_text: bool) -> tuple[bytes, str | None]:
    """Base64 with line ends, garbage, wrong padding or several padded pieces in it; a text's footer in clear stays."""
    garbage = len(data) - len(data.translate(None, _NOT_BASE64_BUT_BLANK))
    footer = b""
    if garbage and is_text:
        data, footer = _split_footer(data)
        garbage = len(data) - len(data.translate(None, _NOT_BASE64_BUT_BLANK))
    letters = data.translate(None, _NOT_BASE64)
    if is_text and (garbage * 10 > len(letters) or _looks_clear(data)):
        decoded = _up_to_padding(data)
        if not _reads_like_text(decoded):
            return data + footer, "encoding-broken"  # text that only says it is base64
        return decoded + footer, "encoding-broken"
    broken = garbage > 0 or bool(footer)
    stripped = letters.rstrip(b"=")
    if b"=" not in stripped:
        decoded, cut = _decode_piece(stripped)
        return decoded + footer, "encoding-broken" if broken or cut else None
    if stripped.count(b"=") > _MAX_PIECES:  # not pieces put together, but garbage
        return _decode_piece(stripped.translate(None, b"="))[0] + footer, "encoding-broken"
    pieces = [_decode_piece(piece) for piece in stripped.split(b"=") if piece]
    return b"".join(piece for piece, _ in pieces) + footer, "encoding-broken"


def _up_to_padding(data: bytes) -> bytes:
    """What is decoded of base64 among garbage. Padding ends it (RFC 2045 §6.8), whatever else its line holds."""
    at = data.find(b"=")
    rest = data[at:].partition(b"\n")[0] if at >= 0 else b""
    coded = data[:at] if rest.strip(b"= \t\r") else data
    return _decode_piece(coded.translate(None, _NOT_BASE64).translate(None, b"="))[0]


def _reads_like_text(decoded: bytes) -> bool:
    """Whether these bytes are text: clear text that is decoded as base64 gives bytes without rhyme or reason."""
    if len(decoded) < _MIN_TEXT or decoded.translate(None, _CONTROLS) != decoded:
        return False
    try:
        decoded.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _looks_clear(data: bytes) -> bool:
    """The first line holds words with blanks between them: nobody encoded this."""
    line = data.lstrip(_BLANK)[:200].partition(b"\n")[0].strip()
    return not _BASE64_LINE.fullmatch(line) and b" " in line


def _decode_piece(letters: bytes) -> tuple[bytes, bool]:
    """Decode an unpadded run; one letter too many says nothing and goes."""
    extra = len(letters) % 4
    if extra == 1:
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4)), extra == 1


def _split_footer(data: bytes) -> tuple[bytes, bytes]:
    """Cut off what a mailing list appended in clear text to an encoded body."""
    tail_start = data.rfind(b"\n", 0, max(0, len(data) - _FOOTER_LOOK)) + 1
    at = tail_start
    for line in data[tail_start:].splitlines(keepends=True):
        if not _BASE64_LINE.fullmatch(line.rstrip(b"\r\n")):
            return (data[:at], data[at:]) if at else (data, b"")
        at += len(line)
    return data, b""


@dataclass(frozen=True, slots=True)
class UuFile:
    """A uuencoded file within text: where it stands, its name and content."""

    start: int
    end: int
    name: bytes
    content: bytes


def find_uuencoded(data: bytes) -> list[UuFile]:
    """The uuencoded files in a text, in order. A begin line alone, without encoded lines behind it, is text."""
    match = _UU_BEGIN.search(data) if b"begin" in data else None
    return _uu_blocks(data, match) if match else []


def _uu_blocks(data: bytes, match: re.Match[bytes] | None) -> list[UuFile]:
    found: list[UuFile] = []
    budget = len(data) + 100_000  # begin lines without an end would make each other's text be read again
    while match is not None and len(found) < _MAX_UU and budget > 0:
        end = _UU_END.search(data, match.end())
        stop = end.start() if end else len(data)
        budget -= stop - match.end() + 1000
        content = _decode_uu_lines(data[match.end() : stop], base64=match[0].startswith(b"begin-base64"))
        after = end.end() if end else len(data)
        if content:
            found.append(UuFile(match.start(), after, match[2].strip(), content))
            match = _UU_BEGIN.search(data, after)
        else:
            match = _UU_BEGIN.search(data, match.end())
    return found


def _decode_uu_lines(data: bytes, *, base64: bool) -> bytes | None:
    """The content of uuencoded lines; None where most of them are none."""
    if base64:
        return decode_base64(data, is_text=False)[0]
    out: list[bytes] = []
    bad = 0
    for line in data.split(b"\n"):
        row = line.rstrip(b"\r")
        if not row or row in (b"`", b" "):
            continue
        wanted = (row[0] - 32) & 63
        try:
            # Some encoders count wrong or drop trailing blanks: cut to what the first letter says.
            out.append(binascii.a2b_uu(row[: 1 + (wanted * 8 + 5) // 6 + 2]))
        except binascii.Error:
            bad += 1
            needed = (wanted + 2) // 3 * 4
            try:
                out.append(binascii.a2b_uu(row[: 1 + needed].ljust(1 + needed)))
            except binascii.Error:
                continue
    return b"".join(out) if out and bad <= len(out) else None
