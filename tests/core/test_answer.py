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
        "Ja, das war ich.",
        "Ja das bin ich",
        "Ja, die Anfrage ist von mir.",
        "Ja, bitte freigeben.",
        "Ich stimme zu.",
        "Freigabe erteilt",
        "I agree",
        "Yes, that was me.",
        "Yes, it's me",
        "Yes, please proceed",
        "I confirm the request.",
        "That is correct",
        "Confirm",
        "j",
        "Ja,\n\nviele Grüße\nOlga",
    ],
)
def test_yes(text):
    assert read_answer(text) is Answer.YES


@pytest.mark.parametrize(
    "text",
    [
        "Nein",
        "no",
        "No.",
        "nein danke",
        "Nein!\n\nSent from my phone",
        "Abgelehnt",
        "denied",
        "NEIN, bitte nicht",
        "Nein, das war ich nicht.",
        "Nein, ich bin das nicht",
        "Nein, die Anfrage ist nicht von mir.",
        "Ich lehne das ab.",
        "No, that was not me.",
        "No, it wasn't me",
        "No, I didn't send this.",
        "Not me",
        "Do not approve",
        "Auf keinen Fall",
    ],
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
        "nein danke, ja doch",
        "Ja? Was ist das",
        "Ok, was ist das",
        "Ja,\naber erst morgen",
        "Ja, \n\naber nur srv-web-01",
        "Ja\nNein, doch nicht",
        "Nein\nok, gut",
        "???\nok",
        "> Ja",
        "Ja, 12.3.",
        "Nein, das war ich",
        "No, go ahead",
        "No, I did",
        "Ok, mach ich",
        "Ich bestätige das nicht",
        "Das war ich",
        "J.",
        "Please confirm the request",
        "Please correct",
        "Don't know",
    ],
)
def test_everything_else_is_for_people(text):
    assert read_answer(text) is Answer.OTHER
