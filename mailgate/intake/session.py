"""A session: our subclass of aiosmtpd, which keeps connection and TLS; the loop, the clocks and the limits are ours.

aiosmtpd alone limits no connections, no session and no data rate, closes silently, and answers an error of ours with
a permanent code that shows the exception.
"""

import asyncio
import contextlib
import logging

from aiosmtpd.smtp import SMTP

from mailgate.core import reply
from mailgate.core.reply import Reply
from mailgate.intake.limits import peer_of
from mailgate.intake.log import LOG, event
from mailgate.intake.paths import BadArgument
from mailgate.intake.patience import Patience, Phase
from mailgate.intake.reception import Reception
from mailgate.intake.wire import BLOCK, Goodbye, Wire

_MAX_COMMAND = 1024  # RFC 5321 §4.5.3.1.4 wants 512, and more for the parameters of extensions
_CLOSE_WITHIN = 5.0  # seconds that a peer has to read our last words
_LINGER_BYTES = 4 * 1024 * 1024
_HTTP = frozenset(("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"))
_RCPT_FACTOR = 10  # RCPT of one session without a mail, in full transactions
_LOOK = 60.0  # seconds between looks at the clocks, at most


class Session(SMTP):
    """One connection; what the commands do stands in its subclasses."""

    line_length_limit = BLOCK  # what the stream buffers before it stops reading
    greeting = "ESMTP"

    def __init__(self, reception: Reception, loop: asyncio.AbstractEventLoop) -> None:
        self._settings = reception.settings
        super().__init__(
            None,
            data_size_limit=self._settings.max_message_size,
            hostname=self._settings.hostname,  # never left out: aiosmtpd would ask DNS for it
            tls_context=reception.tls,
            loop=loop,
        )
        self._reception = reception
        self._patience = Patience(self._settings, loop.time())
        self._turned_away: Reply | None = None
        self._errors = 0
        self._counts: dict[str, int] = {}
        self._is_parting = False
        self.peer = peer_of(None, ())

    # The connection

    def _cb_client_connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        super()._cb_client_connected(reader, writer)
        self._wire = Wire(reader)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client came, or TLS began: then aiosmtpd forgets the session, we what was read (RFC 3207 §4.2)."""
        is_new = self.transport is None
        super().connection_made(transport)
        if not is_new:
            self._wire.forget()
            return
        self.peer = peer_of(transport.get_extra_info("peername"), self._reception.trusted)
        self._turned_away = self._reception.gate.enter(self, self.loop.time())

    def _set_post_data_state(self) -> None:
        self.envelope = self._create_envelope()

    def _set_rset_state(self) -> None:
        self._set_post_data_state()

    def connection_lost(self, error: Exception | None) -> None:
        """The connection is gone. A commit under way goes on."""
        self._reception.left(self)
        super().connection_lost(error)

    def eof_received(self) -> bool:
        """The client said all it had to say; what it sent is still worked on and answered (aiosmtpd would cancel)."""
        self._reader.feed_eof()
        return self._tls_protocol is None

    @property
    def is_busy(self) -> bool:
        """True while a message is received or committed."""
        return self._patience.phase is not Phase.COMMANDS

    def active_at(self, now: float) -> float:
        """The last moment at which the client did its part."""
        return self._patience.active_at(now)

    def bye(self, why: Reply) -> None:
        """Say `why` and close, from outside the dialogue. A client that does not even read that is cut off."""
        transport = self.transport
        if not isinstance(transport, asyncio.Transport) or transport.is_closing():
            return None
        if self._is_parting:  # the last words are said
            return self._close()
        event("smtp.closed", client=self.peer.address, why=why)
        if self._is_shaking_hands and self._original_transport is not None:
            self._original_transport.abort()  # type: ignore[attr-defined] # there is no way to speak
            return None
        self._writer.write(f"{why}\r\n".encode("ascii"))
        return self._close()

    def _close(self) -> None:
        if isinstance(self.transport, asyncio.Transport):
            self.transport.close()
            self.loop.call_later(_CLOSE_WITHIN, self.transport.abort)

    @property
    def _is_shaking_hands(self) -> bool:
        return self._tls_protocol is not None and (self.session is None or self.session.ssl is None)

    # Time

    def _reset_timeout(self, duration: float | None = None) -> None:
        del duration
        self._watch()

    def _watch(self) -> None:
        """Look at the clocks when the next may be due. A deadline that moved away is found out by looking."""
        if self._timeout_handle is not None:
            self._timeout_handle.cancel()
        due = min(self._patience.due(), self.loop.time() + _LOOK)
        self._timeout_handle = self.loop.call_at(due, self._timeout_cb)

    def _timeout_cb(self) -> None:
        why = self._patience.overdue(self.loop.time())
        self._watch()
        if why is not None:
            self.bye(why)

    # The dialogue

    async def _handle_client(self) -> None:
        try:
            if self._turned_away is not None:
                raise Goodbye(self._turned_away)  # noqa: TRY301 - one way out for all
            await self._greet()
            while True:
                await self._obey(await self._wire.line())
                if self._reception.gate.draining:
                    raise Goodbye(reply.SHUTTING_DOWN)  # noqa: TRY301
        except Goodbye as bye:
            await self._part(bye.why)
        except (EOFError, ConnectionError):
            event("smtp.lost", logging.DEBUG, client=self.peer.address, phase=self._patience.phase.value)
        finally:
            self._close()

    async def _greet(self) -> None:
        """Greet, but not a client that talks first: it is a program that does not listen (threats SM-09)."""
        if self._settings.greeting_pause > 0 and not self.peer.exempt:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._settings.greeting_pause):
                    await self._wire.peek()
                    raise Goodbye(reply.NOT_SYNCHRONISED)
        await self._write(f"220 {self.hostname} {self.greeting} mailgate")

    async def _part(self, why: Reply) -> None:
        """Say the last words. A client in full flow would lose them to a reset, so hear it out for a moment."""
        self._is_parting = True
        if why is not reply.BYE:
            event("smtp.closed", client=self.peer.address, why=why)
        with contextlib.suppress(EOFError, ConnectionError, TimeoutError):
            async with asyncio.timeout(self._settings.linger):
                await self._write(str(why))
                if why is reply.BYE or not self._writer.can_write_eof() or self._turned_away:
                    return
                self._writer.write_eof()
                heard = 0
                while heard < _LINGER_BYTES:
                    heard += len(await self._wire.block())

    async def _obey(self, line: bytes) -> None:
        """Carry out one command line. An error of ours is 451, and shows nothing of itself."""
        self._patience.command(self.loop.time())
        try:
            await self._dispatch(line)
        except BadArgument as bad:
            await self.say(bad.why)
        except (Goodbye, EOFError, ConnectionError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the client comes again
            await self._write(await self.handle_exception(error))

    async def _dispatch(self, line: bytes) -> None:
        verb_bytes, _, arg_bytes = line.partition(b" ")
        verb = verb_bytes.decode("ascii", "replace").upper()
        if verb in _HTTP:
            raise Goodbye(reply.NOT_SMTP)
        if len(line) > _MAX_COMMAND:
            return await self.say(reply.LINE_TOO_LONG)
        if not arg_bytes.isascii() and verb in {"MAIL", "RCPT"}:
            return await self.say(reply.NOT_ASCII)
        if not line.isascii() or not line.decode("ascii").isprintable():
            return await self.say(reply.BAD_LINE)
        method = self._smtp_methods.get(verb)
        if method is None:
            return await self.say(reply.UNKNOWN_COMMAND)
        self._count(verb)
        await method(arg_bytes.decode("ascii").strip(" ") or None)
        return None

    def _count(self, verb: str) -> None:
        """No command for ever: without a mail each has its limit (threats SM-03)."""
        self._counts[verb] = count = self._counts.get(verb, 0) + 1
        most = self._settings.max_same_command if verb != "RCPT" else _RCPT_FACTOR * self._settings.max_recipients
        if count > most and verb != "QUIT":
            raise Goodbye(reply.TOO_MANY_COMMANDS)

    async def handle_exception(self, error: Exception) -> str:
        """Log an unexpected error and hide it behind 451."""
        LOG.error("smtp.error client=%s", self.peer.address, exc_info=error, extra={"event": "smtp.error"})
        return str(reply.TRY_LATER)

    async def say(self, why: Reply) -> None:
        """Send a reply. Refusals are counted, come slower from the second on, and end the session when too many."""
        if not why.is_refusal:
            return await self._write(str(why))
        self._errors += 1
        event("smtp.refused", client=self.peer.address, why=why)
        if self._errors > 1 and not self.peer.exempt:
            await asyncio.sleep(self._settings.error_delay)
        await self._write(str(why))
        if self._errors >= self._settings.max_errors:
            raise Goodbye(reply.TOO_MANY_ERRORS)
        return None

    async def push(self, status: str | bytes) -> None:
        """What aiosmtpd still says by itself: the answer to STARTTLS, here with its enhanced code."""
        del status
        await self._write(str(reply.READY_FOR_TLS))

    async def _write(self, text: str) -> None:
        self._writer.write(f"{text}\r\n".encode("ascii"))
        await self._writer.drain()
