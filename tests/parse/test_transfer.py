"""Transfer encodings, with garbage in them."""

import base64
import binascii
import random

import pytest

from mailgate.parse.transfer import decode_base64, decode_transfer, find_uuencoded

TEXT = b"Hello W\xc3\xb6rld, this is the text.\n" * 5
CODED = base64.encodebytes(TEXT)
UU = b"begin 644 a b.txt\n" + b"".join(binascii.b2a_uu(TEXT[i : i + 45]) for i in range(0, len(TEXT), 45)) + b"`\nend\n"


@pytest.mark.parametrize(
    ("data", "decoded"),
    [
        (CODED, TEXT),
        (CODED.replace(b"\n", b"\r\n"), TEXT),
        (CODED.replace(b"\n", b""), TEXT),
        (CODED.rstrip(b"=\n"), TEXT),
        (CODED[:20] + b"!\x00\xff" + CODED[20:], TEXT),
        (base64.b64encode(b"a") + base64.b64encode(b"b"), b"ab"),  # two pieces, each padded
        (
            b"SGVsbG8gV29ybGQsIHRoaXMgaXM\n-- \nlist footer, with blanks\n",
            b"Hello World, this is-- \nlist footer, with blanks\n",
        ),
        (
            base64.b64encode("Grüße an all".encode()) + b" and what nobody encoded\n",
            "Grüße an all".encode(),
        ),  # padding ends it
        (b"> " + base64.b64encode(b"quoted by a relay") + b"\n", b"quoted by a relay"),
        (b"SGVsbG8gd29ybGQ !!! *** ???\n", b"Hello world"),
        (b"One Two\n", b"One Two\n"),
        (b"This is clear text, and no base64 at all.", b"This is clear text, and no base64 at all."),
        (b"", b""),
        (b"=", b""),
        (b"A", b""),
    ],
)
def test_mb_10_base64(data, decoded):
    assert decode_base64(data, is_text=True)[0] == decoded


def test_base64_of_a_file_is_never_taken_for_clear_text():
    assert decode_base64(b"SGVs bG8h -- ???", is_text=False)[0].startswith(b"Hello!")


@pytest.mark.parametrize(
    ("data", "decoded"),
    [
        (b"J=C3=BCrgen", b"J\xc3\xbcrgen"),
        (b"J=c3=bcrgen", b"J\xc3\xbcrgen"),
        (b"soft=\r\nbreak", b"softbreak"),
        (b"soft=  \r\nbreak", b"softbreak"),
        (b"1+1=2, a=b", b"1+1=2, a=b"),
        (b"end=", b"end"),
        (b"a\r\nb", b"a\nb"),
        (b"a=0D=0Ab", b"a\r\nb"),
    ],
)
def test_mb_10_quoted_printable(data, decoded):
    assert decode_transfer(data, "Quoted-Printable", is_text=False)[0] == decoded


@pytest.mark.parametrize("encoding", ["", "6bit", "7 bits", "7bit", "8BIT", " binary ", "8-bit", '"7bit"', "none"])
def test_identity(encoding):
    assert decode_transfer(TEXT, encoding, is_text=True) == (TEXT, None)


def test_unknown_encoding_leaves_the_bytes_and_says_so():
    assert decode_transfer(TEXT, "x-mystery", is_text=True) == (TEXT, "encoding-unknown")


def test_line_ends_are_the_transports_but_a_file_with_nul_has_no_lines():
    assert decode_transfer(b"a\r\nb", "7bit", is_text=False)[0] == b"a\nb"
    assert decode_transfer(b"a\r\n\0b", "8bit", is_text=False)[0] == b"a\r\n\0b"


def test_uuencode():
    assert decode_transfer(UU, "x-uuencode", is_text=False) == (TEXT, None)
    found = find_uuencoded(b"see:\n" + UU + b"bye\n" + UU)
    assert [(item.name, item.content) for item in found] == [(b"a b.txt", TEXT)] * 2
    assert find_uuencoded((b"see:\n" + UU).replace(b"\n", b"\r\n"))[0].content == TEXT


@pytest.mark.parametrize(
    "text", [b"begin 644 words\nof wisdom that are no code\n", b"begin\n", b"we begin 644 x\n", b"begin 644 x\n"]
)
def test_text_that_begins_is_no_file(text):
    assert find_uuencoded(text) == []


def test_uuencode_without_end_is_read_to_the_end():
    assert find_uuencoded(UU.removesuffix(b"end\n"))[0].content == TEXT


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "x-uuencode", "binary"])
def test_mb_10_any_bytes_decode_to_something(encoding):
    source = random.Random(7)
    for _ in range(300):
        data = source.randbytes(source.randrange(200))
        assert isinstance(decode_transfer(data, encoding, is_text=source.random() < 0.5)[0], bytes)
