"""Keys in addresses and Message-IDs."""

import pytest

from mailgate.core.desk.key import is_key, key_of_message_id, keyed_address, keys_in_ids, message_id, split_keyed

KEY = "abcdefghijklmnopqrstuvwxy7"


def test_a_keyed_address_is_split_again():
    address = keyed_address("support@example.org", KEY, "+")
    assert address == f"support+{KEY}@example.org"
    assert split_keyed(address, "+") == ("support@example.org", KEY)


def test_th_02_case_does_not_matter_but_length_and_alphabet_do():
    assert split_keyed(f"support+{KEY.upper()}@example.org", "+") == ("support@example.org", KEY)
    for wrong in (KEY[:-1], KEY + "a", KEY[:-1] + "1", KEY[:-1] + "ä", ""):
        assert split_keyed(f"support+{wrong}@example.org", "+")[1] is None
        assert not is_key(wrong)


def test_another_delimiter():
    assert split_keyed(f"support-{KEY}@example.org", "-") == ("support@example.org", KEY)
    assert split_keyed(f"my-support-{KEY}@example.org", "-") == ("my-support@example.org", KEY)


def test_our_message_ids_carry_the_key_and_others_do_not():
    assert key_of_message_id(message_id(KEY, 1042, "example.org"), "example.org") == KEY
    assert key_of_message_id(f"{KEY}.1042@elsewhere.example", "example.org") is None
    assert key_of_message_id("short.1042@example.org", "example.org") is None
    assert keys_in_ids(["x@y", f"{KEY}.1@example.org"], "example.org") == (KEY,)


@pytest.mark.parametrize("address", ["", "@", "support", f"+{KEY}@example.org", f"support+{KEY}"])
def test_odd_addresses_have_no_key(address):
    assert split_keyed(address, "+")[1] is None
