"""The SMTP courier: one next hop (a smarthost), TLS required unless on loopback, one connection for many mails.

aiosmtplib connects, secures, logs in and reads replies. The text itself goes out from here: so a connection lost before
it is told from one lost after the final dot, and what is on the wire is ours to vouch for (threats SM-02).
"""

import asyncio
import re
import ssl
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import aiosmtplib
from aiosmtplib.protocol import SMTPProtocol

from mailgate.courier.courier import Deferred, Failed, Outcome, Parcel, Stopped, Unreachable
from mailgate.courier.replies import line, of_greeting, of_reply

_PIECE = 64 * 1024  # bytes written at once
_TEXT = 300.0  # seconds for the text up to the dot
_FINAL = 600.0  # seconds for the reply after the dot; given up too early, a mail goes out twice (RFC 5321 §4.5.3.2.6)
_IDLE = 30.0  # seconds after which a connection is not trusted to be alive: firewalls forget, servers hang up
_DOT = b".\r\n"
_LINE_END = re.compile(rb"\r\n|\r|\n")
_PATH = re.compile(r"[^\x00-\x20\x7f<>]{1,254}@[\w.-]{1,253}")
_LOST = (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError, OSError)


class Tls(StrEnum):
    """`[delivery] tls`."""

    NONE = "none"
    STARTTLS = "starttls"
    IMPLICIT = "implicit"


@dataclass(frozen=True, slots=True)
class NextHop:
    """Where mail is handed over. `ca_file` names certificates to trust; `timeout` is seconds for one command."""

    host: str
    port: int
    tls: Tls
    hello: str
    username: str | None = None
    password: str | None = None
    ca_file: str | None = None
    timeout: float = 60.0


