"""References: what a mail names — customer numbers, orders, invoices, servers, domains, IP addresses.

All patterns run over lines of bounded length and hold no nested repeats, so the work is linear in the text. Each line
is read in one order; what one pattern has taken is blanked, so that no second pattern reads the digits of an IBAN, of a
telephone number or of a domain again.
"""

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from mailgate.core.who.around import Surroundings
from mailgate.core.who.decide import Hit, Seen, decide, look
from mailgate.core.who.forms import (
    ABBREVIATED,
    AND_NEXT,
    BARE_NUMBER,
    BLANKED,
    COMPOUND,
    CUSTOMER,
    DEFANGED,
    DOMAIN,
    EMAIL,
    HASH_ORDER,
    INTERNAL,
    INVOICE,
    INVOICE_CODE,
    INVOICE_YEAR,
    IPV4,
    IPV6,
    MAILBOX_HOSTS,
    MOST_TAGS,
    NAME_AND_NUMBER,
    NAMED_SERVER,
    NEVER,
    NO_MACHINE,
    NUMBER_FOLLOWS,
    ORDER,
    ORDER_CODE,
    PATH,
    PROMPT,
    SAID_NUMBER,
    SERVER,
    TAG,
    UNDER_NUMBER,
)
from mailgate.core.who.hostnames import domain_of_host, is_machine_host, is_server_name
from mailgate.core.who.model import LinearModel
from mailgate.core.who.named import named_numbers
from mailgate.core.who.numbers import numbers, topic_of, word_before
from mailgate.core.who.request import Reference, ReferenceType
from mailgate.core.who.words import bounded, split_signature

MAX_REFERENCES = 50
"""More than this many are no request but a list; the first ones count."""


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReferencePatterns:
    """The patterns by type; the operator may override each in `[references]`.

    The value is the first group, or the whole hit where a pattern has none. `own_domains` are those of the desk,
    which are never a reference.
    """

    customer_number: tuple[re.Pattern[str], ...] = (_compiled(CUSTOMER),)
    order: tuple[re.Pattern[str], ...] = (_compiled(HASH_ORDER), re.compile(ORDER_CODE), _compiled(ORDER))
    invoice: tuple[re.Pattern[str], ...] = (re.compile(INVOICE_CODE), _compiled(INVOICE), re.compile(INVOICE_YEAR))
    server: tuple[re.Pattern[str], ...] = ()
    bare_customer_number: bool = True
    overridden: frozenset[ReferenceType] = frozenset()
    own_domains: frozenset[str] = field(default_factory=frozenset)
    model: LinearModel | None = None

    @property
    def settled(self) -> frozenset[ReferenceType]:
        """The types whose form the operator has told: no other number or name is one."""
        return self.overridden | ({ReferenceType.SERVER} if self.server else frozenset())

    @classmethod
    def build(
        cls,
        overrides: Mapping[str, str] | None = None,
        own_domains: Iterable[str] = (),
        model: LinearModel | None = None,
    ) -> "ReferencePatterns":
        """Patterns from `[references]` of the configuration: `customer_number`, `order`, `invoice`, `server`.

        Raises:
            ValueError: an unknown name, a pattern that does not compile, or one that may take more than linear time.
        """
        base = cls(own_domains=frozenset(domain.lower() for domain in own_domains), model=model)
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
    a customer number there does. Without a model the rules alone decide.
    """
    mail = read_rules(subject, text, patterns)
    hits = mail.hits
    if patterns.model is not None:
        sure = [hit for hit in hits if hit.sure or hit.type in patterns.settled]
        hits = sure + [hit for hit in decide(mail.look(), patterns.model) if hit.type not in patterns.settled]
    why: dict[tuple[ReferenceType, str], str] = {}
    for hit in sorted(hits, key=lambda hit: hit.start):
        if hit.type:
            why.setdefault((hit.type, hit.value), hit.why)
    return tuple(Reference(kind, value, why=why[kind, value]) for kind, value in _once(list(why)[:MAX_REFERENCES]))


@dataclass(frozen=True, slots=True)
class RuleReading:
    """What the rules say about a mail: its text with the subject first, their hits, and the text without all noise."""

    around: Surroundings
    hits: list[Hit]
    blanked: str

    def look(self) -> list[Seen]:
        """What the model decides on."""
        return look(self.around, self.blanked, self.hits)


def read_rules(subject: str, text: str, patterns: ReferencePatterns) -> RuleReading:
    """The rules' reading of a mail."""
    head = DEFANGED.sub(".", bounded(subject).replace("\n", " "))
    parts = split_signature(DEFANGED.sub(".", bounded(text)))
    around = Surroundings.of(
        f"{head}\n\n{parts.body}\n{parts.signature}", len(head) + 2, len(head) + len(parts.body) + 3
    )
    topic, known, hits = topic_of(f"{head}\n{parts.body}"), set[str](), list[Hit]()
    offset = 0
    for line in around.text.split("\n"):
        place = around.place(offset)
        hits += _collect(line, offset, patterns, known, topic, place=place)
        offset += len(line) + 1
    return RuleReading(around, hits, _without(around.text, hits, patterns))


