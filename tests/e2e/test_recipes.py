"""The recipes of docs/operations.md with real servers: Postfix in front by LMTP with a milter, and by a pipe."""

import json
import shutil
import smtplib
import socket
import struct
import subprocess
import threading
from contextlib import contextmanager
from email.utils import formatdate

import pytest
from support import answering
from support.daemon import ENVIRONMENT, DaemonProcess, free_port
from support.desk import plain_mail
from support.dns import DnsServer
from support.opendkim import OpenDkim
from support.postfix import Postfix
from support.rspamd import Rspamd
from support.signing import rsa_key, sign

pytestmark = pytest.mark.e2e

BORDER = "mx.example.org"
ACCOUNTS = """customer_number,name,email,role,mail_kinds,language,service_level,products,valid_until
12345,Kim GmbH,kim@kunde.example,owner,support,de,,server:srv-web-01,
"""
LMTP = """
[lmtp]
listen = ["unix:{socket}"]

[identity]
authserv_ids = ["mx.example.org"]
"""
OUTGOING = 'method = "smtp"\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\nretry_for = "5d"'


def request(number, **fields):
    """A request that only the registered address may make."""
    return plain_mail(
        "Guten Tag,\n\nbitte starten Sie den Server srv-web-01 neu. Kundennummer 12345\n",
        From="Kim Kunde <kim@kunde.example>",
        To="support@example.org",
        Date=formatdate(),  # what was signed long ago for others proves nothing
        Message_ID=f"<{number}@kunde.example>",
        **fields,
    )


def post(postfix, raw, *to, sender="kim@kunde.example"):
    with smtplib.SMTP("127.0.0.1", postfix.port, local_hostname="client.invalid", timeout=60) as client:
        client.sendmail(sender, to or ["support@example.org"], raw, ["BODY=8BITMIME"])


def decided(daemon, number):
    """The rows of the mails in by Message-ID, once there are so many and all are decided."""

    def rows():
        found = daemon.json("message", "list")
        return found if len(found) == number and all(row["state"] != "received" for row in found) else None

    return {row["message_id"].partition("@")[0]: row for row in daemon.until(rows, f"{number} mails", 60)}


def test_postfix_with_opendkim_hands_on_by_lmtp_and_what_it_found_is_believed(tmp_path):
    port, key = free_port(), rsa_key()
    records = {"s1._domainkey.kunde.example": key.record, **answering.RECORDS}
    milter = OpenDkim(tmp_path / "opendkim", BORDER, records)
    with milter, DnsServer() as dns:  # our own check finds no key in DNS: only the border's word is left
        postfix = Postfix(
            "lmtp:unix:{folder}/lmtp/lmtp.sock",
            port=port,
            hostname=BORDER,
            customers=f"kunde.example, {answering.TEAM}",
            main=f"smtpd_milters = inet:127.0.0.1:{milter.port}\nmilter_default_action = tempfail\n"
            "recipient_delimiter = +\n",
        )
        path = postfix.folder / "lmtp" / "lmtp.sock"
        path.parent.mkdir()
        daemon = DaemonProcess(
            tmp_path / "desk",
            delivery=OUTGOING.format(port=port),
            more=LMTP.format(socket=path),
            nameserver=dns.address,
        )
        answering.staff(daemon)
        with postfix:
            postfix._as_root("chown", ":postfix", path.parent)  # Postfix's processes have no other group than this
            postfix._as_root("chmod", "2770", path.parent)
            with daemon:
                (tmp_path / "accounts.csv").write_text(ACCOUNTS)
                daemon.json("account", "import", str(tmp_path / "accounts.csv"))
                post(postfix, sign(request(1), "kunde.example", "s1", key))
                answer_as_anna(daemon, postfix)
                forged = f"Authentication-Results: {BORDER}; dkim=pass header.d=kunde.example\r\n".encode()
                post(postfix, forged + request(2))
                post(
                    postfix,
                    request(3).replace(b"Kundennummer", b"Nummer"),
                    "support@example.org",
                    "billing@example.org",
                )
                rows = decided(daemon, 4)
                assert {row["transport"] for row in rows.values()} == {"lmtp"}
                found = {name: daemon.json("message", "show", row["id"]) for name, row in rows.items()}
            assert rows["1"]["outcome"] == "opened", found["1"]
            assert rows["answer-to"]["outcome"] == "replied"
            assert evidence(found["1"])["assurance"] == "proved"
            assert "our own mail server verified a signature" in evidence(found["1"])["why"]
            assert evidence(found["2"])["assurance"] == "unproved"
            assert sorted(rows["3"]["recipients"]) == ["billing@example.org", "support@example.org"]
            receipt, said = answering.mails_to(postfix, "kim@kunde.example")[:2]
            assert answering.parsed(receipt)["In-Reply-To"] == "<1@kunde.example>"
            answering.check_answer(said, customer="kim@kunde.example", answers="<1@kunde.example>", subject="Frage")


def answer_as_anna(daemon, postfix):
    """The agent answers what she was told of the first ticket; she is proved by the border's word alone."""
    notice = daemon.until(lambda: answering.mails_to(postfix, answering.ANNA), "the news to the agent", 60)[0]
    keyed = answering.parsed(notice)["Reply-To"].addresses[0].addr_spec
    post(postfix, answering.answer(notice), keyed, sender=answering.ANNA)
    daemon.until(lambda: len(answering.mails_to(postfix, "kim@kunde.example")) == 2, "the agent's answer", 60)


def evidence(shown):
    found = shown.get("evidence") or shown["explanation"]["evidence"]
    assert found, json.dumps(shown)[:2000]
    return found


BORDER_ZONE = """
s1._domainkey.kunde.example TXT {key}
kunde.example TXT v=spf1 ip4:127.0.0.1 -all
_dmarc.kunde.example TXT v=DMARC1; p=reject; adkim=s
"""


