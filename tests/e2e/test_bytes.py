"""What we store is what was sent: byte for byte, whoever sends, and however odd the mail is."""

import re
import smtplib

import pytest
from support.cli import run_cli
from support.daemon import DaemonProcess
from support.odd_mails import MAILS
from support.swaks import swaks, swaks_bytes
from support.tap import Tap

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    with DaemonProcess(tmp_path_factory.mktemp("bytes")) as running:
        yield running


def by_smtplib(port, raw, folder):
    with smtplib.SMTP("127.0.0.1", port, local_hostname="client.invalid", timeout=30) as client:
        client.ehlo()
        client.mail("kim@kunde.invalid", ["BODY=8BITMIME"])
        client.rcpt("support@example.org")
        code, reply = client.data(raw)
    assert code == 250, reply
    return reply.decode()


@pytest.mark.parametrize("send", [by_smtplib, swaks_bytes], ids=["smtplib", "swaks"])
@pytest.mark.parametrize("name", MAILS)
def test_a_mail_is_stored_byte_for_byte(daemon, tmp_path, send, name):
    with Tap(daemon.port) as tap:
        transcript = send(tap.port, MAILS[name], tmp_path)
    sent = one(tap.messages())
    expected = MAILS[name] if MAILS[name].endswith(b"\r\n") else MAILS[name] + b"\r\n"  # no mail ends within a line
    assert sent == expected
    assert exported(daemon, transcript) == sent


def test_nothing_at_all_is_stored_too(daemon, tmp_path):
    with Tap(daemon.port) as tap:
        transcript = swaks_bytes(tap.port, b"", tmp_path)
    assert one(tap.messages()) == b""
    assert exported(daemon, transcript) == b""


def test_a_mail_that_swaks_makes_with_an_attachment_is_stored_byte_for_byte(daemon, tmp_path):
    (tmp_path / "Rechnung März.pdf").write_bytes(b"%PDF-1.4\r\n" + bytes(range(256)) * 40)
    with Tap(daemon.port) as tap:
        transcript = swaks(
            tap.port, "--body", "Anbei die Rechnung.\n.\nGrüße", "--attach-type", "application/pdf",
            "--attach", f"@{tmp_path / 'Rechnung März.pdf'}", "--h-Subject", "Rechnung",
        )  # fmt: skip
    sent = one(tap.messages())
    assert b"\r\n.\r\nGr" in sent
    assert b"application/pdf" in sent
    assert exported(daemon, transcript) == sent


def exported(daemon, transcript):
    """What `mailgate message export` writes for the mail that this reply names."""
    found = re.search(r"2\.6\.0 accepted as (\S+)", transcript)
    assert found, transcript
    result = run_cli("--config", daemon.config, "message", "export", found[1])
    assert result.code == 0, result.err
    return result.raw


def one(items):
    assert len(items) == 1, items
    return items[0]
