"""The MIME tree, whole, broken and hostile (threats MB-07, MB-08)."""

import base64

import pytest
from support.cost import within

from mailgate.parse.bounds import read_header
from mailgate.parse.mime import MAX_PARTS, walk


def leaves(text, *, crlf=True):
    raw = text if isinstance(text, bytes) else text.encode()
    tree = walk_raw(raw.replace(b"\n", b"\r\n") if crlf else raw)
    return [(part.path, part.type.value, part.content()[0].decode()) for part in tree.parts]


def walk_raw(raw):
    return walk(raw, read_header(raw))


def codes(text):
    return [item.code for item in walk_raw(text.encode()).defects]


MIXED = "Content-Type: multipart/mixed; boundary=b\n\n"
ONE, TWO = "--b\nContent-Type: text/plain\n\none\n", "--b\nContent-Type: text/html\n\ntwo\n"
PARTS = [((1,), "text/plain", "one"), ((2,), "text/html", "two")]

CASES = {
    "no MIME": ("Subject: a\n\ntext\n", [((1,), "text/plain", "text\n")]),
    "single": ("Content-Type: text/html\n\ntext\n", [((1,), "text/html", "text\n")]),
    "broken type": ("Content-Type: nonsense\n\ntext\n", [((1,), "text/plain", "text\n")]),
    "mixed": (MIXED + ONE + TWO + "--b--\n", PARTS),
    "preamble and epilogue": (MIXED + "preamble\n" + ONE + TWO + "--b--\nepilogue", PARTS),
    "no close": (MIXED + ONE + TWO.rstrip("\n"), PARTS),
    "closed too early": (MIXED + ONE + "--b--\n" + TWO + "--b--\n", PARTS),
    "close delimiter glued to the text": (MIXED + ONE + TWO.rstrip() + "--b--\n", PARTS),
    "boundary in the text, closed well": (
        MIXED + "--b\n\nends with --b--\n--b--\n",
        [((1,), "text/plain", "ends with --b--")],
    ),
    "part whose header runs into a delimiter": (
        MIXED + '--b\nContent-Type: multipart/mixed; boundary="bc"\nMIME-Version: 1.0\n--bc\n\none\n--bc--\n--b--\n',
        [((1, 1), "text/plain", "one")],
    ),
    "blanks behind the boundary": (MIXED + ONE.replace("--b", "--b \t") + TWO + "--b--  \n", PARTS),
    "part without header": (MIXED + "--b\n\none\n--b--\n", [((1,), "text/plain", "one")]),
    "part without anything": (MIXED + "--b\n--b--\n", [((1,), "text/plain", "")]),
    "part without text": (
        MIXED + "hint\n--b\nContent-Type: text/html;\n charset=x\n\n--b--\n",
        [((1,), "text/html", "")],
    ),
    "quoted boundary with blanks": (
        'Content-Type: multipart/mixed; boundary="a b "\n\n--a b \n\none\n--a b\nstays\n--a b --\n',
        [((1,), "text/plain", "one\n--a b\nstays")],
    ),
    "boundary without its blanks": (
        'Content-Type: multipart/mixed; boundary="a b "\n\n--a b\n\none\n--a b--\n',
        [((1,), "text/plain", "one")],
    ),
    "prefix": (
        (
            "Content-Type: multipart/mixed; boundary=ab\n\n--ab\nContent-Type: multipart/mixed; boundary=a\n\n"
            "--a\n\none\n--a--\n--ab\n\ntwo\n--ab--\n"
        ),
        [((1, 1), "text/plain", "one"), ((2,), "text/plain", "two")],
    ),
    "nested without close": (
        (
            "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/alternative; boundary=y\n\n"
            "--y\n\none\n--x\n\ntwo\n--x--\n"
        ),
        [((1, 1), "text/plain", "one"), ((2,), "text/plain", "two")],
    ),
    "no boundary parameter": ("Content-Type: multipart/mixed\n\n" + ONE + TWO + "--b--\n", PARTS),
    "wrong boundary parameter": (MIXED.replace("=b", "=other") + ONE + TWO + "--b--\n", PARTS),
    "multipart that is none": (MIXED + "just text\n", [((1,), "text/plain", "just text\n")]),
    "multipart that is none, in HTML": (MIXED + "<html>x</html>\n", [((1,), "text/html", "<html>x</html>\n")]),
    "attached mail stays bytes": (
        MIXED
        + "--b\nContent-Type: message/rfc822\n\nSubject: x\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\nin\n--c--\n--b--\n",
        [((1,), "message/rfc822", "Subject: x\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\nin\n--c--")],
    ),
    "digest": (
        "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\nin\n--b--\n",
        [((1,), "message/rfc822", "Subject: x\n\nin")],
    ),
    "encoded multipart": (
        MIXED.replace("\n\n", "\nContent-Transfer-Encoding: base64\n\n")
        + base64.encodebytes((ONE + TWO + "--b--\n").encode()).decode(),
        PARTS,
    ),
    "decoding": (
        MIXED + "--b\nContent-Transfer-Encoding: base64\n\nb25l\n--b--\n",
        [((1,), "text/plain", "one")],
    ),
    "all parts empty but the body is not": (
        (
            'Content-Type: multipart/mixed; boundary="a--"\n\n--a--\nContent-Type: multipart/mixed; boundary="a----"\n\n'
            "--a----\nContent-Type: text/plain\n\nbody\n"
        ),
        [
            (
                (1,),
                "text/plain",
                '--a--\nContent-Type: multipart/mixed; boundary="a----"\n\n--a----\nContent-Type: text/plain\n\nbody\n',
            )
        ],
    ),
}


