"""A day of a help desk over SMTP: two customers, a stranger and three agents, each with their own mail program.

Each mail that goes out is compared with its file in dialogue/; on a difference what came instead is written to
dialogue.actual/, to be read as its recipient would read it, and then to be moved there. The clock stands still but
between mails and keys are countable, so the files need no wildcards.
"""

import asyncio
import re
import shutil
import smtplib
from datetime import timedelta
from email import message_from_bytes, policy
from email.utils import format_datetime
from pathlib import Path

import pytest
from support.dialogue import settings_for_tests
from support.post import ANNA, BEN, BERT, CARA, DOMAINS, OLGA, PAT, TEAM, THEO, Post
from support.programs import Quoted, new, reply
from support.signing import ed25519_key, sign

from mailgate.app import recipient_check
from mailgate.intake.listener import listen
from mailgate.intake.reception import Hooks
from mailgate.service.process import process
from mailgate.store import inbound
from mailgate.store.outbox import list_outbox
from mailgate.store.queries import list_tickets

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

GOLDEN = Path(__file__).parent / "dialogue"
ACTUAL = GOLDEN.with_name("dialogue.actual")
NAMES = {
    OLGA: "Olga Owner",
    BERT: "Bert Boss",
    PAT: "Pat Visitor",
    THEO: "Theo Technik",
    ANNA: "Anna",
    BEN: "Ben",
    CARA: "Cara",
}
SIGNATURES = {
    OLGA: "\n\n-- \nOlga Owner\nKunde GmbH",
    ANNA: "\n\nViele Grüße\nAnna\n\n-- \nAnna Beispiel | anna@example.org | Tel. 0123 4567",
    BEN: "\n\nKind regards\nBen\n\n-- \nBen Sample\nben@example.org",
}


class Day:
    """The desk on a real socket. `boxes` are the mails that everybody got, in order."""

    def __init__(self, post, loop, listener):
        self.post, self.loop, self.listener = post, loop, listener
        self.boxes, self.out, self.count = {}, [], 0

    @property
    def desk(self):
        return self.post.desk

    def write(self, author, program, text, *, to="support@example.org", subject=None, signed=True, **fields):
        """A new mail."""
        self._send(author, new(program, text + SIGNATURES.get(author, "")), [to], subject, signed=signed, **fields)

    def answer(self, author, program, text, *, which=-1, language="de", note=False, by="key", signed=True, **fields):
        """An answer to a mail that the author got; `by` says what the program keeps: the key, or the ids alone."""
        mail = self.boxes[fields.pop("box", author)][which]
        body = mail.get_body().get_content().replace("\r\n", "\n")
        sender = mail["From"].addresses[0]
        quoted = Quoted(sender.display_name, sender.addr_spec, mail["Subject"], body, author)
        made = reply(program, language, text + SIGNATURES.get(author, ""), quoted, mail["Date"].datetime)
        where = mail["X-Mailgate-Note"] if note else str(mail["Reply-To"].addresses[0].addr_spec)
        to = "support@example.org" if by == "id" else str(where).strip("<>")
        if program != "phone" or by == "id":
            made["In-Reply-To"] = mail["Message-ID"]
            made["References"] = f"{mail['References'] or ''} {mail['Message-ID']}".strip()
        prefix = "Re" if program in {"apple", "phone"} or language == "en" else "AW"
        self._send(author, made, [to], f"{prefix}: {mail['Subject'].removeprefix('Re: ')}", signed=signed, **fields)

    def number_of(self, subject):
        """The number of the ticket with that subject."""
        return next(row["number"] for row in self.desk.database.read(list_tickets) if row["subject"] == subject)

    def pass_time(self, **span):
        """The clock goes on, and what is due leaves."""
        self.desk.advance(**span)
        self._deliver()

    def _send(self, author, made, to, subject, *, signed=True, sender=None, soon=False, **fields):
        self.count += 1
        self.pass_time(**({"seconds": 30} if soon else {"minutes": 5}))
        domain = author.partition("@")[2]
        made["From"] = f"{NAMES[author]} <{author}>"
        made["To"] = ", ".join(to)
        made["Subject"] = subject
        made["Date"] = format_datetime(self.desk.clock)
        made["Message-ID"] = f"<{self.count:02d}@{domain}>"
        for name, value in fields.items():
            made[name.replace("_", "-")] = value
        raw = made.as_bytes()
        if signed:
            raw = sign(raw, domain, "ed", ed25519_key(DOMAINS.index(domain)))
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0), self.loop).result()
        with smtplib.SMTP("127.0.0.1", self.listener.port, local_hostname="mail.program.example", timeout=30) as client:
            client.sendmail(author if sender is None else sender, to, raw, mail_options=["BODY=8BITMIME"])
        self.desk.keys.base = f"day/{self.count}"
        process(self.desk.context, f"d{self.count:03d}", alone=False)
        self._deliver()

    def _deliver(self):
        known = len(self.desk.courier.parcels)
        asyncio.run(self.desk.deliver())
        for parcel in self.desk.courier.parcels[known:]:
            mail = message_from_bytes(parcel.raw, policy=policy.default)
            self.boxes.setdefault(parcel.recipient, []).append(mail)
            self.out.append((self.count, parcel.recipient, parcel.raw))


