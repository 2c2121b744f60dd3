"""The line above a quote: "On Mon, 5 Jan 2026 at 10:12, Jo <jo@example.org> wrote:", in any language, wrapped or not.

Each candidate is at most four lines and 600 characters, and is looked at a fixed number of times: linear on the whole.
"""

import re
from dataclasses import dataclass
from enum import IntEnum

from mailgate.parse.quote_line import Line, fold
from mailgate.parse.quote_words import FIRST_PERSON, INTROS, QUOTING, VERBS, VERBS_WITHIN

_MAX_LINES = 4
_MAX_LENGTH = 600
_MAX_WORDS = 12
_QUOTING = tuple(map(fold, QUOTING))
_EDGES = " \t*_-\u2013\u2014=#|\u00ab\u00bb"

# No expression here repeats a group: each takes time in proportion to the at most 600 characters.
_VERB = re.compile(
    r"(?<!\w)(?:" + "|".join(map(re.escape, sorted(map(fold, VERBS), key=len, reverse=True))) + r")"
    r"(?:\(-?\w{1,3}\)|/-?\w{1,5})?(?!\w)"  # "napisal(a)", "napisao/la"
    r"|" + "|".join(map(re.escape, map(fold, VERBS_WITHIN)))
)
_DATE = re.compile(r"\d{1,4}[./-] ?\d{1,2}(?![\d:])|(?<!\d)(?:19|20|25)\d\d(?!\d)|\d ?[년월年月日]")
_TIME = re.compile(r"\d{1,2}[.:h]\d{2}(?!\d)|\d{1,2} ?(?:uhr|am|pm|[ap]\.m\.)(?!\w)|\d時|\d点|[上下]午|오[전후]")
_BRACKETED = re.compile(r"[<(][^\s<>()@]{1,64}@[^\s<>()@]{1,255}[>)]")
_LATE_START = re.compile(
    r"(?:^|(?<=[\s\-\u2013\u2014.!?]))(?:On|Am|Le|El|Il giorno|Em|Op|Den|W dniu|Dnia|Dne)(?= (?:\w{2,10}[,.]? )?\d)"
    r"|(?:^|(?<=[\s\-\u2013\u2014.!?]))(?:On|Am)(?= \w{2,9}[,.]? \w{3,9}[,.]? \d)"
)


class Surety(IntEnum):
    """How much else must speak for it."""

    NEEDS_QUOTE = 1  # only with quoted lines right below
    EXPECTED = 2  # date, time and address of a sender, no verb: in an answer the quote below may be unmarked
    ALONE = 3  # date, time or address, and verb: the quote below may be unmarked


@dataclass(frozen=True, slots=True)
class Attribution:
    """Lines `start` to `end` (exclusive) introduce a quote, from `column` of the first line's raw text on."""

    start: int
    end: int
    surety: Surety
    column: int = 0


def find_attributions(lines: list[Line]) -> dict[int, Attribution]:
    """All attributions by their first line. Of several readings the one that starts nearest to its end is taken."""
    found: dict[int, Attribution] = {}
    for end, line in enumerate(lines):
        if _may_end(line.says):
            best = _ending_at(lines, end)
            if best is not None:
                found[best.start] = best
    return found


def _may_end(says: str) -> bool:
    if not says or says[-1] in ".,!?;":
        return False
    bare = says.rstrip(_EDGES)
    if not bare or len(bare) > _MAX_LENGTH:
        return False
    if bare[-1] in ":\uff1a" or _is_groupwise(says) or (bare[-1] in ">)" and "@" in bare):
        return True
    tail = fold(bare[-24:])
    match = _last(_VERB, tail)
    return match is not None and match.end() == len(tail)


def _is_groupwise(says: str) -> bool:
    """The line of Novell GroupWise: `>>> Jo Doe <jo@example.org> 12.03.26 10.15 Uhr >>>`."""
    return says.startswith(">>>") and says.endswith(">>>") and (_DATE.search(says) is not None or "@" in says)


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    last = None
    for found in pattern.finditer(text):
        last = found
    return last


def _ending_at(lines: list[Line], end: int) -> Attribution | None:
    text = ""
    second: Attribution | None = None
    for start, words in _windows(lines, end):
        text = f"{words} {text}" if text else words
        if len(text) > _MAX_LENGTH:
            break
        judged = _judge(text)
        if judged is None:
            continue
        surety, has_intro = judged
        if surety is Surety.ALONE and has_intro:
            return Attribution(start, end + 1, surety)
        late = _late(lines, start, text)
        if late is not None:
            return Attribution(start, end + 1, Surety.ALONE, late)
        if second is None or surety > second.surety:
            second = Attribution(start, end + 1, surety)
    return second


