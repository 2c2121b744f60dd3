import os
import sqlite3
import threading
from datetime import timedelta

import pytest
from support.database import new_sqlite
from support.postgres import required_cluster
from support.rows import NOW, notice, open_ticket, received

from mailgate.core.mail.destination import Destination, stopped
from mailgate.store.backup import BackupFailed, backup, restore
from mailgate.store.engine import open_database
from mailgate.store.next_hop import save_hop
from mailgate.store.outbox import claim, list_outbox, settle
from mailgate.store.queries import list_tickets
from mailgate.store.tables.work import HeldFor, OutboxState


def filled(url):
    database = open_database(url, base=None)
    open_ticket(database, notices=[notice])
    received(database, "m9")
    return database


@pytest.fixture
def other_url(request, database_url, tmp_path):
    """Where to restore to: no file yet, or a database without tables."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'other' / 'mailgate.db'}"
        return
    cluster = required_cluster()
    name = cluster.create_empty()
    yield cluster.url(name)
    cluster.drop(name)


def test_there_and_back(database_url, other_url, tmp_path):
    database = filled(database_url)
    target = tmp_path / "copy"
    assert backup(database_url, target) == target.stat().st_size
    assert target.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.glob("*.part")) == []
    before = database.read(list_tickets)
    database.close()
    assert restore(other_url, target, NOW) == 1
    again = open_database(other_url, base=None)
    assert again.read(list_tickets) == before
    again.close()


def test_cr_18_nothing_is_sent_again_unasked(database_url, other_url, tmp_path):
    filled(database_url).close()
    backup(database_url, tmp_path / "copy")
    restore(other_url, tmp_path / "copy", NOW)
    database = open_database(other_url, base=None)
    (mail,) = database.read(list_outbox)
    assert mail["state"] == "held"
    assert "outbox retry" in mail["last_reply"]
    database.close()


def test_cr_18_what_waited_for_the_next_hop_does_not_go_on_by_itself(database_url, other_url, tmp_path):
    database = filled(database_url)
    database.write(lambda session: save_hop(session, stopped(Destination(), "535 no", NOW), NOW))
    later = NOW + timedelta(minutes=10)
    (mail,) = database.write(lambda session: claim(session, "node", later, timedelta(minutes=5), 1))
    held = OutboxState.HELD, "535 no", None, later, HeldFor.NEXT_HOP
    database.write(lambda session: settle(session, mail.id, mail.fence, *held))
    database.close()
    backup(database_url, tmp_path / "copy")
    restore(other_url, tmp_path / "copy", later)
    again = open_database(other_url, base=None)
    far = later + timedelta(days=1)
    assert again.write(lambda session: claim(session, "node", far, timedelta(minutes=5), 1)) == []
    assert "outbox retry" in again.read(list_outbox)[0]["last_reply"]
    again.close()


def test_nothing_is_overwritten(database_url, tmp_path):
    filled(database_url).close()
    target = tmp_path / "copy"
    target.write_text("mine")
    with pytest.raises(BackupFailed, match="nothing is overwritten"):
        backup(database_url, target)
    assert target.read_text() == "mine"
    target.unlink()
    backup(database_url, target)
    with pytest.raises(BackupFailed, match="nothing is overwritten"):
        restore(database_url, target, NOW)


def test_a_damaged_backup_is_refused(database_url, other_url, tmp_path):
    filled(database_url).close()
    target = tmp_path / "copy"
    size = backup(database_url, target)
    os.truncate(target, size * 2 // 3)
    with pytest.raises(BackupFailed):
        restore(other_url, target, NOW)
    target.write_bytes(b"no backup")
    with pytest.raises(BackupFailed, match="is no whole"):
        restore(other_url, target, NOW)
    with pytest.raises(BackupFailed, match="there is no file"):
        restore(other_url, tmp_path / "missing", NOW)


@pytest.fixture
def sqlite_url(tmp_path):
    return new_sqlite(tmp_path / "store")


def test_a_copy_made_while_others_write_is_of_one_moment(sqlite_url, tmp_path):
    """Each transaction adds a pair; a copy never holds half of one."""
    database = open_database(sqlite_url, base=None)
    stop = threading.Event()

    def write():
        number = 0
        while not stop.is_set():
            number += 1
            received(database, f"a{number:06d}", raw=b"x" * 4000)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            backup(sqlite_url, tmp_path / f"copy{number}")
    finally:
        stop.set()
        writer.join(30)
        database.close()
    for number in range(5):
        connection = sqlite3.connect(f"file:{tmp_path}/copy{number}?immutable=1", uri=True)
        mails, raws = (
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("inbound", "raw")
        )
        connection.close()
        assert mails == raws


def test_cr_09_a_failed_fsync_leaves_no_backup(sqlite_url, tmp_path, monkeypatch):
    def broken(_handle):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("mailgate.store.backup.os.fsync", broken)
    with pytest.raises(BackupFailed, match="Input/output error"):
        backup(sqlite_url, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
    assert not (tmp_path / "copy.part").exists()


def test_cr_05_a_folder_that_takes_nothing(sqlite_url, tmp_path):
    with pytest.raises(BackupFailed, match="cannot write"):
        backup(sqlite_url, tmp_path / "missing" / "copy")


def test_a_backup_of_a_newer_version_is_refused(sqlite_url, tmp_path):
    backup(sqlite_url, tmp_path / "copy")
    with sqlite3.connect(tmp_path / "copy") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(BackupFailed, match="another version"):
        restore(f"sqlite:///{tmp_path / 'other.db'}", tmp_path / "copy", NOW)
