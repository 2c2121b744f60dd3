"""The daemon as it is run for real: signals, sockets from the service manager, signs of life."""

import os
import signal
import smtplib
import socket
import threading
import time
from pathlib import Path

import pytest
from support.daemon import DaemonProcess, free_port
from support.desk import plain_mail
from support.forgery import name_server
from support.imap_server import ImapServer, Mischief
from support.signing import rsa_key, sign
from support.systemd import Manager

from mailgate.config import ConfigError, load

pytestmark = pytest.mark.e2e

BAD = Path(__file__).parents[1] / "config" / "bad"
MAIL = plain_mail(
    "Guten Tag,\n\nwas kostet der kleinste Server?\n", From="kim@kunde.invalid", Message_ID="<1@k.invalid>"
)


class InData:
    """A client that has said DATA and the first half of its mail."""

    def __init__(self, port, hello=b"HELO x"):
        self.wire = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.stream = self.wire.makefile("rwb", buffering=0)
        for line in (b"", hello, b"MAIL FROM:<kim@kunde.invalid>", b"RCPT TO:<support@example.org>", b"DATA"):
            if line:
                self.stream.write(line + b"\r\n")
            while (said := self.stream.readline())[3:4] == b"-":
                pass
            assert said[:1] in b"23"
        self.stream.write(MAIL[:40])

    def close(self):
        self.stream.close()
        self.wire.close()

    def finish(self):
        self.stream.write(MAIL[40:] + b"\r\n.\r\n")
        return self.stream.readline()


def refused(port):
    """What a new client hears."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as wire:
        return wire.makefile("rb").readline()


def test_cr_03_sigterm_waits_for_the_message_in_flight_and_takes_no_other(tmp_path):
    with DaemonProcess(tmp_path) as daemon:
        client = InData(daemon.port)
        daemon.process.send_signal(signal.SIGTERM)
        daemon.until(lambda: refused(daemon.port).startswith(b"421 "), "a closed door")
        assert daemon.process.poll() is None
        assert client.finish().startswith(b"250 2.6.0")
        client.close()
        assert daemon.process.wait(60) == 0
    with daemon:
        daemon.until(lambda: len(daemon.receipts()) == 1, "the receipt")
        assert [row["outcome"] for row in daemon.json("message", "list")] == ["opened"]


LMTP_AND_IMAP = """
[lmtp]
listen = ["127.0.0.1:{lmtp}"]

