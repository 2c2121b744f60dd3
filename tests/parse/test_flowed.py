"""format=flowed (RFC 3676) back to paragraphs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailgate.parse.flowed import unflow


@pytest.mark.parametrize(
    ("flowed", "text"),
    [
        ("", ""),
        ("eins", "eins"),
        ("eins \nzwei", "eins zwei"),
        ("eins \nzwei \ndrei\nvier", "eins zwei drei\nvier"),
        ("eins\n\nzwei \n", "eins\n\nzwei "),
        (" eingerückt", "eingerückt"),
        ("  zwei Leerzeichen", " zwei Leerzeichen"),
        (" >kein Zitat", ">kein Zitat"),
        (" From gestern", "From gestern"),
        ("Text\n-- \nMax", "Text\n-- \nMax"),
        ("Text \n-- \nMax", "Text \n-- \nMax"),
        ("> eins \n> zwei\ndrei", "> eins zwei\ndrei"),
        (">eins \n>zwei", "> eins zwei"),
        ("> eins \n>> zwei \n> drei", "> eins \n>> zwei \n> drei"),
        ("> eins \nzwei", "> eins \nzwei"),
        (">\n> a", ">\n> a"),
        ("> -- \n> Max", "> -- \n> Max"),
    ],
)
def test_unflow(flowed, text):
    assert unflow(flowed, delsp=False) == text


def test_delsp_takes_the_space_of_the_soft_break():
    assert unflow("日本 \n語", delsp=True) == "日本語"
    assert unflow("eins  \nzwei", delsp=True) == "eins zwei"


@given(st.text(alphabet="ab >-\n", max_size=200), st.booleans())
def test_no_word_is_lost(text, delsp):
    assert unflow(text, delsp).replace(" ", "").replace("\n", "").replace(">", "") == text.replace(" ", "").replace(
        "\n", ""
    ).replace(">", "")


@given(st.text(alphabet="ab\n", max_size=100))
def test_fixed_lines_stay(text):
    assert unflow(text, delsp=False) == text
