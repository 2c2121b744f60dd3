"""What a single line at the end of a mail looks like: a closing, a name, contact data, a phone's mark, a note."""

import re

from mailgate.parse import signature_words
from mailgate.parse.quote_line import fold
from mailgate.parse.signature_words import COMPANY, COMPANY_FORMS

_MAX_LINE = 160


def _is_uncased(text: str) -> bool:
    """In a script that has no capitals: Chinese, Japanese, Korean, Thai, Hebrew, Arabic, Hindi."""
    return not text.isascii() and text.lower() == text.upper()


_PARTICLES = frozenset("von van de der den di da del la le zu zum zur und and & y e et af bin al".split())
_CLOSINGS = frozenset(map(fold, signature_words.CLOSINGS))
_CLOSING_WORDS = tuple(map(fold, signature_words.CLOSING_WORDS))
_CLOSING_PARTS = tuple(map(fold, signature_words.CLOSING_PARTS))
_THANKS = tuple(map(fold, signature_words.THANKS))
_FAREWELLS = tuple(map(fold, signature_words.FAREWELLS))
_THANKS_STARTS = tuple(word + mark for word in _THANKS for mark in " ,!")
_THANKS_PARTS = tuple(word for word in _THANKS if _is_uncased(word))
_LABELS = frozenset(map(fold, signature_words.PHONE_LABELS))
_NOT_NAMES = frozenset(map(fold, signature_words.NOT_NAMES))
_SENT_FROM = tuple(map(fold, signature_words.SENT_FROM))
_NOTES = tuple(map(fold, signature_words.NOTES))
_NOTE_HEADINGS = frozenset(map(fold, signature_words.NOTE_HEADINGS))
_CONFIDENTIAL = tuple(map(fold, signature_words.CONFIDENTIAL))
_RECIPIENTS = tuple(map(fold, signature_words.RECIPIENTS))
_INFORMATION = tuple(map(fold, signature_words.INFORMATION))
_MESSAGES = tuple(map(fold, signature_words.MESSAGES))
# Digits as people write telephone numbers, extensions included; the line is cut to 160 characters before.
_PHONE = re.compile(
    r"[+(]?\d[\d\s()./\u2013-]{4,25}\d|^\W{0,2}[xX][.\-\s]?\s?\d{3,6}\W?$|^[*#]?\d[\d-]{2,6}\.?$|\s[xX][.-]?\s?\d{3,5}\b"
)
_SHORT_CLOSINGS = frozenset("lg vg mfg glg vlg bg gruss grusse mvh kh vh br kr".split())
_SENTENCE_ENDS = ".!?\u3002\uff01\uff1f\u061f"
_DATE_OR_IP = re.compile(
    r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}|\d{4}-\d\d-\d\d|\d{1,2}\.\d{1,2}\.\d{4}|\d{1,2}/\d{1,2}/\d{2}|\d:\d\d"
)
_URL = re.compile(r"(?:https?://|www\.)\S|^[a-z0-9-]{2,40}\.(?:de|com|net|org|eu|at|ch|info|io)/?$")
_POSTCODE = re.compile(
    r"^(?:D-|A-|CH-)?\d{4,5} [A-ZÄÖÜ]|, [A-Z]{2}\s{1,3}\d{5}\b|(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse) \d{1,4}"
)


def is_delimiter(raw: str) -> bool:
    """The line of RFC 3676 §4.3, also without its space, which programs drop; and the start of PGP's signature."""
    return raw[:1] in "-\u2014" and raw.rstrip() in ("--", "\u2014", "- --", "-----BEGIN PGP SIGNATURE-----")


def closes(says: str) -> bool:
    """A closing that needs no name below."""
    bare = _bare(says)
    if not bare or len(bare) > 60:
        return False
    if bare in _CLOSINGS:
        return True
    if _is_uncased(bare):
        return len(bare) <= 30 and any(part in bare for part in _CLOSING_PARTS)
    words = bare.split()
    if len(words) > 7 or says.endswith(("?", ":")) or any(char.isdigit() for char in bare):
        return False
    closing = any(word.startswith(_CLOSING_WORDS) for word in words)
    return closing and not (says.endswith(".") and len(words) > 4) and not {"ich", "i", "you", "to", "an"} & set(words)


