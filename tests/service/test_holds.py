import email
import email.policy

import pytest
from support.database import new_sqlite
from support.desk import plain_mail
from support.jobs import make_desk

from mailgate.core.desk.plan import FlagSet, Plan, Stamp
from mailgate.core.desk.ticket import Flag, TicketState
from mailgate.core.who.evidence import Assurance
from mailgate.store.apply import apply_plan

JOBS = """
[[jobs]]
name = "holds"
cron = "0 5 * * *"
action = "expire-holds"
"""
HELD = plain_mail(
    "Hallo, bitte starten Sie meinen Server srv-web-01 neu, Kunde 10001.\n", Subject="Neustart http://example.net"
)


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


async def test_a_request_that_nobody_confirms_is_closed_and_the_requester_told(desk):
    assert desk.receive(HELD).plan.outcome == "held"
    await desk.deliver()
    desk.advance(days=6)
    assert desk.run("holds")["detail"] == "0 closed, 0 requesters told"
    desk.advance(days=1, hours=1)
    assert desk.run("holds")["detail"] == "1 closed, 1 requesters told"
    assert desk.run("holds")["detail"] == "0 closed, 0 requesters told"
    found = desk.ticket(1001)
    assert found["state"] == "closed"
    assert found["entries"][0]["text"].startswith("Hallo, bitte starten")
    assert found["events"][-1]["actor"] == "job holds"
    await desk.deliver()
    mail = email.message_from_bytes(desk.courier.parcels[-1].raw, policy=email.policy.default)
    assert mail["To"] == "kim@kunde.invalid"
    assert mail["Subject"] == "Ihre Anfrage wurde nicht bestätigt [#1001]"
    assert "example.net" not in desk.courier.parcels[-1].raw.decode()


async def test_a_later_mail_of_the_requester_prolongs_it(sqlite_desk):
    desk = sqlite_desk
    desk.receive(HELD)
    await desk.deliver()
    desk.advance(days=5)
    rule = email.message_from_bytes(desk.courier.parcels[0].raw)
    again = plain_mail("Noch etwas dazu.\n", Message_ID="<m2@kunde.invalid>", In_Reply_To=rule["Message-ID"])
    assert desk.receive(again).plan.ticket == 1001
    desk.advance(days=5)
    assert desk.run("holds")["detail"] == "0 closed, 0 requesters told"
    desk.advance(days=2)
    assert desk.run("holds")["detail"] == "1 closed, 1 requesters told"


@pytest.mark.parametrize(
    "changes", [{"assurance": Assurance.REFUTED, "held_reason": "refuted"}, {"held_reason": "spam"}]
)
def test_bs_whoever_heard_nothing_hears_nothing_of_the_end(sqlite_desk, changes):
    desk = sqlite_desk
    number = desk.open(state=TicketState.HELD, **changes)
    flag = Plan("test", "test", number, (FlagSet(number, Flag.HELD_TOO_LONG, "held"),))
    desk.database.write(lambda s: apply_plan(s, flag, None, Stamp(desk.clock, 0, ()), "mailgate"))
    desk.advance(days=8)
    assert desk.run("holds")["detail"] == "1 closed, 0 requesters told"
    assert desk.owed_mails() == []
    assert (desk.ticket(number)["state"], desk.ticket(number)["flags"]) == ("closed", [])


def test_what_was_released_is_left_alone(sqlite_desk):
    desk = sqlite_desk
    number = desk.open(state=TicketState.HELD)
    desk.change(number, TicketState.HELD, TicketState.NEW)
    desk.advance(days=30)
    assert desk.run("holds")["detail"] == "0 closed, 0 requesters told"
