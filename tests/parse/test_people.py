"""Author, recipients and date: what is sure, and what is doubted (threats ID-08 to ID-16)."""

from datetime import UTC, datetime
from email.utils import getaddresses

import mailparser
import pytest

from mailgate.core.mail.mail import Mailbox
from mailgate.parse.header import scan
from mailgate.parse.people import read_people

VICTIM = "victim@bank.example"
EVIL = "evil@evil.example"


def people(text, *, encoding="utf-8"):
    raw = text.replace("\n", "\r\n").encode(encoding, "surrogateescape")
    return of_bytes(raw + b"\r\n\r\n")


def of_bytes(raw):
    header = scan(raw, limit=65536, whole_mail=True)
    return read_people(header, raw[: header.end])


DOUBTFUL = {
    "ID-09 two fields": f"From: {VICTIM}\nFrom: {EVIL}",
    "ID-09 two fields, swapped": f"From: {EVIL}\nFrom: {VICTIM}",
    "ID-10 two mailboxes": f"From: {VICTIM}, {EVIL}",
    "ID-10 two with names": f"From: Bank <{VICTIM}>, Evil <{EVIL}>",
    "ID-10 semicolon": f"From: {VICTIM}; {EVIL}",
    "ID-11 group": f"From: Bank: {VICTIM};",
    "ID-11 empty group": "From: Bank:;",
    "ID-11 group named as address": f"From: {VICTIM}:{EVIL};",
    "ID-12 address as name": f"From: {VICTIM} <{EVIL}>",
    "ID-12 comment": f"From: {VICTIM} (x) <{EVIL}>",
    "ID-12 comment behind": f"From: {VICTIM} ({EVIL})",
    "ID-12 comment in address": "From: victim(x)@bank.example",
    "ID-12 comment in brackets": f"From: Bank <{VICTIM}(x)>",
    "ID-12 nested comments": f"From: {'(' * 500}{')' * 500} {VICTIM}",
    "ID-12 two brackets": f"From: <{VICTIM}><{EVIL}>",
    "ID-12 two brackets apart": f"From: <{VICTIM}> <{EVIL}>",
    "ID-12 nested brackets": f"From: <<{VICTIM}>{EVIL}>",
    "ID-12 open bracket": f"From: <{VICTIM}",
    "ID-12 closed bracket": f"From: {VICTIM}>",
    "ID-12 trailing word": f"From: <{VICTIM}> x",
    "ID-12 route": f"From: <@evil.example:{VICTIM}>",
    "ID-12 route of two": f"From: <@a.example,@b.example:{VICTIM}>",
    "ID-12 encoded address": "From: =?utf-8?q?victim=40bank=2Eexample?=",
    "ID-12 encoded brackets": f"From: =?utf-8?q?Bank_=3Cvictim=40bank=2Eexample=3E?= <{EVIL}>",
    "ID-12 encoded in brackets": "From: <=?utf-8?q?victim=40bank.example?=>",
    "ID-12 encoded local part": "From: <=?utf-8?q?victim?=@bank.example>",
    "ID-12 blank before colon": f"From : {VICTIM}",
    "ID-12 leading blank": f" From: {VICTIM}\nTo: a@b.example",
    "ID-12 fold-only line": f"From: {VICTIM}\n \n <{EVIL}>",
    "ID-12 lost folding": f"From: Bank,\n{VICTIM}\nTo: a@b.example",
    "ID-12 blank in address": "From: victim @bank.example",
    "ID-12 blank in brackets": "From: Bank <victim@ bank.example>",
    "ID-12 two at": "From: victim@bank.example@evil.example",
    "ID-12 backslash": "From: victim\\@bank.example",
    "ID-12 open quote": f'From: "Bank <{VICTIM}>',
    "ID-12 dots": "From: victim..x@bank.example",
    "ID-12 leading dot": "From: .victim@bank.example",
    "ID-12 quoted address": 'From: "victim@bank.example"@evil.example',
    "ID-12 quoted bracket": 'From: "victim<x>"@evil.example',
    "ID-12 too long": f"From: {'a' * 3000} <{VICTIM}>",
    "ID-12 no address": "From: Bank",
    "ID-12 empty": "From:",
    "ID-12 missing": f"To: {VICTIM}",
    "ID-12 foreign line before": f"this is no field\nFrom: {VICTIM}",
    "ID-06 full-width dot": "From: victim@bank\u3002example",
    "ID-06 compatibility letters": "From: victim@\uff42ank.example",
    "ID-06 zero width": "From: victim@ba\u200bnk.example",
    "ID-07 local part not ASCII": "From: v\u0131ctim@bank.example",
    "ID-16 trailing dot": "From: victim@bank.example.",
    "ID-16 literal": "From: victim@[192.0.2.1]",
    "ID-16 underscore domain": "From: victim@ba_nk.example",
}