def _without(text: str, hits: Iterable[Hit], patterns: ReferencePatterns) -> str:
    """The text with blanks for what is no candidate: domains, addresses, links, accounts at banks, ticket numbers."""
    spans = [(hit.start, hit.end) for hit in hits if hit.sure or hit.type in patterns.settled]
    for tag in list(dict.fromkeys(TAG.findall(text)))[:MOST_TAGS]:
        spans += [match.span() for match in re.finditer(rf"(?<!\d){tag}(?!\d)", text)]
    kept, last = [], 0
    for start, end in sorted(spans):
        kept += [text[last:start], " " * (end - max(start, last))]
        last = max(last, end)
    return "".join([*kept, text[last:]])


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
    offset: int,
    patterns: ReferencePatterns,
    known: set[str],
    topic: ReferenceType | None,
    *,
    place: str,
) -> list[Hit]:
    """What the rules find in one line that begins at `offset`; `known` are the values of the lines before."""
    hits: list[Hit] = []
    rest = line

    def around(rest: str, patterns: ReferencePatterns) -> Iterator[_Hit]:
        # what is an order in the subject is none of the invoices paid for it
        return (hit for hit in numbers(line, rest, topic) if hit[2] not in patterns.overridden and hit[3] not in known)

    def named(rest: str, patterns: ReferencePatterns) -> Iterator[_Hit]:
        return (hit for hit in named_numbers(rest) if hit[2] not in patterns.overridden)

    for finder in (named, *_FIRST, around, *(_FINDERS if place == "body" else _HEADING)):
        for start, end, kind, value in list(finder(rest, patterns)):
            rest = rest[:start] + " " * (end - start) + rest[end:]
            below = place == "signature" and kind in {ReferenceType.DOMAIN, ReferenceType.SERVER}
            hits.append(Hit(offset + start, offset + end, None if below else kind, value, sure=finder in _SURE))
    known.update(hit.value for hit in hits if hit.type)
    return hits


_Hit = tuple[int, int, ReferenceType | None, str]
_Finder = Callable[[str, ReferencePatterns], Iterator[_Hit]]


def _by(patterns: Iterable[re.Pattern[str]], line: str, kind: ReferenceType | None) -> Iterator[_Hit]:
    taken: list[tuple[int, int]] = []
    for pattern in patterns:
        for match in pattern.finditer(line):
            start, end = match.span()
            if any(start < other_end and other_start < end for other_start, other_end in taken):
                continue
            taken.append((start, end))
            value = (match.group(1) if pattern.groups else match.group()) or match.group()
            yield start, end, kind, value
            if kind is not None and value.isdecimal():
                yield from _listed(line, end, kind, len(value))


def _listed(line: str, end: int, kind: ReferenceType, digits: int) -> Iterator[_Hit]:
    """The numbers of as many digits that follow one in a list."""
    while (following := AND_NEXT.match(line, end)) and len(following.group(1)) == digits:
        end = following.end()
        yield following.start(), end, kind, following.group(1)


def _customers(line: str, patterns: ReferencePatterns) -> Iterator[_Hit]:
    return _by(patterns.customer_number, line, ReferenceType.CUSTOMER)


def _orders(line: str, patterns: ReferencePatterns) -> Iterator[_Hit]:
    return _by(patterns.order, line, ReferenceType.ORDER)


