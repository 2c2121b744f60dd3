"""The support PIN against the vectors of RFC 6238, and how it is found and hidden."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailgate.core.desk.pin import find_pin, hide_pins, matching_step, pin_at, step_of, without_pins

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("counter", "digits"),
    [
        (0x1, "94287082"),
        (0x23523EC, "07081804"),
        (0x23523ED, "14050471"),
        (0x273EF07, "89005924"),
        (0x3F940AA, "69279037"),
        (0x27BC86AA, "65353130"),
    ],
)
def test_the_vectors_of_rfc_6238_appendix_b(counter, digits):
    assert pin_at(SECRET, counter) == digits


def test_this_hour_and_the_one_before_count_and_no_other():
    now = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
    step = step_of(now)
    assert matching_step(pin_at(SECRET, step), SECRET, now) == step
    assert matching_step(pin_at(SECRET, step - 1), SECRET, now) == step - 1
    assert matching_step(pin_at(SECRET, step - 2), SECRET, now) is None
    assert matching_step(pin_at(SECRET, step + 1), SECRET, now) is None
    assert matching_step(pin_at(SECRET, step), SECRET, now + timedelta(hours=2)) is None


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Server down PIN 12345678", ""),
        ("", "PIN: 12345678\nHallo"),
        ("", "Hallo,\n\nmeine Pin 1234 5678\n"),
        (None, "pin=1234-5678"),
        ("[#1001] PIN 12345678", "x"),
        ("Support-PIN: 12 34 56 78", ""),
        ("SupportPIN 12345678", ""),
        ("Ausfall, PIN\u00a012345678", ""),
        (None, "PIN\n12345678"),
        (None, "Meine Support-PIN lautet:\n\n  1234\u202f5678"),
        (None, "PIN-Code (1 2 3 4 5 6 7 8)"),
        (None, "*PIN:* 12345678"),
        (None, "PIN Nr. „12345678“"),
        (None, "PIN ist 1234.5678."),
        (None, "PIN für Kundennummer 10001: 12345678"),
        (None, "PIN aus dem Kundenbereich \u2013 12345678"),
        (None, "PIN12345678"),
    ],
)
def test_a_pin_is_found_in_subject_and_first_lines(subject, text):
    assert find_pin(subject, text) == "12345678"


@pytest.mark.parametrize(
    "text",
    [
        "PIN 1234567",
        "PIN 123456789",
        "Spin 12345678",
        "12345678",
        "\n" * 12 + "PIN 12345678",
        "Ich habe keine PIN. Es geht um 12345678",
        "Ohne PIN, Bestellnummer 12345678",
        "Wie bekomme ich die PIN?\nKundennummer: 12345678",
        "Die PIN liegt mir nicht vor, bitte um Rückruf bei Fragen zu dem Vorgang 12345678",
        "PIN ١٢٣٤٥٦٧٨",
        "Pinguin 12345678",
        "PIN\n\nRef 12345678",
    ],
)
def test_what_is_no_pin_is_not_taken_for_one(text):
    assert find_pin(None, text) is None
    assert hide_pins(text.strip()) == text.strip() or "PIN 12345678" in text


def test_what_is_asked_between_the_word_and_the_digits_stays():
    assert without_pins("Support-PIN 1234 5678, Server down") == " , Server down"
    assert without_pins("PIN, bitte Passwort senden: 12345678!") == ", bitte Passwort senden: !"
    assert without_pins("Was ist eine PIN?") == "Was ist eine PIN?"


@given(st.text(max_size=200), st.integers(0, 99_999_999))
def test_pr_05_no_pin_survives_in_stored_text(around, number):
    digits = f"{number:08d}"
    text = f"{around}\nPIN {digits}\n> pin: {digits[:4]} {digits[4:]}\n"
    assert find_pin(None, hide_pins(text)) is None
    if digits not in around:
        assert digits not in hide_pins(text)
