"""The SMTP courier against a next hop that answers as the test says."""

import asyncio
import contextlib
import ssl
import subprocess

import pytest
from aiosmtpd.smtp import SMTP

from mailgate.courier.courier import Deferred, Failed, Parcel, Sent, Stopped, Unreachable
from mailgate.courier.smtp import NextHop, SmtpCourier, Tls

RAW = b"Subject: x\r\n\r\n.a line with a dot\r\nHallo\r\n"
HALF = 500_000


def parcel(recipient="kim@kunde.example", reverse_path="bounce@example.org", raw=RAW):
    return Parcel("id@example.org", reverse_path, recipient, raw)


def large_parcel(lines=30_000):
    """More than the buffers of two kernels hold, so that its end is not sent while nobody reads."""
    return parcel(raw=b"Subject: x\r\n\r\n" + (b"x" * 998 + b"\r\n") * lines)


class Hop:
    """A next hop of few words. `replies` maps a verb to a reply, or to None: hang up.

    `.` is the end of the text. `text` is said when half a megabyte of it was read; None there hangs up after the 354.
    """

    def __init__(self, replies=None, ehlo=("8BITMIME",), tls=None):
        self.replies, self.ehlo, self.tls = replies or {}, ehlo, tls
        self.connections, self.commands, self.mails, self.once = 0, [], [], False
        self._writers, self._sessions = set(), []

    async def __aenter__(self):
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self.tls, limit=1 << 26)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *exc):
        self.server.close()
        for writer in list(self._writers):
            writer.close()
        await asyncio.gather(*self._sessions)

    async def _serve(self, reader, writer):
        self.connections += 1
        self._sessions.append(asyncio.current_task())
        self._writers.add(writer)
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            self._writers.discard(writer)
            writer.close()
            with contextlib.suppress(ConnectionError, ssl.SSLError):
                await writer.wait_closed()

    async def _talk(self, reader, writer):
        writer.write(self.replies.get("connect", "220 hop").encode() + b"\r\n")
        while line := await reader.readline():
            text = line.decode().rstrip("\r\n")
            verb = text.split(":")[0].split(" ")[0].upper()
            self.commands.append(text)
            reply = self._reply(verb)
            if reply is None:
                return
            writer.write(reply.encode() + b"\r\n")
            if verb == "QUIT":
                return
            if verb == "DATA" and reply.startswith("354"):
                if "text" in self.replies:
                    await self._cut(reader, writer, self.replies["text"])
                    return
                self.mails.append(await reader.readuntil(b"\r\n.\r\n"))
                final = self.replies.get(".", "250 2.0.0 queued as X1")
                if final is None:
                    return
                writer.write(final.encode() + b"\r\n")

    async def _cut(self, reader, writer, reply):
        if reply is None:
            return
        await reader.readexactly(HALF)
        if reply:
            writer.write(reply.encode() + b"\r\n")
            while await reader.read(HALF):
                pass
        writer.transport.abort()

    def _reply(self, verb):
        if verb in self.replies:
            return self.replies.pop(verb) if self.once else self.replies[verb]
        if verb == "EHLO":
            return "\r\n".join(["250-hop", *(f"250-{item}" for item in self.ehlo), "250 HELP"])
        return {"DATA": "354 go", "QUIT": "221 bye"}.get(verb, "250 ok")


def secured(certificate, *, secure):
    return {"host": "localhost", "tls": Tls.IMPLICIT, "ca_file": str(certificate / "cert.pem")} if secure else {}


def courier(hop, **changes):
    given = {
        "host": "127.0.0.1",
        "port": hop.port,
        "tls": Tls.NONE,
        "hello": "mx.example.org",
        "timeout": 3.0,
        **changes,
    }
    return SmtpCourier(NextHop(**given))


async def test_a_parcel_is_handed_over_dot_stuffed_and_its_reply_kept():
    async with Hop() as hop:
        sender = courier(hop)
        outcome = await sender.send(parcel())
        await sender.close()
    assert outcome == Sent("250 2.0.0 queued as X1")
    assert hop.mails == [b"Subject: x\r\n\r\n..a line with a dot\r\nHallo\r\n.\r\n"]
    assert "MAIL FROM:<bounce@example.org>" in hop.commands[1]
    assert hop.commands[-1] == "QUIT"


