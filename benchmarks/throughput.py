"""How many mails a second are taken, beside what a do-nothing aiosmtpd takes in the same run.

    python benchmarks/throughput.py [--mails 1000] [--connections 10] [--per-connection 20] [--rounds 3]

Each server is a process of its own, driven from here over loopback with generated mails of 2 to 4 KB:

    noop       aiosmtpd as it comes, the message is thrown away
    listener   our listener, the message is thrown away
    stored     our listener and the writer: SQLite, synced before the 250
    mailgate   `mailgate run` on SQLite; what follows the 250 (parse, evidence, decision, receipt) runs beside it

A message counts from MAIL to the reply after the dot. CPU is that of the server and its children, by message. The
servers take turns, the best round of each counts, because noise only adds. Every message is another one; DNS is
answered from here (no such name), so that nothing leaves the machine.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from aiosmtpd.smtp import SMTP

from mailgate.intake.limits import ListenSettings
from mailgate.intake.listener import listen
from mailgate.intake.reception import Hooks
from mailgate.store.engine import open_database
from mailgate.store.migrate import migrate
from mailgate.store.writer import Writer

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("noop", "listener", "stored", "mailgate")
WORDS = """Server Rechnung Vertrag Domain Anfrage Passwort Backup langsam heute gestern bitte danke Kunde Nummer Frage
    invoice contract slow since yesterday please check thanks order number question setup mailbox quota""".split()
CONFIG = """
[desk]
name = "Benchmark"
domain = "bench.example"
[database]
url = "sqlite:///{folder}/mailgate.db"
[smtp]
listen = ["127.0.0.1:{port}"]
[delivery]
method = "maildir"
maildir = "{folder}/outgoing"
[dns]
nameservers = ["127.0.0.1:{dns}"]
[log]
level = "warning"
[[departments]]
name = "support"
addresses = ["support@bench.example"]
default = true
"""


def mail(number):
    """Message `number`: From, and the bytes as sent, dot-stuffed and ended."""
    chance = random.Random(number)
    person = f"kim{number % 500}@customer{number % 50}.example"
    head = (
        f"Received: from mail.customer{number % 50}.example by mx.bench.example; Mon, 2 Mar 2026 07:12:00 +0100\r\n"
        f"From: Kim Kunde <{person}>\r\nTo: support@bench.example\r\nSubject: {chance.choice(WORDS)} {number}\r\n"
        f"Date: Mon, 2 Mar 2026 07:12:00 +0100\r\nMessage-ID: <{number}.{chance.getrandbits(64):x}@c.example>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    size, lines = chance.randrange(2048, 4096) - len(head), []
    while size > 0:
        lines.append(" ".join(chance.choices(WORDS, k=9)))
        size -= len(lines[-1]) + 2
    return person, (head + "\r\n".join(lines) + "\r\n.\r\n").encode()


# The servers


class Nowhere:
    async def handle_DATA(self, *_):  # noqa: N802 - aiosmtpd finds hooks by name
        return "250 OK"


async def serve(kind, port, folder):
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    if kind == "noop":
        handler = Nowhere()
        await loop.create_server(lambda: SMTP(handler, hostname="bench", loop=loop), "127.0.0.1", port)
    else:
        await listening(kind, port, folder)
    print("ready", flush=True)
    await stop.wait()


async def listening(kind, port, folder):
    async def accept(envelope):
        del envelope

    if kind == "stored":
        url = f"sqlite:///{folder}/mailgate.db"
        migrate(url)
        writer = Writer(open_database(url, base=None))

        async def accept(envelope):
            await asyncio.wrap_future(writer.submit(envelope))

    settings = ListenSettings("bench", ("bench.example",), listen=(f"127.0.0.1:{port}",))
    await listen(settings, Hooks(accept=accept, recipient_known=lambda _: True))


@contextlib.contextmanager
def server(kind, folder, dns):
    """The server as a process: (its id, its port); it is ended at the end."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, __file__, "--serve", kind, "--port", str(port), "--folder", str(folder)]
    if kind == "mailgate":
        config = folder / "config.toml"
        config.write_text(CONFIG.format(folder=folder, port=port, dns=dns))
        command = [sys.executable, "-m", "mailgate", "--config", str(config), "run"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        try:
            wait_for(port, process, folder / "log")
            yield process.pid, port
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()


def wait_for(port, process, log):
    for _ in range(600):
        if process.poll() is not None:
            sys.exit(f"the server ended: {log.read_text()}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as sock:
            if sock.recv(3) == b"220":
                return
        time.sleep(0.05)
    sys.exit(f"the server does not answer: {log.read_text()}")


class NoSuchName(asyncio.DatagramProtocol):
    """Answers every DNS question with NXDOMAIN (RFC 1035 §4.1.1)."""

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        end = data.index(b"\0", 12) + 5
        self.transport.sendto(data[:2] + b"\x81\x83" + data[4:6] + b"\0\0\0\0\0\0" + data[12:end], addr)


# The client


class Client:
    def __init__(self, port, source="127.0.0.1"):
        self.port = port
        self.source = source

    async def open(self):
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, local_addr=(self.source, 0))
        await self.expect(b"220")
        await self.say(b"EHLO bench.local\r\n", b"250")

    async def expect(self, code):
        line = await self.reader.readline()
        while line[3:4] == b"-":
            line = await self.reader.readline()
        if not line.startswith(code):
            raise RuntimeError(f"wanted {code!r}, got {line!r}")

    async def say(self, data, code):
        self.writer.write(data)
        await self.expect(code)

    async def send(self, sender, data):
        await self.say(b"MAIL FROM:<%s>\r\n" % sender.encode(), b"250")
        await self.say(b"RCPT TO:<support@bench.example>\r\n", b"250")
        await self.say(b"DATA\r\n", b"354")
        await self.say(data, b"250")

    async def quit(self):
        await self.say(b"QUIT\r\n", b"221")
        self.writer.close()


async def drive(port, mails, connections, per_connection):
    """Send them all; the seconds that each took."""
    waiting, took = iter(mails), []

    async def worker():
        client, left = None, 0
        for sender, data in waiting:
            started = time.perf_counter()
            if client is None:
                client, left = Client(port), per_connection
                await client.open()
            await client.send(sender, data)
            took.append(time.perf_counter() - started)
            left -= 1
            if not left:
                await client.quit()
                client = None
        if client is not None:
            await client.quit()

    await asyncio.gather(*(worker() for _ in range(connections)))
    return took


def cpu(pid):
    """CPU seconds of a process and all its children, ended ones too."""
    total = 0.0
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
        for task in Path(f"/proc/{pid}/task").iterdir():
            total += sum(cpu(int(child)) for child in (task / "children").read_text().split())
    return total


def wait_until_decided(folder, limit=120.0):
    """Until no mail is `received` any more; the seconds it took."""
    started = time.perf_counter()
    with contextlib.closing(sqlite3.connect(f"file:{folder}/mailgate.db?mode=ro", uri=True)) as database:
        while database.execute("SELECT count(*) FROM inbound WHERE state = 'received'").fetchone()[0]:
            if time.perf_counter() - started > limit:
                return None
            time.sleep(0.05)
    return time.perf_counter() - started


async def measure(kind, mails, args):
    loop = asyncio.get_running_loop()
    dns, _ = await loop.create_datagram_endpoint(NoSuchName, ("127.0.0.1", 0))
    with (
        tempfile.TemporaryDirectory() as name,
        server(kind, Path(name), dns.get_extra_info("sockname")[1]) as (pid, port),
    ):
        used, started = cpu(pid), time.perf_counter()
        took = sorted(await drive(port, mails, args.connections, args.per_connection))
        seconds = time.perf_counter() - started
        result = {
            "kind": kind,
            "per_second": len(took) / seconds,
            "cpu_ms": 1000 * (cpu(pid) - used) / len(took),
            "p50_ms": 1000 * took[len(took) // 2],
            "p99_ms": 1000 * took[int(0.99 * len(took))],
        }
        if kind == "mailgate":
            rest = await asyncio.to_thread(wait_until_decided, name)
            result["decided_per_second"] = None if rest is None else len(took) / (seconds + rest)
            result["cpu_ms_in_all"] = 1000 * (cpu(pid) - used) / len(took)
    dns.close()
    return result


def show(best, floor):
    ratio = best["per_second"] / floor["per_second"]
    more = best["cpu_ms"] / floor["cpu_ms"] if floor["cpu_ms"] else 0.0
    line = f"{best['kind']:<10}{best['per_second']:9.0f}{best['cpu_ms']:9.2f}{best['p50_ms']:8.1f}{best['p99_ms']:8.1f}"
    print(f"{line}{ratio:8.2f}{more:8.2f}")
    if best.get("decided_per_second"):
        print(f"           decided: {best['decided_per_second']:.0f}/s, CPU in all {best['cpu_ms_in_all']:.2f} ms/mail")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=1000)
    parser.add_argument("--connections", type=int, default=10)
    parser.add_argument("--per-connection", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--serve", choices=KINDS, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        asyncio.run(serve(args.serve, args.port, args.folder))
        return
    mails = [mail(number) for number in range(args.mails)]
    best = {}
    for _ in range(args.rounds):
        for kind in args.kinds:
            result = asyncio.run(measure(kind, mails, args))
            if kind not in best or result["per_second"] > best[kind]["per_second"]:
                best[kind] = result
    if args.json:
        print(json.dumps(list(best.values())))
        return
    print(f"{'':10}{'mails/s':>9}{'CPU ms':>9}{'p50 ms':>8}{'p99 ms':>8}{'rate':>8}{'CPU':>8}  (rate, CPU: x noop)")
    for result in best.values():
        show(result, best.get("noop", result))


if __name__ == "__main__":
    main()
