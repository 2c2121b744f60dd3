"""Content-Type and Content-Disposition: the value and its parameters (RFC 2045 §5.1, RFC 2231), read forgivingly."""

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import Final
from urllib.parse import unquote_to_bytes

from mailgate.parse.charset import codec_of, decode
from mailgate.parse.clean import clean_controls
from mailgate.parse.words import decode_words

_MAX_PARAMETERS: Final = 100
# A bare value may hold blanks, up to the next `;` or `word=`. Its outer repeat is not possessive: Python before 3.11.5
# matches a possessive group wrongly that could backtrack inside, and each turn begins with a blank, so it is linear.
_PARAMETER: Final = re.compile(
    r"""([^\s=;"]{1,80}+)\s*+=\s*+"""
    r"""("(?:[^"\\]++|\\.)*+"?|[^;\s"][^;\s]*+(?:\s++(?![\w*-]{1,40}+\s*+=)[^;\s]++)*|)""",
    re.DOTALL,
)
_SECTION: Final = re.compile(r"([^*]++)(?:\*(\d{1,3}))?(\*)?")
_TYPE: Final = re.compile(r"[a-z0-9!#$&^_.+-]{1,80}+/[a-z0-9!#$&^_.+*-]{1,120}+")
_SPELLED: Final = re.compile(r"([A-Za-z0-9_-]{2,30})'[A-Za-z-]{0,10}'(?=[^%\s]*+%[0-9A-Fa-f]{2})")


@dataclass(slots=True)
class Parameters:
    """A structured field: its value in lower case, and parameters by lower-case name, decoded and on one line."""

    value: str
    items: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str | None:
        """A parameter, None where it is missing or empty."""
        return self.items.get(name) or None


def read_parameters(text: str) -> Parameters:
    """Read `value; name=value; …`. The first of two parameters with one name counts, RFC 2231 before others."""
    head, separator, rest = text.partition(";")
    value = head.strip().lower()
    if "=" in value:  # `text/plain charset=utf-8`, or no value at all
        value, more = (*head.split(maxsplit=1), "")[:2]
        if "=" in value:
            value, more = "", head
        value, rest = value.lower(), more + separator + rest
    found = Parameters(" ".join(value.split()))
    if not rest:
        return found
    extended: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in islice(_PARAMETER.finditer(rest), _MAX_PARAMETERS):
        raw = _unquote(match[2])
        name, section, star = _split_name(match[1])
        if section is None and not star:
            clean = raw if name == "boundary" else clean_controls(decode_words(_undo_percents(raw)))  # its blanks count
            found.items.setdefault(name, clean)
        else:
            extended.setdefault(name, {}).setdefault(section or 0, (raw, star))
    for name, sections in extended.items():
        found.items[name] = _join(sections)
    return found


def media_type(text: str | None) -> Parameters:
    """A Content-Type; what is no type at all has the value ""."""
    if not text:
        return Parameters("")
    found = read_parameters(text)
    if not _TYPE.fullmatch(found.value):
        match = _TYPE.match(found.value.replace(" ", ""))
        found.value = match[0] if match else ""
    return found


def _split_name(word: str) -> tuple[str, int | None, bool]:
    match = _SECTION.fullmatch(word)
    if match is None:
        return word.lower(), None, False
    return match[1].lower(), int(match[2]) if match[2] else None, bool(match[3])


def _unquote(text: str) -> str:
    text = text.strip()
    if not text.startswith('"'):
        return text
    text = text[1:-1] if len(text) > 1 and text.endswith('"') else text[1:].partition(";")[0]
    return text.replace('\\"', '"').replace("\\\\", "\\")


def _undo_percents(text: str) -> str:
    """A value as RFC 2231 spells it under a name without the star that says so."""
    match = _SPELLED.match(text)
    if match is None or codec_of(match[1]) is None:
        return text
    return decode(unquote_to_bytes(text[match.end() :]), match[1])[0]


def _join(sections: dict[int, tuple[str, bool]]) -> str:
    """Put the pieces of an RFC 2231 parameter together; the charset stands in the first."""
    charset: str | None = None
    data = b""
    for number in sorted(sections):
        text, encoded = sections[number]
        if encoded and number == min(sections) and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        data += unquote_to_bytes(text) if encoded else text.encode("utf-8", "replace")
    text = decode(data, charset or "utf-8")[0]
    return clean_controls(decode_words(text))
