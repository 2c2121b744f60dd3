"""Mails that are made to hurt: generated, never stored, 2 KB to 25 MB (threats MB-04 to MB-13)."""

import base64
import gzip
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from support.bombs_text import KB, MB, TEXTS, fill

FULL = 25 * MB  # the most that the intake takes
HEAD = b"From: Kim <kim@customer.example>\nTo: desk@support.example\nSubject: x\nMessage-ID: <b@customer.example>\n"


@dataclass(frozen=True)
class Bomb:
    """One hostile mail: its threat, and how it is made."""

    name: str
    make: Callable[[], bytes]
    slow: bool = False


def body(content: bytes, kind: bytes = b"text/plain; charset=utf-8", more: bytes = b"") -> bytes:
    """A mail of one part."""
    return HEAD + b"Content-Type: " + kind + b"\n" + more + b"\n" + content


def mixed(content: bytes, kind: bytes = b"multipart/mixed") -> bytes:
    """A mail of parts; the boundary is b."""
    return HEAD + b"Content-Type: " + kind + b"; boundary=b\n\n" + content


def header(fields: bytes) -> bytes:
    """A mail with more header."""
    return HEAD + fields + b"\nText\n"


def noise(size: int) -> bytes:
    """Bytes of every kind, always the same."""
    return random.Random(size).randbytes(size)


def nested(depth: int, kind: bytes = b"multipart/mixed", *, same: bool = False) -> bytes:
    """Multiparts in one another, never closed."""
    levels = (
        b"Content-Type: %s; boundary=b%d\n\n--b%d\n" % (kind, 0 if same else n, 0 if same else n) for n in range(depth)
    )
    return HEAD + b"".join(levels) + b"\nText\n"


def attached(content: bytes, name: bytes, kind: bytes = b"application/octet-stream") -> bytes:
    """A mail with one attachment in base64."""
    head = b"--b\n\nText\n--b\nContent-Type: %s; name=%s\nContent-Transfer-Encoding: base64\n\n" % (kind, name)
    return mixed(head + base64.encodebytes(content) + b"--b--\n")


