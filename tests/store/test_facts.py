from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import update
from support.rows import ANNA, NOW, at, carry_out, entry, make_key, notice, open_ticket, plan, received

from mailgate.core.desk.case import ThreadBy
from mailgate.core.desk.notice import Template
from mailgate.core.mail.gate import Budget, Pool
from mailgate.core.mail.mail import Mailbox
from mailgate.store.facts import (
    AnsweredMail,
    answered_mail,
    answered_mails,
    budget,
    key,
    repeats_text,
    ticket,
)
from mailgate.store.inbound import MailFacts, finish
from mailgate.store.outbox import claim, settle
from mailgate.store.tables.base import table_of
from mailgate.store.tables.work import OutboxRow, OutboxState

BOB = Mailbox("Bob", "bob@other.example")


def answered(database, *ids):
    return database.read(lambda session: answered_mail(session, ids))


def owe(database, number, effect, *, seconds=0, **changes):
    owed = notice(number, effect, **changes)
    carry_out(database, plan(number, notices=(owed,)), seconds=seconds)
    return owed


def test_an_unknown_ticket_or_key_is_none(database):
    assert database.read(lambda session: ticket(session, 1001)) is None
    assert database.read(lambda session: key(session, make_key(1), NOW)) is None


def test_our_own_id_leads_to_its_ticket(database):
    number = open_ticket(database)
    owed = owe(database, number, "a")
    assert answered(database, owed.message_id) == AnsweredMail(number, ThreadBy.MESSAGE_ID, "receipt", automatic=True)


def test_a_mail_of_a_person_is_not_automatic(database):
    number = open_ticket(database)
    owed = owe(database, number, "a", auto_submitted=None)
    assert answered(database, owed.message_id).automatic is False


def test_a_foreign_id_leads_to_its_ticket(database):
    number = open_ticket(database)
    assert answered(database, "first@kunde.example") == AnsweredMail(number, ThreadBy.FOREIGN_ID)


def test_unknown_ids_lead_nowhere(database):
    open_ticket(database)
    assert answered(database) is None
    assert answered(database, "", "x@y.example", "FIRST@kunde.example", "' OR 1=1 --") is None


def test_th_09_our_own_id_wins_over_a_foreign_one(database):
    first, second = open_ticket(database), open_ticket(database)
    carry_out(database, plan(second, entry(second, message_id="other@kunde.example")))
    owed = owe(database, first, "a")
    assert answered(database, "other@kunde.example", owed.message_id).ticket == first


def test_th_09_the_best_of_our_ids_counts(database):
    first, second = open_ticket(database), open_ticket(database)
    older, newer = owe(database, first, "a"), owe(database, second, "b", template=Template.CONFIRM)
    assert answered(database, newer.message_id, older.message_id) == AnsweredMail(
        second, ThreadBy.MESSAGE_ID, "confirm", automatic=True
    )
    assert answered(database, older.message_id, newer.message_id).ticket == first


def test_th_09_ids_beyond_the_twentieth_are_not_looked_at(database):
    number = open_ticket(database)
    owed = owe(database, number, "a")
    many = [f"{index}@x.example" for index in range(10000)]
    assert answered(database, *many, owed.message_id) is None
    assert answered(database, *many[:19], owed.message_id).ticket == number


def test_one_foreign_id_in_two_tickets_leads_to_the_newer(database):
    open_ticket(database)
    newer = open_ticket(database)
    assert answered(database, "first@kunde.example").ticket == newer


def test_a_notice_without_a_ticket_leads_nowhere(database):
    carry_out(database, plan(0, notices=(notice(None, message_id="retired.0@desk.example"),)))
    assert answered(database, "retired.0@desk.example") is None


def test_the_budget_counts_hour_day_ticket_and_desk(database):
    one, two = open_ticket(database), open_ticket(database)
    for effect, number, hours, to in (
        ("a", one, 0, ANNA),
        ("b", one, -0.5, ANNA),
        ("c", one, -5, ANNA),
        ("d", two, -23, ANNA),
        ("e", two, -25, ANNA),
        ("f", one, -0.5, BOB),
        ("g", one, -48, BOB),
    ):
        owe(database, number, effect, seconds=hours * 3600, to=to)
    got = database.read(lambda session: budget(session, Pool.PROVED, ANNA.address, NOW, ticket=one))
    assert got == Budget(address_hour=2, address_day=4, desk_hour=3, ticket_life=5, domain_hour=2)
    got = database.read(lambda session: budget(session, Pool.PROVED, BOB.address, NOW))
    assert got == Budget(address_hour=1, address_day=1, desk_hour=3, ticket_life=0, domain_hour=1)
    got = database.read(lambda session: budget(session, Pool.PROVED, "nobody@x.example", NOW))
    assert got == Budget(desk_hour=3)
    got = database.read(lambda session: budget(session, Pool.PROVED, f"x@sub.{BOB.address.partition('@')[2]}", NOW))
    assert got.domain_hour == 0


def test_mail_of_persons_and_to_agents_is_not_counted_and_what_failed_is(database):
    number = open_ticket(database)
    owe(database, number, "a", pool=None)
    owe(database, number, "b")
    for mail in database.write(lambda session: claim(session, "node", NOW, timedelta(minutes=1), 10)):
        if mail.notice.effect == "b":
            database.write(lambda s, mail=mail: settle(s, mail.id, mail.fence, OutboxState.FAILED, "550", None, NOW))
    found = database.read(lambda session: budget(session, Pool.PROVED, ANNA.address, NOW, ticket=number))
    assert found == Budget(1, 1, 1, 1, 1)


