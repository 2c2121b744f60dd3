"""What is asked: the kind of a request, its references, department, priority, and what is missing.

The values of this module are filled by `recognise` (recognition.py) from the mail's own words, the operator's phrase
rules and the account's products; every hit is kept as a signal for `message explain`.
"""

from dataclasses import dataclass, field
from enum import StrEnum

_PLAIN = 0.6  # from this probability on the model is rather sure


class RequestKind(StrEnum):
    """Three kinds; the strongest counts. Doubt counts as `account` for anyone unregistered."""

    GENERAL = "general"
    ACCOUNT = "account"
    SENSITIVE = "sensitive"


class ReferenceType(StrEnum):
    """What a reference names."""

    CUSTOMER = "customer"
    ORDER = "order"
    INVOICE = "invoice"
    SERVER = "server"
    DOMAIN = "domain"
    IP = "ip"


class Priority(StrEnum):
    """High only for a complete outage or a break-in under way."""

    NORMAL = "normal"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Reference:
    """Something that the mail names; `account` is the customer number it belongs to, None where unknown.

    `why` tells how it was told (probability and what spoke for it), empty where its form alone tells.
    """

    type: ReferenceType
    value: str
    account: str | None = None
    why: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Request:
    """What a mail asks for. `missing` names facts that a critical report lacks; `signals` say why all this."""

    kind: RequestKind
    department: str
    priority: Priority = Priority.NORMAL
    language: str | None = None
    product: str | None = None
    references: tuple[Reference, ...] = ()
    missing: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()

    @property
    def is_plainly_sensitive(self) -> bool:
        """True where a phrase says that it is sensitive, or the model is rather sure: more than a doubt."""
        return self.kind is RequestKind.SENSITIVE and any(
            name == "phrase:sensitive" or (name == "model:sensitive" and float(rest.split()[0]) >= _PLAIN)
            for name, _, rest in (signal.partition(" ") for signal in self.signals)
        )