def zip_bomb() -> bytes:
    """A zip that says it holds a gigabyte."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(16):
            archive.writestr(f"{number}.txt", bytes(4 * MB))
    return out.getvalue()


def tnef(*objects: tuple[int, int, bytes], lie: int | None = None) -> bytes:
    """winmail.dat with these attributes (level, id, data); the last one may lie about its length."""
    out = struct.pack("<IH", 0x223E9F78, 1)
    for level, number, data in objects:
        size = len(data) if lie is None else lie
        out += struct.pack("<BII", level, number, size) + data + struct.pack("<H", sum(data) & 0xFFFF)
    return out


def compressed_rtf() -> bytes:
    """A compressed RTF that says it unpacks to 2 GB."""
    return struct.pack("<IIII", 1 * MB, 0x7FFFFFFF, 0x75465A4C, 0) + fill(b"\xff\x00\x10", 1 * MB)


def tnef_mail(content: bytes) -> bytes:
    """A mail with winmail.dat."""
    return attached(content, b"winmail.dat", b"application/ms-tnef")


def words(count: int) -> bytes:
    """Encoded words on folded lines of one field."""
    return b"Subject: " + b"\n ".join([b"=?utf-8?q?=C3=A4?= =?iso-2022-jp?b?GyRCO2M=?="] * count) + b"\n"


PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">II", 60_000, 60_000) + bytes(5)
HTML = b"text/html; charset=utf-8"
LIMITS = tuple(
    Bomb(name, make, slow)
    for name, make, slow in (
        ("MB-04 12 million empty lines", lambda: body(b"\n" * FULL), True),
        ("MB-04 CR LF only", lambda: body(b"\r\n" * (FULL // 2)), True),
        ("MB-04 blanks and line feeds", lambda: body(fill(b" \n\t\n", 8 * MB)), True),
        ("MB-05 header of 10 MB", lambda: header(fill(b"X-A: " + b"a" * 70 + b"\n", 10 * MB) + b"\n"), True),
        ("MB-05 header without end", lambda: HEAD + fill(b"X-A: b\n", FULL), True),
        ("MB-05 one field of 2 MB", lambda: header(b"X-A: " + b"a" * (2 * MB) + b"\n"), False),
        ("MB-05 one field of 2 MB, folded", lambda: header(b"X-A: " + fill(b"a\n ", 2 * MB) + b"\n"), False),
        ("MB-05 field just within", lambda: header(b"X-A: " + b"a" * (15 * KB) + b"\n"), False),
        ("MB-05 fields just within", lambda: header(b"X: y\n" * 480), False),
        ("MB-05 100,000 fields", lambda: header(b"X: y\n" * 100_000), False),
        ("MB-05 no colon at all", lambda: fill(b"nothing of a header ", FULL), True),
        ("MB-05 one line of 25 MB", lambda: b"a" * FULL, True),
        ("MB-05 colons", lambda: fill(b":", 60 * KB) + b"\n\n", False),
        ("MB-05 folds of nothing", lambda: header(b"Subject: a\n" + b" \n" * 8000 + b"X: y\n"), False),
        ("MB-05 200 hops", lambda: header(b"Received: from a by b; Mon, 2 Mar 2026 10:00:00 +0100\n" * 200), False),
        ("MB-06 encoded words within", lambda: header(words(300)), False),
        ("MB-06 20,000 encoded words", lambda: header(words(20_000)), False),
        ("MB-06 broken encoded words", lambda: header(b"Subject: " + fill(b"=?utf-8?b?", 15 * KB) + b"\n"), False),
        ("MB-06 broken words in From", lambda: header(b"From: " + fill(b"=?utf-8?q?", 15 * KB) + b"<a@b.example>\n"), False),
        ("MB-06 20,000 parameters", lambda: HEAD + b"Content-Type: text/plain" + fill(b"; a=b", 100 * KB) + b"\n\nx", False),
        ("MB-06 parameters within", lambda: HEAD + b"Content-Type: text/plain" + fill(b"; a=b", 15 * KB) + b"\n\nx", False),
        ("MB-06 RFC 2231 sections", lambda: attached(b"x", b"y" + b"".join(b";name*%d*=%%41" % n for n in range(900))), False),
        ("MB-06 quotes without end", lambda: HEAD + b'Content-Type: text/plain; a="' + fill(b'\\"', 15 * KB) + b"\n\nx", False),
        ("MB-06 20,000 addresses", lambda: header(b"Cc: " + fill(b"a@b.example, ", 300 * KB) + b"\n"), False),
        ("MB-06 addresses within", lambda: header(b"Cc: " + fill(b"a@b.example, ", 15 * KB) + b"\n"), False),
        ("MB-06 comments in comments", lambda: header(b"To: " + b"(" * 15_000 + b"\n"), False),
        ("MB-06 angle brackets", lambda: header(b"To: " + b"<" * 15_000 + b"\nReferences: " + fill(b"<", 15 * KB) + b"\n"), False),
        ("MB-06 groups in groups", lambda: header(b"To: " + fill(b"a:", 15 * KB) + b";\n"), False),
        ("MB-06 routes", lambda: header(b"To: <" + fill(b"@a,", 15 * KB) + b":b@c.example>\n"), False),
        ("MB-06 quoted pairs in From", lambda: header(b'From: "' + fill(b"\\a", 15 * KB) + b"@b.example\n"), False),
        ("MB-06 references", lambda: header(b"References: " + fill(b"<a@b.example>\n ", 15 * KB) + b"\n"), False),
        ("MB-06 date of digits", lambda: header(b"Date: " + b"1" * 15_000 + b"\n"), False),
        ("MB-06 language of encoded words", lambda: header(b"Subject: =?utf-8*" + b"a" * 15_000 + b"?q?x?=\n"), False),
        ("MB-07 multiparts 1,000 deep", lambda: nested(1000), False),
        ("MB-07 multiparts 100,000 deep", lambda: nested(100_000), True),
        ("MB-07 one boundary 20,000 deep", lambda: nested(20_000, same=True), False),
        ("MB-07 digests", lambda: nested(3000, b"multipart/digest"), False),
        ("MB-07 mails in mails", lambda: HEAD + b"Content-Type: message/rfc822\n\n" * 100_000 + b"x", True),
        ("MB-07 reports in reports", lambda: nested(2000, b"multipart/report; report-type=delivery-status"), False),
        ("MB-08 100,000 parts", lambda: mixed(b"--b\n\nx\n" * 100_000 + b"--b--\n"), False),
        ("MB-08 25 MB of boundaries", lambda: mixed(fill(b"--b\n", FULL)), True),
        ("MB-08 parts with names", lambda: mixed(b"--b\nContent-Type: image/png; name=a.png\n\n\x89PNG\n" * 60_000), True),
        ("MB-08 alternatives", lambda: mixed(b"--b\nContent-Type: text/html\n\n<p>x\n" * 60_000, b"multipart/alternative"), True),
        ("MB-08 boundary prefixes", lambda: mixed(b"".join(b"--%s\n" % (b"b" * n) for n in range(1, 3000))), False),
        ("MB-08 part with a header of 5 MB", lambda: mixed(b"--b\n" + fill(b"X: y\n", 5 * MB) + b"\nx\n--b--\n"), True),
        ("MB-08 almost boundaries", lambda: mixed(fill(b"-", 10 * MB)), True),
        ("MB-08 multiparts in a row", lambda: mixed(b"--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\nx\n" * 20_000), False),
        ("MB-09 partial", lambda: body(b"x" * MB, b'message/partial; id="a"; number=1; total=2'), False),
        ("MB-09 external body", lambda: body(b"x\n", b'message/external-body; access-type=URL; URL="http://x.example/"'), False),
        ("MB-09 TNEF that lies", lambda: tnef_mail(tnef((2, 0x0006800F, b"x" * 100), lie=0x7FFFFFFF)), False),
        ("MB-09 TNEF of noise", lambda: tnef_mail(b"\x78\x9f\x3e\x22\x01\x00" + noise(4 * MB)), True),
        ("MB-09 TNEF of 20,000 attributes", lambda: tnef_mail(tnef(*[(2, 0x00069002, b"")] * 20_000)), True),
        ("MB-09 TNEF with RTF of 2 GB", lambda: tnef_mail(tnef((1, 0x00069003, compressed_rtf()))), False),
        ("MB-09 TNEF of many files", lambda: tnef_mail(tnef(*[(2, 0x00069002, bytes(14)), (2, 0x0006800F, b"x")] * 10_000)), True),
        ("MB-10 base64 of 25 MB", lambda: body(fill(b"QUFB" * 19 + b"\n", FULL), more=b"Content-Transfer-Encoding: base64\n"), True),
        ("MB-10 base64 garbage", lambda: body(noise(8 * MB), more=b"Content-Transfer-Encoding: base64\n"), True),
        ("MB-10 base64 padding", lambda: body(fill(b"=", 8 * MB), more=b"Content-Transfer-Encoding: base64\n"), True),
        ("MB-10 quoted-printable equals", lambda: body(fill(b"=", FULL), more=b"Content-Transfer-Encoding: quoted-printable\n"), True),
        ("MB-10 quoted-printable blanks", lambda: body(fill(b" ", FULL), more=b"Content-Transfer-Encoding: quoted-printable\n"), True),
        ("MB-10 quoted-printable soft ends", lambda: body(fill(b"a=\n", FULL), more=b"Content-Transfer-Encoding: quoted-printable\n"), True),
        ("MB-10 25 MB of noise, no charset", lambda: body(noise(FULL), b"text/plain"), True),
        ("MB-10 noise called utf-8", lambda: body(noise(8 * MB)), True),
        ("MB-10 latin, no charset", lambda: body(fill(b"Gr\xfc\xdfe aus K\xf6ln\n", 8 * MB), b"text/plain"), True),
        ("MB-10 utf-7", lambda: body(fill(b"+2ADcAA-+", 8 * MB), b"text/plain; charset=utf-7"), True),
        ("MB-10 utf-16 of half pairs", lambda: body(fill(b"\xd8\x00", 8 * MB), b"text/plain; charset=utf-16-be"), True),
        ("MB-10 lone surrogates", lambda: body(fill(b"\xed\xa0\x80", 4 * MB)), True),
        ("MB-10 iso-2022-jp escapes", lambda: body(fill(b"\x1b$B\x1b(B", 8 * MB), b"text/plain; charset=iso-2022-jp"), True),
        ("MB-10 hz", lambda: body(fill(b"~{", 4 * MB), b"text/plain; charset=hz"), True),
        ("MB-10 codecs that are no charsets", lambda: body(noise(MB), b"text/plain; charset=zlib"), False),
        ("MB-10 idna as charset", lambda: body(fill(b"a.", MB), b"text/plain; charset=idna"), False),
        ("MB-10 punycode as charset", lambda: body(fill(b"a-", 200 * KB), b"text/plain; charset=punycode"), False),
        ("MB-10 unicode-escape as charset", lambda: body(fill(b"\\U0010ffff", MB), b"text/plain; charset=unicode-escape"), False),
        ("MB-10 charset of 10 KB", lambda: body(b"x", b"text/plain; charset=" + b"a" * 10_000), False),
        ("MB-10 uuencode of 25 MB", lambda: body(b"begin 644 a\n" + fill(b"M" + b"#" * 60 + b"\n", FULL) + b"`\nend\n"), True),
        ("MB-10 100,000 uuencoded files", lambda: body(b"begin 644 a\n`\nend\n" * 100_000), True),
        ("MB-10 uuencode without end", lambda: body(b"begin 644 a\n" * 400_000), True),
        ("MB-10 NUL", lambda: body(bytes(FULL)), True),
        ("MB-10 direction marks", lambda: body("\u202e".encode() * (2 * MB)), True),
        ("MB-10 combining marks", lambda: body(b"a" + "\u0301".encode() * (2 * MB)), True),
        ("MB-11 zip", lambda: attached(zip_bomb(), b"a.zip"), True),
        ("MB-11 gzip", lambda: attached(gzip.compress(bytes(64 * MB)), b"a.gz"), True),
        ("MB-11 PNG of 60,000 by 60,000", lambda: attached(PNG + zlib.compress(bytes(16 * MB)), b"a.png", b"image/png"), True),
        ("MB-11 PDF", lambda: attached(b"%PDF-1.7\n" + fill(b"1 0 obj<</Kids[1 0 R]>>endobj\n", 4 * MB), b"a.pdf"), True),
        ("MB-11 attachment of 18 MB", lambda: attached(noise(18 * MB), b"a.bin"), True),
        ("MB-11 name of 10 KB", lambda: attached(b"x", b'"' + fill("\u202e../".encode(), 10 * KB) + b'"'), False),
    )
)  # fmt: skip
REPORT = b"multipart/report; report-type=delivery-status"
REPORTS = tuple(
    Bomb(name, make, slow)
    for name, make, slow in (
        ("MB-13 report with a million recipients", lambda: mixed(
            b"--b\nContent-Type: message/delivery-status\n\n" + b"Final-Recipient: rfc822;a@b.example\nAction: failed\n\n" * 300_000,
            REPORT), True),
        ("MB-13 report of one endless field", lambda: mixed(
            b"--b\nContent-Type: message/delivery-status\n\nA: b" + b"\n c" * 2_000_000, REPORT), True),
        ("MB-13 report of at signs", lambda: HEAD.replace(b"kim@", b"MAILER-DAEMON@") + b"\n" + fill(b"@", 4 * MB), True),
        ("MB-13 calendar of 20 MB", lambda: body(fill(b"BEGIN:VCALENDAR\nMETHOD:\n", 20 * MB), b"text/calendar"), True),
    )
)  # fmt: skip
BOMBS: tuple[Bomb, ...] = (
    LIMITS
    + REPORTS
    + tuple(Bomb(name, lambda kind=kind, make=make: body(make(), kind), slow) for name, kind, make, slow in TEXTS)
)
