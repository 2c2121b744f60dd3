"""What the outbox owes, until it is settled."""

import asyncio
import contextlib
from dataclasses import replace
from datetime import timedelta

import pytest
from support.desk import plain_mail

from mailgate.core.mail.destination import Reach
from mailgate.courier.courier import Deferred, Failed, Sent, Stopped, Unreachable
from mailgate.render.compose import BrokenTemplate, compose
from mailgate.render.environment import environment
from mailgate.service.holder import holder_name
from mailgate.store.errors import StoreUnavailable
from mailgate.store.next_hop import load_hop
from mailgate.store.outbox import claim, drop, list_outbox, next_due, retry, store_body
from mailgate.store.outbox import settle as settle_in_store
from mailgate.store.queries import show_ticket


def outbox(desk):
    return desk.database.read(list_outbox)


def hop(desk):
    return desk.database.read(load_hop)


def owe(desk, count=1):
    for number in range(count):
        raw = plain_mail(
            f"Was kostet Server Nummer {number}?\n",
            From=f"k{number}@kunde.invalid",
            Message_ID=f"<{number}@kunde.invalid>",
        )
        desk.receive(raw, sender=f"k{number}@kunde.invalid")


async def test_a_sent_receipt_stops_its_clock(desk):
    owe(desk)
    assert await desk.deliver() == 1
    shown = desk.database.read(lambda session: show_ticket(session, 1001))
    assert shown["receipt_sent_at"] is not None
    assert (outbox(desk)[0]["state"], outbox(desk)[0]["last_reply"]) == ("sent", "250 ok")
    assert await desk.deliver() == 0


async def test_ob_02_a_deferred_mail_goes_out_later_with_the_same_bytes(desk):
    owe(desk)
    seen = []

    def later(parcel):
        seen.append(parcel)
        return Deferred("450 greylisted") if len(seen) < 3 else Sent("250 ok")

    desk.courier.answer = later
    for minutes in (0, 2, 6):
        desk.advance(minutes=minutes)
        await desk.deliver()
    assert outbox(desk)[0]["state"] == "sent"
    assert outbox(desk)[0]["attempts"] == 3
    assert len({(item.message_id, item.raw) for item in seen}) == 1


async def test_a_deferred_mail_is_not_tried_before_its_time(desk):
    owe(desk)
    desk.courier.answer = lambda parcel: Deferred("450 later")
    await desk.deliver()
    desk.courier.answer = lambda parcel: Sent("250 ok")
    desk.advance(seconds=30)
    assert await desk.deliver() == 0
    desk.advance(minutes=1)
    assert await desk.deliver() == 1


async def test_ob_03_a_permanent_refusal_fails_at_once_and_marks_the_ticket(desk):
    owe(desk)
    desk.courier.answer = lambda parcel: Failed("550 5.1.1 no such user")
    await desk.deliver()
    assert outbox(desk)[0]["state"] == "failed"
    assert "undelivered" in desk.database.read(lambda session: show_ticket(session, 1001))["flags"]


async def test_ob_01_after_five_days_a_mail_is_given_up(desk):
    owe(desk)
    desk.courier.answer = lambda parcel: Deferred("no connection")
    for _ in range(125):
        await desk.deliver()
        desk.advance(minutes=67)
    assert outbox(desk)[0]["state"] == "failed"


@pytest.mark.slow
async def test_ob_07_a_next_hop_that_takes_nothing_from_us_fails_no_mail(desk):
    owe(desk, 5)
    tried = []

    def refuse(parcel):
        tried.append(parcel)
        return Stopped("535 5.7.8 login refused")

    desk.courier.answer = refuse
    for _ in range(200):
        await desk.deliver()
        desk.advance(hours=1)
    assert {row["state"] for row in outbox(desk)} == {"held"}
    assert {row["last_reply"] for row in outbox(desk)} == {"535 5.7.8 login refused"}
    assert len(tried) == 200  # one probe each time, not one for each mail
    assert len({parcel.recipient for parcel in tried}) == 5  # and each time another one
    desk.courier.answer = lambda parcel: Sent("250 ok")
    assert await desk.deliver() == 5
    assert hop(desk).reach is Reach.UP


async def test_ob_05_a_mail_in_doubt_is_sent_again_with_the_same_bytes(desk):
    owe(desk)
    seen = []
    desk.courier.answer = lambda parcel: (seen.append(parcel), Deferred("lost", in_doubt=True))[1]
    await desk.deliver()
    assert outbox(desk)[0]["state"] == "in-doubt"
    desk.courier.answer = lambda parcel: (seen.append(parcel), Sent("250 ok"))[1]
    desk.advance(minutes=2)
    await desk.deliver()
    assert seen[0].raw == seen[1].raw


