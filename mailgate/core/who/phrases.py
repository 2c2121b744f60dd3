"""Phrases: sequences of words as the operator writes them in config.toml, matched on folded words.

A phrase is words with blanks between them. `kuend*` takes each word that begins so, `*pass` each that ends so,
`a|b` takes either, `...` up to four words between its neighbours. Case and umlaut spelling do not matter. Matching is
by words, never by a regular expression, so no phrase can make it slow.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mailgate.core.who.words import folded, words

GAP = 4
"""Words that `...` may skip."""

MAX_ALTERNATIVES = 50


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase: `text` as it was written, `steps` as (alternatives, gap before it)."""

    text: str
    steps: tuple[tuple[tuple[str, ...], bool], ...]

    @classmethod
    def parse(cls, text: str) -> "Phrase":
        """The phrase that `text` writes.

        Raises:
            ValueError: a phrase without a word, or with `...` at its beginning or end.
        """
        steps: list[tuple[tuple[str, ...], bool]] = []
        gap = False
        for piece in folded(text).split():
            if piece in {"...", "…"}:
                gap = True
                continue
            for step in _steps(text, piece):
                steps.append((step, gap))
                gap = False
        if not steps or gap or steps[0][1]:
            raise ValueError(f"phrase {text!r} needs a word at its beginning and its end")
        return cls(text, tuple(steps))

    def stands_at(self, sequence: Sequence[str], start: int) -> bool:
        """True where the phrase begins with the word at `start`."""
        position = start
        for alternatives, gap in self.steps:
            reach = position + (GAP if gap else 0)
            while position <= reach and position < len(sequence):
                if _matches(alternatives, sequence[position]):
                    break
                position += 1
            else:
                return False
            position += 1
        return True


def _steps(text: str, piece: str) -> list[tuple[str, ...]]:
    """The words of a piece without blanks: `auth-code` is two of them, as it is in a mail."""
    if "*" in piece or "|" in piece:
        return [_alternatives(text, piece)]
    return [(word,) for word in words(piece)]


def _alternatives(text: str, piece: str) -> tuple[str, ...]:
    options = tuple(option for option in piece.split("|") if option)
    plain = all(_is_word(option) for option in options)
    if not options or not plain or len(options) > MAX_ALTERNATIVES:
        raise ValueError(f"phrase {text!r}: {piece!r} is no word (letters and digits, `*` at one end, `|` between)")
    return options


def _is_word(option: str) -> bool:
    core = option.strip("*")
    return bool(core) and words(core) == [core] and option.count("*") <= 1


def _matches(alternatives: tuple[str, ...], word: str) -> bool:
    return any(_takes(option, word) for option in alternatives)


def _takes(option: str, word: str) -> bool:
    if option.endswith("*"):
        return word.startswith(option[:-1])
    if option.startswith("*"):
        return word.endswith(option[1:])
    return word == option


@dataclass(frozen=True, slots=True)
class PhraseIndex:
    """Phrases under names, found by the first letters of their first word."""

    by_start: Mapping[str, tuple[tuple[str, Phrase], ...]] = field(default_factory=dict)
    anywhere: tuple[tuple[str, Phrase], ...] = ()

    @classmethod
    def build(cls, named: Iterable[tuple[str, str]]) -> "PhraseIndex":
        """An index of (name, phrase) pairs.

        Raises:
            ValueError: a phrase that cannot be read, see `Phrase.parse`.
        """
        by_start: dict[str, list[tuple[str, Phrase]]] = {}
        anywhere: list[tuple[str, Phrase]] = []
        for name, text in named:
            phrase = Phrase.parse(text)
            firsts = {option[:2] for option in phrase.steps[0][0]}
            if any(first.startswith("*") or "*" in first for first in firsts):
                anywhere.append((name, phrase))
                continue
            for first in firsts:
                by_start.setdefault(first, []).append((name, phrase))
        return cls({first: tuple(found) for first, found in by_start.items()}, tuple(anywhere))

    def hits(self, sequence: Sequence[str]) -> Iterator[tuple[str, str]]:
        """(name, phrase) of each phrase that stands in the words, once, in the order of the text."""
        seen: set[tuple[str, str]] = set()
        for start, word in enumerate(sequence):
            for first in (word[:2], word[:1]) if len(word) > 1 else (word,):
                for name, phrase in self.by_start.get(first, ()):
                    if (name, phrase.text) not in seen and phrase.stands_at(sequence, start):
                        seen.add((name, phrase.text))
                        yield name, phrase.text
            for name, phrase in self.anywhere:
                if (name, phrase.text) not in seen and phrase.stands_at(sequence, start):
                    seen.add((name, phrase.text))
                    yield name, phrase.text
