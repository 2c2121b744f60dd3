"""Hostile texts through each of our notices, signed, onto a real socket; prints what was wrong there, as JSON.

A program of its own, so that each Python that is present can run it: it needs only what renders, signs and sends.
Standard input: {"templates": {name: values}, "for_agents": [name], "keys": {"ed25519": PEM, "rsa": PEM}}.
"""

import asyncio
import itertools
import json
import platform
import sys
import types
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import dkim

from mailgate.core.desk.notice import AutoSubmitted, Notice, Template
from mailgate.core.mail.mail import Mailbox
from mailgate.courier.courier import Failed, Parcel, Sent
from mailgate.courier.smtp import NextHop, SmtpCourier, Tls
from mailgate.render.compose import Desk, Enclosure, compose
from mailgate.render.environment import environment
from mailgate.render.header import UnusableAddress

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DESK = Desk("Example Hosting", "example.org", "Europe/Berlin", "#", "+", {"support": "support@example.org"})
FREE = set(
    "text author requester references lookalike_of account_name products named recipients why name type left_out "
    "history details done ignored files".split()
)
BREAKS = ["\r\n", "\n", "\r", "\n\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\0", "\r\r\n", "\x1c", "\x1e"]
INJECTED = [
    "Bcc: evil@x.example",
    "\tBcc: evil@x.example",
    " To: evil@x.example",
    ".",
    "..",
    ".\r\nMAIL FROM:<evil@x.example>",
    ".\nMAIL FROM:<evil@x.example>\nRCPT TO:<evil@x.example>\nDATA\n",
    "\r\n.\r\nRSET",
    "From: boss@example.org",
    "Content-Type: text/html\r\n\r\n<script>",
    "Subject: two",
    "DKIM-Signature: v=1",
    "--boundary",
]
WHOLE = [
    "=?utf-8?q?x=0D=0ABcc=3A_evil=40x.example?=",
    "=?utf-8?b?eA0KQmNjOiBldmlsQHguZXhhbXBsZQ==?=",
    "=?iso-8859-1?q?=0D=0A?= =?utf-8?q?Bcc:_x?=",
    "=?utf-8?q?unclosed",
    "=?utf-7?q?+AA0ACg-Bcc?=",
    "a" * 5000,
    "ä" * 5000,
    "." * 3000,
    ("." + "b" * 990 + "\n") * 3,
    "\u202egnp.exe\u202c",
    "\ufeffBOM",
    "\U0001f600" * 400,
    '"><b>\\"\\',
    "kim@kunde.example <evil@x.example>",
    "a, b; c: d <e@f>",
    " ",
    "",
    "\t",
    "From here on",
    ">From there",
    "{{ 7*7 }}{% raw %}",
    "%s%n${IFS}`id`",
    "\x7f\x1b[31mred",
    "line " * 400,
]


def payloads():
    """Some 550 texts."""
    found = list(WHOLE)
    for line_end, injected in itertools.product(BREAKS, INJECTED):
        found += [f"x{line_end}{injected}", f"{line_end}{injected}{line_end}", f"Grüße{line_end}{line_end}{injected}"]
    return found


def filled(value, payload, key=""):
    """The values of a notice, the payload in place of each text that may come from a mail."""
    if isinstance(value, dict):
        return {name: filled(item, payload, name) for name, item in value.items()}
    if isinstance(value, list):
        return [filled(item, payload, key) for item in value]
    return payload if isinstance(value, str) and key in FREE else value


def notice(template, values, payload, language, *, for_agents):
    return Notice(
        effect="e",
        template=Template(template),
        to=Mailbox(payload, "kim@kunde.example"),
        language=language,
        department="support",
        ticket=1042,
        message_id=f"{'k' * 26}.1042@example.org",
        auto_submitted=AutoSubmitted.REPLIED,
        subject=payload,
        in_reply_to=payload,
        references=(payload, f"<{payload}>", "m1@kunde.example"),
        reply_key="r" * 26,
        bounce_key="b" * 26,
        values=filled(values, payload),
        agent="anna" if for_agents else None,
        note_key="n" * 26 if for_agents else None,
    )


class Wire:
    """Takes down every byte of one session."""

    def __init__(self):
        self.commands, self.texts = [], []

    async def serve(self, reader, writer):
        def say(reply):
            writer.write(reply + b"\r\n")

        say(b"220 hop")
        while line := await reader.readline():
            self.commands.append(line)
            verb = line[:4].upper()
            if verb == b"DATA":
                say(b"354 go")
                self.texts.append(await reader.readuntil(b"\r\n.\r\n"))
            say(b"250-hop\r\n250 8BITMIME" if verb == b"EHLO" else b"250 ok")
        writer.close()


