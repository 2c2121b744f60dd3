"""Phrases are matched by words."""

import pytest

from mailgate.core.who.phrases import Phrase, PhraseIndex
from mailgate.core.who.words import folded, words


def stands(phrase: str, text: str) -> bool:
    return bool(list(PhraseIndex.build([("x", phrase)]).hits(words(folded(text)))))


@pytest.mark.parametrize(
    ("phrase", "text", "hit"),
    [
        ("hiermit kündige", "Hiermit kündige ich", True),
        ("hiermit kuendige", "HIERMIT KÜNDIGE ICH", True),
        ("hiermit kündige", "ich kündige hiermit", False),
        ("kündig*", "Bitte um Kündigungsbestätigung", True),
        ("*passwort", "das Rootpasswort fehlt", True),
        ("*passwort", "passwortlos", False),
        ("cancel my|our plan", "please cancel our plan now", True),
        ("cancel my|our plan", "please cancel your plan now", False),
        ("cancel ... contract", "cancel this very old contract", True),
        ("cancel ... contract", "cancel one two three four five contract", False),
        ("auth-code", "den Auth-Code bitte", True),
        ("auth-code", "auth code", True),
        ("close my account!", "Close my account", True),
        ("my account", "my accounts", False),
    ],
)
def test_matching(phrase: str, text: str, hit: bool) -> None:
    assert stands(phrase, text) is hit


@pytest.mark.parametrize("phrase", ["", "...", "... end", "start ...", "a*b*", "|", "*", "!!!"])
def test_phrases_without_words_are_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match="phrase"):
        Phrase.parse(phrase)


def test_each_phrase_hits_once() -> None:
    index = PhraseIndex.build([("a", "server*"), ("b", "mein server")])
    assert list(index.hits("mein server und mein server".split())) == [("b", "mein server"), ("a", "server*")]