async def test_a_broken_template_holds_the_mail_and_says_which(sqlite_desk, tmp_path):
    folder = tmp_path / "templates" / "mail" / "de"
    folder.mkdir(parents=True)
    (folder / "receipt.txt").write_text("Subject: {{ nothing }}\n\nx\n", encoding="utf-8")
    owe(sqlite_desk)
    broken = replace(sqlite_desk.mailer, templates=environment(tmp_path / "templates"))
    sqlite_desk.mailer = broken
    await sqlite_desk.deliver()
    (row,) = outbox(sqlite_desk)
    assert row["state"] == "held"
    assert "mail/de/receipt.txt" in row["last_reply"]


async def test_in_02_an_address_that_no_mail_can_go_to_fails_alone(desk):
    owe(desk)
    raw = plain_mail(
        "Noch eine Frage: was kostet Speicher?\n", From='"a b"@kunde.invalid', Message_ID="<q@kunde.invalid>"
    )
    desk.receive(raw, sender="x@kunde.invalid")
    await desk.deliver()
    assert sorted(row["state"] for row in outbox(desk)) in (["failed", "sent"], ["sent"])


@pytest.mark.parametrize("at", ["compose", "send"])
async def test_cr_01_a_worker_that_dies_leaves_its_mail_to_the_next_one(desk, at, monkeypatch):
    owe(desk)

    class Killed(BaseException):
        pass

    def die(*args, **kwargs):
        raise Killed

    if at == "compose":
        monkeypatch.setattr("mailgate.service.deliver.compose", die)
    else:
        desk.courier.answer = die
    with pytest.raises(Killed):
        await desk.deliver()
    monkeypatch.undo()
    desk.courier.answer = lambda parcel: Sent("250 ok")
    assert await desk.deliver() == 0  # the lease holds
    desk.advance(minutes=31)
    assert await desk.deliver() == 1
    assert outbox(desk)[0]["state"] == "sent"


async def test_two_workers_share_the_outbox_without_sending_twice(desk):
    owe(desk, 6)
    await asyncio.gather(desk.deliver(), desk.deliver())
    assert sorted(parcel.recipient for parcel in desk.courier.parcels) == [
        f"k{number}@kunde.invalid" for number in range(6)
    ]


@pytest.mark.parametrize("composed", [False, True])
async def test_ob_05_what_a_killed_process_had_in_hand_goes_out_at_once(desk, composed):
    owe(desk, 2)
    host, namespace, number, began = holder_name().split("/")
    dead = f"{host}/{namespace}/{number}/{int(began) - 1}"
    claimed = desk.database.write(lambda s: claim(s, dead, desk.mailer.now(), timedelta(minutes=15), 10))
    if composed:
        for mail in claimed:
            desk.database.write(lambda s, one=mail: store_body(s, one.id, one.fence, b"A: b\r\n\r\n", ""))
    assert await desk.deliver() == 2
    assert {row["state"] for row in outbox(desk)} == {"sent"}


async def test_what_another_living_process_has_in_hand_is_left_to_it(desk):
    owe(desk)
    other = holder_name()
    assert other != desk.mailer.owner
    desk.database.write(lambda s: claim(s, other, desk.mailer.now(), timedelta(minutes=15), 10))
    assert await desk.deliver() == 0
    desk.advance(minutes=31)
    assert await desk.deliver() == 1


async def test_ob_01_one_probe_asks_a_next_hop_that_is_down_and_all_others_wait(desk):
    owe(desk, 6)
    tried = []

    def nobody(parcel):
        tried.append((desk.clock, parcel.recipient))
        return Unreachable("connection refused")

    desk.courier.answer = nobody
    begin = desk.clock
    while desk.clock < begin + timedelta(hours=24):
        await desk.deliver()
        desk.clock = max(desk.clock + timedelta(seconds=1), desk.database.read(next_due))
    minutes = [round((moment - begin).total_seconds() / 60) for moment, _ in tried]
    assert 20 <= len(tried) <= 28  # at 0, 1, 6, 21, 51 minutes, then each hour
    assert minutes[:3] == [0, 1, 6]
    assert {row["state"] for row in outbox(desk)} <= {"ready", "deferred"}
    assert sum(row["attempts"] for row in outbox(desk)) == len(tried)
    assert len({recipient for _, recipient in tried}) == 6
    desk.courier.answer = lambda parcel: Sent("250 ok")
    desk.advance(hours=2)
    assert await desk.deliver() == 6


