"""Forged identities through the whole desk: nothing is proved, nothing changes, nothing comes back, nothing is lost.

Each mail is one of the forms of From, states of authentication and ways in of `support.forgery`, and has something in
mind: a request, a place in somebody's thread, a PIN. Beside it stand five hundred genuine mails.
"""

import asyncio
import itertools
import json
from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from support.database import new_sqlite
from support.desk import Desk
from support.forgery import (
    AUTHORS,
    BODIES,
    DESK,
    EVIL,
    FROM_FORMS,
    GENUINE,
    NOW,
    STATES,
    VICTIMS,
    WAYS,
    Letter,
    delivered,
    envelope_of,
    forged_cases,
    genuine,
    message,
    name_server,
    writing,
    written,
)
from support.signing import ed25519_key, sign

from mailgate.core.mail.envelope import Client
from mailgate.core.who.identity import Account, Contact, Product, Role
from mailgate.service.process import Done, process
from mailgate.store.accounts import import_accounts
from mailgate.store.messages import list_messages, show_message
from mailgate.store.pins import keep_secret
from mailgate.store.queries import list_tickets, show_ticket

CONFIG = f"""{DESK}
[receipts]
per_hour = 100000
per_day = 100000
desk_per_hour = 1000000
"""
NUMBERS = {domain: str(20001 + index) for index, domain in enumerate(VICTIMS)}
OWNER = "Registered Owner"
_OUTCOMES = {"opened", "held", "followed-up", "automatic", "ignored", "duplicate", "report", "imported"}


class Victims:
    """A desk with an open and a held ticket of each victim, and all that has leaked of them."""

    def __init__(self, folder, dns):
        self.desk = Desk(folder, new_sqlite(folder / "store"), config=CONFIG, nameserver=dns.address, clock=NOW)
        self.replies, self.receipts = {}, {}
        accounts = [
            Account(
                number,
                f"Firma {number}",
                "de",
                None,
                (Contact(f"anna@{domain}", OWNER, Role.OWNER),),
                (Product("server", f"srv-{number}"),),
            )
            for domain, number in NUMBERS.items()
        ]
        self.desk.database.write(lambda s: import_accounts(s, accounts, replace=False, now=NOW))
        for number in NUMBERS.values():
            self.desk.database.write(lambda s, number=number: keep_secret(s, number, number.encode() * 4))
        for domain in VICTIMS:
            self._write(domain, "open", f"Mein Server srv-{NUMBERS[domain]} ist langsam, bitte schauen Sie nach.\r\n")
            self._write(domain, "held", f"Hiermit kündige ich den Server srv-{NUMBERS[domain]}.\r\n")
        self.before = self.tickets()

    def _write(self, domain, name, body):
        """A genuine mail of a victim, and what the desk answered."""
        desk = self.desk
        letter = Letter(subject="Anfrage", message_id=f"{name}@{domain}", body=body)
        with writing(letter):
            raw = sign(message(f"From: Anna Berg <anna@{domain}>"), domain, "ed", ed25519_key())
        desk.receive(raw, sender=f"anna@{domain}", client=None)
        known = len(desk.courier.parcels)
        asyncio.run(desk.deliver())
        answer = message_from_bytes(desk.courier.parcels[known].raw)
        if name == "open":
            self.receipts[domain] = answer["Message-ID"]
            self.replies[domain] = answer["Reply-To"].rpartition("<")[2].rstrip(">")

    def tickets(self):
        """All tickets with their entries, as they stand."""
        read = self.desk.database.read
        return {row["number"]: read(lambda s, n=row["number"]: show_ticket(s, n)) for row in read(list_tickets)}

    def take(self, envelope):
        """One mail to its end: its row with the explanation, and what went out."""
        desk = self.desk
        desk.count += 1
        desk.keys.base = desk.count
        desk.store(envelope)
        if process(desk.context, envelope.id, alone=False).done is Done.LATER:
            desk.advance(minutes=11)
            process(desk.context, envelope.id, alone=False)
        known = len(desk.courier.parcels)
        if desk.owed:
            asyncio.run(desk.deliver())
            desk.owed = 0
        shown = desk.database.read(lambda s: show_message(s, envelope.id))
        return shown, [parcel.raw for parcel in desk.courier.parcels[known:]]


