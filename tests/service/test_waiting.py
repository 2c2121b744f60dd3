import email
import email.policy
from datetime import timedelta

import pytest
from support.database import new_sqlite
from support.desk import plain_mail
from support.jobs import make_desk

from mailgate.core.desk.ticket import Flag, TicketState
from mailgate.core.who.evidence import Assurance


@pytest.fixture
def desk(database_url, tmp_path):
    opened = make_desk(tmp_path, database_url)
    opened.tick()  # the jobs are noted
    yield opened
    opened.close()


@pytest.fixture
def sqlite_desk(tmp_path):
    opened = make_desk(tmp_path, new_sqlite(tmp_path / "store"))
    opened.tick()
    yield opened
    opened.close()


def days(desk, count):
    """Ticks four times a day."""
    for _ in range(count * 4):
        desk.advance(hours=6)
        desk.tick()


async def test_a_waiting_customer_is_reminded_and_then_the_ticket_is_closed(desk):
    number = desk.open(state=TicketState.WAITING)
    days(desk, 2)
    assert desk.owed_mails() == []
    days(desk, 2)
    await desk.deliver()
    assert [mail["kind"] for mail in desk.owed_mails()] == ["reminder"]
    days(desk, 6)
    await desk.deliver()
    assert [mail["kind"] for mail in desk.owed_mails()] == ["reminder", "reminder", "closed"]
    found = desk.ticket(number)
    assert found["state"] == "closed"
    assert [event["detail"]["reason"] for event in found["events"] if event["kind"] == "state-changed"] == [
        "test",
        "no-answer",
    ]
    assert {event["actor"] for event in found["events"]} == {"anna", "job remind", "job close", "mailgate"}
    assert all(
        clock["reason"] == "closed" for clock in (e["detail"] for e in found["events"] if e["kind"] == "clock-stopped")
    )
    reminder, _, closed = (
        email.message_from_bytes(parcel.raw, policy=email.policy.default) for parcel in desk.courier.parcels
    )
    assert reminder["Auto-Submitted"] == "auto-generated"
    assert reminder["Subject"] == "Re: Störung im Netz [#1001]"
    assert reminder["In-Reply-To"] == "<m1001@kunde.invalid>"
    assert "seit dem 02.03.2026, 11:00 Uhr (MEZ)" in reminder.get_content()
    assert "bis zum 09.03.2026, 11:00 Uhr (MEZ)" in reminder.get_content()
    assert "bis zum" in closed.get_content().lower()


async def test_a_reply_to_a_closed_ticket_reopens_it(sqlite_desk):
    desk = sqlite_desk
    number = desk.open(state=TicketState.WAITING)
    days(desk, 8)
    await desk.deliver()
    closed = email.message_from_bytes(desk.courier.parcels[-1].raw)
    result = desk.receive(
        plain_mail("Doch, bitte.\n", Message_ID="<m2@kunde.invalid>", In_Reply_To=closed["Message-ID"])
    )
    assert result.plan.ticket == number
    assert desk.ticket(number)["state"] == "open"


async def test_lo_11_thirty_days_against_a_responder(sqlite_desk):
    """Reminder, automatic answer, reminder …: nothing changes, three reminders at most, then silence."""
    desk = sqlite_desk
    number = desk.open(state=TicketState.WAITING)
    seen = 0
    for day in range(30):
        days(desk, 1)
        if day > 20 and desk.ticket(number)["state"] == "closed":
            desk.change(
                number, TicketState.CLOSED, TicketState.WAITING
            )  # somebody keeps waiting: still three in its life
        await desk.deliver()
        for parcel in desk.courier.parcels[seen:]:
            mail = email.message_from_bytes(parcel.raw)
            answer = plain_mail(
                "Ich bin bis auf Weiteres nicht im Haus.\n",
                Subject=f"Abwesend: {day}",
                Message_ID=f"<auto{day}@kunde.invalid>",
                In_Reply_To=mail["Message-ID"],
                Auto_Submitted="auto-replied",
            )
            before = desk.ticket(number)["state"]
            result = desk.receive(answer, sender="", to=(mail["Reply-To"].rpartition("<")[2].rstrip(">"),))
            assert result.plan.ticket == number
            assert result.plan.notices == ()
            assert desk.ticket(number)["state"] == before
        seen = len(desk.courier.parcels)
    assert len(desk.owed_mails("reminder")) <= 3
    assert len(desk.database.read(lambda s: s.connection().exec_driver_sql("SELECT number FROM ticket").all())) == 1