def _invoices(line: str, patterns: ReferencePatterns) -> Iterator[_Hit]:
    return _by(patterns.invoice, line, ReferenceType.INVOICE)


def _never(line: str, patterns: ReferencePatterns) -> Iterator[_Hit]:
    del patterns
    return _by(NEVER, line, None)


def _noise(line: str, patterns: ReferencePatterns) -> Iterator[_Hit]:
    del patterns
    return _by(BLANKED, line, None)


_ADDRESSES = (_compiled(IPV4), _compiled(IPV6))


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
    return None if address.is_loopback or address.is_unspecified or address.is_link_local else text.lower()


def _mailboxes(line: str, patterns: ReferencePatterns) -> Iterator[_Hit]:
    """The domain behind an @; one of the big providers of mailboxes is nobody's own domain."""
    for start, end, _, value in _by((EMAIL,), line, None):
        domain = domain_of_host(value)
        own = domain in patterns.own_domains or domain in MAILBOX_HOSTS
        yield start, end, None if own or not domain else ReferenceType.DOMAIN, domain or ""


_DOMAINS = (_compiled(DOMAIN),)


def _domains(line: str, patterns: ReferencePatterns) -> Iterator[_Hit]:
    for start, stop, _, value in _by(_DOMAINS, line, None):
        domain = domain_of_host(value)
        if domain and not (ABBREVIATED.fullmatch(value) and NUMBER_FOLLOWS.match(line, stop)):
            path = PATH.match(line, stop)  # what stands in a link is no number of its own
            end = path.end() if path else stop
            nobodys = domain in patterns.own_domains or domain in MAILBOX_HOSTS
            kind = ReferenceType.SERVER if is_machine_host(domain) else ReferenceType.DOMAIN
            yield start, end, None if nobodys else kind, domain


_SERVER_LIKE = _compiled(SERVER)
_NAMED = _compiled(NAMED_SERVER)


def _machines(line: str, patterns: ReferencePatterns) -> Iterator[_Hit]:
    """Machines by what stands around them alone: an inner domain, "the server called …", a shell's prompt."""
    return iter(()) if patterns.server else _by((INTERNAL, _NAMED, PROMPT), line, ReferenceType.SERVER)


def _servers(line: str, patterns: ReferencePatterns) -> Iterator[_Hit]:
    if patterns.server:
        yield from _by(patterns.server, line, ReferenceType.SERVER)
        return
    for match in _SERVER_LIKE.finditer(line):
        (start, end), value = match.span(), match[1]
        if value.isalpha():
            continue  # most words are no more than words
        name = value if is_server_name(value) else COMPOUND.sub("", value)
        if is_server_name(name) and not NO_MACHINE.search(line, max(0, start - 14), start):
            yield start, end, ReferenceType.SERVER, name


def _bare(line: str, patterns: ReferencePatterns) -> Iterator[_Hit]:
    """A number of five digits that stands alone is the customer number, as people put it below a mail."""
    if patterns.bare_customer_number and len(line) <= 300:
        yield from _by((BARE_NUMBER, SAID_NUMBER, UNDER_NUMBER), line, ReferenceType.CUSTOMER)


def _below(line: str, patterns: ReferencePatterns) -> Iterator[_Hit]:
    """A number of five digits behind a name in a signature, or at the end of a short subject."""
    if patterns.bare_customer_number and len(line) <= 60:
        for hit in _by((NAME_AND_NUMBER,), line, ReferenceType.CUSTOMER):
            if not hit[3].endswith("000") and word_before(line, line.rindex(hit[3])) is None:
                yield hit


_FIRST: tuple[_Finder, ...] = (
    _customers, _invoices, _orders, _never, _noise, _addresses, _mailboxes, _domains, _machines, _servers,
)  # fmt: skip
_FINDERS: tuple[_Finder, ...] = (_bare,)
_HEADING: tuple[_Finder, ...] = (_bare, _below)
"""What is looked for first, what at last in the lines of a text, and what in subject and signature."""
_SURE: frozenset[_Finder] = frozenset({_never, _addresses, _mailboxes, _domains, _machines})
"""What these find is told by its form alone; the model is not asked."""
