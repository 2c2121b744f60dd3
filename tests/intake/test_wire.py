import asyncio

import pytest

from mailgate.core import reply
from mailgate.intake.wire import BLOCK, Goodbye, Wire


def wire_of(data):
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    return Wire(reader)


async def test_lines_blocks_and_what_was_read_too_far():
    wire = wire_of(b"one\r\ntwo\r\nrest")
    assert await wire.line() == b"one"
    assert wire.pending
    wire.unread(b"zero\r\n")
    assert [await wire.line(), await wire.line()] == [b"zero", b"two"]
    assert await wire.block() == b"rest"
    assert not wire.pending
    with pytest.raises(EOFError):
        await wire.block()


async def test_a_block_has_a_limit():
    wire = wire_of(b"x" * (2 * BLOCK))
    wire.unread(b"y" * (BLOCK + 1))
    assert [len(await wire.block()) for _ in range(4)] == [BLOCK, 1, BLOCK, BLOCK]


async def test_sm_06_what_is_forgotten_is_not_read():
    wire = wire_of(b"after\r\n")
    wire.unread(b"before\r\n")
    wire.forget()
    assert await wire.line() == b"after"


async def test_sm_09_peek_leaves_it_to_be_read():
    wire = wire_of(b"early\r\n")
    await wire.peek()
    assert wire.pending
    assert await wire.line() == b"early"


@pytest.mark.parametrize(
    "data, why",
    [
        (b"x\n", reply.BARE_LINE_END),
        (b"x\ry\r\n", reply.BARE_LINE_END),
        (b"\r\r\n", reply.BARE_LINE_END),
        (b"\n", reply.BARE_LINE_END),
        (b"x" * 20_000, reply.LINE_TOO_LONG),
        (b"\x16\x03\x01", reply.NOT_SMTP),
    ],
)
async def test_no_line(data, why):
    with pytest.raises(Goodbye) as bye:
        await wire_of(data).line()
    assert bye.value.why is why
