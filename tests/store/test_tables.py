from datetime import datetime

import pytest
from sqlalchemy import UniqueConstraint, text
from support.rows import NOW, envelope, received

from mailgate.core.desk.ticket import Flag
from mailgate.store.errors import BadValue
from mailgate.store.inbound import store_received
from mailgate.store.tables import METADATA
from mailgate.store.tables.base import check_json, check_text


@pytest.mark.parametrize("value", ["", "plain", "Grüße 🎉", "line\nbreak\ttab", "\x7f\x1b"])
def test_texts_pass_unchanged(value):
    assert check_text(value) == value


def test_a_word_of_an_enum_becomes_a_plain_text():
    assert type(check_text(Flag.STRANGER)) is str


@pytest.mark.parametrize("value", ["a\0", "\udc80", "x\ud83dy"])
def test_in_08_what_postgresql_refuses_is_refused(value):
    with pytest.raises(BadValue):
        check_text(value)
    with pytest.raises(BadValue):
        check_json({"a": [1, {"b": value}]})


def test_json_of_any_depth_is_checked():
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    check_json(deep)


def test_a_naive_time_is_refused(database):
    naive = envelope(received_at=datetime(2026, 3, 2))  # noqa: DTZ001
    with pytest.raises(BadValue, match="timezone"):
        database.write(lambda session: store_received(session, naive))


def test_no_text_is_cut_off(database):
    long = "ü" * 100_000 + "@kunde.example"
    received(database, reverse_path=long)
    assert database.read(lambda s: s.connection().scalar(text("SELECT reverse_path FROM inbound"))) == long


def test_times_are_kept_to_the_microsecond(database):
    moment = NOW.replace(microsecond=123456)
    received(database, received_at=moment)
    table = METADATA.tables["inbound"]
    got = database.read(lambda s: s.connection().scalar(table.select().with_only_columns(table.c.received_at)))
    assert got == moment
    assert got.utcoffset().total_seconds() == 0


def leading_columns(table):
    """The columns by which a table can be looked up."""
    keys = [index.columns for index in table.indexes] + [table.primary_key.columns]
    keys += [item.columns for item in table.constraints if isinstance(item, UniqueConstraint)]
    return {next(iter(columns)).name for columns in keys}


@pytest.mark.parametrize("table", METADATA.tables.values(), ids=str)
def test_every_foreign_key_has_an_index(table):
    """PostgreSQL makes none by itself; without one a look from the other side reads the whole table."""
    assert {column.name for column in table.columns if column.foreign_keys} <= leading_columns(table)
