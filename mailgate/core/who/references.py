"""References: what a mail names — customer numbers, orders, invoices, servers, domains, IP addresses.

All patterns run over lines of bounded length and hold no nested repeats, so the work is linear in the text. Each line
is read in one order; what one pattern has taken is blanked, so that no second pattern reads the digits of an IBAN, of a
telephone number or of a domain again.
"""

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from mailgate.core.who.hostnames import domain_of_host, is_server_name
from mailgate.core.who.named import named_numbers
from mailgate.core.who.numbers import numbers, topic_of, word_before
from mailgate.core.who.request import Reference, ReferenceType
from mailgate.core.who.words import bounded, split_signature

MAX_REFERENCES = 50
"""More than this many are no request but a list; the first ones count."""

_NUMBER_WORD = r"(?:[\s.:#-]{0,3}(?:nr|no|number|nummer|num|id)\b)?[\s.:#()=-]{0,4}"
_CUSTOMER = (
    r"(?<![\w-])(?:kunden?|kundin|kd|kdn|kn|kund|knd|k(?=[.-]{0,2}nr)|customers?|cust|client|kto|account|acct|"
    r"(?:meine|unsere|my|our)(?= (?:nummer|number|nr|no|id)\b))"
    r"(?:[\s._-]{0,2}(?:nummer|number|nr|no|num|id|konto|zugang|kennung|login|account|reference|ref|code)){0,3}"
    r"(?:\.?\s(?:ist|lautet|is|war|die|the|meine|my)){0,3}[\s.:#()=№-]{0,4}"
    r"([A-Z]{1,3}-\d{4,7}|[1-9]\d{3,6}|[1-9]\d[. ]\d{3}|\d{2}-\d{4,6})(?![\w-]|\.\d)"
)
_ORDER = (
    r"(?<![\w-])(?:orders?|purchase order|auftrag(?:s|es)?|auftragsbest(?:ä|ae)tigung|bestell(?:ung|bestätigung)|"
    r"bestellungen|bestell(?=-?n)|best\.?(?=-?nr)|serververtrag|contract order|order confirmation|po)"
    rf"(?:s?-?(?:nummer|nr|no|number|id)\b)?{_NUMBER_WORD}((?!(?:19|20)\d\d(?!\d))[A-Z]{{0,4}}-?"
    r"(?:\d{4,10}|\d{3} \d{3}|\d{2,6}-\d{3,8}))(?![\w-]|\.\d)"
)
_ORDER_CODE = (
    r"(?<![\w-])((?:(?:AB|AUF|SO) (?=\d[\d/-]{4})|(?:AB|AUF|BST|ORD|SO|PO)[-_/])(?:20\d\d[-_/])?\d{3,8})(?![\w-])"
)
_HASH_ORDER = r"(?<![\w&/#])(?<!ticket \[)(?<!ticket )(?<!vorgang )#(\d{6,8})(?![\w-])"
_INVOICE_CODE = (
    r"(?<![\w/-])((?:(?:INV|RE|RG) |(?:INV|RE|RG|RNR|RECH|R|GS|GUT|CN|BILL|IN|RN|ST|CR)[-_/]?)(?:20\d\d[-_/]?|\d\d/)?"
    r"\d{3,10}(?:[-/]\d{1,8})*)"
    r"(?![\w-])"
)
_INVOICE_YEAR = (
    r"(?<![\w/.-])(?-i:(?<![A-Z] ))(20\d\d[-_/](?:(?:INV|RE|RG|R|GS|CN)[-_/]?\d{3,8}|(?<=-)\d{4,8}))(?![\w-])"
)
_INVOICE = (
    r"(?<![\w-])(?:rechnung(?:en|s)?|re|rg|rechn|invoices?|inv|bill|beleg|gutschrift|stornorechnung|credit note|"
    r"zahlungserinnerung|mahnung)"
    rf"(?:s?-?(?:nummer|nr|no|number|id)\b)?{_NUMBER_WORD}(?<!\w)((?!(?:19|20)\d\d(?![\d/-]))[A-Z]{{0,4}}[-_/]?(?:\d{{4,12}}|\d\d-\d{{4,8}})"
    r"(?:[-/]\d{1,8})*)(?![\w-]|\.\d)"
)
_SERVER = r"(?<![\w.@-])([A-Za-z][A-Za-z0-9]{0,30}(?:[_-][A-Za-z0-9]{1,30}){0,5})(?![\w@-]|\.[A-Za-z0-9])"
_NAMED_SERVER = (
    r"(?<!\w)(?:hostname(?:n|s|:| is| ist| lautet)? |(?:server|host|maschine|machine|vm|rechner|box|kiste|node)s?,? "
    r"(?:(?:namens|named|called|genannt|heißt) "
    r"[\"'\u201e\u201c\u201d]?|(?:(?:that )?(?:you|we|i) call(?:ed)? |(?:der|die) (?:bei (?:uns|euch|ihnen) )?)?"
    r"[\"'\u201e\u201c\u201d]))([a-z][a-z0-9]{2,20})(?![\w.])"
)
_DOMAIN = (
    r"(?:(?<![\w.-])|(?<=\*\.))(?:(?:[\w-]{1,40}\.)?(?:_[a-z]{2,20}\.){1,2})?"
    r"((?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}(?:[^\W\d_]{2,24}|xn--[a-z0-9-]{2,58}))"
    r"(?!\w|(?-i:-[a-z0-9])|\.\w)"
)
_IPV4 = r"(?:(?<![\w.])(?<![^\d\s]-)|(?<=\bIP))((?:\d{1,3}\.){3}\d{1,3})(?!\w|\.\d)"
_IPV6 = r"(?<![\w:.])((?:[0-9A-Fa-f]{0,4}:){2,8}[0-9A-Fa-f]{0,4})(?![\w:])"

