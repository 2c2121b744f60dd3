"""Programs that answer mail, facing a desk over virtual days: what they send, and how long it goes on.

An animal gets each mail that the desk sends to it and gives back what it answers, as `Reply`. The keeper moves the
clock from one mail to the next; nothing waits, nothing is random.
"""

import asyncio
import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from itertools import count

from support.bounce import report
from support.desk import CONFIG, Desk
from support.post import DOMAINS, Post
from support.signing import ed25519_key, sign

from mailgate.service.process import Done, process

KIM = "kim@visitor.example"
SUPPORT = "support@example.org"
QUESTION = "Guten Tag,\n\nwas kostet bei Ihnen der kleinste Server?\n"
CREATED = "Guten Tag,\n\nIhre Anfrage ist am 02.03.2026 um 10:{number} Uhr eingegangen und hat die Nummer T-{number}.\n"
ABSENT = "Ich bin bis 9. März nicht erreichbar.\n"


@dataclass(frozen=True)
class Reply:
    """One mail of an animal. `where` is from, reply-to or return-path of ours; `path` its own reverse-path."""

    text: str = ABSENT
    where: str = "reply-to"
    subject: str = "Re: {subject}"
    author: str = KIM
    path: str = KIM
    answers: bool = True
    after: timedelta = timedelta(seconds=2)
    fields: tuple[tuple[str, str], ...] = ()
    raw: Callable[[object], bytes] | None = None


@dataclass(frozen=True)
class Animal:
    """A responder: what it answers, whether any mark gives it away, how many tickets its loop may make.

    `every` makes a source of it, which sends by itself; `signed` signs for visitor.example.
    """

    name: str
    answers: tuple[Reply, ...]
    marked: bool = False
    tickets: int = 1
    every: timedelta | None = None
    signed: bool = False
    first: Reply = field(default_factory=lambda: Reply(QUESTION, subject="Frage", answers=False))


def marked(name, *fields, **changes):
    """One mark is enough; without a thread to it, the first answer has a ticket of its own."""
    tickets = 1 if changes.get("answers", True) or changes.get("where") != "from" else 2
    return Animal(name, (Reply(fields=fields, path=changes.pop("path", KIM), **changes),), marked=True, tickets=tickets)


def words(number):
    """Eight words without digits that no two numbers share all of."""
    return " ".join(
        "".join(chr(97 + (number * 7 + place * 5 + letter * 3) % 26) for letter in range(5)) for place in range(8)
    )


class Keeper:
    """One animal before one desk."""

    def __init__(self, folder, animal, config=CONFIG):
        self.post, self.animal = Post(folder, config), animal
        self.desk = self.post.desk
        self.end = None
        self.waiting, self.order, self.numbers = [], count(), count(1)
        self.seen, self.arrived = 0, 0

    def close(self):
        self.post.close()

    def live(self, days, most=3000):
        """Let the animal live; the number of mails that came in."""
        self.end = self.desk.clock + timedelta(days=days)
        self._later(self.desk.clock, None, self.animal.first)
        if self.animal.every is not None:
            moment = self.desk.clock + self.animal.every
            while moment < self.end:
                self._later(moment, None, self.animal.answers[0])
                moment += self.animal.every
        while self.waiting and self.waiting[0][0] < self.end:
            moment, _, ours, reply = heapq.heappop(self.waiting)
            self.desk.clock = max(self.desk.clock, moment)
            self._arrive(ours, reply)
            assert self.arrived <= most, f"{self.animal.name} goes on and on"
        return self.arrived

    def _later(self, moment, ours, reply):
        heapq.heappush(self.waiting, (moment, next(self.order), ours, reply))

    def _arrive(self, ours, reply):
        self.arrived += 1
        raw = self._raw(ours, reply)
        result = self.desk.receive(raw, sender=reply.path, to=(self._to(ours, reply),))
        while result.done is Done.LATER:
            result = process(self.desk.context, self.post.rows()[-1]["id"], alone=False)
        asyncio.run(self.desk.deliver())
        parcels = self.desk.courier.parcels
        fresh, self.seen = parcels[self.seen :], len(parcels)
        for parcel in fresh if self.animal.every is None else ():
            for answer in self.animal.answers:
                self._later(self.desk.clock + answer.after, parcel, answer)

    def _to(self, ours, reply):
        if ours is None or reply.where == "from":
            return SUPPORT
        if reply.where == "return-path":
            return ours.reverse_path
        return str(message_from_bytes(ours.raw)["Reply-To"]).rpartition("<")[2].rstrip(">")

    def _raw(self, ours, reply):
        if reply.raw is not None:
            return reply.raw(ours)
        number = next(self.numbers)
        mail = message_from_bytes(ours.raw, policy=policy.default) if ours is not None else {}
        subject = reply.subject.format(subject=mail["Subject"] if mail else "Frage", number=number, words=words(number))
        head = {
            "From": reply.author,
            "To": self._to(ours, reply),
            "Subject": " ".join(subject.split()),
            "Date": self.desk.clock.strftime("%a, %d %b %Y %H:%M:%S +0000"),
            "Message-ID": f"<r{number}@visitor.example>",
            **({"In-Reply-To": mail["Message-ID"], "References": mail["Message-ID"]} if mail and reply.answers else {}),
            **dict(reply.fields),
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items() if value)
        body = reply.text.format(number=number, words=words(number)).replace("\n", "\r\n")
        raw = f"{lines}MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}".encode()
        if not self.animal.signed:
            return raw
        domain = reply.author.rpartition("@")[2]
        return sign(raw, domain, "ed", ed25519_key(DOMAINS.index(domain)))


