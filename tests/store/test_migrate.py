import sqlite3
import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.pool import NullPool
from support.rows import NOW

from mailgate.store.engine import open_database
from mailgate.store.errors import BadValue, SchemaMismatch, StoreError
from mailgate.store.events import log_event
from mailgate.store.migrate import config, migrate
from mailgate.store.schema import REVISIONS
from mailgate.store.tables import METADATA
from mailgate.store.url import parse_url


def reflected(connection):
    """Everything that a table is, checks too: Alembic's own comparison leaves them out."""
    inspector = inspect(connection)
    tables = {}
    for name in inspector.get_table_names():
        if name == "alembic_version":
            continue
        tables[name] = {
            "columns": sorted(
                (c["name"], str(c["type"]), c["nullable"], c.get("autoincrement")) for c in inspector.get_columns(name)
            ),
            "primary": inspector.get_pk_constraint(name),
            "foreign": sorted(inspector.get_foreign_keys(name), key=lambda item: item["name"]),
            "unique": sorted(inspector.get_unique_constraints(name), key=lambda item: item["name"]),
            "checks": sorted((c["name"], c["sqltext"]) for c in inspector.get_check_constraints(name)),
            "indexes": sorted(
                (
                    i["name"],
                    tuple(i["column_names"]),
                    bool(i["unique"]),
                    sorted((k, str(v)) for k, v in i.get("dialect_options", {}).items()),
                )
                for i in inspector.get_indexes(name)
            ),
        }
    return tables


def test_all_migrations_together_are_the_metadata(empty_url, tmp_path):
    migrate(empty_url)
    engine = create_engine(parse_url(empty_url, None), poolclass=NullPool)
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, METADATA) == []
        migrated = reflected(connection)
        connection.execute(text("DROP TABLE alembic_version"))
        if engine.dialect.name == "postgresql":
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        else:
            METADATA.drop_all(connection)
        METADATA.create_all(connection)
        assert migrated == reflected(connection)
        assert len(migrated) == len(METADATA.tables)


def test_the_known_revisions_are_those_of_the_folder():
    script = ScriptDirectory.from_config(config())
    assert tuple(item.revision for item in reversed(list(script.walk_revisions()))) == REVISIONS
    assert script.get_heads() == [REVISIONS[-1]]


def test_migrating_twice_changes_nothing(database_url):
    engine = create_engine(parse_url(database_url, None), poolclass=NullPool)
    with engine.connect() as connection:
        before = reflected(connection)
    migrate(database_url)
    with engine.connect() as connection:
        assert reflected(connection) == before
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [REVISIONS[-1]]


def test_cr_17_two_nodes_migrate_at_once(empty_url):
    errors = []

    def work():
        try:
            migrate(empty_url)
        except Exception as error:  # noqa: BLE001
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    open_database(empty_url, base=None, read_only=True).close()


def test_cr_17_a_step_that_fails_leaves_nothing(empty_url, monkeypatch):
    from alembic import command

    upgrade = command.upgrade

    def fail_late(made, revision):
        upgrade(made, revision)
        made.attributes["connection"].execute(text("SELECT * FROM there_is_no_such_table"))

    monkeypatch.setattr(command, "upgrade", fail_late)
    with pytest.raises(StoreError):
        migrate(empty_url)
    engine = create_engine(parse_url(empty_url, None), poolclass=NullPool)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == []
    monkeypatch.undo()
    migrate(empty_url)


def test_a_migration_that_breaks_references_is_undone(tmp_path, monkeypatch):
    from alembic import command

    upgrade = command.upgrade

    def orphan(made, revision):
        upgrade(made, revision)
        made.attributes["connection"].execute(text("INSERT INTO seen (effect, inbound) VALUES ('x', 'nobody')"))

    monkeypatch.setattr(command, "upgrade", orphan)
    with pytest.raises(SchemaMismatch, match="break 1 references"):
        migrate("sqlite:///mail.db", base=tmp_path)
    with sqlite3.connect(tmp_path / "mail.db") as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    connection.close()


@pytest.mark.parametrize("statement", ["UPDATE event SET actor = 'x'", "DELETE FROM event", "TRUNCATE event"])
def test_the_event_log_is_append_only(database, statement):
    """SQLite has no TRUNCATE: DELETE is all it knows."""
    if not database.is_postgres:
        statement = statement.replace("TRUNCATE", "DELETE FROM")
    database.write(lambda s: log_event(s, "noted", ticket=None, at=NOW, actor="operator", detail={}))
    with pytest.raises(BadValue, match="append-only"):
        database.write(lambda session: session.connection().execute(text(statement)))
    assert database.read(lambda s: s.connection().scalar(text("SELECT count(*) FROM event WHERE kind = 'noted'"))) == 1
