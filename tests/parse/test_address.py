"""The strict grammar for From, and the best guess for all the rest."""

import pytest
from support.cost import within

from mailgate.core.mail.mail import Mailbox
from mailgate.parse.address import plain_address, recover, strict_mailbox

ACCEPTED = {
    "kim@customer.example": ("", "kim@customer.example"),
    "<kim@customer.example>": ("", "kim@customer.example"),
    "Kim <kim@customer.example>": ("Kim", "kim@customer.example"),
    "Kim<kim@customer.example>": ("Kim", "kim@customer.example"),
    '"Kim, M." <kim@customer.example>': ("Kim, M.", "kim@customer.example"),
    '"Kim \\"K\\" M" <kim@customer.example>': ('Kim "K" M', "kim@customer.example"),
    "John Q. Public <j@p.example>": ("John Q. Public", "j@p.example"),
    "=?utf-8?q?J=C3=BCrgen?= <j@p.example>": ("J\u00fcrgen", "j@p.example"),
    "=?utf-8?q?J=C3=BCrgen?=<j@p.example>": ("J\u00fcrgen", "j@p.example"),
    '"=?utf-8?q?J=C3=BCrgen?=" <j@p.example>': ("J\u00fcrgen", "j@p.example"),
    "J\u00fcrgen <j@p.example>": ("J\u00fcrgen", "j@p.example"),
    "Kim <kim@b\u00fccher.example>": ("Kim", "kim@b\u00fccher.example"),
    "kim@xn--bcher-kva.example": ("", "kim@xn--bcher-kva.example"),
    "  kim@customer.example  ": ("", "kim@customer.example"),
    '"victim@bank.example" <kim@customer.example>': ("victim@bank.example", "kim@customer.example"),  # ID-08
    "kim+tag@customer.example": ("", "kim+tag@customer.example"),  # ID-15
    "KIM@Customer.EXAMPLE": ("", "KIM@Customer.EXAMPLE"),  # ID-16: compared elsewhere
    '"kim"@customer.example': ("", "kim@customer.example"),  # ID-16: needless quotes
    '"kim m"@customer.example': ("", '"kim m"@customer.example'),
}


@pytest.mark.parametrize(("value", "wanted"), ACCEPTED.items(), ids=ACCEPTED.keys())
def test_forms_that_say_one_thing_are_accepted(value, wanted):
    strict = strict_mailbox(value)
    assert strict.mailbox == Mailbox(*wanted)
    assert strict.doubt == ()


@pytest.mark.parametrize(
    ("value", "mailboxes"),
    [
        ("a@b.example, C <c@d.example>", [("", "a@b.example"), ("C", "c@d.example")]),
        ("a@b.example; c@d.example", [("", "a@b.example"), ("", "c@d.example")]),
        ('Team: a@b.example, "c, d" <c@d.example>;', [("", "a@b.example"), ("c, d", "c@d.example")]),
        ("undisclosed-recipients:;", []),
        ("", []),
        ("a@b.example (Kim M)", [("Kim M", "a@b.example")]),
        ("M\u00fcller, Hans <h@m.example>", [("M\u00fcller, Hans", "h@m.example")]),
        ("Kim <kim@customer.example", [("Kim", "kim@customer.example")]),
        ('"Kim <kim@customer.example>', [("Kim", "kim@customer.example")]),
        ("Kim kim@customer.example", [("Kim", "kim@customer.example")]),
        ("<mailto:kim@customer.example>", [("", "kim@customer.example")]),
        ("<@relay.example:kim@customer.example>", [("", "kim@customer.example")]),
        ("<k im@customer.example>", [("", "kim@customer.example")]),
        ("a..b.@phone.example", [("", "a..b.@phone.example")]),
        ("postmaster", [("", "postmaster")]),
        ("Moderator <moderator>", [("Moderator", "moderator")]),
        ("Only A Name", [("Only A Name", "")]),
        ("=?utf-8?b?SsO8IDxhQGIuZXhhbXBsZT4=?=", [("J\u00fc", "a@b.example")]),
        ("(nothing)", []),
        ("Kim <kim@[192.0.2.1]>", [("Kim", "kim@[192.0.2.1]")]),
    ],
)
def test_recover(value, mailboxes):
    assert recover(value) == [Mailbox(*item) for item in mailboxes]


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("kim@x.example", "kim@x.example"),
        ('"kim"@x.example', "kim@x.example"),
        ('"k\\im"@x.example', "kim@x.example"),
        ('"k m"@x.example', '"k m"@x.example'),
        ('"a@b"@x.example', '"a@b"@x.example'),
    ],
)
def test_id_16_needless_quotes_go(address, plain):
    assert plain_address(address) == plain


@pytest.mark.parametrize(
    "piece", ["a", "<", '"', '"\\', "(", ")", ":", ",", "@", "a.", "\\", "=?", "a@b", '"a" ', "<a@b>", " "]
)
@pytest.mark.parametrize("ending", ["", "<kim@customer.example>"])
def test_mb_06_hostile_fields_take_linear_time(piece, ending):
    value = piece * (16_384 // len(piece)) + ending
    within(30, lambda: recover(value))
    within(10, lambda: strict_mailbox(value))
    within(10, lambda: strict_mailbox(value[:2048]))
