"""Accounts: taken over from the operator's list, found by address, number or what they have.

Addresses here are canonical (`core.who.address.canonical`), and compared byte by byte by the database (threats ID-07).
"""

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, insert, select, tuple_, update
from sqlmodel import Session

from mailgate.core.who.identity import Account, Contact, MailKind, Product, Role
from mailgate.core.who.ownership import spellings
from mailgate.core.who.request import Reference, ReferenceType
from mailgate.store import clocks
from mailgate.store.sql import upsert
from mailgate.store.tables.base import table_of
from mailgate.store.tables.people import AccountRow, ContactRow, ProductRow
from mailgate.store.values import as_json

_ACCOUNT = table_of(AccountRow)
_CONTACT = table_of(ContactRow)
_PRODUCT = table_of(ProductRow)
_LIVE_ACCOUNT = _ACCOUNT.c.ended_at.is_(None)
_LIVE_CONTACT = _CONTACT.c.ended_at.is_(None)


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import changed. An account counts as changed where its contacts or products did."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    accounts_ended: int = 0
    contacts_ended: int = 0


def import_accounts(session: Session, accounts: Sequence[Account], *, replace: bool, now: datetime) -> ImportSummary:
    """Insert or update by customer number. Run it with `Database.decide`.

    Without `replace` contacts and products that the list lacks stay. With it they end, and so do accounts that it
    lacks; rows of ended accounts and contacts are kept. Addresses must be canonical and unique within an account.
    """
    known = {account.number: account for account in list_accounts(session)}
    added = changed = contacts_ended = 0
    for account in accounts:
        before = known.get(account.number)
        target = account if replace or before is None else _merged(before, account)
        if before == target:
            continue
        added, changed = added + (before is None), changed + (before is not None)
        contacts_ended += _write(session, before, target, now)
    gone = [number for number in known if replace and number not in {account.number for account in accounts}]
    contacts_ended += sum(_end_account(session, number, now) for number in gone)
    unchanged = len(accounts) - added - changed
    return ImportSummary(added, changed, unchanged, len(gone), contacts_ended)


def list_accounts(session: Session) -> list[Account]:
    """All accounts that have not ended, by number; contacts past their `valid_until` are included."""
    return _ALL.load(session, {})


def show_account(session: Session, number: str) -> Account | None:
    """One account; None where there is none, or it has ended."""
    return next(iter(_BY_NUMBER.load(session, {"wanted": number})), None)


def account_by_number(session: Session, number: str, today: date) -> Account | None:
    """One account with the contacts that speak for it today."""
    account = show_account(session, number)
    return None if account is None else _valid(account, today)


def accounts_by_address(session: Session, address: str, today: date) -> tuple[tuple[Account, Contact], ...]:
    """The accounts that the canonical address speaks for today, each with its contact; several: ambiguous (ID-18)."""
    found = _BY_ADDRESS.load(session, {"contact": address})
    return tuple(
        (account, contact)
        for account in (_valid(item, today) for item in found)
        for contact in account.contacts
        if contact.address == address
    )


def accounts_by_references(
    session: Session, references: Sequence[Reference], today: date
) -> tuple[tuple[Reference, ...], tuple[Account, ...]]:
    """The references with `account` set where they name exactly one, and all accounts that are named."""
    wanted = {
        item: [(item.type.value, _lookup(item.type.value, name)) for name in spellings(item)] for item in references
    }
    owners = _owners(session, {name for names in wanted.values() for name in names})
    marked = tuple(
        replace(item, account=_only(set[str]().union(*(owners.get(name, ()) for name in wanted[item]))))
        for item in references
    )
    numbers = {number for names in owners.values() for number in names}
    if not numbers:
        return marked, ()
    found = _BY_NUMBERS.load(session, {"wanted": sorted(numbers)})
    return marked, tuple(_valid(account, today) for account in found)


def registered_domains(session: Session) -> frozenset[str]:
    """The domains of all live contacts, by which look-alikes are found (threats ID-05)."""
    return frozenset(session.connection().scalars(_DOMAINS))