[[imap]]
host = "127.0.0.1"
port = {imap}
tls = "none"
username = "support"
password_file = "imap-password"
recipient = "support@example.org"
"""


class Silent(Mischief):
    """An IMAP server that never answers a SELECT."""

    def __init__(self):
        self.asked, self.over = threading.Event(), threading.Event()

    def on_command(self, server, name, line):
        if name == "SELECT":
            self.asked.set()
            self.over.wait(120)


@pytest.mark.slow
def test_cr_03_sigterm_tells_clients_of_all_listeners_that_do_not_finish_421_at_once_and_leaves_nothing_half_done(
    tmp_path,
):
    """A mailbox that keeps us waiting takes none of the clients' time, nor does one listener take the other's."""
    silent, lmtp = Silent(), free_port()
    with ImapServer(silent) as server:
        daemon = DaemonProcess(
            tmp_path,
            smtp="minimum_rate = '1 B'\nminimum_rate_after = '5m'",
            more=LMTP_AND_IMAP.format(lmtp=lmtp, imap=server.port),
        )
        (tmp_path / "imap-password").write_text("secret")
        (tmp_path / "imap-password").chmod(0o600)
        with daemon:
            assert silent.asked.wait(30)
            clients, heard, started = [InData(daemon.port), InData(lmtp, b"LHLO x")], [], time.monotonic()
            daemon.process.send_signal(signal.SIGTERM)
            for client in clients:
                assert client.stream.readline().startswith(b"421 ")
                heard.append(time.monotonic() - started)
                client.close()
            assert heard[1] < 1.5 * heard[0], f"the second client waited for the first: {heard}"
            assert daemon.process.wait(60) == 0
        silent.over.set()
    more = daemon.config.read_text().partition("[lmtp]")
    daemon.config.write_text(more[0] + "[[departments]]" + more[2].partition("[[departments]]")[2])
    with daemon:
        assert daemon.json("message", "list") == []


def test_cr_16_sighup_with_a_wrong_file_keeps_the_running_configuration_and_names_line_and_key(tmp_path):
    with DaemonProcess(tmp_path) as daemon:
        right = daemon.config.read_text()
        wrong = sorted(path for path in BAD.glob("*/config.toml") if refused_at(path))
        assert len(wrong) >= 20
        for number, path in enumerate(wrong, 1):
            daemon.config.write_bytes(path.read_bytes())
            seen = len(daemon.log.read_text())
            problem = refused_at(daemon.config)
            daemon.process.send_signal(signal.SIGHUP)
            daemon.until(lambda: heard(daemon, seen, problem), f"a word about {path.parent.name}")  # noqa: B023
            if number % 10 == 0:
                daemon.send(MAIL.replace(b"<1@", b"<%d@" % number))
        daemon.config.write_text(right.replace("billing@example.org", "rechnung@example.org"))
        daemon.process.send_signal(signal.SIGHUP)
        daemon.until(lambda: "was read again" in daemon.log.read_text(), "the new configuration")
        daemon.send(MAIL.replace(b"<1@", b"<99@"), to=("rechnung@example.org",))
        with smtplib.SMTP("127.0.0.1", daemon.port, local_hostname="x.invalid", timeout=60) as client:
            client.ehlo()
            client.mail("kim@kunde.invalid")
            assert client.rcpt("billing@example.org")[0] == 550
        assert daemon.stop() == 0


def refused_at(path):
    """`line: key` of the first problem with a place; "" where there is none."""
    try:
        load(path)
    except ConfigError as error:
        return next((f":{item.line}: {item.key}" for item in error.problems if item.line and item.key), "")
    return ""


def heard(daemon, seen, problem):
    said = daemon.log.read_text()[seen:]
    return "the running one stays" in said and problem in said


@pytest.fixture
def manager(tmp_path):
    with Manager(tmp_path) as made:
        yield made


def test_the_service_manager_hears_of_start_life_reload_and_end(tmp_path, manager, monkeypatch):
    monkeypatch.setattr("support.daemon.ENVIRONMENT", {**os.environ, **manager.environment, "PYTHONPATH": ROOT})
    daemon = DaemonProcess(tmp_path / "desk").start()
    assert "STATUS=takes mail" in manager.until("READY=1")
    manager.until("WATCHDOG=1")
    daemon.config.write_text("[desk]\nnam = 1\n")
    daemon.process.send_signal(signal.SIGHUP)
    manager.until("RELOADING=1\nMONOTONIC_USEC=")
    assert "STATUS=the configuration on disk is wrong" in manager.until("READY=1")
    assert daemon.stop() == 0
    manager.until("STOPPING=1")


ROOT = str(Path(__file__).parents[2])


def test_cr_05_with_few_files_clients_too_many_hear_421_and_the_others_are_served(tmp_path):
    with FewFiles(tmp_path, smtp="max_connections_per_address = 200") as daemon:
        clients = [socket.create_connection(("127.0.0.1", daemon.port), timeout=60) for _ in range(40)]
        heard = [client.recv(100)[:4] for client in clients]
        assert FewFiles.FITTING - 2 <= heard.count(b"220 ") <= FewFiles.FITTING, heard  # one may still be ending
        assert set(heard) == {b"220 ", b"421 "}
        assert "smtp.few-files" in daemon.log.read_text()
        for client in clients:
            client.close()
        daemon.until(lambda: daemon.send(MAIL), "the place that became free")
        daemon.until(lambda: len(daemon.receipts()) == 1, "the receipt")
        assert daemon.stop() == 0


def test_reject_dmarc_refuses_in_the_session_what_its_author_s_domain_disowns(tmp_path):
    def data(raw, sender):
        with smtplib.SMTP("127.0.0.1", daemon.port, local_hostname="x.invalid", timeout=60) as client:
            client.ehlo()
            client.mail(sender)
            client.rcpt("support@example.org")
            return client.data(raw)

    def mail(number, domain):
        return plain_mail("Was kostet das?\n", From=f"anna@{domain}", Message_ID=f"<{number}@{domain}>")

    with name_server() as dns, DaemonProcess(tmp_path, nameserver=dns.address, smtp="reject_dmarc = true") as daemon:
        code, said = data(mail(1, "reject.example"), "eve@evil.example")
        assert (code, said[:5]) == (550, b"5.7.1")
        signed = sign(mail(2, "reject.example"), "reject.example", "rsa", rsa_key())
        assert data(signed, "eve@evil.example")[0] == 250
        assert data(mail(3, "nowhere.example"), "eve@evil.example")[0] == 250  # no policy, nothing to fail
        daemon.config.write_text(
            daemon.config.read_text().replace(
                "reject_dmarc = true", 'reject_dmarc = true\ntrusted_networks = ["127.0.0.0/8"]'
            )
        )
        daemon.process.send_signal(signal.SIGHUP)
        daemon.until(lambda: "was read again" in daemon.log.read_text(), "the new configuration")
        assert data(mail(4, "reject.example"), "eve@evil.example")[0] == 250  # the relay would have to write a bounce
        assert len(daemon.json("message", "list")) == 3


class FewFiles(DaemonProcess):
    """The daemon where the system lets it open 160 files, which is room for twenty connections."""

    FITTING = 20

    def command(self, *words):
        return ["sh", "-c", 'ulimit -n 160; exec "$@"', "sh", *super().command(*words)]