class SmtpCourier:
    """Keeps one connection open between parcels; a lost one is made anew once before the attempt counts."""

    def __init__(self, hop: NextHop) -> None:
        self._hop = hop
        self._client: aiosmtplib.SMTP | None = None
        self._used_at = 0.0

    async def send(self, parcel: Parcel) -> Outcome:
        """Hand one parcel over. Partial refusals cannot be: a parcel has one recipient."""
        if not _PATH.fullmatch(parcel.recipient) or not (
            parcel.reverse_path == "" or _PATH.fullmatch(parcel.reverse_path)
        ):
            return Failed("an address of this mail is none that SMTP can carry")  # threats IN-02
        if self._client is not None and asyncio.get_running_loop().time() - self._used_at > _IDLE:
            await self.close()
        reused = self._client is not None and self._client.is_connected
        ready = await self._offer(parcel)
        if reused and self._client is None and _is_of_the_connection(ready):
            ready = await self._offer(parcel)  # the other side had closed, or had enough of this connection
        outcome = await self._text(ready, parcel) if isinstance(ready, aiosmtplib.SMTP) else ready
        self._used_at = asyncio.get_running_loop().time()
        return outcome

    async def probe(self) -> str | None:
        """Connect, secure the connection, log in and leave; None where all that works, else why it does not."""
        try:
            await self._connected()
        except (aiosmtplib.SMTPException, OSError) as error:
            self._drop()
            return _of_connecting(error).reply
        await self.close()
        return None

    async def close(self) -> None:
        """Say QUIT."""
        client, self._client = self._client, None
        if client is not None and client.is_connected:
            try:
                await client.quit()
            except (aiosmtplib.SMTPException, OSError):
                client.close()

    async def _offer(self, parcel: Parcel) -> aiosmtplib.SMTP | Outcome:
        """Connect where need be and name the mail; the connection where the next hop waits for the text."""
        try:
            client = await self._connected()
        except (aiosmtplib.SMTPException, OSError) as error:
            self._drop()
            return _of_connecting(error)
        options = _mail_options(client, parcel)
        if isinstance(options, Failed):
            return options
        return await self._envelope(client, parcel, options) or client

    async def _envelope(self, client: aiosmtplib.SMTP, parcel: Parcel, options: list[str]) -> Outcome | None:
        """MAIL, RCPT and DATA; None where the next hop waits for the text (354)."""
        stage = "MAIL"
        encoding = "utf-8" if "SMTPUTF8" in options else "ascii"
        try:
            await client.mail(parcel.reverse_path, options=options, encoding=encoding)
            stage = "RCPT"
            await client.rcpt(parcel.recipient, encoding=encoding)
            stage = "DATA"
            reply = await client.execute_command(b"DATA")
        except aiosmtplib.SMTPResponseException as error:
            return await self._refused(client, of_reply(stage, error.code, error.message))
        except _LOST as error:
            self._drop()
            why = f"connection lost before the mail was sent: {line(str(error))}"
            nobody = stage == "MAIL" or isinstance(error, aiosmtplib.SMTPTimeoutError)
            return Unreachable(why) if nobody else Deferred(why)
        return None if reply.code == 354 else await self._refused(client, of_reply(stage, reply.code, reply.message))

    async def _text(self, client: aiosmtplib.SMTP, parcel: Parcel) -> Outcome:
        """The text, then the dot: before that was written nobody can have taken the mail (RFC 5321 §4.1.1.4)."""
        assert client.protocol is not None
        protocol, dotted, text = client.protocol, False, wire_form(parcel.raw)
        when = "within the text"
        answer = asyncio.ensure_future(protocol.read_response())
        try:
            async with asyncio.timeout(_TEXT):
                if await _written(client, protocol, text[: -len(_DOT)], answer):
                    protocol.write(_DOT)
                    dotted, when = True, "after the mail was sent"
            reply = await asyncio.wait_for(answer, max(_FINAL, self._hop.timeout))
        except aiosmtplib.SMTPResponseException as error:  # the reply is no SMTP: nobody knows what it meant
            self._drop()
            return Deferred(f"no usable reply {when}: {line(error.message)}", in_doubt=dotted)
        except _LOST as error:
            self._drop()
            return Deferred(f"connection lost {when}: {line(str(error)) or 'too slow'}", in_doubt=dotted)
        finally:
            answer.cancel()
        if reply.code == 421 or not dotted:
            self._drop()
        if not dotted and reply.code < 400:
            return Deferred(f"an answer to half a mail: {line(f'{reply.code} {reply.message}')}")
        return of_reply(".", reply.code, reply.message)

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is not None and self._client.is_connected:
            return self._client
        hop = self._hop
        context = ssl.create_default_context(cafile=hop.ca_file) if hop.tls is not Tls.NONE else None
        client = aiosmtplib.SMTP(
            hostname=hop.host,
            port=hop.port,
            local_hostname=hop.hello,
            use_tls=hop.tls is Tls.IMPLICIT,
            start_tls=hop.tls is Tls.STARTTLS,
            tls_context=context,
            timeout=hop.timeout,
        )
        self._client = client
        await client.connect()
        if hop.username is not None:
            await client.login(hop.username, hop.password or "")
        elif client.is_ehlo_or_helo_needed:
            await client.ehlo()
        return client

    async def _refused(self, client: aiosmtplib.SMTP, outcome: Outcome) -> Outcome:
        """Leave the transaction (RFC 5321 §4.1.1.5); a connection that does not take RSET is of no more use."""
        if isinstance(outcome, Unreachable | Stopped) or outcome.reply.startswith("421"):
            self._drop()  # also one that lost its login: the next attempt logs in anew
            return outcome
        try:
            await client.rset()
        except (aiosmtplib.SMTPException, OSError):
            self._drop()
        return outcome

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()


