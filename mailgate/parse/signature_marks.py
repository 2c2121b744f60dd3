"""The marks that phones and mail programs leave: "Sent from my iPhone", "Get Outlook for Android", in any language."""

from mailgate.parse.quote_line import fold
from mailgate.parse.signature_words import DEVICES, GET, SENT, SENT_FROM

_MAX_LENGTH = 200
_MAX_WORDS = 12
# Some apps begin their line with a sign that cannot be seen.
_EDGES = " *_<>[](){}\"'\u201e\u201c\u201d.\u2013\u2014-\u200b\u2060\u2063\ufeff"
_SENT_FROM = tuple(map(fold, SENT_FROM))
# An English sentence often has the word: there only "sent from" at its start counts, which is in the list above.
_SENT = tuple(word for word in map(fold, SENT) if word != "sent")
_SENT_WITHIN = tuple(word for word in _SENT if ord(word[0]) > 0x500)  # scripts without capitals, often without blanks
_GET = tuple(map(fold, GET))
_GET_WITHIN = tuple(word for word in _GET if ord(word[0]) > 0x500)
_DEVICES = tuple(map(fold, DEVICES))
_DEVICES_WITHIN = tuple(word for word in _DEVICES if ord(word[0]) > 0x500)
_APPS = ("outlook", "bluemail", "yahoo", "proton", "spark")
_OPENINGS = frozenset(map(fold, "von vom mit az mobil meine diese gesendet versendet windows android".split()))
# Somebody who tells of sending: "Ich habe die Mail vom Handy gesendet".
_TELLING = frozenset(
    "ich wir habe haben hat wurde wurden kann nicht ist war i we was were is not je nous j'ai ho abbiamo yo he non"
    " pas ikke inte ei niet hebben heb jag jeg har".split()
)


def is_sent_from(says: str) -> bool:
    """The mark of a phone or a program, alone on its line."""
    low = fold(says[: _MAX_LENGTH + 1]).strip(_EDGES)
    if not low or len(low) > _MAX_LENGTH or low.endswith("?"):
        return False
    words = low.partition("http")[0].split()
    device = any(_is_device(word) for word in words[:7]) or any(part in low for part in _DEVICES_WITHIN)
    device = device or any(name in low for name in ("iphon", "ipad", "android", "outlook"))
    if low.startswith(_SENT_FROM) or (low.startswith("von ") and low.endswith(" gesendet")):
        if low.startswith(("von meine", "lahetetty", "kuldve", "depuis mon", "brevity")) and not device:
            return False
        return len(words) <= 25 if device else len(words) <= 7 and "," not in low
    if not device or not words or len(words) > _MAX_WORDS or not _TELLING.isdisjoint(words):
        return False
    return _is_sent(low, words) or _is_offer(low, words)


def _is_device(word: str) -> bool:
    """Also as languages inflect and quote it: iPhone'umdan, iPhone-ról, „iPhone“."""
    return word.strip(".,'\u201e\u201c\"(").startswith(_DEVICES)


def _is_sent(low: str, words: list[str]) -> bool:
    if words[0].startswith(_SENT) or low.startswith(_SENT):
        return True
    if any(part in low for part in _SENT_WITHIN):
        return True
    opens = words[0] in _OPENINGS or _is_device(words[0]) or any(word.startswith("iphone") for word in words)
    return opens and len(words) <= 8 and words[-1].strip(_EDGES).startswith(_SENT)


def _is_offer(low: str, words: list[str]) -> bool:
    if not any(app in low for app in _APPS):
        return False
    asked = words[0].startswith(_GET) or words[-1].startswith(_GET) or any(part in low for part in _GET_WITHIN)
    return asked or any(word in _GET for word in words[-3:])