def the_day(day):
    """The script. What each step is about stands above it; agents' mails are numbered by those that they got."""
    # Olga's server is slow; Ben remarks something that stays inside, Anna takes it and answers.
    day.write(
        OLGA,
        "outlook",
        "Guten Tag,\n\nunser Server srv-web-01 (Kundennummer 10001) ist seit heute früh langsam.",
        subject="Server langsam",
    )
    day.answer(BEN, "thunderbird", "Anna, the disk of that host is being rebuilt since 6 am.", language="en", note=True)
    day.answer(
        ANNA,
        "apple",
        "!übernehmen\n!warten 3d\n\nGuten Tag,\n\neine Festplatte wird gerade neu aufgebaut; gegen Mittag ist es vorbei.",
        which=0,
    )
    day.answer(OLGA, "outlook", "Danke für die schnelle Antwort.\n\nIst der Server dann wieder so schnell wie zuvor?")
    day.answer(
        ANNA,
        "outlook",
        "!notiz Danach die Werte von gestern vergleichen.\n!cc theo@kunde.example\n\nJa, dann ist er so schnell wie zuvor.",
    )
    day.answer(OLGA, "phone", "Alles wieder gut, vielen Dank!", which=-1)
    # A stranger asks in English; Ben asks for the page of help, takes the ticket and answers from Gmail. Pat comes back
    # from the telephone by ids alone.
    day.write(
        PAT, "gmail", "Hello,\n\nwhat does your smallest server cost, and is there a trial period?", subject="Prices"
    )
    day.write(BEN, "phone", "!help", subject="Help")
    day.answer(BEN, "outlook", "!take\n!ack", language="en", which=-2)
    day.answer(
        BEN,
        "gmail",
        "Hello,\n\nthe smallest one is 50 EUR a month; you may try it for 14 days.",
        language="en",
    )
    # 50 was wrong: he calls it back before it leaves, and answers anew.
    day.answer(BEN, "phone", "!stop", language="en", soon=True)
    day.answer(
        BEN,
        "gmail",
        "!wait 1w\n\nHello,\n\nthe smallest one is 5 EUR a month; you may try it for 14 days.",
        language="en",
    )
    day.answer(PAT, "phone", "Great. Can I pay by invoice?", language="en", by="id")
    day.answer(BEN, "phone", "!close\n\nYes, you can.", language="en")
    # Somebody forges Olga's address: the registered address is asked, and says no.
    day.write(
        OLGA,
        "gmail",
        "Bitte setzen Sie das Passwort von srv-web-01, Kundennummer 10001, zurück.",
        subject="Passwort",
        signed=False,
    )
    day.answer(ANNA, "gmail", "!übernehmen\n\nGuten Tag,\n\ndas machen wir sofort.", which=-1)
    day.answer(OLGA, "thunderbird", "Nein")
    # Bert writes unproved, confirms from the telephone, and gets his answer.
    day.write(
        BERT,
        "apple",
        "Hallo,\n\nbitte starten Sie srv-db-02 (Kundennummer 10002) neu.",
        subject="Neustart",
        signed=False,
    )
    day.answer(BERT, "phone", "Ja", signed=False)
    day.answer(ANNA, "thunderbird", "!gesehen\n!priorität hoch\n\nGuten Tag,\n\nsrv-db-02 ist neu gestartet.")
    day.answer(BERT, "apple", "Er antwortet noch nicht.", signed=False)
    day.answer(
        BEN,
        "outlook",
        "!assign anna\n\nPlease try again: the file system check has finished just now.",
        language="en",
    )
    day.answer(BERT, "apple", "Jetzt geht es. Danke!", signed=False)
    # What must not get out: a forged agent, a colleague's mail answered, a note in the text, an agent on holiday.
    day.answer(ANNA, "gmail", "!schließen\n\nIhr Konto wurde gelöscht.", signed=False)
    day.answer(BEN, "gmail", "!close\n\nI answer for Anna.", language="en", box=ANNA)
    day.answer(
        ANNA,
        "outlook",
        "!warten 2d\n\nGuten Tag,\n\nBen schreibt: the disk of that host is being rebuilt since 6 am.",
        which=0,
    )
    day.answer(ANNA, "apple", "Ich bin bis Montag nicht im Büro.", which=0, sender="", Auto_Submitted="auto-replied")
    day.answer(PAT, "gmail", "I am away.", language="en", sender="", Auto_Submitted="auto-replied")
    # Pat has Bert's answer from somewhere, and writes into Bert's ticket.
    day.answer(PAT, "gmail", "What is going on with srv-db-02?", language="en", box=BERT)
    # Billing: Cara asks for help, mistypes a command, and does it right.
    day.write(
        BERT,
        "thunderbird",
        "Guten Tag,\n\nwarum ist die Rechnung für Kundennummer 10002 höher als sonst?",
        to="billing@example.org",
        subject="Rechnung",
    )
    day.answer(CARA, "gmail", "!hilfe")
    day.answer(CARA, "gmail", "Guten Tag,\n\nes war eine zusätzliche IP-Adresse dabei.", which=0)
    day.answer(BERT, "thunderbird", "Die wollte ich nicht.")
    day.answer(CARA, "outlook", "!übernehmen\n!warte drei Tage\n\nDann schreiben wir sie gut.")
    day.answer(CARA, "outlook", "!übernehmen\n!warten 3 Tage\n\nDann schreiben wir sie gut.")
    day.answer(CARA, "apple", "Gutschrift ist in der Buchhaltung angefordert.", note=True)
    day.answer(BERT, "phone", "Danke!")
    # Two agents answer at once.
    day.write(
        OLGA,
        "thunderbird",
        "Hello,\n\nplease restart the web service on srv-web-01, customer number 10001.",
        subject="Restart",
    )
    day.answer(ANNA, "thunderbird", "!priority high\n\nIt is running again.", language="en")
    day.answer(BEN, "gmail", "I have restarted it as well.", language="en")
    day.answer(OLGA, "gmail", "Thank you both.", language="en")
    # Olga is on the telephone with Anna; what she says belongs to the restart, and Anna makes one ticket of both.
    day.write(
        ANNA,
        "thunderbird",
        "!für 10001\n!notiz Rückruf unter der bekannten Nummer.\n\nDer Webserver lief nach dem Neustart ohne Zertifikat.",
        subject="Anruf wegen srv-web-01",
    )
    day.answer(ANNA, "apple", f"!zusammenführen {day.number_of('Restart')}")
    day.answer(OLGA, "apple", "Das Zertifikat ist wieder da.")
    # Everybody's programs once more, in the long first ticket and in the stranger's.
    day.answer(OLGA, "phone", "Noch eine Frage: Bleibt das so?", which=0)
    day.answer(ANNA, "phone", "Ja, das bleibt so.")
    day.answer(PAT, "outlook", "One more thing: where are your servers?", which=0, language="en")
    day.answer(BEN, "apple", "In Germany.", language="en")
    day.pass_time(minutes=5)


