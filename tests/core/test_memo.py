"""What the desk notes in tickets is English in the store, and read back where somebody else reads it."""

import re

import pytest

from mailgate.core.desk.memo import Memo, filled, read
from mailgate.render.words_memos import SENTENCES, memo_in_words

VALUES = {
    "people": "olga@kunde.example, pat@visitor.example",
    "number": "1040",
    "reason": "called back: it is her",
    "recipient": "olga@kunde.example",
    "template": "reply",
    "why": "550 5.1.1 no such user: said so.\nThe desk {why}",
    "others": "theo@kunde.example",
    "sender": "mailer@x.example",
    "id": "m001",
    "outcome": "opened",
    "size": "31.5",
}


def slots(sentence):
    return set(re.findall(r"\{([a-z]+)\}", sentence))


@pytest.mark.parametrize("memo", Memo, ids=lambda memo: memo.name)
def test_a_record_is_read_back_as_what_was_written(memo):
    values = {name: VALUES[name] for name in slots(memo.value)}
    assert read(memo.written(**values)) == (memo, values)


@pytest.mark.parametrize("memo", Memo, ids=lambda memo: memo.name)
def test_each_record_has_a_sentence_with_the_same_values_in_each_language(memo):
    for sentences in SENTENCES.values():
        assert slots(sentences[memo]) == slots(memo.value)
        assert sentences[memo] != memo.value


def test_a_record_is_said_in_the_language_of_its_reader():
    def in_words(word):
        return {"mail-reply": "Antwort"}[word]

    back = Memo.CALLED_BACK.written(people="olga@kunde.example")
    assert memo_in_words(back, "de", in_words).startswith("Die Antwort an olga@kunde.example wurde zurückgerufen")
    assert memo_in_words(back, "en", in_words) == back
    assert memo_in_words(back, "fr", in_words) == back
    lost = Memo.UNDELIVERED.written(recipient="olga@kunde.example", template="reply", why="550 no")
    assert memo_in_words(lost, "de", in_words).startswith("Die Mail an olga@kunde.example (Antwort) kam nicht an: 550")
    assert "31,5 MiB" in memo_in_words(Memo.CUT.written(size="31.5"), "de", in_words)


@pytest.mark.parametrize("text", ["", "released", "what an older version wrote", "#1040 became part", "#1", "{number}"])
def test_what_is_no_record_stays_as_it_is(text):
    assert read(text) is None
    assert memo_in_words(text, "de", str) == text


def test_in_04_a_value_is_never_taken_for_a_slot():
    assert filled("{reason} {number}", {"reason": "{number}", "number": "1"}) == "{number} 1"


def test_reading_takes_time_in_proportion_to_the_text():
    assert read("released: " + "; it is in ticket " * 100_000) is not None
    assert read("The mail was run again: " + "; it is in ticket " * 100_000) is None
