"""German or English, from the words of a text. Small on purpose: two languages are offered, and mails are short."""

from mailgate.parse.language_words import ENGLISH, GERMAN, OTHERS

_MAX_TEXT = 20_000
_MAX_WORDS = 3000
_SHARP = frozenset("äöüß")
_STRANGE = frozenset("åøæçñãõœěščřžýůłąęśźżćńğışțăđ")  # letters that neither language has
_GERMAN_ENDS = ("ung", "ungen", "keit", "heit", "lich", "ieren", "iert", "schaft", "ischen", "lichen")
_ENGLISH_ENDS = ("tion", "ing", "ly", "n't", "'ve", "'re", "'ll", "ment", "ness", "ould", "ight")


def detect_language(text: str) -> str | None:
    """Say "de" or "en"; None where the words speak for neither, or for another language.

    Give it new text only, without quotes. Linear, and at most 20,000 characters are read.
    """
    german = english = other = 0.0
    foreign = letters = 0
    for word in _words(text[:_MAX_TEXT]):
        letters += 1
        plain = word.isascii()
        if not plain and any(char > "\u024f" for char in word):
            foreign += 1
            continue
        german += _score(word, GERMAN, _GERMAN_ENDS)
        english += _score(word, ENGLISH, _ENGLISH_ENDS)
        other += word in OTHERS
        if not plain:
            strange = not _STRANGE.isdisjoint(word)  # Turkish, Czech, Swedish words have umlauts, too
            german += 1.0 if not strange and not _SHARP.isdisjoint(word) else 0.0
            other += 0.6 if strange and word not in OTHERS else 0.0
    if not letters or foreign * 2 > letters:
        return None
    best = max(german, english)
    if best == 0 or german == english or other > best:
        return None
    return "de" if german > english else "en"


def _score(word: str, words: frozenset[str], ends: tuple[str, ...]) -> float:
    if word in words:
        return 1.0
    return 0.3 if len(word) > 5 and word.endswith(ends) else 0.0


def _words(text: str) -> list[str]:
    """The words in lower case; addresses, links and numbers are no words."""
    out: list[str] = []
    for piece in text.replace("\u2019", "'").lower().split():
        if "@" in piece or "://" in piece or piece.startswith("www."):
            continue
        word = piece.strip(".,;:!?\"()[]{}<>*_'\u201e\u201c\u201d\u00bb\u00ab/\\-+=|#\u2013\u2014\u2026")
        if word.isalpha() or any(char.isalpha() for char in word):
            out += word.split("/")[:4]
        if len(out) >= _MAX_WORDS:
            break
    return out
