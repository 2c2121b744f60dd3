"""A slice of the torture that `make torture` runs whole (threats MB-10, MB-13)."""

import importlib.util
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # left to `make test`

TOOL = Path(__file__).resolve().parents[2] / "tools" / "torture.py"


@pytest.fixture(scope="module")
def torture():
    spec = importlib.util.spec_from_file_location("torture_tool", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("start", range(0, 3000, 500))
def test_mb_10_mutated_mails_are_read_without_exceptions(torture, start):
    tally = torture.run("mail", range(start, start + 500), seed=20260302)
    assert tally.read == 500
    assert tally.bad == []


def test_mb_10_mutated_values_are_read_without_exceptions(torture):
    tally = torture.run("value", range(1500), seed=20260302)
    assert tally.read == 1500
    assert tally.bad == []


def test_the_mutator_gives_the_same_mail_again(torture):
    assert torture.mutate.mail(7, 1) == torture.mutate.mail(7, 1)
    assert torture.mutate.mail(7, 1) != torture.mutate.mail(7, 2)
    assert len({torture.mutate.mail(number, 1) for number in range(200)}) > 190


def test_the_tool_sees_an_exception_a_slow_and_an_endless_reading(torture, monkeypatch):
    def bad(number, seed):
        if number == 1:
            raise RuntimeError("seen")
        while number == 2:
            pass

    monkeypatch.setattr(torture, "read_mail", bad)
    monkeypatch.setattr(torture, "HANG", 0.05)
    tally = torture.run("mail", range(4), seed=1)
    assert [(kind, number) for kind, number, _ in tally.bad] == [("mail", 1), ("mail", 2)]
    assert "seen" in tally.bad[0][2]
    monkeypatch.setattr(torture, "LIMIT", -1.0)
    assert len(torture.run("mail", range(3, 5), seed=1).bad) == 2


def test_mb_13_empty_quote_container_ends():
    from mailgate.parse.message import parse

    for tail in (
        '<div class="gmail_quote">',
        '<div class="gmail_quote"></div>',
        '<blockquote type="cite"></blockquote>',
    ):
        raw = f"From: kim@customer.example\nContent-Type: text/html\n\n<p>x</p><ul><li>a</li></ul>{tail}".encode()
        assert parse(raw).text.startswith("x")
