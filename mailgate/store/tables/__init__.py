"""The tables. Texts are plain TEXT with checks, times are aware and UTC; importing this package registers them all."""

from sqlalchemy import MetaData

from mailgate.store.tables import desk, mail, people, work
from mailgate.store.tables.base import Row

__all__ = ["METADATA", "desk", "mail", "people", "work"]

METADATA: MetaData = Row.metadata