def thanks(says: str) -> bool:
    """Thanks ("Vielen Dank", "Thanks for your help,") are a closing where a name follows."""
    bare = _bare(says)
    if len(bare) > 50 or says.endswith("?") or bare.count(" ") > 6:
        return False
    if _is_uncased(bare):
        return len(bare) <= 20 and any(part in bare for part in _THANKS_PARTS)
    return bare in _THANKS or bare.startswith(_THANKS_STARTS)


def is_farewell(says: str) -> bool:
    """A wish for the day ("Have a nice day,"): a closing right above a name only."""
    bare = _bare(says)
    return len(bare) <= 50 and says[-1:] not in "?:" and bare.count(" ") <= 7 and bare.startswith(_FAREWELLS)


def thanks_and_name(says: str) -> bool:
    """Both in one line: "Thanks. BT", "Viele Grüße, Max", "Your pal, Craig."."""
    if len(says) > 60:
        return False
    for mark in (",", ".", "!", " - ", "  ", " / "):
        head, found, tail = says.partition(mark)
        name = tail.strip(" .!,-")
        if (
            found
            and name
            and is_name(name, initials=True)
            and (closes(head) or (thanks(head) and head.count(" ") <= 4))
        ):
            return True
    words = says.split()
    short = _bare(words[0]) if words else ""
    return (
        len(words) in (2, 3)
        and short in ("lg", "vg", "mfg", "gruss", "grusse", "mvh", "kh")
        and is_name(" ".join(words[1:]))
    )


def is_name(says: str, *, initials: bool = False) -> bool:
    """One to four capitalised words: "Max Muster", "Todd A. Perry", "BERT", "Christian and Steve"."""
    words = says.strip(" *_").rstrip(",").split()
    if not 1 <= len(words) <= 5 or len(says) > 45 or _bare(says) in _NOT_NAMES or closes(says) or thanks(says):
        return False
    own = [word for word in words if word.lower() not in _PARTICLES]
    if not own or not all(_is_name_word(word) for word in own) or len(own) > 4:
        return False
    return initials or len(own) > 1 or len(own[0]) >= 2


def _is_name_word(word: str) -> bool:
    if len(word) == 2 and word.endswith("."):
        return word[0].isupper()
    core = word.replace("-", "").replace("'", "").replace("\u2019", "").removesuffix(".")
    titled = word.endswith(".") and core in ("Dr", "Prof", "Dipl", "Ing", "Mr", "Mrs", "Ms", "Jr", "Sr")
    return core.isalpha() and word[0].isupper() and len(core) <= 20 and (titled or not word.endswith("."))


def is_name_first(says: str) -> bool:
    """A name, alone or with titles or a telephone number behind it: "BT   3-1587"."""
    words = title_cut(says).split()
    while len(words) > 1 and any(char.isdigit() for char in words[-1]):
        words.pop()
    return is_name(" ".join(words), initials=len(words) < len(says.split()))


def is_wish(says: str) -> bool:
    """Something said before the name that is no sentence: "Happy New Year"."""
    return _bare(says) in _NOT_NAMES


def is_signer(says: str) -> bool:
    """Who may stand right below a closing: a name, a team, "i. A. Max Muster, Leiter IT", "max"."""
    bare = title_cut(says)
    low = bare.lower()
    for prefix in ("i.a.", "i. a.", "i.v.", "i. v.", "ppa.", "gez.", "p.p."):
        if low.startswith(prefix):
            bare = bare[len(prefix) :].strip()
    if _is_uncased(bare):
        return len(bare) <= 25 and bare.count(" ") <= 4 and says[-1] not in _SENTENCE_ENDS
    return is_name(bare) or is_title(bare) or (bare.isalpha() and len(bare) <= 15 and not thanks(bare))


def is_title(says: str) -> bool:
    """A post, team or company: at most six words, most of them capitalised, no sentence."""
    words = says.split()
    if not 1 <= len(words) <= 6 or len(says) > 60 or (says.endswith((".", "?", "!", ":")) and not _is_company(says)):
        return False
    big = sum(word[0].isupper() or word.lower() in _PARTICLES for word in words)
    return words[0][0].isupper() and 2 * big > len(words) and not any(char.isdigit() for char in says)


def is_text(says: str) -> bool:
    """A line of text, which a name below may sign: it ends like a sentence or has words in lower case."""
    if says.endswith((".", "!", "?", ",", "…", ")", ";")):
        return True
    small = [word for word in says.split() if word[:1].islower() and len(word) > 2 and word not in _PARTICLES]
    return len(small) >= (1 if " " in says else 2) or (bool(says) and says == says.upper() and says.count(" ") >= 3)


