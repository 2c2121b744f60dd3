"""The story of mailgate in one terminal: real SMTP mails, real DKIM keys, a name server of its own; nothing leaves.

A customer, an agent, a stranger, a forger, a stranger who names a customer, a vacation responder and a made-up agent
write to a fresh desk; after each mail stands what was decided and why, at the end the tickets and the mails that went
out.
"""

import json
import re
import sys
import tempfile
import textwrap
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.daemon import DaemonProcess  # noqa: E402 - the path comes first
from support.dns import DnsServer  # noqa: E402
from support.signing import rsa_key, sign  # noqa: E402

BOLD, DIM, PLAIN = ("\033[1m", "\033[2m", "\033[0m") if sys.stdout.isatty() else ("", "", "")
KEYS = {"kunde.example": rsa_key(2048), "example.org": rsa_key(2048, seed=1)}
AGENT = "anna@example.org"
ZONE = f"""
s1._domainkey.kunde.example TXT {KEYS["kunde.example"].record}
s1._domainkey.example.org TXT {KEYS["example.org"].record}
_dmarc.kunde.example TXT v=DMARC1; p=reject
kunde.example TXT v=spf1 -all
visitor.example TXT v=spf1 ?all
agency.example TXT v=spf1 ?all
example.org TXT v=spf1 ?all
"""
ACCOUNTS = """customer_number,name,email,role,mail_kinds,language,service_level,products,valid_until
10001,Kunde GmbH,olga@kunde.example,owner,support;billing,de,,server:srv-web-01;domain:kunde.example,
"""


@dataclass(frozen=True)
class Act:
    """One mail of the story."""

    title: str
    sender: str
    name: str
    subject: str
    text: str
    signed: bool = False
    to: str = "support@example.org"
    fields: tuple[str, ...] = ()
    answers: str | None = None  # the template of the mail of ours that this one answers


STORY = (
    Act(
        "A customer asks for work on the own server; the mail is signed by the own domain.",
        "olga@kunde.example",
        "Olga Owner",
        "srv-web-01 antwortet nicht",
        "Guten Tag,\n\nsrv-web-01 antwortet seit 9:40 Uhr (MEZ) nicht mehr auf "
        "Port 443.\nBitte starten Sie ihn neu.\n\nOlga Owner",
        signed=True,
    ),
    Act(
        "The agent got it by mail, and answers from her mail client; she takes the ticket, too.",
        AGENT,
        "Anna Agent",
        "Re: srv-web-01 antwortet nicht",
        "!übernehmen\n\nGuten Tag Frau Owner,\n\nder Server ist neu gestartet und antwortet wieder.\n\nAnna",
        signed=True,
        answers="news",
    ),
    Act(
        "A stranger asks a general question.",
        "pat@visitor.example",
        "Pat Visitor",
        "Opening hours",
        "Hello,\n\nwhen is your office open, and do you offer nested virtualisation?\n\nPat",
    ),
    Act(
        "A forger writes in the customer's name, from elsewhere and unsigned.",
        "olga@kunde.example",
        "Olga Owner",
        "Neue Adresse",
        "Bitte ändern Sie meine hinterlegte E-Mail-Adresse auf olga@evil.example.\n\nOlga",
    ),
    Act(
        "An agency that nobody registered names the customer and wants a password.",
        "web@agency.example",
        "Web Agency",
        "Zugang Kunde 10001",
        "Hallo,\n\nbitte schicken Sie uns das Passwort von srv-web-01, Kunde 10001.\n\nWeb Agency",
    ),
    Act(
        "The owner was asked, and answers from a phone.",
        "olga@kunde.example",
        "Olga Owner",
        "AW: Dürfen wir das tun?",
        "Nein\n\nVon meinem iPhone gesendet",
        signed=True,
        answers="approve",
    ),
    Act(
        "The visitor's vacation responder answers our receipt.",
        "pat@visitor.example",
        "Pat Visitor",
        "Automatic reply: Opening hours",
        "I am out of the office until Monday.",
        fields=("Auto-Submitted: auto-replied",),
        answers="receipt",
    ),
    Act(
        "Somebody claims to be an agent, without an agent's key.",
        AGENT,
        "Anna Agent",
        "[#1001]",
        "!close\n\nErledigt.",
    ),
)


