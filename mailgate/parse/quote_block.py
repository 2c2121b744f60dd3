"""What stands above a quoted or forwarded mail: a divider with words, or a block of repeated header lines.

"-----Original Message-----", "---------- Forwarded message ---------", "Von: … Gesendet: … An: … Betreff: …". A block
is looked for within a fixed number of lines, a divider by looking its words up: linear on the whole.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from mailgate.parse import quote_words
from mailgate.parse.quote_line import Line, fold, is_rule

_MAX_BLOCK = 30
_MAX_KEY = 30
_MAX_WORDS = 7
_MAX_VALUE = 2000
_LONG = 60
_EDGES = " \t*_-\u2013\u2014=#~>\u2500\u2501"
_ROLES = {fold(key): role for role, keys in reversed(quote_words.HEADERS.items()) for key in keys}
_FORWARDS = frozenset(map(fold, quote_words.FORWARDS))
_ORIGINALS = frozenset(map(fold, quote_words.ORIGINALS))
_ENDS = frozenset(map(fold, quote_words.FORWARD_ENDS))
_FORWARDS_BY = tuple(map(fold, quote_words.FORWARDS_BY))
_ORIGINALS_BY = tuple(map(fold, quote_words.ORIGINALS_BY))
_KEY_WITHIN = re.compile(r"(?<=\s)([^\s:]{1,15}):\s")
_FOREIGN = re.compile(r"[A-Z][A-Za-z]{0,20}-[A-Za-z-]{2,40}: ")
_DATED = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,2}[./-]\d{1,2}[./-]\d\d|\d{1,2}:\d\d")


class Divider(StrEnum):
    """What a dividing line announces."""

    FORWARD = "forward"
    ORIGINAL = "original"


@dataclass(frozen=True, slots=True)
class Block:
    """Header lines `start` to `end` (exclusive) and their values by role (from, date, to, cc, subject, reply-to)."""

    start: int
    end: int
    fields: dict[str, str]

    @property
    def sure(self) -> bool:
        """So many different ones that nobody writes them by hand."""
        main = self.fields.keys() & {"from", "date", "to", "subject"}
        return len(main) >= 3 and ("from" in main or {"date", "to", "subject"} <= main)

    @property
    def likely(self) -> bool:
        """Two that hold what they should: enough in an answer, where a quote is to be expected."""
        addressed = any("@" in self.fields.get(role, "") for role in ("from", "to"))
        return self.sure or (addressed and _DATED.search(self.fields.get("date", "")) is not None)

    @property
    def complete(self) -> bool:
        """All four, with an address and a date: what a first mail must show before any of it counts as quoted."""
        return (
            {"from", "date", "to", "subject"} <= self.fields.keys()
            and "@" in self.fields["from"]
            and _DATED.search(self.fields["date"]) is not None
        )

    @property
    def possible(self) -> bool:
        """Any two: enough below a divider."""
        return len(self.fields) >= 2


def divider(says: str) -> tuple[Divider, bool] | None:
    """What the line announces, and whether it is drawn as a divider (dashes around) rather than plain words."""
    if not says or len(says) > 200 or (says[0].isalnum() and says[-1] not in ":\uff1a"):
        return None
    drawn = says[:2] in ("--", "__", "==", "**", "- ", "\u2014\u2014", "~~") or says[0] in "\u2013\u2014\u2500"
    words = fold(says.strip(_EDGES).rstrip(":\uff1a ").strip(_EDGES))
    if words in _FORWARDS:
        return Divider.FORWARD, drawn
    if words in _ORIGINALS:
        return Divider.ORIGINAL, drawn
    if drawn and words.startswith(_FORWARDS_BY):
        return Divider.FORWARD, True
    if drawn and says.endswith("--") and words.startswith(_ORIGINALS_BY):
        return Divider.ORIGINAL, True
    if drawn and _is_drawn_around(says) and words[:1].isalpha() and words.count(" ") <= _MAX_WORDS:
        # Words that are not in the data, in some language: a header block below must speak for them.
        forward = any(stem in words for stem in quote_words.FORWARD_STEMS)
        return (Divider.FORWARD if forward else Divider.ORIGINAL), False
    return None


def _is_drawn_around(says: str) -> bool:
    return says[:3] == says[0] * 3 and says[-3:] == says[-1] * 3 and says[-1] == says[0]


def ends_forward(says: str) -> bool:
    """Below "----- End forwarded message -----" the author speaks again."""
    return says[:1] == "-" and fold(says.strip(_EDGES)) in _ENDS


def role_of(says: str) -> tuple[str, str] | None:
    """Role and value of a header line ("*Von:* Jo" → from, Jo), or None."""
    role, at = _role_key(says[: _MAX_KEY + 4])
    return (role, says[at + 1 : at + 1 + _MAX_VALUE].strip(" \t*_|")) if role else None


@lru_cache(maxsize=2048)
def _role_key(start: str) -> tuple[str, int]:
    """Role ("" for none) and place of the colon. Lines are asked again and again by the blocks that might hold them."""
    at = min((i for i in (start.find(":"), start.find("\uff1a")) if i >= 0), default=-1)
    if at < 1:
        return "", -1
    return _ROLES.get(fold(start[:at].strip(" \t*_|\u2022"))) or "", at


def read_block(lines: list[Line], at: int) -> Block | None:
    """The header block that starts at a line, or None. Reads at most thirty lines."""
    first = role_of(lines[at].says)
    if first is None or first[0] in ("cc", "other"):
        return None
    fields: dict[str, str] = {}
    depth, role, end = lines[at].depth, "", at
    index = at
    stop = min(len(lines), at + _MAX_BLOCK)
    while index < stop and lines[index].depth == depth:
        found = role_of(lines[index].says)
        if found is not None and found[0] in fields and found[0] != "other":
            break
        if found is not None:
            role = found[0]
            fields[role] = found[1]
            end = index + 1
        elif _FOREIGN.match(lines[index].says) is not None:
            end = index + 1
        elif not lines[index].blank and _continues(lines, index, depth):
            fields[role] = f"{fields[role]} {lines[index].says}".strip()[:_MAX_VALUE]
            end = index + 1
        elif not (lines[index].blank and _key_below(lines, index, fields)):
            break
        index += 1
    fields |= {key: value for key, value in _same_line(fields).items() if key not in fields}
    fields.pop("other", None)
    return Block(at, end, fields) if len(fields) >= 2 else None


def read_bare_block(lines: list[Line], at: int) -> Block | None:
    """Header lines without colons, as eM Client puts them below its divider: `Von "Jo" <jo@example.org>`."""
    fields: dict[str, str] = {}
    end = at
    for line in lines[at : at + _MAX_BLOCK]:
        key, blank, value = line.says.partition(" ")
        role = _ROLES.get(fold(key))
        if not blank or role is None or role in fields or line.depth != lines[at].depth:
            break
        fields[role] = value[:_MAX_VALUE].strip()
        end += 1
    return Block(at, end, fields) if len(fields) >= 3 and "@" in fields.get("from", "") else None


def read_foreign_block(lines: list[Line], at: int) -> Block | None:
    """Header lines in a language that is not in the data, below a ruling line: the first address is the author's."""
    found: list[str] = []
    for line in lines[at : at + _MAX_BLOCK]:
        key, colon, value = line.says.partition(":")
        if not colon or not value.strip() or len(key) > _MAX_KEY or key.count(" ") > 2 or line.depth != lines[at].depth:
            break
        found.append(value[:_MAX_VALUE].strip())
    author = found[0] if found and "@" in found[0] else ""
    dated = any(_DATED.search(value) for value in found)
    if len(found) < 3 or not author or not dated:
        return None
    return Block(at, at + len(found), {"from": author, "subject": found[-1]})


