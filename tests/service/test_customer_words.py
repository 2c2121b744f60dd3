"""What customers settle by themselves in the first line, and who may; reopening, and what comes too late for it."""

import pytest
from support.post import EVE, OLGA, PAT, SLOW, THEO, Post, reply_address, to

from mailgate.core.desk.carry_out import Actor
from mailgate.core.desk.command import read_block
from mailgate.service.act import command

ASK = "Was kostet bei Ihnen ein kleiner Server?\n"


@pytest.fixture
def post(tmp_path):
    opened = Post(tmp_path)
    yield opened
    opened.close()


def do(post, number, text):
    actor = Actor("anna", "anna@example.org")
    return command(post.desk.database, number, actor, read_block(text), post.desk.context.policy)


def opened(post, author=OLGA, text=SLOW, **more):
    row, out = post.send(author, text, **more)
    return row["ticket"], to(out, author)[0]


@pytest.mark.parametrize("text", ["erledigt", "Gelöst, danke!\n\nOlga Owner", "close"])
def test_a_customer_closes_with_the_own_key_or_proved(post, text):
    number, receipt = opened(post)
    row, out = post.send(OLGA, text, signed=False, to=reply_address(receipt))
    assert row["reason"] == "customer-closes"
    assert post.ticket(number)["state"] == "closed"
    assert "ist geschlossen." in to(out, OLGA)[0].get_content()
    number, _ = opened(post, text=SLOW + "2")
    row, _ = post.send(THEO, text, answers=["<m2@kunde.example>"])
    assert (row["ticket"], post.ticket(number)["state"]) == (number, "closed")


def test_th_03_nobody_else_closes_by_a_leaked_key_or_id(post):
    number, receipt = opened(post)
    for author in (EVE, PAT):
        row, out = post.send(author, "erledigt", to=reply_address(receipt))
        assert row["ticket"] != number
        assert to(out, author) == []
    row, _ = post.send(OLGA, "erledigt", signed=False, answers=["<m0@kunde.example>"])  # anybody could write this
    assert row["ticket"] != number
    assert post.ticket(number)["state"] == "new"


def test_closing_by_a_foreign_id_alone_needs_proof_though_writing_does_not(post):
    number, receipt = opened(post, PAT, ASK, signed=False)
    row, _ = post.send(PAT, "erledigt", signed=False, answers=["<m0@visitor.example>"])
    assert (row["ticket"], row["reason"]) == (number, "reply")
    assert post.ticket(number)["state"] == "new"
    post.send(PAT, "erledigt", signed=False, to=reply_address(receipt))
    assert post.ticket(number)["state"] == "closed"


def test_th_04_somebody_who_was_added_writes_but_does_not_close_or_ask(post):
    number, _ = opened(post)
    do(post, number, f"!cc {PAT}")
    for text in ("erledigt", "status"):
        row, out = post.send(PAT, text, Subject=f"AW: Frage [#{number}]")
        assert (row["ticket"], row["reason"]) == (number, "reply")
        assert to(out, PAT) == []
    assert post.ticket(number)["entries"][-1]["author"] == PAT
    assert post.ticket(number)["state"] == "open"


def test_th_05_a_cc_of_a_forged_requester_gives_nobody_access(post):
    number, receipt = opened(post)
    before = post.ticket(number)
    post.send(OLGA, "Bitte Pat mit informieren.\n", signed=False, to=reply_address(receipt), Cc=PAT)
    assert post.ticket(number)["participants"] == before["participants"]
    row, out = post.send(PAT, "Was steht da?\n", to=reply_address(receipt))
    assert row["ticket"] != number
    assert to(out, PAT) == []


def test_status_says_state_and_times_and_nothing_that_was_said(post):
    number, receipt = opened(post)
    do(post, number, "!take\n!note Kunde ist schwierig")
    row, out = post.send(OLGA, "Status?", to=reply_address(receipt))
    (mail,) = to(out, OLGA)
    assert row["reason"] == "customer-asks-status"
    assert f"Ihr Vorgang {number} ist in Arbeit." in mail.get_content()
    assert "schwierig" not in mail.get_content()
    assert "langsam" not in mail.get_content()
    assert post.ticket(number)["state"] == "open"
    do(post, number, "!close")
    _, out = post.send(OLGA, "status", to=reply_address(receipt))
    assert "ist geschlossen." in to(out, OLGA)[0].get_content()
    assert post.ticket(number)["state"] == "closed"


def test_a_status_asked_too_often_is_not_answered(post):
    number, receipt = opened(post)
    answered = [
        bool(to(post.send(OLGA, f"status{'!' * count}", to=reply_address(receipt))[1], OLGA)) for count in range(6)
    ]
    assert answered == [True] * 4 + [False] * 2
    assert "notice-withheld" in [event["kind"] for event in post.ticket(number)["events"]]


def test_a_held_request_may_be_taken_back_but_not_released_by_a_word(post):
    row, out = post.send(OLGA, SLOW, signed=False)
    number = row["ticket"]
    assert post.ticket(number)["state"] == "held"
    row, out = post.send(OLGA, "status", answers=["<m0@kunde.example>"])
    assert row["reason"] == "customer-asks-status"
    assert "wartet auf die Bestätigung" in to(out, OLGA)[0].get_content()
    post.send(OLGA, "erledigt", answers=["<m0@kunde.example>"])
    assert post.ticket(number)["state"] == "closed"


def test_a_reply_reopens_within_the_grace_time_and_opens_a_linked_one_later(post):
    number, receipt = opened(post)
    post.send(OLGA, "erledigt", to=reply_address(receipt))
    post.desk.advance(days=13)
    row, _ = post.send(
        OLGA, "Jetzt ist er wieder langsam.\n", to=reply_address(receipt), answers=[receipt["Message-ID"]]
    )
    assert (row["ticket"], post.ticket(number)["state"]) == (number, "open")
    assert post.ticket(number)["due"]["respond"] is not None
    post.send(OLGA, "erledigt!", to=reply_address(receipt))
    post.desk.advance(days=15)
    row, _ = post.send(OLGA, "Und noch einmal langsam.\n", to=reply_address(receipt), answers=[receipt["Message-ID"]])
    assert row["ticket"] != number
    assert post.ticket(row["ticket"])["linked_to"] == number
