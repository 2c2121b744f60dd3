"""What holds for any bytes."""

import string

from hypothesis import given, settings
from hypothesis import strategies as st

from mailgate.parse.as_json import mail_as_json
from mailgate.parse.errors import TooComplex
from mailgate.parse.message import parse

PIECES = [
    "From: ", "To: ", "Subject: ", "Date: ", "Message-ID: ", "References: ", "Content-Type: ", "Content-Disposition: ",
    "Content-Transfer-Encoding: ", "text/plain", "text/html", "multipart/mixed", "multipart/alternative", "multipart/report",
    "message/rfc822", "application/ms-tnef", "; boundary=b", "; charset=", "utf-8", "utf-7", "utf-16", "iso-2022-jp", "gb2312",
    "; name*0*=", "; filename=", "base64", "quoted-printable", "x-uuencode", "\n", "\n\n", "\n ", "--b\n", "\n--b--\n",
    "=?utf-8?q?", "=?iso-8859-1?b?", "?=", "<a@b.example>", "a@b.example", "<", ">", "(", ")", '"', ",", ";", ":", "\\",
    "begin 644 x\n", "end\n", "=", "=3D", "> ", "On x wrote:\n", "-- \n", "<p>", "</p>", "<blockquote>", "&amp;", "\0", "\r", "\x1b$B",
]  # fmt: skip
SOUP = st.lists(
    st.one_of(
        st.sampled_from(PIECES).map(str.encode),
        st.binary(max_size=12),
        st.text(string.printable, max_size=12).map(str.encode),
    ),
    max_size=60,
).map(b"".join)


def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)


def dirty(text):
    return any(
        (char < " " and char not in "\n\t") or "\x7f" <= char <= "\x9f" or "\ud800" <= char <= "\udfff" for char in text
    )


@settings(deadline=None, max_examples=300)
@given(SOUP)
def test_parse_never_fails_and_its_text_is_clean(raw):
    try:
        found = parse(raw)
    except TooComplex:
        return
    assert not [text for text in texts(mail_as_json(found)) if dirty(text)]
    assert not [item for item in found.fields if dirty(item.value) or "\n" in item.value or "\t" in item.value]
    assert found.message_id
    assert found == parse(raw)


@settings(deadline=None, max_examples=200)
@given(SOUP.map(lambda raw: raw.replace(b"\r", b"")))
def test_lf_and_crlf_give_the_same(raw):
    found = parse(raw)
    other = parse(raw.replace(b"\n", b"\r\n"))
    assert (found.text, found.subject, found.author, found.author_doubt, found.message_id) == (
        other.text, other.subject, other.author, other.author_doubt, other.message_id,
    )  # fmt: skip
    assert [item.filename for item in found.attachments] == [item.filename for item in other.attachments]
    if b"\0" not in raw:  # a file with NUL that is not encoded has no lines: its bytes stay as they came
        assert [item.sha256 for item in found.attachments] == [item.sha256 for item in other.attachments]
        assert found.body_hash == other.body_hash
