"""Forged and genuine mails: forms of From × states of authentication × ways in, with real keys.

Used where grades are tested (tests/auth) and where whole mails go through the desk (tests/service, tests/e2e).
"""

import itertools
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime

from support.dns import DnsServer
from support.signing import ed25519_key, rsa_key, sign, with_tags

from mailgate.core.mail.envelope import Client, Envelope, Transport

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DATE = "Mon, 02 Mar 2026 09:00:00 +0000"
OURS = {"support@desk.example", "billing@desk.example"}
EVIL = "evil.example"
BORDER = ("mx.desk.example",)

# Customers' domains with every kind of policy; each victim is anna@ there.
VICTIMS = ("reject.example", "none.example", "plain.example", "my-firma.example", "sub.reject.example")
ZONE = """
_dmarc.reject.example TXT v=DMARC1; p=reject
_dmarc.none.example TXT v=DMARC1; p=none; t=y
_dmarc.my-firma.example TXT v=DMARC1; p=quarantine; adkim=s; aspf=s
reject.example TXT v=spf1 ip4:192.0.2.0/24 -all
sub.reject.example TXT v=spf1 ip4:192.0.2.0/24 -all
none.example TXT v=spf1 ip4:192.0.2.0/24 ~all
plain.example TXT v=spf1 include:shared.example -all
shared.example TXT v=spf1 ip4:192.0.2.0/24 ?all
my-firma.example TXT v=spf1 ip4:192.0.2.0/24 -all
evil.example TXT v=spf1 +all
_dmarc.evil.example TXT v=DMARC1; p=none
broken._domainkey.reject.example SERVFAIL
"""

DESK = """
[desk]
name = "Example Hosting"
domain = "desk.example"
languages = ["de", "en"]

[identity]
authserv_ids = ["mx.desk.example"]

[[departments]]
name = "support"
addresses = ["support@desk.example"]
default = true

[[departments]]
name = "billing"
addresses = ["billing@desk.example"]
contact_role = "billing"
"""


def name_server():
    """A DNS server with the policies and keys of victims and attacker."""
    server = DnsServer(ZONE)
    for domain in VICTIMS:
        server.add(f"rsa._domainkey.{domain}", "TXT", rsa_key().record)
        server.add(f"ed._domainkey.{domain}", "TXT", ed25519_key().record)
        server.add(f"short._domainkey.{domain}", "TXT", rsa_key(768).record)
        server.add(f"test._domainkey.{domain}", "TXT", with_tags(ed25519_key(), "v=DKIM1; k=ed25519; t=y;").record)
    for name in ("evil.example", "reject.example.evil.example", "plain.example.evil.example"):
        server.add(f"ed._domainkey.{name}", "TXT", ed25519_key(1).record)
    return server


@dataclass(frozen=True)
class Letter:
    """What a mail says beside who it claims to be from; `more` are further header fields, each with its line end."""

    to: str = "support@desk.example"
    subject: str = "[vServer 2000] request"
    message_id: str = "1@x.example"
    more: str = ""
    body: str = "please cancel everything\r\n"


LETTER = Letter()
_letter = ContextVar("letter", default=LETTER)


@contextmanager
def writing(letter):
    """Within this block all mails say what `letter` says."""
    token = _letter.set(letter)
    try:
        yield
    finally:
        _letter.reset(token)


def message(author_lines, body=None):
    letter = _letter.get()
    return (
        f"{author_lines}\r\nTo: {letter.to}\r\nSubject: {letter.subject}\r\n"
        f"Date: {DATE}\r\nMessage-ID: <{letter.message_id}>\r\n{letter.more}MIME-Version: 1.0\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{letter.body if body is None else body}"
    ).encode("utf-8", "surrogateescape")


# --- forged ------------------------------------------------------------------------------------------------------

