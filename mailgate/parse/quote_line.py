"""The lines of a body, with their quote marks taken apart."""

import re
import unicodedata
from typing import NamedTuple

# Marks that no reader sees: byte order mark (Apple puts one before a quote), zero width and direction marks.
_UNSEEN = dict.fromkeys([0xFEFF, 0x200B, 0x200C, 0x200D, 0x2060, 0x200E, 0x200F, *range(0x202A, 0x202F), 0x00AD])
_SPACES = dict.fromkeys([0x00A0, 0x202F, 0x2007, 0x3000], " ")
_SEEN = _UNSEEN | _SPACES
_MAX_DEPTH = 50
_MAY_MARK = frozenset(("", ">", " "))
_HAS_UNSEEN = re.compile(f"[{''.join(map(chr, _SEEN))}]")
_RULES = frozenset("-_=*~#\u2013\u2014\u2500\u2501\u2015 ")


_MOST_LEARNT = 4096  # letters: more than a mail of any one script has, and no memory to speak of
_PLAIN = str.maketrans(
    {"\u00df": "ss", "\u00e6": "ae", "\u00f8": "o", "\u0111": "d", "\u0131": "i", "\u0142": "l", "\u0153": "oe"}
    | {"\u2019": "'", "\u00f0": "d", "\u00fe": "th", "\u200c": None}
)


class Line(NamedTuple):
    """One line as it stands (`raw`), how deep it is quoted, and what it says without marks and unseen characters."""

    raw: str
    depth: int
    says: str

    @property
    def blank(self) -> bool:
        """Nothing but quote marks and white space."""
        return not self.says


def read_line(raw: str) -> Line:
    """Take the quote marks (`>`, each with at most one space before) off a line. Linear."""
    seen = raw if raw.isascii() or _HAS_UNSEEN.search(raw) is None else raw.translate(_SEEN)
    if seen[:1] not in _MAY_MARK:
        return Line(raw, 0, seen.strip())
    depth = at = 0
    end = len(seen)
    while at < end:
        step = at + 1 if seen[at] == " " and at + 1 < end else at
        if seen[step] != ">":
            break
        depth += 1
        at = step + 1
    says = seen[at:].strip()
    if depth > 1 and seen.startswith(">>") and says.endswith(("<<", ">>>")):
        # An arrow at something (`>>> here <<<`), and what GroupWise frames, is no quote.
        return Line(raw, 0, seen.strip())
    return Line(raw, min(depth, _MAX_DEPTH), says)


def read_lines(raws: list[str]) -> list[Line]:
    """All lines; a single `>From` is mbox escaping (RFC 4155 appendix A), not a quote."""
    lines = [read_line(raw) for raw in raws]
    for index, line in enumerate(lines):
        if line.depth == 1 and line.raw.startswith(">From ") and not _beside_quote(lines, index):
            lines[index] = Line(line.raw, 0, line.says)
    return lines


class _Bare(dict[int, int | None]):
    """A table for `str.translate` that drops accents; it learns as it goes, up to a bound."""

    def __missing__(self, code: int) -> int | None:
        kept = None if unicodedata.combining(chr(code)) else code
        if len(self) < _MOST_LEARNT:
            self[code] = kept
        return kept


_BARE = _Bare()


def fold(text: str) -> str:
    """Lower case without accents: people and old programs write "Wyslano" and "Z powazaniem". Linear."""
    low = text.lower()
    if low.isascii():
        return low
    bare = unicodedata.normalize("NFD", low).translate(_BARE)
    return unicodedata.normalize("NFC", bare).translate(_PLAIN)


def is_rule(says: str) -> bool:
    """A line that only divides: three or more dashes, underscores or equals signs."""
    return len(says) >= 3 and _RULES.issuperset(says)


def _beside_quote(lines: list[Line], index: int) -> bool:
    near = lines[max(index - 1, 0) : index] + lines[index + 1 : index + 2]
    return any(line.depth for line in near)