def test_bs_03_each_pool_has_a_budget_of_its_own_but_for_the_life_of_a_ticket(database):
    number = open_ticket(database)
    for place, pool in enumerate(Pool, 1):
        for index in range(place):
            owe(database, number, f"{pool}{index}", pool=pool)
    total = sum(range(len(Pool) + 1))
    for place, pool in enumerate(Pool, 1):
        found = database.read(lambda s, pool=pool: budget(s, pool, ANNA.address, NOW, ticket=number))
        assert found == Budget(place, place, place, total, place), pool


def test_lo_12_answers_to_the_very_same_text_are_counted_for_thirty_days(database):
    number = open_ticket(database)
    for index, (days, text) in enumerate(((-31, "b"), (-29, "b"), (-1, "b"), (-1, "c"))):
        name, seconds = f"m{index}", days * 86400
        received(database, name, seconds=seconds)
        facts = MailFacts(f"{name}@kunde.example", ANNA.address, "x", text * 64)
        database.decide(
            lambda s, name=name, facts=facts: finish(
                s, name, outcome="opened", reason="x", ticket=number, explanation={}, facts=facts, now=NOW
            )
        )
        owed = notice(number, name)
        carry_out(database, plan(number, notices=(owed,)), inbound=name, seconds=seconds)
    found = partial(budget, pool=Pool.UNPROVED, address=ANNA.address, now=NOW)
    assert database.read(partial(found, body_hash="b" * 64)).same_text == 2
    assert database.read(partial(found, body_hash="c" * 64)).same_text == 1
    assert database.read(partial(found, body_hash="d" * 64)).same_text == 0
    assert database.read(found).same_text == 0


def test_lo_02_mails_that_we_answered_are_found_with_their_words_newest_answer_first(database):
    number = open_ticket(database)
    for index, (days, author) in enumerate(((-31, ANNA), (-2, ANNA), (-1, ANNA), (-1, Mailbox("", "else@x.example")))):
        name, seconds = f"m{index}", days * 86400
        received(database, name, seconds=seconds)
        facts = MailFacts(f"{name}@kunde.example", author.address, f"Betreff {index}", "b" * 64)
        database.decide(
            lambda s, name=name, facts=facts: finish(
                s, name, outcome="opened", reason="x", ticket=number, explanation={}, facts=facts, now=NOW
            )
        )
        said = entry(number, text=f"Text {index} " + "x" * 9000, author=author.address)
        owed = notice(number, name, to=author)
        carry_out(database, plan(number, said, notices=(owed,)), inbound=name, seconds=seconds)
    find = partial(answered_mails, author=ANNA.address, since=at(-30 * 86400))
    assert database.read(find) == (), "nothing was sent yet"
    with database.writer.begin() as connection:
        connection.execute(update(table_of(OutboxRow)).values(sent_at=NOW, state=OutboxState.SENT))
    found = database.read(find)
    assert [(item.said.subject, item.said.text[:7], item.ticket) for item in found] == [
        ("Betreff 2", "Text 2 ", number),
        ("Betreff 1", "Text 1 ", number),
    ]
    assert {len(item.said.text) for item in found} == {5000}
    assert [(item.arrived_at, item.answered_at) for item in found] == [(at(-86400), NOW), (at(-2 * 86400), NOW)]


def test_bs_03_tags_of_one_mailbox_share_its_budget(database):
    number = open_ticket(database)
    for index, address in enumerate(("a_b@x.example", "a_b+1@x.example", "a_b+2+3@x.example", "axb+4@x.example")):
        owe(database, number, str(index), to=Mailbox("", address))
    owe(database, number, "other domain", to=Mailbox("", "a_b+1@mail.x.example"))
    for address in ("a_b@x.example", "a_b+new@x.example"):
        assert database.read(partial(budget, pool=Pool.PROVED, address=address, now=NOW)).address_hour == 3
    assert database.read(partial(budget, pool=Pool.PROVED, address="axb@x.example", now=NOW)).address_hour == 1


def test_th_08_a_foreign_id_leads_to_the_ticket_in_which_the_author_used_it(database):
    mine, theirs = open_ticket(database), open_ticket(database)
    carry_out(database, plan(mine, entry(mine, message_id="taken@kunde.example", author="me@kunde.example")))
    carry_out(database, plan(theirs, entry(theirs, message_id="taken@kunde.example", author="eve@evil.example")))
    found = partial(answered_mail, ids=["taken@kunde.example"])
    assert database.read(partial(found, author="me@kunde.example")).ticket == mine
    assert database.read(partial(found, author="eve@evil.example")).ticket == theirs
    assert database.read(found).ticket == theirs


@pytest.fixture
def decided(database):
    """Two tickets of the same text, the second ten minutes later, and one mail that was ignored."""
    numbers = []
    for name, seconds in (("m1", 0), ("m2", 600), ("m3", 900)):
        received(database, name, seconds=seconds)
        number = open_ticket(database) if name != "m3" else None
        facts = MailFacts(f"{name}@kunde.example", ANNA.address, "x", "b" * 64)
        database.decide(
            lambda session, name=name, number=number, facts=facts: finish(
                session, name, outcome="opened", reason="x", ticket=number, explanation={}, facts=facts, now=NOW
            )
        )
        numbers.append(number)
    return numbers


@pytest.mark.parametrize(
    ("author", "body_hash", "since", "except_for", "expected"),
    [
        (ANNA.address, "b" * 64, 0, None, 1),
        (ANNA.address, "b" * 64, 0, "m2", 0),
        (ANNA.address, "b" * 64, 601, None, None),
        (ANNA.address, "c" * 64, 0, None, None),
        (BOB.address, "b" * 64, 0, None, None),
    ],
)
def test_a_text_that_repeats_is_found(database, decided, author, body_hash, since, except_for, expected):
    found = database.read(lambda s: repeats_text(s, author, body_hash, at(since), except_for=except_for))
    assert found == (None if expected is None else decided[expected])