V, E = "{victim}", "eve@evil.example"
FROM_FORMS = {
    "plain": f"From: {V}",
    "brackets": f"From: <{V}>",
    "name": f"From: Anna Berg <{V}>",
    "upper case": "From: ANNA@{DOMAIN}",
    "lower case field": f"from: {V}",
    "quoted local": 'From: "anna"@{domain}',
    "folded": f"From: Anna Berg\r\n <{V}>",
    "encoded name": f"From: =?utf-8?q?J=C3=BCrgen?= <{V}>",
    "name is the victim": f'From: "{V}" <{E}>',
    "name is the victim, unquoted": f"From: {V} <{E}>",
    "name is support": f"From: Support desk <{E}>",
    "encoded victim as name": f"From: =?utf-8?q?anna=40{{domain}}?= <{E}>",
    "encoded victim and bracket": f"From: =?utf-8?q?anna=40{{domain}}_=3C?= <{E}>",
    "encoded address": "From: =?utf-8?q?anna=40{domain}?=",
    "two fields": f"From: {V}\r\nFrom: {E}",
    "two fields, other order": f"From: {E}\r\nFrom: {V}",
    "three fields": f"From: {E}\r\nFrom: {V}\r\nFrom: {V}",
    "two mailboxes": f"From: {V}, {E}",
    "two mailboxes, other order": f"From: {E}, {V}",
    "semicolon": f"From: {V}; {E}",
    "group": f"From: friends: {V};",
    "empty group": "From: friends:;",
    "group after the victim": f"From: {V}:{E};",
    "two brackets": f"From: <{V}><{E}>",
    "two brackets, other order": f"From: <{E}><{V}>",
    "nested brackets": f"From: <{E}<{V}>>",
    "comment": f"From: {E} ({V})",
    "comment before": f"From: ({V}) {E}",
    "comment within": "From: anna(x)@{domain}",
    "comment with bracket": f"From: ({V} <) <{E}>",
    "address and then another": f"From: {V} (x) <{E}>",
    "route": f"From: <@evil.example:{V}>",
    "route through the victim": f"From: <@{{domain}}:{E}>",
    "percent": "From: <anna%{domain}@evil.example>",
    "bang": "From: <{domain}!anna@evil.example>",
    "two at": f"From: <{V}@evil.example>",
    "two at, other order": f"From: <{E}@{{domain}}>",
    "quoted victim at evil": f'From: "{V}"@evil.example',
    "NUL": f"From: {V}\0 <{E}>",
    "NUL inside": f"From: {V}\0.evil.example",
    "space before colon": f"From : {V}\r\nFrom: {E}",
    "bare CR": f"From: {E}\rFrom: {V}",
    "bare LF": f"From: {E}\nFrom: {V}",
    "leading space": f" From: {V}\r\nFrom: {E}",
    "blank fold": f"From: {V}\r\n \r\n <{E}>",
    "no From": f"Sender: {V}",
    "empty From": f"From: \r\nSender: {V}",
    "Resent-From": f"From: {E}\r\nResent-From: {V}",
    "Reply-To and Sender": f"From: {E}\r\nReply-To: {V}\r\nSender: {V}",
    "X-Original-From": f"From: {E}\r\nX-Original-From: {V}",
    "trailing dot": f"From: {V}.",
    "address literal": "From: <anna@[{domain}]>",
    "ideographic dot": "From: <anna@{ideographic}>",
    "full width at": "From: anna\uff20{domain} <eve@evil.example>",
    "homoglyph": "From: <anna@{homoglyph}>",
    "zero width": "From: <anna@\u200b{domain}>",
    "local homoglyph": "From: <\u0430nna@{domain}>",
    "plus": "From: <anna+x@{domain}>",
    "dot": "From: <an.na@{domain}>",
    "subdomain of the victim": "From: <anna@mail.{domain}>",
    "victim as subdomain": "From: <anna@{domain}.evil.example>",
    "raw eight bit": f"From: J\udcfcrgen {V} <{E}>",
    "very long": f"From: {'x' * 3000} {V} <{E}>",
    "tab and quotes": f'From:\t"Anna \\"Berg\\" <{E}>" <{V}>',
}


def written(form, domain):
    fields = {
        "victim": f"anna@{domain}",
        "domain": domain,
        "DOMAIN": domain.upper(),
        "ideographic": domain.replace(".", "\u3002"),
        "homoglyph": domain.replace("e", "\u0435", 1),
    }
    text = FROM_FORMS[form]
    for name, value in fields.items():
        text = text.replace("{" + name + "}", value)
    return text


def broken(raw):
    """A genuine signature of the victim on another mail, put on this one."""
    return lambda lines, domain: (
        sign(message(f"From: anna@{domain}", "hello\r\n"), domain, "ed", ed25519_key()).split(b"From:")[0] + raw(lines)
    )


def evil_key(lines, domain, **options):
    return sign(message(lines), options.pop("d", EVIL), options.pop("s", "ed"), ed25519_key(1), **options)


def added(lines, domain):
    """A genuine mail of the victim with the forged From (and our address) on top of it."""
    genuine = sign(message(f"From: anna@{domain}\r\nCc: all@list.example"), domain, "ed", ed25519_key())
    return lines.encode("utf-8", "surrogateescape") + b"\r\n" + genuine


def appended(lines, domain):
    """A mail that the victim signed with l=0, with another text."""
    return sign(message(lines), domain, "ed", ed25519_key(), length=0)