_BLANKED: tuple[re.Pattern[str], ...] = (
    re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![A-Za-z0-9])"),  # IBAN
    re.compile(r"\[#\d{1,10}\]"),  # a ticket's tag
    re.compile(r"(?<![\w/])\d{2,3}/\d{3}/\d{4,5}(?![\w/])"),  # a German tax number
    re.compile(
        r"\b(?:ticket|vorgang|vorgangs|case|anfrage|issue|incident|fall|lieferschein|sendung|delivery note|pr|cve|rfc|"
        r"error|fehler|fehlercode|port|ports|code|job|aktenzeichen|az|rma|seriennummer|serial)"
        r"(?:[ -]?(?:nummer|number|nr\.?|no\.?|id))?[\s:#-]{0,4}\d[\d/-]{1,20}",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?:unser|mein|our|my) (?:zeichen|ref(?:erence)?)\b[\s.:]{0,3}[A-Z\d][\w/-]{1,30}", re.IGNORECASE),
    re.compile(r"\b(?:version|php|v)[\s.:]{0,2}\d{1,4}(?:\.\d{1,4}){1,4}", re.IGNORECASE),
    re.compile(r"\b(?:tel|telefon|fon|phone|fax|mobil|mobile|handy)[\s.:-]{0,4}\+?\d[\d ()/-]{3,20}", re.IGNORECASE),
    re.compile(r"(?<![\w-])web-?[1-9]\d{2,6}(?![\w-])", re.IGNORECASE),
    re.compile(r"(?<!\w)(?:\+|00)\d[\d ()/-]{6,20}\d"),  # telephone with country code
    re.compile(r"(?<![\w#-])0\d{2,5}[ /-]\d[\d -]{3,14}\d"),  # telephone with area code
    re.compile(r"(?:€|£|\$|eur|euro|usd|gbp|chf)\s?\d[\d.,]{0,14}", re.IGNORECASE),
    re.compile(
        r"\d[\d.,]{0,14}\s?(?:€|£|\$|%|eur\b|euro\b|usd\b|gbp\b|chf\b|gb\b|mb\b|tb\b|kb\b|mbit|gbit|ms\b)",
        re.IGNORECASE,
    ),
)
_AND_NEXT = re.compile(
    r"(?:\s?[,/&+]|\s(?:und|and|sowie|or|oder|bzw\.?))\s?(?:#|nr\.?\s|no\.?\s)?(\d{4,10})(?![\w-]|[.,]\d|\s[A-ZÄÖÜ][a-zäöü])"
)
"""What goes on behind a number: "orders 440871 and 440872", "Kunden 10001, 10002"."""
_SAID_NUMBER = re.compile(
    r"(?:[,;:!?()\u2013|]\s?|(?:^|\s)(?:unter|meine|unsere|ist|my|our|is|as|under|mit|with|von|of|für|for)\s)"
    r"(?:nr\.?|no\.?|number|nummer)\s?([1-9]\d{4})(?![\w-]|[.,]\d)",
    re.IGNORECASE,
)
"""A number of five digits that is called one: "meine Nummer 12345", "…, nr 12345 glaub ich"."""
_UNDER_NUMBER = re.compile(r"(?:^|\s)(?:unter|under)\s([1-9]\d{4})(?=[.!?]?\s*$|[.!?,;)]\s)", re.IGNORECASE)
_BARE_NUMBER = re.compile(
    r"(?:^|(?<![nN][rRoO])[.!?:;,)] +|[(/|·,\u2013] ?|- )(?:[Nn]r\.? ?|[Nn]o\.? ?|#)?([1-9]\d{4})"
    r"(?=\)|[.!?]?\s*$|[.!?](?:\s|$)|\s?[|·/,\u2013]| -)"
)
_NAME_AND_NUMBER = re.compile(r"^[^\W\d][^\d]{1,40}[\s,/|]([1-9]\d{4})\s*$")
_INTERNAL = re.compile(
    r"(?<![\w.@-])((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,4}(?:intern|lan|corp|localdomain|home\.arpa))(?![\w-]|\.\w)",
    re.IGNORECASE,
)
"""Names of machines below a domain that exists inside a network only."""
_PROMPT = re.compile(r"(?<![\w.-])[a-z_][\w-]{0,31}@([A-Za-z][\w-]{1,40}):[~/][\w/.~-]{0,80}[#$](?!\w)")
"""A shell's prompt, as people paste it: "root@db-osl-3:~$"."""
_DEFANGED = re.compile(r" ?[\[(](?:\.|dot|punkt)[\])] ?", re.IGNORECASE)  # "example[.]net", as reports write it
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@((?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24})(?![\w-])")
_MAILBOX_HOSTS = frozenset(
    {
        "gmail.com", "googlemail.com", "gmx.de", "gmx.net", "gmx.at", "gmx.ch", "web.de", "t-online.de", "freenet.de",
        "outlook.com", "outlook.de", "hotmail.com", "hotmail.de", "hotmail.co.uk", "live.com", "yahoo.com", "yahoo.de",
        "yahoo.co.uk", "icloud.com", "me.com", "aol.com", "proton.me", "protonmail.com", "posteo.de", "mailbox.org",
        "arcor.de", "bluewin.ch", "btinternet.com",
    }
)  # fmt: skip


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReferencePatterns:
    """The patterns by type; the operator may override each in `[references]`.

    The value is the first group, or the whole hit where a pattern has none. `own_domains` are those of the desk,
    which are never a reference.
    """

    customer_number: tuple[re.Pattern[str], ...] = (_compiled(_CUSTOMER),)
    order: tuple[re.Pattern[str], ...] = (_compiled(_HASH_ORDER), re.compile(_ORDER_CODE), _compiled(_ORDER))
    invoice: tuple[re.Pattern[str], ...] = (re.compile(_INVOICE_CODE), _compiled(_INVOICE), re.compile(_INVOICE_YEAR))
    server: tuple[re.Pattern[str], ...] = ()
    bare_customer_number: bool = True
    overridden: frozenset[ReferenceType] = frozenset()
    own_domains: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def build(cls, overrides: Mapping[str, str] | None = None, own_domains: Iterable[str] = ()) -> "ReferencePatterns":
        """Patterns from `[references]` of the configuration: `customer_number`, `order`, `invoice`, `server`.

        Raises:
            ValueError: an unknown name, a pattern that does not compile, or one that may take more than linear time.
        """
        base = cls(own_domains=frozenset(domain.lower() for domain in own_domains))
        for name, text in (overrides or {}).items():
            if name not in {"customer_number", "order", "invoice", "server"}:
                raise ValueError(f"[references] knows customer_number, order, invoice and server, not {name!r}")
            base = _overridden(base, name, (_checked(name, text),))
        return base