def back(parcel):
    """Our own mail, sent on to us as it is."""
    return b"Received: from mx.visitor.example by mx2.visitor.example; Mon, 02 Mar 2026 10:00:00 +0000\r\n" + parcel.raw


def read_receipt(parcel):
    identifier = message_from_bytes(parcel.raw)["Message-ID"]
    return (
        f"From: {KIM}\r\nTo: {SUPPORT}\r\nSubject: Gelesen: Ihre Anfrage\r\nMessage-ID: <read@visitor.example>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nIhre Nachricht wurde gelesen.\r\n--b\r\n"
        "Content-Type: message/disposition-notification\r\n\r\n"
        f"Final-Recipient: rfc822; {KIM}\r\nOriginal-Message-ID: {identifier}\r\n"
        "Disposition: automatic-action/MDN-sent-automatically; displayed\r\n\r\n--b--\r\n"
    ).encode()


def calendar_answer(parcel):
    return (
        f"From: {KIM}\r\nTo: {SUPPORT}\r\nSubject: Zugesagt: Termin\r\nMessage-ID: <cal@visitor.example>\r\n"
        f"In-Reply-To: <{parcel.message_id}>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/calendar; method=REPLY; charset=utf-8\r\n\r\n"
        "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


def odd_bounce(parcel):
    """qmail's form, from a system that does not use the null reverse-path (LO-06)."""
    return (
        f"From: MAILER-DAEMON@visitor.example\r\nTo: {parcel.reverse_path}\r\nSubject: failure notice\r\n"
        "Message-ID: <odd@visitor.example>\r\n\r\nHi. This is the qmail-send program at visitor.example.\r\n"
        "I'm afraid I wasn't able to deliver your message to the following addresses.\r\n\r\n"
        f"<{KIM}>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n--- Below this line is a copy of the message.\r\n\r\n"
        f"Message-ID: <{parcel.message_id}>\r\nTo: {KIM}\r\n\r\nx\r\n"
    ).encode()


HOURS = timedelta(hours=1)
ANIMALS = (
    marked("vacation, RFC 3834", ("Auto-Submitted", "auto-replied (vacation)"), where="return-path", path=""),
    marked("vacation to Reply-To", ("X-Autoreply", "yes"), path=""),
    marked("vacation from a person's path", ("Auto-Submitted", "auto-replied"), where="from"),
    marked("Exchange", ("X-Auto-Response-Suppress", "All"), subject="Automatische Antwort: {subject}", path=""),
    marked("Exchange Online", ("X-MS-Exchange-Generated-Message-Source", "Mailbox Rules Agent"), path=""),
    marked("web mail", ("Precedence", "bulk"), ("X-Autoreply", "yes"), where="from", path=""),
    marked("groupware", ("Precedence", "junk"), answers=False),
    marked("hosting panel", ("X-Autorespond", "Abwesend"), ("X-Loop", KIM), where="from", answers=False),
    marked("mail server's vacation", ("X-Mail-Autoreply", "enable"), where="from", answers=False),
    marked("ticket system that is marked", ("Auto-Submitted", "auto-generated"), where="from"),
    marked("ticket system with its own loop mark", ("X-OTRS-Loop", "yes"), where="from", answers=False),
    marked("ticket system with another one", ("RT-Loop-Prevention", "desk"), where="from"),
    marked("challenge", ("X-TMDA-Fingerprint", "abc"), subject="Please confirm your message", where="from"),
    marked("mailing list", ("List-Id", "<all.visitor.example>"), ("Precedence", "list"), where="from", answers=False),
    marked("noreply", author="noreply@visitor.example", path="noreply@visitor.example"),
    Animal("read receipt", (Reply(raw=read_receipt),), marked=True),
    Animal("calendar", (Reply(raw=calendar_answer),), marked=True),
    Animal("bounce", (Reply(raw=report, where="return-path", path=""),), marked=True),
    Animal("bounce with a path", (Reply(raw=odd_bounce, where="return-path", path="postmaster@visitor.example"),), marked=True),
    Animal("sends our mail back", (Reply(raw=back, where="from"),), marked=True),
    Animal("writes as us", (Reply(author=SUPPORT, where="from"),), marked=True),
    Animal("wants its answer sent to us", (Reply(fields=(("Reply-To", SUPPORT),), where="from", answers=False),), tickets=2),
    Animal("says nothing of itself", (Reply("Danke, Nummer {number}.\n"),)),
    Animal("says nothing of itself, signed", (Reply("Danke, Nummer {number}.\n"),), signed=True),
    Animal("knows no threads", (Reply("Danke, Nummer {number}.\n", answers=False),)),
    Animal("answers From, with threads", (Reply("Danke, Nummer {number}.\n", where="from"),)),
    Animal("answers from its other address", (Reply("Danke, {number}.\n", author="kim.k@visitor.example"),), tickets=2),
    Animal(
        "ticket system whose subject grows",
        (Reply("Vorgang {number} angelegt.\n", "from", "Ticket Received - [#T{number}] {subject}", answers=False),),
        tickets=2,
    ),
    Animal("always the same, to From", (Reply(where="from", subject="Abwesend", answers=False, text="Danke.\n"),), tickets=2),
    Animal(
        "always the same, hours later",
        (Reply("Danke.\n", "from", "Ihre Mail", answers=False, after=3 * HOURS),),
        tickets=2,
    ),
    Animal(
        "never the same and without any trace", (Reply("Danke {number}.\n", "from", "Ihre Mail", answers=False),), tickets=2
    ),
    Animal(
        "ticket system by a clock",
        (Reply(CREATED, "from", "Vorgang T-{number} eröffnet", answers=False, after=timedelta(minutes=6)),),
        tickets=2,
    ),
    Animal(
        "ticket system by a clock, signed",
        (Reply(CREATED, "from", "Vorgang T-{number} eröffnet", answers=False, after=timedelta(minutes=6)),),
        tickets=2,
        signed=True,
    ),
    Animal("other words each time", (Reply("{words}\n", "from", "{words}", answers=False),), tickets=2),
    Animal("other words each time, signed", (Reply("{words}\n", "from", "{words}", answers=False),), tickets=2, signed=True),
    Animal("answers twice", (Reply("Danke {number}.\n"), Reply("Und noch {number}.\n", after=HOURS))),
    Animal("answers a day later", (Reply("Danke {number}.\n", after=24 * HOURS),)),
)  # fmt: skip
SOURCES = (
    Animal("monitoring", (Reply("Host {number} is down\n", fields=(("Auto-Submitted", "auto-generated"),)),), every=8 * HOURS),
    Animal("newsletter", (Reply("Ausgabe {number}\n", fields=(("List-Unsubscribe", "<mailto:x@visitor.example>"),)),),
           every=24 * HOURS),
    Animal("a person who writes and writes", (Reply("Frage {number}: {words}?\n", subject="Frage {number}", answers=False),),
           every=timedelta(minutes=25)),
)  # fmt: skip


def other_desk(folder, dns):
    """A second mailgate, at other.example."""
    from support.database import new_sqlite

    config = CONFIG.replace("example.org", "other.example")
    return Desk(folder, new_sqlite(folder / "store"), config=config, nameserver=dns.address)