FORGED_BORDER = "Authentication-Results: mx.desk.example; dkim=pass header.d={0}; spf=pass smtp.mailfrom={0}; dmarc=pass header.from={0}; auth=pass smtp.auth=anna@{0}"
FORGED_ARC = (
    "ARC-Seal: i=1; a=rsa-sha256; cv=none; d={0}; s=rsa; t=1; b=AAAA\r\n"
    "ARC-Message-Signature: i=1; a=rsa-sha256; d={0}; s=rsa; h=from; bh=AAAA; b=AAAA\r\n"
    "ARC-Authentication-Results: i=1; mx.desk.example; dkim=pass header.d={0}; dmarc=pass header.from={0}"
)
STATES = {
    "nothing": lambda lines, domain: message(lines),
    "signed by the attacker": evil_key,
    "signed by the attacker, i= the victim": lambda lines, domain: evil_key(lines, domain, tags=f"i=anna@{domain}"),
    "d= the victim, key of the attacker": lambda lines, domain: evil_key(lines, domain, d=domain),
    "d= the victim below the attacker": lambda lines, domain: evil_key(lines, domain, d=f"{domain}.{EVIL}"),
    "d= the top-level domain": lambda lines, domain: evil_key(lines, domain, d="example"),
    "selector that leaves the domain": lambda lines, domain: evil_key(
        lines, domain, d=domain, s=f"ed._domainkey.{EVIL}."
    ),
    "signature of another mail": broken(message),
    "length tag": appended,
    "short key": lambda lines, domain: sign(message(lines), domain, "short", rsa_key(768)),
    "key in test mode": lambda lines, domain: sign(message(lines), domain, "test", ed25519_key()),
    "SHA-1": lambda lines, domain: sign(message(lines), domain, "rsa", rsa_key(), hash_name="sha1"),
    "expired": lambda lines, domain: sign(message(lines), domain, "ed", ed25519_key(), expires=1_600_000_000),
    "From unsigned": lambda lines, domain: sign(message(lines), domain, "ed", ed25519_key(), headers=("To", "Date")),
    "From on top of a signed mail": added,
    "forged results": lambda lines, domain: (FORGED_BORDER.format(domain) + "\r\n").encode() + message(lines),
    "forged results below": lambda lines, domain: message(lines + "\r\n" + FORGED_BORDER.format(domain)),
    "forged ARC": lambda lines, domain: (FORGED_ARC.format(domain) + "\r\n").encode() + message(lines),
    "DNS trouble": lambda lines, domain: evil_key(lines, domain, d="reject.example", s="broken"),
}

BORDER_RECEIVED = b"Received: from bot.evil.example by mx.desk.example with ESMTPS; " + DATE.encode() + b"\r\n"
BORDER_SAYS = b"Authentication-Results: mx.desk.example; dkim=none; spf=fail smtp.mailfrom=eve@evil.example\r\n"
BORDER_DMARC = b"Authentication-Results: mx.desk.example; dmarc=fail header.from=%s\r\n"


@dataclass(frozen=True)
class Way:
    """How a mail comes in. What passes our border or lies in a mailbox gets its Received on top; `top` stands above."""

    transport: Transport
    client: Client | None = None
    path: str = "eve@evil.example"
    received: bool = True
    top: bytes = b""
    ids: tuple[str, ...] = BORDER


BOT = Client("203.0.113.66", "bot.evil.example")
WAYS = {
    "SMTP": Way(Transport.SMTP, BOT, received=False),
    "SMTP, victim as reverse path": Way(Transport.SMTP, BOT, "anna@{domain}", received=False),
    "SMTP, null reverse path, HELO of the victim": Way(
        Transport.SMTP, Client("203.0.113.66", "{domain}"), "", received=False
    ),
    "LMTP from a foreign client": Way(Transport.LMTP, BOT, received=False),
    "trusted relay": Way(Transport.SMTP, Client("127.0.0.1", "mx.desk.example", trusted=True)),
    "trusted relay that checks": Way(Transport.LMTP, None, top=BORDER_SAYS),
    "mailbox": Way(Transport.IMAP),
    "mailbox, nothing configured": Way(Transport.IMAP, received=False, ids=()),
    "pipe": Way(Transport.STDIN),
    "file": Way(Transport.IMPORT),
}


def envelope_of(raw, way, domain):
    client = way.client and Client(way.client.address, way.client.helo.replace("{domain}", domain), way.client.trusted)
    if way.received:
        raw = way.top + BORDER_RECEIVED + raw
    return Envelope(
        "1", NOW, way.transport, client, way.path.replace("{domain}", domain), ("support@desk.example",), raw
    )


