"""What stands around a candidate, as features of the model that decides what it is.

Words before and behind in their places, what the nearest telling word says (also as a part: "Vertragskontonummer"),
the shape of the candidate itself, and what the mail is about. Each look is at a window of fixed length.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mailgate.core.who.candidates import Candidate
from mailgate.core.who.hostnames import is_server_name
from mailgate.core.who.numbers import PREFIXES
from mailgate.core.who.words import folded

_BEFORE, _BEHIND = 110, 45
"""Characters before and behind a candidate that are looked at."""

_PIECE = re.compile(
    r"<[a-z]+>|[^\W\d_]+|\d(?:[\w.,/-]{0,40}\w)?|[.!?](?=\s|$)|\n+|[#:=()\[\]\"'|,;/·•>„“”»«-]|\u2013|\u2014"
)
_STEMS = {
    "customer": "kund kdn kd kdnr knr kundnr custno customer client cust account acct acc konto debitor cid kto knd "
    "vertragskonto klant teilnehmer participant subscriber handle",
    "order": "order ord bestell best auftr bestnr bnr anr ordno vertr contract agreement po lieferung delivered",
    "invoice": "rechn rech rnr rgnr renr rg re invoice invno inv bill beleg faktura gutschr credit storno mahn "
    "reminder zahlungserinn statement lastschrift abbuch abgebucht charged bezahlt paid payment zahlung ueberw "
    "verwendungszweck receipt quittung debit remittance",
    "server": "server host hostname machine maschine rechner kiste node vm vps kvm box reboot neustart reinstall ssh "
    "ping rescue ipmi root rack boot instance instanz backend cluster load snapshot offline unreachable erreichbar",
    "ticket": "ticket vorgang case anfrage fall issue incident bug request",
    "register": "hrb hra hrg ust vat tax steuer handelsreg reg org company siren uid gnr vr eori ein cvr finanzamt "
    "mwst btw amtsgericht registergericht gericht",
    "bank": "iban bic blz bank sort swift mandat glaeubiger giro card karte visa mastercard auth",
    "phone": "tel telefon telephone phone fax mobil mobile mob handy call cell ruf rueckruf fon",
    "foreign": "kostenstelle projekt project lieferant supplier vendor cost seriennummer serial sn artikel item "
    "sku part tracking sendung parcel paket lieferschein delivery aktenzeichen az zeichen file akte inventar asset "
    "mitglied member versicher policy police schaden claim mieter reference ref our unser unsere",
    "technical": "error fehler port version kernel build code rfc cve iso din en php mysql log pid line zeile hop as "
    "exit status token model modell cpu ram disk ssd",
    "place": "plz zip postfach box strasse str street road haus hausnr raum room etage floor stock",
    "offer": "angebot offer quote quotation kostenvoranschlag offerte promo gutschein voucher coupon",
    "number": "nr no num number nummer id kennung ident code",
    "you": "ihnen euch you ihre eure your bei with",
    "me": "ich mein meine meiner meinem unser unsere unserem wir my our we mine ours",
}
_CLASS = {stem: name for name, stems in _STEMS.items() for stem in stems.split()}
_LONGEST = max(map(len, _CLASS))
_TOPICS = (
    ("order", re.compile(r"\b(?:bestell|auftrag|order(?:ed|s)?\b|geliefert|purchase)", re.IGNORECASE)),
    ("invoice", re.compile(r"\b(?:rechnung|invoice|bill\b|beleg|gutschrift|credit note|mahnung)", re.IGNORECASE)),
    ("paid", re.compile(r"\b(?:überw|ueberw|bezahl|paid|payment|abgebucht|lastschrift|charged|debit)", re.IGNORECASE)),
    ("customer", re.compile(r"\b(?:kunden-?(?:n|kenn|id|kon)|kd\.?-? ?nr|(?:customer|account) [ni])", re.IGNORECASE)),
)  # fmt: skip
_CAPITALS = re.compile(r"(?<!\w)([A-Z]{1,5}) $")
_DIGITS = re.compile(r"\d+")
_RUN = re.compile(r"9{2,}")
_LETTERS = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all candidates of a mail have in common: where its parts begin, what it and its subject are about."""

    text: str
    body: int
    signature: int
    last_line: int
    topics: tuple[str, ...]
    subject: tuple[str, ...]

    @classmethod
    def of(cls, text: str, body: int, signature: int) -> "Surroundings":
        """`body` and `signature` are offsets into `text`, which begins with the subject."""
        topics = tuple(name for name, word in _TOPICS if word.search(text)) or ("nothing",)
        told = (class_of(piece) for piece in _pieces(text[: min(body, _BEFORE)]) if _is_word(piece))
        last_line = max(body, text.rfind("\n", 0, len(text.rstrip())) + 1)
        return cls(text, body, signature, last_line, topics, tuple(dict.fromkeys(name for name in told if name)))

    def place(self, start: int) -> str:
        """`subject`, `body` or `signature`."""
        if start < self.body:
            return "subject"
        return "body" if start < self.signature else "signature"


