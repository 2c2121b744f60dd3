"""How long normal mail waits while bombs are in the house.

    python benchmarks/bombs.py [--rate 4] [--bombs 60] [--limit 2.0]

`mailgate run` starts upon a backlog of bombs of tests/support/bombs.py (2 KB to 25 MB), stored as `intake stdin` stores
mail. While it works, they come all over again by SMTP on two connections, and normal mails of 2 to 4 KB by SMTP at a
steady rate. Told are, for the normal ones, the time from MAIL to the reply after the dot, and from there to the
decision, beside them and after their end; for the bombs, how they ended. Exit 1 where the 99th percentile of either
time is over the limit, or a bomb has no final state.
"""

import argparse
import asyncio
import contextlib
import re
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from support.bombs import BOMBS
from throughput import Client, NoSuchName, cpu, mail, server

from mailgate.core.mail.envelope import Envelope, Transport
from mailgate.service.context import new_inbound_id, utc_now
from mailgate.store.engine import open_database
from mailgate.store.inbound import store_received
from mailgate.store.migrate import migrate

ALONE = re.compile(rb"(?<!\r)\n")
BARE = re.compile(rb"\r(?!\n)")
DOT = re.compile(rb"^\.", re.MULTILINE)
MINUTES = 10
QUIET = 10  # seconds of normal mail alone, at the end


def chosen(count):
    """So many bombs, spread over all kinds."""
    return [BOMBS[number * len(BOMBS) // count] for number in range(count)]


def prepare(folder, count):
    """Each bomb as a file with CRLF, and once more as it stands on the wire: making them takes longer than sending."""
    for number, bomb in enumerate(chosen(count)):
        content = BARE.sub(b" ", ALONE.sub(b"\r\n", bomb.make()))
        (folder / f"bomb{number}").write_bytes(content)
        (folder / f"wire{number}").write_bytes(DOT.sub(b"..", content).removesuffix(b"\r\n") + b"\r\n.\r\n")


def store_backlog(folder, count):
    """Every bomb waits in the store before the daemon starts; their ids."""
    prepare(folder, count)
    url = f"sqlite:///{folder}/mailgate.db"
    migrate(url)
    database = open_database(url, base=None)
    ids = []
    for number in range(count):
        now = utc_now()
        ids.append(new_inbound_id(now))
        envelope = Envelope(
            id=ids[-1],
            received_at=now,
            transport=Transport.STDIN,
            client=None,
            reverse_path=f"kim{number}@customer.example",
            forward_path=("support@bench.example",),
            raw=(folder / f"bomb{number}").read_bytes(),
        )
        database.write(lambda session, envelope=envelope: store_received(session, envelope))
    database.close()
    return ids


async def throw(port, folder, numbers, refused):
    """Send these bombs one after the other; a refusal is an end too."""
    for number in numbers:
        data = await asyncio.to_thread((folder / f"wire{number}").read_bytes)
        client = Client(port, "127.0.0.2")
        try:
            await client.open()
            await client.send(f"lee{number}@customer.example", data)
            await client.quit()
        except (RuntimeError, OSError) as error:
            refused.append(str(error))
        finally:
            with contextlib.suppress(AttributeError):
                client.writer.close()


async def stream(port, rate, stop, replies):
    """Normal mails at a steady rate, whatever became of those before; the seconds to each reply, by their sender."""
    pending, number, begin = set(), 0, time.perf_counter()
    while not stop.is_set():
        pending.add(asyncio.create_task(send_one(port, number, replies)))
        number += 1
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), max(0.0, begin + number / rate - time.perf_counter()))
    await asyncio.gather(*pending)


async def send_one(port, number, replies):
    _, data = mail(number)
    client = Client(port, f"127.0.1.{number % 200 + 1}")
    await client.open()
    begin = time.perf_counter()
    await client.send(f"normal{number}@customer.example", data)
    replies.append(time.perf_counter() - begin)
    await client.quit()


def rows(folder):
    with contextlib.closing(sqlite3.connect(f"file:{folder}/mailgate.db?mode=ro", uri=True, timeout=30)) as database:
        columns = "reverse_path, state, reason, received_at, decided_at, size"
        return database.execute(f"SELECT {columns} FROM inbound").fetchall()


def waiting(folder):
    return sum(row[1] == "received" and not row[0].startswith("normal") for row in rows(folder))


async def until_final(folder):
    begin = time.perf_counter()
    while await asyncio.to_thread(waiting, folder):
        if time.perf_counter() - begin > MINUTES * 60:
            return
        await asyncio.sleep(0.5)


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))]


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def seconds_to_decide(found, quiet):
    """Of the normal mails that came while bombs were in the house, and of those after."""
    normal = [(utc(row[3]), row[4]) for row in found if row[0].startswith("normal")]
    took = [(came, (utc(end) - came).total_seconds() if end else float("inf")) for came, end in normal]
    return [seconds for came, seconds in took if came < quiet], [seconds for came, seconds in took if came >= quiet]


async def run(args):
    loop = asyncio.get_running_loop()
    dns, _ = await loop.create_datagram_endpoint(NoSuchName, ("127.0.0.1", 0))
    with tempfile.TemporaryDirectory() as name:
        folder, replies, refused, stop = Path(name), [], [], asyncio.Event()
        stored = await asyncio.to_thread(store_backlog, folder, args.bombs)
        with server("mailgate", folder, dns.get_extra_info("sockname")[1]) as (pid, port):
            begin = time.perf_counter()
            normal = asyncio.create_task(stream(port, args.rate, stop, replies))
            half = args.bombs // 2
            await asyncio.gather(
                *(throw(port, folder, part, refused) for part in (range(half), range(half, args.bombs)))
            )
            await until_final(folder)
            quiet = utc_now()
            await asyncio.sleep(QUIET)
            stop.set()
            await normal
            took, used = time.perf_counter() - begin, cpu(pid)
            await asyncio.sleep(3)
            found = rows(folder)
    dns.close()
    return report(args, found, stored, replies, refused, took - QUIET, used, quiet)


def report(args, found, stored, replies, refused, took, used, quiet):
    ends = Counter(row[1] for row in found if not row[0].startswith("normal"))
    print(f"bombs: {len(stored)} by stdin, {args.bombs} by SMTP, {len(refused)} of them refused at the wire")
    print(f"       stored ones ended {dict(ends)}; {took:.0f} s in all, {used:.0f} s of CPU")
    decided, after = seconds_to_decide(found, quiet)
    print(f"normal mails: {len(decided)} at {args.rate} a second beside them")
    print(f"{'':14}{'p50':>8}{'p99':>8}{'most':>8}  seconds")
    for what, values in (("reply", replies), ("decision", decided), ("without bombs", after)):
        print(f"{what:14}{percentile(values, 0.5):8.2f}{percentile(values, 0.99):8.2f}{max(values):8.2f}")
    late = max(percentile(replies, 0.99), percentile(decided, 0.99)) > args.limit
    open_ = ends["received"] + ends["failed"]
    print(f"p99 {'is over' if late else 'within'} {args.limit:g} s; {open_} bombs without a final state")
    return 1 if late or open_ else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=4.0, help="normal mails a second")
    parser.add_argument("--bombs", type=int, default=60, help="how many, of every kind")
    parser.add_argument("--limit", type=float, default=2.0, metavar="SECONDS")
    sys.exit(asyncio.run(run(parser.parse_args())))


if __name__ == "__main__":
    main()
