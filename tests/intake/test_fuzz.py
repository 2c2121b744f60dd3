"""Whatever bytes come: well-formed replies, no error of ours, no session and no byte of room left behind."""

import asyncio
import random
import re

import pytest
from support.dialogue import client_of, on_stage, until

pytestmark = pytest.mark.slow  # left to `make test`

STREAMS = 100
PIECES = [
    *(b"EHLO x\r\n", b"HELO x\r\n", b"MAIL FROM:<>\r\n", b"MAIL FROM:<a@example.net> SIZE=10\r\n", b"DATA\r\n"),
    *(
        b"RCPT TO:<support@example.org>\r\n",
        b"RCPT TO:<x@y>\r\n",
        b"RSET\r\n",
        b"NOOP\r\n",
        b"QUIT\r\n",
        b"STARTTLS\r\n",
    ),
    *(
        b"VRFY x\r\n",
        b"EXPN x\r\n",
        b"HELP\r\n",
        b"AUTH PLAIN x\r\n",
        b"BDAT 5 LAST\r\n",
        b"LHLO x\r\n",
        b"\r\n",
        b".\r\n",
    ),
    *(
        b"\r\n.\r\n",
        b"text\r\n",
        b"..\r\n",
        b"\r",
        b"\n",
        b"\x00",
        b"\xff\xfe\r\n",
        b"x" * 600 + b"\r\n",
        b"<",
        b">",
        b'"',
    ),
]
SANE = [*PIECES[:1], *PIECES[3:4], *PIECES[5:6], *PIECES[4:5], b"text\r\n.\r\n"]
REPLY = re.compile(r"220 mx\S* ESMTP mailgate|250[- ][A-Za-z0-9. ]+|354 \S.*|([245])[0-9]{2} \1\.[0-9]\.[0-9] \S.*")


@pytest.mark.parametrize("seed", range(4))
async def test_n9_streams_of_noise(seed, caplog):
    chance = random.Random(seed)
    limits = {
        "idle_timeout": 0.05,
        "minimum_rate_after": 0.05,
        "in_memory": 20,
        "max_message_size": 2000,
        "max_line": 500,
    }
    async with on_stage(linger=0.05, **limits) as stage:
        for number in range(STREAMS):
            lines = await one(stage.port, chance)
            assert lines, number
            assert all(REPLY.fullmatch(line) for line in lines), lines
        await until(lambda: stage.listener.sessions == 0)
        assert stage.listener._reception.room.used == 0
    assert "smtp.error" not in caplog.text
    assert stage.stored, "the noise never made it to a mail: a poor test"
    assert all(b"\n" not in envelope.raw.replace(b"\r\n", b"") for envelope in stage.stored)


async def one(port, chance):
    """Some sane steps, then noise; all that was replied."""
    async with client_of(port) as client:
        pieces = SANE[: chance.randrange(len(SANE) + 1)] + chance.choices(PIECES, k=chance.randrange(12))
        greeting, said = await client.line(), []
        for piece in pieces:
            client.send(piece if chance.random() < 0.9 else piece[: chance.randrange(len(piece) + 1)])
            if piece in SANE and chance.random() < 0.9:
                await asyncio.sleep(0.001)
        if chance.random() < 0.7 and not client.writer.transport.is_closing():
            client.writer.write_eof()
        said = await client.closed()
        return [greeting, *said]
