"""Forged mails over a real socket into the daemon's process, with real keys and a DNS server of the tests."""

import itertools
import smtplib
from email import message_from_bytes

import pytest
from support.daemon import DaemonProcess
from support.forgery import (
    AUTHORS,
    EVIL,
    FROM_FORMS,
    STATES,
    VICTIMS,
    Letter,
    genuine,
    name_server,
    writing,
    written,
)

from mailgate.store.engine import open_database
from mailgate.store.messages import list_messages, show_message

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

MARK = "zqmark"
COUNT = 240
ACCOUNTS = "customer_number,name,email,role,mail_kinds,language,service_level,products,valid_until\n" + "".join(
    f"{20001 + index},Firma {index},anna@{domain},owner,support,de,,server:srv-{20001 + index},\n"
    for index, domain in enumerate(VICTIMS)
)
TEXTS = (
    "Was kostet der kleinste Server? {mark} http://{mark}.evil.example/\r\n",
    "Kundennummer {number}: bitte starten Sie srv-{number} neu. {mark} http://{mark}.evil.example/\r\n",
    "Kundennummer {number}: hiermit kündige ich srv-{number}. {mark}\r\n",
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with name_server() as dns:
        daemon = DaemonProcess(tmp_path_factory.mktemp("identity"), nameserver=dns.address)
        (daemon.folder / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
        with daemon:
            daemon.json("account", "import", str(daemon.folder / "accounts.csv"))
            yield daemon


def offered(desk, raw):
    """The id of an accepted mail, None where the wire refused it: a header that no mail may have."""
    with smtplib.SMTP("127.0.0.1", desk.port, local_hostname="bot.evil.example", timeout=30) as client:
        client.ehlo()
        client.mail("eve@evil.example", options=["BODY=8BITMIME"])
        client.rcpt("support@example.org")
        code, reply = client.data(raw)
    assert code in {250, 550, 552, 554}, reply
    return reply.split()[-1].decode() if code == 250 else None


def sent(desk, chosen):
    """Send one mail for each (letter, function that makes its bytes); what was accepted by id, and how many were not."""
    accepted, refused = {}, 0
    for what, letter, make in chosen:
        with writing(letter):
            name = offered(desk, make())
        refused += name is None
        if name is not None:
            accepted[name] = what
    return accepted, refused


def decided(desk, accepted, may_wait=lambda what: False):
    """The rows of all accepted mails with their explanations, once all are decided but those that wait for DNS."""
    store = open_database(f"sqlite:///{desk.folder / 'mailgate.db'}", base=None, read_only=True)
    try:

        def rows():
            found = {row["id"]: row for row in store.read(list_messages) if row["id"] in accepted}
            assert found.keys() == accepted.keys()
            late = [name for name, row in found.items() if row["state"] == "received" and not may_wait(accepted[name])]
            return [] if late else [name for name, row in found.items() if row["state"] == "done"]

        names = desk.until(rows, "every mail decided", 120)
        return [(accepted[name], store.read(lambda s, n=name: show_message(s, n))) for name in names]
    finally:
        store.close()


def forged():
    """A cut through forms and states, each with a letter of its own."""
    pairs = list(itertools.product(FROM_FORMS, STATES))
    for index, (form, state) in enumerate(pairs[:: len(pairs) // COUNT][:COUNT]):
        domain = VICTIMS[index % len(VICTIMS)]
        text = TEXTS[index % len(TEXTS)].format(mark=MARK, number=20001 + index % len(VICTIMS))
        letter = Letter("support@example.org", f"{MARK} {index}", f"{index}@x.example", "", text)
        yield (form, state, domain), letter, lambda f=form, s=state, d=domain: STATES[s](written(f, d), d)


def test_id_01_to_21_bs_01_bs_04_forged_mails_over_smtp(desk):
    chosen = list(forged())
    accepted, refused = sent(desk, chosen)
    assert len(accepted) + refused == len(chosen) >= 200
    assert len(accepted) >= 180, "most forms are for the desk to judge, not for the wire"
    rows = decided(desk, accepted, lambda what: what[1] == "DNS trouble")  # that waits for ten minutes
    for what, row in rows:
        grade, author = row["evidence"]["assurance"], row["author"] or ""
        theirs = f".{author.rpartition('@')[2]}".endswith(f".{EVIL}")
        assert grade in {"unproved", "refuted"} or (grade == "proved" and theirs), what
        if grade == "refuted":
            assert (row["outcome"], row["plan"]["notices"]) == ("held", []), what
    numbers = {row["ticket"] for _, row in rows}
    for ticket in desk.json("ticket", "list"):
        if ticket["number"] not in numbers:
            continue  # of the other test
        assert ticket["account"] is None or ticket["assurance"] == "unproved"
        assert ticket["account"] is None or ticket["state"] == "held" or ticket["request_kind"] == "general"
    owed = desk.until(lambda: all(row["state"] == "sent" for row in desk.json("outbox", "list")), "all sent")
    assert owed
    for raw in desk.receipts():
        head = message_from_bytes(raw)
        assert head["To"].rpartition("<")[2].strip(">").rpartition("@")[2].endswith(EVIL) or MARK.encode() not in raw


def test_id_24_genuine_mails_over_smtp(desk):
    def made():
        for index, author in enumerate(AUTHORS * 4):
            domain, kind = VICTIMS[index % len(VICTIMS)], ("rsa", "ed", "both", "forwarder")[index // len(AUTHORS)]
            letter = Letter("support@example.org", f"Frage {index}", f"g{index}@{domain}", "", f"Frage {index}?\r\n")
            yield kind, letter, lambda k=kind, a=author, d=domain: genuine(k, a, None, d, "relaxed/simple")

    accepted, refused = sent(desk, made())
    assert (len(accepted), refused) == (4 * len(AUTHORS), 0)
    for what, row in decided(desk, accepted):
        assert row["evidence"]["assurance"] == "proved", (what, row["evidence"]["why"])
        assert row["ticket"] is not None, what
