"""Accounts, their contacts and products, and whom the author of a mail is to us."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """What a contact may ask for its account (docs/policy.md, "Roles")."""

    OWNER = "owner"
    TECHNICAL = "technical"
    BILLING = "billing"
    CONTACT = "contact"


class MailKind(StrEnum):
    """What the desk sends a contact copies of."""

    SUPPORT = "support"
    BILLING = "billing"
    ABUSE = "abuse"
    INCIDENTS = "incidents"


@dataclass(frozen=True, slots=True)
class Contact:
    """One registered address of an account. `valid_until` is the last day on which it speaks for the account."""

    address: str
    name: str
    role: Role
    mail_kinds: tuple[MailKind, ...] = ()
    valid_until: date | None = None

    def is_valid(self, today: date) -> bool:
        """True up to and including the last day."""
        return self.valid_until is None or today <= self.valid_until


@dataclass(frozen=True, slots=True)
class Product:
    """Something that the account has: `kind` is server, domain, ip, order or another word of the operator's."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Account:
    """A customer. `number` is the customer number as text; contacts are those not ended."""

    number: str
    name: str
    language: str | None = None
    service_level: str | None = None
    contacts: tuple[Contact, ...] = ()
    products: tuple[Product, ...] = ()


class AuthorKind(StrEnum):
    """Whom the address in From belongs to."""

    REGISTERED = "registered"
    STRANGER = "stranger"
    AGENT = "agent"
    OURSELVES = "ourselves"


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the author's address names, by exact comparison; nothing here says that the claim is true: see `Grade`.

    `account` is None for strangers and where one address is registered to several accounts (`ambiguous`, ID-18).
    `lookalike_of` names a registered domain that the author's domain resembles (ID-05).
    """

    kind: AuthorKind
    account: Account | None = None
    contact: Contact | None = None
    agent: str | None = None
    ambiguous: bool = False
    lookalike_of: str | None = None
