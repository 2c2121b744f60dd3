import email
import email.policy

import pytest
from support.database import new_sqlite
from support.jobs import make_desk

from mailgate.core.desk.plan import AssigneeSet, FlagSet, Plan, Stamp
from mailgate.core.desk.ticket import Flag, TicketState
from mailgate.core.who.request import Priority
from mailgate.store.apply import apply_plan

MORE = """
[[agents]]
name = "ben"
address = "ben@example.org"
language = "en"

[[departments]]
name = "sales"
addresses = ["sales@example.org"]
agents = ["ben"]

[[jobs]]
name = "morning"
cron = "0 7 * * 1-5"
action = "digest"
"""


@pytest.fixture
def desk(database_url, tmp_path):
    opened = make_desk(tmp_path, database_url, MORE, agents=["anna"])
    opened.tick()
    yield opened
    opened.close()


@pytest.fixture
def sqlite_desk(tmp_path):
    opened = make_desk(tmp_path, new_sqlite(tmp_path / "store"), MORE, agents=["anna"])
    opened.tick()
    yield opened
    opened.close()


def note(desk, *events):
    plan = Plan("test", "test", None, events)
    desk.database.write(lambda s: apply_plan(s, plan, None, Stamp(desk.clock, 0, ()), "test"))


async def sent(desk):
    await desk.deliver()
    mails = [email.message_from_bytes(parcel.raw, policy=email.policy.default) for parcel in desk.courier.parcels]
    return {str(mail["To"]): mail for mail in mails}


async def test_each_agent_gets_the_own_list_in_the_own_language(desk):
    mine = desk.open(subject="Meins", department="billing")
    note(desk, AssigneeSet(mine, "anna"))
    late = desk.open(subject="Eilig\r\nBcc: x@example.net", priority=Priority.HIGH)
    note(desk, FlagSet(late, Flag.UNACKNOWLEDGED, "overdue"))
    desk.open(subject="Wartet auf Freigabe", state=TicketState.HELD, held_reason="account-unproved")
    desk.open(subject="Gewinn", state=TicketState.HELD, held_reason="spam")
    theirs = desk.open(subject="Von Ben", department="support")
    note(desk, AssigneeSet(theirs, "ben"))
    desk.open(subject="New server", department="sales")
    desk.open(subject="Fertig", state=TicketState.CLOSED)
    desk.advance(days=1)
    assert desk.tick() == 1
    assert desk.job("morning")["last_result"] == "2 agents told, 0 have nothing to look at"
    mails = await sent(desk)
    anna, ben = mails["anna@example.org"], mails["ben@example.org"]
    assert anna["Subject"] == "Übersicht Example Hosting: 4 Vorgänge, davon 1 überfällig"
    assert ben["Subject"] == "Digest Example Hosting: 2 tickets"
    assert anna["Auto-Submitted"] == "auto-generated"
    text = anna.get_content().replace("\r\n", "\n")
    titles = ["Überfällig (1)", "Ihre Vorgänge (1)", "Angehalten: warten auf Bestätigung oder Freigabe (1)", "Als Spam"]
    assert [text.index(title) for title in titles] == sorted(text.index(title) for title in titles)
    assert "#1002  Eilig Bcc: x@example.net\n" in text
    assert "DRINGEND; nicht rechtzeitig gesehen" in text
    assert "Es geht um ein Kundenkonto" in text
    assert all(word not in text for word in ("Von Ben", "New server", "Fertig"))
    assert "Your tickets (1)" in ben.get_content()
    assert "Nobody's yet (1)" in ben.get_content()
    assert "kim@kunde.invalid, sales, since 2 March 2026, 11:00 CET" in ben.get_content()


def test_nothing_is_sent_where_nothing_waits(sqlite_desk):
    sqlite_desk.open(state=TicketState.CLOSED)
    assert sqlite_desk.run("morning")["detail"] == "0 agents told, 2 have nothing to look at"
    assert sqlite_desk.owed_mails() == []


def test_one_mail_an_agent_and_firing_however_often_it_is_begun(desk):
    desk.open()
    assert desk.run("morning")["done"]
    assert desk.run("morning")["done"]
    assert len(desk.owed_mails("digest")) == 1
    desk.advance(minutes=1)
    desk.run("morning")
    assert len(desk.owed_mails("digest")) == 2


async def test_a_long_list_is_cut_and_says_so(sqlite_desk):
    for _ in range(45):
        sqlite_desk.open()
    sqlite_desk.run("morning")
    text = (await sent(sqlite_desk))["anna@example.org"].get_content()
    assert "Noch ohne Bearbeiter (45)" in text
    assert "… und 5 weitere: mailgate ticket list" in text
    assert text.count("#10") == 40


def test_no_budget_counts_a_digest_nor_holds_it_back(sqlite_desk):
    sqlite_desk.open()
    for _ in range(30):
        sqlite_desk.run("morning")
        sqlite_desk.advance(minutes=1)
    assert len(sqlite_desk.owed_mails("digest")) == 30