def _owners(session: Session, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], set[str]]:
    """Numbers of live accounts by what they are named by."""
    owners: dict[tuple[str, str], set[str]] = {}
    customer = ReferenceType.CUSTOMER.value
    numbers = sorted({spelt for kind, name in wanted if kind == customer for spelt in (name, name.upper())})
    things = sorted(item for item in wanted if item[0] != customer)
    connection = session.connection()
    if numbers:
        query = select(_ACCOUNT.c.number).where(_LIVE_ACCOUNT, _ACCOUNT.c.number.in_(numbers))
        for number in connection.scalars(query):
            owners.setdefault((customer, number.lower()), set()).add(number)
    if things:
        joined = _PRODUCT.join(_ACCOUNT, _ACCOUNT.c.number == _PRODUCT.c.account)
        named = tuple_(_PRODUCT.c.kind, _PRODUCT.c.lookup).in_(things)
        product = select(_PRODUCT.c.kind, _PRODUCT.c.lookup, _PRODUCT.c.account).select_from(joined)
        for kind, name, number in connection.execute(product.where(_LIVE_ACCOUNT, named)):
            owners.setdefault((kind, name), set()).add(number)
    return owners


def _only(numbers: set[str]) -> str | None:
    return next(iter(numbers)) if len(numbers) == 1 else None


def _lookup(kind: str, name: str) -> str:
    """The form in which names of things are compared: case, `#` and the spelling of an IP address do not count."""
    plain = name.strip().lower()
    if kind == ReferenceType.IP.value:
        try:
            return ipaddress.ip_address(plain).compressed
        except ValueError:
            return plain
    return plain.lstrip("#")


def _valid(account: Account, today: date) -> Account:
    return replace(account, contacts=tuple(item for item in account.contacts if item.is_valid(today)))


@dataclass(frozen=True, slots=True)
class _Queries:
    """The statements that read accounts and what belongs to them; to build them takes ten times as long as to run."""

    contacts: Select[Any]
    products: Select[Any]
    accounts: Select[Any]

    @classmethod
    def of(cls, which: ColumnElement[bool]) -> "_Queries":
        numbers = select(_ACCOUNT.c.number).where(which)
        contacts = select(_CONTACT).where(_LIVE_CONTACT, _CONTACT.c.account.in_(numbers))
        products = select(_PRODUCT).where(_PRODUCT.c.account.in_(numbers))
        return cls(
            contacts.order_by(_CONTACT.c.account, _CONTACT.c.id),
            products.order_by(_PRODUCT.c.account, _PRODUCT.c.id),
            select(_ACCOUNT).where(which).order_by(_ACCOUNT.c.number),
        )

    def load(self, session: Session, values: Mapping[str, Any]) -> list[Account]:
        connection = session.connection()
        rows = connection.execute(self.accounts, values).all()
        if not rows:
            return []
        contacts = _grouped(connection.execute(self.contacts, values))
        products = _grouped(connection.execute(self.products, values))
        return [
            Account(
                number=row.number,
                name=row.name,
                language=row.language,
                service_level=row.service_level,
                contacts=tuple(_contact(item) for item in contacts.get(row.number, ())),
                products=tuple(Product(item.kind, item.name) for item in products.get(row.number, ())),
            )
            for row in rows
        ]


_ALL = _Queries.of(_LIVE_ACCOUNT)
_BY_NUMBER = _Queries.of(and_(_LIVE_ACCOUNT, _ACCOUNT.c.number == bindparam("wanted")))
_BY_NUMBERS = _Queries.of(and_(_LIVE_ACCOUNT, _ACCOUNT.c.number.in_(bindparam("wanted", expanding=True))))
_REGISTERED = select(_CONTACT.c.account).where(_LIVE_CONTACT, _CONTACT.c.address == bindparam("contact"))
_BY_ADDRESS = _Queries.of(and_(_LIVE_ACCOUNT, _ACCOUNT.c.number.in_(_REGISTERED)))
_DOMAINS = select(_CONTACT.c.domain).where(_LIVE_CONTACT).distinct()


