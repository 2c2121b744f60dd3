"""What may be a reference: codes, numbers in one or more groups, and names of machines, by their shape alone.

A candidate is only a place in the text; what it is, the words around it say (`around.py`) and a model decides
(`decide.py`). One look at each token, possessive repeats: linear in the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_CANDIDATES = 120
"""More than this many codes in one mail are a log or a table; the first ones count."""

_TOKEN = re.compile(r"(?<![\w@/.&%~\\-])(?<!\d[,:])[^\W_]++(?:[-/._][^\W_]++)*+(?![\w@\\]|[,:]\d{1,2}(?!\d)|\s?[%€$£])")
_ABBREVIATED = re.compile(r"(?:[^\W\d_-]{1,24}[-.])?[^\W\d_]{0,24}[a-zäöü]\.(?=\d)")
"""A word that runs into its number: "Nr.12345", "Kd.-Nr.12345" (the word is none of the number)."""

_DIGIT = re.compile(r"\d")
_COMPOUND = re.compile(r"(?<=\w)[-/][A-ZÄÖÜ][a-zäöüß]{2,30}$")  # "srv-web-01-Neustart", "60771/Umzug"
_NO_NUMBER = re.compile(
    r"\d{1,2}[./-]\d{1,2}[./-](?:\d{2}|(?:19|20)\d\d)|(?:19|20)\d\d(?:-\d\d-\d\d)?|\d{1,3}|\d{1,2}\.\d{1,2}|"
    r"as\d{3,10}|\d{1,2}(?:am|pm|h|x|k|m|s|min|ms|gb|tb|mb|kb|st|nd|rd|th|er|€)|v\d(?:\.\d{1,3})*|ipv[46]|\d{1,3}(?:st|nd|rd|th|gb|tb|mb|mbit|gbit|ms)",
    re.IGNORECASE,
)
_HASH = re.compile(r"(?=[^a-fA-F]*[a-fA-F][^a-fA-F]*[a-fA-F])[0-9a-fA-F]{10,40}")
_CALLED = frozenset({"called", "named", "namens", "namen", "genannt", "heißt", "heisst", "hostname", "hostnamen"})
_QUOTES = frozenset("\"“„”'«»")
_PLAIN_NAME = re.compile(r"[a-z]{2,20}(?:-[a-z]{2,20}){1,3}")  # "cron-box"
_MACHINES = re.compile(r"[a-z][a-z0-9-]{0,30}\d/[a-z][a-z0-9-]{0,30}\d")
_GROUP = re.compile(r"\d{1,5}")
_PREFIX = re.compile(r"[A-Z]{1,5}|[A-Z][a-z]{1,2}")
_MOST_GROUPS = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place in the text; `start` and `end` are offsets, `value` is what stands there."""

    start: int
    end: int
    value: str


def candidates(text: str) -> list[Candidate]:
    """All that may name something, in the order of the text; some overlap (a group and the whole number)."""
    tokens = [span for match in _TOKEN.finditer(text) for span in _parts(match)]
    found: list[Candidate] = []
    for place in range(len(tokens)):
        found += _at(text, tokens, place)
        if len(found) >= MAX_CANDIDATES:
            break
    return found


def _parts(match: re.Match[str]) -> list[tuple[int, int]]:
    """The token, or two of them where a stroke stands between two names of machines: "app-03/app-04"."""
    start, end = match.span()
    middle = match.string.find("/", start, end)
    if middle > 0 and _MACHINES.fullmatch(match[0]):
        return [(start, middle), (middle + 1, end)]
    return [(start, end)]


def _at(text: str, tokens: list[tuple[int, int]], place: int) -> Iterator[Candidate]:
    start, end = tokens[place]
    value = text[start:end]
    if value.isalpha() and not _is_called(text, tokens, place):
        return  # most words are no more than words
    glued = _ABBREVIATED.match(value)
    if glued:
        start, value = start + glued.end(), value[glued.end() :]
    if not _DIGIT.search(value):
        if value.isalpha() or _PLAIN_NAME.fullmatch(value):
            yield Candidate(start, end, value)
        return
    trimmed = _COMPOUND.sub("", value)
    end -= len(value) - len(trimmed)
    ends = [end] if _may_be(trimmed) else []
    if _GROUP.fullmatch(value) and not _continues(text, tokens, place):
        ends += _groups(text, tokens, place)
    for last in ends:
        yield Candidate(start, last, text[start:last])
        before = text[slice(*tokens[place - 1])] if place else ""
        if not glued and _PREFIX.fullmatch(before) and text[tokens[place - 1][1] : start] == " ":
            yield Candidate(tokens[place - 1][0], last, text[tokens[place - 1][0] : last])


def _is_called(text: str, tokens: list[tuple[int, int]], place: int) -> bool:
    """A lower word in quotes, or one that something is called by."""
    start, end = tokens[place]
    if not (text[start].islower() and 3 <= end - start <= 20):
        return False
    if text[start - 1 : start] in _QUOTES:
        return text[end : end + 1] in _QUOTES
    return place > 0 and text[slice(*tokens[place - 1])].lower() in _CALLED


def _may_be(value: str) -> bool:
    return 3 <= len(value) <= 40 and not _NO_NUMBER.fullmatch(value) and not _is_random(value)


def _is_random(value: str) -> bool:
    """True for ids and hashes of machines: long, without marks, capitals and small letters mixed or hexadecimal."""
    mixed = not value.isupper() and not value.islower() and not value[1:].islower()
    return (
        len(value) >= 10 and value.isalnum() and not value.isdecimal() and (mixed or _HASH.fullmatch(value) is not None)
    )


def _follows(text: str, tokens: list[tuple[int, int]], place: int) -> bool:
    """True where the next token is one more group of digits, one blank behind."""
    if place + 1 >= len(tokens):
        return False
    start, end = tokens[place + 1]
    return text[tokens[place][1] : start] in {" ", "\u00a0"} and _GROUP.fullmatch(text, start, end) is not None


def _continues(text: str, tokens: list[tuple[int, int]], place: int) -> bool:
    return place > 0 and _follows(text, tokens, place - 1) and text[slice(*tokens[place - 1])].isdigit()


def _groups(text: str, tokens: list[tuple[int, int]], place: int) -> list[int]:
    """The end of the number that goes on in further groups ("48 20 117"); none where it has only one."""
    last = place
    while last - place < _MOST_GROUPS and _follows(text, tokens, last):
        last += 1
    digits = sum(character.isdigit() for character in text[tokens[place][0] : tokens[last][1]])
    return [tokens[last][1]] if last > place and 5 <= digits <= 16 else []
