"""What a courier is, and how an attempt can end."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Parcel:
    """One mail on its way: finished bytes (CRLF), reverse-path ("" = null), one recipient (RFC 3834 §3.1.3)."""

    message_id: str
    reverse_path: str
    recipient: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Sent:
    """The next hop took it; `reply` is what it said."""

    reply: str


@dataclass(frozen=True, slots=True)
class Deferred:
    """Not now: try again with the same bytes. `in_doubt` where the reply to the final dot got lost (threats OB-05)."""

    reply: str
    in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """Never for this recipient (a permanent code about this mail)."""

    reply: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """The next hop will take nothing from us as things are (login, TLS, policy): hold all and tell the operator."""

    reply: str


Outcome = Sent | Deferred | Failed | Stopped


class Courier(Protocol):
    """Carries parcels, one at a time; every error is an outcome, never an exception."""

    async def send(self, parcel: Parcel) -> Outcome:
        """Try once to hand a parcel over."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
