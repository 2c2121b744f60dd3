import pytest
from support.rows import NOW

from mailgate.config import parse
from mailgate.parse.message import parse as parse_mail
from mailgate.service.assumed import assumed_envelope

CONFIG = """
[desk]
name = "Desk"
domain = "desk.example"
[[departments]]
name = "support"
addresses = ["support@desk.example"]
default = true
[[departments]]
name = "billing"
addresses = ["billing@desk.example"]
"""
KEY = "abcdefghijklmnopqrstuvwxyz"


@pytest.fixture
def assumed(tmp_path):
    """The envelope of a mail with these header fields."""
    policy = parse(CONFIG, file="x", base=tmp_path).policy()

    def envelope(head, **given):
        raw = (head + "\n\nHello\n").replace("\n", "\r\n").encode()
        return assumed_envelope(parse_mail(raw), raw, policy, now=NOW, **given)

    return envelope


def test_what_the_caller_says_counts(assumed):
    found = assumed(
        "From: a@kunde.example",
        client_ip="192.0.2.7",
        helo="mx",
        mail_from="<b@kunde.example>",
        rcpt_to=("x@y.example",),
    )
    assert found.client is not None
    assert (found.client.address, found.client.helo) == ("192.0.2.7", "mx")
    assert (found.reverse_path, found.forward_path) == ("b@kunde.example", ("x@y.example",))


def test_no_client_without_an_address(assumed):
    assert assumed("From: a@kunde.example", helo="mx").client is None
    with pytest.raises(ValueError):
        assumed("From: a@kunde.example", client_ip="mx.kunde.example")


@pytest.mark.parametrize(
    "head, given, path",
    [
        ("From: a@kunde.example", {}, "a@kunde.example"),
        ("Return-Path: <bounce@kunde.example>\nFrom: a@kunde.example", {}, "bounce@kunde.example"),
        ("Return-Path: <>\nFrom: a@kunde.example", {}, ""),
        ("From: a@kunde.example", {"mail_from": ""}, ""),
        ("Subject: nobody", {}, ""),
    ],
)
def test_the_reverse_path(assumed, head, given, path):
    assert assumed(head, **given).reverse_path == path


@pytest.mark.parametrize(
    "head, recipients",
    [
        ("To: a@b.example", ("support@desk.example",)),
        ("To: Billing@Desk.example, x@y.example", ("Billing@Desk.example",)),
        ("To: billing@desk.example\nCc: support@desk.example", ("billing@desk.example", "support@desk.example")),
        (f"To: support+{KEY}@desk.example", (f"support+{KEY}@desk.example",)),
        ("To: support+other@desk.example", ("support@desk.example",)),
    ],
)
def test_the_recipients_are_ours_or_the_default(assumed, head, recipients):
    assert assumed(f"From: a@kunde.example\n{head}").forward_path == recipients
