"""Tables of accounts, their contacts and products, and of support PINs that were tried."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from mailgate.core.who.identity import Role
from mailgate.store.tables.base import CleanJson, CleanText, Row, one_of

_LIVE = text("ended_at IS NULL")


class AccountRow(Row, table=True):
    """A customer. Ended accounts stay, so that old tickets keep their name."""

    __tablename__ = "account"

    number: str = Field(sa_type=CleanText, primary_key=True)
    name: str = Field(sa_type=CleanText)
    language: str | None = Field(default=None, sa_type=CleanText)
    service_level: str | None = Field(default=None, sa_type=CleanText)
    created_at: datetime
    ended_at: datetime | None = None
    pin_secret: bytes | None = None


class ContactRow(Row, table=True):
    """An address that speaks for an account. Compared byte by byte, in its canonical form (threats ID-07)."""

    __tablename__ = "contact"
    __table_args__ = (
        one_of("role", Role),
        Index(
            "uq_contact_account_address",
            "account",
            "address",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("ix_contact_address", "address"),
    )

    id: int | None = Field(default=None, primary_key=True)
    account: str = Field(sa_type=CleanText, foreign_key="account.number")
    address: str = Field(sa_type=CleanText)
    domain: str = Field(sa_type=CleanText, index=True)
    name: str = Field(sa_type=CleanText)
    role: str = Field(sa_type=CleanText)
    mail_kinds: list[str] = Field(sa_type=CleanJson)
    valid_until: date | None = None
    created_at: datetime
    ended_at: datetime | None = None


class ProductRow(Row, table=True):
    """Something that an account has. `lookup` is the name as references are compared with it."""

    __tablename__ = "product"
    __table_args__ = (UniqueConstraint("account", "kind", "name"), Index("ix_product_kind_lookup", "kind", "lookup"))

    id: int | None = Field(default=None, primary_key=True)
    account: str = Field(sa_type=CleanText, foreign_key="account.number")
    kind: str = Field(sa_type=CleanText)
    name: str = Field(sa_type=CleanText)
    lookup: str = Field(sa_type=CleanText)


class PinTryRow(Row, table=True):
    """A support PIN that was given; `step` is the time step that it matched, NULL where it was wrong."""

    __tablename__ = "pin_try"
    __table_args__ = (UniqueConstraint("account", "step"), Index("ix_pin_try_at", "at"))

    id: int | None = Field(default=None, primary_key=True)
    account: str = Field(sa_type=CleanText)
    at: datetime
    step: int | None = None
    ticket: int | None = Field(default=None, foreign_key="ticket.number", index=True)
    inbound: str | None = Field(default=None, sa_type=CleanText, foreign_key="inbound.id", index=True)
