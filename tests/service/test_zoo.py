"""Loops die: each responder over thirty virtual days (threats LO-01 to LO-12, peers row 6).

Whatever answers us: one receipt a ticket at most, five automatic mails an hour and twenty a day to an address, ten in a
ticket's life, one for whatever is marked as a program, and one ticket for the loop (beside that of the first mail, a
person's, where nothing of ours can be found in the answers).
"""

import asyncio
from collections import Counter
from datetime import datetime, timedelta

import pytest
from support.desk import plain_mail
from support.dns import DnsServer
from support.zoo import ANIMALS, KIM, SOURCES, SUPPORT, Animal, Keeper, Reply, other_desk

from mailgate.service.process import Done, process

pytestmark = pytest.mark.slow
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def sent(keeper):
    """The automatic mails to customers and strangers: (recipient, kind, ticket, moment)."""
    with keeper.desk.database.reader.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT recipient, kind, ticket, created_at FROM outbox WHERE pool IS NOT NULL ORDER BY id"
        )
        return [(row[0], row[1], row[2], datetime.fromisoformat(str(row[3]))) for row in rows]


def most_within(moments, span):
    """The largest number of moments within any span."""
    return max((sum(start <= moment < start + span for moment in moments) for start in moments), default=0)


def check(mails, name):
    for address in {mail[0] for mail in mails}:
        moments = [mail[3] for mail in mails if mail[0] == address]
        assert most_within(moments, HOUR) <= 5, (name, address)
        assert most_within(moments, DAY) <= 20, (name, address)
    assert max(Counter(mail[2] for mail in mails).values(), default=0) <= 10, name
    assert max(Counter(mail[2] for mail in mails if mail[1] == "receipt").values(), default=0) <= 1, name


def test_the_zoo_has_more_than_twenty_five_animals():
    assert len(ANIMALS) + len(SOURCES) >= 25
    assert max(animal.tickets for animal in ANIMALS) <= 2, "that of the person, and that of the loop"
    assert len({animal.name for animal in ANIMALS + SOURCES}) == len(ANIMALS) + len(SOURCES)


@pytest.mark.parametrize("animal", ANIMALS, ids=lambda animal: animal.name.replace(" ", "-"))
def test_lo_01_to_10_a_responder_stops(tmp_path, animal):
    keeper = Keeper(tmp_path, animal)
    try:
        keeper.live(30)
        mails = sent(keeper)
        check(mails, animal.name)
        assert len(mails) >= 1, "the first mail gets its receipt"
        if animal.marked:
            assert len(mails) == 1, animal.name
            assert keeper.arrived == 1 + len(animal.answers)
        assert len(keeper.post.tickets()) <= animal.tickets, animal.name
        assert all(row["state"] == "done" for row in keeper.post.rows())
    finally:
        keeper.close()


@pytest.mark.parametrize("animal", SOURCES, ids=lambda animal: animal.name.replace(" ", "-"))
def test_lo_04_bs_03_who_writes_without_end_gets_no_more_than_the_budgets(tmp_path, animal):
    keeper = Keeper(tmp_path, animal)
    days = 30 if animal.every > HOUR else 2
    try:
        arrived = keeper.live(days)
        mails = sent(keeper)
        check(mails, animal.name)
        assert arrived >= days
        if animal.name != "a person who writes and writes":
            assert len(mails) == 1, "for the first mail, that of a person"
        else:
            assert 20 <= len(mails) <= 20 * (days + 1)
            assert len(keeper.post.tickets()) == arrived, "each question of a person has its own ticket"
    finally:
        keeper.close()


