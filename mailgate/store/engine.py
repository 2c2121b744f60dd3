"""Opening the database, and running a function in a transaction of it. Synchronous: call it in a thread.

    database = open_database("sqlite:///var/mailgate.db", base=folder_of_config)
    rows = database.read(lambda session: list_tickets(session))       # a snapshot; cannot write
    database.write(lambda session: settle(session, ...))              # one transaction, durable on return
    database.decide(lambda session: ...)                              # the same, SERIALIZABLE on PostgreSQL
    database.close()

Every function of the store takes the `Session` as its first argument and never commits. Errors are those of
`store.errors`; after an error nothing of the transaction is left. After `Conflict` run the whole function again.
An exception of the function itself rolls back and passes through.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from mailgate.store import postgres, sqlite
from mailgate.store.errors import StoreError, StoreUnavailable, translate
from mailgate.store.schema import check_schema, installed_revision, is_current
from mailgate.store.url import parse_url

__all__ = ["Database", "Session", "open_database"]

T = TypeVar("T")


@dataclass(slots=True)
class Database:
    """An open database. Threads may share it; `writing` lets one thread of this process write at a time on SQLite."""

    url: URL
    reader: Engine
    writer: Engine | None
    decider: Engine | None
    writing: "threading.Lock | None"
    patience: float

    @property
    def is_postgres(self) -> bool:
        """True on PostgreSQL, False on SQLite."""
        return self.url.get_backend_name() == "postgresql"

    def read(self, fn: Callable[[Session], T]) -> T:
        """Run `fn` on one snapshot; a write in it is refused by the database."""
        return _run(self.reader, fn)

    def write(self, fn: Callable[[Session], T]) -> T:
        """Run `fn` in one transaction that is committed and synced on return."""
        return self._change(self.writer, fn)

    def decide(self, fn: Callable[[Session], T]) -> T:
        """As `write`, for what depends on what it read: SERIALIZABLE on PostgreSQL, alone on SQLite anyway."""
        return self._change(self.decider, postgres.in_turn(fn) if self.is_postgres else fn)

    def now(self) -> datetime:
        """The time in UTC: the database's clock on PostgreSQL, so that nodes agree about leases (threats CR-12)."""
        if not self.is_postgres:
            return datetime.now(UTC)
        stamp: datetime = self.read(lambda session: session.connection().scalar(text("SELECT clock_timestamp()")))
        return stamp.astimezone(UTC)

    def close(self) -> None:
        """Close all connections. On SQLite the last one folds the write-ahead log into the file."""
        for engine in (self.reader, self.decider, self.writer):
            if engine is not None:
                engine.dispose()

    def _change(self, engine: Engine | None, fn: Callable[[Session], T]) -> T:
        if engine is None:
            raise StoreError("the database was opened read-only")
        with self._turn():
            return _run(engine, fn)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for our own other threads here: SQLite's busy handler sleeps, a lock wakes at once."""
        if self.writing is None:
            yield
            return
        if not self.writing.acquire(timeout=self.patience):
            raise StoreUnavailable("the database is busy: another thread of this process has been writing for long")
        try:
            yield
        finally:
            self.writing.release()


def _run(engine: Engine, fn: Callable[[Session], T]) -> T:
    try:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            return fn(session)
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise translate(error) from error


def open_database(url: str, *, base: Path | None, read_only: bool = False, patience: float = 5.0) -> Database:
    """Open `[database] url`: `sqlite:///relative/to/base.db`, `sqlite:////absolute.db` or `postgresql://…`.

    For writing, an empty or older database is brought up to date first (see `migrate`). Read-only opens what is there,
    also while a daemon writes to it, and changes and creates nothing. `patience` is how long to wait for another
    writer, in seconds. Raises `StoreUnavailable` where it cannot be reached or is set up so that a commit may get
    lost, `SchemaMismatch` where its tables are missing (read-only), older (read-only) or newer than this program.
    """
    parsed = parse_url(url, base)
    if parsed.get_backend_name() == "postgresql":
        database = _open_postgres(parsed, read_only=read_only, patience=patience)
    else:
        database = _open_sqlite(parsed, read_only=read_only, patience=patience)
    try:
        _settle_schema(database, read_only=read_only)
    except BaseException:
        database.close()
        raise
    return database


def _open_postgres(url: URL, *, read_only: bool, patience: float) -> Database:
    engine = postgres.make_engine(url, read_only=read_only, patience=patience)
    snapshot = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    if read_only:
        return Database(url, snapshot, None, None, None, patience)
    serializable = engine.execution_options(isolation_level="SERIALIZABLE")
    return Database(url, snapshot, engine, serializable, None, patience)


def _open_sqlite(url: URL, *, read_only: bool, patience: float) -> Database:
    path = sqlite.path_of(url)
    if read_only:
        return Database(url, sqlite.make_viewer(path, patience), None, None, None, patience)
    sqlite.create_file(path)
    writer = sqlite.make_writer(path, patience)
    return Database(url, sqlite.make_reader(path, patience), writer, writer, threading.Lock(), patience)


def _settle_schema(database: Database, *, read_only: bool) -> None:
    if not read_only:
        database.write(postgres.check_durable if database.is_postgres else sqlite.check_durable)
        if not is_current(database.write(installed_revision)):
            from mailgate.store.migrate import migrate_url  # noqa: PLC0415 - Alembic costs 0.2 s, and is rarely needed

            migrate_url(database.url)
    check_schema(database.read(installed_revision))
