"""What can go wrong in the store. No other room sees an exception of SQLAlchemy or of a driver.

`StoreUnavailable` is our trouble and passes (451 at the wire, try again later); `Conflict` means that somebody else
was faster: decide again, it counts as no attempt; the others are faults of ours or of the installation.
"""

import sqlite3

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    ProgrammingError,
    SQLAlchemyError,
    StatementError,
)


class StoreError(Exception):
    """Something is wrong with the store; the parent of all errors here."""


class StoreUnavailable(StoreError):
    """The database cannot be reached, is busy, full, damaged or shut down. Nothing was acknowledged."""


class Conflict(StoreError):
    """Serialization failure, deadlock, or a unique key that is taken: decide again with fresh facts."""


class SchemaMismatch(StoreError):
    """There is no database, or its tables are older or newer than this program."""


class BadValue(StoreError):
    """A value that no row may hold: NUL or a lone surrogate (threats IN-08), a word outside its closed set."""


class LeaseLost(StoreError):
    """Somebody else holds the lease by now: the fencing number is old (threats CR-14)."""


# https://www.postgresql.org/docs/15/errcodes-appendix.html
_AGAIN = frozenset({"40001", "40P01", "23505"})
_TAKEN = frozenset({"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_BUSY_SNAPSHOT"})


def translate(error: SQLAlchemyError | sqlite3.Error) -> StoreError:
    """Our error for one of theirs. The text names the driver's complaint, never the row's values."""
    if isinstance(error, DBAPIError):
        return _from_driver(error)
    if isinstance(error, StatementError) and isinstance(error.orig, StoreError):
        return error.orig
    if isinstance(error, StatementError):
        return BadValue(f"a value does not fit its column: {error.orig}")
    return StoreUnavailable(f"{type(error).__name__}: {error}")


def _from_driver(error: DBAPIError) -> StoreError:
    orig = error.orig
    if getattr(orig, "sqlstate", None) in _AGAIN or getattr(orig, "sqlite_errorname", None) in _TAKEN:
        return Conflict(_complaint(orig))
    if isinstance(error, IntegrityError | DataError):
        return BadValue(_complaint(orig))
    if isinstance(error, ProgrammingError):
        return StoreError(_complaint(orig))
    return StoreUnavailable(_complaint(orig))


def _complaint(orig: BaseException | None) -> str:
    """The driver's first line: PostgreSQL puts the row's values into the further ones (DETAIL)."""
    lines = str(orig).strip().splitlines()
    return f"{type(orig).__name__}: {lines[0] if lines else 'no reason given'}"
