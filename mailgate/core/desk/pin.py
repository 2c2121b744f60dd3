"""The support PIN: RFC 6238 with eight digits and a step of one hour, for customers whose own mail is down.

`PIN 12345678` in the subject or the first lines. The PIN is hidden in everything that is stored as text or goes out.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator
from datetime import datetime

STEP_SECONDS = 3600
DIGITS = 8
_FIRST_LINES = 10
_MOST_LINE = 1000  # characters of a line
_NEAR = 60  # characters from the word to the digits
_LONGEST_WORD = 17  # "support-pinnummer"
_WORD = re.compile(r"(?<![^\W_])(?:(?:support|service)[ \t-]?)?pin(?:s|code|nr|nummer)?(?![^\W\d_])", re.IGNORECASE)
_GAP = "[ \t\u00a0\u2007\u2009\u202f.\u2013-]"
# Eight digits, also as people group them. Other scripts' digits are none: no program prints a PIN in them.
_DIGITS = re.compile(
    rf"(?<![0-9])(?:[0-9]{{4}}{_GAP}?[0-9]{{4}}|[0-9]{{2}}(?:{_GAP}[0-9]{{2}}){{3}}|[0-9](?:{_GAP}[0-9]){{7}})(?![0-9])"
)
_OTHER_NUMBER = re.compile(
    r"(?:bestell|auftrags?|rechnungs?|vertrags?|kunden|order|invoice|contract|customer|ticket|tel|telefon|fax|mobil)"
    r"(?:ung)?[ \t-]?(?:nr|no|nummer|number|id)?\W{0,4}$",
    re.IGNORECASE,
)
_ABBREVIATION = re.compile(r"\b(?:nr|no)\.", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?](?:\s|$)")
HIDDEN = "********"


def find_pin(subject: str | None, text: str) -> str | None:
    """The eight digits of the first PIN in the subject or the first ten lines; None where there is none."""
    first = "\n".join(line[:_MOST_LINE] for line in text.split("\n", _FIRST_LINES)[:_FIRST_LINES])
    for place in ((subject or "")[:_MOST_LINE], first):
        for _, (start, end) in _spans(place):
            return "".join(char for char in place[start:end] if char.isdigit())
    return None


def hide_pins(text: str) -> str:
    """The text with the digits of every PIN replaced, wherever they stand: quotes and subjects carry them on."""
    pieces, at = [], 0
    for _, (start, end) in _spans(text):
        pieces += [text[at:start], HIDDEN]
        at = end
    return "".join([*pieces, text[at:]])


def without_pins(text: str) -> str:
    """The text without PINs and the words for them: who gives one asks for nothing by it. What stands between stays."""
    pieces, at = [], 0
    for word, digits in _spans(text):
        for start, end in (word, digits):
            pieces.append(text[at:start])
            at = max(at, end)
    return "".join([*pieces, text[at:]])


def _spans(text: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Where words for a PIN and their digits stand: "PIN 12345678", "PIN lautet: 1234 5678", "Support-PIN (…)"."""
    said = -1
    for digits in _DIGITS.finditer(text):
        word = _nearest_word(text, digits.start())
        if word is not None and word[0] != said and _belongs(text[word[1] : digits.start()]):
            said = word[0]
            yield word, digits.span()


def _nearest_word(text: str, before: int) -> tuple[int, int] | None:
    """The last word for a PIN that ends at most so many characters before the digits."""
    found = None
    for word in _WORD.finditer(text, max(0, before - _NEAR - _LONGEST_WORD), before):
        found = word.span()
    return found if found is not None and before - found[1] <= _NEAR else None


def _belongs(between: str) -> bool:
    """Whether the digits are the PIN's: same sentence, no other number's name, below the word only by themselves."""
    if HIDDEN in between or _OTHER_NUMBER.search(between) or _SENTENCE_END.search(_ABBREVIATION.sub("", between)):
        return False
    _, below, last = between.rpartition("\n")
    return not below or not any(char.isalnum() for char in last)


def pin_at(secret: bytes, step: int) -> str:
    """The PIN of a time step (RFC 6238 §4.2, RFC 4226 §5.3; HMAC-SHA-1 as authenticator apps have it)."""
    digest = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def step_of(moment: datetime) -> int:
    """The time step that a moment lies in."""
    return int(moment.timestamp()) // STEP_SECONDS


def matching_step(pin: str, secret: bytes, moment: datetime) -> int | None:
    """The step whose PIN it is, of this hour or the one before; None where it is wrong. Compared in constant time."""
    now = step_of(moment)
    for step in (now, now - 1):
        if hmac.compare_digest(pin, pin_at(secret, step)):
            return step
    return None
