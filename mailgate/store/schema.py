"""Which revision of the tables this program knows, without loading Alembic (which costs 0.2 s)."""

from sqlalchemy import inspect, text
from sqlmodel import Session

from mailgate.store.errors import SchemaMismatch

# Every revision below migrations/versions, oldest first.
REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009")


def installed_revision(session: Session) -> str | None:
    """The revision that the database stands at; None where it has no tables of ours."""
    connection = session.connection()
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def is_current(revision: str | None) -> bool:
    """True where nothing is to be migrated; `SchemaMismatch` where the database is newer than this program."""
    if revision is not None and revision not in REVISIONS:
        raise SchemaMismatch(
            f"the database stands at revision {revision}, this mailgate knows none beyond {REVISIONS[-1]}: "
            "it was made by a newer one"
        )
    return revision == REVISIONS[-1]


def check_schema(revision: str | None) -> None:
    """`SchemaMismatch` with what to do, unless the tables are those of this program (threats CR-17)."""
    if is_current(revision):
        return
    state = "has no tables yet" if revision is None else f"stands at the older revision {revision}"
    raise SchemaMismatch(f"the database {state}; start the daemon or run a command that writes, to bring it up to date")
