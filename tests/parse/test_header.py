"""Where a header ends, and what its fields are, on headers as they come."""

import pytest

from mailgate.parse.header import decode_fields, scan


def read(text, *, crlf=True, whole_mail=True):
    raw = text.replace("\n", "\r\n").encode() if crlf else text.encode()
    header = scan(raw, limit=65536, whole_mail=whole_mail)
    fields = {item.name: item.value for item in decode_fields(header, None)}
    return fields, raw[header.end :].replace(b"\r\n", b"\n").decode(), [item.code for item in header.defects]


CASES = {
    "plain": ("Subject: a\nFrom: b\n\ntext", {"subject": "a", "from": "b"}, "text", []),
    "folded": ("Subject: a\n b\n\tc\n\nt", {"subject": "a b c"}, "t", []),
    "no body": ("Subject: a\n", {"subject": "a"}, "", []),
    "no header": ("Hello there\nText\n", {}, "Hello there\nText\n", []),
    "empty line first is no header": ("\nHello: x\n", {}, "Hello: x\n", []),
    "blank line before the header": ("\nSubject: a\n\nt", {"subject": "a"}, "t", ["blank-before-header"]),
    "mbox line": ("From kim Mon Jan  1\nSubject: a\n\nt", {"subject": "a"}, "t", ["foreign-line"]),
    "quoted mbox line within": (
        "Subject: a\n>From kim Mon Jan  1\nTo: b\n\nt",
        {"subject": "a", "to": "b"},
        "t",
        ["foreign-line"],
    ),
    "separator with a blank": ("Subject: a\n \nText\n", {"subject": "a"}, "Text\n", ["header-separator-blank"]),
    "blank fold": ("Subject: a\n \nTo: b\n\nt", {"subject": "a", "to": "b"}, "t", []),
    "no separator": (
        "Subject: a\nDear all, text\n\nmore",
        {"subject": "a"},
        "Dear all, text\n\nmore",
        ["header-separator-missing"],
    ),
    "lost folding": (
        "Content-Type: text/plain;\ncharset=utf-8\nSubject: a\n\nt",
        {"content-type": "text/plain; charset=utf-8", "subject": "a"},
        "t",
        ["folding-lost"],
    ),
    "lost folding at the end": (
        "Content-Type: text/plain;\ncharset=utf-8\n\nt",
        {"content-type": "text/plain; charset=utf-8"},
        "t",
        ["folding-lost"],
    ),
    "lost folding within an id": (
        "References: <a@b>, <c\nd@e>\n\nt",
        {"references": "<a@b>, <c d@e>"},
        "t",
        ["folding-lost"],
    ),
    "blank before colon": ("Subject : a\n\nt", {"subject": "a"}, "t", []),
    "upper case": ("SUBJECT: a\n\nt", {"subject": "a"}, "t", []),
    "leading blank": (" Subject: a\nTo: b\n\nt", {"subject": "a", "to": "b"}, "t", []),
    "8-bit name": ("Subject: a\nGr\u00fc\u00dfe: x\nTo: b\n\nt", {"subject": "a", "to": "b"}, "t", ["foreign-line"]),
}


@pytest.mark.parametrize("crlf", [True, False])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_header_is_read_the_same_with_lf_and_crlf(case, crlf):
    text, fields, body, defects = case
    assert read(text, crlf=crlf) == (fields, body, defects)


def test_a_part_that_begins_with_an_empty_line_has_no_header():
    assert read("\nSubject: a\n\nt", whole_mail=False) == ({}, "Subject: a\n\nt", [])


def test_a_section_beyond_the_limit_is_cut():
    assert scan(b"Subject: " + b"a" * 100, limit=50).cut
    assert not scan(b"Subject: a\n\n" + b"a" * 100, limit=50).cut


def test_values_are_decoded_and_clean():
    fields, _, _ = read("Subject: =?utf-8?q?a=0D=0ABcc=3A_x=00?=\nX-Raw: a\x01b\n\nt")
    assert fields == {"subject": "a  Bcc: x\ufffd", "x-raw": "a b"}


@pytest.mark.parametrize(
    ("value", "hint", "text"),
    [
        (b"Gr\xc3\xbc\xc3\x9fe", None, "Gr\u00fc\u00dfe"),
        (b"Gr\xfc\xdfe", None, "Gr\u00fc\u00dfe"),
        (b"\xcf\xf0\xe8\xe2\xe5\xf2", "windows-1251", "\u041f\u0440\u0438\u0432\u0435\u0442"),
        (b"\x1b$B$3$s\x1b(B", None, "\u3053\u3093"),
        (b"Gr+APwA3w-e", "utf-7", "Gr\u00fc\u00dfe"),
        (b"1+1=2", None, "1+1=2"),
    ],
)
def test_raw_8_bit_text_is_utf_8_or_the_charset_of_the_body_or_cp1252(value, hint, text):
    header = scan(b"Subject: " + value + b"\r\n\r\n", limit=1000)
    assert decode_fields(header, hint)[0].value == text
