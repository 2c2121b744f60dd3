import threading
from datetime import timedelta

import pytest
from support.rows import ANNA, NOW, at, carry_out, notice, open_ticket, plan

from mailgate.core.desk.notice import Template
from mailgate.core.desk.ticket import ClockName
from mailgate.core.mail.destination import Destination, stopped
from mailgate.core.mail.mail import Mailbox
from mailgate.store.errors import LeaseLost
from mailgate.store.facts import ticket
from mailgate.store.next_hop import save_hop
from mailgate.store.outbox import claim, drop, list_outbox, next_due, retry, settle, store_body
from mailgate.store.queries import show_ticket
from mailgate.store.tables.work import OutboxState

LEASE = timedelta(seconds=60)


def take(database, *, seconds=0, limit=10, owner="node-1"):
    return database.write(lambda session: claim(session, owner, at(seconds), LEASE, limit))


def end(database, mail, outcome, *, reply="250 ok", next_at=None, seconds=1, fence=None):
    fence = mail.fence if fence is None else fence
    database.write(lambda session: settle(session, mail.id, fence, outcome, reply, next_at, at(seconds)))


def keep(database, mail, raw=b"To: x\r\n\r\nbody\r\n", **changes):
    database.write(lambda session: store_body(session, mail.id, mail.fence, raw, "bounce@desk.example", **changes))


def row(database):
    return database.read(list_outbox)[0]


@pytest.fixture
def owed(database):
    """A ticket whose receipt is owed; the notice as it was planned."""
    made = []

    def receipt(number):
        made.append(notice(number))
        return made[0]

    open_ticket(database, notices=(receipt,))
    return made[0]


def test_a_claim_gives_the_notice_back(database, owed):
    (mail,) = take(database)
    assert mail.notice == owed
    assert (mail.recipient, mail.message_id, mail.kind) == (ANNA.address, owed.message_id, "receipt")
    assert (mail.attempts, mail.body, mail.reverse_path, mail.in_doubt) == (1, None, None, False)
    assert (mail.created_at, mail.lease_until) == (NOW, at(60))
    assert row(database)["state"] == "leased"
    assert take(database) == []


def test_the_oldest_due_come_first(database):
    number = open_ticket(database)
    for name, seconds in (("b", 2), ("a", 1), ("late", 500)):
        carry_out(database, plan(number, notices=(notice(number, name),)), seconds=seconds)
    assert [mail.notice.effect for mail in take(database, seconds=10, limit=1)] == ["a"]
    assert [mail.notice.effect for mail in take(database, seconds=10)] == ["b"]


def test_a_sent_receipt_stops_its_clock(database, owed):
    (mail,) = take(database)
    keep(database, mail, subject="Ihre Anfrage")
    end(database, mail, OutboxState.SENT, seconds=3)
    assert row(database)["state"] == "sent"
    assert row(database)["subject"] == "Ihre Anfrage"
    assert row(database)["last_reply"] == "250 ok"
    found = database.read(lambda session: ticket(session, owed.ticket))
    assert found.receipt_sent_at == at(3)
    assert found.clock(ClockName.RECEIPT).stopped_at == at(3)
    assert found.clock(ClockName.ACKNOWLEDGE).stopped_at is None
    kinds = [item["kind"] for item in database.read(lambda s: show_ticket(s, owed.ticket))["events"]]
    assert kinds[-2:] == ["notice-sent", "clock-stopped"]


@pytest.mark.parametrize(
    "changes",
    [{"to": Mailbox("", "owner@kunde.example"), "template": Template.APPROVE}, {"auto_submitted": None}],
)
def test_only_automatic_mail_to_the_requester_is_a_receipt(database, changes):
    number = open_ticket(database, notices=(lambda number: notice(number, **changes),))
    (mail,) = take(database)
    end(database, mail, OutboxState.SENT)
    found = database.read(lambda session: ticket(session, number))
    assert found.receipt_sent_at is None
    assert found.clock(ClockName.RECEIPT).stopped_at is None


def test_a_notice_without_a_ticket_can_be_sent(database):
    carry_out(database, plan(0, notices=(notice(None),)))
    (mail,) = take(database)
    end(database, mail, OutboxState.SENT)
    assert row(database)["state"] == "sent"


def test_ob_02_a_deferred_mail_waits_and_keeps_its_bytes(database, owed):
    (mail,) = take(database)
    keep(database, mail, b"the bytes")
    end(database, mail, OutboxState.DEFERRED, reply="451 later", next_at=at(300))
    assert take(database, seconds=299) == []
    (again,) = take(database, seconds=300)
    assert (again.body, again.reverse_path, again.attempts) == (b"the bytes", "bounce@desk.example", 2)
    assert again.message_id == mail.message_id
    with pytest.raises(LeaseLost):
        keep(database, again, b"other bytes")


def test_ob_03_a_failed_mail_is_not_tried_again_and_was_no_receipt(database, owed):
    (mail,) = take(database)
    end(database, mail, OutboxState.FAILED, reply="550 5.1.1 no such user")
    found = database.read(lambda session: ticket(session, owed.ticket))
    assert found.receipt_sent_at is None
    assert take(database, seconds=9999) == []


def test_ob_05_a_lost_connection_is_in_doubt_and_repeated(database, owed):
    (mail,) = take(database)
    keep(database, mail)
    end(database, mail, OutboxState.IN_DOUBT, reply="connection lost", next_at=at(60))
    (again,) = take(database, seconds=60)
    assert again.in_doubt
    assert again.body == b"To: x\r\n\r\nbody\r\n"


