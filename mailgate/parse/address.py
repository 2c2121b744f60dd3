"""Mailboxes of a header field: a strict grammar for From, and a forgiving reader for all the rest.

`strict_mailbox` is the one bracket of truth (threats ID-08 to ID-16): what it does not accept is never acted on as
anyone's. `recover` gives the best guess for people to look at. Both are linear.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from mailgate.core.mail.mail import Mailbox
from mailgate.parse.clean import clean_line
from mailgate.parse.words import decode_words

_MAX_FROM: Final = 2048  # characters of an unfolded From
_MAX_MAILBOXES: Final = 500
_ATEXT: Final = r"A-Za-z0-9!#$%&'*+\-/=?^_`{|}~\x80-\ud7ff\ue000-\U0010ffff"
_QUOTED: Final = r'"(?:[^"\\]++|\\.)*+"'
_LOCAL: Final = rf"(?:[{_ATEXT}]++(?:\.[{_ATEXT}]++)*+|{_QUOTED})"
_DOMAIN: Final = rf"[{_ATEXT}]++(?:\.[{_ATEXT}]++)*+"
# phrase of RFC 5322 §3.2.5 with the dots of §4.1 (`John Q. Public`), no comments
_STRICT: Final = re.compile(
    rf"[ \t]*+(?:(?P<phrase>(?:[{_ATEXT}. \t]++|{_QUOTED})*+)<(?P<angle>{_LOCAL}@{_DOMAIN})>"
    rf"|(?P<bare>{_LOCAL}@{_DOMAIN}))[ \t]*+"
)
_LOOSE_DOMAIN: Final = rf"(?:[{_ATEXT}.]++|\[[^\[\]\s]{{1,100}}+\])"
_ADDRESS: Final = re.compile(rf"(?:[{_ATEXT}.]++|{_QUOTED})@{_LOOSE_DOMAIN}")
_ADDRESS_WITHIN: Final = re.compile(rf"(?<![{_ATEXT}.])[{_ATEXT}.]++@{_LOOSE_DOMAIN}")
_QUOTED_OPEN: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_TOKEN: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[^"(),;:<>\\]++|\\.|.', re.DOTALL)
_PLAIN_TOKEN: Final = re.compile(r"[^(),;:<>]++|.", re.DOTALL)
_CONTROL: Final = re.compile("[\x00-\x08\x0a-\x1f\x7f]")
_LABEL_CATEGORIES: Final = ("L", "N", "M")
_SAFE_QUOTED: Final = re.compile(r"[^@<>()\[\]\\,;:\"]*+")


@dataclass(frozen=True, slots=True)
class Strict:
    """What the strict grammar says about a From value: the mailbox, or the reasons why it is none."""

    mailbox: Mailbox | None
    doubt: tuple[str, ...]


def strict_mailbox(value: str) -> Strict:
    """Read `addr` or `phrase <addr>` and nothing else; `value` is unfolded, its encoded words not yet decoded."""
    if len(value) > _MAX_FROM:
        return Strict(None, ("too-long",))
    if _CONTROL.search(value):
        return Strict(None, ("control-character",))
    match = _STRICT.fullmatch(value)
    if match is None:
        return Strict(None, _why_not(value))
    address = match["angle"] or match["bare"]
    name = _name_of(match["phrase"] or "")
    local, _, domain = address.rpartition("@")
    doubt = [*_doubt_local(local), *_doubt_domain(domain)]
    if "=?" in address:
        doubt.append("encoded-address")
    if any(char in name for char in "<>") and '"' not in (match["phrase"] or ""):
        doubt.append("name-holds-brackets")
    return Strict(Mailbox(name, plain_address(address)), tuple(doubt))


def _why_not(value: str) -> tuple[str, ...]:
    """Names for what stands in a From value that the grammar does not know. Quoted text does not count."""
    bare = re.sub(_QUOTED, "", value)
    signs = {
        "empty": not value.strip(),
        "comment": "(" in bare or ")" in bare,
        "several-mailboxes": "," in bare,
        "group": ":" in bare or ";" in bare,
        "route": "<@" in bare,
        "brackets": bare.count("<") > 1 or bare.count(">") > 1 or bare.count("<") != bare.count(">"),
        "address-literal": "@[" in bare,
        "trailing-dot": ".>" in bare or bare.rstrip().endswith("."),
        "encoded-address": "=?" in bare and "@" not in bare,
        "two-addresses": bare.count("@") > 1,
        "no-address": "@" not in bare and "=?" not in bare,
        "quote-unclosed": '"' in bare,
    }
    return tuple(name for name, found in signs.items() if found) or ("not-the-grammar",)


def _doubt_local(local: str) -> list[str]:
    if not local.startswith('"'):
        return [] if local.isascii() else ["local-part-not-ascii"]
    return [] if _SAFE_QUOTED.fullmatch(local[1:-1]) else ["quoted-local-part"]


def _doubt_domain(domain: str) -> list[str]:
    """Letters, digits and hyphens, or the letters of an internationalised name as they are stored (NFC)."""
    if domain.isascii():
        return [] if re.fullmatch(r"[A-Za-z0-9.-]++", domain) else ["domain-characters"]
    known = all(char in ".-" or unicodedata.category(char)[0] in _LABEL_CATEGORIES for char in domain)
    return [] if known and unicodedata.is_normalized("NFKC", domain.lower()) else ["domain-characters"]


def plain_address(address: str) -> str:
    """An addr_spec in its plain form: blanks gone, a needlessly quoted local part unquoted (RFC 5321 §4.1.2)."""
    local, _, domain = address.rpartition("@")
    if len(local) > 2 and local[0] == local[-1] == '"':
        content = re.sub(r"\\(.)", r"\1", local[1:-1])
        if re.fullmatch(rf"[{_ATEXT}]++(?:\.[{_ATEXT}]++)*+", content):
            local = content
    return clean_line(f"{local}@{domain}")


def _name_of(phrase: str) -> str:
    """The display name that a phrase means: words decoded, quotes and escapes gone."""
    text = phrase.strip()
    if '"' in text:
        text = _QUOTED_OPEN.sub(_unquote, text)
    return " ".join(clean_line(decode_words(text)).split())


def _unquote(found: re.Match[str]) -> str:
    return re.sub(r"\\(.)", r"\1", found[0].strip('"'))


def recover(value: str) -> list[Mailbox]:
    """All mailboxes that a field may mean, in order; groups are opened, broken forms guessed at.

    A single word without `@` counts as a local name; other text without any address is a name, with "" as address.
    """
    found: list[Mailbox] = []
    for item in _split(value):
        mailbox = _guess(item)
        if mailbox is None:
            continue
        if found and "@" not in found[-1].address and item.angle is not None and "@" in mailbox.address:
            last = found.pop()  # `Miller, Jane <jane@example.org>` without quotes
            mailbox = Mailbox(f"{last.name or last.address}, {mailbox.name}".strip(", "), mailbox.address)
        found.append(mailbox)
        if len(found) >= _MAX_MAILBOXES:
            break
    return found


@dataclass(slots=True)
class _Item:
    """One stretch between commas: text outside of brackets, what stands inside (None without any), comments."""

    text: str
    angle: str | None
    comment: str


class _Splitter:
    """Cuts a value at commas and semicolons outside of quotes, brackets and comments."""

    def __init__(self) -> None:
        self.items: list[_Item] = []
        self.text: list[str] = []
        self.angle: list[str] | None = None
        self.comment: list[str] = []
        self.inside_angle = False
        self.has_at = False
        self.depth = 0

    def close(self) -> None:
        text = "".join(self.text)
        if text.strip() or self.angle is not None:
            angle = None if self.angle is None else "".join(self.angle)
            self.items.append(_Item(text, angle, "".join(self.comment)))
        self.text, self.angle, self.comment, self.has_at, self.inside_angle = [], None, [], False, False

    def take(self, sign: str) -> None:
        if self.depth or (sign == "(" and not self.inside_angle):
            self.depth += (sign == "(") - (sign == ")")
            if self.depth and (self.comment or sign != "("):
                self.comment.append(sign)
        elif sign == "<":
            self.inside_angle, self.angle = True, []
        elif self.inside_angle and sign == ">":
            self.inside_angle = False
        elif self.inside_angle and self.angle is not None:
            self.angle.append(sign)
        elif sign in (",", ";"):
            self.close()
        elif sign == ":" and self.angle is None and not self.has_at:
            self.text = []  # the name of a group (RFC 5322 §3.4)
        else:
            self.has_at = self.has_at or "@" in sign
            self.text.append(sign)


def _split(value: str) -> list[_Item]:
    splitter = _Splitter()
    at = 0
    for found in _TOKEN.finditer(value):
        token = found[0]
        if token[0] == '"' and (len(token) == 1 or token[-1] != '"') and not splitter.depth:
            at = found.start() + 1  # a quote that never ends is no quote
            break
        splitter.take(token)
    else:
        at = len(value)
    for token in _PLAIN_TOKEN.findall(value, at):
        splitter.take(token)
    splitter.close()
    return splitter.items


def _guess(item: _Item) -> Mailbox | None:
    """The mailbox of one item; None where it says nothing."""
    if item.angle is not None:
        address = _address_in(item.angle) or _address_in(decode_words(item.angle))
        if address is None and "@" not in item.text and re.fullmatch(r"[\w.+-]{1,64}", item.angle.strip()):
            address = item.angle.strip()  # a local name, as old and internal mail has them
        if address is not None:
            return Mailbox(_name_of(item.text), address)
    text = item.text.strip()
    match = _find_address(text) or _find_address(text := decode_words(text))
    if match is None:
        name = _name_of(item.text) or clean_line(item.angle or "")
        if item.angle is None and re.fullmatch(r"[\w.+-]{1,64}", name):
            return Mailbox("", name)
        return Mailbox(name, "") if name else None
    rest = (text[: match.start()] + " " + text[match.end() :]).strip(" <>\"'.")
    return Mailbox(_name_of(rest or item.comment), plain_address(match[0].rstrip(".")))


def _find_address(text: str) -> re.Match[str] | None:
    return _ADDRESS.fullmatch(text) or _ADDRESS_WITHIN.search(text)


def _address_in(inner: str) -> str | None:
    """The addr_spec inside angle brackets; routes (RFC 5322 §4.4) and `mailto:` go."""
    text = inner.strip()
    if text.startswith("@"):
        text = text.rpartition(":")[2]
    text = text.removeprefix("mailto:").strip()
    squeezed = re.sub(r"\s+", "", text)
    match = _ADDRESS.fullmatch(text) or _ADDRESS.fullmatch(squeezed) or _ADDRESS_WITHIN.search(text)
    if match is not None:
        return plain_address(match[0].rstrip("."))
    return clean_line(squeezed) if "@" in squeezed else None
