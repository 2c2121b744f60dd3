"""Message-IDs as they come, and the made-up one."""

import pytest

from mailgate.parse.ids import read_message_id, read_references


@pytest.mark.parametrize(
    ("values", "message_id", "codes"),
    [
        (["<a@b>"], "a@b", []),
        (["<a@b> (added by postmaster)"], "a@b", []),
        (["<a b@c>"], "ab@c", []),  # folded in the middle
        (["a@b"], "a@b", ["message-id-unbracketed"]),
        (["<a@b"], "a@b", ["message-id-unbracketed"]),
        (["<a@b>", "<c@d>"], "a@b", ["message-id-repeated"]),
        (["", "<c@d>"], "c@d", ["message-id-repeated"]),
        (["<" + "a" * 900 + "@b>"], "a" * 900 + "@b", []),
    ],
)
def test_message_id(values, message_id, codes):
    found, made_up, defects = read_message_id(values, b"raw")
    assert (found, made_up) == (message_id, False)
    assert [item.code for item in defects] == codes


@pytest.mark.parametrize("values", [[], [""], ["<>"], ["some words here"], ["<" + "a" * 5000 + ">"]])
def test_a_missing_or_broken_id_is_made_up_the_same_each_time(values):
    found, made_up, defects = read_message_id(values, b"a\r\nb\r\n")
    assert made_up
    assert defects
    assert found == read_message_id(values, b"a\nb\n")[0]
    assert found != read_message_id(values, b"a\nc\n")[0]
    assert found.endswith(".invalid")


@pytest.mark.parametrize(
    ("values", "ids"),
    [
        (["<a@b> <c@d>"], ("a@b", "c@d")),
        (["<a@b><c@d>"], ("a@b", "c@d")),
        (["<a@b>,\t<c@d>"], ("a@b", "c@d")),
        (["<a@b>", "<a@b> <c@d>"], ("a@b", "c@d")),
        (["Your message of Monday <a@b>"], ("a@b",)),
        (["a@b"], ("a@b",)),
        (["a@b c@d"], ("a@b", "c@d")),
        (["<a\t@b>"], ("a@b",)),
        (["nothing"], ()),
        (["<>"], ()),
        ([], ()),
    ],
)
def test_references(values, ids):
    assert read_references(values) == ids


def test_of_many_references_the_first_and_the_last_stay():
    ids = read_references([" ".join(f"<{i}@x>" for i in range(2000))])
    assert len(ids) == 50
    assert (ids[0], ids[-1]) == ("0@x", "1999@x")