MARK = "zqmark"
GENERAL = f"What does your smallest server cost? {MARK}body http://{MARK}url.evil.example/\r\n"
ASKS = f"Bitte starten Sie meinen Server srv-{{number}} neu, Kundennummer {{number}}. {MARK}body http://{MARK}url.example/\r\n"
SENSITIVE = f"Kundennummer {{number}}: bitte senden Sie mir den AuthCode meiner Domain. {MARK}body\r\n"
SUBJECT = f"{MARK}subject http://{MARK}url.evil.example/"
CONTEXTS = {
    # what a forger has in mind: the letter, and where it goes; {…} are filled in for each victim
    "general question": Letter(subject=SUBJECT, body=GENERAL),
    "account request": Letter(subject=SUBJECT, body=ASKS),
    "sensitive request": Letter(subject=SUBJECT, body=SENSITIVE),
    "to the billing department": Letter(to="billing@desk.example", subject=SUBJECT, body=ASKS),
    "reply with a leaked Message-ID": Letter(
        subject=f"Re: {SUBJECT}", more="In-Reply-To: {receipt}\r\nReferences: {receipt}\r\n", body=ASKS
    ),
    "reply to a leaked address": Letter(to="{reply}", subject=f"Re: {SUBJECT}", body=ASKS),
    "reply to the victim's own mail": Letter(
        subject="Re: Anfrage", more="In-Reply-To: <held@{domain}>\r\n", body=f"Ja\r\n\r\n{MARK}body\r\n"
    ),
    "number in the subject": Letter(subject=f"Re: {SUBJECT} [#1001] [#1002]", body=ASKS),
    "guessed PIN": Letter(subject=f"PIN 12345678 {SUBJECT}", body=ASKS),
    "robot with a leaked Message-ID": Letter(
        subject=SUBJECT, more="In-Reply-To: {receipt}\r\nAuto-Submitted: auto-replied\r\n", body=ASKS
    ),
    "robot with a number": Letter(
        subject=f"Automatic reply: [#1001] {SUBJECT}", more="Auto-Submitted: auto-replied\r\n", body=ASKS
    ),
}
KEYED = {"reply with a leaked Message-ID", "reply to a leaked address", "robot with a leaked Message-ID"}


def cases(context):
    """The part of forms × states × ways that belongs to a context; together they are all of `forged_cases`."""
    turn = list(CONTEXTS).index(context)
    everything = ((form, *case) for form in FROM_FORMS for case in forged_cases(form, whole=False))
    return list(itertools.islice(everything, turn, None, len(CONTEXTS)))


def letter_for(context, world, domain, number):
    known = {
        "number": NUMBERS[domain],
        "domain": domain,
        "receipt": world.receipts[domain],
        "reply": world.replies[domain],
    }
    letter = CONTEXTS[context]
    filled = {name: getattr(letter, name).format(**known) for name in ("to", "subject", "more", "body")}
    return Letter(message_id=f"{number}@forged.example", **filled)


def texts_of(raw):
    """An outgoing mail as somebody reads it, and its bytes."""
    mail = message_from_bytes(raw, policy=policy.default)
    return "\n".join([raw.decode("latin-1"), *(str(value) for value in mail.values()), mail.get_content()])


@pytest.fixture(scope="module")
def dns():
    with name_server() as server:
        yield server


@pytest.fixture
def world(dns, tmp_path):
    opened = Victims(tmp_path, dns)
    yield opened
    opened.desk.close()


def test_the_forged_mails_are_more_than_three_thousand():
    total = [case for context in CONTEXTS for case in cases(context)]
    assert len(total) >= 3000
    assert len(set(total)) == len(total)
    assert (len(FROM_FORMS) >= 30, len(STATES) >= 14, len(CONTEXTS) >= 8) == (True, True, True)
    assert all({way for _, _, way, _ in cases(context)} == set(WAYS) for context in CONTEXTS)


@pytest.mark.slow
@pytest.mark.parametrize("context", CONTEXTS)
def test_id_01_to_24_pr_04_bs_01_to_04_forged_mail_gets_nothing(world, context):
    entries = {number: len(ticket["entries"]) for number, ticket in world.before.items()}
    sent = 0
    for index, (form, state, way_name, domain) in enumerate(cases(context)):
        letter = letter_for(context, world, domain, index)
        with writing(letter):
            raw = STATES[state](written(form, domain), domain)
        if (form, state) == ("no From", "added"):
            continue
        way = replace(
            WAYS[way_name], received=WAYS[way_name].received or not WAYS[way_name].ids
        )  # the desk has a border
        envelope = replace(envelope_of(raw, way, domain), id=f"f{index}", forward_path=(letter.to,))
        what = (form, state, way_name, domain)
        row, out = world.take(envelope)
        check_forged(world, context, what, row, out, entries)
        sent += 1
    found = world.desk.database.read(list_messages)
    assert len(found) == sent + 2 * len(VICTIMS)
    assert all(item["state"] == "done" and item["outcome"] in _OUTCOMES for item in found)
    unchanged(world, entries)


