"""What is text and what is attached."""

import base64
import binascii
import struct

import pytest
from support.cost import within

from mailgate.parse.bounds import read_header
from mailgate.parse.content import MAX_TEXT, read_content
from mailgate.parse.mime import walk


def read(text):
    raw = text if isinstance(text, bytes) else text.encode()
    return read_content(walk(raw, read_header(raw)))


def multi(kind, *parts):
    return (
        f"Content-Type: multipart/{kind}; boundary=b{kind}\n\n"
        + "".join(f"--b{kind}\n{part}\n" for part in parts)
        + f"--b{kind}--\n"
    )


def words(text):
    return text.split() if text else None


PLAIN = "Content-Type: text/plain\n\nplain words"
HTML = "Content-Type: text/html\n\n<p>html words</p>"
PDF = "Content-Type: application/pdf; name=x.pdf\n\n%PDF-"
EMPTY = "Content-Type: text/plain\n\n \n"


@pytest.mark.parametrize(
    ("text", "plain", "html", "names"),
    [
        (PLAIN, "plain words", None, []),
        (HTML, None, "<p>html words</p>", []),
        (multi("alternative", PLAIN, HTML), "plain words\n", "<p>html words</p>", []),
        (multi("mixed", multi("alternative", PLAIN, HTML), PDF), "plain words\n", "<p>html words</p>", ["x.pdf"]),
        (multi("alternative", PLAIN, multi("mixed", HTML, PDF)), "plain words\n", "<p>html words</p>", ["x.pdf"]),
        (multi("alternative", EMPTY, HTML), None, "<p>html words</p>", []),
        (
            multi("mixed", PLAIN, PDF, PLAIN.replace("plain words", "more words")),
            "plain words\nmore words\n",
            None,
            ["x.pdf"],
        ),
        (multi("mixed", PLAIN, HTML), "plain words\nhtml words\n", None, []),
        (multi("mixed", HTML, PLAIN), None, "<p>html words</p>\n<pre>plain words</pre>", []),
        (multi("mixed", PLAIN, PLAIN.replace("/plain", "/plain; name=a.txt")), "plain words", None, ["a.txt"]),
        (PLAIN.replace("/plain", "/plain; name=a.txt"), "plain words", None, ["a.txt"]),  # read, and stays a file
        (
            multi("mixed", PLAIN.replace("\n\n", "\nContent-Disposition: attachment; filename=a.txt\n\n")),
            None,
            None,
            ["a.txt"],
        ),
        (multi("alternative", PLAIN, PLAIN.replace("plain", "x-own")), "plain words", None, [None]),
        (PLAIN.replace("/plain", "/x-own"), "plain words", None, []),
        (multi("mixed", PLAIN, "Content-Type: text/calendar; name=a.ics\n\nBEGIN"), "plain words", None, ["a.ics"]),
    ],
)
def test_text_and_attachments(text, plain, html, names):
    found = read(text)
    assert (words(found.plain), words(found.html)) == (words(plain), words(html))
    assert [item.filename for item in found.attachments] == names
    assert found.has_html == ("text/html" in text)


def test_an_attached_mail_is_bytes_and_nothing_of_it_is_ours():
    inner = "Subject: in\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\ninner text\n--c\nContent-Type: a/b; name=i\n\nx\n--c--"
    found = read(multi("mixed", PLAIN, "Content-Type: message/rfc822\n\n" + inner))
    assert found.plain == "plain words"
    assert [(item.content_type, item.size) for item in found.attachments] == [("message/rfc822", len(inner))]
    assert found.attached_mail == inner.encode()


def test_charsets_of_the_parts_count():
    assert read(b"Content-Type: text/plain; charset=iso-8859-1\n\n" + b"Gr\xfc\xdfe").plain == "Gr\u00fc\u00dfe"
    assert read(b"Content-Type: text/html\n\n<meta charset=koi8-r>\xf0").html.endswith("\u041f")
    assert read(b"Content-Type: text/plain\n\nGr\xfc\xdfe").plain == "Gr\u00fc\u00dfe"


def test_flowed_text_is_joined():
    found = read("Content-Type: text/plain; format=flowed; delsp=yes\n\nlong \nline\n")
    assert found.plain == "longline\n"


def test_uuencoded_files_are_taken_out_of_the_text():
    code = "begin 644 a.txt\n" + binascii.b2a_uu(b"hello").decode() + "`\nend\n"
    found = read("Subject: x\n\nsee:\n" + code + "bye\n")
    assert "begin" not in found.plain
    assert "see:" in found.plain
    assert "bye" in found.plain
    assert [(item.filename, item.size, item.part) for item in found.attachments] == [("a.txt", 5, (1, 1))]


def test_in_08_no_nul_and_no_surrogate_in_text():
    assert read(b"Subject: x\n\na\0b\r\nc").plain == "ab\nc"
    half = read(b"Content-Type: text/plain; charset=utf-16\n\n\xff\xfe\x00\xd8a\0")
    assert half.plain.encode()
    assert "\0" not in half.plain


def test_mb_12_text_is_cut_and_says_so():
    found = read("Subject: x\n\n" + "word " * MAX_TEXT)
    assert len(found.plain) == MAX_TEXT
    assert "text-cut" in [item.code for item in found.defects]


def test_text_only_in_winmail_dat_is_found():
    body = b"the text\0"
    data = b"\x78\x9f\x3e\x22\x01\x00" + struct.pack("<BHHI", 1, 0x800C, 2, len(body)) + body
    data += struct.pack("<H", sum(body))
    found = read(
        b"Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(data)
    )
    assert [item.detected_type for item in found.attachments] == ["application/ms-tnef"]
    assert found.plain == "the text"


def parts(part, count):
    return b"Content-Type: multipart/mixed; boundary=b\n\n" + (b"--b\n" + part + b"\n") * count + b"--b--\n"


@pytest.mark.parametrize("kind", [b"text/plain", b"text/html"])
def test_mb_12_many_texts_share_one_limit(kind):
    raw = parts(b"Content-Type: " + kind + b"\n\n" + b"<p>word</p> " * 4000, 400)
    found = within(500, lambda: read(raw))
    assert len(found.plain or "") <= MAX_TEXT
    assert len(found.html or "") <= 5 * MAX_TEXT
    assert "text-cut" in [item.code for item in found.defects]


def test_mb_10_many_texts_without_charset_are_not_all_guessed():
    raw = parts(b"Content-Type: text/plain\n\n" + bytes(range(128, 256)) * 60, 400)
    within(500, lambda: read(raw))


def test_mb_09_files_out_of_containers_are_bounded():
    found = read(parts(b"Content-Type: text/plain\n\n" + b"begin 644 a\n#AAAA\n`\nend\n" * 60, 60))
    assert len(found.attachments) == 500