def flaws(text, raw, key):
    """What is wrong with the bytes after DATA."""
    unstuffed = b"\r\n".join(line[1:] if line.startswith(b".") else line for line in text[:-5].split(b"\r\n"))
    if unstuffed + b"\r\n" != raw:
        yield "the text is not the composed one"
    if not text.isascii() or b"\0" in text:
        yield "a byte that is no ASCII text"
    if text.count(b"\r\n") != text.count(b"\r") or text.count(b"\r\n") != text.count(b"\n"):
        yield "a bare line end"
    if max(map(len, text.split(b"\r\n"))) > 998:
        yield "a line over 998 octets"
    if any(line.startswith(b".") and not line.startswith(b"..") for line in text[:-5].split(b"\r\n")):
        yield "a line with a single dot"
    names = sorted(name for name, _ in message_from_bytes(raw).items())
    message = message_from_bytes(raw, policy=default)
    if names != sorted(name for name, _ in message.items()) or len(names) != len(set(names)):
        yield f"fields {names}"
    if set(names) - ALLOWED or {"From", "To", "Subject"} - set(names):
        yield f"fields {names}"
    if [item.addr_spec for item in message["To"].addresses] != ["kim@kunde.example"]:
        yield f"To {message['To']}"
    if not raw.startswith(b"DKIM-Signature: ") or not dkim.verify(raw, dnsfunc=lambda _name, timeout=5: key):
        yield "a signature that does not verify"


ALLOWED = set(
    "DKIM-Signature From To Subject Date Message-ID Reply-To X-Mailgate-Note In-Reply-To References Auto-Submitted "
    "X-Auto-Response-Suppress Precedence MIME-Version Content-Type Content-Transfer-Encoding".split()
)


def signer_of(keys):
    """What signs, and the key: Ed25519, or RSA in pure Python where another Python cannot load the library for that."""
    kind = "ed25519"
    try:
        import nacl.signing  # noqa: F401 - whether it can be loaded
    except ImportError:
        kind, sys.modules["nacl.signing"] = "rsa", types.ModuleType("nacl.signing")
    from mailgate.auth.sign import DkimSigner, load_key

    signer = DkimSigner([load_key("s", keys[kind])])
    return lambda raw: signer.sign(raw, "example.org", NOW), signer.keys[0]


async def play(task):
    wire, wrong, mails = Wire(), [], 0
    sign, key = signer_of(task["keys"])
    templates = environment(None)
    server = await asyncio.start_server(wire.serve, "127.0.0.1", 0, limit=1 << 22)
    port = server.sockets[0].getsockname()[1]
    courier = SmtpCourier(NextHop("127.0.0.1", port, Tls.NONE, "mx.example.org", timeout=20.0))
    texts = payloads()
    for number, payload in enumerate(texts):
        name = list(task["templates"])[number % len(task["templates"])]
        language = ("de", "en")[number // len(task["templates"]) % 2]
        files = [Enclosure(payload, payload, payload.encode())] * (number % 3 == 0)
        for_agents = name in task["for_agents"]
        given = notice(name, task["templates"][name], payload, language, for_agents=for_agents)
        made = compose(given, DESK, templates, NOW, files)
        raw = sign(made.raw)
        outcome = await courier.send(Parcel("i", made.reverse_path, made.recipient, raw))
        if not isinstance(outcome, Sent) or len(wire.texts) != 1:
            wrong.append([payload, name, repr(outcome)])
            break
        wrong += [[payload, name, flaw] for flaw in flaws(wire.texts.pop(), raw, key.record.encode())]
        mails += 1
        wrong += await addresses(courier, payload)
    await courier.close()
    server.close()
    envelope = b"MAIL FROM:<support+" + b"b" * 26 + b"@example.org>\r\n"
    wanted = {envelope, b"RCPT TO:<kim@kunde.example>\r\n", b"DATA\r\n", b"QUIT\r\n"}
    strange = {line for line in wire.commands if line not in wanted and not line.startswith(b"EHLO ")}
    wrong += [["", "commands", repr(line)] for line in strange]
    counts = {"mails": mails, "payloads": len(texts), "signed": key.kind}
    return {"python": platform.python_version(), **counts, "wrong": wrong}


async def addresses(courier, payload):
    """The payload as an address, with and without a domain: it becomes neither a field nor a command."""
    for address in (f"{payload}@x.example", f"a@{payload}", f"{payload}", f"a@b.example>{payload}"):
        try:
            made = compose(
                Notice("e", Template.RECEIPT, Mailbox("", address), "de", "support", 1, "i@example.org", None, values={
                    "held": False, "missing": [], "priority": "normal", "proved": True,
                }),
                DESK, environment(None), NOW,
            )  # fmt: skip
        except UnusableAddress:
            pass
        else:
            if not made.recipient.isascii() or not made.recipient.isprintable() or " " in made.recipient:
                return [[payload, "address", f"{address!r} was composed"]]
            continue
        outcome = await courier.send(Parcel("i", "", address, b"A: b\r\n\r\n"))
        if not isinstance(outcome, Failed):
            return [[payload, "address", f"{address!r} was sent"]]
    return []


if __name__ == "__main__":
    print(json.dumps(asyncio.run(play(json.load(sys.stdin)))))