def test_postfix_with_rspamd_tells_by_lmtp_who_passes_dmarc_and_who_fails_it(tmp_path):
    """Our own check has other DNS, in which nobody has a key or a policy: only the border's word can tell them apart."""
    key, port = rsa_key(), free_port()
    with DnsServer(BORDER_ZONE.format(key=key.record)) as world, DnsServer() as dns, Rspamd(world.address) as milter:
        postfix = Postfix(
            "lmtp:unix:{folder}/lmtp/lmtp.sock",
            port=port,
            hostname=BORDER,
            customers="kunde.example",
            main=f"smtpd_milters = inet:127.0.0.1:{milter.port}\nmilter_default_action = tempfail\n",
        )
        path = postfix.folder / "lmtp" / "lmtp.sock"
        path.parent.mkdir()
        more = LMTP.format(socket=path) + "received_above = 1\n"  # rspamd writes below Postfix's own Received
        daemon = DaemonProcess(tmp_path / "desk", more=more, nameserver=dns.address)
        with postfix:
            postfix._as_root("chown", ":postfix", path.parent)
            postfix._as_root("chmod", "2770", path.parent)
            with daemon:
                post(postfix, sign(request(1), "kunde.example", "s1", key))
                forged = f"Authentication-Results: {BORDER}; dkim=pass header.d=kunde.example; dmarc=pass\r\n".encode()
                post(postfix, forged + request(2), sender="eve@evil.example")
                rows = decided(daemon, 2)
                found = {name: evidence(daemon.json("message", "show", row["id"])) for name, row in rows.items()}
    assert found["1"]["assurance"] == "proved"
    assert "our own mail server verified a signature" in found["1"]["why"]
    assert found["2"]["assurance"] == "refuted"  # what was forged above it is gone
    assert rows["2"]["outcome"] == "held"


# The pipe's command runs as a user of its own, who may not be able to read this checkout and its Python. So it is a
# small program of the system's Python that hands arguments and input to the test, where the real command runs.
_CARRIER = """
import socket, struct, sys
wire = socket.socket(socket.AF_UNIX)
wire.connect(sys.argv[1])
for part in ("\\0".join(sys.argv[2:]).encode(), sys.stdin.buffer.read()):
    wire.sendall(struct.pack("!I", len(part)) + part)
sys.exit(wire.recv(1)[0])
"""


@contextmanager
def carried(path, daemon):
    """Run what `_CARRIER` brings; yields the calls."""
    calls = []
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(path))
        path.chmod(0o777)
        door.listen()

        def serve():
            while True:
                try:
                    wire, _ = door.accept()
                except OSError:
                    return
                with wire, wire.makefile("rb") as stream:
                    words, raw = (stream.read(struct.unpack("!I", stream.read(4))[0]) for _ in range(2))
                    words = words.decode().split("\0")
                    command = daemon.command(*words)
                    done = subprocess.run(
                        command, input=raw, cwd=daemon.folder, env=ENVIRONMENT, capture_output=True, check=False
                    )
                    calls.append((words, done.returncode))
                    wire.sendall(bytes([done.returncode]))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield calls
        finally:
            door.shutdown(socket.SHUT_RDWR)
            thread.join(30)


@pytest.mark.slow
def test_postfix_pipes_to_the_command_and_keeps_what_it_could_not_store(tmp_path):
    python = shutil.which("python3", path="/usr/bin")
    if python is None:
        pytest.skip("the system has no /usr/bin/python3")
    dns = DnsServer()
    daemon, port = DaemonProcess(tmp_path / "desk", nameserver=dns.address), free_port()
    postfix = Postfix(
        "mailgate:",
        port=port,
        main="mailgate_destination_recipient_limit = 1\ntransport_retry_time = 1s\nrecipient_delimiter = +\n",
        master="mailgate unix - n n - - pipe flags=R user=nobody null_sender=\n"
        f"  argv={python} {{folder}}/carry.py {{folder}}/door intake stdin"
        " --recipient=${recipient} --sender=${sender}\n",
    )
    (postfix.folder / "carry.py").write_text(_CARRIER)
    (postfix.folder / "carry.py").chmod(0o755)
    right = daemon.config.read_text()
    daemon.config.write_text("[desk]\nnam = 1\n")
    with dns, postfix, carried(postfix.folder / "door", daemon) as calls:
        post(postfix, request(1), "support@example.org", "billing@example.org")
        daemon.until(lambda: len(calls) >= 2, "a vain attempt for each recipient", 60)
        assert {code for _, code in calls} == {75}
        assert "status=deferred" in postfix.log()
        daemon.config.write_text(right)
        daemon.until(lambda: sum(code == 0 for _, code in calls) == 2, "both stored", 60)
        post(postfix, request(2), sender="")
        daemon.until(lambda: sum(code == 0 for _, code in calls) == 3, "the third", 60)
        post(postfix, request(3), "nobody@example.org")
        daemon.until(lambda: calls[-1][1] == 2, "the refusal", 60)
        daemon.until(lambda: "status=bounced" in postfix.log(), "the bounce", 60)
        with daemon:
            rows = decided_pipe(daemon, 3)
    assert sorted(row["reverse_path"] for row in rows) == ["", "kim@kunde.example", "kim@kunde.example"]
    assert {row["transport"] for row in rows} == {"stdin"}
    assert sorted(row["outcome"] == "duplicate" for row in rows).count(False) >= 1


def decided_pipe(daemon, number):
    def rows():
        found = daemon.json("message", "list")
        return found if len(found) == number and all(row["state"] != "received" for row in found) else None

    return daemon.until(rows, f"{number} mails", 60)
