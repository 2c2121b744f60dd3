import json
import unicodedata

import pytest

from mailgate.telemetry.escape import json_safe, visible

STEERING = [
    chr(code) for code in [*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, 0x202E, 0x2066, 0xD800, 0xFEFF, 0xE0041]
]


@pytest.mark.parametrize("char", STEERING, ids=lambda char: f"U+{ord(char):04X}")
def test_in_06_steering_characters_are_written_out(char):
    assert char not in visible(f"a{char}b")
    assert visible(f"a{char}b").isprintable()


@pytest.mark.parametrize("char", [char for char in STEERING if char != "\n"], ids=lambda char: f"U+{ord(char):04X}")
def test_in_06_json_keeps_its_meaning_without_steering_characters(char):
    text = json_safe(json.dumps({"a": f"x{char}y"}, ensure_ascii=False))
    assert char not in text
    assert json.loads(text) == {"a": f"x{char}y"}


def test_text_of_people_stays_as_it_is():
    text = "Grüße aus Köln, 10 € 日本語 🙂 \\n"
    assert visible(text) == text
    assert json_safe(text) == text


def test_kept_characters_stay():
    assert visible("a\n\tb\x1b", keep="\n\t") == "a\n\tb\\x1b"


def test_every_control_of_unicode_is_covered():
    controls = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in {"Cc", "Cs", "Zl", "Zp"}]
    assert [char for char in controls if char in visible(char)] == []
