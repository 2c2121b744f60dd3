"""`mailgate run` as a process of its own, on a free port, in a folder of its own."""

import contextlib
import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
from pathlib import Path

from support.server import until_it_listens

CONFIG = """
[desk]
name = "Example Hosting"
domain = "example.org"
languages = ["de", "en"]
timezone = "Europe/Berlin"

[database]
url = "{database}"

[smtp]
listen = ["127.0.0.1:{port}"]
{smtp}

[dns]
nameservers = ["{nameserver}"]

[delivery]
{delivery}

{more}

[[departments]]
name = "support"
addresses = ["support@example.org"]
default = true

[[departments]]
name = "billing"
addresses = ["billing@example.org"]

[[agents]]
name = "anna"
address = "anna@example.org"
"""

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}  # a checkout need not be installed
ENVIRONMENT.pop("PYTHONDONTWRITEBYTECODE", None)  # compiled once, not once a start


def free_port():
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class DaemonProcess:
    """The daemon; `start`, `kill` and `stop` may follow one another as often as a test likes."""

    def __init__(
        self,
        folder: Path,
        *,
        database="sqlite:///mailgate.db",
        nameserver="127.0.0.1:9",
        smtp="",
        delivery=None,
        more="",
    ):
        self.folder, self.port, self.process = folder, free_port(), None
        self.outgoing = folder / "outgoing"
        folder.mkdir(parents=True, exist_ok=True)
        text = CONFIG.format(
            database=database,
            port=self.port,
            nameserver=nameserver,
            smtp=smtp,
            more=more,
            delivery=delivery or f'method = "maildir"\nmaildir = "{self.outgoing}"',
        )
        self.config = folder / "config.toml"
        self.config.write_text(text, encoding="utf-8")
        self.log = folder / "daemon.log"

    def start(self, seconds=30.0):
        """Start, and wait until it takes mail."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command("run"), stdout=log, stderr=log, cwd=self.folder, env=ENVIRONMENT
            )
        until_it_listens(self.process, self.port, self.log.read_text, seconds=seconds)
        return self

    def command(self, *words):
        return [sys.executable, "-m", "mailgate", "--config", str(self.config), *words]

    def kill(self):
        """SIGKILL, at once."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self, seconds=40.0):
        """SIGTERM, and wait; returns the exit code."""
        if self.process is None or self.process.poll() is not None:
            return None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def __enter__(self):
        return self.start()

    def __exit__(self, *exc):
        if self.process.poll() is None:
            self.stop()

    def send(self, raw, sender="kim@kunde.invalid", to=("support@example.org",)):
        """Send a mail by SMTP; returns the id in the reply."""
        with smtplib.SMTP("127.0.0.1", self.port, local_hostname="client.invalid", timeout=30) as client:
            client.ehlo()
            client.mail(sender)
            for address in to:
                code, reply = client.rcpt(address)
                assert code == 250, reply
            code, reply = client.data(raw)
            assert code == 250, reply
        return reply.split()[-1].decode()

    def json(self, *words):
        """What a command prints with --json. Run in this process: one of its own takes a second to say the same."""
        from support.cli import run_cli

        with contextlib.chdir(self.folder):
            result = run_cli("--config", self.config, *words, "--json")
        assert result.code == 0, result.err
        return result.json()

    def until(self, condition, what, seconds=30.0):
        """Wait until `condition()` is true."""
        end = time.monotonic() + seconds
        while not (value := condition()):
            assert time.monotonic() < end, f"{what} did not happen within {seconds} s: {self.log.read_text()[-2000:]}"
            time.sleep(0.1)
        return value

    def receipts(self):
        """The mails in the outgoing Maildir, in the order in which they went out."""
        new = self.outgoing / "new"
        files = sorted(new.iterdir(), key=lambda path: path.stat().st_mtime_ns) if new.is_dir() else []
        return [path.read_bytes() for path in files]