def features(candidate: Candidate, around: Surroundings, others: Sequence[Candidate]) -> dict[str, float]:
    """Feature → value of one candidate; `others` are all of the mail."""
    found: dict[str, float] = {}
    shape = tuple(_shape(candidate.value))
    for name in shape:
        found[name] = 0.7
    for name, value in _context(candidate, around):
        found[name] = max(value, found.get(name, 0.0))
    place = around.place(candidate.start)
    found[f"in:{place}"] = 0.7
    kind = shape[0]
    caps = _CAPITALS.search(around.text, max(0, candidate.start - 8), candidate.start)
    if caps:
        found[f"capitals:{class_of(caps[1].lower()) or 'unknown'}"] = 0.8
    for topic in around.topics:
        found[f"topic:{topic}"] = 0.5
        found[f"{kind}&topic:{topic}"] = 0.5
    found[f"{kind}&in:{place}"] = 0.5
    if candidate.start >= around.last_line:  # people end with their number, whatever its form
        found["last-line"] = 0.6
        found[f"{kind}&last-line"] = 0.6
    for name in around.subject:
        found[f"subject:{name}"] = 0.5
    if sum(other.value == candidate.value for other in others) > 1:
        found["again"] = 0.5
        found[f"{kind}&again"] = 0.5
    return found


def _shape(value: str) -> Iterator[str]:
    """The shape, first the coarse kind: `plain` digits, `groups`, `code`, `name` of a machine."""
    lower, letters = value.lower(), _LETTERS.findall(value.lower())
    digits = [len(run) for run in _DIGITS.findall(value)]
    count = sum(digits)
    if not letters:
        kind = "plain" if value.isdecimal() else "spaced" if " " in value else "dotted" if "." in value else "joined"
    elif value == lower:
        kind = "name"
    else:
        kind = "code"
    yield f"kind:{kind}"
    yield f"digits:{kind}:{min(count, 11)}"
    pattern = re.sub(r"[^\W\d_]+", "a", re.sub(r"\d", "9", value))
    yield f"shape:{pattern}"
    yield f"coarse:{_RUN.sub('9', pattern)}"
    if letters:
        yield f"first:{letters[0]}" if value[0].isalpha() else "first:<n>"
        yield f"own:{next((PREFIXES[part.upper()] for part in letters if part.upper() in PREFIXES), 'unknown')}:{kind}"
        for part in letters[:4]:
            yield f"part:{part[:12]}"
        yield f"length:{kind}:{min(len(letters[0]), 6)}"
        yield "server-name" if is_server_name(value) else "no-server-name"
    if digits:
        yield f"runs:{kind}:{min(len(digits), 5)}"
    if value.startswith("0"):
        yield "zero"
    if re.match(r"(?:19|20)\d\d(?!\d)", value):
        yield f"year:{kind}"
    if value.endswith("00") and not letters:
        yield "round"
    if " " in value and letters:
        yield f"prefix:{class_of(letters[0]) or 'unknown'}"