@pytest.mark.parametrize("text", DOUBTFUL.values(), ids=DOUBTFUL.keys())
def test_id_12_whatever_else_is_doubted(text):
    assert people(text).author_doubt


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (f"From: {VICTIM}\r\nX: a\0b\r\n\r\n", "nul-in-header"),
        ("From: vic\0tim@bank.example\r\n\r\n", "control-character"),
        (f"Subject: x\rFrom: {VICTIM}\r\nFrom: {EVIL}\r\n\r\n", "bare-cr-in-header"),
        (f"From: {EVIL}\rFrom: {VICTIM}\r\n\r\n", "bare-cr-in-header"),
        (f"\r\nFrom: {VICTIM}\r\n\r\n", "blank-before-header"),
        (f"From : {VICTIM}\r\n\r\n", "space-before-colon"),
        (f"From: {VICTIM}\r\nFrom: {VICTIM}\r\n\r\n", "several-from-fields"),
    ],
)
def test_id_12_doubt_names_its_reason(raw, reason):
    assert reason in of_bytes(raw.encode()).author_doubt


@pytest.mark.parametrize(
    "text",
    [
        f"From: {VICTIM}",
        f"From: Bank <{VICTIM}>",
        f"From:\n Bank\n <{VICTIM}>",
        f"From: =?utf-8?q?B=C3=A4nk?= <{VICTIM}>",
        f'From: "Bank (Support)" <{VICTIM}>',
        f'From: "Bank, Inc." <{VICTIM}>',
        f"From: B\u00e4nk <{VICTIM}>",
        f"FROM: {VICTIM}",
        f"From kim Mon Jan  1 00:00:00 2026\nFrom: {VICTIM}",
    ],
)
def test_one_bracket_of_truth_is_not_doubted(text):
    found = people(text)
    assert found.author_doubt == ()
    assert found.author.address == VICTIM


FORMS = [
    text.partition("From: ")[2]
    for text in DOUBTFUL.values()
    if text.startswith("From: ") and "\n" not in text and len(text) < 500
]


@pytest.mark.parametrize("value", [*FORMS, VICTIM, f"Bank <{VICTIM}>", f'"{VICTIM}" <{EVIL}>'])
def test_id_12_parsers_disagree_only_under_doubt(value):
    found = people(f"From: {value}")
    others = {address for _, address in getaddresses([value])}
    others |= {address for _, address in mailparser.parse_from_string(f"From: {value}\n\n").from_}
    assert found.author_doubt or others == {found.author.address}


def test_raw_8_bit_names_are_read_and_not_doubted():
    found = people("From: J\u00fcrgen <kim@customer.example>", encoding="latin-1")
    assert found.author == Mailbox("J\u00fcrgen", "kim@customer.example")
    assert found.author_doubt == ()


def test_id_08_a_name_that_holds_an_address_is_told():
    found = people(f'From: "{VICTIM}" <{EVIL}>')
    assert found.author.address == EVIL
    assert [item.code for item in found.defects if item.code.startswith("name")] == ["name-holds-address"]
    assert not [i for i in people(f'From: "{EVIL}" <{EVIL}>').defects if i.code.startswith("name")]


def test_id_13_reply_to_and_sender_are_read_apart():
    found = people(
        f"From: {VICTIM}\nReply-To: {EVIL}\nSender: Evil <{EVIL}>\nTo: a@b.example\nCc: c@d.example, e@f.example"
    )
    assert found.author.address == VICTIM
    assert found.reply_to == (Mailbox("", EVIL),)
    assert found.sender == Mailbox("Evil", EVIL)
    assert [item.address for item in found.cc] == ["c@d.example", "e@f.example"]


