"""The receiver of messages: bytes in, bytes out, whatever the split."""

import re
import tracemalloc
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailgate.core import reply
from mailgate.core.mail.hops import count_hops
from mailgate.intake.data import Receiver
from mailgate.intake.limits import MIB, Budget
from mailgate.intake.spool import Spool
from mailgate.intake.wire import BLOCK, Goodbye

LAW = settings(max_examples=1000, deadline=None, derandomize=True, database=None)
LINES = st.lists(
    st.one_of(
        st.sampled_from([b"", b".", b"..", b".x", b"x.", b"...", b"\x00", b".\x00", b". ", b"QUIT"]),
        st.binary(max_size=30).map(lambda line: line.replace(b"\r", b"").replace(b"\n", b"")),
    ),
    max_size=12,
)
CUTS = st.lists(st.integers(0, 400), max_size=12)


class Kept(list):
    """A spool that is a list."""

    room = 10**9

    def write(self, data):
        self.append(data)
        return sum(map(len, self)) <= self.room

    def content(self):
        return b"".join(self)

    def close(self):
        self.clear()


def receiver(limit=10_000, line_limit=1000, spool=None):
    return Receiver(limit=limit, line_limit=line_limit, spool=Kept() if spool is None else spool)


def feed(stream, cuts=(), **limits):
    """Feed the stream cut at these places: (content or refusal, rest, number of blocks), or the reply of Goodbye."""
    spool = Kept()
    spool.room = limits.pop("room", spool.room)
    into = receiver(spool=spool, **limits)
    places = sorted({min(cut, len(stream)) for cut in cuts} | {0, len(stream)})
    blocks = [stream[a:b] for a, b in pairwise(places)]
    try:
        for number, block in enumerate(blocks):
            rest = into.feed(block)
            if rest is not None:
                return into.refusal or spool.content(), rest + b"".join(blocks[number + 1 :])
    except Goodbye as bye:
        return bye.why, None
    return None, None


def stuffed(lines):
    """RFC 5321 §4.5.2, line by line, as a sender does it."""
    return b"".join((b"." + line if line.startswith(b".") else line) + b"\r\n" for line in lines)


@pytest.mark.slow
@LAW
@given(lines=LINES, rest=st.binary(max_size=20), cuts=CUTS)
def test_law_every_split_gives_the_bytes_that_were_sent(lines, rest, cuts):
    body = b"".join(line + b"\r\n" for line in lines)
    assert feed(stuffed(lines) + b".\r\n" + rest, cuts) == (body, rest)


@pytest.mark.slow
@LAW
@given(
    stream=st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b".", b"x", b"\x00", b"\r\n.\r\n"]), max_size=20).map(
        b"".join
    ),
    cuts=CUTS,
)
def test_law_sm_01_every_split_gives_the_same_verdict(stream, cuts):
    whole = feed(stream)
    assert feed(stream, cuts) == whole
    end = (b"\r\n" + stream).find(b"\r\n.\r\n")
    before = stream if end < 0 else stream[: max(0, end)]
    if re.search(rb"\r(?!\n)(?!$)|(?<!\r)\n", before):
        assert whole == (reply.BARE_LINE_END, None)


@pytest.mark.slow
@LAW
@given(sizes=st.lists(st.integers(0, 30), max_size=12), cuts=CUTS, limit=st.integers(8, 24))
def test_law_mb_03_a_line_is_too_long_or_not_whatever_the_split(sizes, cuts, limit):
    lines = [b"x" * size for size in sizes]
    found, _ = feed(stuffed(lines) + b".\r\n", cuts, line_limit=limit)
    assert (found is reply.LINE_TOO_LONG) == any(size + 2 > limit for size in sizes)


@pytest.mark.parametrize("cut", range(1, 8))
def test_the_end_mark_cut_anywhere(cut):
    stream = b"x\r\n.\r\nQUIT\r\n"
    assert feed(stream, [cut]) == (b"x\r\n", b"QUIT\r\n")


def test_an_unfinished_message_is_not_ended():
    assert feed(b"text\r\n.\r") == (None, None)
    assert feed(b"text\r\n") == (None, None)


def test_mb_01_too_big_is_known_to_the_byte():
    body = b"123456789012345678\r\n"
    assert feed(body + b".\r\n", limit=20)[0] == body
    assert feed(body + b".\r\n", limit=19)[0] is reply.TOO_BIG


def test_mb_01_the_bytes_of_a_refused_message_are_not_kept():
    spool = Kept()
    into = receiver(limit=20, spool=spool)
    assert into.feed(b"x" * 15 + b"\r\n") is None
    assert spool
    assert into.feed(b"x" * 15 + b"\r\n") is None
    assert into.refusal is reply.TOO_BIG
    assert into.feed(b"x\r\n.\r\n") == b""
    assert not spool


def test_mb_01_twice_the_largest_message_ends_the_session():
    with pytest.raises(Goodbye) as bye:
        feeding = receiver(limit=20)
        for _ in range(6):
            feeding.feed(b"12345678\r\n")
    assert bye.value.why is reply.TOO_MUCH_DATA


def test_no_room_is_no_fault_of_the_message():
    assert feed(b"x" * 50 + b"\r\n.\r\n", room=20)[0] is reply.NO_ROOM


@pytest.mark.parametrize("line", [b"x" * 76 + b"\r\n", b"\r\n"], ids=["mb_02_lines", "mb_04_empty_lines"])
def test_a_message_of_25_mib_takes_a_few_blocks_until_it_is_whole(line, tmp_path):
    size = 25 * MIB
    block = line * (BLOCK // len(line))
    spool = Spool(in_memory=4 * BLOCK, folder=tmp_path, room=Budget(2 * size))
    into = receiver(limit=size, line_limit=64 * 1024, spool=spool)
    tracemalloc.start()
    try:
        for _ in range(size // len(block)):
            into.feed(block)
        assert into.feed(b".\r\n") == b""
        assert tracemalloc.get_traced_memory()[1] < 16 * BLOCK
        content = spool.content()
        assert tracemalloc.get_traced_memory()[1] < size + 16 * BLOCK
    finally:
        tracemalloc.stop()
        spool.close()
    assert content == block * (size // len(block))


def test_mb_03_a_line_without_end_takes_no_memory():
    tracemalloc.start()
    try:
        into = receiver(limit=25 * MIB, line_limit=64 * 1024)
        with pytest.raises(Goodbye) as bye:
            for _ in range(16_000):
                into.feed(bytes(BLOCK))
        assert bye.value.why is reply.LINE_TOO_LONG
        assert tracemalloc.get_traced_memory()[1] < 16 * BLOCK
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "raw, hops",
    [
        (b"Received: a\r\nreceived: b\r\nX-Received: c\r\nRECEIVED : d\r\n\r\nReceived: e\r\n", 3),
        (b"Received: a\r\n folded Received: b\r\n\r\n", 1),
        (b"\r\nReceived: a\r\n", 0),
        (b"Received: a\r\n" * 101, 101),
        (b"", 0),
        (b"x" * 300_000 + b"\r\nReceived: a\r\n\r\n", 0),
    ],
)
def test_r_08_hops(raw, hops):
    assert count_hops(raw) == hops