def _context(candidate: Candidate, around: Surroundings) -> Iterator[tuple[str, float]]:
    before = _pieces(around.text[max(0, candidate.start - _BEFORE) : candidate.start])[::-1]
    behind = _pieces(around.text[candidate.end : candidate.end + _BEHIND])
    yield from _placed(before, "b")
    yield from _placed(behind, "a")
    yield from _nearest(before, "near", 9)
    yield from _nearest(behind, "behind", 4)
    begins, ends = before[0] if before else "¶", behind[0] if behind else "¶"
    if begins in _ENDS and ends in _ENDS:
        yield "alone in its line" if begins == ends == "¶" else "alone in its sentence", 1.0


def _pieces(text: str) -> list[str]:
    def read(piece: str) -> str:
        return "¶" if piece[0] == "\n" else "<n>" if piece[0].isdigit() else piece

    return [read(piece) for piece in _PIECE.findall(folded(text))]


_ENDS = frozenset(".!?¶")
_FAR = 14
_MOST_WORDS = {"b": 8, "a": 4}


def _placed(pieces: list[str], side: str) -> Iterator[tuple[str, float]]:
    """The nearest mark, the words by place and all of them together; `|` marks what stands beyond the sentence."""
    words: list[str] = []
    place, far = 0, ""
    for piece in pieces[:_FAR]:
        if place == 0 and not _is_word(piece):
            yield f"{side}0:{piece}", 0.8
        if piece in _ENDS:
            if (piece, side, place) == (".", "b", 0) and _is_abbreviation(pieces):
                continue  # "Kd.-Nr. 12345"
            far = "|"
            place += piece == "¶" or place > 2
            if place > 5:
                break
        elif _is_word(piece):
            place += 1
            if place > _MOST_WORDS[side]:
                break
            words.append(far + piece[:16])
            yield from _word(piece, far, f"{side}{place}", place)
            yield f"{side}:{words[-1]}", 0.5
    if not words:
        yield f"{side}:nothing", 0.7
    elif len(words) > 1:
        yield f"{side}12:{words[0]} {words[1]}", 0.7


def _is_abbreviation(pieces: list[str]) -> bool:
    return len(pieces) > 1 and pieces[1].isalpha() and (len(pieces[1]) <= 3 or class_of(pieces[1]) is not None)


def _is_word(piece: str) -> bool:
    return piece[0].isalpha() or piece == "<n>"


def _word(piece: str, far: str, slot: str, place: int) -> Iterator[tuple[str, float]]:
    """One of the three nearest words in its place; of the two nearest also how it begins and ends."""
    if place <= 3:
        yield f"{slot}:{far}{piece[:16]}", 1.0 if place == 1 else 0.7
    if place <= 2 and len(piece) > 4:
        yield f"{slot}^{far}{piece[:4]}", 0.6
        yield f"{slot}${far}{piece[-5:]}", 0.5


def _nearest(pieces: list[str], side: str, most: int) -> Iterator[tuple[str, float]]:
    """What the telling words say, the nearest of each class with its distance, the nearest of all apart."""
    seen: dict[str, str] = {}
    place, sentence = 0, ""
    for piece in pieces:
        if piece in {"!", "?", "¶"} or (piece == "." and (place > 0 or not _is_abbreviation(pieces))):
            sentence = "|"
        if not _is_word(piece):
            continue
        if place > most:
            break
        name = class_of(piece)
        if name and name not in seen:
            seen[name] = f"{sentence}{min(place, 5)}"
        place += 1
    for name, distance in seen.items():
        yield f"{side}:{name}", 0.5
        yield f"{side}:{name}:{distance}", 0.6
    strong = [name for name in seen if name not in {"number", "you", "me"}]
    if strong:
        yield f"{side}-first:{strong[0]}:{seen[strong[0]]}", 0.9
        if "number" in seen:
            yield f"{side}-number:{strong[0]}", 0.7
    else:
        yield f"{side}-first:none{':number' if 'number' in seen else ''}", 0.7


def class_of(word: str) -> str | None:
    """What a folded word says, by its longest beginning that tells something; short stems count as whole words."""
    for length in range(min(len(word), _LONGEST), 1, -1):
        name = _CLASS.get(word[:length])
        if name and (length >= 4 or length == len(word)):
            return name
    return None