async def test_ob_01_who_could_not_be_reached_for_five_days_is_given_up_and_told(desk):
    owe(desk, 3)
    desk.courier.answer = lambda parcel: Unreachable("connection refused")
    for _ in range(124):
        await desk.deliver()
        desk.advance(hours=1)
    assert {row["state"] for row in outbox(desk)} == {"failed"}
    assert {row["last_reply"] for row in outbox(desk)} == {"given up: connection refused"}
    flags = desk.database.read(lambda session: show_ticket(session, 1002))["flags"]
    assert "undelivered" in flags


async def test_ob_07_the_days_of_a_hold_do_not_count_against_the_mail(desk):
    owe(desk)
    desk.courier.answer = lambda parcel: Stopped("535 5.7.8 login refused")
    await desk.deliver()
    desk.advance(days=9)
    desk.courier.answer = lambda parcel: Deferred("450 greylisted")
    await desk.deliver()
    assert outbox(desk)[0]["state"] == "deferred"
    desk.courier.answer = lambda parcel: Sent("250 ok")
    desk.advance(hours=1)
    assert await desk.deliver() == 1


async def test_ob_07_a_policy_against_all_of_us_fails_nobody(desk):
    owe(desk, 12)
    desk.courier.answer = lambda parcel: Failed("550 5.7.1 blocked by policy", about_us=True)
    for _ in range(20):
        await desk.deliver()
        desk.advance(minutes=7)
    assert {row["state"] for row in outbox(desk)} == {"held"}
    assert "refuses all our mail" in hop(desk).reply
    desk.courier.answer = lambda parcel: Sent("250 ok")
    desk.advance(minutes=7)
    assert await desk.deliver() == 12


async def test_ob_07_refusals_of_everybody_without_a_word_about_us_stop_the_mail_too(desk):
    owe(desk, 14)
    desk.courier.answer = lambda parcel: Failed("550 no")
    await desk.deliver()
    states = [row["state"] for row in outbox(desk)]
    assert (states.count("failed"), states.count("held")) == (10, 1)
    await desk.deliver()
    assert [row["state"] for row in outbox(desk)].count("held") == 4


async def test_ob_03_a_policy_against_one_mail_fails_that_one(desk):
    owe(desk, 4)

    def answer(parcel):
        return Failed("554 5.7.1 spam", about_us=True) if parcel.recipient.startswith("k1") else Sent("250 ok")

    desk.courier.answer = answer
    assert await desk.deliver() == 3
    assert outbox(desk)[1]["state"] == "deferred"
    owe_more = plain_mail("Und was kostet eine Domain?\n", From="new@kunde.invalid", Message_ID="<new@kunde.invalid>")
    desk.receive(owe_more, sender="new@kunde.invalid")
    desk.advance(minutes=2)
    await desk.deliver()
    assert [row["state"] for row in outbox(desk)] == ["sent", "failed", "sent", "sent", "sent"]


async def test_ob_04_each_recipient_ends_for_itself(desk):
    owe(desk, 3)
    answers = {"k0": Sent("250 ok"), "k1": Failed("550 5.1.1 no such user"), "k2": Deferred("450 4.2.1 mailbox busy")}
    tried = []
    desk.courier.answer = lambda parcel: (tried.append(parcel.recipient), answers[parcel.recipient[:2]])[1]
    await desk.deliver()
    assert [row["state"] for row in outbox(desk)] == ["sent", "failed", "deferred"]
    desk.advance(hours=1)
    tried.clear()
    await desk.deliver()
    assert tried == ["k2@kunde.invalid"]


async def test_ob_05_a_reply_that_is_lost_twice_is_a_question_for_a_person(desk):
    owe(desk)
    seen = []
    desk.courier.answer = lambda parcel: (seen.append(parcel.raw), Deferred("lost", in_doubt=True))[1]
    for _ in range(10):
        await desk.deliver()
        desk.advance(hours=2)
    (row,) = outbox(desk)
    assert (row["state"], len(seen), len(set(seen))) == ("held", 2, 1)
    assert "outbox retry" in row["last_reply"]
    assert "undelivered" in desk.database.read(lambda session: show_ticket(session, 1001))["flags"]
    assert desk.database.write(lambda session: retry(session, row["id"], desk.clock))
    desk.courier.answer = lambda parcel: Sent("250 ok")
    assert await desk.deliver() == 1


