"""A desk on each of both databases."""

import pytest
from support.database import database_url, new_sqlite
from support.desk import Desk

__all__ = ["database_url"]


@pytest.fixture
def desk(database_url, tmp_path):
    """A desk on SQLite and on PostgreSQL."""
    opened = Desk(tmp_path, database_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_desk(tmp_path):
    """A desk on SQLite, for what does not differ."""
    opened = Desk(tmp_path, new_sqlite(tmp_path / "store"))
    yield opened
    opened.close()
