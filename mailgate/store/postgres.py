"""PostgreSQL: the engine, and the settings without which a commit is no promise."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL
from sqlmodel import Session

from mailgate.store.errors import StoreError, StoreUnavailable

T = TypeVar("T")

_CONNECTIONS = 5
_CONNECT_SECONDS = 5
_STATEMENT_SECONDS = 30
_IDLE_SECONDS = 60


def make_engine(url: URL, *, read_only: bool, patience: float) -> Engine:
    """The engine; connects at first use. A replica will do for reading only (threats CR-08).

    Timeouts end what hangs: a lock after `patience`, a statement after 30 s, a transaction left open after 60 s.
    """
    limits = {
        "lock_timeout": int(patience * 1000),
        "statement_timeout": _STATEMENT_SECONDS * 1000,
        "idle_in_transaction_session_timeout": _IDLE_SECONDS * 1000,
    }
    connect_args = {
        "connect_timeout": _CONNECT_SECONDS,
        "application_name": "mailgate",
        "target_session_attrs": "any" if read_only else "read-write",
        "options": " ".join(f"-c {name}={value}" for name, value in limits.items()),
    }
    try:
        return create_engine(url, connect_args=connect_args, pool_size=_CONNECTIONS, pool_pre_ping=True)
    except ImportError:
        raise StoreError("PostgreSQL needs psycopg: install mailgate[postgres]") from None


def check_durable(session: Session) -> None:
    """`StoreUnavailable` where the server acknowledges commits that it has not synced."""
    connection = session.connection()
    for setting, allowed in (("synchronous_commit", {"on", "remote_apply"}), ("fsync", {"on"})):
        value = connection.exec_driver_sql(f"SHOW {setting}").scalar()
        if value not in allowed:
            raise StoreUnavailable(f"PostgreSQL runs with {setting} = {value}: an accepted mail could get lost")


def in_turn(fn: Callable[[Session], T]) -> Callable[[Session], T]:
    """Let deciding transactions of all nodes run one after the other.

    Two that open tickets at once always conflict: they take the same number. LOCK TABLE waits before the snapshot is
    taken, which a function for advisory locks would not; this mode stops nobody who reads or writes `lease`.
    """

    def waited(session: Session) -> T:
        session.connection().exec_driver_sql("LOCK TABLE lease IN SHARE UPDATE EXCLUSIVE MODE")
        return fn(session)

    return waited
