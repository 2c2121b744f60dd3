"""What we store is what was sent: byte for byte, whoever sends, and however odd the mail is."""

import re
import smtplib

import pytest
from support.cli import run_cli
from support.daemon import DaemonProcess
from support.swaks import swaks, swaks_bytes
from support.tap import Tap

pytestmark = pytest.mark.e2e

HEAD = (
    b"From: Kim Kunde <kim@kunde.invalid>\r\n"
    b"To: support@example.org\r\n"
    b"Subject: Frage\r\n"
    b"Date: Mon, 02 Mar 2026 10:00:00 +0000\r\n"
    b"Message-ID: <%s@kunde.invalid>\r\n"
)
PLAIN = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
MIXED = (
    b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="grenze"\r\n\r\n'
    b"Vorspann, den niemand sieht\r\n--grenze\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nim Anhang \xc3\xbc\r\n"
    b"--grenze\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
    b"Content-Disposition: attachment; filename*=UTF-8''%C3%9Cbersicht.bin\r\n\r\n"
    + b"AAECAwQFBgcICQ==\r\n"
    * 400
    + b"\r\n"
    b"--grenze\r\nContent-Type: message/rfc822\r\n\r\nSubject: innen\r\n\r\n.innen\r\n--grenze--\r\nNachspann"
)
BODIES = {
    "eight-bit": PLAIN + "Grüße aus Köln, naïve € 漢字\r\n".encode(),
    "latin-1-unannounced": b"\r\n" + bytes(range(0xA0, 0x100)) + b"\r\n",
    "every-octet": b"\r\n" + bytes(octet for octet in range(256) if octet not in b"\r\n") + b"\r\n",
    "long-lines": PLAIN + b"x" * 998 + b"\r\n" + b"y" * 60_000 + b"\r\n" + b"z" * 1_001,
    "leading-dots": PLAIN + b".\r\n..\r\n.x\r\n...\r\n. \r\n\r\n.\r\n.y",
    "dot-at-the-end": PLAIN + b"das war es\r\n.\r\n",
    "attachments": MIXED,
    "no-final-newline": PLAIN + b"kein Zeilenende",
    "many-final-newlines": PLAIN + b"viele\r\n\r\n\r\n\r\n",
    "trailing-blanks": PLAIN + b"Leerzeichen  \t \r\n-- \r\n \t\r\n",
    "empty-body": PLAIN,
    "headers-only": b"X-Last: one\r\n",
    "folded-and-odd-headers": b"X-Fold: a\r\n\t b\r\n  c\r\nX-EMPTY:\r\nreceived : old\r\nX-8bit: \xfc\xc3\xbc\r\n\r\nText\r\n",
    "bounce-headers": b"Return-Path: <a@b.invalid>\r\nBcc: hidden@b.invalid\r\nContent-Length: 7\r\n\r\nText\r\n",
    "two-megabytes": PLAIN + (b"0123456789abcdef" * 4 + b"\r\n") * 31_800,
}
MAILS = {name: HEAD % name.encode() + body for name, body in BODIES.items()}


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
