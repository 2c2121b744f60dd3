"""A desk on each of both databases."""

import pytest
from support.database import database_url, new_sqlite
from support.desk import Desk
from support.post import OLGA, SLOW, TEAM, Post

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


@pytest.fixture
def post(tmp_path):
    """A desk with three agents, and everybody's keys."""
    opened = Post(tmp_path, config=TEAM)
    yield opened
    opened.close()


@pytest.fixture
def news(post):
    """Olga has asked: the mails of the first ticket, by address."""
    _, out = post.send(OLGA, SLOW, Subject="Server langsam")
    return {mail["To"].addresses[0].addr_spec: mail for mail in out}