def test_three_reminders_in_the_life_of_a_ticket_where_no_job_closes(tmp_path):
    more = '[[jobs]]\nname = "remind"\ncron = "0 8 * * *"\naction = "remind"\n'
    desk = make_desk(tmp_path, new_sqlite(tmp_path / "store"), more)
    desk.tick()
    number = desk.open(state=TicketState.WAITING)
    days(desk, 60)
    assert len(desk.owed_mails("reminder")) == 3
    assert desk.ticket(number)["state"] == "waiting"
    desk.change(number, TicketState.WAITING, TicketState.OPEN)
    desk.change(number, TicketState.OPEN, TicketState.WAITING)
    days(desk, 10)
    assert len(desk.owed_mails("reminder")) == 3
    desk.close()


def test_waiting_counts_from_when_it_began_last(sqlite_desk):
    desk = sqlite_desk
    number = desk.open(state=TicketState.WAITING)
    days(desk, 2)
    desk.change(number, TicketState.WAITING, TicketState.OPEN)
    days(desk, 3)
    desk.change(number, TicketState.OPEN, TicketState.WAITING)
    days(desk, 2)
    assert desk.owed_mails() == []
    days(desk, 2)
    assert len(desk.owed_mails("reminder")) == 1


@pytest.mark.parametrize(
    "changes, reason",
    [
        ({"assurance": Assurance.REFUTED}, "refuted"),
        ({"to": "noreply@kunde.invalid"}, "robot-address"),
        ({"to": "billing@example.org"}, "own-address"),
        ({"flags": (Flag.UNDELIVERED,)}, "undelivered"),
    ],
)
def test_who_is_not_reminded(sqlite_desk, changes, reason):
    desk = sqlite_desk
    number = desk.open(state=TicketState.WAITING, **changes)
    desk.advance(days=3)
    assert desk.run("remind")["detail"] == "0 reminded, 1 withheld"
    assert desk.owed_mails() == []
    withheld = [event for event in desk.ticket(number)["events"] if event["kind"] == "notice-withheld"]
    assert [event["detail"]["reason"] for event in withheld] == [reason]


def test_bs_a_reminder_to_an_unproved_address_takes_nothing_from_the_mail(sqlite_desk):
    desk = sqlite_desk
    desk.open(state=TicketState.WAITING, assurance=Assurance.UNPROVED, subject="Kaufen Sie http://example.net")
    desk.advance(days=3)
    desk.run("remind")
    (mail,) = desk.owed_mails("reminder")
    assert mail["subject"] is None


def test_budgets_bind_reminders(sqlite_desk):
    desk = sqlite_desk
    for _ in range(8):
        desk.open(state=TicketState.WAITING)
    desk.advance(days=3)
    assert desk.run("remind")["detail"] == "5 reminded, 3 withheld"
    desk.advance(hours=2)
    assert desk.run("remind")["detail"] == "3 reminded, 0 withheld"
    assert desk.run("remind")["detail"] == "0 reminded, 0 withheld"


def test_where_both_are_due_the_ticket_is_closed_without_a_reminder(sqlite_desk):
    desk = sqlite_desk
    number = desk.open(state=TicketState.WAITING)
    desk.advance(days=12)
    assert desk.tick() == 2
    assert [mail["kind"] for mail in desk.owed_mails()] == ["closed"]
    assert desk.ticket(number)["closed_at"] is not None
    assert desk.clock - timedelta(days=12) > desk.clock - desk.settings.clocks.reopen_within
