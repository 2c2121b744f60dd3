import os
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from support.database import new_sqlite
from support.postgres import required_cluster
from support.rows import at, received

from mailgate.store.engine import open_database
from mailgate.store.errors import BadValue, Conflict, SchemaMismatch, StoreError, StoreUnavailable
from mailgate.store.jobs import plan
from mailgate.store.messages import list_messages
from mailgate.store.schema import REVISIONS


def execute(statement, **values):
    return lambda session: session.connection().execute(text(statement), values)


def add_job(name):
    return lambda session: plan(session, name, "x", at(0), at(0))


def jobs(database):
    return database.read(lambda session: session.connection().scalars(text("SELECT name FROM job ORDER BY name")).all())


def test_a_write_is_there_for_the_next_read(database):
    database.write(add_job("digest"))
    assert jobs(database) == ["digest"]


def test_an_exception_rolls_back_and_passes_through(database):
    def work(session):
        add_job("digest")(session)
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        database.write(work)
    assert jobs(database) == []


def test_a_reader_cannot_write(database):
    with pytest.raises(StoreError):
        database.read(add_job("digest"))
    assert jobs(database) == []


def test_a_reader_sees_one_snapshot(database):
    def look(session):
        before = session.connection().scalar(text("SELECT count(*) FROM job"))
        database.write(add_job("digest"))
        return before, session.connection().scalar(text("SELECT count(*) FROM job"))

    assert database.read(look) == (0, 0)


def test_times_come_back_aware_and_in_utc(database):
    database.write(add_job("digest"))
    got = database.read(lambda session: session.connection().execute(text("SELECT 1")).scalar())
    assert got == 1
    assert database.now().tzinfo is not None
    assert database.now().utcoffset().total_seconds() == 0


def test_unique_violation_is_a_conflict(database):
    database.write(execute("INSERT INTO job (name, plan, firing, fence) VALUES ('digest', 'x', '2026-03-02', 0)"))
    with pytest.raises(Conflict):
        database.write(execute("INSERT INTO job (name, plan, firing, fence) VALUES ('digest', 'x', '2026-03-02', 0)"))


def test_a_word_outside_its_set_is_a_bad_value(database):
    received(database)
    with pytest.raises(BadValue):
        database.write(execute("UPDATE inbound SET state = 'lost'"))


def test_an_unknown_reference_is_a_bad_value(database):
    with pytest.raises(BadValue):
        database.write(execute("INSERT INTO seen (effect, inbound) VALUES ('x', 'nobody')"))


def test_errors_tell_no_values(database):
    database.write(execute("INSERT INTO job (name, plan, firing, fence) VALUES ('secret-name', 'x', '2026-03-02', 0)"))
    with pytest.raises(Conflict) as caught:
        database.write(
            execute("INSERT INTO job (name, plan, firing, fence) VALUES ('secret-name', 'x', '2026-03-02', 0)")
        )
    assert "secret-name" not in str(caught.value)


def test_a_serialization_failure_is_a_conflict():
    cluster = required_cluster()
    name = cluster.create_migrated()
    database = open_database(cluster.url(name), base=None)
    database.write(add_job("digest"))

    def decide(session):
        session.connection().scalar(text("SELECT last_result FROM job"))
        database.write(execute("UPDATE job SET last_result = 'faster'"))
        execute("UPDATE job SET last_result = 'slower'")(session)

    with pytest.raises(Conflict):
        database.decide(decide)
    assert database.read(lambda s: s.connection().scalar(text("SELECT last_result FROM job"))) == "faster"
    database.close()
    cluster.drop(name)


