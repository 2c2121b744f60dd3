"""SQLite: engines whose every connection keeps our promises, and a viewer that leaves no trace."""

import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from mailgate.store.errors import SchemaMismatch, StoreUnavailable

_READERS = 4


def path_of(url: URL) -> Path:
    """The file of a URL made by `parse_url`."""
    return Path(str(url.database))


def create_file(path: Path) -> None:
    """Create the database file where it is missing, readable by its owner only: SQLite would use the umask.

    The files of the write-ahead log get the same mode from SQLite.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise StoreUnavailable(f"cannot open {path}: {error.strerror}") from error


def make_writer(path: Path, patience: float) -> Engine:
    """The engine of the one writing connection. `BEGIN IMMEDIATE`: a read lock cannot be upgraded under load."""
    engine = _engine(path, patience, begin="BEGIN IMMEDIATE", pool_size=1, max_overflow=0)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        _set(connection, "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")

    return engine


def make_reader(path: Path, patience: float) -> Engine:
    """The engine for snapshots beside the writer."""
    engine = _engine(path, patience, begin="BEGIN", pool_size=_READERS, max_overflow=_READERS)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        _set(connection, "query_only=ON")

    return engine


def make_viewer(path: Path, patience: float) -> Engine:
    """The engine for looking at a database that may be another process's; a fresh connection for each transaction."""

    def connect() -> sqlite3.Connection:
        if not path.is_file():
            raise SchemaMismatch(f"there is no database at {path}")
        return sqlite3.connect(
            f"{path.as_uri()}?{_view(path)}",
            uri=True,
            timeout=patience,
            isolation_level=None,
            check_same_thread=False,
        )

    engine = create_engine("sqlite+pysqlite://", creator=connect, poolclass=NullPool)
    _begin_with(engine, "BEGIN")

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        _set(connection, "trusted_schema=OFF", "query_only=ON")

    return engine


def check_durable(session: Session) -> None:
    """`StoreUnavailable` where the file system cannot keep a write-ahead log, as network file systems cannot."""
    connection = session.connection()
    mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
    if mode != "wal":
        raise StoreUnavailable(f"the database uses journal_mode={mode}: is it on a network file system?")


def _view(path: Path) -> str:
    """How to look without leaving a file behind.

    With mode=ro SQLite still creates `-wal` and `-shm` where they are missing, owned by whoever looks, and the daemon
    could not open them. Without a log nobody writes, and `immutable` reads the file as it is; should a daemon start
    within this one short transaction, it writes to its log and leaves the file alone until a checkpoint.
    """
    log = path.with_name(f"{path.name}-wal")
    return "mode=ro" if log.exists() else "mode=ro&immutable=1"


def _engine(path: Path, patience: float, *, begin: str, **pool: Any) -> Engine:
    url = URL.create("sqlite+pysqlite", database=str(path))
    connect_args = {"timeout": patience, "isolation_level": None, "check_same_thread": False}
    engine = create_engine(url, connect_args=connect_args, pool_timeout=patience, **pool)
    _begin_with(engine, begin)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        _set(connection, "trusted_schema=OFF")

    return engine


def _begin_with(engine: Engine, statement: str) -> None:
    """`isolation_level=None` keeps Python's sqlite3 from opening transactions on its own; this opens ours."""

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)


def _set(connection: sqlite3.Connection, *pragmas: str) -> None:
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")
