from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from support.desk import CONFIG, Desk, plain_mail

from mailgate.core.mail.envelope import Transport
from mailgate.service.backlog import Backlog
from mailgate.store.outbox import list_outbox

OPERATOR = "root@ops.example"


@pytest.fixture
def desk(tmp_path, database_url):
    config = CONFIG.replace("[desk]\n", f'[desk]\noperator = "{OPERATOR}"\n', 1)
    opened = Desk(tmp_path, database_url, config)
    yield opened
    opened.close()


def told(desk):
    return [row["to"] for row in desk.database.read(list_outbox) if row["kind"] == "alarm"]


def test_cr_19_mail_that_waits_for_long_is_told_to_the_operator_once_an_hour(desk):
    backlog = Backlog(desk.settings, desk.database)
    for _ in range(3):
        desk.store(desk.envelope(plain_mail()))
        desk.advance(minutes=9)
    assert not backlog.look(desk.clock)
    desk.advance(minutes=4)
    assert backlog.look(desk.clock)
    assert told(desk) == [OPERATOR]
    desk.advance(minutes=59)
    assert not backlog.look(desk.clock)
    desk.advance(minutes=1)
    assert backlog.look(desk.clock)
    assert told(desk) == [OPERATOR] * 2


async def test_cr_19_the_alarm_says_which_mail_waits_and_what_to_look_at(desk):
    desk.store(desk.envelope(plain_mail()))
    desk.advance(minutes=31)
    assert Backlog(desk.settings, desk.database).look(desk.clock)
    await desk.deliver()
    (parcel,) = desk.courier.parcels
    text = message_from_bytes(parcel.raw, policy=default).get_content()
    assert "m001" in text
    assert "mailgate message list --state received" in text


def test_cr_19_what_is_decided_in_time_and_what_an_archive_brings_is_told_to_nobody(desk):
    backlog = Backlog(desk.settings, desk.database)
    desk.receive(plain_mail())
    desk.store(replace(desk.envelope(plain_mail(), client=None), transport=Transport.IMPORT))
    assert not backlog.look(desk.clock + timedelta(days=1))
    assert told(desk) == []