def test_ob_06_a_holder_that_died_after_composing_leaves_a_doubt(database, owed):
    (mail,) = take(database)
    keep(database, mail)
    assert take(database, seconds=60, owner="node-2") == []
    (again,) = take(database, seconds=61, owner="node-2")
    assert again.in_doubt
    assert again.body == b"To: x\r\n\r\nbody\r\n"


def test_a_holder_that_died_before_composing_leaves_no_doubt(database, owed):
    take(database)
    (again,) = take(database, seconds=61)
    assert (again.in_doubt, again.body) == (False, None)


def test_ob_07_a_held_mail_waits_for_the_operator(database, owed):
    (mail,) = take(database)
    end(database, mail, OutboxState.HELD, reply="535 bad credentials")
    assert take(database, seconds=99999) == []
    assert database.write(lambda session: retry(session, mail.id, at(100))) is True
    assert [again.id for again in take(database, seconds=100)] == [mail.id]


def test_cr_14_a_holder_that_wakes_late_changes_nothing(database, owed):
    (old,) = take(database)
    (new,) = take(database, seconds=61, owner="node-2")
    assert new.fence > old.fence
    for attempt in (
        lambda: end(database, old, OutboxState.SENT),
        lambda: end(database, old, OutboxState.FAILED),
        lambda: keep(database, old),
    ):
        with pytest.raises(LeaseLost):
            attempt()
    assert row(database)["state"] == "leased"
    end(database, new, OutboxState.SENT)
    with pytest.raises(LeaseLost):
        end(database, new, OutboxState.SENT)


def test_a_holder_that_is_late_but_alone_may_settle(database, owed):
    (mail,) = take(database)
    end(database, mail, OutboxState.SENT, seconds=1000)
    assert row(database)["state"] == "sent"


def test_an_attempt_cannot_end_as_anything_else(database, owed):
    (mail,) = take(database)
    with pytest.raises(ValueError, match="ready"):
        end(database, mail, OutboxState.READY)


def test_a_dropped_mail_is_not_owed_again(database, owed):
    assert database.write(lambda session: drop(session, row(database)["id"], at(5))) is True
    assert take(database, seconds=10) == []
    carry_out(database, plan(owed.ticket, notices=(owed,)))
    assert [(item["state"], item["last_reply"]) for item in database.read(list_outbox)] == [
        ("failed", "dropped by the operator")
    ]


def test_what_is_on_its_way_cannot_be_dropped_or_retried(database, owed):
    (mail,) = take(database)
    assert database.write(lambda session: drop(session, mail.id, at(5))) is False
    assert database.write(lambda session: retry(session, mail.id, at(5))) is False
    end(database, mail, OutboxState.SENT)
    assert database.write(lambda session: drop(session, mail.id, at(5))) is False
    assert database.write(lambda session: retry(session, 999, at(5))) is False


def test_the_next_due_time_is_known(database, owed):
    assert database.read(next_due) == NOW
    (mail,) = take(database)
    assert database.read(next_due) == at(60)
    end(database, mail, OutboxState.DEFERRED, next_at=at(300))
    assert database.read(next_due) == at(300)
    (mail,) = take(database, seconds=300)
    end(database, mail, OutboxState.SENT)
    assert database.read(next_due) is None


def test_lists_by_state_and_limit(database):
    number = open_ticket(database)
    carry_out(database, plan(number, notices=[notice(number, str(index)) for index in range(5)]))
    take(database, limit=2)
    assert len(database.read(lambda session: list_outbox(session, state="leased"))) == 2
    ids = [item["id"] for item in database.read(lambda session: list_outbox(session, limit=2))]
    assert ids == [item["id"] for item in database.read(list_outbox)][-2:]


def test_many_nodes_claim_each_mail_once(database):
    number = open_ticket(database)
    carry_out(database, plan(number, notices=[notice(number, str(index)) for index in range(40)]))
    start = threading.Barrier(4)
    claimed = []

    def node(name):
        start.wait(60)
        while mails := take(database, owner=name, limit=3):
            claimed.extend(mail.id for mail in mails)

    threads = [threading.Thread(target=node, args=(f"node-{index}",)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(claimed) == 40
    assert len(set(claimed)) == 40


def test_ob_05_a_holder_that_is_gone_holds_nothing(database, owed):
    (first,) = take(database)
    assert database.write(lambda session: claim(session, "node-2", at(1), LEASE, 10, gone=lambda _owner: False)) == []
    (again,) = database.write(lambda session: claim(session, "node-2", at(1), LEASE, 10, gone={"node-1"}.__contains__))
    assert (again.id, again.fence > first.fence, again.in_doubt) == (first.id, True, False)
    keep(database, again)
    (third,) = database.write(lambda session: claim(session, "node-3", at(2), LEASE, 10, gone={"node-2"}.__contains__))
    assert (third.in_doubt, third.body is not None) == (True, True)
    with pytest.raises(LeaseLost):
        end(database, again, OutboxState.SENT)


def test_ob_07_what_is_not_due_yet_is_not_held_and_can_be_called_back(database, owed):
    database.write(lambda session: save_hop(session, stopped(Destination(), "535 no", NOW), NOW))
    number = owed.ticket
    carry_out(database, plan(number, notices=(notice(number, "later"),)), seconds=500)
    take(database, seconds=1)
    assert [item["state"] for item in database.read(list_outbox)] == ["held", "ready"]
    (mail,) = take(database, seconds=400)
    assert mail.probe
    assert [item["state"] for item in database.read(list_outbox)] == ["leased", "ready"]
