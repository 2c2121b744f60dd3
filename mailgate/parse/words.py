"""Encoded words (RFC 2047) and raw 8-bit header text, read as forgivingly as senders write them."""

import binascii
from typing import Final

from mailgate.parse.charset import codec_of, decode

_VALUES: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_BASE64: Final = frozenset(_VALUES.encode())


def decode_raw(value: bytes, hint: str | None = None) -> str:
    """Header bytes as text: ASCII, else UTF-8 (RFC 6532), else the charset of the body, else cp1252."""
    if b"\x1b$" in value:
        return decode(value, "iso-2022-jp")[0]
    if value.isascii():
        return value.decode("ascii")
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return decode(value, hint)[0]


def decode_utf7(text: str, hint: str | None) -> str:
    """Raw UTF-7 where the body is in it: the one charset that looks like ASCII. For words, never for addresses."""
    if "+" not in text or not text.isascii() or codec_of(hint) != "utf-7":
        return text
    return decode(text.encode("ascii"), hint)[0]


def decode_words(text: str) -> str:
    """All encoded words of `text` decoded; those that cannot be read stay as they are.

    White space between two words is no text (RFC 2047 §6.2). Neighbours in one charset are joined before decoding,
    because senders cut characters in two.
    """
    if "=?" not in text:
        return text
    out: list[str] = []
    held: list[bytes] = []
    held_charset = ""
    at = 0
    while True:
        word = _next_word(text, at)
        between = text[at : word[0] if word else len(text)]
        follows = bool(held) and word is not None and not between.strip()
        if held and not (follows and word is not None and word[2].lower() == held_charset.lower()):
            out.append(_decode_bytes(b"".join(held), held_charset))
            held = []
        if not follows:
            out.append(between)
        if word is None:
            return "".join(out)
        held.append(word[3])
        held_charset = word[2]
        at = word[1]


def _decode_bytes(data: bytes, charset: str) -> str:
    return decode(data, charset)[0]


def _next_word(text: str, start: int) -> tuple[int, int, str, bytes] | None:
    """The next readable encoded word from `start`: where it begins and ends, its charset and its bytes."""
    at = text.find("=?", start)
    while at >= 0:
        word = _read_word(text, at)
        if word is not None:
            return at, *word
        at = text.find("=?", at + 2)
    return None


def _read_word(text: str, at: int) -> tuple[int, str, bytes] | None:
    """`=?charset?encoding?text?=` that begins at `at`; blanks and question marks within Q text are let pass."""
    charset_end = text.find("?", at + 2, at + 62)
    if charset_end < 0:
        return None
    charset = text[at + 2 : charset_end].partition("*")[0]  # RFC 2231 §5 adds a language
    kind = text[charset_end + 1 : charset_end + 2].lower()
    begin = charset_end + 3
    if kind not in ("b", "q") or text[charset_end + 2 : begin] != "?" or any(c.isspace() for c in charset):
        return None
    end = text.find("?=", begin)
    after = end + 2
    another = text.find("=?", begin, end if end >= 0 else None)
    if end < 0 or (another >= 0 and text[another + 2 : another + 3].isalpha() and "?" in text[another + 2 : end]):
        # No end of its own: cut by a length limit, or the next word begins first.
        stop = another if another >= 0 else len(text)
        space = next((i for i in range(begin, stop) if text[i].isspace()), stop)
        end = after = min(stop, space)
    body = text[begin:end]
    if codec_of(charset) is None and not body.isascii():
        return None
    if kind == "b":
        body, after = _with_next_pieces(text, body, after, text[at : charset_end + 1].lower())
    data = _from_base64(body) if kind == "b" else _from_q(body)
    return None if data is None else (after, charset, data)


def _with_next_pieces(text: str, body: str, after: int, opening: str) -> tuple[str, int]:
    """Base64 that goes on in the next word: some senders cut the letters anywhere, and each piece alone is garbage."""
    pieces, letters = [body], len(body)
    while _is_cut(body, letters):
        begin = next((i for i in range(after, min(len(text), after + 10)) if not text[i].isspace()), after)
        start = begin + len(opening) + 2
        end = text.find("?=", start)
        if end < 0 or text[begin:start].lower() != f"{opening}b?":
            break
        body, after = text[start:end], end + 2
        pieces.append(body)
        letters += len(body)
    return "".join(pieces), after


def _is_cut(body: str, letters: int) -> bool:
    """Whether base64 of so many letters, `body` at their end, holds bits beyond its last byte: padding is zero."""
    beyond = {0: 0, 1: 0b111111, 2: 0b1111, 3: 0b11}[letters % 4]
    value = _VALUES.find(body[-1:]) if body else -1
    return letters % 4 == 1 or (value >= 0 and bool(value & beyond))


def _from_base64(body: str) -> bytes | None:
    letters = bytes(byte for byte in body.encode("utf-8", "replace") if byte in _BASE64)
    if not letters and body.strip("= "):
        return None
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def _from_q(body: str) -> bytes:
    return binascii.a2b_qp(body.encode("utf-8", "surrogatepass"), header=True)