def play(post):
    """The day on a listener of its own; returns it when it is over."""

    async def store(envelope):
        await asyncio.to_thread(post.desk.database.write, lambda s: inbound.store_received(s, envelope))

    async def run():
        loop = asyncio.get_running_loop()
        number = iter(range(1, 1000))
        hooks = Hooks(
            accept=store,
            recipient_known=recipient_check(post.desk.settings),
            new_id=lambda: f"d{next(number):03d}",
            now=lambda: post.desk.clock,
        )
        listener = await listen(settings_for_tests(), hooks)
        day = Day(post, loop, listener)
        try:
            await asyncio.to_thread(the_day, day)
        finally:
            await listener.drain(2.0)
        return day

    return asyncio.run(run())


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    post = Post(tmp_path_factory.mktemp("day"), config=TEAM)
    yield play(post)
    post.close()


def test_every_mail_of_the_day_is_the_one_that_was_read(day):
    assert day.count >= 40
    mails = {
        f"{number:03d}-to-{recipient.partition('@')[0]}-after-{step:02d}.eml": raw.replace(b"\r\n", b"\n")
        for number, (step, recipient, raw) in enumerate(day.out, 1)
    }
    golden = {path.name: path.read_bytes().replace(b"\r\n", b"\n") for path in GOLDEN.glob("*.eml")}
    if mails != golden:
        shutil.rmtree(ACTUAL, ignore_errors=True)
        ACTUAL.mkdir()
        for name, raw in mails.items():
            (ACTUAL / name).write_bytes(raw)
    differ = sorted(name for name in mails.keys() | golden.keys() if mails.get(name) != golden.get(name))
    assert differ == [], f"read {ACTUAL} against {GOLDEN}"
    shutil.rmtree(ACTUAL, ignore_errors=True)


