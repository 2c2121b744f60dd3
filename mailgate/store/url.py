"""`[database] url` as we understand it."""

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from mailgate.store.errors import StoreError


def parse_url(url: str, base: Path | None) -> URL:
    """The URL with its driver named and its path absolute; `StoreError` where it names nothing that we can open.

    A relative SQLite path is relative to `base`, the folder of the configuration (None: the current directory).
    """
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, ValueError):
        raise StoreError("not a database URL; expected sqlite:///path or postgresql://user@host/name") from None
    if backend in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise StoreError(f"databases of the kind {backend!r} are not supported; sqlite and postgresql are")
    if parsed.database in {None, "", ":memory:"} or parsed.host or parsed.query:
        raise StoreError("SQLite needs a file: sqlite:///relative/path.db or sqlite:////absolute/path.db")
    path = (base or Path.cwd()) / str(parsed.database)
    return parsed.set(drivername="sqlite+pysqlite", database=str(path.absolute()))
