"""`verify`: the sum of all mails is proved, and a database that was broken in any way is seen to be."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from support.bounce import report
from support.post import EVE, OLGA, PAT, Post
from support.rows import open_ticket, received

from mailgate.store.engine import open_database
from mailgate.store.inbound import load_envelope
from mailgate.store.verify import verify

SLOW = "Unser Server srv-web-01 (Kundennummer 10001) ist langsam, bitte schauen Sie nach.\n"
CANCEL = "Hiermit kündige ich den Vertrag über srv-web-01, Kundennummer 10001.\n"
EVENTS_MAY_GO = "/* past the triggers */ "


def fill(post):
    """One of each kind, a bounce among them."""
    post.send(OLGA, SLOW)
    receipt = post.desk.courier.parcels[0]
    post.send(OLGA, CANCEL)
    post.send(PAT, "Was kostet Ihr kleinster Server?\n")
    post.send(PAT, "Was kostet Ihr kleinster Server?\n", Message_ID="<m2@visitor.example>")
    first = post.desk.database.read(lambda session: load_envelope(session, "m001"))
    post.desk.receive(first.raw, sender=OLGA, to=("support@example.org",))
    post.desk.receive(report(receipt), sender="", to=(receipt.reverse_path,))
    post.send(EVE, "Danke für Ihre Mail, ich bin im Urlaub.\n", Auto_Submitted="auto-replied")
    post.desk.receive(b"x" * 10 + b"\r\n" + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n", sender=EVE)
    post.desk.store(post.desk.envelope(b"Subject: waits\r\n\r\nx\r\n"))
    asyncio.run(post.desk.deliver())


@pytest.fixture
def post(tmp_path):
    opened = Post(tmp_path)
    fill(opened)
    yield opened
    opened.close()


def found(post, **later):
    now = post.desk.clock + timedelta(**later)
    return post.desk.database.read(lambda session: verify(session, now))


def test_the_sum_holds_and_names_its_parts(post):
    said = found(post)
    assert (said["ok"], said["problems"]) == (True, [])
    assert list(said) == [
        "ok", "accepted", "filed", "held", "quarantined", "duplicate", "ignored", "pending", "problems",
    ]  # fmt: skip
    assert said["accepted"] == len(post.rows())
    assert said["accepted"] == sum(said[name] for name in list(said)[2:-1])
    assert (said["held"] >= 1, said["duplicate"], said["ignored"], said["pending"]) == (True, 2, 1, 1)


# What somebody does to the file, and what is said of it.
BREAKS = {
    "a waiting mail lost its bytes": (
        "DELETE FROM raw WHERE inbound = (SELECT id FROM inbound WHERE state = 'received')",
        "it waits, but its bytes are gone",
    ),
    "bytes were cut": ("UPDATE raw SET content = x'41' WHERE inbound = 'm001'", "mail m001: its bytes are not as long"),
    "an outcome is gone": ("UPDATE inbound SET outcome = NULL WHERE id = 'm001'", "mail m001: it was decided, without"),
    "a reason is gone": ("UPDATE inbound SET reason = NULL WHERE id = 'm001'", "accepted, and"),
    "a mail put aside has no ticket": (
        "UPDATE inbound SET state = 'failed', ticket = NULL WHERE id = 'm001'",
        "mail m001: it was put aside, and no ticket stands in for it",
    ),
    "a mail put aside has no reason": (
        "UPDATE inbound SET state = 'failed', reason = NULL WHERE id = 'm001'",
        "mail m001: it was put aside without a reason",
    ),
    "an opened mail has no ticket": (
        "UPDATE inbound SET ticket = NULL WHERE id = 'm001'", "mail m001: its outcome needs a ticket",
    ),
    "an entry is gone": ("DELETE FROM entry WHERE inbound = 'm001'", "mail m001: its ticket has no entry of it"),
    "a claim is gone": ("DELETE FROM seen WHERE inbound = 'm001'", "mail m001: it was decided, but a second delivery"),
    "the log of a mail is gone": (
        EVENTS_MAY_GO + "DELETE FROM event WHERE inbound = 'm001'", "mail m001: it opened a ticket, and the log says",
    ),
    "the log of a ticket is gone": (
        EVENTS_MAY_GO + "DELETE FROM event WHERE ticket = 1001", "ticket 1001: the log does not say that it was opened",
    ),
    "a line of the log is gone": (
        EVENTS_MAY_GO + "DELETE FROM event WHERE ticket = 1001 AND kind = 'notice-sent'",
        "ticket 1001: 1 mails sent, and the log knows of 0",
    ),
    "a ticket is empty": (
        "INSERT INTO ticket SELECT 5000 {columns} FROM ticket WHERE number = 1001",
        "ticket 5000: it has no entry",
    ),
    "a ticket is gone": ("DELETE FROM ticket WHERE number = 1001", "refers to a row of ticket that is not there"),
    "a mail is gone": ("DELETE FROM inbound WHERE id = 'm001'", "refers to a row of inbound that is not there"),
    "an outbox row without its ticket": (
        "UPDATE outbox SET ticket = 4711 WHERE ticket = 1001", "it refers to a row of ticket that is not there",
    ),
    "a receipt belongs to nothing": (
        "UPDATE outbox SET ticket = NULL WHERE ticket = 1001", "it belongs to no ticket",
    ),
    "the time of sending is gone": ("UPDATE outbox SET sent_at = NULL", "it is sent, but not when"),
    "bytes in doubt are gone": ("UPDATE outbox SET state = 'in-doubt', body = NULL", "it may have been sent, but has no bytes"),
    "a mail owed by nobody": (
        "UPDATE outbox SET ticket = 1001", "mails owed, and the log knows of",
    ),
    "the report is gone": (
        "UPDATE outbox SET undelivered_by = 'm999' WHERE undelivered_by IS NOT NULL", "the report that it did not arrive",
    ),
    "a state was changed by hand": (
        "UPDATE ticket SET state = 'waiting' WHERE number = 1001", "ticket 1001: it is waiting, and the log says",
    ),
    "closed at no time": ("UPDATE ticket SET state = 'closed' WHERE number = 1001", "time of its closing do not agree"),
}  # fmt: skip


def test_each_break_is_seen(tmp_path):
    whole = Post(tmp_path / "whole")
    fill(whole)
    whole.close()
    file = next((tmp_path / "whole").rglob("mailgate.db"))
    pristine = file.read_bytes()
    for what, (statement, expected) in BREAKS.items():
        file.write_bytes(pristine)
        with closing(sqlite3.connect(file)) as database:
            columns = "".join(
                f", {row[1]}" for row in database.execute("PRAGMA table_info(ticket)") if row[1] != "number"
            )
            triggers = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
            for trigger in triggers if statement.startswith(EVENTS_MAY_GO) else ():
                database.execute(f"DROP TRIGGER {trigger}")
            database.executescript(statement.format(columns=columns))
        opened = open_database(f"sqlite:///{file}", base=None, read_only=True)
        try:
            said = opened.read(lambda session: verify(session, whole.desk.clock))
        finally:
            opened.close()
        assert not said["ok"], what
        assert any(expected in problem for problem in said["problems"]), (what, said["problems"])


def test_a_lease_that_nobody_takes_up_is_seen(post):
    with post.desk.database.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE outbox SET state = 'leased', lease_until = '2026-03-02 09:00:00'")
    assert any("its lease ran out long ago" in item for item in found(post)["problems"])


def test_the_sum_holds_on_both_databases(database):
    received(database, "m1")
    open_ticket(database, inbound="m1")
    said = database.read(lambda session: verify(session, database.now()))
    assert (said["ok"], said["accepted"], said["pending"], said["problems"]) == (True, 1, 1, [])
