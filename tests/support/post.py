"""People who write to a desk: signed or not, in threads or not, and what becomes of it."""

import asyncio
from email import message_from_bytes, policy

from support.database import new_sqlite
from support.desk import CONFIG, Desk, plain_mail
from support.dns import DnsServer
from support.signing import ed25519_key, sign

from mailgate.core.desk.pin import pin_at, step_of
from mailgate.core.desk.plan import Plan, Stamp
from mailgate.core.who.identity import Account, Contact, Product, Role
from mailgate.service.process import Done, process
from mailgate.store.accounts import import_accounts
from mailgate.store.apply import apply_plan
from mailgate.store.messages import list_messages, show_message
from mailgate.store.outbox import list_outbox
from mailgate.store.pins import keep_secret
from mailgate.store.queries import list_tickets, show_ticket

OLGA, THEO, BERT = "olga@kunde.example", "theo@kunde.example", "bert@andere.example"
PAT, EVE = "pat@visitor.example", "eve@evil.example"
DOMAINS = ("kunde.example", "andere.example", "visitor.example", "evil.example", "strict.example", "example.org")
ANNA, BEN, CARA = "anna@example.org", "ben@example.org", "cara@example.org"
TEAM = (
    CONFIG.replace('"support"\n', '"support"\nagents = ["anna", "ben"]\n')
    .replace('"billing"\nadd', '"billing"\nagents = ["ben", "cara"]\nadd')
    .replace('"general"\n', '"general"\nagents = ["ben"]\n')
    .replace('address = "anna@example.org"\n', 'address = "anna@example.org"\naliases = ["a.n@example.org"]\n')
    + """
[[agents]]
name = "ben"
address = "ben@example.org"
language = "en"

[[agents]]
name = "cara"
address = "cara@example.org"
"""
)
ZONE = "_dmarc.strict.example TXT v=DMARC1; p=reject\n" + "".join(
    f"ed._domainkey.{domain} TXT {ed25519_key(index).record}\n" for index, domain in enumerate(DOMAINS)
)
ACCOUNTS = (
    Account(
        "10001",
        "Kunde GmbH",
        "de",
        None,
        (Contact(OLGA, "Olga Owner", Role.OWNER), Contact(THEO, "Theo Technik", Role.TECHNICAL)),
        (Product("server", "srv-web-01"),),
    ),
    Account(
        "10002", "Andere AG", "de", None, (Contact(BERT, "Bert Boss", Role.OWNER),), (Product("server", "srv-db-02"),)
    ),
    Account("10003", "Streng KG", "de", None, (Contact("ida@strict.example", "Ida", Role.OWNER),), ()),
)

SLOW = "Unser Server srv-web-01 (Kundennummer 10001) ist langsam, bitte schauen Sie nach.\n"
_DNS_TRIES = 20  # on a busy machine the name server of the tests may be late: then nothing is decided yet


class Post:
    """A desk with three customers on SQLite, and everybody's keys in its DNS."""

    def __init__(self, folder, config=CONFIG):
        self.dns = DnsServer(ZONE)
        self.desk = Desk(folder, new_sqlite(folder / "store"), config=config, nameserver=self.dns.address)
        write = self.desk.database.write
        write(lambda s: import_accounts(s, list(ACCOUNTS), replace=False, now=self.desk.clock))
        for account in ACCOUNTS:
            write(lambda s, number=account.number: keep_secret(s, number, number.encode() * 4))

    def close(self):
        self.desk.close()
        self.dns.close()

    def send(self, author, text, *, signed=True, to="support@example.org", answers=(), sender=None, **fields):
        """One mail, to one address or several; returns its row with the explanation, and the mails that went out then."""
        to = (to,) if isinstance(to, str) else to
        count = self.desk.count
        address = author.rpartition("<")[2].rstrip(">")
        domain = address.rpartition("@")[2]
        head = {"From": author, "Message_ID": f"<m{count}@{domain}>", "To": ", ".join(to), **fields}
        head["Date"] = self.desk.clock.strftime("%a, %d %b %Y %H:%M:%S +0000")
        if answers:
            head["In_Reply_To"], head["References"] = answers[-1], " ".join(answers)
        raw = plain_mail(text, **head)
        if signed:
            raw = sign(raw, domain, "ed", ed25519_key(DOMAINS.index(domain)))
        known = len(self.desk.courier.parcels)
        done = self.desk.receive(raw, sender=address if sender is None else sender, to=to).done
        for _ in range(_DNS_TRIES):
            if done is not Done.LATER:
                break
            done = process(self.desk.context, self.rows()[-1]["id"], alone=False).done
        asyncio.run(self.desk.deliver())
        out = [parcel.raw for parcel in self.desk.courier.parcels[known:]]
        return self.shown(self.rows()[-1]["id"]), [message_from_bytes(raw, policy=policy.default) for raw in out]

    def rows(self):
        return self.desk.database.read(list_messages)

    def shown(self, name):
        return self.desk.database.read(lambda s: show_message(s, name))

    def ticket(self, number):
        return self.desk.database.read(lambda s: show_ticket(s, number))

    def tickets(self):
        return self.desk.database.read(list_tickets)

    def outbox(self):
        return self.desk.database.read(list_outbox)

    def pin(self, number):
        return pin_at(number.encode() * 4, step_of(self.desk.clock))


def reply_address(mail):
    """The keyed address of one of our mails."""
    return mail["Reply-To"].addresses[0].addr_spec


def to(mails, address):
    """The mails to one person."""
    return [mail for mail in mails if mail["To"].addresses[0].addr_spec == address]


def words(mail):
    """The text of a mail in one line, wherever its template breaks it."""
    return " ".join(mail.get_body().get_content().split())


def note_address(mail):
    """Where an agent's note goes."""
    return str(mail["X-Mailgate-Note"]).strip("<>")


def later(post, **span):
    """What leaves when time has passed: the undo window, where nothing else is said."""
    known = len(post.desk.courier.parcels)
    post.desk.advance(**(span or {"seconds": 61}))
    asyncio.run(post.desk.deliver())
    return [message_from_bytes(item.raw, policy=policy.default) for item in post.desk.courier.parcels[known:]]


def change(post, *events):
    """Something that the desk did by itself in the first ticket."""
    stamp = Stamp(post.desk.clock, 0, ())
    post.desk.database.decide(lambda s: apply_plan(s, Plan("", "", 1001, events), None, stamp, "operator"))
