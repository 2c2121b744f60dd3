"""Mail that lay in a mailbox for years: people get it, machines do not answer it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.desk import plain_mail
from support.post import BEN, OLGA, TEAM, Post

from mailgate.core.mail.envelope import Transport
from mailgate.service.process import process

QUESTION = "Guten Tag,\n\nwas kostet bei Ihnen der kleinste Server?\n"
REQUEST = "Guten Tag,\n\nbitte starten Sie srv-web-01 (Kundennummer 10001) neu.\n"


@pytest.fixture
def post(tmp_path):
    made = Post(tmp_path, config=TEAM)
    yield made
    made.close()


def fetch(post, text, age, number=1):
    """A mail from a mailbox that had it for so long; its ticket, and who was written to."""
    desk = post.desk
    date = (desk.clock - age).strftime("%a, %d %b %Y %H:%M:%S +0000")
    raw = plain_mail(text, From=OLGA, Date=date, Message_ID=f"<{number}@kunde.example>")
    envelope = desk.envelope(raw, sender="", client=None, transport_key=f"box/7/{number}", arrived_at=desk.clock - age)
    envelope = replace(envelope, transport=Transport.IMAP)
    desk.keys.base = number
    desk.store(envelope)
    process(desk.context, envelope.id, alone=False)
    row = post.rows()[-1]
    return post.ticket(row["ticket"]), sorted(item["to"] for item in post.outbox())


@pytest.mark.parametrize("days", [6, 8, 3000])
def test_an_old_question_gets_no_receipt_but_people_and_clocks_from_now_on(post, days):
    ticket, told = fetch(post, QUESTION, timedelta(days=days))
    old = days > 7
    assert told == [BEN] if old else [BEN, OLGA]
    withheld = [event["detail"] for event in ticket["events"] if event["kind"] == "notice-withheld"]
    assert [item["reason"] for item in withheld] == (["old-mail"] if old else [])
    assert ticket["state"] == "new"
    assert ticket["flags"] == ["unproved"]  # nothing is late at once
    stopped = [event["detail"] for event in ticket["events"] if event["kind"] == "clock-stopped"]
    assert stopped == ([{"clock": "receipt", "reason": "old-mail"}] if old else [])


def test_an_old_request_is_held_and_nobody_is_asked_whether_it_was_theirs(post):
    ticket, told = fetch(post, REQUEST, timedelta(days=400))
    assert ticket["state"] == "held"
    assert OLGA not in told
    assert post.shown(post.rows()[-1]["id"])["arrived_at"] == "2025-01-26T10:00:00Z"
    ticket, told = fetch(post, REQUEST.replace("neu", "bald neu"), timedelta(days=1), 2)
    assert ticket["state"] == "held"
    assert OLGA in told
