"""A seeded mutator of mails and header values: the same number gives the same mail on every machine."""

import random
from collections.abc import Callable

from support.seeds import SEEDS, VALUES

_BITS: tuple[bytes, ...] = (
    b"\n", b"\r\n", b"\r", b"\n\n", b"\r\n\r\n", b" ", b"\t", b"\0", b"\xff", b"\xc3", b"\xe2\x80\xae", b"\xed\xa0\x80",
    b"=", b"=?utf-8?q?", b"?=", b"=?utf-8?b?", b"--b1", b"--b1--", b"\n--b1\n", b"boundary=", b'"', b"\\", b"(", b")",
    b"<", b">", b"<>", b"@", b",", b";", b":", b"%", b"''", b"&#1114112;", b"&amp", b"<!--", b"<blockquote>", b"</div>",
    b"Content-Type: multipart/mixed; boundary=b1\n", b"Content-Type: message/rfc822\n\n", b"charset=utf-7", b"charset=x",
    b"Content-Transfer-Encoding: base64\n", b"Content-Transfer-Encoding: x-uuencode\n", b"From: a@b.example\n", b"\n.\n",
    b"begin 644 x\n", b"end\n", b"> ", b"-- \n", b"Am schrieb:\n", b"On x wrote:\n", b"From: x\nSent: y\nTo: z\nSubject: s\n\n",
    b"+AGE-", b"\x1b$B", b"\x1b(B", b"\x89PNG", b"\x78\x9f\x3e\x22", b"METHOD:REPLY\n", b"Final-Recipient: rfc822;\n",
)  # fmt: skip
_MAX = 60_000  # bytes: long mails are the bombs' business


def mail(number: int, seed: int) -> bytes:
    """The mutated mail with this number."""
    rng = random.Random(f"mail {seed} {number}")
    raw = bytearray(rng.choice(SEEDS))
    for _ in range(rng.choice((1, 1, 2, 3, 5, 8, 20))):
        rng.choice(_CHANGES)(raw, rng)
        del raw[_MAX:]
    return bytes(raw)


def value(number: int, seed: int) -> str:
    """The mutated header value with this number, as it may stand after decoding: any character at all."""
    rng = random.Random(f"value {seed} {number}")
    raw = bytearray(rng.choice(VALUES).encode())
    for _ in range(rng.choice((1, 2, 3, 5, 8, 20))):
        rng.choice(_CHANGES)(raw, rng)
        del raw[8000:]
    return raw.decode(rng.choice(("utf-8", "latin-1", "ascii")), rng.choice(("replace", "surrogateescape")))


def _spot(raw: bytearray, rng: random.Random) -> int:
    return rng.randrange(len(raw) + 1)


def _flip(raw: bytearray, rng: random.Random) -> None:
    if raw:
        raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)


def _overwrite(raw: bytearray, rng: random.Random) -> None:
    if raw:
        raw[rng.randrange(len(raw))] = rng.randrange(256)


def _insert(raw: bytearray, rng: random.Random) -> None:
    at = _spot(raw, rng)
    raw[at:at] = rng.choice(_BITS) * rng.choice((1, 1, 1, 2, 30, 300))


def _delete(raw: bytearray, rng: random.Random) -> None:
    at = _spot(raw, rng)
    del raw[at : at + rng.choice((1, 2, 5, 20, 200))]


def _copy(raw: bytearray, rng: random.Random) -> None:
    start = _spot(raw, rng)
    piece = bytes(raw[start : start + rng.choice((3, 20, 100, 1000))])
    at = _spot(raw, rng)
    raw[at:at] = piece * rng.choice((1, 1, 2, 20))


def _splice(raw: bytearray, rng: random.Random) -> None:
    other = rng.choice(SEEDS)
    raw[_spot(raw, rng) :] = other[rng.randrange(len(other)) :]


def _cut(raw: bytearray, rng: random.Random) -> None:
    del raw[_spot(raw, rng) :]


def _swap_lines(raw: bytearray, rng: random.Random) -> None:
    lines = bytes(raw).split(b"\n")
    one, two = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[one], lines[two] = lines[two], lines[one]
    raw[:] = b"\n".join(lines)


def _noise(raw: bytearray, rng: random.Random) -> None:
    at = _spot(raw, rng)
    raw[at:at] = rng.randbytes(rng.choice((4, 40, 400)))


def _line_ends(raw: bytearray, rng: random.Random) -> None:
    raw[:] = bytes(raw).replace(b"\n", rng.choice((b"\r\n", b"\r", b"\n\n", b" \n")))


_CHANGES: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _flip, _overwrite, _insert, _insert, _insert, _delete, _copy, _splice, _cut, _swap_lines, _noise, _line_ends,
)  # fmt: skip
