"""What a stranger learns about accounts: nothing, neither by words nor by the time that the answer takes."""

import asyncio
from dataclasses import replace

from support.database import new_sqlite
from support.desk import Desk, plain_mail

from mailgate.core.desk.owe import RULE_AFTER
from mailgate.core.who.identity import Account, Contact, Role
from mailgate.store.accounts import import_accounts
from mailgate.store.outbox import next_due

ASKS = "Guten Tag,\n\nbitte starten Sie unseren Server neu, Kundennummer {}.\n\nMit freundlichen Grüßen\nKim\n"
OWNER = Account("30001", "Kunde", "de", None, (Contact("chef@kunde.example", "Chef", Role.OWNER),))


def _asked(tmp_path, number, work):
    """The desk that a stranger asked about an account, and when that was; `work` is what deciding takes."""
    desk = Desk(tmp_path / number, new_sqlite(tmp_path / f"store-{number}"))
    desk.database.decide(lambda session: import_accounts(session, [OWNER], replace=False, now=desk.clock))
    raw = plain_mail(ASKS.format(number), From="Kim <kim@stranger.invalid>")
    envelope, at = desk.envelope(raw, sender="kim@stranger.invalid"), desk.clock
    desk.store(envelope)
    desk.advance(milliseconds=work)
    desk.process(envelope)
    desk.mailer = replace(desk.mailer, now=lambda: desk.clock)
    return desk, at


def _sent_to(desk):
    asyncio.run(desk.deliver())
    return [parcel.recipient for parcel in desk.courier.parcels]


def test_bs_05_the_answer_leaves_at_the_same_moment_whether_or_not_the_account_exists(tmp_path):
    there, asked_at = _asked(tmp_path, "30001", work=1300)
    absent, _ = _asked(tmp_path, "60001", work=20)
    for desk in (there, absent):
        assert _sent_to(desk) == []
        assert desk.database.read(next_due) == asked_at + RULE_AFTER
        desk.clock = asked_at + RULE_AFTER
    assert _sent_to(there) == ["kim@stranger.invalid", "chef@kunde.example"]
    assert _sent_to(absent) == ["kim@stranger.invalid"]
    told = [desk.courier.parcels[0].raw.partition(b"\r\n\r\n")[2] for desk in (there, absent)]
    assert told[0] == told[1]
    for desk in (there, absent):
        desk.close()