def title_cut(says: str) -> str:
    """A name without what is behind it: "John E. Doe, Ph.D.", "Max Muster (IT)" → "John E. Doe", "Max Muster"."""
    for mark in (",", "|", "(", " - ", " \u2013 ", " \u00b7 "):
        says = says.partition(mark)[0]
    return says.strip(" *_")


def is_signed_dash(says: str) -> bool:
    """A name behind a dash: "-Max", "/John", "~ Jo Doe"."""
    name = says.lstrip("-\u2013\u2014/~")
    marks = len(says) - len(name)
    return bool(name) and 1 <= marks <= 2 and is_name(name.strip()) and (marks == 1 or name.count(" ") <= 2)


def is_note(text: str) -> bool:
    """A legal note or a program's advertisement."""
    low = fold(text[:4000])
    if "?" in low:
        return False
    if any(word in low for word in _NOTES):
        return True
    if not any(word in low for word in _CONFIDENTIAL):
        return False
    informs = any(word in low for word in _INFORMATION) and any(word in low for word in _MESSAGES)
    return informs or any(word in low for word in _RECIPIENTS)


def is_note_heading(says: str) -> bool:
    """The word "Disclaimer" alone on its line."""
    return len(says) <= 40 and fold(says).strip(" *_:-=") in _NOTE_HEADINGS


def is_contact(says: str) -> bool:
    """A line with a telephone number, an address of any kind, or a company's particulars."""
    line = says[:_MAX_LINE]
    return _is_phone(line) or _is_address(line) or _is_company(line) or _is_postal(line)


def strong_contacts(said: list[str]) -> int:
    """How much contact data the lines hold; a web address alone counts only beside something else."""
    phones = sum(_is_phone(says[:_MAX_LINE]) for says in said)
    mails = sum("@" in says and says.count(" ") <= 6 for says in said)
    company = sum(_is_company(says[:_MAX_LINE]) or _is_postal(says[:_MAX_LINE]) for says in said)
    links = sum(_URL.search(says[:_MAX_LINE].lower()) is not None for says in said)
    firm = phones + mails + company
    if firm:
        return firm + links
    named = bool(said) and is_name(said[0]) and " " in said[0]
    return links if named else 0


def is_signature_like(says: str) -> bool:
    """Short, or contact data, and no sentence."""
    if not says:
        return True
    if says[:5].lower().startswith(("ps:", "ps ", "p.s.", "ps.", "nb:", "p.p.s")):
        return False
    if len(says) > _MAX_LINE:
        return is_note(says)
    words = says.count(" ") + 1
    if is_contact(says) and words <= 18:
        return not (words > 9 and says.endswith((".", "?", "!")))
    if says.endswith(("?", ":")) or (
        says.endswith((".", "!")) and words > 3 and says.rsplit(maxsplit=1)[-1].count(".") < 2
    ):
        return says.endswith(":") and fold(says.rstrip(":")) in _LABELS
    return words <= 8 and len(says) <= 70


def _is_phone(line: str) -> bool:
    match = _PHONE.search(line)
    if match is None:
        return False
    low = fold(line)
    label = low.split(":")[0].split(".")[0].strip(" *_")
    if label in _LABELS or any(word.strip(".:") in _LABELS for word in low.split()[:2]):
        return True
    digits = sum(char.isdigit() for char in match.group())
    if digits < 4 or _DATE_OR_IP.search(line) is not None:
        return False
    rest = line[: match.start()].strip(" -\u2013,:(|")
    # "Jo Doe | Example Inc. | +1 555 010 0199", "Jo Doe - 713-555-0199."
    named = digits >= 7 and not line[match.end() :].strip(" .)") and line.count(" ") <= 12
    return (named and is_name(title_cut(rest))) or sum(char.isalpha() for char in line) <= 12


def _is_address(line: str) -> bool:
    return ("@" in line and line.count(" ") <= 6) or (_URL.search(line.lower()) is not None and line.count(" ") <= 4)


def _is_postal(line: str) -> bool:
    return _POSTCODE.search(line) is not None


def _is_company(line: str) -> bool:
    low = line.lower()
    return any(word in low for word in COMPANY) or low.rstrip(" .,").endswith(COMPANY_FORMS)


def _bare(says: str) -> str:
    return fold(says).strip(" \t*_.,!;:-\u2013\u2014~/\u3002\uff01\u3001\uff0c")
