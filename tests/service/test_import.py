"""Imported mail: it threads, it is all there, and nothing follows from it."""

import asyncio
from dataclasses import replace

import pytest
from support.desk import plain_mail
from support.post import ANNA, BEN, DOMAINS, OLGA, PAT, SLOW, TEAM, Post, reply_address, to
from support.signing import ed25519_key, sign

from mailgate.core.mail.envelope import Transport
from mailgate.service.context import random_keys
from mailgate.service.process import Done, process
from mailgate.service.sweep import sweep
from mailgate.store.inbound import waiting
from mailgate.store.verify import verify

OLD = "Tue, 03 Feb 2015 10:00:00 +0000"
SUPPORT = "support@example.org"
PRICE = "Guten Tag,\n\nwas kostet der kleinste Server?\n"


@pytest.fixture
def post(tmp_path):
    opened = Post(tmp_path, config=TEAM)
    yield opened
    assert opened.desk.database.read(lambda session: verify(session, opened.desk.clock))["problems"] == []
    opened.close()


def stored(post, raw):
    envelope = post.desk.envelope(raw, sender="", to=(), client=None, transport_key=f"k{post.desk.count}")
    post.desk.store(replace(envelope, transport=Transport.IMPORT))
    post.desk.keys.base = post.desk.count
    return envelope.id


def bring(post, author, text, number, *, answers=(), signed=False, **fields):
    """Import one mail; what became of it. An answer names the mails before it, the last one in In-Reply-To."""
    domain = author.rpartition("@")[2]
    head = {"From": author, "To": SUPPORT, "Date": OLD, "Message_ID": f"<old{number}@{domain}>", **fields}
    if answers:
        head["In_Reply_To"], head["References"] = answers[-1], " ".join(answers)
    raw = plain_mail(text, **head)
    if signed:
        raw = sign(raw, domain, "ed", ed25519_key(DOMAINS.index(domain)))
    name = stored(post, raw)
    process(post.desk.context, name, alone=False)
    return post.shown(name)


def silent(post):
    """Nothing is owed now, nor after a week of sweeps."""
    for _ in range(7):
        post.desk.advance(days=1)
        sweep(post.desk.database, post.desk.context.policy, post.desk.clock, random_keys)
    asyncio.run(post.desk.deliver())
    return post.outbox() == [] and post.desk.courier.parcels == []


@pytest.mark.parametrize(
    "author, text, reason",
    [
        (PAT, PRICE, "general-unregistered"),
        (PAT, SLOW, "account-unregistered"),
        (OLGA, PRICE, "general-unproved"),
        (OLGA, SLOW, "account-unproved"),
        (OLGA, "Bitte kündigen Sie den Vertrag 10001.\n", "sensitive-unproved"),
        (ANNA, PRICE, "agent-without-key"),
    ],
)
def test_whatever_it_asks_it_stands_in_a_closed_ticket_and_nobody_hears_of_it(post, author, text, reason):
    row = bring(post, author, text, 1)
    assert (row["state"], row["outcome"], row["reason"]) == ("done", "imported", reason)
    ticket = post.ticket(row["ticket"])
    assert (ticket["state"], len(ticket["entries"])) == ("closed", 1)
    assert set(ticket["due"].values()) == {None}
    assert silent(post)


def test_replies_among_imported_mails_join_their_tickets(post):
    first = bring(post, PAT, PRICE, 1)
    ours = bring(post, SUPPORT, "Zehn Euro.\n", 2, answers=["<old1@visitor.example>"])
    again = bring(post, PAT, "Und im Jahr?\n", 3, answers=["<old2@example.org>"])
    other = bring(post, PAT, "Etwas anderes?\n", 4)
    assert [row["ticket"] for row in (first, ours, again)] == [1001, 1001, 1001]
    assert other["ticket"] == 1002
    assert [entry["kind"] for entry in post.ticket(1001)["entries"]] == ["customer", "note", "customer"]
    assert silent(post)


def test_threads_of_requests_that_would_have_been_held_stay_together_too(post):
    rows = [bring(post, OLGA, SLOW, 1), bring(post, OLGA, "Noch immer.\n", 2, answers=["<old1@kunde.example>"])]
    assert [row["ticket"] for row in rows] == [1001, 1001]
    assert post.ticket(1001)["state"] == "closed"


def test_a_strangers_mail_does_not_get_into_the_thread_of_somebody_else(post):
    bring(post, OLGA, PRICE, 1)
    beside = bring(post, PAT, "Was war das?\n", 2, answers=["<old1@kunde.example>"])
    assert beside["ticket"] == 1002
    assert len(post.ticket(1001)["entries"]) == 1


def test_a_later_reply_by_mail_opens_its_old_ticket_with_clocks_and_news(post):
    bring(post, PAT, PRICE, 1)
    row, out = post.send(PAT, "Und was kostet der große?\n", answers=["<old1@visitor.example>"], Subject="AW: Frage")
    assert (row["outcome"], row["ticket"]) == ("followed-up", 1001)
    ticket = post.ticket(1001)
    assert ticket["state"] == "open"
    assert None not in (ticket["due"]["acknowledge"], ticket["due"]["respond"])
    assert to(out, BEN)