class Flaky:
    """A database that goes away at its n-th write from now on, for `length` writes."""

    def __init__(self, database, begin, length):
        self._database, self._begin, self._end, self._writes = database, begin, begin + length, 0

    def __getattr__(self, name):
        return getattr(self._database, name)

    def write(self, work):
        self._writes += 1
        if self._begin <= self._writes < self._end:
            raise StoreUnavailable("the database went away")
        return self._database.write(work)


@pytest.mark.parametrize("begin", range(1, 12))
async def test_ob_06_cr_07_a_database_that_goes_away_for_a_while_delays_and_repeats_nothing(sqlite_desk, begin):
    owe(sqlite_desk, 3)
    sqlite_desk.mailer = replace(sqlite_desk.mailer, database=Flaky(sqlite_desk.database, begin, 4))
    with contextlib.suppress(StoreUnavailable):
        await sqlite_desk.deliver()
    for _ in range(6):  # it is back within seconds; the leases of our own claim would run for half an hour
        sqlite_desk.advance(seconds=5)
        with contextlib.suppress(StoreUnavailable):
            await sqlite_desk.deliver()
    assert [row["state"] for row in outbox(sqlite_desk)] == ["sent"] * 3
    assert sorted(parcel.recipient for parcel in sqlite_desk.courier.parcels) == [
        f"k{n}@kunde.invalid" for n in range(3)
    ]
    assert sqlite_desk.mailer.hands.held == set()


async def test_a_probe_that_says_nothing_of_the_next_hop_makes_room_for_another(sqlite_desk, monkeypatch):
    owe(sqlite_desk, 2)
    sqlite_desk.courier.answer = lambda parcel: Unreachable("connection refused")
    await sqlite_desk.deliver()
    sqlite_desk.advance(minutes=2)
    sqlite_desk.courier.answer = lambda parcel: Sent("250 ok")
    first = sqlite_desk.database.read(list_outbox)[1]["id"]

    def broken(notice, *rest):
        if notice.to.address.startswith("k1"):
            raise BrokenTemplate("mend it")
        return compose(notice, *rest)

    monkeypatch.setattr("mailgate.service.deliver.compose", broken)
    await sqlite_desk.deliver()
    assert [row["state"] for row in outbox(sqlite_desk)] == ["sent", "held"]
    assert sqlite_desk.database.write(lambda session: drop(session, first, sqlite_desk.clock))


async def test_ob_03_a_refused_mail_whose_ticket_cannot_be_told_is_not_tried_for_ever(desk, monkeypatch, caplog):
    """A fault of ours in what follows: the mail has ended all the same, and those behind it go out."""

    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("mailgate.service.deliver.give_up", broken)
    owe(desk, 3)
    refused = []

    def answer(parcel):
        if parcel.recipient == "k0@kunde.invalid":
            refused.append(parcel)
            return Failed("550 5.1.1 nobody of that name")
        return Sent("250 ok")

    desk.courier.answer = answer
    await desk.deliver()
    desk.advance(minutes=10)
    await desk.deliver()
    assert {row["to"]: row["state"] for row in outbox(desk)} == {
        "k0@kunde.invalid": "failed",
        "k1@kunde.invalid": "sent",
        "k2@kunde.invalid": "sent",
    }
    assert len(refused) <= 2, "asked again once, for it might mean all our mail"
    assert [record.message for record in caplog.records].count(
        "the ticket of a mail that was given up could not be told"
    ) == 1


async def test_an_end_that_cannot_be_written_down_stops_no_other(desk, monkeypatch):
    owe(desk, 2)
    settle, broken = settle_in_store, []

    def once(*args):
        if not broken:
            broken.append(args[1])
            raise ZeroDivisionError
        return settle(*args)

    monkeypatch.setattr("mailgate.service.deliver.outbox.settle", once)
    with pytest.raises(ZeroDivisionError):
        await desk.deliver()
    desk.advance(minutes=10)
    await desk.deliver()
    desk.advance(minutes=10)
    await desk.deliver()
    assert {row["state"] for row in outbox(desk)} == {"sent"}
    taken = [parcel.recipient for parcel in desk.courier.parcels]
    assert sorted(set(taken)) == ["k0@kunde.invalid", "k1@kunde.invalid"]
    assert len(taken) == 3, "the one whose end nobody knows any more goes out again, with the same bytes"
    assert len({parcel.raw for parcel in desk.courier.parcels}) == 2
