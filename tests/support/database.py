"""Fixtures for tests that need a store: `database` runs a test on SQLite and on PostgreSQL.

A conftest.py takes what it needs: `from support.database import database, database_url, sqlite_database`.
"""

import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest
from support.postgres import required_cluster

# `make check` runs on SQLite alone, `make test` on both.
BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]


@cache
def _template() -> Path:
    from mailgate.store.engine import open_database

    folder = Path(tempfile.mkdtemp(prefix="mailgate-sqlite-"))
    open_database("sqlite:///template.db", base=folder).close()
    return folder / "template.db"


def new_sqlite(folder: Path) -> str:
    """The URL of a new SQLite database with all tables below `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_template(), folder / "mailgate.db")
    return f"sqlite:///{folder / 'mailgate.db'}"


@pytest.fixture(params=BOTH)
def database_url(request, tmp_path):
    """The URL of a fresh database with all tables, on each of both."""
    if request.param == "sqlite":
        yield new_sqlite(tmp_path / "store")
        return
    cluster = required_cluster()
    name = cluster.create_migrated()
    yield cluster.url(name)
    cluster.drop(name)


@pytest.fixture
def database(database_url):
    """A fresh open database, on each of both."""
    from mailgate.store.engine import open_database

    opened = open_database(database_url, base=None)
    yield opened
    opened.close()


@pytest.fixture(params=BOTH)
def empty_url(request, tmp_path):
    """The URL of a database without tables, on each of both."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    cluster = required_cluster()
    name = cluster.create_empty()
    yield cluster.url(name)
    cluster.drop(name)


@pytest.fixture
def sqlite_database(tmp_path):
    """A fresh open SQLite database, for tests of other things than the store."""
    from mailgate.store.engine import open_database

    opened = open_database(new_sqlite(tmp_path / "store"), base=None)
    yield opened
    opened.close()
