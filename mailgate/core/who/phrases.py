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

_MOST_KNOWN = 5_000  # words that an index remembers, of at most so many characters
_LONGEST_KNOWN = 30
MAX_ALTERNATIVES = 50


@dataclass(frozen=True, slots=True)
class Step:
    """What one word of a phrase may be: a whole word, or one that begins or ends so. `gap`: words may stand before."""

    whole: frozenset[str]
    begins: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    gap: bool = False

    @classmethod
    def of(cls, options: Iterable[str], *, gap: bool) -> "Step":
        """The step that takes any of the options, which may have `*` at one end."""
        options = tuple(options)
        begins = tuple(option[:-1] for option in options if option.endswith("*"))
        ends = tuple(option[1:] for option in options if option.startswith("*"))
        return cls(frozenset(option for option in options if "*" not in option), begins, ends, gap)

    def takes(self, word: str) -> bool:
        """True where the word is one of those."""
        return word in self.whole or word.startswith(self.begins) or word.endswith(self.ends)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase: `text` as it was written, and its words."""

    text: str
    steps: tuple[Step, ...]

    @classmethod
    def parse(cls, text: str) -> "Phrase":
        """The phrase that `text` writes.

        Raises:
            ValueError: a phrase without a word, or with `...` at its beginning or end.
        """
        steps: list[Step] = []
        gap = False
        for piece in folded(text).split():
            if piece in {"...", "…"}:
                gap = True
                continue
            for options in _words_of(text, piece):
                steps.append(Step.of(options, gap=gap))
                gap = False
        if not steps or gap or steps[0].gap:
            raise ValueError(f"phrase {text!r} needs a word at its beginning and its end")
        return cls(text, tuple(steps))

    def goes_on(self, sequence: Sequence[str], start: int) -> bool:
        """True where the phrase stands in the words, given that its first word is the one at `start`."""
        position = start + 1
        for step in self.steps[1:]:
            reach = min(position + (GAP if step.gap else 0), len(sequence) - 1)
            while position <= reach and not step.takes(sequence[position]):
                position += 1
            if position > reach:
                return False
            position += 1
        return True


def _words_of(text: str, piece: str) -> list[tuple[str, ...]]:
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


@dataclass(frozen=True, slots=True)
class PhraseIndex:
    """Phrases under names, found by what their first word may be: each word of a mail leads to the few it can begin."""

    named: tuple[tuple[str, Phrase], ...] = ()
    by_whole: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    by_beginning: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    by_end: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    beginnings: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    known: dict[str, tuple[int, ...]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def build(cls, named: Iterable[tuple[str, str]]) -> "PhraseIndex":
        """An index of (name, phrase) pairs.

        Raises:
            ValueError: a phrase that cannot be read, see `Phrase.parse`.
        """
        parsed = tuple((name, Phrase.parse(text)) for name, text in dict.fromkeys(named))
        first = [phrase.steps[0] for _, phrase in parsed]
        by_beginning, by_end = _places(step.begins for step in first), _places(step.ends for step in first)
        return cls(
            parsed,
            _places(step.whole for step in first),
            by_beginning,
            by_end,
            tuple(sorted({len(option) for option in by_beginning})),
            tuple(sorted({len(option) for option in by_end})),
        )

    def hits(self, sequence: Sequence[str]) -> Iterator[tuple[str, str]]:
        """(name, phrase) of each phrase that stands in the words, once, in the order of the text."""
        seen: set[int] = set()
        for start, word in enumerate(sequence):
            for place in self._beginning_with(word):
                name, phrase = self.named[place]
                if place not in seen and phrase.goes_on(sequence, start):
                    seen.add(place)
                    yield name, phrase.text

    def _beginning_with(self, word: str) -> tuple[int, ...]:
        """The places of the phrases that the word can begin. Most words are said again and again, so they are kept."""
        found = self.known.get(word)
        if found is None:
            found = self._look_up(word)
            if len(self.known) >= _MOST_KNOWN:
                self.known.clear()
            if len(word) <= _LONGEST_KNOWN:
                self.known[word] = found
        return found

    def _look_up(self, word: str) -> tuple[int, ...]:
        found = set(self.by_whole.get(word, ()))
        for length in self.beginnings:
            found.update(self.by_beginning.get(word[:length], ()))
        for length in self.ends:
            found.update(self.by_end.get(word[-length:], ()))
        return tuple(sorted(found))


def _places(options: Iterable[Iterable[str]]) -> dict[str, tuple[int, ...]]:
    """Option → the places in the sequence that have it."""
    found: dict[str, list[int]] = {}
    for place, some in enumerate(options):
        for option in some:
            found.setdefault(option, []).append(place)
    return {option: tuple(places) for option, places in found.items()}
