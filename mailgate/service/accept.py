"""Accept: the raw mail and its envelope are stored and synced. Only then may the transport say that we have it."""

import asyncio
from collections.abc import Callable

from mailgate.core.mail.envelope import Envelope
from mailgate.store.writer import Writer


class Acceptor:
    """Stores mails from any transport and wakes whoever processes them."""

    def __init__(self, writer: Writer, accepted: Callable[[], None]) -> None:
        self._writer = writer
        self._accepted = accepted

    async def accept(self, envelope: Envelope) -> None:
        """Return when the mail is durable; a StoreError means that it is not, and that the sender should try again."""
        await asyncio.wrap_future(self._writer.submit(envelope))
        self._accepted()
