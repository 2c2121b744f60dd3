"""Yes, no, or something for people: a wrong yes opens an account to a stranger."""

import pytest

from mailgate.core.desk.answer import read_answer
from mailgate.core.desk.decision import Answer


@pytest.mark.parametrize(
    "text",
    [
        "Ja",
        "ja.",
        "JA!",
        "Ja\n\nVon meinem iPhone gesendet",
        "Yes",
        "yes, please",
        "ok",
        "Okay, danke",
        "\n\n  Ja  \n",
        "Ja, das ist in Ordnung",
        "Genehmigt",
        "Bestätigt.",
        "approved",
        "Yes, go ahead",
        "ja bitte",
        "Ja 👍",
        "Ja\n> Nein",
        "Einverstanden, vielen Dank",
        "Yep",
    ],
)
def test_yes(text):
    assert read_answer(text) is Answer.YES


@pytest.mark.parametrize(
    "text",
    ["Nein", "no", "No.", "nein danke", "Nein!\n\nSent from my phone", "Abgelehnt", "denied", "NEIN, bitte nicht"],
)
def test_no(text):
    assert read_answer(text) is Answer.NO


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ja?",
        "Ja, aber erst morgen",
        "No problem",
        "Kein Problem",
        "Wer ist das?",
        "ja nein",
        "Ja wenn er zahlt",
        "Yes I know him but ask Peter",
        "Janein",
        "Nobody asked me",
        "Bitte anrufen",
        "Jahr 2026",
        "not ok",
        "nicht ok",
        "Ok " * 60,
        "Habe ich nicht geschickt",
        "Ja, mit Ausnahme von example.de",
        "1",
        "…",
        "yes/no",
    ],
)
def test_everything_else_is_for_people(text):
    assert read_answer(text) is Answer.OTHER