def check_forged(world, context, what, row, out, entries):
    """What no forged mail may do, for one of them."""
    domain = what[-1]
    grade, author = row["evidence"]["assurance"], row["author"] or ""
    named = author.rpartition("@")[2]
    theirs = f".{named}".endswith(f".{EVIL}")
    assert grade != "confirmed", what
    assert grade != "proved" or theirs, what
    assert row["outcome"] in _OUTCOMES, what
    if row["ticket"] in world.before:
        # only what the contract gives to whoever has a person's key: an entry, marked; never by a refuted author
        assert context in KEYED, (what, row["reason"])
        assert grade == "unproved" or (theirs and "robot" in context), (what, row["reason"])
        # what answers at once with the key is taken for a robot of the requester's domain: its note, and nothing more
        as_robot = "robot" in context or row["reason"] == "answered-at-once"
        assert author == f"anna@{domain}" or as_robot, (what, row["reason"])
        entries[row["ticket"]] += 1
    elif row["ticket"] is not None:
        ticket = world.desk.database.read(lambda s: show_ticket(s, row["ticket"]))
        registered = author == f"anna@{domain}" and grade == "unproved"
        assert (ticket["account"] is not None) <= registered, what
        if row["outcome"] == "imported":  # history: a closed ticket, of which nothing follows
            assert ticket["state"] == "closed", what
        else:
            assert ticket["state"] == "held" or row["request"]["kind"] == "general" or theirs, what
            assert grade == "proved" or "unproved" in ticket["flags"], what
            assert grade != "refuted" or ticket["state"] == "held", what
    if grade == "refuted" or context == "robot with a number" or row["outcome"] == "imported":
        assert out == [], what
    for raw in out:
        check_outgoing(raw, author, domain, what, proved=grade == "proved")


def check_outgoing(raw, author, domain, what, *, proved):
    """To the author or to the registered address and nobody else, and without a word of the mail."""
    mail = message_from_bytes(raw, policy=policy.default)
    (to,) = mail["To"].addresses
    assert to.addr_spec.lower() in {author, f"anna@{domain}"}, what
    assert mail["Auto-Submitted"], what
    if not proved or to.addr_spec != author:
        text = texts_of(raw).lower()
        assert MARK not in text, what
        assert "berg" not in text, what
        assert "anna" not in text.replace(f"anna@{domain}", "").replace(author, ""), what


def unchanged(world, entries):
    """The victims' tickets are as they were, but for marked entries."""
    after = world.tickets()
    for number, before in world.before.items():
        now = after[number]
        for name in ("state", "account", "assurance", "requester", "department", "participants", "assignee"):
            assert now[name] == before[name], number
        assert len(now["entries"]) == entries[number], number
        if len(now["entries"]) > len(before["entries"]) and any(
            entry["kind"] == "customer" for entry in now["entries"][len(before["entries"]) :]
        ):
            assert "unproved" in now["flags"], number


@pytest.mark.slow
def test_id_24_five_hundred_genuine_mails_are_graded_right_and_none_is_lost(world):
    """At least 99.5 % have the grade that they deserve; by proof = dkim, so SPF alone is not enough (ID-04)."""
    wrong, count = [], 0
    forms = itertools.cycle(("relaxed/relaxed", "relaxed/simple", "simple/simple", "simple/relaxed"))
    for (name, kind, way, expected), author, body in itertools.product(GENUINE, AUTHORS, BODIES):
        domain = VICTIMS[count % len(VICTIMS)]
        text = body or f"{count}\r\n"
        with writing(Letter(subject=f"Frage {count}", message_id=f"g{count}@{domain}")):
            envelope = delivered(genuine(kind, author, text, domain, next(forms)), way, domain)
        if envelope.client is not None and way == "direct":
            envelope = replace(envelope, client=Client("192.0.2.25", f"mail.{domain}"))
        row, _ = world.take(replace(envelope, id=f"g{count}"))
        count += 1
        grade = {"P": "proved", "U": "unproved"}[expected[0]]
        filed = row["ticket"] is not None and row["author"] == f"anna@{domain}"
        if (row["evidence"]["assurance"], filed) != (grade, True):
            wrong.append((name, author, domain, row["evidence"]["why"], row["outcome"], row["reason"]))
    assert count >= 500
    assert len(wrong) <= 0.005 * count, json.dumps(wrong[:10])
    assert len(world.desk.database.read(list_messages)) == count + 2 * len(VICTIMS)
