"""Hostile text made harmless: no NUL, no controls, no lone surrogates (threats IN-01, IN-08, IN-10)."""

import re
from typing import Final

# Everything but line feed and tab that is a control (C0, DEL, C1) or no Unicode scalar value.
_BODY: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_BIDI: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_PLACEHOLDER: Final = re.compile("[\x00\ud800-\udfff]")


def clean_body(text: str) -> str:
    r"""Text of many lines: line ends become `\n`, NUL goes, surrogates become U+FFFD, other controls blanks."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _BODY.search(text) is None:
        return text
    return _BODY.sub(" ", _SURROGATE.sub("\ufffd", text.replace("\0", "")))


def clean_line(text: str) -> str:
    """Text of one line: controls and line ends become blanks, bidi overrides are dropped; trimmed."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return _BIDI.sub("", clean_controls(text))


def clean_controls(text: str) -> str:
    """Text of one line with its bidi overrides, for whoever wants to show them; else as `clean_line`."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return _LINE.sub(" ", _PLACEHOLDER.sub("\ufffd", text)).strip()


def show_bidi(text: str) -> str:
    """Bidi overrides made visible: in a file name they hide the true ending (threats IN-10)."""
    return _BIDI.sub("\ufffd", text)
