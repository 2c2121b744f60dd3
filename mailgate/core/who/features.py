"""Features of a mail for the linear model: words, pairs of words, pieces of words, and what phrases mean.

Concepts (`mine`, `fault`, `pre-sales` …) are the same in each language, so that what is learned from German mails
holds for English ones. What names something (a server, an amount, a time) is one token, for its value tells nothing.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise

from mailgate.core.who.phrases import PhraseIndex
from mailgate.core.who.request import Reference
from mailgate.core.who.words import bounded, folded, sentences, split_signature, words

_CURRENCY = r"(?:€|£|\$|(?:eur|euro|euros|usd|gbp|chf|franken|pounds?)\b)"
_ZONES = r"(?:uhr|am|pm|utc|cet|cest|mez|mesz|gmt)"
_MONTHS = r"(?:jan|feb|mär|maer|apr|mai|jun|jul|aug|sep|okt|nov|dez)"
_MASKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![A-Za-z0-9])"), " <iban> "),
    (re.compile(r"https?://\S{1,200}", re.IGNORECASE), " <url> "),
    (re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}\w{2,24}"), " <email> "),
    (re.compile(r"\b[\w.+-]{1,64}@(?=\s)"), " <email> "),
    (re.compile(rf"(?:€|£|\$)\s?\d[\d.,]{{0,14}}|\d[\d.,]{{0,14}}\s?{_CURRENCY}", re.IGNORECASE), " <money> "),
    (
        re.compile(rf"\b\d{{1,2}}[:.]\d{{2}}(?: ?{_ZONES})?\b(?!\.\d)|\b\d{{1,2}} ?(?:uhr|am|pm)\b", re.IGNORECASE),
        " <time> ",
    ),
    (
        re.compile(
            rf"\b\d{{1,2}}\.\d{{1,2}}\.(?:\d{{2,4}})?|\b20\d\d-\d\d-\d\d\b|\b\d{{1,2}}\. (?={_MONTHS})",
            re.IGNORECASE,
        ),
        " <date> ",
    ),
    (re.compile(r"\b\d{5} (?=[A-ZÄÖÜ][a-zäöü])|\b[A-Z]{1,2}\d[\dA-Z]? \d[A-Z]{2}\b"), " <plz> "),
    (re.compile(r"(?<![\w-])web-?\d{1,7}(?![\w-])", re.IGNORECASE), " <webnum> "),
)
_NUMBER = re.compile(r"(?<![<\w])\d[\w.,/-]{0,40}")
_GREETING = re.compile(
    r"\s*(?:sehr geehrte[rs]?(?: damen und herren)?|dear(?: sirs?\b)?(?: (?:or|and) madam|/ ?madam)?|"
    r"guten (?:tag|morgen|abend)|good (?:morning|afternoon|evening|day)|hallo|hello|hi|hey|moin|servus|"
    r"to whom it may concern)\b[\s,:!.]{0,3}",
    re.IGNORECASE,
)
"""How a mail begins; politeness says nothing about what is asked."""

_FUNCTION_WORDS = frozenset(
    "der die das den dem des ein eine einen einem einer und oder aber in im an am auf aus von vom zu zum zur "
    "mit nach fuer bei um als auch so da dann wie ist sind war es er sie ihnen sich dass wenn nur noch schon "
    "mal bitte danke hat the a and or but at on of to from for with by as is are was were be it its that this "
    "there then if do does please thanks he she they them his her".split()
)
"""Words that say nothing by themselves; they count in pairs and phrases only."""

MAX_FEATURES = 4_000
"""More features than this are no mail that the model has seen."""

EVEN_LENGTH = 8.0
"""The length of every mail as a vector; without it each further sentence makes the model surer of itself."""

MAX_PAIRED = 12
"""Concepts of one sentence that are paired."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A mail as sentences of words; `signature` are the words below it."""

    subject: tuple[str, ...]
    sentences: tuple[tuple[str, ...], ...]
    signature: tuple[str, ...]
    questions: int
    exclamations: int

    def all_sentences(self) -> Iterator[tuple[str, ...]]:
        """The subject, then the sentences of the text."""
        yield self.subject
        yield from self.sentences


def read(subject: str, text: str, references: Iterable[Reference]) -> Reading:
    """Subject and text as words, with a token in place of each reference, amount, time and number."""
    parts = split_signature(bounded(text))
    names = sorted(references, key=lambda reference: -len(reference.value))

    def prepared(piece: str) -> list[tuple[str, ...]]:
        return [
            found
            for found in (tuple(words(folded(s))) for s in sentences(_masked(piece, names).replace("?", " <q>?")))
            if found
        ]

    heads = prepared(bounded(subject).replace("\n", " "))
    tails = prepared(parts.signature)
    return Reading(
        subject=tuple(word for head in heads for word in head),
        sentences=tuple(prepared(_without_greeting(parts.body))),
        signature=tuple(word for tail in tails for word in tail),
        questions=parts.body.count("?"),
        exclamations=parts.body.count("!"),
    )


