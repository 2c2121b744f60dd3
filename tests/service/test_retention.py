from datetime import timedelta

import pytest
from support.database import new_sqlite
from support.desk import plain_mail
from support.jobs import make_desk

from mailgate.core.desk.plan import EntryAdded, Plan, Stamp, TicketMerged
from mailgate.core.desk.ticket import EntryKind, TicketState
from mailgate.store.apply import apply_plan
from mailgate.store.inbound import load_envelope

JOBS = """
[[jobs]]
name = "keep"
cron = "0 4 * * *"
action = "retention"

[retention]
closed = "30d"
unfiled = "10d"
"""


@pytest.fixture
def desk(database_url, tmp_path):
    opened = make_desk(tmp_path, database_url, JOBS)
    opened.tick()
    yield opened
    opened.close()


@pytest.fixture
def sqlite_desk(tmp_path):
    opened = make_desk(tmp_path, new_sqlite(tmp_path / "store"), JOBS)
    opened.tick()
    yield opened
    opened.close()


def mails(desk):
    """The mails that still have their bytes."""
    names = [f"m{number:03d}" for number in range(1, desk.count + 1)]
    return [name for name in names if desk.database.read(lambda s, name=name: load_envelope(s, name)) is not None]


def close(desk, number):
    desk.change(number, TicketState(desk.ticket(number)["state"]), TicketState.CLOSED)


def mail(number, **fields):
    return plain_mail(f"Guten Tag, Frage {number}.\n", Message_ID=f"<{number}@kunde.invalid>", **fields)


async def test_bytes_of_what_is_long_closed_go_and_the_log_says_so(desk):
    desk.receive(mail(1))
    desk.receive(mail(2))
    await desk.deliver()
    close(desk, 1001)
    desk.advance(days=29)
    assert desk.run("keep")["detail"].startswith("0 raw mails and 0 sent")
    desk.advance(days=2)
    assert desk.run("keep")["detail"].startswith("1 raw mails and 1 sent ones removed")
    assert mails(desk) == ["m002"]
    found = desk.ticket(1001)
    assert found["entries"][0]["text"].startswith("Guten Tag, Frage 1.")
    removed = [event for event in found["events"] if event["kind"] == "bytes-removed"]
    assert [(event["actor"], event["detail"]["received"], event["detail"]["sent"]) for event in removed] == [
        ("job keep", 1, 1)
    ]
    assert removed[0]["detail"]["octets"] > 500
    assert desk.run("keep")["detail"].startswith("0 raw mails and 0 sent")
    assert len([event for event in desk.ticket(1001)["events"] if event["kind"] == "bytes-removed"]) == 1


async def test_pr_03_nothing_that_is_open_is_touched(sqlite_desk):
    desk = sqlite_desk
    for number in range(1, 6):
        desk.receive(mail(number))
    await desk.deliver()
    for number, state in enumerate((TicketState.NEW, TicketState.OPEN, TicketState.WAITING, TicketState.HELD), 1001):
        desk.change(number, TicketState(desk.ticket(number)["state"]), state)
    close(desk, 1005)
    desk.change(1005, TicketState.CLOSED, TicketState.OPEN)
    desk.advance(days=4000)
    assert desk.run("keep")["detail"] == "0 raw mails and 0 sent ones removed, 0.0 MB"


async def test_what_became_part_of_an_open_ticket_stays(sqlite_desk):
    desk = sqlite_desk
    for number in range(1, 4):
        desk.receive(mail(number))
    await desk.deliver()
    for number, into in ((1001, 1002), (1002, 1003)):
        plan = Plan("merged", "test", number, (TicketMerged(number, into),))
        desk.database.write(lambda s, plan=plan: apply_plan(s, plan, None, Stamp(desk.clock, 0, ()), "anna"))
        close(desk, number)
    desk.advance(days=4000)
    assert desk.run("keep")["detail"].startswith("0 raw mails")
    close(desk, 1003)
    desk.advance(days=31)
    assert desk.run("keep")["detail"].startswith("3 raw mails")


async def test_a_ticket_that_still_owes_a_mail_keeps_its_bytes(sqlite_desk):
    desk = sqlite_desk
    desk.receive(mail(1))
    close(desk, 1001)
    desk.advance(days=60)
    assert desk.run("keep")["detail"].startswith("0 raw mails")
    await desk.deliver()
    assert desk.run("keep")["detail"].startswith("1 raw mails and 1 sent")


def test_mails_that_led_to_no_ticket(sqlite_desk):
    desk = sqlite_desk
    ignored = plain_mail("Hallo\n")
    desk.store(desk.envelope(ignored))
    done = "UPDATE inbound SET state = 'done', outcome = 'ignored'"
    desk.database.write(lambda s: s.connection().exec_driver_sql(done))
    desk.advance(days=9)
    assert desk.run("keep")["detail"].startswith("0 raw mails")
    desk.advance(days=2)
    assert desk.run("keep")["detail"].startswith("1 raw mails")
    assert mails(desk) == []
    shown = desk.database.read(lambda s: s.connection().exec_driver_sql("SELECT outcome, size FROM inbound").one())
    assert shown.outcome == "ignored"
    assert shown.size == len(ignored)


def test_what_was_put_aside_waits_for_people_however_long(sqlite_desk):
    desk = sqlite_desk
    desk.receive(mail(1))
    desk.database.write(lambda s: s.connection().exec_driver_sql("UPDATE inbound SET state = 'failed', ticket = NULL"))
    desk.clock += timedelta(days=4000)
    assert desk.run("keep")["detail"].startswith("0 raw mails")
    assert mails(desk) == ["m001"]


def answer(number, answered):
    """A customer's mail that answers one which is not here."""
    return mail(number, In_Reply_To=f"<{answered}@kunde.invalid>")


def say(desk, number):
    """A word of the requester in a ticket that stays as it is."""
    said = EntryAdded(number, EntryKind.CUSTOMER, "kim@kunde.invalid", "Erledigt", "word@kunde.invalid", None)
    plan = Plan("said", "test", number, (said,))
    desk.database.write(lambda s: apply_plan(s, plan, None, Stamp(desk.clock, 0, ()), "kim@kunde.invalid"))


def awaited(desk):
    rows = desk.database.read(
        lambda s: s.connection().exec_driver_sql("SELECT message_id, ticket FROM awaited ORDER BY ticket").all()
    )
    return [(row.message_id.partition("@")[0], row.ticket) for row in rows]


def test_mails_that_an_answer_overtook_are_awaited_until_their_ticket_is_closed_and_silent_for_long(desk):
    for number in (1, 2, 3):
        desk.receive(answer(number, f"late-{number}"))
    close(desk, 1001)
    close(desk, 1002)
    desk.advance(days=29)
    desk.run("keep")
    assert awaited(desk) == [("late-1", 1001), ("late-2", 1002), ("late-3", 1003)]
    say(desk, 1002)
    desk.advance(days=2)
    desk.run("keep")
    assert awaited(desk) == [("late-2", 1002), ("late-3", 1003)]
    desk.advance(days=30)
    desk.run("keep")
    assert awaited(desk) == [("late-3", 1003)]
    desk.advance(days=4000)
    assert desk.run("keep")["done"]
    assert awaited(desk) == [("late-3", 1003)]
