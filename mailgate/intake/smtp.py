"""The SMTP commands (RFC 5321 §4.1), and the message after DATA up to the reply that says it is stored."""

from functools import partial

from aiosmtpd.smtp import TLSSetupException

from mailgate.core import reply
from mailgate.core.mail.envelope import Client, Envelope
from mailgate.core.mail.hops import count_hops
from mailgate.core.reply import Reply
from mailgate.intake.data import Receiver
from mailgate.intake.log import event
from mailgate.intake.paths import parse_mail, parse_rcpt
from mailgate.intake.session import Session
from mailgate.intake.wire import Goodbye

_MAX_HELLO = 255
_ACCEPTED = 250


class SmtpSession(Session):
    """One connection of a client that speaks SMTP. Methods named `smtp_X` are found by aiosmtpd as command X."""

    async def smtp_HELO(self, hostname: str | None) -> None:  # noqa: N802 - aiosmtpd finds commands by name
        """RFC 5321 §4.1.1.1, without extensions."""
        if await self._hello(hostname, extended=False):
            await self._write(f"250 {self.hostname}")

    async def smtp_EHLO(self, hostname: str | None) -> None:  # noqa: N802
        """RFC 5321 §4.1.1.1: only what works is offered."""
        if await self._hello(hostname, extended=True):
            await self._write("\r\n".join(self._offers()))

    def _offers(self) -> list[str]:
        offers = [
            self.hostname,
            f"SIZE {self._settings.max_message_size}",
            "8BITMIME",
            "PIPELINING",
            *(["STARTTLS"] if self.tls_context and not self._tls_protocol else []),
            "ENHANCEDSTATUSCODES",
        ]
        return [f"250{'-' if number < len(offers) else ' '}{offer}" for number, offer in enumerate(offers, 1)]

    async def _hello(self, hostname: str | None, *, extended: bool) -> bool:
        if self._wire.pending:  # RFC 2920 §3.1: last in a group; nobody knows yet that we take groups
            raise Goodbye(reply.NOT_SYNCHRONISED)
        if not hostname or len(hostname) > _MAX_HELLO or " " in hostname:
            await self.say(reply.BAD_HELLO)
            return False
        assert self.session is not None
        self._set_rset_state()
        self.session.extended_smtp = extended
        self.session.host_name = hostname
        return True

    async def smtp_NOOP(self, arg: str | None) -> None:  # noqa: N802
        """RFC 5321 §4.1.1.9."""
        del arg
        await self.say(reply.OK)

    async def smtp_RSET(self, arg: str | None) -> None:  # noqa: N802
        """RFC 5321 §4.1.1.5."""
        if arg:
            return await self.say(reply.NO_ARGUMENT)
        self._set_rset_state()
        return await self.say(reply.OK)

    async def smtp_QUIT(self, arg: str | None) -> None:  # noqa: N802
        """RFC 5321 §4.1.1.10."""
        if arg:
            return await self.say(reply.NO_ARGUMENT)
        raise Goodbye(reply.BYE)

    async def smtp_HELP(self, arg: str | None) -> None:  # noqa: N802
        """RFC 5321 §4.1.1.8."""
        del arg
        await self.say(reply.HELP)

    async def smtp_VRFY(self, arg: str | None) -> None:  # noqa: N802
        """RFC 5321 §7.3: the same answer for every address."""
        await self.say(reply.CANNOT_VERIFY if arg else reply.BAD_PARAMETER)

    async def smtp_EXPN(self, arg: str | None) -> None:  # noqa: N802
        """RFC 5321 §7.3."""
        del arg
        await self.say(reply.NOT_IMPLEMENTED)

    async def smtp_AUTH(self, arg: str | None) -> None:  # noqa: N802
        """Nobody logs in here."""
        del arg
        await self.say(reply.NOT_IMPLEMENTED)

    async def smtp_STARTTLS(self, arg: str | None) -> None:  # noqa: N802
        """RFC 3207. Bytes behind the command were said in clear and would count as protected (threats SM-06)."""
        if arg:
            return await self.say(reply.NO_ARGUMENT)
        if self.tls_context is None:
            return await self.say(reply.NOT_IMPLEMENTED)
        if self._tls_protocol is not None:
            return await self.say(reply.TLS_ALREADY)
        if self._wire.pending:
            raise Goodbye(reply.NOT_SYNCHRONISED)
        try:
            await super().smtp_STARTTLS("")
        except TLSSetupException as error:
            event("smtp.tls-failed", client=self.peer.address, error=error.__cause__)
        if self._is_shaking_hands:  # the handshake ended without TLS: nobody else tells us that it is over
            self.connection_lost(None)
        return None

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        """RFC 5321 §4.1.1.2; what is too big or has no room is told before its bytes are sent (RFC 1870 §6.1)."""
        assert self.session is not None
        assert self.envelope is not None
        if not self.session.host_name:
            return await self.say(reply.HELLO_FIRST)
        if self.envelope.mail_from is not None:
            return await self.say(reply.NESTED_MAIL)
        found = parse_mail(arg, extended=self.session.extended_smtp)
        why = self._reception.may_come(self.peer, found.size, self.loop.time())
        if why is reply.SENDER_OK:
            self.envelope.mail_from = found.reverse_path
        return await self.say(why)

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        """RFC 5321 §4.1.1.3: our addresses only."""
        assert self.session is not None
        assert self.envelope is not None
        if self.envelope.mail_from is None:
            return await self.say(reply.MAIL_FIRST)
        if len(self.envelope.rcpt_tos) >= self._settings.max_recipients:
            return await self.say(reply.TOO_MANY_RECIPIENTS)
        known = self._reception.hooks.recipient_known
        extended = self.session.extended_smtp
        recipient = parse_rcpt(arg, extended=extended, domains=self._settings.domains, known=known)
        self.envelope.rcpt_tos.append(recipient)
        return await self.say(reply.RECIPIENT_OK)

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802
        """RFC 5321 §4.1.1.4: the positive reply comes after the commit."""
        assert self.envelope is not None
        if self._wire.pending:  # RFC 2920 §3.1: DATA is last in a group
            raise Goodbye(reply.NOT_SYNCHRONISED)
        if arg:
            return await self.say(reply.NO_ARGUMENT)
        if self.envelope.mail_from is None:
            return await self.say(reply.MAIL_FIRST)
        recipients = tuple(self.envelope.rcpt_tos)
        if not recipients:
            return await self.say(reply.NO_RECIPIENTS)
        await self.say(reply.START_DATA)
        why = await self._take(self.envelope.mail_from, recipients)
        self._set_post_data_state()
        if why.code == _ACCEPTED:
            event(
                "smtp.accepted", client=self.peer.address, reply=why, recipients=len(recipients), tls=self._tls_version
            )
            self._patience.mail(self.loop.time())
            self._counts.clear()
        else:
            self._patience.command(self.loop.time())
        self._watch()
        return await self._answer_data(why, len(recipients))

    @property
    def _tls_version(self) -> str:
        found = self._writer.get_extra_info("ssl_object") if self._tls_protocol else None
        return str(found.version()) if found else "none"

    async def _answer_data(self, why: Reply, recipients: int) -> None:
        """The reply after the dot."""
        del recipients
        await self.say(why)

    async def _take(self, reverse_path: str, recipients: tuple[str, ...]) -> Reply:
        """Receive the message and have it stored; the reply to it."""
        spool = self._reception.new_spool()
        receiver = Receiver(limit=self._settings.max_message_size, line_limit=self._settings.max_line, spool=spool)
        try:
            await self._receive(receiver)
        except BaseException:
            spool.close()
            raise
        if receiver.refusal is not None:
            return receiver.refusal  # it has closed the spool
        return await self._reception.store(spool, partial(self._seal, reverse_path, recipients))

    async def _receive(self, receiver: Receiver) -> None:
        self._patience.data_begins(self.loop.time())
        self._watch()
        rest: bytes | None = None
        while rest is None:
            block = await self._wire.block()
            self._patience.data(self.loop.time(), len(block))
            rest = receiver.feed(block)
        self._wire.unread(rest)
        self._patience.commit_begins()

    def _seal(self, reverse_path: str, recipients: tuple[str, ...], raw: bytes) -> Envelope | Reply:
        assert self.session is not None
        if count_hops(raw) > self._settings.max_received:
            return reply.TOO_MANY_HOPS
        hooks = self._reception.hooks
        return Envelope(
            id=hooks.new_id(),
            received_at=hooks.now(),
            transport=self._settings.transport,
            client=Client(self.peer.address, self.session.host_name or "", trusted=self.peer.trusted),
            reverse_path=reverse_path,
            forward_path=tuple(dict.fromkeys(recipients)),
            raw=raw,
        )
