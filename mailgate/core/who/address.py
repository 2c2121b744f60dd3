"""Addresses as identities: one canonical spelling, compared exactly (docs/policy.md, "Addresses").

Two addresses are the same person's only where their canonical forms are equal. ASCII letters are lowered, a domain
is its IDNA2008 A-label, and nothing else is mapped: no case folding, no NFKC, no plus or dot equivalence. What has no
canonical form (address literals, IP addresses, a trailing dot, a domain that IDNA2008 forbids) is nobody's address.
Python's own `idna` codec is never used: it maps `bank。de` to `bank.de` and `faß.de` to `fass.de`.
"""

import re
import unicodedata
from functools import lru_cache

import idna

from mailgate.core.who.lookalike import lookalike

__all__ = ["canonical", "canonical_domain", "domain_of", "is_shared_domain", "lookalike", "same", "split"]

MAX_LOCAL = 64  # octets, RFC 5321 §4.5.3.1.1
MAX_ADDRESS = 254  # octets, RFC 5321 §4.5.3.1.3 less the angle brackets
MAX_DOMAIN = 253

_PLAIN_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_ATEXT = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~")
_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
_FORBIDDEN = frozenset(("Cc", "Cs", "Zs", "Zl", "Zp"))  # controls, surrogates, every kind of space

_PROVIDERS = """
    gmail.com googlemail.com outlook.com outlook.de hotmail.com hotmail.de hotmail.fr hotmail.co.uk live.com live.de
    live.nl msn.com yahoo.com yahoo.de yahoo.fr yahoo.co.uk yahoo.co.jp ymail.com rocketmail.com aol.com aol.de
    icloud.com me.com mac.com gmx.de gmx.net gmx.at gmx.ch gmx.com gmx.org gmx.eu web.de t-online.de magenta.de
    freenet.de arcor.de vodafone.de vodafonemail.de kabelmail.de unitybox.de online.de email.de mail.de posteo.de
    posteo.net mailbox.org tutanota.com tutanota.de tuta.io tuta.com tutamail.com keemail.me proton.me protonmail.com
    protonmail.ch pm.me fastmail.com fastmail.fm hey.com zoho.com zohomail.eu mail.com mail.ru inbox.ru list.ru bk.ru
    yandex.ru yandex.com rambler.ru ukr.net qq.com 163.com 126.com sina.com naver.com hanmail.net rediffmail.com
    bluewin.ch hispeed.ch sunrise.ch aon.at a1.net chello.at utanet.at orange.fr wanadoo.fr free.fr laposte.net sfr.fr
    libero.it virgilio.it tiscali.it alice.it telenet.be skynet.be ziggo.nl kpnmail.nl planet.nl xs4all.nl wp.pl o2.pl
    onet.pl interia.pl seznam.cz centrum.cz centrum.sk btinternet.com sky.com ntlworld.com virginmedia.com comcast.net
    verizon.net att.net sbcglobal.net cox.net shaw.ca rogers.com bigpond.com optusnet.com.au mailinator.com
    guerrillamail.com trashmail.com trash-mail.com byom.de wegwerfmail.de 1und1.de onmicrosoft.com
"""

_REGISTRIES = """
    co.uk org.uk me.uk ac.uk gov.uk ltd.uk plc.uk com.au net.au org.au co.nz net.nz org.nz co.za org.za com.br net.br
    com.ar com.mx com.tr com.cn net.cn org.cn co.jp or.jp ne.jp ac.jp co.kr or.kr co.in net.in org.in com.sg com.hk
    com.tw com.my co.id co.th com.ua com.ru com.pl net.pl org.pl co.at or.at gv.at ac.at com.es org.es com.pt com.gr
    co.il org.il com.de eu.com uk.com us.com de.com gb.net com.se in.net co.com github.io gitlab.io herokuapp.com
    cloudfront.net amazonaws.com azurewebsites.net blogspot.com dyndns.org ddns.net no-ip.org spdns.de goip.de
    web.app firebaseapp.com netlify.app vercel.app pages.dev workers.dev
"""

