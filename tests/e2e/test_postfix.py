"""With a real Postfix before us and behind us: as most installations run."""

import email
import email.policy
import re
import smtplib
import sqlite3
from contextlib import closing

import pytest
from support.cli import run_cli
from support.daemon import DaemonProcess, free_port
from support.desk import plain_mail
from support.odd_mails import MAILS
from support.postfix import Postfix
from support.swaks import swaks_bytes

pytestmark = pytest.mark.e2e

# What Postfix itself changes: it drops these fields (message_drop_headers), mends this one, and cuts lines over 998 octets
HEADERS_CHANGED = {"bounce-headers", "blank-before-colon"}
BODY_CHANGED = {"long-lines"}


class Both:
    """The daemon, and the Postfix that brings its mail and takes its mail."""

    def __init__(self, folder):
        port = free_port()
        self.daemon = DaemonProcess(
            folder, delivery=f'method = "smtp"\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\nretry_for = "5d"'
        )
        self.postfix = Postfix(self.daemon.port, port=port)

    def send(self, raw, *to, sender="kim@kunde.invalid"):
        with smtplib.SMTP("127.0.0.1", self.postfix.port, local_hostname="client.invalid", timeout=30) as client:
            client.sendmail(sender, to or ["support@example.org"], raw, ["BODY=8BITMIME"])

    def mails(self, number, seconds=60):
        """The mails for customers, once there are so many."""
        self.daemon.until(lambda: len(self.postfix.mails()) >= number, f"mail number {number}", seconds)
        return self.postfix.mails()

    def stored(self, number):
        """The rows of the mails in, once there are so many and none waits."""

        def rows():
            found = self.daemon.json("message", "list")
            return found if len(found) >= number and all(row["state"] != "received" for row in found) else None

        return self.daemon.until(rows, f"{number} mails in", 60)


@pytest.fixture
def both(tmp_path):
    both = Both(tmp_path / "daemon")
    with both.postfix, both.daemon:
        yield both


def question(number, text="Guten Tag,\n\nwas kostet bei Ihnen der kleinste Server?\n", **fields):
    return plain_mail(
        text, From=f"Kim Kunde <kim{number}@kunde.invalid>", Message_ID=f"<{number}@kunde.invalid>", **fields
    )


def test_through_postfix_the_body_is_identical_and_headers_are_only_added(both, tmp_path):
    names = sorted(MAILS.keys() - BODY_CHANGED)
    for name in names:
        swaks_bytes(both.postfix.port, MAILS[name], tmp_path)
    rows = {row["message_id"]: row["id"] for row in both.stored(len(names))}
    for name in names:
        result = run_cli("--config", both.daemon.config, "message", "export", rows[f"{name}@kunde.invalid"])
        sent = MAILS[name] if MAILS[name].endswith(b"\r\n") else MAILS[name] + b"\r\n"
        assert result.raw.partition(b"\r\n\r\n")[2] == sent.partition(b"\r\n\r\n")[2], name
        if name in HEADERS_CHANGED:
            continue
        added = result.raw.removesuffix(sent)
        assert added != result.raw, (name, result.raw[:2000])
        assert re.fullmatch(rb"Received: from client\.invalid .*\r\n(?:[ \t].*\r\n)+", added), (name, added)