async def test_many_parcels_share_one_connection():
    async with Hop() as hop:
        sender = courier(hop)
        for _ in range(5):
            assert isinstance(await sender.send(parcel()), Sent)
        await sender.close()
    assert hop.connections == 1


async def test_the_null_reverse_path_stays_null():
    async with Hop() as hop:
        sender = courier(hop)
        await sender.send(parcel(reverse_path=""))
        await sender.close()
    assert any(command.startswith("MAIL FROM:<>") for command in hop.commands)


@pytest.mark.parametrize(
    ("replies", "outcome"),
    [
        ({"RCPT": "550 5.1.1 no such user"}, Failed("550 5.1.1 no such user")),
        ({"RCPT": "450 4.2.0 greylisted"}, Deferred("450 4.2.0 greylisted")),
        ({"MAIL": "451 4.3.0 later"}, Deferred("451 4.3.0 later")),
        ({"DATA": "554 5.6.0 no"}, Failed("554 5.6.0 no")),
        ({".": "452 4.3.1 disk full"}, Deferred("452 4.3.1 disk full")),
        ({".": "550 5.6.0 spam"}, Failed("550 5.6.0 spam")),
        ({".": "251 2.0.0 will forward"}, Sent("251 2.0.0 will forward")),
        ({"MAIL": "530 5.7.0 authentication required"}, Stopped("530 5.7.0 authentication required")),
    ],
)
async def test_ob_02_and_ob_03_replies_are_outcomes(replies, outcome):
    async with Hop(replies) as hop:
        sender = courier(hop)
        assert await sender.send(parcel()) == outcome
        hop.replies = {}
        assert isinstance(await sender.send(parcel()), Sent)  # a refusal does not spoil the connection
        await sender.close()


async def test_ob_05_a_lost_reply_to_the_dot_is_in_doubt():
    async with Hop({".": None}) as hop:
        outcome = await courier(hop).send(parcel())
    assert isinstance(outcome, Deferred)
    assert outcome.in_doubt


@pytest.mark.parametrize("secure", [False, True], ids=["plain", "tls"])
async def test_ob_05_a_connection_lost_within_the_text_is_not_in_doubt(secure, certificate):
    """Before the dot was sent nobody can have taken the mail (RFC 5321 §4.1.1.4)."""
    context = server_context(certificate) if secure else None
    async with Hop({"text": ""}, tls=context) as hop:
        outcome = await courier(hop, **secured(certificate, secure=secure)).send(large_parcel())
    assert isinstance(outcome, Deferred)
    assert not outcome.in_doubt
    assert "within the text" in outcome.reply
    assert "slow" not in outcome.reply
    assert hop.connections == 1


@pytest.mark.parametrize("secure", [False, True], ids=["plain", "tls"])
async def test_a_large_mail_goes_over_whole_and_the_connection_serves_the_next_one(secure, certificate):
    async with Hop(tls=server_context(certificate) if secure else None) as hop:
        sender = courier(hop, **secured(certificate, secure=secure))
        outcomes = [await sender.send(large_parcel(3_000)) for _ in range(2)]
        await sender.close()
    assert [type(outcome) for outcome in outcomes] == [Sent, Sent]
    assert hop.mails == [large_parcel(3_000).raw + b".\r\n"] * 2
    assert hop.connections == 1


async def test_ob_05_a_connection_closed_instead_of_reading_the_text_is_not_in_doubt():
    async with Hop({"text": None}) as hop:
        outcome = await courier(hop).send(parcel())
    assert isinstance(outcome, Deferred)
    assert not outcome.in_doubt


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("552 5.3.4 too large", Failed("552 5.3.4 too large")),
        ("421 4.3.2 going down", Deferred("421 4.3.2 going down")),
        ("250 2.0.0 enough", Deferred("an answer to half a mail: 250 2.0.0 enough")),
    ],
)
async def test_ob_05_an_answer_to_half_a_mail_is_heard_and_never_makes_it_sent(reply, outcome):
    async with Hop({"text": reply}) as hop:
        assert await courier(hop).send(large_parcel()) == outcome


@pytest.mark.parametrize("verb", ["RCPT", "DATA"])
async def test_a_connection_lost_before_the_text_is_not_in_doubt(verb):
    async with Hop({verb: None}) as hop:
        outcome = await courier(hop).send(parcel())
    assert isinstance(outcome, Deferred)
    assert not outcome.in_doubt


