"""`trace`: where is that mail? By address, Message-ID and the id of a reply; outgoing and bounced mail included."""

import pytest
from support.bounce import report
from support.post import OLGA, PAT, Post

from mailgate.courier.courier import Deferred, Sent
from mailgate.store.trace import read_query, trace

SLOW = "Unser Server srv-web-01 (Kundennummer 10001) ist langsam, bitte schauen Sie nach.\n"


@pytest.fixture
def post(tmp_path):
    """A customer's ticket, whose receipt bounced; a stranger's question; and their receipts."""
    opened = Post(tmp_path)
    numbers = iter(range(100))
    opened.desk.courier.answer = lambda parcel: Sent(f"250 2.0.0 Ok: queued as 4F2A{next(numbers)}Z")
    opened.send(OLGA, SLOW)
    opened.desk.advance(minutes=1)
    opened.send(PAT, "Was kostet Ihr kleinster Server?\n")
    opened.desk.advance(minutes=1)
    receipt = opened.desk.courier.parcels[0]
    opened.desk.receive(report(receipt), sender="", to=(receipt.reverse_path,))
    yield opened
    opened.close()


def asked(post, query, **options):
    return post.desk.database.read(lambda session: trace(session, read_query(query), **options))


def essence(items):
    return [
        (item["message"]["id"] if item["message"] else None, [row["to"] for row in item["outbox"]]) for item in items
    ]


OLGAS = [("m001", [OLGA]), ("m003", [])]
PATS = [("m002", [PAT])]


def test_a_mail_is_found_by_whatever_somebody_knows_of_it(post):
    rows = {row["to"]: row for row in post.outbox()}
    receipt = post.desk.courier.parcels[0]
    first = post.rows()[0]["message_id"]
    for query, expected in {
        OLGA: OLGAS,
        f"<{OLGA.upper()}>": OLGAS,
        PAT: PATS,
        first: OLGAS,
        f"<{first}>": OLGAS,
        rows[OLGA]["message_id"]: OLGAS,
        "m002": PATS,
        "250 2.6.0 accepted as m002": PATS,
        "4F2A0Z": OLGAS,
        "250 2.0.0 Ok: queued as 4F2A1Z": PATS,
        "queued as 4F2A1Z": PATS,
        receipt.reverse_path: OLGAS,
        "<bounce1@mx.kunde.example>": OLGAS,
        "m003": OLGAS,
        "support@example.org": [("m001", [OLGA]), ("m002", [PAT]), ("m003", [])],
    }.items():
        assert essence(asked(post, query)) == expected, query


@pytest.mark.parametrize("query", ["4F2A", "F2A0Z", "nobody@x.example", "m9", "%", "_", "250", "", "ok", "%%%%%"])
def test_nothing_is_found_by_a_part_of_an_id(post, query):
    assert asked(post, query) == []


def test_an_item_says_what_came_in_what_was_decided_and_what_became_of_our_mail(post):
    mail, bounce = asked(post, OLGA)
    assert set(mail) == {"message", "outbox", "ticket", "events"}
    assert (mail["message"]["outcome"], mail["ticket"]) == ("opened", 1001)
    (sent,) = mail["outbox"]
    assert (sent["delivery"], sent["reported_by"]) == ("undelivered", bounce["message"]["id"])
    assert sent["reply"] == "250 2.0.0 Ok: queued as 4F2A0Z"
    kinds = [event["kind"] for event in mail["events"]]
    assert kinds[0] == "ticket-opened"
    assert {"notice-owed", "notice-sent"} <= set(kinds)
    assert (bounce["message"]["reason"], bounce["ticket"], bounce["outbox"]) == ("bounced", 1001, [])
    assert "mail-undelivered" in [event["kind"] for event in bounce["events"]]
    assert [item["message"]["received_at"] for item in (mail, bounce)] == sorted(
        item["message"]["received_at"] for item in (mail, bounce)
    )


def test_the_newest_are_kept_by_a_limit(post):
    assert essence(asked(post, OLGA, limit=1)) == OLGAS[1:]


def test_a_mail_that_waits_is_found_too(post):
    post.desk.courier.answer = lambda parcel: Deferred("451 4.7.1 try again later, id QX77Y")
    post.desk.advance(hours=2)
    post.send("kim@visitor.example", "Haben Sie Housing?\n")
    (item,) = asked(post, "QX77Y")
    assert (item["outbox"][0]["delivery"], item["outbox"][0]["deferred_since"] is not None) == ("deferred", True)


def test_pr_05_no_text_of_a_mail_is_shown(post):
    assert "langsam" not in str(asked(post, OLGA))
