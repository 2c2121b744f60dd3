"""Text as recognition reads it: bounded, folded, cut into lines, sentences and words.

Everything here is linear in the length of the text; the limits keep a hostile mail cheap.
"""

import re
import unicodedata
from dataclasses import dataclass

MAX_TEXT = 20_000
"""Characters of the text that recognition looks at; what is asked stands at the top of a mail."""

MAX_LINE = 1_000
MAX_LINES = 1_000
"""Characters of one line; what is longer is no prose."""

_FOLD = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "\u2019": "'", "\u2018": "'", "\u00b4": "'", "`": "'", "\u00a0": " "}
)
_WORD = re.compile(r"<[a-z]+>|[^\W_]+(?:['&][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?…:;](?=\s)|[\n?!]")
_CLOSINGS = (
    "mit freundlich",
    "mit besten",
    "mit herzlich",
    "mit vielen gruess",
    "mit gruess",
    "mit gruss",
    "freundliche gruesse",
    "viele gruesse",
    "viele liebe gruesse",
    "liebe gruesse",
    "schoene gruesse",
    "beste gruesse",
    "herzliche gruesse",
    "herzlichst",
    "gruesse",
    "gruss",
    "hochachtungsvoll",
    "mfg",
    "vg",
    "lg",
    "ciao",
    "servus,",
    "freundlich gruesst",
    "es gruesst",
    "best regards",
    "best wishes",
    "kind regards",
    "kindest regards",
    "warm regards",
    "with best",
    "with kind",
    "regards",
    "sincerely",
    "yours",
    "cheers",
    "best,",
    "all the best",
    "many thanks,",
    "thanks,",
    "thank you,",
    "danke,",
    "vielen dank,",
    "besten dank,",
)


@dataclass(frozen=True, slots=True)
class Parts:
    """What the author says (`body`) and what stands below it on every mail (`signature`)."""

    body: str
    signature: str


def bounded(text: str) -> str:
    """The text in NFC, without what lies beyond `MAX_TEXT`, `MAX_LINES` and `MAX_LINE`."""
    lines = unicodedata.normalize("NFC", text[:MAX_TEXT]).splitlines()[:MAX_LINES]
    return "\n".join(line[:MAX_LINE] for line in lines)


def folded(text: str) -> str:
    """Lower case with ae, oe, ue, ss for umlauts, so that both spellings are one word."""
    return text.lower().translate(_FOLD)


def words(text: str) -> list[str]:
    """The words of a folded text; tokens like `<server>` are one word."""
    return _WORD.findall(text)


def sentences(text: str) -> list[str]:
    """Sentences and lines that hold a word; enough for "in the same sentence", no linguistics."""
    return [part for part in (piece.strip() for piece in _SENTENCE_END.split(text)) if part]


def split_signature(text: str) -> Parts:
    """Cut at a `--` line, or at a closing formula that stands among the last lines.

    A sentence after the formula ("Thanks, and one more thing: …") is no signature: the lines below it must be short.
    """
    lines = text.splitlines()
    for index, line in enumerate(lines):
        if index and line.rstrip() in {"--", "—", "___", "---"}:
            return Parts("\n".join(lines[:index]), "\n".join(lines[index + 1 :]))
    for index in range(max(1, len(lines) - 8), len(lines)):
        if _closes(lines, index):
            return Parts("\n".join(lines[:index]), "\n".join(lines[index:]))
    return _split_name(lines)


def _closes(lines: list[str], index: int) -> bool:
    line = folded(lines[index]).strip()
    short = all(len(rest) <= 60 and not rest.rstrip().endswith("?") for rest in lines[index:])
    return short and line.startswith(_CLOSINGS)


def _split_name(lines: list[str]) -> Parts:
    """A last block of one or two short lines without an end of sentence, set off from the text, is a name."""
    end = len(lines)
    start = end
    while start > 1 and end - start < 3 and _looks_like_name(lines[start - 1]):
        start -= 1
    if start == end or len("".join(lines[:start]).strip()) < 8:
        return Parts("\n".join(lines), "")
    return Parts("\n".join(lines[:start]), "\n".join(lines[start:]))


def _looks_like_name(line: str) -> bool:
    text = line.strip()
    if not text:
        return True
    few = len(text.split()) <= 6 and len(text) <= 60
    return few and text[0].isupper() and text[-1] not in ".?!:;"
