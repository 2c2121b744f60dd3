"""Who wrote a mail, to whom and when: mail-parser where it finds no defect, our own reading where it does.

From is judged by our own grammar. What mail-parser or the standard library read differently is written down as doubt,
because somebody else's DMARC check may have judged their address (threats ID-08 to ID-16).
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.utils import getaddresses
from typing import Final

from mailparser.dates import parse_mail_date
from mailparser.utils import get_addresses

from mailgate.core.mail.mail import Defect, Mailbox
from mailgate.parse.address import plain_address, recover, strict_mailbox
from mailgate.parse.clean import clean_line
from mailgate.parse.date import plausible, recover_date
from mailgate.parse.header import Header
from mailgate.parse.words import decode_utf7

_LISTS: Final = ("to", "cc", "reply-to", "sender")
_BARE_CR: Final = re.compile(rb"\r(?!\n)")
_MAX_PARSED: Final = 16 * 1024  # bytes of all fields together that mail-parser gets to see


@dataclass(frozen=True, slots=True)
class People:
    """The mailboxes and the date of a header; `author_doubt` as in `ParsedMail`."""

    author: Mailbox | None
    author_doubt: tuple[str, ...]
    sender: Mailbox | None
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    reply_to: tuple[Mailbox, ...]
    date: datetime | None
    defects: tuple[Defect, ...]


def read_people(header: Header, section: bytes, hint: str | None = None) -> People:
    """Read the address fields and Date. `section` are the bytes of the header section, as they came."""
    values: dict[str, list[str]] = {}
    for item in header.fields:
        if item.name in ("from", "date", *_LISTS):
            values.setdefault(item.name, []).append(item.text(hint))
    second = _second_opinion(values)
    defects: list[Defect] = []
    author, doubt = _read_author(header, section, values.get("from", []), second)
    lists = {name: _read_list(name, values.get(name, []), second, defects) for name in _LISTS}
    author = author and _with_name(author, hint)
    lists = {name: tuple(_with_name(item, hint) for item in mailboxes) for name, mailboxes in lists.items()}
    date = _read_date(values.get("date", []), second, defects)
    if author is not None and "@" in author.name and author.name.lower() != author.address.lower():
        defects.append(Defect("name-holds-address", author.name[:120]))  # ID-08: shown, never used
    return People(
        author=author,
        author_doubt=doubt,
        sender=lists["sender"][0] if lists["sender"] else None,
        to=lists["to"],
        cc=lists["cc"],
        reply_to=lists["reply-to"],
        date=date,
        defects=tuple(defects),
    )


@dataclass(slots=True)
class _Second:
    """What mail-parser reads: mailboxes of the first field of each name, names that it finds flawed, the date.

    Its functions for one field each are asked, because the whole parser also looks for parts, which is twice the work.
    """

    mailboxes: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    flawed: set[str] = field(default_factory=set)
    date: datetime | None = None


def _second_opinion(values: dict[str, list[str]]) -> _Second | None:
    """What mail-parser says about these fields and no others; None where it fails or they are very long."""
    if sum(len(value) for item in values.values() for value in item) > _MAX_PARSED:
        return None
    second = _Second()
    try:
        for name, items in values.items():
            _ask(second, name, items)
    except (MessageError, ValueError, TypeError, AttributeError, LookupError, RecursionError):
        return None  # the caller reads alone, and says so where it matters
    return second


def _ask(second: _Second, name: str, items: list[str]) -> None:
    if name == "date":
        result = parse_mail_date(items[0])
        second.date = result.value
        if result.reasons:
            second.flawed.add(name)
    elif name != "sender":
        defects: list[object] = []
        found = get_addresses(items[0], defects=defects, decode_names=True)
        second.mailboxes[name] = [("" if who == what else who, what) for who, what in found if what]
        if defects:
            second.flawed.add(name)


def _read_author(
    header: Header, section: bytes, values: list[str], second: _Second | None
) -> tuple[Mailbox | None, tuple[str, ...]]:
    if not values:
        return None, ("no-from",)
    doubt = _doubt_header(header, section)
    if len(values) > 1:
        doubt.append("several-from-fields")
    strict = strict_mailbox(values[0])
    doubt += strict.doubt
    author = strict.mailbox
    if author is None:
        guesses = recover(values[0])
        author = next((item for item in guesses if item.address), guesses[0] if guesses else None)
    elif not strict.doubt:
        doubt += _disagreement(values[0], author, second)
    return author, tuple(dict.fromkeys(doubt))


def _doubt_header(header: Header, section: bytes) -> list[str]:
    """What makes other programs see another From field than we do."""
    doubt = [code for item in header.fields if item.name == "from" for code in item.oddities]
    doubt += [item.code for item in header.defects if item.code in ("blank-before-header", "folding-lost")]
    if any(item.code == "foreign-line" and not item.detail.startswith(("From ", ">From ")) for item in header.defects):
        doubt.append("foreign-line")
    if b"\0" in section:
        doubt.append("nul-in-header")
    if b"\r" in section and _BARE_CR.search(section):
        doubt.append("bare-cr-in-header")
    return doubt


def _disagreement(value: str, author: Mailbox, second: _Second | None) -> list[str]:
    """Names of the parsers that read another mailbox out of a From that our grammar accepts."""
    wanted = [author.address.lower()]
    doubt = []
    if second is None:
        doubt.append("mail-parser-failed")
    else:
        seen = [plain_address(str(pair[1])).lower() for pair in second.mailboxes.get("from", [])]
        if seen != wanted or "from" in second.flawed:
            doubt.append("mail-parser-disagrees")
    try:
        stdlib = [plain_address(address).lower() for _, address in getaddresses([value]) if address]
    except (ValueError, IndexError, RecursionError):
        stdlib = []
    if stdlib != wanted:
        doubt.append("stdlib-disagrees")
    return doubt


def _read_list(name: str, values: list[str], second: _Second | None, defects: list[Defect]) -> tuple[Mailbox, ...]:
    """All mailboxes of the fields of one name that have an address."""
    if not values:
        return ()
    if len(values) > 1:
        defects.append(Defect("field-repeated", name))
    elif name != "sender" and second is not None and name not in second.flawed:
        found = [Mailbox(clean_line(who), plain_address(what)) for who, what in second.mailboxes.get(name, [])]
        if found and not any("=?" in item.name or "\ufffd" in item.name for item in found):
            return tuple(found)
    mailboxes = [item for value in values for item in recover(value)]
    if any("@" not in item.address for item in mailboxes):
        defects.append(Defect("address-missing", name))
    return tuple(item for item in mailboxes if "@" in item.address)


def _with_name(mailbox: Mailbox, hint: str | None) -> Mailbox:
    """The name read as UTF-7 where the body is: only now that the address is found, and unless it imitates one."""
    name = clean_line(decode_utf7(mailbox.name, hint))
    return mailbox if name == mailbox.name or any(mark in name for mark in "<>@") else Mailbox(name, mailbox.address)


def _read_date(values: list[str], second: _Second | None, defects: list[Defect]) -> datetime | None:
    if not values:
        defects.append(Defect("date-missing"))
        return None
    date = plausible(second.date) if second is not None and second.date is not None else None
    if date is not None and second is not None and "date" not in second.flawed:
        return date
    date = date or recover_date(values[0])
    defects.append(Defect("date-broken", clean_line(values[0])[:80]))
    return date
