"""A mailbox at a provider: a real Dovecot, fetched by the daemon, with IDLE and by polling."""

import email
import email.policy
from email.utils import formatdate

import pytest
from support import answering
from support.daemon import DaemonProcess
from support.desk import plain_mail
from support.dns import DnsServer
from support.dovecot import Dovecot
from support.postfix import Postfix

pytestmark = pytest.mark.e2e

IMAP = """
[[imap]]
host = "localhost"
port = {port}
tls = "{tls}"
ca_file = "{ca}"
username = "support"
password_file = "imap-password"
recipient = "support@example.org"
done = "{done}"
poll = "{poll}"
"""
HOP = 'method = "smtp"\nhost = "127.0.0.1"\nport = {port}\ntls = "none"'


def daemon_of(folder, dovecot, *, tls="implicit", done="keep", poll="60s", **parts):
    port = dovecot.tls_port if tls == "implicit" else dovecot.port
    more = IMAP.format(port=port, tls=tls, ca=dovecot.certificate, done=done, poll=poll)
    daemon = DaemonProcess(folder, more=more, **parts)
    secret = folder / "imap-password"
    secret.write_text(dovecot.password)
    secret.chmod(0o600)
    return daemon


def question(number):
    raw = plain_mail(Message_ID=f"<{number}@kunde.invalid>", From=f"kunde{number}@kunde.invalid", Date=formatdate())
    return raw.replace(b"kleinste Server", b"kleinste Server Nummer %d" % number)


class Desk:
    """A daemon that fetches from Dovecot and hands its mail to a Postfix."""

    def __init__(self, folder, dovecot, dns, **told):
        self.hop = Postfix(1, customers=f"kunde.invalid, {answering.TEAM}")
        self.daemon = daemon_of(
            folder, dovecot, nameserver=dns.address, delivery=HOP.format(port=self.hop.port), **told
        )
        answering.staff(self.daemon)

    def mails(self, address, number):
        """The mails to somebody, once there are so many."""
        self.daemon.until(lambda: len(answering.mails_to(self.hop, address)) >= number, f"mail {number} to {address}")
        return answering.mails_to(self.hop, address)


@pytest.mark.parametrize(
    ("capability", "tls", "done", "poll", "key_in"),
    [
        # Dovecot's own, with IDLE: the mail is there long before the 60 s are over
        ("", "implicit", "keep", "60s", "Delivered-To"),
        (
            "IMAP4rev1 STARTTLS LITERAL+ UIDPLUS",
            "starttls",
            "move:Processed",
            "1s",
            "X-Original-To",
        ),  # no IDLE, no MOVE
        ("", "starttls", "delete", "60s", "Cc"),
    ],
)
def test_mail_in_a_mailbox_becomes_a_ticket_and_the_answer_of_an_agent_there_leaves_by_postfix(
    tmp_path, capability, tls, done, poll, key_in
):
    keys = "".join(f"{name} TXT {record}\n" for name, record in answering.RECORDS.items())
    with Dovecot(capability=capability) as dovecot, DnsServer(keys) as dns:
        desk = Desk(tmp_path / "daemon", dovecot, dns, tls=tls, done=done, poll=poll)
        dovecot.put(question(1))
        with desk.hop, desk.daemon as daemon:
            receipt = answering.parsed(desk.mails("kunde1@kunde.invalid", 1)[0])
            assert receipt["In-Reply-To"] == "<1@kunde.invalid>"
            dovecot.put(answering.answer(desk.mails(answering.ANNA, 1)[0], key_in=key_in, by_id=False))
            said = desk.mails("kunde1@kunde.invalid", 2)[1]
            answering.check_answer(said, customer="kunde1@kunde.invalid", answers="<1@kunde.invalid>", subject="Frage")
            dovecot.put(question(2))
            desk.mails("kunde2@kunde.invalid", 1)
            assert len(daemon.json("ticket", "list")) == 2
            folder = done.partition(":")[2] or "INBOX"
            kept = 0 if done == "delete" else 3
            daemon.until(lambda: len(dovecot.mails(folder)) == kept, "the mails are where they belong")
            assert all(b"\\Seen" not in head for head, _ in dovecot.mails(folder))
            assert folder == "INBOX" or not [item for item in dovecot.mails() if b"\\Deleted" not in item[0]]
            assert daemon.stop() == 0
            daemon.start()
            dovecot.put(question(3))
            desk.mails("kunde3@kunde.invalid", 1)
            assert len(daemon.json("message", "list")) == 4
            assert len(answering.mails_to(desk.hop, "kunde1@kunde.invalid")) == 2


def test_a_keyed_reply_in_a_mailbox_finds_its_ticket(tmp_path):
    """The key stands in To alone: a mailbox has no envelope."""
    with Dovecot() as dovecot, daemon_of(tmp_path / "daemon", dovecot) as daemon:
        dovecot.put(question(1))
        daemon.until(lambda: len(daemon.receipts()) == 1, "the receipt")
        receipt = email.message_from_bytes(daemon.receipts()[0], policy=email.policy.default)
        answer = plain_mail(
            "Danke. Ist beim kleinsten Server auch Debian dabei?\n",
            From="kunde1@kunde.invalid",
            To=str(receipt["Reply-To"]),
            Message_ID="<2@kunde.invalid>",
            Subject="Aw: ganz anders",
            Date=formatdate(),
        )
        dovecot.put(answer)
        daemon.until(lambda: len(daemon.json("message", "list")) == 2, "the answer")
        rows = daemon.until(
            lambda: [row for row in daemon.json("message", "list") if row["outcome"] == "followed-up"], "the decision"
        )
        assert rows[0]["ticket"] == daemon.json("ticket", "list")[0]["number"]


def test_im_06_the_operator_hears_of_a_mailbox_that_cannot_be_opened(tmp_path):
    with Dovecot() as dovecot:
        daemon = daemon_of(tmp_path / "daemon", dovecot)
        (daemon.folder / "imap-password").write_text("wrong")
        text = daemon.config.read_text().replace("[desk]", '[desk]\noperator = "operator@example.net"')
        daemon.config.write_text(text)
        with daemon:
            daemon.until(daemon.receipts, "the alarm")
            alarm = email.message_from_bytes(daemon.receipts()[0], policy=email.policy.default)
            assert alarm["To"] == "operator@example.net"
            assert "support@localhost/INBOX" in alarm["Subject"]
            assert "refuses the login of support" in alarm.get_content()
            assert daemon.send(question(1))  # all else goes on
