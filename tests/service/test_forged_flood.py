"""Five thousand forged mails to all addresses, with the budgets as they ship but for the breaker (threats BS-01 to BS-04)."""

import asyncio
import itertools
import logging
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from support.database import new_sqlite
from support.desk import Desk
from support.forgery import (
    DESK,
    FROM_FORMS,
    NOW,
    STATES,
    VICTIMS,
    WAYS,
    Letter,
    envelope_of,
    forged_cases,
    name_server,
    writing,
    written,
)

from mailgate.core.mail.gate import Pool
from mailgate.core.who.identity import Account, Contact, Product, Role
from mailgate.service.process import Done, process
from mailgate.store.accounts import import_accounts
from mailgate.store.messages import list_messages
from mailgate.store.verify import verify

CONFIG = f"""{DESK}
[receipts]
desk_per_hour = 10

[[departments]]
name = "old"
addresses = ["technik@desk.example"]
retired_notice = "https://desk.example/panel"
"""
MARK = "zqmark"
TEXTS = (
    f"What does your smallest server cost? {MARK} http://{MARK}.evil.example/ {{0}}\r\n",
    f"Bitte starten Sie meinen Server srv-{{1}} neu, Kundennummer {{1}}. {MARK} {{0}}\r\n",
    f"Kundennummer {{1}}: bitte senden Sie mir den AuthCode meiner Domain. {MARK} {{0}}\r\n",
)
ADDRESSES = ("support@desk.example", "billing@desk.example", "technik@desk.example", "postmaster@desk.example")
MANY = 5000
AT_A_TIME = 20  # mails owed before they are delivered
NUMBERS = {domain: str(20001 + index) for index, domain in enumerate(VICTIMS)}


def flood():
    """Form, state, way, victim, text and address of each mail; the same in each run."""
    everything = [(form, *case) for form in FROM_FORMS for case in forged_cases(form, whole=False)]
    step = next(number for number in (1543, 1549, 1553) if len(everything) % number)
    for index in range(MANY):
        form, state, way, domain = everything[index * step % len(everything)]
        if (form, state) != ("no From", "added"):
            yield index, form, state, way, domain


@pytest.mark.slow
def test_bs_01_to_04_five_thousand_forged_mails(tmp_path, caplog):
    caplog.set_level(logging.ERROR, "mailgate.service.process")
    with name_server() as dns:
        desk = Desk(tmp_path, new_sqlite(tmp_path / "store"), config=CONFIG, nameserver=dns.address, clock=NOW)
        accounts = [
            Account(number, f"Firma {number}", "de", None, (Contact(f"anna@{domain}", "Owner", Role.OWNER),),
                    (Product("server", f"srv-{number}"),))
            for domain, number in NUMBERS.items()
        ]  # fmt: skip
        desk.database.write(lambda session: import_accounts(session, accounts, replace=False, now=NOW))
        try:
            count = sum(receive(desk, *item) for item in flood())
            asyncio.run(desk.deliver())
            check(desk, count, [item.getMessage() for item in caplog.records])
        finally:
            desk.close()


def receive(desk, index, form, state, way_name, domain):
    text = TEXTS[index % len(TEXTS)].format(index, NUMBERS[domain])
    to = ADDRESSES[index % len(ADDRESSES)]
    with writing(Letter(to=to, subject=f"{MARK} {index}", message_id=f"{index}@forged.example", body=text)):
        raw = STATES[state](written(form, domain), domain)
    way = replace(WAYS[way_name], received=WAYS[way_name].received or not WAYS[way_name].ids)
    envelope = replace(envelope_of(raw, way, domain), id=f"f{index}", forward_path=(to,), received_at=desk.clock)
    desk.advance(seconds=3)
    desk.keys.base = index
    desk.store(envelope)
    if process(desk.context, envelope.id, alone=False).done is Done.LATER:
        desk.advance(minutes=11)
        process(desk.context, envelope.id, alone=False)
    if desk.owed >= AT_A_TIME:
        asyncio.run(desk.deliver())
        desk.owed = 0
    return 1


def check(desk, count, said):
    rows = desk.database.read(list_messages)
    assert len(rows) == count
    assert count >= 0.98 * MANY
    assert all(row["state"] == "done" for row in rows)
    with desk.database.reader.connect() as connection:
        owed = connection.exec_driver_sql(
            "SELECT o.recipient, o.pool, o.created_at, o.ticket, "
            "json_extract(i.explanation, '$.evidence.assurance'), i.author, o.kind "
            "FROM outbox o JOIN inbound i ON i.id = o.inbound WHERE o.pool IS NOT NULL"
        ).fetchall()
    assert len(owed) >= 50
    assert {row[4] for row in owed} <= {"unproved", "proved"}, "refuted authors hear nothing"
    asked = {f"anna@{domain}" for domain in VICTIMS}
    assert all(row[0] == row[5] or (row[0] in asked and row[6] in {"confirm", "approve"}) for row in owed)
    proved = {row[0] for row in owed if row[4] == "proved"}
    assert all(address.endswith("evil.example") for address in proved - asked), "only the forger's own domain signs"
    for parcel in desk.courier.parcels:
        assert len(parcel.raw) <= 4096
        assert MARK.encode() not in parcel.raw or parcel.recipient in proved
    budgets(owed)
    hours = (desk.clock - NOW) // timedelta(hours=1) + 1
    alarms = said.count("the breaker is open: no more automatic mail of this kind for now")
    assert 1 <= alarms <= hours * len(Pool), "it opens, and says so once an hour"
    outcome = desk.database.read(lambda session: verify(session, desk.clock))
    assert outcome["problems"] == []
    assert outcome["accepted"] == count


def budgets(owed):
    """Five an hour and twenty a day to an address, ten an hour of the desk, of each pool; ten a ticket."""
    moments = {}
    for recipient, pool, at, *_ in owed:
        for key in ((recipient, pool), pool):
            moments.setdefault(key, []).append(datetime.fromisoformat(str(at)))
    for key, times in moments.items():
        hour, day = (5, 20) if isinstance(key, tuple) else (10, 10 * 24)
        assert most_within(sorted(times), timedelta(hours=1)) <= hour, key
        assert most_within(sorted(times), timedelta(days=1)) <= day, key
    assert max(Counter(row[3] for row in owed if row[3] is not None).values()) <= 10


def most_within(times, span):
    most = first = 0
    for last, moment in enumerate(times):
        while times[first] <= moment - span:
            first += 1
        most = max(most, last - first + 1)
    return most


def test_the_flood_is_what_it_says():
    seen = list(itertools.islice(flood(), 1000))
    assert len({item[2] for item in seen}) == len(STATES)
    assert {item[4] for item in seen} == set(VICTIMS)
