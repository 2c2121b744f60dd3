"""Answers to our question as programs write them: one reply approves or denies, anything else is for people."""

import pytest
from support.phones import PAGES, TEXTS, answer_as_page, answer_as_text
from support.post import EVE, OLGA, THEO, Post, change, reply_address, to

from mailgate.core.desk.answer import read_answer
from mailgate.core.desk.decision import Answer
from mailgate.core.desk.plan import StateChanged
from mailgate.core.desk.ticket import TicketState
from mailgate.parse.message import parse

ASK = "Bitte starten Sie den Server srv-web-01 (Kundennummer 10001) neu.\n"
SAID = {
    "Ja": Answer.YES,
    "Ja, das war ich.": Answer.YES,
    "OK": Answer.YES,
    "Nein": Answer.NO,
    "No, that was not me.": Answer.NO,
    "Ja, aber erst morgen": Answer.OTHER,
    "Ja? Was ist das": Answer.OTHER,
    "": Answer.OTHER,
}


@pytest.fixture
def post(tmp_path):
    """A desk that nobody but customers writes to."""
    opened = Post(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def question(post):
    """Olga's request is held, and this asks her about it."""
    row, out = post.send(OLGA, ASK, signed=False)
    assert row["outcome"] == "held"
    return to(out, OLGA)[0]


def test_one_reply_in_every_programs_shape_says_what_it_says(question):
    quote, address = question.get_content().replace("\r\n", "\n"), reply_address(question)
    for transfer in ("8bit", "base64", "quoted-printable"):
        for words, answer in SAID.items():
            for shape in TEXTS:
                for flowed in (False, True):
                    raw = answer_as_text(shape, words, quote, address, transfer=transfer, flowed=flowed)
                    assert read_answer(parse(raw).reply_text) is answer, (shape, words, transfer, flowed)
            for shape in PAGES:
                raw = answer_as_page(shape, words, quote, address, transfer=transfer)
                assert read_answer(parse(raw).reply_text) is answer, (shape, words, transfer)


def test_lo_01_a_yes_with_a_null_reverse_path_is_a_programs(post, question):
    row, _ = post.send(OLGA, "Ja\n", to=reply_address(question), sender="")
    assert row["reason"] == "automatic-on-ticket"
    assert post.ticket(1001)["state"] == "held"
    row, _ = post.send(OLGA, "Ja\n", to=reply_address(question), signed=False)
    assert row["reason"] == "confirm-yes"


@pytest.mark.parametrize("before", [None, "Ja\n"], ids=["held", "confirmed"])
def test_id_25_a_sensitive_request_in_answer_to_our_question_waits_for_the_owner(post, before):
    _, out = post.send(THEO, ASK, signed=False)
    key = reply_address(to(out, THEO)[0])
    if before is not None:
        post.send(THEO, before, to=key)
    row, out = post.send(THEO, "Bitte senden Sie mir den Auth-Code der Domain kunde.example.\n", to=key)
    assert (row["outcome"], row["reason"], row["ticket"]) == ("held", "sensitive-proved", 1002)
    assert to(out, OLGA)


def test_who_answers_after_the_request_lapsed_is_told_so(post, question):
    post.desk.advance(days=8)
    lapsed = StateChanged(1001, TicketState.HELD, TicketState.CLOSED, "expired")
    change(post, lapsed)
    row, out = post.send(OLGA, "Ja\n", to=reply_address(question))
    assert (row["reason"], post.ticket(1001)["state"]) == ("confirm-late", "closed")
    assert "abgelaufen" in to(out, OLGA)[0].get_content()
    assert not to(post.send(OLGA, "Ja bitte\n", to=reply_address(question))[1], OLGA)


def test_th_03_a_null_reverse_path_lets_nobody_into_a_ticket(post):
    _, out = post.send(OLGA, ASK)
    before = post.ticket(1001)["entries"]
    row, out = post.send(EVE, "Ich bin im Urlaub.\n", to=reply_address(to(out, OLGA)[0]), sender="")
    assert row["ticket"] == 1002
    assert (post.ticket(1001)["entries"], out) == (before, [])
