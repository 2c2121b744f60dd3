"""Statements that SQLite and PostgreSQL share, but SQLAlchemy spells by dialect."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session


def is_postgres(session: Session) -> bool:
    """True where the session talks to PostgreSQL."""
    return session.get_bind().dialect.name == "postgresql"


def insert_new(session: Session, table: Table, values: Mapping[str, Any], *, unique: str | tuple[str, ...]) -> bool:
    """Insert a row unless its unique key is taken; True where it was inserted."""
    make = postgresql.insert if is_postgres(session) else sqlite.insert
    keys = (unique,) if isinstance(unique, str) else unique
    statement = make(table).on_conflict_do_nothing(index_elements=keys).returning(table.c[keys[0]])
    return session.connection().execute(statement, dict(values)).first() is not None


def upsert(session: Session, table: Table, values: Mapping[str, Any], *, unique: str | tuple[str, ...]) -> None:
    """Insert a row, or overwrite the one that has its unique key."""
    make = postgresql.insert if is_postgres(session) else sqlite.insert
    keys = (unique,) if isinstance(unique, str) else unique
    statement = make(table).values(dict(values))
    rest = {name: statement.excluded[name] for name in values if name not in keys}
    session.connection().execute(statement.on_conflict_do_update(index_elements=keys, set_=rest))
