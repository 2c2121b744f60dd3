"""How long a good sender waits while two thousand others hold their connections open.

    python benchmarks/flood.py [--idle 2000] [--good 60] [--limit 5.0]

One listener of ours with its default limits. The good sender delivers mail after mail, each over a connection of its
own, counted from the first knock: alone, then beside the flood of tests/support/flood.py, half of which says nothing
while others stop within a transaction or in the text, and twenty more come with every mail. Told are the median and
the 99th percentile of both and their ratio. Exit 1 where the 99th percentile beside the flood is over the limit.
"""

import argparse
import asyncio
import contextlib
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from support.dialogue import on_stage
from support.flood import idle, let_in


async def deliver(port, stack):
    """Seconds from the first knock to the end of the session."""
    began = time.perf_counter()
    client = await let_in(port, stack)
    for question, reply in (("EHLO client.example", "250 "), (None, "250 2.6.0"), ("QUIT", "221 2.0.0")):
        given = await (client.ask(question) if question else client.mail(b"text\r\n"))
        if not given.startswith(reply):
            sys.exit(f"the listener said {given!r} where {reply!r} was awaited")
    return time.perf_counter() - began


async def measure(idlers, good):
    """Sorted seconds alone, and beside the flood."""
    async with on_stage(linger=2.0) as stage, contextlib.AsyncExitStack() as stack:
        alone = [await deliver(stage.port, stack) for _ in range(good)]
        for start in range(0, idlers, 100):
            await asyncio.gather(*(idle(stage.port, number, stack) for number in range(start, start + 100)))
        beside = []
        for number in range(good):
            more = [asyncio.create_task(idle(stage.port, extra, stack)) for extra in range(number, number + 20)]
            beside.append(await deliver(stage.port, stack))
            await asyncio.gather(*more)
    return sorted(alone), sorted(beside)


def late(values):
    """The 99th percentile."""
    return values[min(len(values) - 1, int(len(values) * 0.99))]


def main():
    """Measure, tell, and judge."""
    options = argparse.ArgumentParser(description="How long a good sender waits beside a flood of idle connections.")
    options.add_argument("--idle", type=int, default=2000)
    options.add_argument("--good", type=int, default=60)
    options.add_argument("--limit", type=float, default=5.0, help="seconds for the 99th percentile")
    given = options.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    alone, beside = asyncio.run(measure(given.idle, given.good))
    for name, values in (("alone", alone), (f"beside {given.idle}", beside)):
        print(f"{name:14} median {values[len(values) // 2]:7.4f} s   p99 {late(values):7.4f} s")
    print(f"ratio of the p99: {late(beside) / late(alone):.1f}")
    return 0 if late(beside) <= given.limit else 1


if __name__ == "__main__":
    sys.exit(main())