@pytest.mark.parametrize(
    ("value", "mailboxes"),
    [
        ("a@b.example", [("", "a@b.example")]),
        ("=?utf-8?q?J=C3=BC?= <a@b.example>, c@d.example", [("J\u00fc", "a@b.example"), ("", "c@d.example")]),
        ("=?utf-8?q?=C3?= =?utf-8?q?=BC?= <a@b.example>", [("\u00fc", "a@b.example")]),
        ("Team: a@b.example, C <c@d.example>;", [("", "a@b.example"), ("C", "c@d.example")]),
        ("undisclosed-recipients:;", []),
        ("undisclosed-recipients", []),
        ("M\u00fcller, Hans <h@m.example>", [("M\u00fcller, Hans", "h@m.example")]),
        ("a@b.example; c@d.example", [("", "a@b.example"), ("", "c@d.example")]),
    ],
)
def test_recipients(value, mailboxes):
    assert people(f"To: {value}").to == tuple(Mailbox(*item) for item in mailboxes)


def test_recipients_of_two_fields_are_put_together():
    found = people("To: a@b.example\nTo: c@d.example")
    assert [item.address for item in found.to] == ["a@b.example", "c@d.example"]
    assert "field-repeated" in [item.code for item in found.defects]


@pytest.mark.parametrize(
    ("value", "hour"),
    [
        ("Mon, 2 Mar 2026 10:00:00 +0100", 9),
        ("2 Mar 2026 10:00:00 GMT", 10),
        ("Tue, 2 Mar 2026 10:00:00 +0100", 9),  # it was a Monday
        ("Mon, 2 Mar 2026 10:00:00 +0100 (CET)", 9),
        ("Mon, 02-Mar-2026 10:00:00 +0000", 10),
        ("2026-03-02T10:00:00+01:00", 9),
        ("Mon Mar  2 10:00:00 2026", 10),
    ],
)
def test_dates(value, hour):
    assert people(f"Date: {value}").date == datetime(2026, 3, 2, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    "value", ["", "yesterday", "Mon, 99 Mar 2026 10:00:00 +0100", "1 Jan 1800 00:00:00 +0000", "9" * 5000]
)
def test_dates_that_are_none(value):
    found = people(f"Date: {value}")
    assert found.date is None
    assert "date-broken" in [item.code for item in found.defects]


def test_a_missing_date_is_told():
    assert "date-missing" in [item.code for item in people("From: a@b.example").defects]


def test_id_08_names_in_utf_7_are_read_but_never_as_addresses():
    text = "From: M+APw-ller <kim@customer.example>\nTo: +ADw-victim@bank.example+AD4- <evil@evil.example>"
    raw = text.replace("\n", "\r\n").encode() + b"\r\n\r\n"
    header = scan(raw, limit=65536, whole_mail=True)
    found = read_people(header, raw[: header.end], "utf-7")
    assert found.author == Mailbox("M\u00fcller", "kim@customer.example")
    assert found.to == (Mailbox("+ADw-victim@bank.example+AD4-", "evil@evil.example"),)
    assert of_bytes(raw).author == Mailbox("M+APw-ller", "kim@customer.example")


def test_id_14_who_sent_it_again_is_not_the_author():
    found = people(f"Resent-From: {EVIL}\nFrom: {VICTIM}\nResent-To: a@b.example\nTo: c@d.example")
    assert found.author.address == VICTIM
    assert found.author_doubt == ()
    assert [item.address for item in found.to] == ["c@d.example"]


@pytest.mark.parametrize(
    "value",
    [
        '"a\r\n RCPT TO:<x@y.example>"@evil.example',
        "<a@evil.example> SIZE=1",
        "<a@evil.example\0>",
        "=?utf-8?q?=3Ca=40evil.example=3E=0D=0ARCPT_TO=3A=3Cx=40y.example=3E?=",
        "a@evil.example\x0bx",
    ],
)
def test_in_02_no_address_holds_a_control_or_an_option(value):
    found = people(f"From: {value}\nTo: {value}")
    assert found.author_doubt
    for item in (found.author, *found.to):
        assert item.address.isprintable()
        assert not set("\r\n\0<>") & set(item.address.rpartition("@")[2])
