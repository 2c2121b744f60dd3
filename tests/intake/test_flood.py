"""Floods: what a listener with its default limits does when thousands come who want nothing."""

import asyncio
import contextlib
import resource
import sys
from pathlib import Path

import pytest
from support.dialogue import on_stage
from support.flood import idle, let_in, open_from

from mailgate.intake.limits import MIB

pytestmark = pytest.mark.slow
IDLERS = 2000
GOOD = 20


@pytest.fixture
def many_files():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if resource.RLIM_INFINITY != hard < 8192:
        pytest.skip("needs 8192 open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 8192), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_sm_04_n16_2000_idle_connections_and_a_good_sender(many_files):
    async with on_stage(linger=2.0) as stage, contextlib.AsyncExitStack() as stack:
        for start in range(0, IDLERS, 100):
            await asyncio.gather(*(idle(stage.port, number, stack) for number in range(start, start + 100)))
        assert stage.listener.sessions <= 200
        for number in range(GOOD):
            flood = [asyncio.create_task(idle(stage.port, extra, stack)) for extra in range(number, number + 20)]
            client = await let_in(stage.port, stack)
            assert (await client.ask("EHLO client.example")).startswith("250 ")
            assert (await client.mail(b"text\r\n")).startswith("250 2.6.0")
            assert await client.ask("QUIT") == "221 2.0.0 bye"
            await asyncio.gather(*flood)
    assert (
        len(stage.stored) == GOOD
    )  # each was let in, within the patience of a client; how quickly: benchmarks/flood.py


def peak_rss(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise LookupError("no VmHWM")


SERVER = """
import asyncio, sys
from pathlib import Path
from mailgate.intake.limits import ListenSettings
from mailgate.intake.listener import listen
from mailgate.intake.reception import Hooks

async def accept(envelope):
    await asyncio.to_thread(Path(sys.argv[1], envelope.id).write_bytes, envelope.raw)

async def main():
    settings = ListenSettings("mx", ("example.org",), listen=("127.0.0.1:0",), max_connections_per_address=50,
                              spool_folder=Path(sys.argv[1]))
    listener = await listen(settings, Hooks(accept=accept, recipient_known=lambda name: "nobody" not in name))
    print(listener.port, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("name", "heard"),
    [
        # taken up to the limit, then put off, then enough of it
        ("support", ["250 2.1.5"] * 100 + ["452 4.5.3"] * 900 + ["421 4.7.0"]),
        ("nobody", ["550 5.1.1"] * 10 + ["421 4.7.0"]),
    ],
)
async def test_sm_08_of_ten_thousand_recipients_at_once_few_are_answered_and_none_fills_the_memory(
    tmp_path, name, heard
):
    """All of them in one piece, each as long as an address may be, by a client that reads nothing till the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVER, tmp_path, stdout=asyncio.subprocess.PIPE
    )
    try:
        port = int(await process.stdout.readline())
        async with contextlib.AsyncExitStack() as stack:
            first = await open_from(port, 0, stack)
            await first.hello()
            assert (await first.mail(b"text\r\n")).startswith("250 2.6.0")
            before = peak_rss(process.pid)
            client = await open_from(port, 1, stack)
            await client.hello()
            assert (await client.ask("MAIL FROM:<anna@example.net>")).startswith("250")
            tag = "x" * 40
            client.send(b"".join(f"RCPT TO:<{name}+{tag}{n:05}@example.org>\r\n".encode() for n in range(10_000)))
            said = []
            with contextlib.suppress(ConnectionError, AssertionError):
                while not said or not said[-1].startswith("421"):
                    said.append(await client.reply())
            assert [line[:9] for line in said] == heard
            assert peak_rss(process.pid) - before <= 16 * MIB
            assert (await first.mail(b"text\r\n")).startswith("250 2.6.0")
    finally:
        process.kill()
        await process.wait()


async def test_mb_02_n10_20_messages_of_25_mib_at_once(tmp_path):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVER, tmp_path, stdout=asyncio.subprocess.PIPE
    )
    try:
        port = int(await process.stdout.readline())
        block = (b"x" * 1022 + b"\r\n") * 64

        async def send(number, stack):
            client = await open_from(port, number, stack)
            await client.hello()
            await client.envelope()
            for _ in range(25 * MIB // len(block)):
                client.send(block)
                await client.writer.drain()
            client.send(b".\r\n")
            return await client.reply()

        async with contextlib.AsyncExitStack() as stack:
            small = await open_from(port, 99, stack)
            await small.hello()
            assert (await small.mail(b"text\r\n")).startswith("250 2.6.0")
            before = peak_rss(process.pid)
            replies = await asyncio.gather(*(send(number, stack) for number in range(20)))
            grown = peak_rss(process.pid) - before
        assert all(reply.startswith("250 2.6.0") for reply in replies), replies
        assert len([path for path in tmp_path.iterdir() if path.stat().st_size == 25 * MIB]) == 20
        assert grown <= 64 * MIB, f"{grown / MIB:.0f} MiB"  # one message at a time is some 30 MiB
        print(f"20 x 25 MiB at once: {grown / MIB:.0f} MiB more")
    finally:
        process.kill()
        await process.wait()
