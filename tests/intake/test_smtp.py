"""The dialogue, over a real socket. What fits into text stands in tests/dialogues."""

import asyncio
import contextlib
import socket
import struct
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP
from support.dialogue import Dialogue, Stage, client_of, on_stage, play, until

from mailgate.core.mail.envelope import Transport
from mailgate.intake.smtp import SmtpSession

DIALOGUES = sorted((Path(__file__).parent.parent / "dialogues").glob("*.txt"))


@pytest.mark.parametrize("path", DIALOGUES, ids=[path.stem for path in DIALOGUES])
async def test_dialogue(path, monkeypatch):
    dialogue = Dialogue.read(path)
    stored = await play(dialogue, monkeypatch)
    ids = {text.partition("accepted as ")[2] for who, text, _, _ in dialogue.steps if who == "S"} - {""}
    assert {envelope.id for envelope in stored} == ids


async def test_a_mail_is_stored_as_sent_with_its_envelope():
    body = "Subject: Zürich\r\n\r\nline\r\n..two dots\r\n\x00 end\r\n".encode()
    async with on_stage() as stage, client_of(stage.port) as client:
        await client.hello("mail.example.net")
        assert await client.mail(body.replace(b"\r\n..", b"\r\n...")) == "250 2.6.0 accepted as m0001"
    [envelope] = stage.stored
    assert envelope.raw == body
    assert (envelope.id, envelope.transport) == ("m0001", Transport.SMTP)
    assert (envelope.reverse_path, envelope.forward_path) == ("anna@example.net", ("support@example.org",))
    assert (envelope.client.address, envelope.client.helo, envelope.client.trusted) == (
        "127.0.0.1",
        "mail.example.net",
        False,
    )
    assert envelope.received_at.tzinfo is not None


LINE_ENDS = (b"\n", b"\r", b"\r\n", b"\r\r\n", b"\n\r", b"\x00\n", b"\r\x00\n")
SMUGGLING = [lead + b"." + trail for lead in LINE_ENDS for trail in LINE_ENDS if (lead, trail) != (b"\r\n", b"\r\n")]
HARMLESS = [b"\r\n..\r\n", b"\r\n.\x00\r\n", b"\r\n\x00.\r\n", b"\r\n. \r\n", b"\r\n.\t\r\n", b"\r\n.\x0b\r\n"]
SECOND = b"MAIL FROM:<evil@example.net>\r\nRCPT TO:<support@example.org>\r\nDATA\r\nsmuggled\r\n.\r\n"


def without_stuffing(wire):
    return b"\r\n".join(line.removeprefix(b".") for line in wire.split(b"\r\n"))


@pytest.mark.parametrize("sequence", SMUGGLING, ids=repr)
async def test_sm_01_smuggling_ends_the_session(sequence):
    assert len(SMUGGLING) >= 40
    async with on_stage() as stage, client_of(stage.port) as client:
        await client.hello()
        await client.envelope()
        client.send(b"Subject: x\r\n\r\nfirst" + sequence + SECOND)
        assert await client.closed() == ["550 5.5.2 bare CR or LF, lines end with CR LF"]
    assert stage.stored == []


@pytest.mark.parametrize("sequence", HARMLESS, ids=repr)
async def test_sm_01_what_only_looks_like_an_end_is_content(sequence):
    body = b"Subject: x\r\n\r\nfirst" + sequence + SECOND.removesuffix(b".\r\n")
    async with on_stage() as stage, client_of(stage.port) as client:
        await client.hello()
        assert (await client.mail(body)).startswith("250 2.6.0")
        assert await client.ask("NOOP") == "250 2.0.0 ok"
    [envelope] = stage.stored
    assert envelope.raw == without_stuffing(body)


RELAYS = """
    user@other.example user%other.example@example.org other.example!user@example.org
    @example.org:user@other.example @example.org,@other.example:user@third.example "user@other.example"@example.org
    "user%other.example"@example.org "other.example!user"@example.org user@[192.0.2.1] user@[IPv6:2001:db8::1]
    user@[127.0.0.1] support@[127.0.0.1] user@localhost user@other.example@example.org support@example.org@other.example
    user%other.example@[127.0.0.1] "support@example.org"@other.example support@sub.example.org support@example.org.other.example
    support@notexample.org other.example!support@other.example support%example.org@other.example user@192.0.2.1
    user%other.example%third.example@example.org a!b!c@example.org "support"@other.example support@EXAMPLE.NET
    @other.example:support@example.org
""".split()