async def _written(client: aiosmtplib.SMTP, protocol: SMTPProtocol, text: bytes, answer: asyncio.Future[Any]) -> bool:
    """Write the text without the dot; False where the next hop answered or went away before the whole was taken.

    Waits until the kernel has all but the last piece: what lies in a buffer of ours when the connection is lost was
    not sent, nor is the dot behind it.
    """
    assert isinstance(protocol.transport, asyncio.WriteTransport)
    protocol.transport.set_write_buffer_limits(high=1, low=0)  # with 0 asyncio's TLS pauses for good
    for start in range(0, len(text), _PIECE):
        protocol.write(text[start : start + _PIECE])
        drained = asyncio.ensure_future(protocol._drain_helper())  # noqa: SLF001 - what asyncio's StreamWriter calls
        await asyncio.wait({answer, drained}, return_when=asyncio.FIRST_COMPLETED)
        drained.cancel()
        await asyncio.gather(drained, return_exceptions=True)
        if answer.done() or not client.is_connected:
            return False
    await asyncio.wait({answer}, timeout=0)  # what the kernel has heard by now
    return client.is_connected and not answer.done()


def _is_of_the_connection(outcome: aiosmtplib.SMTP | Outcome) -> bool:
    """Whether another connection may do better at once: nothing was sent, and no reply asks for patience."""
    if isinstance(outcome, Deferred):
        return not outcome.in_doubt and not outcome.reply.startswith("4")
    return isinstance(outcome, Unreachable | Stopped)


def wire_form(raw: bytes) -> bytes:
    """A mail as it stands after DATA: every line end CRLF, dots doubled, and the final dot (RFC 5321 §4.5.2)."""
    text = _LINE_END.sub(b"\r\n", raw)
    if not text.endswith(b"\r\n"):
        text += b"\r\n"
    stuffed = text.replace(b"\r\n.", b"\r\n..")
    return (b"." if stuffed.startswith(b".") else b"") + stuffed + _DOT


def _mail_options(client: aiosmtplib.SMTP, parcel: Parcel) -> list[str] | Failed:
    """Parameters of MAIL. A mail that the next hop cannot carry fails here: its bytes are signed and final."""
    head, _, body = parcel.raw.partition(b"\r\n\r\n")
    international = not (head.isascii() and parcel.recipient.isascii() and parcel.reverse_path.isascii())
    eight_bit = international or not body.isascii()
    options = []
    if client.supports_extension("size"):
        options.append(f"SIZE={len(parcel.raw)}")
        most = client.esmtp_extensions.get("size", "").strip()
        if most.isdigit() and 0 < int(most) < len(parcel.raw):  # RFC 1870 §4: 0 is no limit
            return Failed(f"the mail has {len(parcel.raw)} bytes, the next hop takes {most} at most")
    if international and not client.supports_extension("smtputf8"):
        return Failed("the next hop does not take international addresses or headers (SMTPUTF8)")
    if eight_bit and not client.supports_extension("8bitmime"):
        return Failed("the next hop does not take text of eight bits (8BITMIME)")
    return options + ["BODY=8BITMIME"] * eight_bit + ["SMTPUTF8"] * international


def _of_connecting(error: Exception) -> Outcome:
    """Errors before a transaction speak of the next hop, not of the mail: wait, or hold where we are set up wrong."""
    text, tls = line(str(error)), _tls_error(error)
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        refused = f"the next hop refuses our login: {error.code} {text}"
        return Stopped(refused) if error.code >= 500 else Unreachable(refused)
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return of_greeting(error.code, error.message)
    if isinstance(tls, ssl.SSLCertVerificationError):
        return Stopped(f"the certificate of the next hop is not trusted: {text}")
    if tls is not None and not isinstance(tls, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return Stopped(f"no protected connection to the next hop: {text}")
    if type(error) is aiosmtplib.SMTPException or isinstance(error, aiosmtplib.SMTPNotSupported):
        # The bare class is what a missing STARTTLS raises; going on in clear text is no way out (threats SM-05).
        return Stopped(f"the next hop does not offer what [delivery] asks for: {text}")
    return Unreachable(f"the next hop cannot be reached: {text}")


def _tls_error(error: BaseException | None) -> ssl.SSLError | None:
    """The error of TLS below an error of the library."""
    while error is not None and not isinstance(error, ssl.SSLError):
        error = error.__cause__
    return error