def test_a_later_reply_does_not_open_what_nobody_proved(post):
    bring(post, OLGA, SLOW, 1)
    row, _ = post.send(OLGA, "Bitte dringend.\n", signed=False, answers=["<old1@kunde.example>"])
    assert row["ticket"] == 1002
    assert post.ticket(1001)["state"] == "closed"


def test_a_mail_of_these_days_counts_by_its_signature(post):
    """Who moves today has customers whose account requests are under way."""
    date = post.desk.clock.strftime("%a, %d %b %Y %H:%M:%S +0000")
    row = bring(post, OLGA, SLOW, 1, signed=True, Date=date)
    assert row["reason"] == "account-proved"
    late, _ = post.send(OLGA, "Noch immer.\n", answers=["<old1@kunde.example>"])
    assert (late["ticket"], post.ticket(1001)["state"]) == (1001, "open")


def test_the_same_text_by_mail_soon_after_an_import_is_heard(post):
    bring(post, PAT, PRICE, 1)
    row, out = post.send(PAT, PRICE)
    assert (row["outcome"], row["ticket"]) == ("opened", 1002)
    assert (len(to(out, PAT)), len(to(out, BEN))) == (1, 1)


def test_texts_that_are_the_same_stay_apart_in_an_archive(post):
    assert [bring(post, PAT, PRICE, number)["ticket"] for number in (1, 2)] == [1001, 1002]


def test_a_mail_that_came_by_mail_too_is_a_duplicate(post):
    date = post.desk.clock.strftime("%a, %d %b %Y %H:%M:%S +0000")
    post.send(PAT, PRICE, signed=False)
    row = bring(post, PAT, PRICE, 1, Message_ID="<m0@visitor.example>", Date=date)
    assert (row["outcome"], row["reason"], row["ticket"]) == ("duplicate", "second-copy", 1001)


def test_neither_answers_nor_commands_nor_yes_of_an_archive_are_carried_out(post):
    """A box that mailgate served already: its keys are good, and its mails still prove who wrote them."""
    date = post.desk.clock.strftime("%a, %d %b %Y %H:%M:%S +0000")
    _, out = post.send(OLGA, SLOW, signed=False)
    (question,) = to(out, OLGA)
    yes = bring(post, OLGA, "Ja\n", 1, signed=True, Date=date, To=reply_address(question))
    assert (yes["outcome"], yes["reason"], post.ticket(1001)["state"]) == ("imported", "confirm-yes", "held")
    _, out = post.send(OLGA, PRICE)
    (news,) = to(out, BEN)
    owed = len(post.outbox())
    mail = bring(post, BEN, "!close\nZehn Euro.\n", 2, signed=True, Date=date, To=f"{reply_address(news)}, {SUPPORT}")
    assert (mail["outcome"], mail["ticket"], post.ticket(1002)["state"]) == ("imported", 1002, "new")
    brought = bring(post, BEN, "!for 10001\nBitte neu starten.\n", 3, signed=True, Date=date)
    assert (brought["outcome"], post.ticket(brought["ticket"])["requester"]) == ("imported", BEN)
    assert post.ticket(1002)["entries"][-1]["kind"] == "note"
    assert len(post.outbox()) == owed


def test_a_pin_in_an_archive_proves_nothing_and_is_not_used_up(post):
    row = bring(post, PAT, f"PIN {post.pin('10001')}\n{SLOW}", 1)
    assert row["evidence"]["assurance"] == "unproved"
    row, _ = post.send(PAT, f"PIN {post.pin('10001')}\n{SLOW}")
    assert row["evidence"]["assurance"] == "proved"


def test_old_mails_ask_nothing_of_dns(post):
    bring(post, OLGA, PRICE, 1, signed=True)
    assert post.dns.queries == []


def test_an_archive_does_not_wait_for_dns(sqlite_desk):
    """Ten minutes for each mail would be months for all."""
    raw = sign(plain_mail(PRICE, From=OLGA), "kunde.example", "ed", ed25519_key(DOMAINS.index("kunde.example")))
    envelope = replace(sqlite_desk.envelope(raw, client=None), transport=Transport.IMPORT)
    sqlite_desk.store(envelope)
    assert process(sqlite_desk.context, envelope.id, alone=False).done is Done.DECIDED


def test_mail_that_comes_in_goes_before_an_archive(post):
    archive = [stored(post, plain_mail(PRICE, Message_ID=f"<{number}@x.example>")) for number in range(3)]
    post.desk.advance(hours=1)
    live = post.desk.envelope(plain_mail(PRICE))
    post.desk.store(live)
    order = post.desk.database.read(lambda session: waiting(session, 10))
    assert [item.id for item in order] == [live.id, *archive]
    assert [item.history for item in order] == [False, True, True, True]
    for item in order:
        process(post.desk.context, item.id, alone=False)