async def test_sm_07_open_relay_attempts():
    assert len(RELAYS) >= 25
    async with on_stage(max_errors=100) as stage, client_of(stage.port) as client:
        await client.hello()
        await client.ask("MAIL FROM:<anna@example.net>")
        for address in RELAYS:
            assert (address, await client.ask(f"RCPT TO:<{address}>")) == (address, "550 5.7.1 relaying denied")
        assert await client.ask("DATA") == "554 5.5.1 no valid recipients"
    assert stage.stored == []


async def test_a_recipient_named_twice_is_one_and_a_bare_postmaster_is_ours():
    async with on_stage() as stage, client_of(stage.port) as client:
        await client.hello()
        await client.envelope("", "Support@example.org", "support@example.org", "Support@example.org", "PostMaster")
        client.send(b"x\r\n.\r\n")
        assert (await client.reply()).startswith("250 2.6.0")
    [envelope] = stage.stored
    assert envelope.forward_path == ("Support@example.org", "support@example.org", "PostMaster@example.org")
    assert envelope.reverse_path == ""


async def test_our_errors_show_nothing(caplog):
    def broken(address):
        raise RuntimeError("password hunter2")

    async with on_stage(Stage(known=broken)) as stage, client_of(stage.port) as client:
        await client.hello()
        await client.ask("MAIL FROM:<anna@example.net>")
        assert await client.ask("RCPT TO:<support@example.org>") == "451 4.3.0 temporary failure, try again later"
        assert await client.ask("NOOP") == "250 2.0.0 ok"
    assert "hunter2" in caplog.text  # the log has it


async def test_no_250_before_the_commit():
    stage = Stage(trouble="gate")
    async with on_stage(stage), client_of(stage.port) as client:
        await client.hello()
        await client.envelope()
        client.send(b"text\r\n.\r\nNOOP\r\n")
        await stage.asked.wait()
        assert stage.stored == []
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.reader.read(1), 0.03)
        stage.opened.set()
        assert await client.line() == "250 2.6.0 accepted as m0001"
        assert await client.line() == "250 2.0.0 ok"


def reset(client):
    """Cut the connection with RST, so that the server learns of it at once."""
    client.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.writer.transport.abort()


@pytest.mark.parametrize("how", ["abort", "close"])
async def test_sm_12_a_client_that_leaves_after_the_dot_leaves_one_mail(how):
    stage = Stage(trouble="gate")
    async with on_stage(stage), client_of(stage.port) as client:
        await client.hello()
        await client.envelope()
        client.send(b"text\r\n.\r\n")
        await stage.asked.wait()
        if how == "abort":
            reset(client)
            await until(lambda: stage.listener.sessions == 0)
        else:
            client.writer.close()
        stage.opened.set()
        await until(lambda: stage.stored)
    assert [envelope.raw for envelope in stage.stored] == [b"text\r\n"]


async def test_sm_12_a_client_that_leaves_within_data_leaves_nothing():
    async with on_stage(in_memory=10) as stage, client_of(stage.port) as client:
        await client.hello()
        await client.envelope()
        client.send(b"text\r\n" * 100 + b".\r")
        await until(lambda: stage.listener._reception.room.used)
        client.writer.transport.abort()
        await until(lambda: stage.listener.sessions == 0)
        assert stage.listener._reception.room.used == 0
    assert stage.stored == []


async def test_sm_12_a_late_commit_is_kept_though_451_was_said():
    stage = Stage(trouble="gate")
    async with on_stage(stage, accept_timeout=0.02), client_of(stage.port) as client:
        await client.hello()
        assert (await client.mail(b"text\r\n")).startswith("451 4.3.0")
        stage.opened.set()
        await until(lambda: stage.stored)
    assert len(stage.stored) == 1


async def test_mb_03_a_sender_that_never_ends_a_line():
    async with on_stage() as stage, client_of(stage.port) as client:
        await client.hello()
        await client.envelope()
        sent = 0
        with contextlib.suppress(ConnectionError):
            while sent < 500_000_000:
                client.send(bytes(1 << 20))
                sent += 1 << 20
                await client.writer.drain()
        assert sent < 100_000_000
        assert stage.listener._reception.room.used == 0
    assert stage.stored == []