def _windows(lines: list[Line], end: int) -> list[tuple[int, str]]:
    """The last line and those above it that may belong to it, nearest first."""
    depth = lines[end].depth
    out = [(end, lines[end].says)]
    at = end - 1
    if depth and _closes_bracket(lines, end):
        depth -= 1
    while at >= 0 and len(out) < _MAX_LINES:
        line = lines[at]
        # Polymail leaves a blank line before the address.
        if line.depth != depth or (line.blank and not out[-1][1].startswith("<")) or line.says.endswith(":"):
            break
        if not line.blank:
            out.append((at, line.says))
        at -= 1
    return out


def _closes_bracket(lines: list[Line], end: int) -> bool:
    """`> wrote:` below `<mailto:…` ends an address, it quotes nothing."""
    above = lines[end - 1] if end else None
    if above is None or above.depth != lines[end].depth - 1 or lines[end].says.count(" ") > 2:
        return False
    return "@" in above.says and _VERB.match(fold(lines[end].says[:60])) is not None


def _late(lines: list[Line], start: int, text: str) -> int | None:
    """The column of an attribution behind the end of an answer: "Yes. On Mon, 5 Jan … wrote:"."""
    says = lines[start].says
    found = _last(_LATE_START, says)
    if found is None or found.start() == 0:
        return None
    judged = _judge(text[found.start() :])
    if judged is None or judged[0] is not Surety.ALONE:
        return None
    return max(lines[start].raw.find(says), 0) + found.start()


def _core(text: str) -> str:
    return text.strip(_EDGES)


def _intro_length(low: str) -> int:
    for size in (3, 2, 1):
        words = low.split(" ", size)
        if len(words) > size and " ".join(words[:size]).rstrip(",") in _INTRO_SET:
            return size
    return 0


_INTRO_SET = frozenset(map(fold, INTROS))


def _judge(text: str) -> tuple[Surety, bool] | None:
    """Whether the text is an attribution as a whole, and whether it starts with an introducing word."""
    if _is_groupwise(text):
        return Surety.ALONE, True
    core = _core(text)
    low = fold(core)
    has_colon = low.endswith((":", "\uff1a"))
    low = low.rstrip(": \uff1a")
    has_address = "@" in low
    if has_colon and low.startswith(_QUOTING) and len(low) <= 200:
        return Surety.NEEDS_QUOTE, True
    verb = _last(_VERB, low)
    if verb is None:
        if has_colon and has_address and _date_first(low):
            return Surety.ALONE, True
        surety = _of_sender(low, has_colon=has_colon)
        return None if surety is None else (surety, False)
    head, tail = low[: verb.start()].strip(), low[verb.end() :].strip()
    if not has_colon and tail.strip(" .-\u2013\u2014*_)"):
        return None
    has_intro = bool(_intro_length(low)) or _date_first(low)
    has_date = _DATE.search(low) is not None
    if not _name_like(head, tail, has_intro=has_intro, has_address=has_address):
        return None
    person = (tail.split(" ", 1)[0].strip(",") in FIRST_PERSON) or (head.rsplit(" ", 1)[-1] in FIRST_PERSON)
    timed = has_address or _TIME.search(low) is not None
    if person:
        return None
    sure = (has_date and timed and (has_intro or has_address)) or (has_intro and has_address and timed)
    if sure:
        return Surety.ALONE, has_intro
    drawn = text.startswith("--") and text.endswith("--")
    if has_colon or has_date or drawn:
        return Surety.NEEDS_QUOTE, has_intro
    return None


def _of_sender(low: str, *, has_colon: bool) -> Surety | None:
    """A date and a sender's address in brackets with few words beside, in whatever language."""
    found = _BRACKETED.search(low)
    if found is None or _DATE.search(low) is None or low.count(" ") > _MAX_WORDS + 3:
        return None
    if not has_colon:
        return Surety.NEEDS_QUOTE if found.end() == len(low) else None
    return Surety.EXPECTED if _TIME.search(low) is not None else Surety.NEEDS_QUOTE


def _name_like(head: str, tail: str, *, has_intro: bool, has_address: bool) -> bool:
    """Date, name and address on both sides of the verb, not a sentence."""
    limit = 2 * _MAX_WORDS if has_intro or has_address else _MAX_WORDS // 2
    return head.count(" ") < 2 * limit and tail.count(" ") < limit


def _date_first(low: str) -> bool:
    """Starts with the date itself: "26.06.2014, 14:41, …", "2014-10-17 11:28 GMT+03:00 …", "Do, 26. Juni 2014 …"."""
    start = low[:40]
    date = _DATE.search(start)
    return date is not None and (date.start() <= 12 or start[:1].isdigit()) and _TIME.search(low[:80]) is not None
