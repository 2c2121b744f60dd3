"""The SMTP courier: one next hop (a smarthost), TLS required unless on loopback, one connection for many mails."""

import ssl
from dataclasses import dataclass
from enum import StrEnum

import aiosmtplib

from mailgate.courier.courier import Deferred, Failed, Outcome, Parcel, Sent, Stopped

_CONFIGURATION = frozenset({530, 534, 535, 538})  # RFC 4954 §6: about our login, not about this mail


class Tls(StrEnum):
    """`[delivery] tls`."""

    NONE = "none"
    STARTTLS = "starttls"
    IMPLICIT = "implicit"


@dataclass(frozen=True, slots=True)
class NextHop:
    """Where mail is handed over. `ca_file` names more certificates to trust; `timeout` is in seconds."""

    host: str
    port: int
    tls: Tls
    hello: str
    username: str | None = None
    password: str | None = None
    ca_file: str | None = None
    timeout: float = 60.0


class SmtpCourier:
    """Keeps one connection open between parcels; a lost one is made anew once before the attempt counts as deferred."""

    def __init__(self, hop: NextHop) -> None:
        self._hop = hop
        self._client: aiosmtplib.SMTP | None = None

    async def send(self, parcel: Parcel) -> Outcome:
        """Hand one parcel over. Partial refusals cannot be: a parcel has one recipient."""
        reused = self._client is not None and self._client.is_connected
        outcome = await self._attempt(parcel)
        if reused and isinstance(outcome, Deferred) and not outcome.in_doubt and self._client is None:
            outcome = await self._attempt(parcel)  # the other side had closed an idle connection
        return outcome

    async def probe(self) -> str | None:
        """Connect, secure the connection, log in and leave; None where all that works, else why it does not."""
        try:
            await self._connected()
        except (aiosmtplib.SMTPException, OSError, ssl.SSLError) as error:
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
            except aiosmtplib.SMTPException:
                client.close()

    async def _attempt(self, parcel: Parcel) -> Outcome:
        try:
            client = await self._connected()
        except (aiosmtplib.SMTPException, OSError, ssl.SSLError) as error:
            self._drop()
            return _of_connecting(error)
        return await self._transaction(client, parcel)

    async def _transaction(self, client: aiosmtplib.SMTP, parcel: Parcel) -> Outcome:
        """MAIL, RCPT and DATA in steps, so that a lost reply to the final dot is told from a lost connection before."""
        try:
            await client.mail(parcel.reverse_path)
            await client.rcpt(parcel.recipient)
        except aiosmtplib.SMTPResponseException as error:
            await self._reset(client)
            return _of_reply(error.code, error.message)
        except (aiosmtplib.SMTPException, OSError) as error:
            self._drop()
            return Deferred(f"connection lost before the mail was sent: {_line(str(error))}")
        try:
            reply = await client.data(parcel.raw)
        except aiosmtplib.SMTPResponseException as error:
            await self._reset(client)
            return _of_reply(error.code, error.message)
        except (aiosmtplib.SMTPException, OSError) as error:
            self._drop()
            return Deferred(f"connection lost after the mail was sent: {_line(str(error))}", in_doubt=True)
        return Sent(_line(f"{reply.code} {reply.message}"))

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
        await client.connect()
        self._client = client
        if hop.username is not None:
            await client.login(hop.username, hop.password or "")
        return client

    async def _reset(self, client: aiosmtplib.SMTP) -> None:
        """Leave the transaction (RFC 5321 §4.1.1.5); a connection that does not take RSET is of no more use."""
        try:
            await client.rset()
        except (aiosmtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()


def _of_connecting(error: Exception) -> Outcome:
    """Errors before a transaction speak of the next hop, not of the mail: defer, or hold where we are set up wrong."""
    text = _line(str(error))
    if isinstance(error, aiosmtplib.SMTPAuthenticationError) and error.code in _CONFIGURATION:
        return Stopped(f"the next hop refuses our login: {text}")
    if isinstance(error, ssl.SSLCertVerificationError) or isinstance(error.__cause__, ssl.SSLCertVerificationError):
        return Stopped(f"the certificate of the next hop is not trusted: {text}")
    if type(error) is aiosmtplib.SMTPException or isinstance(error, aiosmtplib.SMTPNotSupported):
        # The bare class is what a missing STARTTLS raises; going on in clear text is no way out (threats SM-05).
        return Stopped(f"the next hop does not offer what [delivery] asks for: {text}")
    return Deferred(f"the next hop cannot be reached: {text}")


def _of_reply(code: int, message: str) -> Outcome:
    text = _line(f"{code} {message}")
    if code in _CONFIGURATION:
        return Stopped(text)
    return Failed(text) if 500 <= code < 600 else Deferred(text)


def _line(text: str) -> str:
    """A reply as one line without controls, for the outbox row and the log."""
    return " ".join("".join(char if char.isprintable() else " " for char in text[:1000]).split())
