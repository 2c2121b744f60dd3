"""Domains that resemble a registered one: a warning for agents, never an identity (threats ID-05, ID-06)."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import idna

# What an eye takes for an ASCII letter: Cyrillic, Greek, other Latin letters, digits.
_CONFUSABLE = str.maketrans(
    {
        **dict(zip("абвгеікмнопрстухьһјѕԁԛԝӏԍѵ", "abbreikmhonpctyxbhjsdqwlgv", strict=True)),
        **dict(zip("αβγεηικνορτυχωσμ", "abyenikvoptuxwou", strict=True)),
        **dict(zip("ıɩɑɡłøđðþŋ", "iiaglodopn", strict=True)),
        **dict(zip("013458", "oleasb", strict=True)),
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
    }
)
_SEQUENCES = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("ae", "a"), ("oe", "o"), ("ue", "u"), ("ss", "s"))
_SECOND_LEVEL = frozenset(("co", "com", "net", "org", "ac", "gov", "or", "ne", "gv", "edu"))
_HOST_NAMES = frozenset(
    ("mail", "email", "webmail", "smtp", "server", "support", "info", "shop", "news", "newsletter", "admin", "cloud")
)
_NAMING = 5  # from this length a label inside another name means its owner


class _Shape(NamedTuple):
    """A domain, taken apart: its own label and suffix, and what the label looks like."""

    domain: str
    dashed: str
    label: str
    suffix: str
    skeleton: str
    letters: int  # bit set of the skeleton's letters; two edits change at most four of them
    edits: int  # how many edits away another label still resembles this one
    is_name: bool  # long enough that the label inside another name means its owner


def lookalike(domain: str, registered: Iterable[str]) -> str | None:
    """The registered domain that `domain` resembles most, None where it resembles none or belongs to one.

    Both as canonical A-labels. Seen are homoglyphs, rn for m, hyphens, another top-level domain, the registered name
    as a subdomain or as a part of a longer one, and an edit distance of up to two; short names are taken strictly,
    for among three letters everything resembles everything.
    """
    ours, names = _shape(domain), _names(domain)
    best: tuple[int, str] | None = None
    for other in registered:
        if other in domain and (domain == other or domain.endswith("." + other)):
            return None
        rank = _rank(ours, names, _shape(other))
        if rank is not None and (best is None or (rank, other) < best):
            best = (rank, other)
    return None if best is None else best[1]


def _rank(ours: _Shape, names: frozenset[str], theirs: _Shape) -> int | None:
    """How much the one resembles the other, 0 the most; None for not at all. Cheap first: it runs for each domain."""
    same_suffix = ours.suffix == theirs.suffix
    if theirs.domain in ours.domain and f".{theirs.domain}." in f".{ours.domain}":
        return 0
    if theirs.dashed in ours.domain and theirs.dashed in ours.domain.split("."):
        return 0
    if ours.skeleton == theirs.skeleton and not (same_suffix and ours.label == theirs.label):
        return 1 if theirs.edits or same_suffix else None
    if theirs.is_name and theirs.skeleton in names and not (same_suffix and ours.label == theirs.label):
        return 2
    edits = theirs.edits if same_suffix else theirs.edits - 1
    if edits <= 0 or (ours.letters ^ theirs.letters).bit_count() > 2 * edits or ours.skeleton == theirs.skeleton:
        return None
    return 3 if _within(ours.skeleton, theirs.skeleton, edits) else None


def _names(domain: str) -> frozenset[str]:
    """The skeletons of all labels and of their hyphenated parts, less the suffix."""
    labels = domain.removesuffix("." + _shape(domain).suffix).split(".")
    return frozenset(_skeleton(token) for label in labels for token in (label, *label.split("-")))


@lru_cache(maxsize=1 << 17)
def _shape(domain: str) -> _Shape:
    labels = domain.split(".")
    own = max(0, len(labels) - (3 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL else 2))
    label = labels[own]
    skeleton = _skeleton(label)
    letters = 0
    for char in skeleton:
        letters |= 1 << (ord(char) % 64)
    return _Shape(
        domain=domain,
        dashed=domain.replace(".", "-"),
        label=label,
        suffix=".".join(labels[own + 1 :]),
        skeleton=skeleton,
        letters=letters,
        edits=2 if len(label) >= 7 else 1 if len(label) > 3 else 0,
        is_name=len(label) >= _NAMING and label not in _HOST_NAMES,
    )


def _skeleton(label: str) -> str:
    """The label as an eye sees it: unaccented, confusable letters as ASCII, without hyphens."""
    try:
        shown = idna.decode(label) if label.startswith("xn--") else label
    except (UnicodeError, ValueError, IndexError):
        shown = label
    plain = "".join(c for c in unicodedata.normalize("NFKD", shown.translate(_CONFUSABLE)) if c.isalnum())
    seen = plain.lower().translate(_CONFUSABLE)
    for pair, single in _SEQUENCES:
        seen = seen.replace(pair, single)
    return seen.replace("i", "l")


def _within(a: str, b: str, edits: int) -> bool:
    """True where at most `edits` insertions, deletions, replacements or swaps of neighbours turn a into b."""
    if abs(len(a) - len(b)) > edits:
        return False
    start = 0
    while start < len(a) and start < len(b) and a[start] == b[start]:
        start += 1
    a, b = a[start:], b[start:]
    if not a or not b:
        return len(a) + len(b) <= edits
    if edits == 0:
        return False
    if len(a) > 1 and len(b) > 1 and a[0] == b[1] and a[1] == b[0] and _within(a[2:], b[2:], edits - 1):
        return True
    return _within(a[1:], b[1:], edits - 1) or _within(a[1:], b, edits - 1) or _within(a, b[1:], edits - 1)
