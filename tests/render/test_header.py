"""Text from a mail on its way into a header: nothing gets out of its line."""

import unicodedata
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailgate.render.header import UnusableAddress, address_field, clean_header, ids_field, text_field

PAYLOADS = [
    "x\r\nBcc: evil@x.example",
    "x\nBcc: evil@x.example",
    "x\rBcc: evil@x.example",
    "=?utf-8?q?x=0D=0ABcc=3A_evil=40x.example?=",
    "=?utf-8?b?eA0KQmNjOiBldmlsQHguZXhhbXBsZQ==?=",
    "x\x00y\x0b\x0c\x85\u2028\u2029z",
    "\ud800 lone surrogate",
    "\u202egnp.exe",
    "a" * 5000,
    "Ä" * 5000,
    "x\r\n\r\nbody",
    '"<script>"\\',
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_in_01_a_text_stays_one_field(payload):
    raw = (text_field("Subject", payload) + "\r\nX-End: 1\r\n\r\n").encode("ascii")
    for message in (message_from_bytes(raw), message_from_bytes(raw, policy=default)):
        assert [name for name, _ in message.items()] == ["Subject", "X-End"]
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_in_01_a_name_stays_one_mailbox(payload):
    raw = (address_field("To", payload, "kim@kunde.example") + "\r\nX-End: 1\r\n\r\n").encode("ascii")
    message = message_from_bytes(raw, policy=default)
    assert [name for name, _ in message.items()] == ["To", "X-End"]
    assert [item.addr_spec for item in message["To"].addresses] == ["kim@kunde.example"]


@given(st.text(max_size=400))
def test_what_is_clean_has_no_line_end_and_is_cut(text):
    cleaned = clean_header(text)
    assert len(cleaned) <= 200
    assert not {unicodedata.category(char) for char in cleaned} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert "=?" not in cleaned


@given(st.text(max_size=120))
def test_a_subject_comes_back_as_it_was_cleaned(text):
    raw = (text_field("Subject", text) + "\r\n\r\n").encode("ascii")
    assert str(message_from_bytes(raw, policy=default)["Subject"]).strip() == clean_header(text)


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example\r\nRCPT TO:<x@y>",
        "a b@c.example",
        "<a@b.example>",
        "a@b.example,c@d.example",
        "a@",
        "@b",
        "",
        "ü@b.example",
        "a@b.example> SIZE=1",
        '"a"@b.example',
        "a@[127.0.0.1]",
        "a;b@c.example",
        "a@b\x00.example",
    ],
)
def test_in_02_what_is_no_plain_address_is_refused(address):
    with pytest.raises(UnusableAddress):
        address_field("To", "x", address)


def test_a_name_with_a_comma_and_umlauts_is_one_mailbox():
    raw = address_field("To", "Ünal, Jörg", "j@kunde.example").encode("ascii") + b"\r\n\r\n"
    (mailbox,) = message_from_bytes(raw, policy=default)["To"].addresses
    assert (mailbox.display_name, mailbox.addr_spec) == ("Ünal, Jörg", "j@kunde.example")


def test_a_name_that_poses_as_an_address_does_not():
    assert "boss@bank.example" not in address_field("To", "boss@bank.example", "x@evil.example")


def test_ids_that_could_carry_something_else_are_left_out():
    assert ids_field("References", ["a@b", "=?utf-8?q?x?=@y", "ü@b", "a b@c", "<x>", "z@w"]) == [
        "References: <a@b>\r\n <z@w>"
    ]
    assert ids_field("In-Reply-To", ["a\r\nBcc: x@y"]) == []
