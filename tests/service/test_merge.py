"""Merged tickets and muted senders: where later mail goes, and who may write there."""

import pytest
from support.post import EVE, OLGA, PAT, SLOW, THEO, Post, reply_address, to

from mailgate.core.desk.carry_out import Actor
from mailgate.core.desk.command import read_block
from mailgate.service.act import Refused, command

ASK = "Was kostet bei Ihnen ein kleiner Server?\n"
OPERATOR = Actor("anna", "anna@example.org")


@pytest.fixture
def post(tmp_path):
    opened = Post(tmp_path)
    yield opened
    opened.close()


def do(post, number, text):
    return command(post.desk.database, number, OPERATOR, read_block(text), post.desk.context.policy)


def test_later_mail_of_a_merged_ticket_ends_in_the_other_by_each_signal(post):
    _, first = post.send(OLGA, SLOW)
    _, second = post.send(THEO, "Unser Server srv-web-01 steht jetzt, Kundennummer 10001.\n", Subject="Steht")
    do(post, 1002, "!merge 1001")
    (receipt,) = to(second, THEO)
    ways = {
        "key": {"to": reply_address(receipt)},
        "our id": {"answers": [receipt["Message-ID"]]},
        "foreign id": {"answers": ["<m1@kunde.example>"]},
        "number": {"Subject": "AW: Steht [#1002]"},
    }
    for name, way in ways.items():
        row, out = post.send(THEO, f"Und noch etwas ({name}).\n", **way)
        assert (row["ticket"], row["outcome"]) == (1001, "followed-up"), name
        assert to(out, THEO) == []
    assert len(post.ticket(1001)["entries"]) == 2 + len(ways)
    assert post.ticket(1002)["state"] == "closed"
    row, _ = post.send(OLGA, "Meins auch.\n", to=reply_address(to(first, OLGA)[0]))
    assert row["ticket"] == 1001


def test_a_chain_of_merges_is_followed_to_its_end(post):
    _, out = post.send(OLGA, SLOW)
    for what in ("der Platte", "dem Speicher"):
        post.desk.advance(minutes=1)
        post.send(OLGA, f"Noch eine Frage zu {what} von srv-web-01, Kundennummer 10001.\n")
    do(post, 1001, "!merge 1002")
    do(post, 1002, "!merge 1003")
    row, _ = post.send(OLGA, "Und?\n", to=reply_address(to(out, OLGA)[0]))
    assert row["ticket"] == 1003


def test_th_05_a_strangers_ticket_cannot_be_merged_into_a_customers(post):
    post.send(OLGA, SLOW)
    _, out = post.send(PAT, ASK)
    with pytest.raises(Refused, match="other-person"):
        do(post, 1002, "!merge 1001")
    assert post.ticket(1002)["state"] == "new"
    before = post.ticket(1001)["entries"]
    row, _ = post.send(PAT, "Nachtrag.\n", to=reply_address(to(out, PAT)[0]))
    assert row["ticket"] == 1002
    do(post, 1001, f"!cc {PAT}")  # an agent says that they may
    do(post, 1002, "!merge 1001")
    row, _ = post.send(PAT, "Noch ein Nachtrag.\n", to=reply_address(to(out, PAT)[0]))
    assert row["ticket"] == 1001
    assert len(post.ticket(1001)["entries"]) == len(before) + 2


def test_th_03_a_leaked_key_of_a_merged_ticket_opens_nothing_to_others(post):
    post.send(OLGA, SLOW)
    _, out = post.send(THEO, "Unser Server srv-web-01 steht jetzt, Kundennummer 10001.\n")
    do(post, 1002, "!merge 1001")
    before = post.ticket(1001)
    row, _ = post.send(EVE, "Ich auch.\n", to=reply_address(to(out, THEO)[0]))
    assert row["ticket"] == 1003
    assert post.ticket(1001)["entries"] == before["entries"]


def test_a_muted_stranger_is_held_in_silence_until_that_is_taken_back(post):
    post.send(EVE, ASK)
    do(post, 1001, "!spam")
    row, out = post.send(EVE, "Kaufen Sie jetzt.\n")
    assert (row["outcome"], row["reason"], out) == ("held", "muted", [])
    assert post.ticket(row["ticket"])["due"]["acknowledge"] is None
    do(post, 1001, "!open")
    row, out = post.send(EVE, "Und was kostet ein großer Server?\n")
    assert row["outcome"] == "opened"
    assert out


def test_spam_in_a_customers_name_does_not_silence_the_customer(post):
    post.send(OLGA, ASK, signed=False)
    do(post, 1001, "!spam")
    row, _ = post.send(OLGA, SLOW)
    assert row["outcome"] == "opened"
