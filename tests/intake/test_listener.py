import asyncio
import socket
import stat

import pytest
from support.dialogue import Client, Stage, client_of, on_stage, settings_for_tests

from mailgate.intake.listener import listen
from mailgate.intake.reception import Hooks, room_of


def hooks(stage):
    return Hooks(accept=stage.accept, recipient_known=lambda address: True)


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


async def test_several_addresses_and_a_unix_socket(tmp_path):
    path = tmp_path / "smtp.sock"
    names = ("127.0.0.1:0", f"unix:{path}", *(["[::1]:0"] if has_ipv6() else []))
    stage = Stage()
    async with on_stage(stage, listen=names):
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
        assert len(stage.listener.sockets) == len(names)
        reader, writer = await asyncio.open_unix_connection(path)
        client = Client(reader, writer)
        await client.hello()
        assert (await client.mail(b"text\r\n")).startswith("250 2.6.0")
        writer.close()
        await writer.wait_closed()
    assert stage.stored[0].client.address == ""
    assert not path.exists()


async def test_sockets_of_a_service_manager():
    stage = Stage()
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port = sock.getsockname()[1]
        listener = await listen(settings_for_tests(listen=("127.0.0.1:1",)), hooks(stage), sockets=[sock])
        assert listener.port == port
        async with client_of(port) as client:
            await client.hello()
        assert await listener.drain(5.0)


async def test_a_taken_address_leaves_nothing_open(tmp_path):
    path = tmp_path / "smtp.sock"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        name = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(OSError, match="address already in use"):
            await listen(settings_for_tests(listen=(f"unix:{path}", name)), hooks(Stage()))
    assert not path.exists()


@pytest.mark.parametrize("name", ["8025", "localhost:", "localhost:x", ":25"])
async def test_no_address(name):
    with pytest.raises(ValueError, match="no address to listen on"):
        await listen(settings_for_tests(listen=(name,)), hooks(Stage()))


async def test_a_certificate_that_is_not_there(tmp_path):
    with pytest.raises(OSError):
        await listen(settings_for_tests(tls_certificate=tmp_path / "none.pem"), hooks(Stage()))


async def test_only_unix_has_no_port(tmp_path):
    async with on_stage(Stage(), listen=(f"unix:{tmp_path}/s",)) as stage:
        with pytest.raises(LookupError):
            assert stage.port


async def test_a_unix_socket_somebody_listens_on_is_not_taken_away(tmp_path):
    path = tmp_path / "lmtp.sock"
    async with on_stage(Stage(), listen=(f"unix:{path}",)):
        with pytest.raises(OSError, match=r"[Aa]ddress already in use"):
            await listen(settings_for_tests(listen=(f"unix:{path}",)), hooks(Stage()))
        assert path.exists()


async def test_a_unix_socket_that_a_killed_daemon_left_is_taken_over(tmp_path):
    path = tmp_path / "lmtp.sock"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    async with on_stage(Stage(), listen=(f"unix:{path}",)):
        reader, writer = await asyncio.open_unix_connection(path)
        client = Client(reader, writer)
        await client.hello()
        assert await client.ask("QUIT") == "221 2.0.0 bye"
        writer.close()
        await writer.wait_closed()


async def test_mb_02_listeners_share_the_room_for_large_mails():
    told = settings_for_tests(in_memory=100, memory=1000, memory_timeout=0.05)
    room, stage = room_of(told), Stage(trouble="gate")
    first, second = (await listen(told, hooks(stage), room=room), await listen(told, hooks(stage), room=room))
    large = b"x" * 900 + b"\r\n"
    async with client_of(first.port) as one, client_of(second.port) as other:
        await one.hello()
        await other.hello()
        await one.envelope()
        one.send(large + b".\r\n")
        await stage.asked.wait()
        assert await other.mail(large) == "452 4.3.1 insufficient storage, try again later"
        stage.opened.set()
        assert (await one.reply()).startswith("250 2.6.0")
        assert (await other.mail(large)).startswith("250 2.6.0")
    assert await first.drain(5.0)
    assert await second.drain(5.0)


async def test_other_settings_count_for_new_sessions_and_change_none_that_is_open():
    stage = Stage()
    async with on_stage(stage) as stage, client_of(stage.port) as before:
        await before.hello()
        told = settings_for_tests(max_message_size=2000)
        stage.listener.use(told, Hooks(accept=stage.accept, recipient_known=lambda address: "new" in address))
        async with client_of(stage.port) as after:
            await after.hello()
            assert (await after.ask("MAIL FROM:<a@example.net> SIZE=3000")).startswith("552 5.3.4")
            assert (await after.ask("MAIL FROM:<a@example.net>")).startswith("250")
            assert (await after.ask("RCPT TO:<support@example.org>")).startswith("550 5.1.1")
            assert (await after.ask("RCPT TO:<new@example.org>")).startswith("250")
        assert (await before.ask("MAIL FROM:<a@example.net>")).startswith("250")


async def test_a_unix_socket_of_a_service_manager_keeps_its_path(tmp_path):
    path = tmp_path / "lmtp.sock"
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(path))
        sock.listen()
        listener = await listen(settings_for_tests(), hooks(Stage()), sockets=[sock])
        assert listener.names == [f"unix:{path}"]
        assert await listener.drain(5.0)
    assert path.exists()
