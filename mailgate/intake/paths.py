"""Arguments of MAIL and RCPT by the grammar of RFC 5321 §4.1.2: pure, strict, and without repairs."""

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass

from mailgate.core import reply
from mailgate.core.reply import Reply
from mailgate.core.who.address import canonical_domain

_MAX_ADDRESS = 254  # RFC 5321 §4.5.3.1.3: a path has 256 octets with its brackets
_MAX_LOCAL = 64  # RFC 5321 §4.5.3.1.1; longer ones exist as senders (VERP), so that it binds recipients only

_ATOM = r"[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_QUOTED = re.compile(r'"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])*"')
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?")  # "_" is in use for hosts that send
_PARAMETER = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*)(?:=([\x21-\x3c\x3e-\x7e]+))?")
_ROUTED = frozenset("%!@:")


class BadArgument(Exception):
    """The argument is refused with this reply."""

    def __init__(self, why: Reply) -> None:
        super().__init__(str(why))
        self.why = why


@dataclass(frozen=True, slots=True)
class MailArguments:
    """The reverse-path ("" for `<>`) and the SIZE parameter, 0 where there is none (RFC 1870 §6)."""

    reverse_path: str
    size: int


def parse_mail(arg: str | None, *, extended: bool) -> MailArguments:
    """The argument of MAIL. BadArgument says what is wrong with it."""
    path, rest = _cut(arg, "FROM:", reply.BAD_MAIL)
    if path and not is_mailbox(path):
        raise BadArgument(reply.BAD_SENDER_ADDRESS)
    size = 0
    for name, value in _parameters(rest, extended=extended):
        if name == "SIZE":
            if not value.isdecimal() or len(value) > 20:
                raise BadArgument(reply.BAD_PARAMETER)
            size = int(value)
        elif name == "BODY":
            if value.upper() not in {"7BIT", "8BITMIME"}:
                raise BadArgument(reply.BAD_PARAMETER)
        else:
            raise BadArgument(reply.UNKNOWN_PARAMETER)
    return MailArguments(path, size)


def parse_rcpt(arg: str | None, *, extended: bool, domains: tuple[str, ...], known: Callable[[str], bool]) -> str:
    """The recipient of RCPT, which is an address of ours. BadArgument says why it is none.

    `postmaster` is always ours (RFC 5321 §4.5.1); alone it gets our first domain. What looks like a way to somebody
    else (source route, `%`, `!`, quotes, address literal, another domain) is a relay attempt, unless `known` says that
    exactly this is an address of ours (threats SM-07).
    """
    path, rest = _cut(arg, "TO:", reply.BAD_RCPT)
    if not path:
        raise BadArgument(reply.BAD_RECIPIENT_ADDRESS)
    if path.lower() == "postmaster":
        path = f"{path}@{domains[0]}"
    local, _, domain = path.rpartition("@")
    if not is_mailbox(path) or len(local) > _MAX_LOCAL:
        raise BadArgument(reply.NO_RELAY if _is_routed(local) else reply.BAD_RECIPIENT_ADDRESS)
    if _parameters(rest, extended=extended):
        raise BadArgument(reply.UNKNOWN_PARAMETER)
    ours = canonical_domain(domain) in domains
    if not known(path) and not (ours and local.lower() == "postmaster"):
        raise BadArgument(reply.UNKNOWN_RECIPIENT if ours and not _is_routed(local) else reply.NO_RELAY)
    return path


def is_mailbox(text: str) -> bool:
    """RFC 5321 §4.1.2 Mailbox, ASCII only."""
    local, at, domain = text.rpartition("@")
    if not at or len(text) > _MAX_ADDRESS:
        return False
    return bool(_LOCAL.fullmatch(local) or _QUOTED.fullmatch(local)) and _is_domain(domain)


def _is_routed(local: str) -> bool:
    return local.startswith('"') or not _ROUTED.isdisjoint(local)


def _is_domain(text: str) -> bool:
    if text.startswith("["):
        return _is_literal(text)
    return all(_LABEL.fullmatch(label) for label in text.split("."))


def _is_literal(text: str) -> bool:
    """RFC 5321 §4.1.3: `[192.0.2.1]`, `[IPv6:2001:db8::1]`."""
    inner = text[1:-1]
    try:
        if inner[:5].upper() == "IPV6:":
            ipaddress.IPv6Address(inner[5:])
        else:
            ipaddress.IPv4Address(inner)
    except ValueError:
        return False
    return text.endswith("]") and "%" not in inner  # a zone id means nothing to another host


def _cut(arg: str | None, keyword: str, wrong: Reply) -> tuple[str, str]:
    """The path between the angle brackets, and what follows. A blank after the colon is common, and harmless."""
    if arg is None or arg[: len(keyword)].upper() != keyword:
        raise BadArgument(wrong)
    text = arg[len(keyword) :].lstrip(" ")
    end = _closing(text)
    if end < 0 or (end + 1 < len(text) and text[end + 1] != " "):
        raise BadArgument(wrong)
    return text[1:end], text[end + 1 :]


def _closing(text: str) -> int:
    """Where the bracket that opens `text` is closed; one within quotes is none."""
    if not text.startswith("<"):
        return -1
    quoted = escaped = False
    for index, char in enumerate(text):
        if escaped:
            escaped = False
        elif quoted and char == "\\":
            escaped = True
        elif char == '"':
            quoted = not quoted
        elif char == ">" and not quoted:
            return index
    return -1


def _parameters(text: str, *, extended: bool) -> list[tuple[str, str]]:
    """The ESMTP parameters (RFC 5321 §4.1.1.11), names in upper case; after HELO there may be none."""
    found = [_PARAMETER.fullmatch(word) for word in text.split(" ") if word]
    matches = [match for match in found if match]
    if len(matches) != len(found) or (matches and not extended):
        raise BadArgument(reply.BAD_PARAMETER)
    names = [match[1].upper() for match in matches]
    if len(set(names)) != len(names):
        raise BadArgument(reply.BAD_PARAMETER)
    return [(name, match[2] or "") for name, match in zip(names, matches, strict=True)]
