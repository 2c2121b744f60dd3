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
    """Never, says the next hop. `about_us` where it speaks of policy or of the sender: it may mean all our mail."""

    reply: str
    about_us: bool = False


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Nobody took any mail: the next hop is down or has no time for us. All mail waits (threats OB-01)."""

    reply: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """The next hop takes nothing from us as things are (login, TLS, policy): hold all and tell a person (OB-07)."""

    reply: str


Outcome = Sent | Deferred | Failed | Unreachable | Stopped


class Courier(Protocol):
    """Carries parcels, one at a time; every error is an outcome, never an exception."""

    async def send(self, parcel: Parcel) -> Outcome:
        """Try once to hand a parcel over."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
