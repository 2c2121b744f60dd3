"""Statements that SQLite and PostgreSQL share, but SQLAlchemy spells by dialect."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Executable, Table, Update, bindparam, insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session


def is_postgres(session: Session) -> bool:
    """True where the session talks to PostgreSQL."""
    return session.get_bind().dialect.name == "postgresql"


def insert_new(session: Session, table: Table, values: Mapping[str, Any], *, unique: str | tuple[str, ...]) -> bool:
    """Insert a row unless its unique key is taken; True where it was inserted."""
    keys = (unique,) if isinstance(unique, str) else unique
    statement = _insert_new(table, keys, postgres=is_postgres(session))
    return session.connection().execute(statement, dict(values)).first() is not None


def upsert(session: Session, table: Table, values: Mapping[str, Any], *, unique: str | tuple[str, ...]) -> None:
    """Insert a row, or overwrite the one that has its unique key."""
    keys = (unique,) if isinstance(unique, str) else unique
    rest = tuple(name for name in values if name not in keys)
    statement = _upsert(table, keys, rest, postgres=is_postgres(session))
    session.connection().execute(statement, dict(values))


# To build these statements takes ten times as long as to run them.


def insert_row(session: Session, table: Table, values: Mapping[str, Any]) -> None:
    """Insert a row."""
    session.connection().execute(insert_into(table), dict(values))


def update_rows(session: Session, table: Table, where: Mapping[str, Any], values: Mapping[str, Any]) -> int:
    """Change the rows whose columns equal those of `where`, None for NULL; how many they were."""
    known = {name: value for name, value in where.items() if value is not None}
    empty = tuple(name for name in where if name not in known)
    parameters = {f"is_{name}": known[name] for name in known} | {f"to_{name}": values[name] for name in values}
    return session.connection().execute(_update(table, tuple(known), empty, tuple(values)), parameters).rowcount


@cache
def insert_into(table: Table) -> Executable:
    """The statement that inserts a row with whatever columns it is given."""
    return insert(table)


@cache
def _update(table: Table, known: tuple[str, ...], empty: tuple[str, ...], names: tuple[str, ...]) -> Update:
    equal = (table.c[name] == bindparam(f"is_{name}", type_=table.c[name].type) for name in known)
    changed = {name: bindparam(f"to_{name}", type_=table.c[name].type) for name in names}
    return update(table).where(*equal, *(table.c[name].is_(None) for name in empty)).values(changed)


@cache
def _insert_new(table: Table, keys: tuple[str, ...], *, postgres: bool) -> Executable:
    make = postgresql.insert if postgres else sqlite.insert
    # The row is asked for: after an insert that skips, PostgreSQL's driver gives no row count.
    return make(table).on_conflict_do_nothing(index_elements=keys).returning(table.c[keys[0]])


@cache
def _upsert(table: Table, keys: tuple[str, ...], rest: tuple[str, ...], *, postgres: bool) -> Executable:
    statement = postgresql.insert(table) if postgres else sqlite.insert(table)
    return statement.on_conflict_do_update(index_elements=keys, set_={name: statement.excluded[name] for name in rest})