def test_a_receipt_reaches_the_customer_through_postfix_as_it_was_composed(both):
    both.send(question(1))
    (arrived,) = both.mails(1)
    with closing(sqlite3.connect(both.daemon.folder / "mailgate.db")) as database:
        composed, reverse_path = database.execute("select body, reverse_path from outbox").fetchone()
    added = arrived.removesuffix(composed.replace(b"\r\n", b"\n"))
    assert added != arrived, arrived.decode()
    trace = email.message_from_bytes(added, policy=email.policy.default)
    assert set(trace.keys()) == {"Return-Path", "X-Original-To", "Delivered-To", "Received"}
    assert trace["Return-Path"] == f"<{reverse_path}>"
    assert trace["Delivered-To"] == "kim1@kunde.invalid"
    receipt = email.message_from_bytes(arrived, policy=email.policy.default)
    assert receipt["Auto-Submitted"] == "auto-replied"
    assert receipt["In-Reply-To"] == receipt["References"] == "<1@kunde.invalid>"
    assert receipt["From"].addresses[0].addr_spec == "support@example.org"
    assert receipt["Reply-To"].addresses[0].username.startswith("support+")
    assert "1001" in receipt["Subject"]
    assert "Ihre Nachricht ist bei uns eingegangen" in receipt.get_content()
    (row,) = both.daemon.json("outbox", "list")
    assert (row["state"], f"<{row['message_id']}>") == ("sent", receipt["Message-ID"])
    assert "queued as" in row["last_reply"]


def test_a_reply_to_the_receipt_comes_back_through_postfix_into_its_ticket(both):
    both.send(question(1))
    receipt = email.message_from_bytes(both.mails(1)[0], policy=email.policy.default)
    both.send(
        plain_mail(
            "Noch etwas: mit wie viel Speicher?\n",
            From="Kim Kunde <kim1@kunde.invalid>",
            To=receipt["Reply-To"],
            Subject=f"Re: {receipt['Subject']}",
            Message_ID="<2@kunde.invalid>",
            In_Reply_To=receipt["Message-ID"],
            References=f"{receipt['References']} {receipt['Message-ID']}",
        ),
        receipt["Reply-To"].addresses[0].addr_spec,
        sender="kim1@kunde.invalid",
    )
    rows = {row["message_id"]: row["outcome"] for row in both.stored(2)}
    assert rows == {"1@kunde.invalid": "opened", "2@kunde.invalid": "followed-up"}
    ticket = both.daemon.json("ticket", "show", "1001")
    assert [entry["message_id"] for entry in ticket["entries"] if entry["kind"] == "customer"] == [
        "1@kunde.invalid",
        "2@kunde.invalid",
    ]
    assert len(both.daemon.json("ticket", "list")) == 1


def test_mail_that_came_while_we_were_down_waits_in_postfix(tmp_path):
    both = Both(tmp_path / "daemon")
    with both.postfix:
        both.send(question(1))
        both.daemon.until(lambda: "status=deferred" in both.postfix.log(), "a vain attempt")
        with both.daemon:
            assert len(both.mails(1)) == 1
            assert [row["outcome"] for row in both.stored(1)] == ["opened"]


@pytest.mark.slow
def test_cr_01_ob_06_with_kills_while_postfix_delivers_each_mail_is_one_ticket_and_its_receipt_one_message_id(tmp_path):
    both, mails = Both(tmp_path / "daemon"), 20
    with both.postfix:
        for number in range(mails):
            both.send(question(number))
        for _ in range(4):
            seen = len(both.postfix.mails())
            both.daemon.start()
            both.daemon.until(lambda: len(both.postfix.mails()) > seen, "a receipt", 60)  # noqa: B023 - used at once
            both.daemon.kill()
        with both.daemon:
            both.daemon.until(lambda: len(receipts(both)) == mails and both.stored(mails), "every receipt", 90)
            both.daemon.until(
                lambda: all(row["state"] == "sent" for row in both.daemon.json("outbox", "list")), "peace"
            )
            tickets = both.daemon.json("ticket", "list")
    assert sorted(row["requester"] for row in tickets) == sorted(
        f"kim{number}@kunde.invalid" for number in range(mails)
    )


def receipts(both):
    """The arrived mails by Message-ID; a second copy after a crash has the same bytes, Postfix's fields apart."""
    found = {}
    for mail in both.postfix.mails():
        ours = mail[mail.index(b"\nFrom: ") :]
        name = email.message_from_bytes(ours.lstrip())["Message-ID"]
        assert found.setdefault(name, ours) == ours
    return found
