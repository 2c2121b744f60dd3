"""250 means stored: the daemon is killed right after it, again and again."""

import socket
import sqlite3
import subprocess

import pytest
from support.daemon import DaemonProcess
from support.desk import plain_mail
from support.server import required

pytestmark = pytest.mark.slow  # left to `make test`

CYCLES = 25


def one_mail(number):
    return plain_mail(
        f"Guten Tag,\n\nwas kostet der Server Nummer {number}?\n",
        From=f"kim{number}@kunde.invalid",
        Message_ID=f"<{number}@kunde.invalid>",
    )


def acknowledged(port, number):
    """Speak SMTP up to the 250 after the dot, on a bare socket: nothing is read or sent after it."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as wire:
        stream = wire.makefile("rwb", buffering=0)

        def say(line):
            if line is not None:
                stream.write(line)
            reply = stream.readline()
            while reply[3:4] == b"-":
                reply = stream.readline()
            return reply

        for line in (
            None,
            b"EHLO x\r\n",
            b"MAIL FROM:<kim%d@kunde.invalid>\r\n" % number,
            b"RCPT TO:<support@example.org>\r\n",
            b"DATA\r\n",
        ):
            reply = say(line)
            assert reply[:1] in b"23", reply
        reply = say(one_mail(number) + b"\r\n.\r\n")
        assert reply.startswith(b"250 2.6.0 accepted as "), reply
        return reply.split()[-1].decode()


@pytest.mark.slow
@pytest.mark.parametrize("half", [0, 1])
def test_cr_01_each_mail_that_got_250_is_one_ticket_with_one_receipt_after_fifty_kills(tmp_path, half):
    daemon = DaemonProcess(tmp_path)
    numbers = range(half * CYCLES, (half + 1) * CYCLES)
    accepted = []
    for number in numbers:
        daemon.start()
        accepted.append(acknowledged(daemon.port, number))
        daemon.kill()
    with daemon:
        daemon.until(lambda: len(daemon.receipts()) >= CYCLES, "every receipt", 60)
        daemon.until(lambda: all(row["state"] == "sent" for row in daemon.json("outbox", "list")), "an empty outbox")
        messages = daemon.json("message", "list")
        tickets = daemon.json("ticket", "list")
    assert {row["id"] for row in messages} == set(accepted)
    assert sorted(ticket["requester"] for ticket in tickets) == sorted(
        f"kim{number}@kunde.invalid" for number in numbers
    )
    assert len(daemon.receipts()) == CYCLES
    assert sqlite3.connect(tmp_path / "mailgate.db").execute("pragma integrity_check").fetchone() == ("ok",)


def test_a_sigterm_ends_with_zero_and_nothing_half_done(tmp_path):
    daemon = DaemonProcess(tmp_path)
    with daemon:
        daemon.send(one_mail(1))
        assert daemon.stop() == 0
    with daemon:
        daemon.until(lambda: len(daemon.receipts()) == 1, "the receipt")
        assert [ticket["number"] for ticket in daemon.json("ticket", "list")] == [1001]


def test_explain_reads_the_live_database_and_changes_nothing(tmp_path):
    import subprocess

    daemon = DaemonProcess(tmp_path)
    with daemon:
        daemon.send(one_mail(1))
        daemon.until(lambda: len(daemon.receipts()) == 1, "the receipt")
        (tmp_path / "a.eml").write_bytes(one_mail(1))
        before = sorted(tmp_path.iterdir())
        done = subprocess.run(
            daemon.command("message", "explain", "a.eml", "--json"),
            capture_output=True,
            cwd=tmp_path,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert b'"second-copy"' in done.stdout
        assert sorted(tmp_path.iterdir()) == before
        assert len(daemon.json("message", "list")) == 1


class Traced(DaemonProcess):
    """The daemon under strace, which notes what is written where, synced, and sent."""

    def command(self, *words):
        calls = "trace=pwrite64,fdatasync,fsync,sendto"
        strace = ["strace", "-D", "-f", "-y", "-s", "5000", "-e", calls, "-o", str(self.folder / "trace")]
        return [*strace, *super().command(*words)]


def moments(lines, mail):
    """Where the log of the database got the mail's text, where a sync of it began, and ended, where its 250 left."""
    number, name = mail
    text = f"Server Nummer {number}?"
    written = next(at for at, line in enumerate(lines) if "pwrite64(" in line and "-wal>" in line and text in line)
    syncs = enumerate(lines[written:], written)
    began, line = next((at, line) for at, line in syncs if "fdatasync(" in line and "-wal>" in line)
    thread = line.split()[0]
    mine = (at for at, line in enumerate(lines[began:], began) if line.startswith(f"{thread} ") and "fdatasync" in line)
    ended = next(at for at in mine if lines[at].endswith("= 0"))
    told = next(at for at, line in enumerate(lines) if "sendto(" in line and f"accepted as {name}" in line)
    return [written, began, ended, told]


def test_cr_02_a_250_leaves_after_the_mail_was_written_and_synced(tmp_path):
    """What a power cut leaves of the log of the database has the mail: with -D the daemon is the traced one."""
    required("strace", "strace")
    if subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine lets nobody trace a process")
    with Traced(tmp_path) as daemon:
        mails = [(number, acknowledged(daemon.port, number)) for number in range(6)]
    lines = (tmp_path / "trace").read_text("ascii").splitlines()
    found = [moments(lines, mail) for mail in mails]
    assert found == [sorted(item) for item in found]