def test_decisions_take_turns_and_do_not_conflict(database):
    """Every one reads what all others write; without turns most of them would have to be decided again."""
    ends = []

    def work(mine):
        def fn(session):
            seen = session.connection().scalar(text("SELECT count(*) FROM job"))
            add_job(mine)(session)
            return seen

        ends.append(database.decide(fn))

    threads = [threading.Thread(target=work, args=(f"job-{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(ends) == list(range(8))


def test_a_deadlock_is_a_conflict(tmp_path):
    cluster = required_cluster()
    name = cluster.create_migrated()
    database = open_database(cluster.url(name), base=None)
    for job in ("a", "b"):
        database.write(add_job(job))
    both_locked = threading.Barrier(2)
    ends = []

    def work(first, second):
        def fn(session):
            session.connection().execute(text("SET LOCAL deadlock_timeout = '100ms'"))
            session.connection().execute(text("UPDATE job SET last_result = 'x' WHERE name = :name"), {"name": first})
            both_locked.wait(60)
            session.connection().execute(text("UPDATE job SET last_result = 'x' WHERE name = :name"), {"name": second})

        try:
            database.write(fn)
            ends.append("committed")
        except Conflict:
            ends.append("conflict")

    threads = [threading.Thread(target=work, args=pair) for pair in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    database.close()
    cluster.drop(name)
    assert sorted(ends) == ["committed", "conflict"]


def test_cr_02_sqlite_keeps_its_promises(sqlite_database):
    def pragma(name):
        return lambda session: session.connection().exec_driver_sql(f"PRAGMA {name}").scalar()

    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "trusted_schema": 0}
    assert {name: sqlite_database.write(pragma(name)) for name in wanted} == wanted


def test_sqlite_files_are_for_their_owner_only(tmp_path):
    old = os.umask(0)
    try:
        database = open_database("sqlite:///var/mail.db", base=tmp_path)
        database.write(add_job("digest"))
        modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "var").iterdir()}
        database.close()
    finally:
        os.umask(old)
    assert modes == {"mail.db": 0o600, "mail.db-wal": 0o600, "mail.db-shm": 0o600}
    assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700


def test_cr_06_a_foreign_lock_is_waited_for_then_told(tmp_path):
    url = new_sqlite(tmp_path)
    database = open_database(url, base=None, patience=0.05)
    holder = sqlite3.connect(tmp_path / "mailgate.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="locked"):
        database.write(add_job("digest"))
    holder.execute("ROLLBACK")
    holder.close()
    database.write(add_job("digest"))
    assert jobs(database) == ["digest"]
    database.close()


def test_another_thread_that_writes_for_long_is_told(tmp_path):
    database = open_database(new_sqlite(tmp_path), base=None, patience=0.05)
    inside, done = threading.Event(), threading.Event()

    def hold(session):
        inside.set()
        assert done.wait(60)

    thread = threading.Thread(target=database.write, args=(hold,))
    thread.start()
    assert inside.wait(60)
    with pytest.raises(StoreUnavailable, match="another thread"):
        database.write(add_job("digest"))
    done.set()
    thread.join(60)
    database.close()


def test_read_only_sees_a_live_database_and_writes_nothing(tmp_path):
    live = open_database(new_sqlite(tmp_path), base=None)
    received(live)
    viewer = open_database(f"sqlite:///{tmp_path}/mailgate.db", base=None, read_only=True)
    assert [row["id"] for row in viewer.read(list_messages)] == ["m1"]
    received(live, "m2")
    assert [row["id"] for row in viewer.read(list_messages)] == ["m1", "m2"]
    with pytest.raises(StoreError, match="read-only"):
        viewer.write(add_job("digest"))
    with pytest.raises(StoreError):
        viewer.read(add_job("digest"))
    viewer.close()
    live.close()


def test_read_only_leaves_no_file_beside_a_resting_database(tmp_path):
    url = new_sqlite(tmp_path)
    open_database(url, base=None).close()
    before = sorted(path.name for path in tmp_path.iterdir())
    content = (tmp_path / "mailgate.db").read_bytes()
    viewer = open_database(url, base=None, read_only=True)
    assert viewer.read(list_messages) == []
    viewer.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert (tmp_path / "mailgate.db").read_bytes() == content


def test_read_only_on_postgresql(database_url):
    viewer = open_database(database_url, base=None, read_only=True)
    assert viewer.read(list_messages) == []
    with pytest.raises(StoreError):
        viewer.read(add_job("digest"))
    viewer.close()


def test_read_only_names_a_missing_database(tmp_path):
    with pytest.raises(SchemaMismatch, match="there is no database"):
        open_database("sqlite:///missing.db", base=tmp_path, read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_read_only_names_missing_tables(empty_url, tmp_path):
    if empty_url.startswith("sqlite"):
        sqlite3.connect(tmp_path / "empty.db").close()
        (tmp_path / "empty.db").touch()
    with pytest.raises(SchemaMismatch, match="no tables"):
        open_database(empty_url, base=None, read_only=True)


@pytest.mark.parametrize("read_only", [True, False])
def test_cr_17_a_newer_schema_is_refused(database, database_url, read_only):
    database.write(execute("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaMismatch, match="newer"):
        open_database(database_url, base=None, read_only=read_only)


def test_read_only_names_an_older_schema(database, database_url, monkeypatch):
    monkeypatch.setattr("mailgate.store.schema.REVISIONS", (*REVISIONS, "9999"))
    with pytest.raises(SchemaMismatch, match=f"older revision {REVISIONS[-1]}"):
        open_database(database_url, base=None, read_only=True)


def test_an_empty_database_is_filled_when_opened_for_writing(empty_url):
    database = open_database(empty_url, base=None)
    database.write(add_job("digest"))
    assert jobs(database) == ["digest"]
    database.close()


def test_cr_10_a_damaged_file_is_refused(tmp_path):
    (tmp_path / "mailgate.db").write_bytes(b"this is no database" * 1000)
    with pytest.raises(StoreUnavailable, match="not a database"):
        open_database("sqlite:///mailgate.db", base=tmp_path)


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match="cannot open"):
        open_database("sqlite:///file/mailgate.db", base=tmp_path)


def test_an_unreachable_server_is_unavailable(tmp_path):
    required_cluster()
    with pytest.raises(StoreUnavailable):
        open_database(f"postgresql://nobody:hunter2@/nothing?host={tmp_path}", base=None)


def test_cr_02_a_server_that_does_not_sync_is_refused():
    cluster = required_cluster()
    name = cluster.create_migrated()
    cluster.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    with pytest.raises(StoreUnavailable, match="synchronous_commit = off"):
        open_database(cluster.url(name), base=None)
    open_database(cluster.url(name), base=None, read_only=True).close()
    cluster.drop(name)


def test_relative_paths_start_at_the_base(tmp_path):
    open_database("sqlite:///var/mailgate.db", base=tmp_path).close()
    assert Path(tmp_path, "var", "mailgate.db").is_file()


def test_cr_07_a_server_that_came_back_is_used_again():
    cluster = required_cluster()
    name = cluster.create_migrated()
    database = open_database(cluster.url(name), base=None)
    database.write(add_job("before"))
    kill = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    cluster.execute(kill)
    database.write(add_job("after"))

    def lose_the_server(session):
        add_job("lost")(session)
        cluster.execute(kill)
        session.connection().execute(text("SELECT 1"))

    with pytest.raises(StoreUnavailable):
        database.write(lose_the_server)
    assert jobs(database) == ["after", "before"]
    database.close()
    cluster.drop(name)


def test_cr_04_a_full_disk_is_told_and_recovered_from(sqlite_database):
    pages = sqlite_database.write(lambda s: s.connection().exec_driver_sql("PRAGMA page_count").scalar())
    sqlite_database.write(lambda s: s.connection().exec_driver_sql(f"PRAGMA max_page_count = {pages + 20}"))
    with pytest.raises(StoreUnavailable, match="full"):
        received(sqlite_database, raw=b"x" * 500_000)
    assert sqlite_database.read(list_messages) == []
    sqlite_database.write(lambda s: s.connection().exec_driver_sql("PRAGMA max_page_count = 1000000"))
    received(sqlite_database, raw=b"x" * 500_000)
    assert len(sqlite_database.read(list_messages)) == 1


def test_cr_08_a_server_that_only_reads_is_not_written_to():
    """A replica, or a primary that was taken down: what is accepted there would be refused at the commit."""
    cluster = required_cluster()
    name = cluster.create_migrated()
    cluster.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    with pytest.raises(StoreUnavailable, match="read-only"):
        open_database(cluster.url(name), base=None)
    viewer = open_database(cluster.url(name), base=None, read_only=True)
    assert viewer.read(list_messages) == []
    viewer.close()
    cluster.drop(name)
