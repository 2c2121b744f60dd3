"""Connections: the gate, TLS, clocks and shutting down, over real sockets."""

import asyncio
import contextlib
import shutil
import ssl
import subprocess

import pytest
from support.dialogue import Stage, client_of, on_stage, until

pytestmark = pytest.mark.filterwarnings("default::ResourceWarning")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs the program openssl to make a certificate")
    folder = tmp_path_factory.mktemp("tls")
    paths = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"),
            *("-subj", "/CN=mx.example.org", "-out", paths[0], "-keyout", paths[1]),
        ],
        check=True,
        capture_output=True,
    )
    return {"tls_certificate": paths[0], "tls_key_file": paths[1]}


def trusting():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def test_starttls_carries_a_mail_and_forgets_the_session(certificate):
    async with on_stage(**certificate) as stage, client_of(stage.port) as client:
        await client.reply()
        client.send(b"EHLO before.example\r\n")
        lines = [await client.line() for _ in range(6)]
        assert "250-STARTTLS" in lines
        assert (await client.ask("MAIL FROM:<before@example.net>")).startswith("250 ")
        assert await client.ask("STARTTLS") == "220 2.0.0 ready to start TLS"
        await client.writer.start_tls(trusting())
        assert await client.ask("RCPT TO:<support@example.org>") == "503 5.5.1 need MAIL first"
        assert await client.ask("MAIL FROM:<a@example.net>") == "503 5.5.1 say hello first"
        client.send(b"EHLO after.example\r\n")
        assert not any("STARTTLS" in line for line in [await client.line() for _ in range(5)])
        assert await client.ask("STARTTLS") == "503 5.5.1 TLS is in use already"
        assert (await client.mail(b"text\r\n")).startswith("250 2.6.0")
        assert await client.ask("QUIT") == "221 2.0.0 bye"
    [envelope] = stage.stored
    assert envelope.client.helo == "after.example"
    assert envelope.reverse_path == "anna@example.net"


async def test_sm_05_tls_is_offered_and_not_demanded(certificate):
    async with on_stage(**certificate) as stage, client_of(stage.port) as client:
        await client.hello()
        assert (await client.mail(b"text\r\n")).startswith("250 2.6.0")


async def test_sm_06_commands_behind_starttls_are_not_obeyed(certificate):
    async with on_stage(**certificate) as stage, client_of(stage.port) as client:
        await client.hello()
        client.send(b"STARTTLS\r\nMAIL FROM:<evil@example.net>\r\n")
        assert await client.closed() == ["554 5.5.1 you talked before your turn"]


@pytest.mark.parametrize("noise", [b"MAIL FROM:<evil@example.net>\r\n" * 10, b""], ids=["no-tls", "gone"])
async def test_sm_06_a_handshake_that_fails_ends_the_session(certificate, noise):
    async with on_stage(**certificate) as stage, client_of(stage.port) as client:
        await client.hello()
        assert (await client.ask("STARTTLS")).startswith("220 ")
        client.send(noise)
        if not noise:
            client.writer.close()
        await until(lambda: stage.listener.sessions == 0)
    assert stage.stored == []


async def test_a_handshake_that_never_comes_is_not_waited_for(certificate):
    async with on_stage(idle_timeout=0.05, **certificate) as stage, client_of(stage.port) as client:
        await client.hello()
        assert (await client.ask("STARTTLS")).startswith("220 ")
        assert await client.closed() == []
        await until(lambda: stage.listener.sessions == 0)


async def test_the_certificate_is_read_again(certificate, tmp_path):
    copies = {name: shutil.copy(path, tmp_path / path.name) for name, path in certificate.items()}
    async with on_stage(**copies) as stage, client_of(stage.port) as client:
        stage.listener.use(stage.listener._reception.settings, stage.listener._reception.hooks)
        copies["tls_key_file"].write_text("no key")
        with pytest.raises(ssl.SSLError):
            stage.listener.use(stage.listener._reception.settings, stage.listener._reception.hooks)
        await client.hello()
        assert (await client.ask("STARTTLS")).startswith("220 ")
        await client.writer.start_tls(trusting())
        assert (await client.ask("NOOP")) == "250 2.0.0 ok"


async def test_sm_04_connections_by_address():
    async with on_stage(max_connections_per_address=2) as stage:
        async with client_of(stage.port) as first, client_of(stage.port) as second:
            await first.hello()
            await second.hello()
            async with client_of(stage.port) as third:
                assert await third.closed() == ["421 4.7.0 too many connections from your address"]
        await until(lambda: stage.listener.sessions == 0)
        async with client_of(stage.port) as again:
            await again.hello()


async def test_sm_04_a_good_sender_gets_in_though_all_places_are_taken():
    async with (
        on_stage(max_connections=5, max_connections_per_address=50, stress_idle=0.0) as stage,
        contextlib.AsyncExitStack() as stack,
    ):
        idle = [await stack.enter_async_context(client_of(stage.port)) for _ in range(5)]
        for client in idle:
            await client.hello()
        await idle[0].envelope()
        for number in range(10):
            async with client_of(stage.port) as good:
                await good.hello()
                assert (await good.mail(b"text\r\n")).startswith("250 2.6.0")
                assert await good.ask("QUIT") == "221 2.0.0 bye", number
        assert await idle[1].closed() == ["421 4.3.2 too many connections, try again later"]
    assert len(stage.stored) == 10


async def test_cr_03_idle_sessions_are_told_and_a_message_under_way_is_finished():
    stage = Stage(trouble="gate")
    async with (
        on_stage(stage),
        client_of(stage.port) as idle,
        client_of(stage.port) as sending,
        client_of(stage.port) as waiting,
    ):
        await idle.hello()
        await sending.hello()
        await waiting.hello()
        await sending.envelope()
        sending.send(b"first half")
        await waiting.envelope()
        waiting.send(b"text\r\n.\r\n")
        await stage.asked.wait()
        port = stage.port
        draining = asyncio.create_task(stage.listener.drain(5.0))
        assert await idle.closed() == ["421 4.3.2 shutting down, try again later"]
        async with client_of(stage.port) as late:
            assert await late.closed() == ["421 4.3.2 shutting down, try again later"]
        stage.opened.set()
        sending.send(b", second half\r\n.\r\n")
        for client in (sending, waiting):
            said = await client.closed()
            assert said[0].startswith("250 2.6.0 accepted as")
            assert said[1:] == ["421 4.3.2 shutting down, try again later"]
        assert await draining
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)
    assert {envelope.raw for envelope in stage.stored} == {b"text\r\n", b"first half, second half\r\n"}


async def test_cr_03_the_deadline_cuts_off():
    async with on_stage() as stage, client_of(stage.port) as sending:
        await sending.hello()
        await sending.envelope()
        sending.send(b"first half")
        assert not await stage.listener.drain(0.03)
        assert await sending.closed() == ["421 4.3.2 shutting down, try again later"]
    assert stage.stored == []


async def test_in_06_the_log_has_one_line_an_event_and_no_content(caplog):
    caplog.set_level("INFO", "mailgate.intake")
    async with on_stage() as stage, client_of(stage.port) as client:
        await client.hello()
        assert (await client.mail(b"Subject: secret\r\n")).startswith("250 ")
        await client.ask("FROB")
        await client.ask("QUIT")
    lines = [record.getMessage() for record in caplog.records]
    assert any(line.startswith("smtp.accepted client=127.0.0.1") for line in lines)
    assert any(line.startswith("smtp.refused client=127.0.0.1") for line in lines)
    assert not any("\n" in line or "secret" in line or "anna@" in line for line in lines)
