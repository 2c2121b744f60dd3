import pytest
from support.dialogue import Stage, client_of, on_stage

from mailgate.core.mail.envelope import Transport


async def hello(client):
    assert await client.reply() == "220 mx.example.org LMTP mailgate"
    assert await client.ask("EHLO client.example") == "500 5.5.1 command not recognised"
    assert await client.ask("HELO client.example") == "500 5.5.1 command not recognised"
    assert await client.ask("LHLO client.example") == "250 ENHANCEDSTATUSCODES"


async def offer(client, recipients):
    """MAIL, good recipients with one unknown among them, DATA and a message."""
    await client.ask("MAIL FROM:<anna@example.net>")
    for number in range(recipients):
        address = ("support@example.org", "sales@example.org")[number % 2]
        assert (await client.ask(f"RCPT TO:<{address}>")).startswith("250 2.1.5")
    assert (await client.ask("RCPT TO:<nobody@example.org>"))[:3] in {"550", "452"}
    assert (await client.ask("DATA")).startswith("354")
    client.send(b"text\r\n.\r\nNOOP\r\n")


@pytest.mark.parametrize("recipients", [1, 3, 100])
async def test_sm_11_one_reply_for_each_accepted_recipient(recipients):
    async with on_stage(transport=Transport.LMTP) as stage, client_of(stage.port) as client:
        await hello(client)
        await offer(client, recipients)
        assert [await client.line() for _ in range(recipients)] == ["250 2.6.0 accepted as m0001"] * recipients
        assert await client.line() == "250 2.0.0 ok"
    [envelope] = stage.stored
    assert envelope.transport is Transport.LMTP
    assert len(envelope.forward_path) == min(2, recipients)


@pytest.mark.parametrize(
    "fields, trouble, wanted",
    [
        ({}, "error", "451 4.3.0 temporary failure, try again later"),
        ({"max_message_size": 3}, None, "552 5.3.4 message too big"),
        ({"max_received": -1}, None, "554 5.4.6 too many hops, mail loop"),
    ],
)
async def test_sm_11_r_14_a_failure_is_told_for_each_recipient(fields, trouble, wanted):
    async with (
        on_stage(Stage(trouble=trouble), transport=Transport.LMTP, **fields) as stage,
        client_of(stage.port) as client,
    ):
        await hello(client)
        await offer(client, 3)
        assert [await client.line() for _ in range(3)] == [wanted] * 3
        assert await client.line() == "250 2.0.0 ok"
    assert stage.stored == []