def _without_greeting(text: str) -> str:
    greeting = _GREETING.match(text)
    return text if greeting is None else text[greeting.end() :]


def _masked(text: str, names: list[Reference]) -> str:
    for reference in names:
        text = text.replace(reference.value, f" <{reference.type}> ")
    for pattern, token in _MASKS:
        text = pattern.sub(token, text)
    return _NUMBER.sub(" <num> ", text)


def features(
    reading: Reading, *, concepts: PhraseIndex, references: Iterable[Reference], context: Mapping[str, str]
) -> dict[str, float]:
    """Feature → value, all together as long as `EVEN_LENGTH` however long the mail is.

    `context` holds what is known besides the text (`to` = department of the recipient).
    """
    found: dict[str, float] = {}
    _add_concepts(found, reading, concepts)
    _add(found, "w:", (w for s in reading.all_sentences() for w in s if w not in _FUNCTION_WORDS), 1.0)
    _add(found, "s:", reading.subject, 0.6)
    _add(found, "2:", (f"{a} {b}" for s in reading.all_sentences() for a, b in pairwise(s)), 0.8)
    _add(found, "c:", _pieces(w for s in reading.all_sentences() for w in s), 0.35)
    _add(found, "g:", reading.signature, 0.3)
    _add(found, "r:", (reference_place(reference, reading) for reference in references), 1.0)
    _add(found, "x:", _shape(reading), 0.5)
    _add(found, "x:", (f"{name}={value}" for name, value in context.items()), 0.3)
    return _evened(dict(list(found.items())[:MAX_FEATURES]))


def _evened(found: Mapping[str, float]) -> dict[str, float]:
    length = math.sqrt(sum(value * value for value in found.values()))
    return {name: value * EVEN_LENGTH / length for name, value in found.items()} if length else {}


def _add(found: dict[str, float], prefix: str, names: Iterable[str], value: float) -> None:
    for name in names:
        found[prefix + name] = value


def _pieces(tokens: Iterable[str]) -> Iterator[str]:
    """Character 4-grams of the longer words, with the beginning and the end marked."""
    for token in tokens:
        if len(token) < 5 or token.startswith("<"):
            continue
        marked = f"^{token[:30]}$"
        for start in range(len(marked) - 3):
            yield marked[start : start + 4]


def _add_concepts(found: dict[str, float], reading: Reading, concepts: PhraseIndex) -> None:
    """Concepts by sentence and in pairs; what the last sentence holds counts more, for there people ask."""
    seen: set[str] = set()
    last = len(reading.sentences)
    for index, sentence in enumerate(reading.all_sentences()):
        here = sorted({name for name, _ in concepts.hits(sentence)})[:MAX_PAIRED]
        tokens = {word for word in sentence if word.startswith("<")}
        seen.update(here)
        _add(found, "k:" if index else "ks:", here, 0.7)
        _add(found, "p:", (f"{a}+{b}" for a, b in combinations(sorted({*here, *tokens}), 2)), 0.35)
        if index == last > 1:
            _add(found, "kl:", here, 0.4)
    _add(found, "n:", (name for name in _TELLING if name not in seen), 0.5)
    _add(found, "n:", _sides(seen), 0.5)


_TELLING = ("mine", "at-us", "we", "have", "fault", "with-you", "service")
"""Concepts whose absence tells something."""

_OWN = frozenset({"mine", "at-us", "have", "with-you", "seen-here", "you-did", "their-letter", "again", "follow-up"})
_OUTSIDE = frozenset(
    {"outsider", "pre-sales", "job", "press", "supplier", "abuse", "outreach", "theory", "feature-question"}
    | {"job-seeker", "no-request", "other-company", "move-in", "public-thing", "hours"}
)


def _sides(seen: set[str]) -> Iterator[str]:
    """How much speaks for the author's own affairs, and how much for somebody from outside."""
    own, outside = len(seen & _OWN), len(seen & _OUTSIDE)
    yield f"own{min(own, 4)}"
    yield f"outside{min(outside, 4)}"
    yield f"own{min(own, 2)}-outside{min(outside, 2)}"


def _shape(reading: Reading) -> Iterator[str]:
    yield f"questions={min(reading.questions, 3)}"
    yield f"shouts={min(reading.exclamations, 3)}"


def reference_place(reference: Reference, reading: Reading) -> str:
    """The type of a reference, marked where it stands below the text: a number there says nothing about the request."""
    token = f"<{reference.type}>"
    spoken = any(token in sentence for sentence in reading.all_sentences())
    return str(reference.type) if spoken else f"{reference.type}-below"
