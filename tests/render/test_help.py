"""The page that `!help` sends: every command stands in it, in the words of its language, and it is docs/agents.md."""

import re
from pathlib import Path

import pytest

from mailgate.core.desk.command import SPELLINGS, read_block
from mailgate.core.desk.notice import Notice, Template
from mailgate.core.mail.mail import Mailbox
from mailgate.render.compose import Desk, render
from mailgate.render.environment import environment

DOCS = Path(__file__).resolve().parents[2] / "docs"
DESK = Desk("Example Hosting", "example.org", "Europe/Berlin", "#", "+", {"support": "support@example.org"})


def page(language, **values):
    notice = Notice(
        effect="x",
        template=Template.HELP,
        to=Mailbox("anna", "anna@example.org"),
        language=language,
        department="support",
        ticket=None,
        message_id="x@example.org",
        auto_submitted=None,
        values={"departments": [], "agents": [], **values},
        agent="anna",
    )
    return render(notice, DESK, environment(None))[1]


def examples(language):
    """What the page tells to type: the words from the `!` to two blanks, or to the end of the line."""
    return re.findall(r"(?:^  |  )(!.*?)(?:  +|$)", page(language), re.MULTILINE)


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_command_is_documented_by_a_name_of_its_language(language):
    typed = {item.split()[0].removeprefix("!") for item in examples(language)}
    for spelling in SPELLINGS:
        german = spelling.names[1] if len(spelling.names) > 1 else spelling.names[0]
        assert (german if language == "de" else spelling.names[0]) in typed


@pytest.mark.parametrize("language", ["de", "en"])
def test_what_the_page_tells_to_type_is_understood(language):
    assert len(examples(language)) >= len(SPELLINGS)
    for typed in examples(language):
        block = read_block(re.sub(r"^(!merge|!zusammenführen) 1042.*", r"\1 1042", typed))
        assert block.commands, typed
        assert block.errors == (), typed


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_page_is_one_page_and_fits_a_mail(language):
    lines = page(language, departments=["support", "billing"], agents=["anna", "ben"]).split("\n")
    assert len(lines) <= 80
    assert max(map(len, lines)) <= 80


def test_the_page_is_the_document():
    text = (DOCS / "agents.md").read_text("utf-8")
    assert all(page(language).rstrip("\n") in text for language in ("de", "en"))


def test_departments_and_colleagues_of_the_desk_are_named():
    text = page("de", departments=["support", "rechnung"], agents=["anna", "ben"])
    assert "!abteilung rechnung" in text
    assert "Abteilungen: support, rechnung" in text
    assert "Kollegen: anna, ben" in text
