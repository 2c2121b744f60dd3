"""Accounts from a CSV file: read and checked whole, then stored in one transaction, or not at all.

Columns: `customer_number,name,email,role,mail_kinds,language,service_level,products,valid_until`, one row per contact,
UTF-8 with or without a byte order mark, separated by `,` or `;`. What an account has (name, language, service level,
products) is taken from its rows together: an empty cell leaves it to the account's other rows, two different values are
an error; the account is called like its first owner. Products are the union of all rows.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from mailgate.config import nearest, parse_address
from mailgate.core.who.address import is_shared_domain
from mailgate.core.who.identity import Account, Contact, MailKind, Product, Role
from mailgate.store.accounts import ImportSummary
from mailgate.store.accounts import import_accounts as store_accounts
from mailgate.store.engine import Database
from mailgate.store.errors import Conflict

COLUMNS = (
    "customer_number",
    "name",
    "email",
    "role",
    "mail_kinds",
    "language",
    "service_level",
    "products",
    "valid_until",
)
REQUIRED = ("customer_number", "name", "email", "role")
_LARGEST = 256 << 20
_ATTEMPTS = 5
_CELL = 10_000
_MOST_PROBLEMS = 200
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
_PRODUCT_KIND = re.compile(r"[a-z][a-z0-9-]{0,31}")
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

E = TypeVar("E", bound=StrEnum)


class AccountsError(Exception):
    """A file that is not imported; `problems` are lines `file:line: column: what is wrong`."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True)
