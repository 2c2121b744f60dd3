"""A copy of the whole database in one file, and back. Synchronous: call it in a thread.

SQLite: its own online backup, one consistent moment, while others write. PostgreSQL: pg_dump in the custom format.
A backup counts only when it was read again: it is written beside, checked, synced and then renamed. Nothing is ever
overwritten.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import inspect, update
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from mailgate.store import postgres, sqlite
from mailgate.store.engine import open_database
from mailgate.store.errors import StoreError, translate
from mailgate.store.events import log_event
from mailgate.store.schema import REVISIONS
from mailgate.store.tables.base import table_of
from mailgate.store.tables.work import HeldFor, OutboxRow, OutboxState
from mailgate.store.url import parse_url

_OUTBOX = table_of(OutboxRow)

_WAIT = 30.0  # seconds between two signs of life of a long dump
_PAGES = 2048  # pages copied between two signs of life


class BackupFailed(StoreError):
    """There is no backup, or it was not restored; the message says what to do. What was there before is untouched."""


def backup(url: str, target: Path, *, alive: Callable[[], None] = lambda: None) -> int:
    """Copy the database of `url` to a new file; its size. `alive` is called now and then. Raises BackupFailed."""
    parsed = parse_url(url, None)
    with _beside(target) as part:
        if parsed.get_backend_name() == "postgresql":
            _dump(parsed, part, alive)
        else:
            _copy(sqlite.path_of(parsed), part, alive)
            _verify_sqlite(part)
        return part.stat().st_size


def restore(url: str, source: Path, now: datetime) -> int:
    """Fill an empty database from a backup: for SQLite a file that is not there yet. Raises BackupFailed.

    Nothing is sent again unasked: what a backup thinks is owed may have gone out since (threats CR-18). Returns how
    many mails are held for that reason.
    """
    if not source.is_file():
        raise BackupFailed(f"there is no file {source}")
    parsed = parse_url(url, None)
    if parsed.get_backend_name() == "postgresql":
        _restore_dump(parsed, source)
    else:
        _restore_file(sqlite.path_of(parsed), source)
    database = open_database(url, base=None)
    try:
        return database.write(partial(_hold_what_is_owed, now=now))
    finally:
        database.close()


def _restore_file(path: Path, source: Path) -> None:
    for there in (path, path.with_name(f"{path.name}-wal")):
        if there.exists():
            raise BackupFailed(f"{there} is there already; stop the daemon and move it away, nothing is overwritten")
    _verify_sqlite(source)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _beside(path) as part:
        shutil.copyfile(source, part)
        _verify_sqlite(part)


def _hold_what_is_owed(session: Session, now: datetime) -> int:
    waiting = _OUTBOX.c.state.in_([OutboxState.READY, OutboxState.LEASED, OutboxState.DEFERRED, OutboxState.IN_DOUBT])
    owed = waiting | (_OUTBOX.c.held_for == HeldFor.NEXT_HOP)  # these would go on by themselves
    reply = "held since a backup was restored: it may have been sent after that; outbox retry sends it"
    free = {"lease_owner": None, "lease_until": None, "held_for": None}
    values = {"state": OutboxState.HELD, "last_reply": reply, **free}
    held = session.connection().execute(update(_OUTBOX).where(owed).values(values)).rowcount
    log_event(session, "backup-restored", ticket=None, at=now, actor="operator", detail={"held": held})
    return held


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A file of the same folder, readable by its owner only, that becomes `target` when all is written and synced."""
    part = target.with_name(f"{target.name}.part")
    if target.exists():
        raise BackupFailed(f"{target} is there already; nothing is overwritten, choose another name")
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600))
        yield part
        _sync(part)
        os.link(part, target)  # unlike rename, this never replaces what came between
        part.unlink()
        _sync(target.parent)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise BackupFailed(f"cannot write {target}: {error.strerror or error}") from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _sync(path: Path) -> None:
    """An error here is final: what a second fsync says after a failed one is worth nothing (threats CR-09)."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _copy(source: Path, part: Path, alive: Callable[[], None]) -> None:
    """SQLite's online backup, all in one read transaction: another process's commits would make it begin again."""
    if not source.is_file():
        raise BackupFailed(f"there is no database at {source}")
    there = sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)
    here = sqlite3.connect(part)
    try:
        there.execute("PRAGMA query_only=ON")
        there.execute("BEGIN")
        there.execute("SELECT count(*) FROM sqlite_master")  # from here on all that is read is of this moment
        there.backup(here, pages=_PAGES, sleep=0, progress=lambda *_: alive())
    except sqlite3.Error as error:
        raise BackupFailed(f"the database could not be copied: {error}") from error
    finally:
        here.close()
        there.close()


def _verify_sqlite(path: Path) -> None:
    """BackupFailed unless SQLite finds the file whole and its tables are of a revision that we know."""
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()
            broken = connection.execute("PRAGMA foreign_key_check").fetchone()
            revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise BackupFailed(f"{path} is no whole database of mailgate: {error}") from error
    if found is None or found[0] != "ok" or broken is not None:
        raise BackupFailed(
            f"{path} is damaged: {found[0] if found and found[0] != 'ok' else 'references lead nowhere'}"
        )
    if revision is None or revision[0] not in REVISIONS:
        raise BackupFailed(f"{path} was made by another version (revision {revision[0] if revision else 'none'})")


def _dump(url: URL, part: Path, alive: Callable[[], None]) -> None:
    _run(["pg_dump", "--format=custom", "--no-owner", f"--file={part}", f"--dbname={_named(url)}"], url, alive)
    alive()
    _verify_dump(part, url)


def _verify_dump(path: Path, url: URL) -> None:
    """Reads the whole file: a table of contents alone would not show that its end is missing."""
    try:
        _run(["pg_restore", "--file=/dev/null", str(path)], url, lambda: None)
    except BackupFailed as error:
        raise BackupFailed(f"{path} is no whole dump: {error}") from error


def _restore_dump(url: URL, source: Path) -> None:
    _verify_dump(source, url)
    if _has_tables(url):
        raise BackupFailed("the database has tables already; create an empty one, nothing is overwritten")
    command = ["pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", f"--dbname={_named(url)}"]
    _run([*command, str(source)], url, lambda: None)


def _has_tables(url: URL) -> bool:
    engine = postgres.make_engine(url, read_only=True, patience=5.0)
    try:
        with engine.connect() as connection:
            return bool(inspect(connection).get_table_names())
    except SQLAlchemyError as error:
        raise translate(error) from error
    finally:
        engine.dispose()


def _run(command: list[str], url: URL, alive: Callable[[], None]) -> str:
    """Run a program of PostgreSQL; what it complained about. The password goes by its environment, not by `ps`."""
    program = shutil.which(command[0])
    if program is None:
        raise BackupFailed(f"{command[0]} is not installed: apt-get install postgresql-client")
    environment = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    with (
        subprocess.Popen(  # noqa: S603 - a fixed program; its arguments are no shell's
            [program, *command[1:]], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment, text=True
        ) as process
    ):
        try:
            complaint = _await(process, alive)
        except BaseException:
            process.kill()
            raise
    if process.returncode != 0:
        lines = complaint.strip().splitlines() or [f"it ended with {process.returncode}"]
        raise BackupFailed(f"{command[0]}: {lines[0]}")
    return complaint


def _await(process: "subprocess.Popen[str]", alive: Callable[[], None]) -> str:
    while True:
        try:
            return process.communicate(timeout=_WAIT)[1]
        except subprocess.TimeoutExpired:
            alive()


def _named(url: URL) -> str:
    """The URL as PostgreSQL's own programs read it, without its password."""
    return url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