LARGE = b"x" * 900 + b"\r\n"


async def test_mb_02_few_large_messages_are_in_memory_at_a_time():
    stage = Stage(trouble="gate")
    async with on_stage(stage, in_memory=100, memory=2 * len(LARGE)) as stage, contextlib.AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(client_of(stage.port)) for _ in range(5)]
        for client in clients:
            await client.hello()
            await client.envelope()
            client.send(LARGE + b".\r\n")
        await until(lambda: stage.listener._reception.room.used == 5 * len(LARGE))
        await until(lambda: len(stage.listener._reception.commits) == 2)
        stage.opened.set()
        assert {await client.reply() for client in clients} == {f"250 2.6.0 accepted as m000{n}" for n in range(1, 6)}
        assert stage.listener._reception.room.used == 0
        assert (await clients[0].mail(LARGE)).startswith("250 2.6.0")
    assert [envelope.raw for envelope in stage.stored] == [LARGE] * 6


async def test_mb_02_a_large_message_that_gets_no_place_is_put_off():
    stage = Stage(trouble="gate")
    async with (
        on_stage(stage, in_memory=100, memory=2 * len(LARGE), accept_timeout=0.03, memory_timeout=0.03) as stage,
        contextlib.AsyncExitStack() as stack,
    ):
        clients = [await stack.enter_async_context(client_of(stage.port)) for _ in range(3)]
        for client in clients:
            await client.hello()
        for client in clients[:2]:
            assert (await client.mail(LARGE)).startswith("451 4.3.0")  # the commits hang, and stay in memory
        assert await clients[2].mail(LARGE) == "452 4.3.1 insufficient storage, try again later"
        assert (await clients[2].mail(b"small\r\n")).startswith("451 4.3.0")
        stage.opened.set()
        await until(lambda: len(stage.stored) == 3)
        assert (await clients[2].mail(LARGE)).startswith("250 2.6.0")


async def test_mb_02_the_spool_is_shared_and_comes_back():
    stage = Stage(trouble="gate")
    async with (
        on_stage(stage, in_memory=100, spool=1000),
        client_of(stage.port) as first,
        client_of(stage.port) as second,
    ):
        await first.hello()
        await second.hello()
        await first.envelope()
        first.send(LARGE + b".\r\n")
        await until(lambda: stage.listener._reception.room.used == len(LARGE))
        assert (
            await second.ask("MAIL FROM:<a@example.net> SIZE=500") == "452 4.3.1 insufficient storage, try again later"
        )
        assert await second.mail(LARGE) == "452 4.3.1 insufficient storage, try again later"
        stage.opened.set()
        assert (await first.reply()).startswith("250 2.6.0")
        assert (await second.mail(LARGE)).startswith("250 2.6.0")
    assert stage.listener._reception.room.used == 0


async def test_commits_that_hang_do_not_pile_up():
    stage = Stage(trouble="gate")
    async with on_stage(stage, max_connections=1, accept_timeout=0.01), client_of(stage.port) as client:
        await client.hello()
        for _ in range(3):
            assert (await client.mail(b"text\r\n")).startswith("451 4.3.0")
        assert await client.ask("MAIL FROM:<anna@example.net>") == "451 4.3.0 temporary failure, try again later"
        stage.opened.set()
        await until(lambda: len(stage.stored) == 3)
        assert (await client.mail(b"text\r\n")).startswith("250 2.6.0")


@pytest.mark.parametrize("reading", [1, 7, 4096])
async def test_a_real_mail_in_small_writes_is_the_same(reading):
    body = b"Subject: x\r\n\r\n" + b"..dots\r\n.\x00.\r\n" * 40
    wire = body.replace(b"\r\n.", b"\r\n..") + b".\r\n"
    async with on_stage() as stage, client_of(stage.port) as client:
        await client.hello()
        await client.envelope()
        for start in range(0, len(wire), reading):
            client.send(wire[start : start + reading])
            await asyncio.sleep(0)
        assert (await client.reply()).startswith("250 2.6.0")
    assert stage.stored[0].raw == body


def test_no_command_of_the_library_is_left():
    ours = set(vars(SmtpSession))
    assert {name for name in dir(SMTP) if name.startswith("smtp_")} <= ours