_SHARED = frozenset(_PROVIDERS.split())
_SUFFIXES = frozenset(_REGISTRIES.split())


def split(addr: str) -> tuple[str, str] | None:
    """Local part and domain as stated, cut at the last `@` outside quotes; None where either is missing."""
    local, at, domain = addr.rpartition("@")
    if not at or not local or not domain or '"' in domain:
        return None
    return local, domain


@lru_cache(maxsize=4096)
def canonical(addr: str) -> str | None:
    """The one spelling by which an address is compared, or None where it can be nobody's.

    A quoted local part loses its quotes where it does not need them (RFC 5321 §4.1.2: `"anna"@x` is `anna@x`).
    """
    if len(addr) > 2 * MAX_ADDRESS:
        return None
    parts = split(addr)
    if parts is None:
        return None
    local, domain = _canonical_local(parts[0]), canonical_domain(parts[1])
    if local is None or domain is None or len(local.encode()) > MAX_LOCAL:
        return None
    whole = f"{local}@{domain}"
    return whole if len(whole.encode()) <= MAX_ADDRESS else None


@lru_cache(maxsize=4096)
def canonical_domain(domain: str) -> str | None:
    """A domain as lower-case A-labels by IDNA2008, without any mapping; None where it is not a host name."""
    lowered = domain.translate(_LOWER)
    if not lowered or len(lowered) > MAX_DOMAIN or lowered.endswith("."):
        return None
    labels = lowered.split(".")
    if not all(_is_plain(label) for label in labels):
        try:
            lowered = idna.encode(lowered, strict=True).decode("ascii")
        except (UnicodeError, ValueError, IndexError):  # IDNAError is a UnicodeError
            return None
        labels = lowered.split(".")
    if labels[-1].isdigit() or len(lowered) > MAX_DOMAIN:  # an IP address is not a domain (RFC 3696 §2)
        return None
    return lowered


def same(a: str, b: str) -> bool:
    """True where both addresses have a canonical form and it is one."""
    left = canonical(a)
    return left is not None and left == canonical(b)


def domain_of(addr: str) -> str | None:
    """The canonical domain of an address, None where the address has no canonical form."""
    whole = canonical(addr)
    return None if whole is None else whole.rpartition("@")[2]


def is_shared_domain(domain: str) -> bool:
    """True for domains under which strangers get addresses: mail providers, public suffixes, top-level domains."""
    name = canonical_domain(domain)
    return name is None or "." not in name or name in _SHARED or name in _SUFFIXES


def _is_plain(label: str) -> bool:
    return _PLAIN_LABEL.fullmatch(label) is not None and label[2:4] != "--"


def _canonical_local(local: str) -> str | None:
    if len(local) > 2 * MAX_LOCAL + 2:  # room for quoted pairs
        return None
    if local.startswith('"'):
        content = _unquote(local)
        if content is None:
            return None
        content = content.translate(_LOWER)
        if _is_dot_atom(content):
            return content
        escaped = content.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return local.translate(_LOWER) if _is_dot_atom(local) else None


def _unquote(local: str) -> str | None:
    """The content of a quoted string (RFC 5321 §4.1.2), None where it is none."""
    if len(local) < 2 or not local.endswith('"'):
        return None
    content: list[str] = []
    body = iter(local[1:-1])
    for char in body:
        taken = char
        if char == "\\":
            taken = next(body, "")
        elif char == '"':
            return None
        if not taken or (taken != " " and unicodedata.category(taken) in _FORBIDDEN):
            return None
        content.append(taken)
    return "".join(content)


def _is_dot_atom(text: str) -> bool:
    return all(atom and all(_is_atext(char) for char in atom) for atom in text.split("."))


def _is_atext(char: str) -> bool:
    """RFC 5322 §3.2.3 atext, and UTF8-non-ascii of RFC 6532 §3.2 less spaces and controls."""
    return char in _ATEXT or (char >= "\x80" and unicodedata.category(char) not in _FORBIDDEN)