def _overridden(base: ReferencePatterns, name: str, patterns: tuple[re.Pattern[str], ...]) -> ReferencePatterns:
    match name:
        case "customer_number":
            base = replace(base, overridden=base.overridden | {ReferenceType.CUSTOMER})
            return replace(base, customer_number=patterns, bare_customer_number=False)
        case "order":
            return replace(base, order=patterns, overridden=base.overridden | {ReferenceType.ORDER})
        case "invoice":
            return replace(base, invoice=patterns, overridden=base.overridden | {ReferenceType.INVOICE})
        case _:
            return replace(base, server=patterns)


MAX_PATTERN = 500
_NESTED = re.compile(r"[*+}]\)*[*+{]|\\[1-9]|\(\?P=|\(\?\(")
_GROUP_REPEATED = re.compile(r"\)(?:[*+]|\{\d*,\d*\})")


def _checked(name: str, text: str) -> re.Pattern[str]:
    """A pattern of the operator; repeated groups and back references are refused: they may take exponential time."""
    if len(text) > MAX_PATTERN:
        raise ValueError(f"[references] {name} is longer than {MAX_PATTERN} characters")
    if _NESTED.search(text) or _GROUP_REPEATED.search(text):
        raise ValueError(f"[references] {name} repeats a group or refers back; write the repeat out")
    try:
        return _compiled(text)
    except re.error as error:
        raise ValueError(f"[references] {name}: {error}") from error


