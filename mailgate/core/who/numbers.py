"""Numbers that a patterned word does not stand directly beside: what a number is, from the words around it.

`references.py` knows the usual forms ("Kundennummer 12345", "RE-2025-00817"). Here is the rest: a code or a number of
any shape belongs to the class (customer, order, invoice) whose word stands nearest in the same sentence; without such
a word its letters tell, and last what the mail is about. Each look is at a window of fixed length: linear in the line.
"""

import re
from collections.abc import Iterator

from mailgate.core.who.request import ReferenceType

Hit = tuple[int, int, ReferenceType | None, str]
"""Start, end (with a `#` before it), type and value."""

_CANDIDATE = re.compile(
    r"(?<![\w@.,/+:-])#? ?((?:[A-Z]{1,5}[-_/.]?)?\d{1,14}(?:[-_/.](?:[A-Z]{1,5}[-_/]?)?\d{1,12}){0,4}(?:-[A-Z](?!\w))?)"
    r"(?![\w-]|[.,:/]\d|\s?[%€$£]|/[A-Za-z])"
)
_WORDS = {
    "customer": r"kund(?:e|en|in)? kunden\w{2,20} kd kdn customers? client account acct acc a/c cid konto login",
    "order": r"orders? order(?:nummer|nr|ed) ord auftr auftrag\w{0,20} best bestell\w{0,20} vertrag\w{0,12} vertr "
    r"contracts? po purchase delivered serververtrag lieferung",
    "invoice": r"rechnung\w{0,12} rechn rech rnr r\.nr rg invoices? bills? beleg\w{0,10} faktura gutschrift\w{0,10} "
    r"storno\w{0,12} mahnung\w{0,10} zahlungserinnerung credit\snote reminder statement überw\w{3,12} "
    r"ueberw\w{3,12} bezahlt paid wired? remittance payment zahlung",
    "none": r"ticket\w{0,10} vorgang\w{0,10} tel telefon\w{0,10} telephone phone fax mobil\w{0,6} handy call plz "
    r"postleitzahl zip postfach p\.?o\.?\sbox aktenzeichen az zeichen mandats\w{0,12} hrb hra handelsregister "
    r"ust\w{0,14} vat tax steuer\w{0,10} iban bic blz bank\w{0,14} sort\scode serial serien\w{0,8} port ports error "
    r"fehler\w{0,8} hop cve rfc iso din en iec artikel\w{0,10} item zähler\w{0,10} haus\w{0,8} paket\w{0,12} parcel "
    r"sendung\w{0,12} tracking lieferschein\w{0,8} trans\w{0,8} pin code version kernel build token rack seite page "
    r"kapitel chapter absatz art commit bug issue case fall pid uid asn as vlan mtu room raum inventar\w{0,10} asset "
    r"sku ean isbn charge postcode ours reg angebot\w{0,10} offer quot\w{1,8} jahr year vserver server",
}
_WORD = re.compile(
    "(?<![^\\W_])(?:%s)(?![^\\W_])" % "|".join(f"(?P<{k}>{v.replace(' ', '|')})" for k, v in _WORDS.items()),  # noqa: UP031
    re.IGNORECASE,
)
"""A word that says what the number behind it is; `none` are those that say it is nothing of ours."""

_WINDOW = 60
_MOST_BETWEEN = 4
"""Characters and words that may stand between the word and its number: "Kunde: Bäckerei Hollerbusch, 44871"."""

_BETWEEN = re.compile(r"[^\W\d_]{2,}")
_ABBREVIATED = re.compile(
    r"\b(?:nr|no|num|auftr|rechn|rech|ord|acc|cust|best|vertr|kd|kdn|reg|steuernr|[^\W\d_]{0,12}ref|\d{1,4})\.",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?;](?=\s)")
