"""What hostile text is left with."""

import pytest

from mailgate.parse.clean import clean_body, clean_line, show_bidi


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a\r\nb\rc\nd\te", "a\nb\nc\nd\te"),
        ("a\x00b", "ab"),
        ("a\ud800b", "a\ufffdb"),
        ("a\x1b[31mb\x07\x85", "a [31mb  "),
        ("\u202eabc", "\u202eabc"),
    ],
)
def test_in_08_bodies_keep_lines_and_tabs_and_nothing_else_that_controls(text, clean):
    assert clean_body(text) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a\r\nBcc: b", "a  Bcc: b"),
        (" a\tb ", "a b"),
        ("a\x00b\udc80", "a\ufffdb\ufffd"),
        ("a\u2028b", "a b"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("\u05e9\u200f", "\u05e9\u200f"),
    ],
)
def test_in_01_one_line_stays_one_line(text, clean):
    assert clean_line(text) == clean


def test_in_10_bidi_overrides_can_be_seen():
    assert show_bidi("a\u202egnp.exe") == "a\ufffdgnp.exe"
