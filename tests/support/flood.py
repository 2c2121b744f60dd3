"""Clients of a flood, and a good sender among them."""

import asyncio
import contextlib

from support.dialogue import PATIENCE, Client


async def open_from(port, number, stack):
    """A connection from one of 200 addresses."""
    address = f"127.0.{1 + number % 200 // 100}.{1 + number % 100}"
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))
    stack.callback(writer.close)
    return Client(reader, writer)


async def idle(port, number, stack):
    """Every second one says nothing, others stop within a transaction, or trickle in DATA."""
    client = await open_from(port, number, stack)
    with contextlib.suppress(AssertionError, ConnectionError):
        if number % 2:
            await client.hello()
        if number % 4 == 3:
            await client.envelope()
            client.send(b"x")


async def let_in(port, stack):
    """A good sender that comes again at once where it is told to: all who are in may have said something just now."""
    async with asyncio.timeout(PATIENCE):
        while True:
            client = await open_from(port, 5000, stack)
            if (greeting := await client.reply()).startswith("220 "):
                return client
            assert greeting.startswith("421 4.3.2"), greeting