def _key_below(lines: list[Line], index: int, fields: dict[str, str]) -> bool:
    """HTML paragraphs leave a blank line between header lines, some phones two."""
    below = next((line for line in lines[index + 1 : index + 3] if not line.blank), None)
    found = role_of(below.says) if below is not None and below.depth == lines[index].depth else None
    return found is not None and found[0] not in fields


def _continues(lines: list[Line], index: int, depth: int) -> bool:
    """A wrapped value: another header line follows within three, or a long line runs over into the last one."""
    for below in lines[index + 1 : index + 4]:
        if below.depth != depth or below.blank:
            break
        if role_of(below.says) is not None:
            return True
    if lines[index - 1].blank:
        return False
    if lines[index].says[0] == "<" and lines[index].says[-1] == ">" and "@" in lines[index].says:
        return True
    raw = lines[index].raw
    last = index + 1 >= len(lines) or lines[index + 1].blank
    return last and (len(lines[index - 1].says) >= _LONG or raw[:1] in " \t") and len(lines[index].says) < _LONG


def _same_line(fields: dict[str, str]) -> dict[str, str]:
    """Bold header lines run together: "From: a@example.org Date: Thu, 24 Mar 2016"."""
    value = next(iter(fields.values()), "")[:300]
    out: dict[str, str] = {}
    for match in _KEY_WITHIN.finditer(value):
        role = _ROLES.get(fold(match.group(1)))
        if role not in (None, "other"):
            out[role] = value[match.end() :].strip()
    if len(fields) > 1 or not out:
        return {}
    return out


def rule_above(lines: list[Line], at: int) -> int:
    """Where the ruling line above a block starts (at most two blank lines between), or `at` where there is none."""
    index = at - 1
    while index >= 0 and lines[index].blank and at - index <= 3:
        index -= 1
    if index >= 0 and lines[index].depth <= lines[at].depth and is_rule(lines[index].says):
        return index
    return at