_AFTER = re.compile(
    r"[\s,]{0,2}\(?(?:(?:ist|is|was|war|als|as|lautet|so)\s)?(?:(?:die|das|der|our|my|meine|unsere|your|ihre|the)\s)?"
    r"(?:(?P<customer>kunden?-?(?:nummer|nr|no|id)|(?:customer|client|account) (?:number|no|id)|hier|here)|"
    r"(?P<order>(?:auftrags|bestell|vertrags)-?(?:nummer|nr)|auftrag|bestellung|(?:order|contract) (?:number|no|id))|"
    r"(?P<invoice>rechnungs-?(?:nummer|nr)|invoice (?:number|no)|bill number))\b(?!\s?[:=]|\.?\s?\d)",
    re.IGNORECASE,
)
"""The word behind its number: "44871 (Kundennummer)", "441208 is our order number"."""

PREFIXES = {
    **dict.fromkeys("INV RE RG RNR RECH GS GUT CN BILL RN FA FAK".split(), ReferenceType.INVOICE),
    **dict.fromkeys("AB AUF BST ORD SO PO".split(), ReferenceType.ORDER),
    **dict.fromkeys("KD KN KDN KU CUST".split(), ReferenceType.CUSTOMER),
}
"""What the letters of a code say where nothing else does."""

_PLAIN = re.compile(r"[1-9]\d{4,7}(?:-[A-Z])?|20\d\d[-/]\d{4,8}")
_STANDARDS = frozenset("DIN ISO EN IEC RFC CVE HRB HRA VDE BSI IEEE PCI AS PLZ KB MS USV HTTP TLS NR NO ID AZ".split())
_CODE = re.compile(r"[A-Z]{1,3}[-/](?:20\d\d[-/])?\d{4,8}(?:[-/]\d{1,4})?")
"""What says of itself that it is a number of a document ("B-2025-00815"): that which the mail is about."""

_SHORT_CODE = re.compile(r"([A-Z]{1,2})-?(\d{5,7})")
_LETTERS = re.compile(r"[A-Z]+")
_BANK = re.compile(r"\b(?:bank|sort code|iban|bic|blz|direct debit)\b", re.IGNORECASE)
_DATE = re.compile(
    r"(?:0?\d|[12]\d|3[01])[./-](?:0?\d|1[012]|[12]\d|3[01])[./-](?:\d{2}|\d{4})|(?:19|20)\d\d[./-]\d{1,2}(?:[./-]\d{1,2})?|\d{1,2}[./-](?:19|20)\d\d|"
    r"(?:19|20)\d\d"
)
_VERSION = re.compile(r"\d{1,3}(?:\.\d{1,3})+")
_COUNTED = re.compile(
    r"\s(?:[A-ZÄÖÜ][a-zäöü]{2,}|(?:users?|visitors|visits|mails|emails|messages|requests|files|hits|people|rows|products|"
    r"pages|times|attempts|members|employees|words|lines|inodes|iops|rpm|hours|minutes|seconds|days|gb|mb|tb|kb|ms|km|m|"
    r"eur|euro|euros|usd|gbp|chf|pounds)\b)"
)
_LEADS = re.compile(
    r"(?:^|[\s(])(?:aus|für|zu|von|über|mit|auf|ihre|eure|deine|for|of|from|on|against|your|to|about|nummer|number|nr|no)"
    r"[.:]?\s$",
    re.IGNORECASE,
)
_PAID = re.compile(
    r"\b(?:überw(?:ies|eis)|ueberw(?:ies|eis)|bezahlt|gezahlt|paid|wired?|payment|remitt|mahnung|reminder|settled|"
    r"abgebucht|lastschrift|debited)", re.IGNORECASE,
)  # fmt: skip
_ABOUT = (
    (re.compile(r"\b(?:bestell|auftrag|order(?:ed)?\b|deliver|geliefert)", re.IGNORECASE), ReferenceType.ORDER),
    (re.compile(r"\b(?:rechnung|invoice|bill\b|beleg|gutschrift|credit note)", re.IGNORECASE), ReferenceType.INVOICE),
    (_PAID, ReferenceType.INVOICE),
)  # fmt: skip


