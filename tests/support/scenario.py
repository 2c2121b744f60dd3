"""Scenarios: a folder of mails with what is given and what is expected; one corpus, five uses.

    README          one sentence
    given.toml      accounts, changes of the configuration, and for each mail how it came
    dns.zone        what DNS answers (see `support.dns`); `@KEY:name@` stands for the record of a test key
    01-in.eml …     the mails, in order; `@1.message-id@`, `@1.reply-to@` name the first mail that we sent
    expected.json   what became of them
    out/01.eml …    the mails that went out, byte for byte

A run goes through the service on a real store with a clock that stands still but between mails, so golden files need
no wildcards. On a difference the actual result is written beside (`actual.json`, `out.actual/`); `make accept` moves it.
"""

import asyncio
import json
import re
import shutil
import tomllib
from dataclasses import dataclass, replace
from email import message_from_bytes
from pathlib import Path

from support.desk import CONFIG, Desk
from support.dns import DnsServer
from support.signing import ed25519_key, rsa_key, sign

from mailgate.core.desk.pin import pin_at, step_of
from mailgate.core.who.identity import Account, Contact, Product, Role
from mailgate.service.process import Done, process
from mailgate.store.accounts import import_accounts
from mailgate.store.messages import list_messages, show_message
from mailgate.store.outbox import list_outbox
from mailgate.store.pins import keep_secret
from mailgate.store.queries import list_tickets, show_ticket

FOLDER = Path(__file__).resolve().parent.parent / "scenarios"
KEYS = {"rsa": rsa_key, "ed25519": ed25519_key}


def names():
    """All scenarios; there is at least one, or the loop over them would show nothing."""
    found = sorted(path.name for path in FOLDER.iterdir() if (path / "given.toml").is_file())
    assert found, f"no scenario in {FOLDER}"
    return found


@dataclass
class Scenario:
    """One folder, read."""

    name: str

    def __post_init__(self):
        self.folder = FOLDER / self.name
        self.given = tomllib.loads((self.folder / "given.toml").read_text("utf-8"))
        self.config = self.given.get("config", CONFIG)
        zone = self.folder / "dns.zone"
        text = zone.read_text("utf-8") if zone.is_file() else ""
        self.zone = re.sub(r"@KEY:(\w+)@", lambda found: KEYS[found[1]]().record, text)
        self.mails = sorted(self.folder.glob("[0-9][0-9]-in.eml"))
        assert self.mails, f"{self.name} has no mail"

    def accounts(self):
        for item in self.given.get("accounts", []):
            contacts = tuple(Contact(c["address"], c.get("name", ""), Role(c["role"])) for c in item["contacts"])
            products = tuple(Product(*product.split(":", 1)) for product in item.get("products", []))
            yield Account(item["number"], item["name"], item.get("language"), None, contacts, products)

    def how(self, path):
        """How a mail came: the table `[mails.01]` of given.toml over the defaults."""
        return self.given.get("mails", {}).get(path.name[:2], {})

    def raw(self, path, sent, line_end):
        """The bytes of a mail: references to our own mails filled in, signed if so given, with the wanted line ends."""
        text = path.read_bytes().replace(b"\r\n", b"\n")
        for number, mail in enumerate(sent, 1):
            fields = message_from_bytes(mail)
            address = str(fields["Reply-To"] or "").rpartition("<")[2].rstrip(">")
            text = text.replace(b"@%d.message-id@" % number, str(fields["Message-ID"]).encode())
            text = text.replace(b"@%d.reply-to@" % number, address.encode())
        assert not re.search(rb"@\d+\.[a-z-]+@", text), f"{path} refers to a mail that was not sent"
        signer = self.how(path).get("sign")
        if signer:
            text = sign(text.replace(b"\n", b"\r\n"), signer["domain"], signer["selector"], KEYS[signer["key"]]())
            text = text.replace(b"\r\n", b"\n")
        return text.replace(b"\n", line_end)