@pytest.mark.parametrize("crlf", [True, False])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_leaves_are_the_same_with_lf_and_crlf(case, crlf):
    text, wanted = case
    found = [(path, kind, content.replace("\r\n", "\n")) for path, kind, content in leaves(text, crlf=crlf)]
    assert found == wanted


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (MIXED + "just text\n", "boundary-missing"),
        ("Content-Type: multipart/mixed\n\n" + ONE, "boundary-wrong"),
        ("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: a/b;\nname=x\n\nt\n--b--", "folding-lost"),
    ],
)
def test_what_is_wrong_is_told(text, code):
    assert code in codes(text)


def nest(depth):
    raw = b"Content-Type: multipart/mixed; boundary=b0\r\n\r\n"
    for level in range(depth):
        raw += b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (level, level + 1)
    return raw + b"--b%d\r\n\r\ntext\r\n" % depth


def test_mb_07_deeper_parts_stay_one_attachment():
    tree = walk_raw(nest(1000))
    assert [part.type.value for part in tree.parts] == ["application/octet-stream"]
    assert b"text" in tree.parts[0].raw_content()
    assert [item.code for item in tree.defects] == ["depth-limit"]
    assert [part.type.value for part in walk_raw(nest(19)).parts] == ["text/plain"]


@pytest.mark.parametrize("part", [b"--b\r\n\r\n", b"--b\r\nContent-Type: a/b\r\n\r\nx\r\n"])
def test_mb_08_further_parts_stay_one_attachment(part):
    raw = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part * 100_000
    tree = within(200, lambda: walk_raw(raw))
    assert len(tree.parts) == MAX_PARTS + 1
    assert "parts-limit" in [item.code for item in tree.defects]
    assert sum(len(item.raw_content()) for item in tree.parts) > len(raw) - 100 * MAX_PARTS


@pytest.mark.parametrize("piece", [b"--b", b"\n--bx", b"\n--b x\n", b"--xxx\n", b"\n--b--x"])
def test_mb_08_what_only_looks_like_boundaries_takes_linear_time(piece):
    raw = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + piece * (5_000_000 // len(piece))
    within(200, lambda: walk_raw(raw))


def test_a_part_with_an_endless_header_is_bounded():
    raw = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nX: " + b"a" * 200_000 + b"\r\n\r\ntext\r\n--b--"
    assert "part-header-long" in [item.code for item in walk_raw(raw).defects]


@pytest.mark.slow
def test_mb_08_headers_of_parts_are_bounded_together():
    part = b"--b\r\nX: " + b"a: b\r\nX: " * 6000 + b"\r\n\r\nx\r\n"
    raw = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part * 300
    tree = within(400, lambda: walk_raw(raw))
    assert "parts-limit" in [item.code for item in tree.defects]
