"""Bodies that are made to hurt what reads text: HTML, quotes, signatures, flowed lines (threats MB-12, MB-13).

Each is (name, content type, how it is made, slow).
"""

from collections.abc import Callable

KB, MB = 1024, 1024 * 1024
HTML = b"text/html; charset=utf-8"
PLAIN = b"text/plain; charset=utf-8"
FLOWED = b"text/plain; charset=utf-8; format=flowed; delsp=yes"


def fill(piece: bytes, size: int) -> bytes:
    """The piece, over and over, up to a size."""
    return (piece * (size // len(piece) + 1))[:size]


def of(piece: bytes, size: int, head: bytes = b"", tail: bytes = b"") -> Callable[[], bytes]:
    """Make the piece over and over."""
    return lambda: head + fill(piece, size) + tail


TEXTS: tuple[tuple[str, bytes, Callable[[], bytes], bool], ...] = (
    ("MB-12 HTML of 10 MB", HTML, of(b"<p>some <b>text</b></p>\n", 10 * MB), True),
    ("MB-12 100,000 divs deep", HTML, of(b"<div>", 500 * KB), False),
    ("MB-12 a million divs deep", HTML, of(b"<div>", 5 * MB), True),
    ("MB-12 quotes in quotes", HTML, of(b"<blockquote>", 2 * MB), True),
    ("MB-12 tables in tables", HTML, of(b"<table><tr><td>", 1 * MB), True),
    ("MB-12 lists in lists", HTML, of(b"<ul><li>", 1 * MB), True),
    ("MB-12 a million cells", HTML, of(b"<td>x", 5 * MB, b"<table><tr>"), True),
    ("MB-12 entities", HTML, of(b"&amp;&#1114112;&nosuch;&#x1F600;", 10 * MB), True),
    ("MB-12 ampersands", HTML, of(b"&", 10 * MB), True),
    ("MB-12 one attribute of 5 MB", HTML, of(b"a", 5 * MB, b'<p title="', b'">x</p>'), True),
    (
        "MB-12 200,000 attributes",
        HTML,
        lambda: b"<p " + b" ".join(b"a%d=b" % n for n in range(200_000)) + b">x</p>",
        True,
    ),
    ("MB-12 attributes again and again", HTML, of(b" a=b", 2 * MB, b"<body", b">x"), True),
    ("MB-12 style of 10 MB", HTML, of(b"p{color:red}", 10 * MB, b"<style>", b"</style>x"), True),
    ("MB-12 comment without end", HTML, of(b"<!-- - -- ", 5 * MB), True),
    ("MB-12 comments", HTML, of(b"<!---->", 5 * MB), True),
    ("MB-12 tags without end", HTML, of(b"<", 5 * MB), True),
    ("MB-12 crossed formatting", HTML, of(b"<b><i><u><a>", 200 * KB), False),
    ("MB-12 crossed formatting and paragraphs", HTML, of(b"<p><b><a href=x>y", 1 * MB), True),
    ("MB-12 formatting closed by blocks", HTML, of(b"<font><div></font>", 1 * MB), True),
    ("MB-12 forms and options", HTML, of(b"<select><option>", 1 * MB), True),
    ("MB-12 templates", HTML, of(b"<template>", 1 * MB), True),
    ("MB-12 svg and math", HTML, of(b"<svg><math><mtext>", 1 * MB), True),
    ("MB-12 links", HTML, of(b'<a href="http://x.example/">x</a>', 5 * MB), True),
    ("MB-12 images", HTML, of(b'<img src="cid:x" alt="y">', 5 * MB), True),
    ("MB-12 line breaks", HTML, of(b"<br>", 10 * MB), True),
    ("MB-12 quote containers", HTML, of(b'<div class="gmail_quote"></div>', 3 * MB), True),
    ("MB-12 styled borders", HTML, of(b'<div style="border-top:solid #E1E1E1 1.0pt">x</div>', 3 * MB), True),
    ("MB-12 white space", HTML, of(b" \n\t&nbsp;", 10 * MB), True),
    ("MB-12 NUL in tags", HTML, of(b"<p\x00>\x00", 3 * MB), True),
    ("MB-12 hidden text", HTML, of(b'<span style="display:none">x</span>', 3 * MB), True),
    ("MB-13 one line of 25 MB", PLAIN, of(b"a", 25 * MB), True),
    ("MB-13 one line of words", PLAIN, of(b"word ", 10 * MB), True),
    ("MB-13 quote marks", PLAIN, of(b">", 10 * MB), True),
    ("MB-13 quote marks and blanks", PLAIN, of(b"> > >> ", 10 * MB), True),
    ("MB-13 quoted lines", PLAIN, of(b"> quoted line\n", 25 * MB), True),
    ("MB-13 quotes by turns", PLAIN, of(b"> quote\nanswer\n", 5 * MB), True),
    ("MB-13 deeper and deeper", PLAIN, lambda: b"\n".join(b">" * n for n in range(3000)), True),
    ("MB-13 8,000 blank lines", PLAIN, of(b"\n", 8000, b"Hello\n", b"Bye"), False),
    ("MB-13 Am Am Am", PLAIN, of(b"Am ", 32 * KB), False),
    ("MB-13 Am lines", PLAIN, of(b"Am 1. Januar 2026\n", 3 * MB), True),
    ("MB-13 On lines", PLAIN, of(b"On Mon, 2 Mar 2026 at 10:00\n", 3 * MB), True),
    ("MB-13 On without end", PLAIN, of(b"On x ", 8 * KB), False),
    ("MB-13 On, long, without end", PLAIN, of(b"On x, ", 5 * MB), True),
    ("MB-13 wrote", PLAIN, of(b"x wrote:\n", 3 * MB), True),
    ("MB-13 attributions", PLAIN, of(b"Am 1.1.2026 um 10:00 schrieb Kim <kim@x.example>:\n", 3 * MB), True),
    ("MB-13 Von lines", PLAIN, of(b"Von: a\n", 32 * KB), False),
    ("MB-13 header blocks", PLAIN, of(b"Von: a\nGesendet: b\nAn: c\nBetreff: d\n\n", 3 * MB), True),
    ("MB-13 half header blocks", PLAIN, of(b"From: a\nSent: b\n", 3 * MB), True),
    ("MB-13 colons", PLAIN, of(b"a:\n", 3 * MB), True),
    ("MB-13 originals", PLAIN, of(b"-----Original Message-----\n", 3 * MB), True),
    ("MB-13 forwards", PLAIN, of(b"---------- Forwarded message ----------\n", 3 * MB), True),
    ("MB-13 rules", PLAIN, of(b"________________________________\n", 3 * MB), True),
    ("MB-13 dashes", PLAIN, of(b"-", 5 * MB), True),
    ("MB-13 signatures", PLAIN, of(b"-- \n", 4 * MB), True),
    ("MB-13 regards", PLAIN, of("Mit freundlichen Grüßen\n".encode(), 3 * MB), True),
    ("MB-13 sent from", PLAIN, of(b"Sent from my phone\n", 3 * MB), True),
    ("MB-13 reply markers", PLAIN, of(b"##- Please reply above this line -##\n", 3 * MB), True),
    ("MB-13 flowed blanks", FLOWED, of(b" \n", 8 * MB), True),
    ("MB-13 one flowed paragraph", FLOWED, of(b"word \n", 8 * MB), True),
    ("MB-13 flowed quotes", FLOWED, of(b"> word \n>> word \n", 5 * MB), True),
    ("MB-13 angle brackets", PLAIN, of(b"<", 5 * MB), True),
    ("MB-13 addresses", PLAIN, of(b"a@b.example ", 5 * MB), True),
    ("MB-13 links", PLAIN, of(b"http://x.example/ ", 5 * MB), True),
    ("MB-13 tabs", PLAIN, of(b"\t", 8 * MB), True),
    ("MB-13 form feeds and others", PLAIN, of("\x0c\x0b\x85\u2028".encode(), 8 * MB), True),
    ("MB-13 words for machines", PLAIN, of(b"this is an automatic x ", 2 * MB), False),
)