def topic_of(text: str) -> ReferenceType | None:
    """What numbers a text is about that do not say it themselves: orders or invoices; None where both or neither."""
    found = {kind for pattern, kind in _ABOUT if pattern.search(text)}
    return found.pop() if len(found) == 1 else None


def numbers(line: str, rest: str, topic: ReferenceType | None) -> Iterator[Hit]:
    """The numbers of `rest` (`line` without what is taken already) that name something of a customer.

    `topic` is `topic_of` the whole mail.
    """
    for match in _CANDIDATE.finditer(rest):
        value = match.group(1)
        if not _is_number(value):
            continue
        kind = _kind(line, rest, match, topic)
        if kind:
            yield match.start(), match.end(), kind, value


def _is_number(value: str) -> bool:
    digits = sum(character.isdigit() for character in value)
    return 4 <= digits <= 14 and not _DATE.fullmatch(value) and not (_VERSION.fullmatch(value) and digits < 7)


def _kind(line: str, rest: str, match: re.Match[str], topic: ReferenceType | None) -> ReferenceType | None:
    value, start, end = match.group(1), match.start(), match.end()
    letters = _LETTERS.findall(value)
    if not _STANDARDS.isdisjoint(letters):
        return None
    behind = _AFTER.match(line, end)
    if behind and behind.lastgroup and len(value) > 4:
        return ReferenceType(behind.lastgroup)
    word = word_before(line, start)
    counted = _COUNTED.match(rest, end) is not None
    if word:
        name, between = word
        near = (
            between == 0
            or match.group().startswith("#")
            or (sum(character.isdigit() for character in value) >= 5 and not counted)
        )
        return ReferenceType(name) if near and name != "none" and _fits(name, value, line) else None
    if letters and not _PLAIN.fullmatch(value):
        known = next((PREFIXES[part] for part in letters if part in PREFIXES), None)
        return known or _by_shape(value, counted=counted) or (topic if _CODE.fullmatch(value) else None)
    return None if counted else _by_topic(line, match, topic)


def _fits(name: str, value: str, line: str) -> bool:
    """False for an account at a bank."""
    return name != ReferenceType.CUSTOMER or not (len(value) >= 7 and _BANK.search(line))


def word_before(line: str, start: int) -> tuple[str, int] | None:
    """The class of the nearest word of `_WORD` before `start` in its sentence, and how many words lie between."""
    window = line[max(0, start - _WINDOW) : start]
    last = None
    for last in _WORD.finditer(window):  # noqa: B007 - the last one is the nearest
        pass
    if last is None or last.lastgroup is None:
        return None
    between = _ABBREVIATED.sub(" ", window[last.start() :])[last.end() - last.start() :]
    count = len(_BETWEEN.findall(window[last.end() :]))
    if _SENTENCE.search(between) or count > _MOST_BETWEEN:
        return None
    return last.lastgroup, count


def _by_shape(value: str, *, counted: bool) -> ReferenceType | None:
    """One or two capitals and five to seven digits ("UK-40772") are a customer number, not a post code with a town."""
    code = _SHORT_CODE.fullmatch(value)
    return ReferenceType.CUSTOMER if code and not counted else None


def _by_topic(line: str, match: re.Match[str], topic: ReferenceType | None) -> ReferenceType | None:
    """A plain number by what its line or its mail is about; five digits need a word of payment or delivery beside."""
    value, hashed = match.group(1), match.group().startswith("#")
    if not _PLAIN.fullmatch(value) or value.endswith("00"):
        return None
    if not hashed and not _LEADS.search(line[max(0, match.start() - 12) : match.start()]):
        return None
    here = topic_of(line)
    if len(value) == 5 and not hashed:
        return ReferenceType.INVOICE if here is ReferenceType.INVOICE and _PAID.search(line) else None
    return here or topic or (ReferenceType.ORDER if hashed and len(value) >= 6 else None)