@pytest.mark.parametrize(
    ("reply", "most", "every"),
    [
        (Reply("Danke {number}.\n"), 1, DAY),
        (Reply("Danke.\n", "from", "Ihre Mail", answers=False), 1 + 14, 2 * DAY),
        (Reply("Danke.\n", "from", "AW: Frage [#1001]", answers=False), 1, 5 * DAY),
    ],
    ids=["in-the-thread", "always-the-same", "by-the-number"],
)
def test_lo_12_a_slow_loop_over_more_than_a_year(tmp_path, reply, most, every):
    """A mail each day or so for four hundred days, whether we answer or not: one receipt a month."""
    keeper = Keeper(tmp_path, Animal("slow", (reply,), every=every))
    if most == 1 and reply.answers:
        keeper.animal = Animal("slow", (Reply(reply.text, after=DAY),), every=None)
    try:
        keeper.live(400)
        mails = sent(keeper)
        check(mails, "slow")
        assert len(mails) <= most
        assert "[#" in reply.subject or len(keeper.post.tickets()) <= most
    finally:
        keeper.close()


def receive(desk, parcel):
    """A parcel of the one desk, taken by the other."""
    result = desk.receive(parcel.raw, sender=parcel.reverse_path, to=(parcel.recipient,))
    while result.done is Done.LATER:
        result = process(desk.context, f"m{desk.count:03d}", alone=False)
    asyncio.run(desk.deliver())


def stripped(raw):
    """The mail without any mark, as some gateways leave it."""
    head, _, body = raw.partition(b"\r\n\r\n")
    gone = (b"auto-submitted", b"precedence", b"x-auto-response-suppress")
    kept = [line for line in head.split(b"\r\n") if not line.lower().startswith(gone)]
    return b"\r\n".join(kept) + b"\r\n\r\n" + body


@pytest.mark.parametrize("gateway", [lambda raw: raw, stripped], ids=["as-they-are", "without-their-marks"])
def test_lo_03_peers_row_6_two_mailgates_settle_in_two_mails(tmp_path, gateway):
    """The support address of one desk writes to that of the other, as a forwarded mailbox does."""
    with_dns = DnsServer("")
    keeper = Keeper(tmp_path / "one", Animal("nobody", ()))
    other = other_desk(tmp_path / "two", with_dns)
    try:
        first = plain_mail("Was kostet Housing?\n", From="support@other.example", Message_ID="<1@other.example>")
        keeper.desk.receive(first, sender="support@other.example", to=(SUPPORT,))
        asyncio.run(keeper.desk.deliver())
        here, there, taken = keeper.desk, other, {id(keeper.desk): 0, id(other): 0}
        for _ in range(30):
            parcels = here.courier.parcels[taken[id(here)] :]
            taken[id(here)] = len(here.courier.parcels)
            there.clock += timedelta(seconds=5)
            for parcel in parcels:
                assert parcel.recipient.endswith(("@other.example", "@example.org"))
                receive(
                    there, type(parcel)(parcel.message_id, parcel.reverse_path, parcel.recipient, gateway(parcel.raw))
                )
            here, there = there, here
        assert len(keeper.desk.courier.parcels) + len(other.courier.parcels) <= 2
        assert len(keeper.post.tickets()) == 1
        assert {row["ticket"] for row in keeper.post.rows()} == {1001}
    finally:
        keeper.close()
        other.close()
        with_dns.close()


def test_lo_11_automatic_mail_changes_no_state_and_winds_no_clock(tmp_path):
    from mailgate.core.desk.plan import Plan, Stamp, StateChanged
    from mailgate.core.desk.ticket import TicketState
    from mailgate.store.apply import apply_plan

    keeper = Keeper(tmp_path, ANIMALS[0])
    try:
        keeper.live(1)
        for state in (TicketState.WAITING, TicketState.CLOSED):
            before = TicketState(keeper.post.ticket(1001)["state"])
            change = Plan("", "", 1001, (StateChanged(1001, before, state, "x"),))
            stamp = Stamp(keeper.desk.clock, 0, ())
            keeper.desk.database.decide(lambda s, c=change, t=stamp: apply_plan(s, c, None, t, "operator"))
            known = keeper.post.ticket(1001)
            keeper._later(keeper.desk.clock, keeper.desk.courier.parcels[0], ANIMALS[0].answers[0])
            keeper._arrive(*keeper.waiting.pop()[2:])
            after = keeper.post.ticket(1001)
            assert (after["state"], after["due"], after["flags"]) == (state.value, known["due"], known["flags"])
        assert [mail[0] for mail in sent(keeper)] == [KIM]
    finally:
        keeper.close()