def test_ag_03_th_11_no_customer_got_what_is_meant_for_agents(day):
    for address in (OLGA, THEO, BERT, PAT):
        for mail in day.boxes[address]:
            text = f"{mail.as_string()}\n{mail.get_body().get_content()}"
            assert not [agent for agent in (ANNA, BEN, CARA) if agent in text]
            assert "being rebuilt" not in text
            assert "Gutschrift ist" not in text
            assert "Werte von gestern" not in text
            assert "bekannten Nummer" not in text
            assert "50 EUR" not in text
            assert not re.search(r"^\s*!\w", text, re.MULTILINE)
            assert "X-Mailgate-Note" not in mail


def test_the_day_ends_as_it_should(day):
    tickets = {row["subject"]: row for row in day.desk.database.read(list_tickets)}
    assert tickets["Passwort"]["state"] == "closed"
    assert tickets["Neustart"]["assurance"] == "confirmed"
    assert tickets["Rechnung"]["department"] == "billing"
    assert tickets["Server langsam"]["responded_at"]
    assert tickets["Anruf wegen srv-web-01"]["state"] == "closed"
    assert tickets["Neustart"]["assignee"] == "anna"
    unsent = [row for row in day.desk.database.read(list_outbox) if row["state"] != "sent"]
    assert [(row["to"], row["last_reply"]) for row in unsent] == [(PAT, "called back by ben")]
    assert day.desk.clock - timedelta(hours=12) < day.boxes[OLGA][0]["Date"].datetime