def forged_cases(form, whole):
    """All states by all ways in, or each state by three of them, which differ from form to form."""
    first = list(FROM_FORMS).index(form)
    for number, (state, way) in enumerate(itertools.product(STATES, WAYS)):
        if not whole and (number * 7 + number // len(WAYS) + first) % len(WAYS) >= 3:
            continue
        if (form, state) == ("no From", "From on top of a signed mail"):
            continue  # that is the victim's own mail
        yield state, way, VICTIMS[(number + first) % len(VICTIMS)]


# --- genuine ----------------------------------------------------------------------------------------------------

AUTHORS = (  # as ten clients write From
    "anna@{0}",
    "<anna@{0}>",
    "Anna Berg <anna@{0}>",
    '"Berg, Anna" <anna@{0}>',
    '"Anna Berg (Firma GmbH)" <Anna@{0}>',
    "=?utf-8?Q?J=C3=BCrgen_M=C3=BCller?= <anna@{0}>",
    "=?UTF-8?B?SsO8cmdlbiBNw7xsbGVy?=\r\n <anna@{0}>",
    "=?iso-8859-1?Q?J=FCrgen?= =?iso-8859-1?Q?_M=FCller?= <anna@{0}>",
    "Dr. Anna O'Berg <anna@{0}>",
    "Jürgen Müller <anna@{0}>",
)
BODIES = (
    "Der Server ist nicht erreichbar.\r\n",
    "Der Server ist nicht erreichbar.   \r\n\r\n-- \r\nAnna Berg\r\n\r\n\r\n",
    "Guten Tag,\r\n\r\n.und Punkte am Anfang\r\n\tTab  und  Lücken\r\nVon meinem iPhone gesendet\r\n",
    "<html><body><p>Hallo&nbsp;Welt</p></body></html>\r\n",
    "",
)
GENUINE = (
    # name, who signs, way, expected by proof=dkim, by proof=dmarc
    ("signed with RSA", "rsa", "direct", "PP"),
    ("signed with Ed25519", "ed", "direct", "PP"),
    ("signed twice, as by a provider", "both", "direct", "PP"),
    ("SPF only", "", "direct", "UP"),
    ("through a forwarder", "rsa", "forwarder", "PP"),
    ("through a forwarder that signs", "forwarder", "forwarder", "PP"),
    ("through a list that leaves it alone", "ed", "list", "PP"),
    ("from a mailbox", "ed", "mailbox", "PP"),
    ("unsigned, checked by our border", "", "border", "UP"),
    ("signed, changed behind our border", "rsa", "banner", "PP"),
)


def genuine(kind, author, body, domain, canonical_form):
    raw = message(f"From: {author.format(domain)}", body)
    if kind in ("rsa", "both", "forwarder"):
        raw = sign(raw, domain, "rsa", rsa_key(), canonical=canonical_form)
    if kind in ("ed", "both"):
        raw = sign(raw, domain, "ed", ed25519_key(), canonical=canonical_form)
    if kind in ("both", "forwarder"):
        raw = sign(raw, EVIL, "ed", ed25519_key(1))  # a third party's signature harms nobody
    return raw


def delivered(raw, way, domain):
    received = b"Received: from mail by mx.desk.example; " + DATE.encode() + b"\r\n"
    path = f"anna@{domain}"
    if way == "direct":
        client = Client("192.0.2.25", f"mail.{domain}")
        return Envelope("1", NOW, Transport.SMTP, client, path, ("support@desk.example",), raw)
    if way == "forwarder":
        client = Client("198.51.100.1", "forward.evil.example")
        return Envelope(
            "1", NOW, Transport.SMTP, client, "srs0=x@evil.example", ("support@desk.example",), received + raw
        )
    if way == "list":
        raw = b"List-Id: <l.evil.example>\r\nSender: l-bounces@evil.example\r\n" + received + raw
        client = Client("198.51.100.1", "list.evil.example")
        return Envelope("1", NOW, Transport.SMTP, client, "l-bounces@evil.example", ("support@desk.example",), raw)
    says = (
        f"Authentication-Results: mx.desk.example; spf=pass smtp.mailfrom={path}; dmarc=pass header.from={domain}\r\n"
    )
    if way == "banner":
        says = f"Authentication-Results: mx.desk.example; dkim=pass header.d={domain} header.s=rsa\r\n"
        raw += b"\r\n[checked for viruses]\r\n"
    raw = (b"" if way == "mailbox" else says.encode()) + received + raw
    return Envelope("1", NOW, Transport.IMAP, None, "", (), raw)
