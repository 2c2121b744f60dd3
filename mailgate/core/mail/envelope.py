"""The envelope: what the transport told us about a message, and its bytes (RFC 5321 §2.3.1)."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Transport(StrEnum):
    """How a mail came in."""

    SMTP = "smtp"
    LMTP = "lmtp"
    IMAP = "imap"
    STDIN = "stdin"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Client:
    """The peer of an SMTP or LMTP session; `trusted` where its network is listed in `[smtp] trusted_networks`."""

    address: str
    helo: str = ""
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class Envelope:
    """One accepted transaction. `reverse_path` is "" for the null reverse-path; `raw` are the bytes as received.

    `transport_key` is the transport's own name for the mail where it has one (IMAP: mailbox, UIDVALIDITY, UID);
    `arrived_at` is when it came into the mailbox that we took it from (IMAP: INTERNALDATE), as its server says.
    """

    id: str
    received_at: datetime
    transport: Transport
    client: Client | None
    reverse_path: str
    forward_path: tuple[str, ...]
    raw: bytes
    transport_key: str | None = None
    arrived_at: datetime | None = None

    @property
    def from_trusted_hop(self) -> bool:
        """True where a system of ours handed the mail over, so that what it wrote into the header may be believed.

        That is a client in `[smtp] trusted_networks`, whoever may write to our LMTP socket file, and what comes without
        a client: the provider's mailbox, a pipe, an import. Any other client writes what it likes (threats ID-19).
        """
        if self.client is None or self.client.trusted:
            return True
        return self.transport is Transport.LMTP and not self.client.address

    @property
    def sha256(self) -> str:
        """Hash of the raw bytes, hexadecimal."""
        return hashlib.sha256(self.raw).hexdigest()

    @property
    def delivery_key(self) -> str:
        """Names this delivery: a second one with the same key is a redelivery (threats SM-12, IM-03)."""
        if self.transport_key is not None:
            return f"{self.transport}:{self.transport_key}"
        path = "\0".join((self.sha256, self.reverse_path, *sorted(self.forward_path)))
        return f"wire:{hashlib.sha256(path.encode('utf-8', 'surrogatepass')).hexdigest()}"