def main() -> int:
    """Play the story in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="mailgate-demo-") as name, DnsServer(ZONE) as dns:
        daemon = DaemonProcess(Path(name), nameserver=dns.address)
        with_an_agent(daemon)
        (daemon.folder / "accounts.csv").write_text(ACCOUNTS, "utf-8")
        summary = daemon.json("account", "import", "accounts.csv")
        print(f"{BOLD}A fresh desk{PLAIN} on 127.0.0.1:{daemon.port}, with one customer: {json.dumps(summary)}\n")
        with daemon:
            for number, act in enumerate(STORY, 1):
                play(daemon, number, act)
            daemon.until(lambda: all(row["state"] == "sent" for row in daemon.json("outbox", "list")), "delivery")
            tell_end(daemon)
    return 0


def with_an_agent(daemon: DaemonProcess) -> None:
    """Somebody who answers; what she sends goes out at once, where people would have a minute to call it back."""
    text = daemon.config.read_text("utf-8")
    text = text.replace("[desk]\n", '[desk]\nundo_send = "0s"\n', 1)
    daemon.config.write_text(text.replace("default = true\n", 'default = true\nagents = ["anna"]\n', 1), "utf-8")


def play(daemon: DaemonProcess, number: int, act: Act) -> None:
    """Send one mail and tell what was decided."""
    print(f"{BOLD}{number}. {act.title}{PLAIN}")
    show(f"From: {act.name} <{act.sender}>\nSubject: {act.subject}\n\n{act.text}")
    mail_id = daemon.send(mail_of(daemon, number, act), sender=act.sender, to=(recipient_of(daemon, act),))
    shown = daemon.until(lambda: decided(daemon, mail_id), "a decision")
    evidence, decision = shown["evidence"], shown["decision"]
    print(f"   250 accepted as {mail_id}")
    print(f"   who:      {evidence['assurance']}: {evidence['why']}")
    print(f"   what:     {shown['request']['kind']}, for {shown['request']['department']}")
    print(f"   decided:  {shown['outcome']} ({decision['reason']}), ticket {shown['ticket']}")
    for notice in shown["plan"]["notices"]:
        print(f"   mail:     {notice['template']} to {notice['to']}")
    if not shown["plan"]["notices"]:
        print("   mail:     none")
    print()


def show(mail: str) -> None:
    """A mail, set off."""
    print(f"{DIM}{textwrap.indent(mail, '   | ', lambda _: True)}{PLAIN}")


def decided(daemon: DaemonProcess, mail_id: str) -> dict | None:
    """The mail with its decision, once there is one and its mails are out."""
    shown = daemon.json("message", "show", mail_id)
    waiting = [row for row in daemon.json("outbox", "list") if row["state"] != "sent"]
    return shown if shown["state"] != "received" and not waiting else None


def mail_of(daemon: DaemonProcess, number: int, act: Act) -> bytes:
    """The bytes on the wire."""
    fields = [
        f"From: {act.name} <{act.sender}>",
        f"To: {recipient_of(daemon, act)}",
        f"Subject: {act.subject}",
        f"Date: {now()}",
        f"Message-ID: <act{number}@{act.sender.partition('@')[2]}>",
        *act.fields,
        *([f"In-Reply-To: {answered(daemon, act)['Message-ID']}"] if act.answers else []),
        "Content-Type: text/plain; charset=utf-8",
    ]
    raw = ("\r\n".join([*fields, "", ""]) + act.text.replace("\n", "\r\n") + "\r\n").encode()
    domain = act.sender.partition("@")[2]
    return sign(raw, domain, "s1", KEYS[domain]) if act.signed else raw


def now() -> str:
    """The present in the form of a Date field."""
    return format_datetime(datetime.now(UTC))


def answered(daemon: DaemonProcess, act: Act) -> EmailMessage:
    """The mail of ours that an act answers."""
    wanted = next(
        row
        for row in daemon.json("outbox", "list")
        if row["kind"] == act.answers and not (act.answers == "receipt" and row["to"] != act.sender)
    )
    for raw in daemon.receipts():
        message = message_from_bytes(raw, policy=default)
        if wanted["message_id"] in message["Message-ID"]:
            return message
    raise AssertionError(f"no {act.answers} went out")


def recipient_of(daemon: DaemonProcess, act: Act) -> str:
    """Our address, or the keyed one to reply to."""
    return answered(daemon, act)["Reply-To"].addresses[0].addr_spec if act.answers else act.to


def tell_end(daemon: DaemonProcess) -> None:
    """The tickets and the mails that went out."""
    print(f"{BOLD}The tickets{PLAIN}")
    for row in daemon.json("ticket", "list"):
        flags = ", ".join(row["flags"]) or "-"
        people = f"{row['requester']:22} {row['assurance']:9} {flags:22}"
        print(f"   #{row['number']}  {row['state']:7} {row['department']:8} {people} {row['subject']}")
    print(f"\n{BOLD}The mails that went out{PLAIN}")
    for raw in daemon.receipts():
        message = message_from_bytes(raw, policy=default)
        body = re.sub(r"\n{3,}", "\n\n", message.get_content().strip())
        print(f"\n   To: {message['To']}\n   Subject: {message['Subject']}")
        show(body)
    print(f"\nNothing left this machine. {BOLD}make run{PLAIN} starts a desk of your own.")


if __name__ == "__main__":
    sys.exit(main())
