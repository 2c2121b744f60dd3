import signal
import subprocess
import sys
import textwrap
import threading
from concurrent.futures import wait
from pathlib import Path

import pytest
from support.rows import envelope

from mailgate.store.engine import open_database
from mailgate.store.errors import BadValue, Conflict, StoreUnavailable
from mailgate.store.inbound import load_envelope
from mailgate.store.messages import list_messages
from mailgate.store.writer import Writer


@pytest.fixture
def writer(database):
    made = Writer(database)
    yield made
    made.close(10)


def stored(database):
    return {row["id"] for row in database.read(list_messages)}


class Gate:
    """Keeps the writer in a transaction until mails have piled up behind it."""

    def __init__(self, database):
        self.entered, self.release = threading.Event(), threading.Event()
        self.write, self.calls = database.write, 0

    def __call__(self, fn):
        self.calls += 1
        if self.calls == 1:
            self.entered.set()
            assert self.release.wait(60)
        return self.write(fn)


@pytest.fixture
def gated(database, monkeypatch):
    """A writer that is busy with the mail `first` until the gate is released."""
    gate = Gate(database)
    monkeypatch.setattr(type(database), "write", lambda self, fn: gate(fn))
    made = Writer(database, mails=64)
    made.submit(envelope("first"))
    assert gate.entered.wait(60)
    yield made, gate
    gate.release.set()
    made.close(10)


def test_a_mail_is_stored_when_its_future_is_done(database, writer):
    mail = envelope("m1", raw=bytes(range(256)) * 100)
    assert writer.submit(mail).result(10) is None
    assert database.read(lambda session: load_envelope(session, "m1")) == mail


def test_mails_that_wait_share_a_commit(database, gated):
    writer, gate = gated
    futures = [writer.submit(envelope(f"m{number}")) for number in range(60)]
    gate.release.set()
    wait(futures, 20)
    assert all(future.exception() is None for future in futures)
    assert writer.commits == 2
    assert len(stored(database)) == 61


def test_a_batch_is_bounded_by_count(database, gated):
    writer, gate = gated
    futures = [writer.submit(envelope(f"m{number}")) for number in range(65)]
    gate.release.set()
    wait(futures, 20)
    assert writer.commits == 3


def test_a_batch_is_bounded_by_size(database, monkeypatch):
    gate = Gate(database)
    monkeypatch.setattr(type(database), "write", lambda self, fn: gate(fn))
    writer = Writer(database, size=1000)
    writer.submit(envelope("first"))
    assert gate.entered.wait(60)
    futures = [writer.submit(envelope(f"m{number}", raw=b"x" * 600)) for number in range(4)]
    gate.release.set()
    wait(futures, 20)
    writer.close(10)
    assert writer.commits == 3


def test_one_bad_mail_fails_alone(database, gated):
    writer, gate = gated
    good = [writer.submit(envelope("m1"))]
    bad = writer.submit(envelope("m2", reverse_path="nul\0@kunde.example"))
    taken = writer.submit(envelope("first"))
    good.append(writer.submit(envelope("m3")))
    gate.release.set()
    wait([*good, bad, taken], 20)
    assert [future.exception() for future in good] == [None, None]
    assert isinstance(bad.exception(), BadValue)
    assert isinstance(taken.exception(), Conflict)
    assert writer.commits == 2
    assert stored(database) == {"first", "m1", "m3"}


def test_a_failed_commit_acknowledges_nothing(database, monkeypatch, caplog):
    def fail(self, fn):
        raise StoreUnavailable("the disk is full")

    monkeypatch.setattr(type(database), "write", fail)
    writer = Writer(database)
    with pytest.raises(StoreUnavailable, match="disk is full"):
        writer.submit(envelope()).result(10)
    monkeypatch.undo()
    writer.submit(envelope()).result(10)
    writer.close(10)
    assert stored(database) == {"m1"}


def test_the_thread_outlives_any_error(database, monkeypatch, caplog):
    monkeypatch.setattr("mailgate.store.writer._store_each", lambda session, batch: 1 / 0)
    writer = Writer(database)
    with pytest.raises(ZeroDivisionError):
        writer.submit(envelope()).result(10)
    monkeypatch.undo()
    writer.submit(envelope()).result(10)
    writer.close(10)


def test_a_mail_cancelled_before_its_turn_is_left_out(database, gated):
    writer, gate = gated
    gone = writer.submit(envelope("gone"))
    assert gone.cancel()
    kept = writer.submit(envelope("kept"))
    gate.release.set()
    kept.result(10)
    assert stored(database) == {"first", "kept"}


def test_close_stores_what_waits_and_takes_no_more(database, gated):
    writer, gate = gated
    future = writer.submit(envelope("m1"))
    gate.release.set()
    writer.close(10)
    assert future.done()
    with pytest.raises(StoreUnavailable, match="shutting down"):
        writer.submit(envelope("m2")).result(1)
    writer.close(10)
    assert stored(database) == {"first", "m1"}


def test_cr_03_close_refuses_what_it_cannot_store_in_time(database, gated, caplog):
    writer, gate = gated
    future = writer.submit(envelope("m1"))
    writer.close(0.01)
    with pytest.raises(StoreUnavailable):
        future.result(1)
    gate.release.set()
    writer.close(10)
    assert stored(database) == {"first"}


def test_cr_04_a_full_disk_refuses_all_that_share_the_commit(sqlite_database, caplog):
    def limit(pages):
        sqlite_database.write(lambda s: s.connection().exec_driver_sql(f"PRAGMA max_page_count = {pages}"))

    limit(sqlite_database.write(lambda s: s.connection().exec_driver_sql("PRAGMA page_count").scalar()) + 20)
    writer = Writer(sqlite_database)
    futures = [writer.submit(envelope(f"m{number}", raw=b"x" * 200_000)) for number in range(3)]
    for future in futures:
        with pytest.raises(StoreUnavailable, match="full"):
            future.result(10)
    assert stored(sqlite_database) == set()
    limit(1_000_000)
    writer.submit(envelope("later")).result(10)
    writer.close(10)
    assert stored(sqlite_database) == {"later"}


_CHILD = """
    import sys
    sys.path.insert(0, {tests!r})
    from support.rows import envelope
    from mailgate.store.engine import open_database
    from mailgate.store.writer import Writer

    writer = Writer(open_database({url!r}, base=None))
    number = 0
    while True:
        futures = [writer.submit(envelope(f"m{{number + more}}", raw=b"x" * 5000)) for more in range(5)]
        for future in futures:
            future.result(10)
            print(f"m{{number}}", flush=True)
            number += 1
"""


def test_cr_01_what_was_acknowledged_survives_kill_9(database_url):
    code = textwrap.dedent(_CHILD.format(url=database_url, tests=str(Path(__file__).parents[1])))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as child:
        acknowledged = {child.stdout.readline().strip() for _ in range(103)}
        child.send_signal(signal.SIGKILL)
        acknowledged |= set(child.stdout.read().splitlines())
    database = open_database(database_url, base=None)
    found = stored(database)
    assert acknowledged <= found
    raws = [database.read(lambda session, name=name: load_envelope(session, name)).raw for name in found]
    assert set(raws) == {b"x" * 5000}
    database.close()
