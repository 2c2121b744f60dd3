"""The operator hears that the breaker of automatic mail opened, and that it closed (threats BS-03)."""

import asyncio
from email import message_from_bytes, policy

import pytest
from support.desk import CONFIG, Desk, plain_mail
from support.jobs import JOBS, JobsDesk

from mailgate.core.desk.ticket import TicketState
from mailgate.core.mail.gate import Pool
from mailgate.service import sweep as sweeping
from mailgate.service.context import random_keys
from mailgate.store.work import alarmed, claim_closed_breaker, remember_alarm

OPERATOR = "boss@example.net"
LIMITED = CONFIG.replace('languages = ["de", "en"]', f'languages = ["de", "en"]\noperator = "{OPERATOR}"')
LIMITED += "\n[receipts]\ndesk_per_hour = 3\n"


@pytest.fixture
def desk(tmp_path, database_url):
    opened = Desk(tmp_path, database_url, config=LIMITED)
    yield opened
    opened.close()


def flood(desk, mails):
    for _ in range(mails):
        number = desk.count
        desk.receive(
            plain_mail(f"Frage {number}?\n", From=f"v{number}@d{number}.invalid", Message_ID=f"<{number}@x.invalid>")
        )
    asyncio.run(desk.deliver())


def swept(desk):
    found = sweeping.sweep(desk.database, desk.context.policy, desk.clock, random_keys)
    asyncio.run(desk.deliver())
    return found


def told(desk):
    mails = [message_from_bytes(item.raw, policy=policy.default) for item in desk.courier.parcels]
    return [mail for mail in mails if mail["To"].addresses[0].addr_spec == OPERATOR]


def test_bs_03_the_operator_hears_once_that_the_breaker_opened_and_once_that_it_closed(desk):
    flood(desk, 3)
    assert told(desk) == []
    flood(desk, 8)
    (opened,) = told(desk)
    assert opened["Subject"] == "mailgate: Automatische Post ist angehalten"
    assert "Antworten an Absender, die nicht erwiesen sind" in opened.get_content()
    assert "In der Stunde davor waren es 3" in opened.get_content()
    assert opened["Auto-Submitted"] == "auto-generated"
    desk.advance(minutes=59)
    assert not swept(desk).owes
    flood(desk, 1)  # the hour counts from what was withheld last
    desk.advance(minutes=59)
    assert not swept(desk).owes
    assert len(told(desk)) == 1
    desk.advance(minutes=1)
    assert swept(desk).owes
    closed = told(desk)[1]
    assert closed["Subject"] == "mailgate: Automatische Post geht wieder hinaus"
    assert "Angehalten wurden 9." in closed.get_content()
    assert not swept(desk).owes
    flood(desk, 12)
    swept(desk)
    assert [mail["Subject"].split()[-1] for mail in told(desk)] == ["angehalten", "hinaus", "angehalten"]
    assert len(desk.courier.parcels) == 3 + 3 + 3, "three mails an hour, and three to the operator"


def test_bs_03_without_an_operator_the_log_alone_says_it(tmp_path, database_url, caplog):
    desk = Desk(tmp_path, database_url, config=LIMITED.replace(f'operator = "{OPERATOR}"', ""))
    try:
        flood(desk, 6)
        desk.advance(hours=1)
        assert swept(desk).closed == 1
        assert len(desk.courier.parcels) == 3
        assert [record.message for record in caplog.records].count(
            "the breaker is open: no more automatic mail of this kind for now"
        ) == 1
    finally:
        desk.close()


def test_bs_03_what_a_job_withholds_opens_the_breaker_too(tmp_path, database_url):
    jobs = JobsDesk(tmp_path, database_url, config=LIMITED + JOBS)
    try:
        for _ in range(6):
            jobs.open(state=TicketState.WAITING)
        jobs.advance(days=4)
        assert jobs.run("remind")["detail"] == "3 reminded, 3 withheld"
        asyncio.run(jobs.deliver())
        (opened,) = told(jobs)
        assert "Erinnerungen und Mitteilungen an Kunden" in opened.get_content()
    finally:
        jobs.close()


def test_bs_03_each_pool_has_its_own_alarm(desk):
    write = desk.database.write
    for pool in (Pool.PROVED, Pool.APPROVE, Pool.APPROVE):
        write(lambda s, pool=pool: remember_alarm(s, pool, desk.clock))
    assert desk.database.read(lambda s: alarmed(s, desk.clock)) == {Pool.PROVED, Pool.APPROVE}
    desk.advance(minutes=60)
    found = {write(lambda s: claim_closed_breaker(s, desk.clock)) for _ in range(3)}
    assert found == {(Pool.PROVED, 1), (Pool.APPROVE, 2), None}
