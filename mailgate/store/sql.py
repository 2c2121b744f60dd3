"""Statements that SQLite and PostgreSQL share, but SQLAlchemy spells by dialect."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Executable, Table
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


@cache
def _insert_new(table: Table, keys: tuple[str, ...], *, postgres: bool) -> Executable:
    make = postgresql.insert if postgres else sqlite.insert
    # The row is asked for: after an insert that skips, PostgreSQL's driver gives no row count.
    return make(table).on_conflict_do_nothing(index_elements=keys).returning(table.c[keys[0]])


@cache
def _upsert(table: Table, keys: tuple[str, ...], rest: tuple[str, ...], *, postgres: bool) -> Executable:
    statement = postgresql.insert(table) if postgres else sqlite.insert(table)
    return statement.on_conflict_do_update(index_elements=keys, set_={name: statement.excluded[name] for name in rest})