@pytest.mark.parametrize(
    ("replies", "kind"),
    [
        ({"MAIL": None}, Unreachable),
        ({"MAIL": "421 4.3.2 busy"}, Unreachable),
        ({"connect": "421 4.3.2 busy"}, Unreachable),
        ({"connect": "554 5.7.1 no service for you"}, Stopped),
        ({"EHLO": "550 5.7.1 go away", "HELO": "550 5.7.1 go away"}, Stopped),
    ],
)
async def test_ob_01_ob_07_before_any_mail_a_reply_is_about_us_all(replies, kind):
    async with Hop(replies) as hop:
        outcome = await courier(hop).send(parcel())
    assert isinstance(outcome, kind), outcome


@pytest.mark.parametrize(
    ("replies", "about_us"),
    [
        ({"MAIL": "553 5.7.1 sender address rejected: not owned by you"}, True),
        ({"MAIL": "550 no"}, True),
        ({"MAIL": "552 5.3.4 too large"}, False),
        ({"RCPT": "550 5.7.1 blocked by policy"}, True),
        ({"RCPT": "554 relay access denied"}, True),
        ({"RCPT": "550 no such user here"}, False),
        ({".": "554 5.7.1 this looks like spam"}, True),
        ({".": "554 5.6.0 broken"}, False),
    ],
)
async def test_ob_07_a_refusal_says_whether_it_is_about_us(replies, about_us):
    async with Hop(replies) as hop:
        sender = courier(hop)
        outcome = await sender.send(parcel())
        await sender.close()
    assert isinstance(outcome, Failed)
    assert outcome.about_us is about_us


async def test_a_connection_that_had_enough_is_made_anew():
    async with Hop() as hop:
        sender = courier(hop)
        await sender.send(parcel())
        hop.replies = {"MAIL": "421 4.7.0 too many mails in this session"}
        hop.once = True
        assert isinstance(await sender.send(parcel()), Sent)
        await sender.close()
    assert hop.connections == 2


@pytest.mark.parametrize("login_works", [True, False])
async def test_ob_07_a_connection_that_lost_its_login_is_not_kept(login_works):
    async with Hop({"AUTH": "235 welcome"}, ehlo=("AUTH PLAIN",)) as hop:
        sender = courier(hop, username="u", password="secret")
        await sender.send(parcel())
        hop.replies = {
            "MAIL": "530 5.7.0 authentication required",
            "AUTH": "235 welcome" if login_works else "535 5.7.8 no",
        }
        hop.once = login_works
        outcome = await sender.send(parcel())
        assert isinstance(outcome, Sent if login_works else Stopped)
        hop.replies = {"AUTH": "235 welcome"}
        assert isinstance(await sender.send(parcel()), Sent)
        await sender.close()


@pytest.mark.parametrize(
    ("ehlo", "mail", "wanted"),
    [
        (("SIZE 1000", "8BITMIME"), parcel(), f"MAIL FROM:<bounce@example.org> SIZE={len(RAW)}"),
        (("SIZE 0",), parcel(), f"MAIL FROM:<bounce@example.org> SIZE={len(RAW)}"),
        (("8BITMIME",), Parcel("i", "", "k@k.example", "A: b\r\n\r\nGrüße\r\n".encode()), "MAIL FROM:<> BODY=8BITMIME"),
        (
            ("8BITMIME", "SMTPUTF8"),
            Parcel("i", "", "jörg@k.example", b"A: b\r\n\r\nx\r\n"),
            "MAIL FROM:<> BODY=8BITMIME SMTPUTF8",
        ),
    ],
)
async def test_mail_says_what_the_mail_needs(ehlo, mail, wanted):
    async with Hop(ehlo=ehlo) as hop:
        sender = courier(hop)
        assert isinstance(await sender.send(mail), Sent)
        await sender.close()
    assert wanted in hop.commands


@pytest.mark.parametrize(
    ("ehlo", "mail", "why"),
    [
        (("SIZE 10",), parcel(), "10 at most"),
        ((), Parcel("i", "", "k@k.example", "A: b\r\n\r\nGrüße\r\n".encode()), "8BITMIME"),
        (("8BITMIME",), Parcel("i", "", "jörg@k.example", RAW), "SMTPUTF8"),
    ],
)
async def test_a_mail_that_the_next_hop_cannot_carry_fails_alone(ehlo, mail, why):
    async with Hop(ehlo=ehlo) as hop:
        sender = courier(hop)
        outcome = await sender.send(mail)
        assert isinstance(outcome, Failed)
        assert why in outcome.reply
        await sender.close()
    assert not any(command.startswith("MAIL") for command in hop.commands)


