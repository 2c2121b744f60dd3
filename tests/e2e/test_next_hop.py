"""Outgoing mail as it should be run: TLS with a checked certificate, signed twice, and bounces that come back."""

import email
import email.policy
import re
import smtplib

import pytest
from support.ca import make_tls
from support.daemon import DaemonProcess, free_port
from support.desk import plain_mail
from support.keys import pem
from support.opendkim import opendkim_verifies
from support.postfix import Postfix

from mailgate.auth.sign import load_key

pytestmark = pytest.mark.e2e

SELECTORS = {"rsa": "mg-rsa", "ed25519": "mg-ed"}
TLS_ONLY = """
smtpd_tls_security_level = encrypt
smtpd_tls_cert_file = {tls.certificate}
smtpd_tls_key_file = {tls.key}
smtpd_tls_received_header = yes
"""


class Site:
    """The daemon, and a Postfix that takes its mail by TLS only."""

    def __init__(self, folder, *, trusted=True):
        tls, port = make_tls(folder / "tls"), free_port()
        ca = tls.ca if trusted else make_tls(folder / "other").ca
        for kind, selector in SELECTORS.items():
            path = folder / f"{selector}.pem"
            path.write_text(pem(kind))
            path.chmod(0o600)
        files = ", ".join(f'"{folder / selector}.pem"' for selector in SELECTORS.values())
        self.daemon = DaemonProcess(
            folder / "daemon",
            delivery=f'method = "smtp"\nhost = "localhost"\nport = {port}\ntls = "starttls"\nca_file = "{ca}"\n'
            f'dkim_selector = ["{SELECTORS["rsa"]}", "{SELECTORS["ed25519"]}"]\ndkim_key_file = [{files}]',
        )
        self.postfix = Postfix(self.daemon.port, port=port, main=TLS_ONLY.format(tls=tls))

    def ask(self, sender, number=1):
        raw = plain_mail(
            "Guten Tag,\n\nwas kostet bei Ihnen der größte Server?\n",
            From=f"Kim Kunde <{sender}>",
            Message_ID=f"<{number}@kunde.invalid>",
        )
        with smtplib.SMTP("127.0.0.1", self.daemon.port, local_hostname="client.invalid", timeout=30) as client:
            client.sendmail(sender, ["support@example.org"], raw, ["BODY=8BITMIME"])

    def arrived(self):
        return self.daemon.until(self.postfix.mails, "a mail", 60)[0]


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path)
    with site.postfix, site.daemon:
        yield site


def keys():
    found = {selector: load_key(selector, pem(kind)).record for kind, selector in SELECTORS.items()}
    return {f"{selector}._domainkey.example.org": record for selector, record in found.items()}


def without(raw, selector):
    """The mail without one of its signatures."""
    return re.sub(
        rb"DKIM-Signature:(?:(?!\nDKIM-Signature:)[^\n]|\n[ \t])*?s=%s;(?:[^\n]|\n[ \t])*\n" % selector, b"", raw
    )


def test_r_56_r_57_mail_goes_out_by_tls_and_another_program_verifies_each_of_its_signatures(site, tmp_path):
    site.ask("kim@kunde.invalid")
    raw = site.arrived()
    received = " ".join(email.message_from_bytes(raw)["Received"].split())
    assert re.search(r"\(using TLSv1\.[23] with cipher", received), received
    assert raw.count(b"DKIM-Signature:") == 2
    assert opendkim_verifies(raw, keys(), tmp_path)
    for selector in SELECTORS.values():
        single = without(raw, selector.encode())
        assert single.count(b"DKIM-Signature:") == 1
        assert opendkim_verifies(single, keys(), tmp_path), selector
        assert not opendkim_verifies(single.replace(b"Subject: ", b"Subject: Re: ", 1), keys(), tmp_path)
        assert not opendkim_verifies(b"Cc: evil@x.example\n" + single, keys(), tmp_path)


def test_sm_05_a_certificate_that_nobody_vouches_for_gets_no_mail_and_fails_none(tmp_path):
    site = Site(tmp_path, trusted=False)
    with site.postfix, site.daemon:
        site.ask("kim@kunde.invalid")

        def held():
            rows = site.daemon.json("outbox", "list")
            return rows and rows[0]["state"] == "held" and rows

        (row,) = site.daemon.until(held, "a held mail")
        assert "certificate" in row["last_reply"]
        assert site.postfix.mails() == []


def test_a_bounce_of_the_next_hop_ends_on_the_ticket(site):
    site.ask("kim@gone.invalid")

    def undelivered():
        if not any("undelivered" in ticket["flags"] for ticket in site.daemon.json("ticket", "list")):
            return None
        return site.daemon.json("ticket", "show", "1001")

    ticket = site.daemon.until(undelivered, "a bounce", 60)
    (delivery,) = [item for item in ticket["deliveries"] if item["kind"] == "receipt"]
    assert delivery["delivery"] == "undelivered"
    assert delivery["accepted_at"] is not None
    assert "5.1.1" in delivery["undelivered_why"]
    rows = site.daemon.json("message", "list")
    assert [row["outcome"] for row in rows] == ["opened", "report"]
    assert rows[1]["reverse_path"] == ""
    assert len(site.daemon.json("ticket", "list")) == 1
    assert [row["kind"] for row in site.daemon.json("outbox", "list") if row["to"] == "kim@gone.invalid"] == ["receipt"]
