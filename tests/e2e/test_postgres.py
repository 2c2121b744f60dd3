"""The daemon on PostgreSQL: the same way, the same promises."""

import pytest
from support.daemon import DaemonProcess
from support.desk import plain_mail
from support.postgres import required_cluster

pytestmark = pytest.mark.e2e

KILLS = 5


def question(number):
    return plain_mail(
        f"Guten Tag,\n\nwas kostet bei Ihnen der Server Nummer {number}?\n",
        From=f"kim{number}@kunde.invalid",
        Message_ID=f"<{number}@kunde.invalid>",
    )


@pytest.fixture
def daemon(tmp_path):
    cluster = required_cluster()
    name = cluster.create_empty()
    daemon = DaemonProcess(tmp_path, database=cluster.url(name))
    yield daemon
    if daemon.process is not None and daemon.process.poll() is None:
        daemon.stop()
    cluster.drop(name)


def settled(daemon, count):
    """Wait until so many receipts are out and nothing is owed any more."""
    daemon.until(lambda: len(daemon.receipts()) >= count, f"{count} receipts", 60)
    daemon.until(lambda: all(row["state"] == "sent" for row in daemon.json("outbox", "list")), "an empty outbox")


def test_a_mail_becomes_a_ticket_with_a_receipt_and_a_second_delivery_none(daemon):
    daemon.start()
    first = daemon.send(question(1))
    settled(daemon, 1)
    second = daemon.send(question(1))

    def decided():
        rows = daemon.json("message", "list")
        return rows if all(row["state"] == "done" for row in rows) else None

    rows = {row["id"]: row for row in daemon.until(decided, "the second decision")}
    assert (rows[first]["outcome"], rows[second]["outcome"]) == ("opened", "duplicate")
    assert rows[first]["ticket"] == rows[second]["ticket"] == 1001
    (ticket,) = daemon.json("ticket", "list")
    assert (ticket["requester"], ticket["receipt_sent_at"] is not None) == ("kim1@kunde.invalid", True)
    assert daemon.stop() == 0
    assert len(daemon.receipts()) == 1


def test_cr_01_each_mail_that_got_250_is_one_ticket_with_one_receipt_after_five_kills(daemon):
    accepted = []
    for number in range(KILLS):
        daemon.start()
        accepted.append(daemon.send(question(number)))
        daemon.kill()
    daemon.start()
    settled(daemon, KILLS)
    assert {row["id"] for row in daemon.json("message", "list")} == set(accepted)
    tickets = daemon.json("ticket", "list")
    assert sorted(row["requester"] for row in tickets) == [f"kim{number}@kunde.invalid" for number in range(KILLS)]
    assert len(daemon.receipts()) == KILLS
