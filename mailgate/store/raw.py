"""The raw bytes of mails. On SQLite those of large ones are moved in pieces, past its copies of a whole value.

A value that is bound is copied twice by SQLite before it reaches the pages of the file, one that is selected once more:
75 MiB for a mail of 25 (threats MB-02).
"""

import sqlite3
from typing import Final

from sqlalchemy import Connection, bindparam, func, insert, select

from mailgate.store.sql import insert_into
from mailgate.store.tables.base import table_of
from mailgate.store.tables.mail import RawRow

_RAW = table_of(RawRow)
_LENGTH = select(func.length(_RAW.c.content)).where(_RAW.c.inbound == bindparam("mail"))
_CONTENT = select(_RAW.c.content).where(_RAW.c.inbound == bindparam("mail"))
_PIECE: Final = 1024 * 1024


def store_raw(connection: Connection, inbound: str, content: bytes) -> None:
    """Add the bytes of a mail, within the transaction of its row."""
    if len(content) <= _PIECE or connection.dialect.name != "sqlite":
        connection.execute(insert_into(_RAW), {"inbound": inbound, "content": content})
        return
    connection.execute(insert(_RAW).values(inbound=inbound, content=func.zeroblob(len(content))))
    with _open(connection, inbound, readonly=False) as blob:
        for start in range(0, len(content), _PIECE):
            blob.write(content[start : start + _PIECE])


def load_raw(connection: Connection, inbound: str) -> bytes | None:
    """The bytes of a mail; None where there are none (any more)."""
    if connection.dialect.name == "sqlite":
        size = connection.scalar(_LENGTH, {"mail": inbound})
        if size is None:
            return None
        if size > _PIECE:
            with _open(connection, inbound, readonly=True) as blob:
                return blob.read()
    content: bytes | None = connection.scalar(_CONTENT, {"mail": inbound})
    return content


def _open(connection: Connection, inbound: str, *, readonly: bool) -> sqlite3.Blob:
    row = connection.exec_driver_sql("SELECT rowid FROM raw WHERE inbound = ?", (inbound,)).scalar_one()
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver.blobopen("raw", "content", row, readonly=readonly)
