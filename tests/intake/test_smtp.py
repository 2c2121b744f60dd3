"""The dialogue, over a real socket. What fits into text stands in tests/dialogues."""

from pathlib import Path

import pytest
from support.dialogue import Dialogue, client_of, on_stage, play

from mailgate.core.mail.envelope import Transport

DIALOGUES = sorted((Path(__file__).parent.parent / "dialogues").glob("*.txt"))


@pytest.mark.parametrize("path", DIALOGUES, ids=[path.stem for path in DIALOGUES])
async def test_dialogue(path, monkeypatch):
    await play(Dialogue.read(path), monkeypatch)


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
