"""Text that a log or a terminal may show: whatever could steer either is written out instead (threats IN-06)."""

import re

# C0, DEL and C1 controls, line and paragraph separators, bidirectional marks, invisible joiners, lone surrogates
_STEERING = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str, *, keep: str = "") -> str:
    """The text with every steering character written out, like backslash and n; those in `keep` stay as they are."""
    return _STEERING.sub(lambda match: match[0] if match[0] in keep else _written(match[0]), text)


def json_safe(text: str) -> str:
    """Already encoded JSON with the steering characters in it as JSON escapes; its meaning is the same."""
    return _STEERING.sub(lambda match: match[0] if match[0] == "\n" else _utf16(match[0]), text)


def _written(char: str) -> str:
    code = ord(char)
    if char in _SHORT:
        return _SHORT[char]
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _utf16(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
