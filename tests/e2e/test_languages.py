"""German and English mails, umlauts everywhere, and mails that come twice: through the daemon and the command line."""

import email
import email.policy
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import formataddr, formatdate

import pytest
from support.daemon import DaemonProcess
from support.desk import plain_mail
from support.dns import DnsServer
from support.signing import rsa_key, sign

pytestmark = pytest.mark.e2e

SUBJECT = "Preis für größere Server: Übersicht für Köln ab 5 €"
NAME = "Jürgen Müßig-Öztürk"
TEXT = "Guten Tag,\n\nwas kostet bei Ihnen der größte Server, und wie schnell wäre er verfügbar?\n\nViele Grüße\n"
FILE = "Übersicht für März – Entwurf.txt"
KEY = rsa_key(2048)
GERMAN = (
    "Guten Tag,\n\nwas kostet bei Ihnen der kleinste Server, und wie schnell ist er eingerichtet?\n\nViele Grüße\nKim\n"
)
ENGLISH = "Hello,\n\nhow much is your smallest server, and how soon could we have one?\n\nKind regards\nKim\n"


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    """With a name server in which kunde.example has a key: what it signs is proved, and may be quoted in a receipt."""
    with (
        DnsServer(f"s1._domainkey.kunde.example TXT {KEY.record}\nkunde.example TXT v=spf1 ?all") as dns,
        DaemonProcess(tmp_path_factory.mktemp("languages"), nameserver=dns.address) as running,
    ):
        yield running


def with_umlauts(charset, name):
    """As mail clients write it: encoded words in the header, the text in their charset, a file name by RFC 2231."""
    mail = MIMEMultipart(policy=email.policy.compat32)
    mail["From"] = formataddr((NAME, f"{name}@kunde.example"), charset)
    mail["To"] = "support@example.org"
    mail["Subject"] = Header(SUBJECT, charset)
    mail["Date"] = formatdate()
    mail["Message-ID"] = f"<{name}@kunde.example>"
    mail.attach(MIMEText(TEXT, "plain", charset))
    file = MIMEText("Maße", "plain", charset)
    file.add_header("Content-Disposition", "attachment", filename=("utf-8", "", FILE))
    mail.attach(file)
    return mail.as_bytes(policy=email.policy.compat32.clone(linesep="\r\n"))


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-15", "windows-1252"])
@pytest.mark.parametrize("signed", [True, False])
def test_umlauts_survive_into_ticket_receipt_and_json(daemon, charset, signed):
    name = f"{charset}-{signed}".lower()
    raw = with_umlauts(charset, name)
    mail = sign(raw, "kunde.example", "s1", KEY) if signed else raw
    (ticket,), (receipt,) = came_of(daemon, [daemon.send(mail, sender=f"{name}@kunde.example")], name)
    shown = daemon.json("ticket", "show", str(ticket["number"]))
    assert (shown["subject"], shown["language"]) == (SUBJECT, "de")
    assert shown["assurance"] == ("proved" if signed else "unproved")
    (entry,) = [entry for entry in shown["entries"] if entry["kind"] == "customer"]
    assert entry["text"].strip() == TEXT.strip()
    assert [item["filename"] for item in entry["attachments"]] == [FILE]
    assert "Freundliche Grüße" in receipt.get_content()
    assert receipt["To"].addresses[0].addr_spec == f"{name}@kunde.example"
    if signed:
        assert SUBJECT in receipt["Subject"]
        assert f"Guten Tag {NAME}," in receipt.get_content()
    else:
        assert SUBJECT not in receipt["Subject"]


@pytest.mark.parametrize(["text", "language", "words"], [(GERMAN, "de", "Guten Tag"), (ENGLISH, "en", "Hello")])
def test_a_receipt_speaks_the_language_of_the_mail(daemon, text, language, words):
    mail = plain_mail(text, From=f"Kim <{language}@kunde.example>", Message_ID=f"<{language}@kunde.example>")
    (ticket,), (receipt,) = came_of(daemon, [daemon.send(mail, sender=f"{language}@kunde.example")], language)
    assert ticket["language"] == language
    assert f"\n{words}" in receipt.get_content()


def test_one_mail_to_two_of_our_addresses_in_one_transaction_is_one_ticket(daemon):
    mail = plain_mail(GERMAN, From="both@kunde.example", Message_ID="<both@kunde.example>")
    sent = [daemon.send(mail, sender="both@kunde.example", to=("support@example.org", "billing@example.org"))]
    tickets, receipts = came_of(daemon, sent, "both")
    assert len(tickets) == len(receipts) == 1
    assert daemon.json("message", "show", sent[0])["recipients"] == ["support@example.org", "billing@example.org"]


def test_one_mail_to_two_of_our_addresses_in_two_transactions_is_one_ticket(daemon):
    """As it comes through a list of a provider, or from a mail server that splits recipients: other paths, same mail."""
    mail = plain_mail(GERMAN, From="split@kunde.example", Message_ID="<split@kunde.example>")
    sent = [
        daemon.send(b"Received: from a.invalid by b.invalid; Mon, 02 Mar 2026 10:00:00 +0000\r\n" + mail, to=(address,))
        for address in ("support@example.org", "billing@example.org")
    ]
    tickets, receipts = came_of(daemon, sent, "split")
    assert len(tickets) == len(receipts) == 1
    assert outcomes(daemon, sent) == ["duplicate", "opened"]


def test_the_same_delivery_three_times_is_one_ticket_and_one_receipt(daemon):
    mail = plain_mail(GERMAN, From="thrice@kunde.example", Message_ID="<thrice@kunde.example>")
    sent = [daemon.send(mail, sender="thrice@kunde.example") for _ in range(3)]
    tickets, receipts = came_of(daemon, sent, "thrice")
    assert len(tickets) == len(receipts) == 1
    assert outcomes(daemon, sent) == ["duplicate", "duplicate", "opened"]
    assert len({row["ticket"] for row in rows_of(daemon, sent)}) == 1


def test_the_same_text_under_another_message_id_and_author_is_another_ticket(daemon):
    sent = [
        daemon.send(plain_mail(GERMAN, From=f"{name}@kunde.example", Message_ID=f"<{name}@kunde.example>"))
        for name in ("one", "two")
    ]
    assert [len(came_of(daemon, sent, name)[0]) for name in ("one", "two")] == [1, 1]
    assert outcomes(daemon, sent) == ["opened", "opened"]


def came_of(daemon, sent, name):
    """The tickets of NAME@kunde.example and the receipts to it, once all these mails are decided and nothing is owed."""
    requester = f"{name}@kunde.example"
    daemon.until(lambda: all(row["state"] != "received" for row in rows_of(daemon, sent)), "every decision")
    assert [row["state"] for row in rows_of(daemon, sent)] == ["done"] * len(sent)
    daemon.until(lambda: all(row["state"] == "sent" for row in daemon.json("outbox", "list")), "an empty outbox")
    tickets = [row for row in daemon.json("ticket", "list") if row["requester"] == requester]
    mails = [email.message_from_bytes(raw, policy=email.policy.default) for raw in daemon.receipts()]
    return tickets, [mail for mail in mails if mail["To"].addresses[0].addr_spec == requester]


def rows_of(daemon, sent):
    return [row for row in daemon.json("message", "list") if row["id"] in sent]


def outcomes(daemon, sent):
    return sorted(row["outcome"] for row in rows_of(daemon, sent))