def find_references(subject: str, text: str, patterns: ReferencePatterns) -> tuple[Reference, ...]:
    """Everything in subject and text that names something, each once, in the order of the text.

    The author's own address below the text is none: domains and addresses of mailboxes in a signature do not count,
    a customer number there does.
    """
    parts = split_signature(bounded(text))
    found: dict[tuple[ReferenceType, str], None] = {}
    topic = topic_of(f"{bounded(subject)}\n{parts.body}")
    _collect(bounded(subject).replace("\n", " "), patterns, found, topic, _HEADING)
    for line in parts.body.splitlines():
        _collect(line, patterns, found, topic, _FINDERS)
    for line in parts.signature.splitlines():
        _collect(line, patterns, found, topic, _HEADING, below=True)
    return tuple(Reference(kind, value) for kind, value in _once(list(found)[:MAX_REFERENCES]))


def _once(found: list[tuple[ReferenceType, str]]) -> list[tuple[ReferenceType, str]]:
    """Without the short form of an invoice that is named in full too: "RE-2025-08817 … RE 08817"."""
    invoices = [value for kind, value in found if kind is ReferenceType.INVOICE]

    def is_short(value: str) -> bool:
        digits = value.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz -_/")
        return any(
            other != value and len(digits) >= 4 and other.endswith(("-" + digits, "/" + digits)) for other in invoices
        )

    return [(kind, value) for kind, value in found if kind is not ReferenceType.INVOICE or not is_short(value)]


def _collect(
    line: str,
    patterns: ReferencePatterns,
    found: dict[tuple[ReferenceType, str], None],
    topic: ReferenceType | None,
    finders: Iterable["_Finder"],
    *,
    below: bool = False,
) -> None:
    hits: list[tuple[int, ReferenceType, str]] = []
    rest = whole = _DEFANGED.sub(".", line)

    def around(rest: str, patterns: ReferencePatterns) -> Iterator[_Hit]:
        known = {value for _, value in found}  # what is an order in the subject is none of the invoices paid for it
        return (hit for hit in numbers(whole, rest, topic) if hit[2] not in patterns.overridden and hit[3] not in known)

    def named(rest: str, patterns: ReferencePatterns) -> Iterator[_Hit]:
        return (hit for hit in named_numbers(rest) if hit[2] not in patterns.overridden)

    for finder in (named, *_FIRST, around, *finders):
        for start, end, kind, value in list(finder(rest, patterns)):
            rest = rest[:start] + " " * (end - start) + rest[end:]
            if kind and not (below and kind in {ReferenceType.DOMAIN, ReferenceType.SERVER}):
                hits.append((start, kind, value))
    for _, kind, value in sorted(hits, key=lambda hit: hit[0]):
        found.setdefault((kind, value))


_Hit = tuple[int, int, ReferenceType | None, str]
_Finder = Callable[[str, ReferencePatterns], Iterator[_Hit]]


_GROUPED = re.compile(r"(?<=\d)[. ](?=\d{3}\b)")
_NUMBERS = frozenset({ReferenceType.CUSTOMER, ReferenceType.ORDER})


def _by(patterns: Iterable[re.Pattern[str]], line: str, kind: ReferenceType | None) -> Iterator[_Hit]:
    taken: list[tuple[int, int]] = []
    for pattern in patterns:
        for match in pattern.finditer(line):
            start, end = match.span()
            if any(start < other_end and other_start < end for other_start, other_end in taken):
                continue
            taken.append((start, end))
            value = (match.group(1) if pattern.groups else match.group()) or match.group()
            yield start, end, kind, _GROUPED.sub("", value) if kind in _NUMBERS else value
            if kind is not None and value.isdecimal():
                yield from _listed(line, end, kind, len(value))


def _listed(line: str, end: int, kind: ReferenceType, digits: int) -> Iterator[_Hit]:
    """The numbers of as many digits that follow one in a list."""
    while (following := _AND_NEXT.match(line, end)) and len(following.group(1)) == digits:
        end = following.end()
        yield following.start(), end, kind, following.group(1)


