"""Secrets of support PINs. An account has one from the first time that `account pin` is asked for it."""

from sqlalchemy import select, update
from sqlmodel import Session

from mailgate.store.tables.base import table_of
from mailgate.store.tables.people import AccountRow

_ACCOUNT = table_of(AccountRow)


def secret_of(session: Session, account: str) -> bytes | None:
    """The secret of a live account; None where it has none yet, and so no PIN that could be right."""
    query = select(_ACCOUNT.c.pin_secret).where(_ACCOUNT.c.number == account, _ACCOUNT.c.ended_at.is_(None))
    secret: bytes | None = session.connection().scalar(query)
    return secret


def keep_secret(session: Session, account: str, fresh: bytes) -> bytes | None:
    """The secret that is there, else `fresh` from now on; None where there is no such account."""
    session.connection().execute(
        update(_ACCOUNT)
        .where(_ACCOUNT.c.number == account, _ACCOUNT.c.ended_at.is_(None), _ACCOUNT.c.pin_secret.is_(None))
        .values(pin_secret=fresh)
    )
    return secret_of(session, account)
