"""Every deed and every problem has its words, in each language that ships."""

import pytest

from mailgate.core.desk.carry_out import Deed
from mailgate.core.desk.command_kinds import BadLine, Wrong
from mailgate.render.command_words import deed_in_words, problem_in_words


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("deed", Deed)
def test_every_deed_has_words(deed, language):
    value = "2026-03-05T10:00:00+00:00" if deed is Deed.WAITS_UNTIL else "1042"
    words = deed_in_words(deed, value, language, "Europe/Berlin")
    assert words.endswith(".")
    assert words[0].isupper() or words[0].isdigit()
    assert "{" not in words


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("wrong", Wrong)
def test_every_problem_has_words(wrong, language):
    words = problem_in_words(BadLine("!x", wrong, "{value}", "{hint}"), language)
    assert not words.endswith(".")
    assert words.count("{") <= 3


def test_the_nearest_right_name():
    unknown = BadLine("!clsoe", Wrong.UNKNOWN_COMMAND, "!clsoe", "!close")
    assert problem_in_words(unknown, "en") == "there is no command !clsoe; did you mean !close?"
    assert problem_in_words(unknown, "de") == "den Befehl !clsoe gibt es nicht; meinten Sie !close?"
    nobody = BadLine("!assign x", Wrong.NO_AGENT, "x", "anna, sam")
    assert problem_in_words(nobody, "en") == 'nobody here has the name "x"; there are anna, sam'


def test_a_language_that_operators_added_reads_english():
    assert deed_in_words(Deed.CLOSED, "", "fr", "UTC") == "The ticket is closed."
    assert problem_in_words(BadLine("!x", Wrong.TWICE, "!x"), "fr") == "!x stands there more than once"


def test_times_and_priorities_in_the_language_of_the_agent():
    moment = "2026-03-05T10:00:00+00:00"
    assert deed_in_words(Deed.WAITS_UNTIL, moment, "de", "Europe/Berlin") == (
        "Der Vorgang wartet bis 05.03.2026, 11:00 Uhr (MEZ)."
    )
    assert deed_in_words(Deed.PRIORITY, "high", "de", "UTC") == "Die Priorität ist jetzt hoch."