def _grouped(rows: Iterable[Any]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for row in rows:
        groups.setdefault(row.account, []).append(row)
    return groups


def _contact(row: Any) -> Contact:
    return Contact(
        address=row.address,
        name=row.name,
        role=Role(row.role),
        mail_kinds=tuple(MailKind(kind) for kind in row.mail_kinds),
        valid_until=row.valid_until,
    )


def _merged(before: Account, account: Account) -> Account:
    """The account as the list says, with the contacts and products that only we know."""
    stated = {contact.address: contact for contact in account.contacts}
    kept = tuple(stated.pop(contact.address, contact) for contact in before.contacts)
    more = tuple(product for product in account.products if product not in before.products)
    return replace(account, contacts=kept + tuple(stated.values()), products=before.products + more)


def _write(session: Session, before: Account | None, account: Account, now: datetime) -> int:
    """Make the rows say what `account` says; returns how many contacts ended."""
    values = {
        "number": account.number,
        "name": account.name,
        "language": account.language,
        "service_level": account.service_level,
        "ended_at": None,
    }
    connection = session.connection()
    if before is None:  # it may be one that ended: then the products of old are not its own any more
        upsert(session, _ACCOUNT, {**values, "created_at": now}, unique="number")
        connection.execute(delete(_PRODUCT).where(_PRODUCT.c.account == account.number))
    else:
        connection.execute(update(_ACCOUNT).where(_ACCOUNT.c.number == account.number).values(**values))
    if before is not None and before.service_level != account.service_level:
        clocks.mark_account_stale(session, account.number, now)
    _write_products(session, account, () if before is None else before.products)
    return _write_contacts(session, account, () if before is None else before.contacts, now)


def _write_products(session: Session, account: Account, before: tuple[Product, ...]) -> None:
    connection = session.connection()
    for product in before:
        if product not in account.products:
            this = and_(
                _PRODUCT.c.account == account.number,
                _PRODUCT.c.kind == product.kind,
                _PRODUCT.c.name == product.name,
            )
            connection.execute(delete(_PRODUCT).where(this))
    for product in dict.fromkeys(account.products):
        if product not in before:
            values = {"account": account.number, "kind": product.kind, "name": product.name}
            connection.execute(insert(_PRODUCT), {**values, "lookup": _lookup(product.kind, product.name)})


def _write_contacts(session: Session, account: Account, before: tuple[Contact, ...], now: datetime) -> int:
    connection = session.connection()
    known = {contact.address: contact for contact in before}
    for contact in account.contacts:
        earlier = known.pop(contact.address, None)
        values = {
            "name": contact.name,
            "role": contact.role,
            "mail_kinds": as_json(contact.mail_kinds),
            "valid_until": contact.valid_until,
        }
        if earlier is None:
            domain = contact.address.rpartition("@")[2]
            more = {"account": account.number, "address": contact.address, "domain": domain, "created_at": now}
            connection.execute(insert(_CONTACT), {**values, **more})
        elif earlier != contact:
            connection.execute(update(_CONTACT).where(_this_contact(account.number, contact.address)).values(**values))
    for address in known:
        connection.execute(update(_CONTACT).where(_this_contact(account.number, address)).values(ended_at=now))
    return len(known)


def _this_contact(number: str, address: str) -> ColumnElement[bool]:
    return and_(_LIVE_CONTACT, _CONTACT.c.account == number, _CONTACT.c.address == address)


def _end_account(session: Session, number: str, now: datetime) -> int:
    connection = session.connection()
    connection.execute(update(_ACCOUNT).where(_ACCOUNT.c.number == number).values(ended_at=now))
    live = and_(_LIVE_CONTACT, _CONTACT.c.account == number)
    return connection.execute(update(_CONTACT).where(live).values(ended_at=now)).rowcount
