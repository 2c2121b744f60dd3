"""Bringing a database up to date. Imports Alembic: import this module only where something is to be migrated."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from mailgate.store import sqlite
from mailgate.store.errors import SchemaMismatch, translate
from mailgate.store.url import parse_url

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x6D61696C  # "mail"; any number will do, as long as all nodes take the same


def migrate(url: str, *, base: Path | None = None) -> None:
    """Bring the database up to date, creating it where it is empty. Safe to run on several nodes at once.

    All steps are one transaction: a crash or an error leaves the old tables (threats CR-17). Errors as `open_database`.
    """
    parsed = parse_url(url, base)
    if parsed.get_backend_name() == "sqlite":
        sqlite.create_file(sqlite.path_of(parsed))
    migrate_url(parsed)


def migrate_url(url: URL) -> None:
    """As `migrate`, for a URL made by `parse_url` whose file exists."""
    locked = _locked_postgres if url.get_backend_name() == "postgresql" else _locked_sqlite
    try:
        with locked(url) as connection:
            command.upgrade(config(connection), "head")
    except SQLAlchemyError as error:
        raise translate(error) from error


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without a file; env.py works on the given connection."""
    made = Config()
    made.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


@contextmanager
def _locked_postgres(url: URL) -> Iterator[Connection]:
    engine = create_engine(url, poolclass=NullPool, connect_args={"target_session_attrs": "read-write"})
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        yield connection


@contextmanager
def _locked_sqlite(url: URL) -> Iterator[Connection]:
    """Its own engine: a table that is rebuilt would fail with foreign keys on, which cannot be set in a transaction."""
    engine = create_engine(url, poolclass=NullPool, connect_args={"isolation_level": None, "timeout": 60})

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    with engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        with connection.begin():
            yield connection
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise SchemaMismatch(f"the migration would break {len(broken)} references; nothing was changed")