class Found:
    """What a file holds: its accounts in the order of their first rows, and what is allowed but worth a look."""

    accounts: tuple[Account, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """One checked row."""

    line: int
    number: str
    name: str
    contact: Contact
    language: str | None
    service_level: str | None
    products: tuple[Product, ...]


@dataclass(slots=True)
class _Report:
    """Collects problems with their places."""

    file: str
    problems: list[str] = field(default_factory=list)

    def add(self, line: int, column: str, text: str) -> None:
        """Note a problem."""
        place = f"{self.file}:{line}: {column}: {text}" if column else f"{self.file}:{line}: {text}"
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(place)
        elif len(self.problems) == _MOST_PROBLEMS:
            self.problems.append(f"{self.file}: there are more problems than these {_MOST_PROBLEMS}")

    def stop(self) -> None:
        """Raise AccountsError where there was a problem."""
        if self.problems:
            raise AccountsError(self.problems)


def import_accounts(database: Database, accounts: Sequence[Account], *, replace: bool, now: datetime) -> ImportSummary:
    """Store accounts in one transaction; with `replace` accounts and contacts that the list lacks end.

    Decided again where another writer was faster.
    """
    for _ in range(_ATTEMPTS - 1):
        try:
            return database.decide(lambda session: store_accounts(session, accounts, replace=replace, now=now))
        except Conflict:
            continue
    return database.decide(lambda session: store_accounts(session, accounts, replace=replace, now=now))


def read_accounts(path: Path, *, languages: Sequence[str] = ()) -> Found:
    """Read and check a file. AccountsError holds every problem of it; nothing is stored here.

    `languages` are those that the desk offers; other ones are refused. Empty: any.
    """
    report = _Report(str(path))
    text = _read(path, report)
    rows = tuple(_rows(text, report, languages))
    report.stop()
    accounts = tuple(_accounts(rows, report))
    report.stop()
    return Found(accounts, tuple(_warnings(accounts)))


def _read(path: Path, report: _Report) -> str:
    try:
        with path.open("rb") as stream:
            raw = stream.read(_LARGEST + 1)
    except OSError as error:
        raise AccountsError([f"{path}: cannot be read: {error.strerror}"]) from error
    if len(raw) > _LARGEST:
        raise AccountsError([f"{path}: is larger than {_LARGEST >> 20} MiB"])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        report.add(line, "", f"byte {raw[error.start]:#04x} is not UTF-8; save the file as UTF-8")
        raise AccountsError(report.problems) from error


def _rows(text: str, report: _Report, languages: Sequence[str]) -> Iterator[_Row]:
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begin = 1
    try:
        head = _head(next(reader, []), report)
        begin = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                row = _row(begin, cells, head, report, languages)
                if row is not None:
                    yield row
            begin = reader.line_num + 1
    except csv.Error as error:
        report.add(begin, "", f"is no CSV: {error}")


def _head(cells: Sequence[str], report: _Report) -> tuple[str, ...]:
    """The columns by position; unknown, double and missing ones end the import at once."""
    head = tuple(cell.strip().lower() for cell in cells)
    for name in head:
        if name not in COLUMNS:
            report.add(1, "", f"{name!r} is no column{nearest(name, COLUMNS)}; the columns are {', '.join(COLUMNS)}")
        elif head.count(name) > 1:
            report.add(1, name, "stands twice in the first line")
    for name in REQUIRED:
        if name not in head:
            report.add(1, name, "is missing in the first line")
    report.stop()
    return head


def _row(
    line: int, cells: Sequence[str], head: Sequence[str], report: _Report, languages: Sequence[str]
) -> _Row | None:
    before = len(report.problems)
    if len(cells) != len(head):
        report.add(line, "", f"has {len(cells)} cells; the first line has {len(head)} columns")
        return None
    values = dict.fromkeys(COLUMNS, "") | {name: cell.strip() for name, cell in zip(head, cells, strict=True)}
    for name, value in values.items():
        if len(value) > _CELL:
            report.add(line, name, f"is longer than {_CELL} characters")
        elif (found := _STEERING.search(value)) is not None:
            report.add(line, name, f"holds the character U+{ord(found[0]):04X}")
        elif name in REQUIRED and not value:
            report.add(line, name, "is empty")
    if len(report.problems) != before:
        return None
    row = _checked(line, values, report, languages)
    return row if len(report.problems) == before else None


def _checked(line: int, values: Mapping[str, str], report: _Report, languages: Sequence[str]) -> _Row:
    def add(column: str, text: str) -> None:
        report.add(line, column, text)

    number, language = values["customer_number"], values["language"].lower()
    if not _NUMBER.fullmatch(number):
        add("customer_number", f"{number!r} is none: letters, digits, dots and dashes, 32 at most")
    if language and languages and language not in languages:
        add("language", f"{language!r} is none of {', '.join(languages)}{nearest(language, languages)}")
    role = _one_of(Role, values["role"], report, line, "role") if values["role"] else None
    kinds = tuple(
        kind
        for word in _words(values["mail_kinds"])
        if (kind := _one_of(MailKind, word, report, line, "mail_kinds")) is not None
    )
    contact = Contact(
        address=_address(values["email"], report, line),
        name=values["name"],
        role=role or Role.CONTACT,
        mail_kinds=kinds,
        valid_until=_day(values["valid_until"], report, line),
    )
    return _Row(
        line=line,
        number=number,
        name=values["name"],
        contact=contact,
        language=language or None,
        service_level=values["service_level"] or None,
        products=tuple(_products(values["products"], report, line)),
    )


def _words(cell: str) -> list[str]:
    return [word for word in re.split(r"[;, ]+", cell) if word]


def _one_of(kind: type[E], word: str, report: _Report, line: int, column: str) -> E | None:
    try:
        return kind(word.lower())
    except ValueError:
        known = [item.value for item in kind]
        report.add(line, column, f"{word!r} is not one of {', '.join(known)}{nearest(word, known)}")
        return None


def _address(cell: str, report: _Report, line: int) -> str:
    """The canonical address. A whole domain is nobody's address: each person registers by one (threats ID-17)."""
    domain = cell.rpartition("@")[2].removeprefix("*.")
    if re.fullmatch(r"(?:\*?@)?(?:\*\.)?[^@*\s]+\.[^@*\s]+|\*@.*", cell):
        shared = f"; {domain} is shared by many people" if is_shared_domain(domain) else ""
        report.add(line, "email", f"{cell!r} is a whole domain; register each address by itself{shared}")
        return ""
    try:
        return parse_address(cell)
    except ValueError as error:
        report.add(line, "email", str(error))
        return ""


def _day(cell: str, report: _Report, line: int) -> date | None:
    if not cell:
        return None
    try:
        return date.fromisoformat(cell)
    except ValueError:
        report.add(line, "valid_until", f"{cell!r} is no day; write it like 2026-12-31")
        return None


def _products(cell: str, report: _Report, line: int) -> Iterator[Product]:
    for item in cell.split(";"):
        kind, colon, name = (part.strip() for part in item.partition(":"))
        if not item.strip():
            continue
        if not colon or not name or not _PRODUCT_KIND.fullmatch(kind.lower()) or len(name) > 255:
            report.add(line, "products", f"{item.strip()!r} is no product; write kind:name, like server:srv-web-01")
            continue
        yield Product(kind.lower(), name)


def _accounts(rows: Sequence[_Row], report: _Report) -> Iterator[Account]:
    by_number: dict[str, list[_Row]] = {}
    for row in rows:
        by_number.setdefault(row.number, []).append(row)
    for number, found in by_number.items():
        seen: dict[str, int] = {}
        for row in found:
            first = seen.setdefault(row.contact.address, row.line)
            if first != row.line:
                report.add(row.line, "email", f"{row.contact.address} is a contact of {number} in line {first} already")
        yield Account(
            number=number,
            name=next((row.name for row in found if row.contact.role is Role.OWNER), found[0].name),
            language=_agreed(found, "language", report),
            service_level=_agreed(found, "service_level", report),
            contacts=tuple(row.contact for row in found),
            products=tuple(dict.fromkeys(product for row in found for product in row.products)),
        )


def _agreed(rows: Sequence[_Row], column: str, report: _Report) -> str | None:
    """The one value that the rows of an account give; None where none gives any."""
    agreed: str | None = None
    for row in rows:
        value: str | None = getattr(row, column)
        if value is not None and agreed is not None and value != agreed:
            report.add(row.line, column, f"{value!r} contradicts {agreed!r} in another row of account {row.number}")
        agreed = agreed or value
    return agreed


def _warnings(accounts: Sequence[Account]) -> Iterator[str]:
    """One address in several accounts is allowed; its mails go to people without an account (threats ID-18)."""
    owners: dict[str, list[str]] = {}
    for account in accounts:
        for contact in account.contacts:
            owners.setdefault(contact.address, []).append(account.number)
        if not any(contact.role is Role.OWNER for contact in account.contacts):
            yield f"account {account.number} has no owner: nobody can confirm what is sensitive"
    for address, numbers in owners.items():
        if len(numbers) > 1:
            text = "mails from it are filed without an account unless they name one"
            yield f"{address} belongs to accounts {', '.join(numbers)}: {text}"
