"""What the outbox owes, until it is settled."""

import asyncio
from datetime import timedelta

import pytest
from support.desk import plain_mail

from mailgate.courier.courier import Deferred, Failed, Sent, Stopped
from mailgate.render.environment import environment
from mailgate.service.holder import holder_name
from mailgate.store.outbox import claim, list_outbox, store_body
from mailgate.store.queries import show_ticket


def outbox(desk):
    return desk.database.read(list_outbox)


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
    assert {row["state"] for row in outbox(desk)} == {"deferred"}
    assert len(tried) == 200  # one probe each time, not one for each mail
    desk.courier.answer = lambda parcel: Sent("250 ok")
    assert await desk.deliver() == 5


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
    from dataclasses import replace

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
    desk.advance(minutes=16)
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
    desk.advance(minutes=16)
    assert await desk.deliver() == 1