class Run:
    """One run of a scenario; `twice` delivers each mail again, `before_deliver` and the like are for the faults."""

    def __init__(self, scenario, folder, url, *, line_end=b"\r\n", twice=False):
        self.scenario, self.line_end, self.twice = scenario, line_end, twice
        self.dns = DnsServer(scenario.zone)
        self.desk = Desk(folder, url, config=scenario.config, nameserver=self.dns.address)

    def __enter__(self):
        accounts = list(self.scenario.accounts())
        desk = self.desk
        desk.database.write(lambda s: import_accounts(s, accounts, replace=False, now=desk.clock))
        for account in accounts:
            desk.database.write(lambda s, number=account.number: keep_secret(s, number, number.encode() * 4))
        return self

    def __exit__(self, *exc):
        self.desk.close()
        self.dns.close()

    def play(self):
        """Send every mail, deliver what is owed after each; returns the end state."""
        for path in self.scenario.mails:
            how = self.scenario.how(path)
            self.desk.advance(**how.get("after", {"minutes": 1}))
            self.one(path, how)
            if self.twice:
                self.one(path, how)
        return self.state()

    def one(self, path, how):
        raw = self.scenario.raw(path, self.sent(), self.line_end)
        raw = re.sub(rb"@PIN:(\d+)@", lambda found: self._pin(found[1]), raw)
        to = [self._filled(address) for address in how.get("to", ["support@example.org"])]
        envelope = self.desk.envelope(
            raw, sender=how.get("from", "bounce@mail.invalid"), to=to, client=how.get("client", "198.51.100.9")
        )
        if how.get("trusted"):
            envelope = replace(envelope, client=replace(envelope.client, trusted=True))
        self.desk.store(envelope)
        self.desk.keys.base = path.name[:2]
        self.work(envelope.id)
        self.deliver()

    def sent(self):
        """The mails that went out, each once: after a fault one may have been sent again."""
        return list({parcel.message_id: parcel.raw for parcel in self.desk.courier.parcels}.values())

    def _filled(self, address):
        sent = [message_from_bytes(raw) for raw in self.sent()]
        found = re.fullmatch(r"@(\d+)\.reply-to@", address)
        return str(sent[int(found[1]) - 1]["Reply-To"]).rpartition("<")[2].rstrip(">") if found else address

    def _pin(self, number):
        """The support PIN of an account at this moment; `@PIN:10001@` in a mail that is not signed."""
        return pin_at(number * 4, step_of(self.desk.clock)).encode()

    def work(self, mail_id):
        """Process a mail; where DNS has trouble, let its ten minutes pass."""
        if process(self.desk.context, mail_id, alone=False).done is Done.LATER:
            self.desk.advance(minutes=11)
            process(self.desk.context, mail_id, alone=False)

    def deliver(self):
        asyncio.run(self.desk.deliver())

    def state(self):
        """What became of everything, without what differs from run to run."""
        read = self.desk.database.read
        rows = read(list_messages)
        tickets = [read(lambda s, n=row["number"]: show_ticket(s, n)) for row in read(list_tickets)]
        return {
            "mails": [self._mail(row) for row in rows if row["reason"] != "redelivery" or not self.twice],
            "tickets": [self._ticket(ticket) for ticket in tickets],
            "outbox": [{"kind": row["kind"], "to": row["to"], "state": row["state"]} for row in read(list_outbox)],
        }

    def _mail(self, row):
        shown = self.desk.database.read(lambda session: show_message(session, row["id"]))
        evidence, request = shown.get("evidence") or {}, shown.get("request") or {}
        return {
            "assurance": evidence.get("assurance"),
            "why": evidence.get("why"),
            "kind": request.get("kind") if row["reason"].startswith(("general-", "account-", "sensitive-")) else None,
            "outcome": row["outcome"],
            "reason": row["reason"],
            "ticket": row["ticket"],
        }

    @staticmethod
    def _ticket(ticket):
        kept = ("number", "state", "flags", "subject", "department", "priority", "language", "account", "requester")
        entries = [{key: entry[key] for key in ("kind", "author", "text")} for entry in ticket["entries"]]
        return {**{key: ticket[key] for key in kept}, "assurance": ticket["assurance"], "entries": entries}


def compare(scenario, state, sent):
    """Hold the result against the golden files; writes the actual one beside on a difference. Returns what differs."""
    expected_file, actual_file = scenario.folder / "expected.json", scenario.folder / "actual.json"
    out, actual_out = scenario.folder / "out", scenario.folder / "out.actual"
    expected = json.loads(expected_file.read_text("utf-8")) if expected_file.is_file() else None
    golden = [path.read_bytes().replace(b"\r\n", b"\n") for path in sorted(out.glob("*.eml"))]
    mails = [raw.replace(b"\r\n", b"\n") for raw in sent]
    if state == expected and mails == golden:
        actual_file.unlink(missing_ok=True)
        shutil.rmtree(actual_out, ignore_errors=True)
        return None
    actual_file.write_text(json.dumps(state, indent=2, ensure_ascii=False) + "\n", "utf-8")
    shutil.rmtree(actual_out, ignore_errors=True)
    actual_out.mkdir()
    for number, raw in enumerate(mails, 1):
        (actual_out / f"{number:02d}.eml").write_bytes(raw)
    return f"{scenario.name} differs: compare {actual_file} and {actual_out} with what is expected, then `make accept`"
