import sqlite3

import psycopg
import pytest
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, ProgrammingError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from mailgate.store.errors import BadValue, Conflict, StoreError, StoreUnavailable, translate


def sqlite_error(name, text="x"):
    error = sqlite3.IntegrityError(text)
    error.sqlite_errorname = name
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (IntegrityError("INSERT", {}, sqlite_error("SQLITE_CONSTRAINT_UNIQUE")), Conflict),
        (IntegrityError("INSERT", {}, sqlite_error("SQLITE_CONSTRAINT_PRIMARYKEY")), Conflict),
        (IntegrityError("INSERT", {}, sqlite_error("SQLITE_CONSTRAINT_CHECK")), BadValue),
        (IntegrityError("INSERT", {}, psycopg.errors.UniqueViolation("x")), Conflict),
        (IntegrityError("INSERT", {}, psycopg.errors.ForeignKeyViolation("x")), BadValue),
        (OperationalError("UPDATE", {}, psycopg.errors.SerializationFailure("x")), Conflict),
        (OperationalError("UPDATE", {}, psycopg.errors.DeadlockDetected("x")), Conflict),
        (OperationalError("UPDATE", {}, psycopg.errors.LockNotAvailable("x")), StoreUnavailable),
        (OperationalError("COMMIT", {}, sqlite3.OperationalError("disk I/O error")), StoreUnavailable),
        (DataError("INSERT", {}, psycopg.errors.NumericValueOutOfRange("x")), BadValue),
        (ProgrammingError("SELECT", {}, psycopg.errors.UndefinedTable("x")), StoreError),
        (StatementError("x", "INSERT", {}, ValueError("naive")), BadValue),
        (PoolTimeout("the pool is empty"), StoreUnavailable),
        (sqlite3.OperationalError("database is locked"), StoreUnavailable),
    ],
)
def test_each_error_becomes_one_of_ours(error, kind):
    assert type(translate(error)) is kind


def test_an_error_of_ours_passes_through():
    ours = BadValue("a text holds NUL")
    assert translate(StatementError("x", "INSERT", {}, ours)) is ours


def test_pr_05_values_of_rows_are_not_told():
    error = psycopg.errors.UniqueViolation("duplicate key\nDETAIL: Key (address)=(anna@kunde.example) exists")
    told = str(translate(IntegrityError("INSERT INTO contact VALUES (:a)", {"a": "anna@kunde.example"}, error)))
    assert told == "UniqueViolation: duplicate key"
