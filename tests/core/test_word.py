"""A customer's word in the first line, and what only looks like one."""

import pytest

from mailgate.core.desk.decision import Word
from mailgate.core.desk.word import read_word


@pytest.mark.parametrize(
    "text",
    [
        "close", "Close.", "erledigt", "Erledigt!", "gelöst", "GELÖST", "geloest", "solved", "Resolved, thanks!",
        "Ist erledigt, danke", "Hat sich erledigt", "Das hat sich bereits erledigt, vielen Dank", "please close",
        "\n\n  erledigt\n\nMit freundlichen Grüßen\nOlga", "Please close this ticket",
    ],
)  # fmt: skip
def test_it_is_settled(text):
    assert read_word(text) is Word.CLOSE


@pytest.mark.parametrize(
    "text", ["status", "Status?", "Stand?", "STATUS\n\nGrüße", "Wie ist der Stand?", "status please"]
)
def test_how_far_is_it(text):
    assert read_word(text) is Word.STATUS


@pytest.mark.parametrize(
    "text",
    [
        "", "\n", "Nicht erledigt!", "not solved", "Das ist noch nicht gelöst", "close port 25 please", "erledigt?? nein",
        "Hallo,\nerledigt", "Wann ist das erledigt", "closing", "Status erledigt", "bitte", "danke",
        "Bitte schließen Sie die Firewall", "erledigt " * 20, "Der Stand der Dinge gefällt mir nicht", "close" * 1000,
        "> erledigt", "!close", "erledigt?", "erledigt\n\nWie kann ich noch die Rechnung ändern?", "erledigt\n" + "Noch etwas. " * 60,
    ],
)  # fmt: skip
def test_everything_else_is_for_people(text):
    assert read_word(text) is None