def _customers(line: str, patterns: ReferencePatterns) -> Iterator[_Hit]:
    return _by(patterns.customer_number, line, ReferenceType.CUSTOMER)


def _orders(line: str, patterns: ReferencePatterns) -> Iterator[_Hit]:
    return _by(patterns.order, line, ReferenceType.ORDER)


def _invoices(line: str, patterns: ReferencePatterns) -> Iterator[_Hit]:
    return _by(patterns.invoice, line, ReferenceType.INVOICE)


def _noise(line: str, patterns: ReferencePatterns) -> Iterator[_Hit]:
    del patterns
    return _by(_BLANKED, line, None)


_ADDRESSES = (_compiled(_IPV4), _compiled(_IPV6))


def _addresses(line: str, patterns: ReferencePatterns) -> Iterator[_Hit]:
    del patterns
    for start, end, _, value in _by(_ADDRESSES, line, None):
        address = _address(value.rstrip(":") if value.endswith(":") and not value.endswith("::") else value)
        if address:
            yield start, end, ReferenceType.IP, address


def _address(text: str) -> str | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return None if address.is_loopback or address.is_unspecified else text.lower()


def _mailboxes(line: str, patterns: ReferencePatterns) -> Iterator[_Hit]:
    """The domain behind an @; one of the big providers of mailboxes is nobody's own domain."""
    for start, end, _, value in _by((_EMAIL,), line, None):
        domain = domain_of_host(value)
        own = domain in patterns.own_domains or domain in _MAILBOX_HOSTS
        yield start, end, None if own or not domain else ReferenceType.DOMAIN, domain or ""


_DOMAINS = (_compiled(_DOMAIN),)


def _domains(line: str, patterns: ReferencePatterns) -> Iterator[_Hit]:
    for start, end, _, value in _by(_DOMAINS, line, None):
        domain = domain_of_host(value)
        if domain:
            nobodys = domain in patterns.own_domains or domain in _MAILBOX_HOSTS
            yield start, end, None if nobodys else ReferenceType.DOMAIN, domain


_SERVER_LIKE = _compiled(_SERVER)
_NAMED = _compiled(_NAMED_SERVER)
_NO_MACHINE = re.compile(
    r"\b(?:database|datenbank|tabelle|table|schema|user|benutzer|bucket|branch|plugin|package|db)\s$", re.IGNORECASE
)
_COMPOUND = re.compile(r"-[A-Z][a-z]{2,30}$")  # "srv-web-01-Neustart"


def _servers(line: str, patterns: ReferencePatterns) -> Iterator[_Hit]:
    if patterns.server:
        yield from _by(patterns.server, line, ReferenceType.SERVER)
        return
    yield from _by((_INTERNAL, _NAMED, _PROMPT), line, ReferenceType.SERVER)
    for match in _SERVER_LIKE.finditer(line):
        (start, end), value = match.span(), match[1]
        if value.isalpha():
            continue  # most words are no more than words
        name = value if is_server_name(value) else _COMPOUND.sub("", value)
        if is_server_name(name) and not _NO_MACHINE.search(line, max(0, start - 14), start):
            yield start, end, ReferenceType.SERVER, name


def _bare(line: str, patterns: ReferencePatterns) -> Iterator[_Hit]:
    """A number of five digits that stands alone is the customer number, as people put it below a mail."""
    if patterns.bare_customer_number and len(line) <= 300:
        yield from _by((_BARE_NUMBER, _SAID_NUMBER, _UNDER_NUMBER), line, ReferenceType.CUSTOMER)


def _below(line: str, patterns: ReferencePatterns) -> Iterator[_Hit]:
    """A number of five digits behind a name in a signature, or at the end of a short subject."""
    if patterns.bare_customer_number and len(line) <= 60:
        for hit in _by((_NAME_AND_NUMBER,), line, ReferenceType.CUSTOMER):
            if not hit[3].endswith("000") and word_before(line, line.rindex(hit[3])) is None:
                yield hit


_FIRST: tuple[_Finder, ...] = (_customers, _invoices, _orders, _noise, _addresses, _mailboxes, _domains, _servers)
_FINDERS: tuple[_Finder, ...] = (_bare,)
_HEADING: tuple[_Finder, ...] = (_bare, _below)
"""What is looked for first, what at last in the lines of a text, and what in subject and signature."""
