"""The LMTP server (RFC 2033): SMTP with LHLO, and one reply after the dot for each accepted recipient."""

from mailgate.core import reply
from mailgate.core.reply import Reply
from mailgate.intake.smtp import SmtpSession


class LmtpSession(SmtpSession):
    """One connection of an MTA that hands mail on."""

    greeting = "LMTP"

    async def smtp_LHLO(self, hostname: str | None) -> None:  # noqa: N802 - aiosmtpd finds commands by name
        """RFC 2033 §4.1."""
        await super().smtp_EHLO(hostname)

    async def smtp_EHLO(self, hostname: str | None) -> None:  # noqa: N802
        """RFC 2033 §4.1: an LMTP server refuses the hello of SMTP."""
        del hostname
        await self.say(reply.UNKNOWN_COMMAND)

    async def smtp_HELO(self, hostname: str | None) -> None:  # noqa: N802
        """RFC 2033 §4.1."""
        await self.smtp_EHLO(hostname)

    async def _answer_data(self, why: Reply, recipients: int) -> None:
        """RFC 2033 §4.2: in the order of RCPT, one for each, duplicates too; one transaction has one fate."""
        for _ in range(recipients - 1):
            await self._write(str(why))
        await self.say(why)