@pytest.mark.parametrize(
    "address", ["a@b.example\r\nRCPT TO:<x@y.example>", "a@b.example> SIZE=1", "a b@c.example", "nobody", ""]
)
async def test_in_02_no_address_becomes_a_command(address):
    async with Hop() as hop:
        sender = courier(hop)
        assert isinstance(await sender.send(parcel(recipient=address)), Failed)
        if address:
            assert isinstance(await sender.send(parcel(reverse_path=address)), Failed)
        await sender.close()
    assert hop.commands == []


async def test_a_temporary_trouble_with_logins_is_waited_for():
    async with Hop({"AUTH": "454 4.7.0 temporary failure"}, ehlo=("AUTH PLAIN",)) as hop:
        outcome = await courier(hop, username="u", password="secret").send(parcel())
    assert isinstance(outcome, Unreachable)


async def test_an_idle_connection_that_was_closed_is_made_anew():
    async with Hop() as hop:
        sender = courier(hop)
        await sender.send(parcel())
        hop.replies = {"MAIL": None}  # closes instead of answering, once
        task = asyncio.create_task(sender.send(parcel()))
        while hop.connections < 2 and not task.done():
            await asyncio.sleep(0)
            if hop.commands.count("MAIL FROM:<bounce@example.org>") >= 2 or len(hop.commands) > 5:
                hop.replies = {}
        assert isinstance(await task, Sent)
        await sender.close()
    assert hop.connections == 2


async def test_nobody_there_defers():
    async with Hop() as hop:
        port = hop.port
    outcome = await SmtpCourier(NextHop("127.0.0.1", port, Tls.NONE, "mx.example.org", timeout=3.0)).send(parcel())
    assert isinstance(outcome, Unreachable)
    assert "cannot be reached" in outcome.reply


async def test_sm_05_no_starttls_means_no_mail():
    async with Hop() as hop:
        outcome = await courier(hop, tls=Tls.STARTTLS).send(parcel())
    assert isinstance(outcome, Stopped)
    assert hop.mails == []


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A self-signed certificate for localhost."""
    folder = tmp_path_factory.mktemp("tls")
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    )
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run([*command.split(), *files], check=True, capture_output=True)
    return folder


def server_context(folder):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


class Mailbox:
    """Keeps what a real aiosmtpd hands it."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.mails.append((session.ssl is not None, envelope.original_content))
        return "250 2.0.0 queued"


@contextlib.asynccontextmanager
async def tls_hop(folder):
    """A next hop with STARTTLS: its port and its mailbox."""
    loop, box, context = asyncio.get_running_loop(), Mailbox(), server_context(folder)
    server = await loop.create_server(
        lambda: SMTP(box, hostname="hop", tls_context=context, require_starttls=True, loop=loop), "127.0.0.1", 0
    )
    yield server.sockets[0].getsockname()[1], box
    server.close()


def tls_courier(port, **changes):
    return SmtpCourier(NextHop("localhost", port, Tls.STARTTLS, "mx.example.org", timeout=30.0, **changes))


async def test_a_certificate_that_nobody_vouches_for_stops_all_mail(certificate):
    async with tls_hop(certificate) as (port, box):
        outcome = await tls_courier(port).send(parcel())
    assert isinstance(outcome, Stopped)
    assert "certificate" in outcome.reply
    assert box.mails == []


async def test_r_57_mail_goes_through_tls_that_is_verified(certificate):
    async with tls_hop(certificate) as (port, box):
        sender = tls_courier(port, ca_file=str(certificate / "cert.pem"))
        assert isinstance(await sender.send(parcel()), Sent)
        await sender.close()
    assert box.mails == [(True, RAW)]


async def test_ob_07_a_refused_login_stops_all_mail():
    replies = {"AUTH": "535 5.7.8 no"}
    async with Hop(replies, ehlo=("AUTH PLAIN LOGIN",)) as hop:
        outcome = await courier(hop, username="u", password="secret").send(parcel())
    assert isinstance(outcome, Stopped)
    assert "secret" not in outcome.reply
    assert hop.mails == []
