"""The documents say what the code does, or a test says that they do not."""

import re
import sys
from pathlib import Path

import pytest

from mailgate.core.desk.notice import Template
from mailgate.core.desk.policy import RULES
from mailgate.core.desk.reason import Reason
from mailgate.core.who.evidence import Assurance

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))


def page(name):
    return (ROOT / "docs" / name).read_text("utf-8")


@pytest.fixture(scope="module")
def wanted():
    import docs

    return docs.wanted()


def test_the_generated_pages_are_up_to_date(wanted):
    stale = [path.name for path, text in wanted.items() if path.read_text("utf-8") != text]
    assert stale == [], "run python tools/docs.py"


def test_every_command_has_a_section(wanted):
    text = next(text for path, text in wanted.items() if path.name == "commands.md")
    assert set(re.findall(r"^## mailgate (\w+)", text, re.MULTILINE)) >= {
        "run",
        "config",
        "account",
        "ticket",
        "message",
        "outbox",
        "job",
        "report",
        "backup",
        "restore",
    }
    assert text.count("Usage: mailgate ") >= 12


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_explained(reason):
    assert f"\n| `{reason}` | " in page("policy.md")


def test_every_reason_can_come_from_a_rule():
    source = "".join((ROOT / f"mailgate/core/desk/{name}.py").read_text("utf-8") for name in ("policy", "programs"))
    made = {
        Reason(f"{kind}-{who}")
        for kind in ("general", "account", "sensitive")
        for who in ("confirmed", "proved", "unproved", "unregistered")
    }
    assert {reason for reason in Reason if f"Reason.{reason.name}" not in source} <= made


def test_every_answer_of_the_gate_is_explained():
    source = (ROOT / "mailgate/core/mail/gate.py").read_text("utf-8")
    source += (ROOT / "mailgate/core/desk/unasked.py").read_text("utf-8")
    answers = set(re.findall(r'(?:return |reason ?= ?)"([a-z-]+)"', source)) | {"refuted"}
    assert len(answers) > 10
    assert [word for word in answers if f"\n| `{word}` | " not in page("policy.md")] == []


@pytest.mark.parametrize("assurance", Assurance)
def test_every_grade_is_explained(assurance):
    assert f"\n| `{assurance}` | " in page("policy.md")


def test_every_rule_has_a_question_in_the_table():
    assert all(f"| `{rule.name}` | {rule.asks} |" in page("policy.md") for rule in RULES)


def test_the_first_page_is_short_and_names_files_that_exist():
    text = page("architecture.md")
    assert len(text.splitlines()) <= 200
    named = set(
        re.findall(
            r"(?<![\w/])((?:core|parse|auth|store|courier|render|intake|service|jobs|cli|config)/[\w/{},]+\.(?:py|toml|json))",
            text,
        )
    )
    assert len(named) > 25
    for name in named:
        options = [name.replace("{de,en}", language) for language in ("de", "en")]
        assert all((ROOT / "mailgate" / option).is_file() for option in options), name


def test_pages_link_to_pages_that_exist():
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_the_readme_names_the_templates_folder_only_through_docs():
    assert {path.stem for path in (ROOT / "templates/mail/de").iterdir()} == {template.value for template in Template}


def test_the_changelog_has_an_unreleased_section():
    assert "## Unreleased" in (ROOT / "CHANGELOG.md").read_text("utf-8")
