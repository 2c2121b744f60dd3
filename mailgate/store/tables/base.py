"""What all tables share: their metadata, text and JSON that refuse what a database cannot hold, checks for words."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, Dialect, MetaData, Table, Text
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

from mailgate.store.errors import BadValue

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel):
    """The base of every table. Constraint names are fixed, so that migrations can name them on both databases."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=_NAMES)


def check_text(value: str) -> str:
    """The text as it goes to the driver; `BadValue` for NUL and lone surrogates.

    Text arrives here cleaned (threats IN-08): what does not is a fault of ours, and nothing is repaired in silence.
    """
    if "\0" in value:
        raise BadValue("a text holds NUL")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise BadValue("a text holds a lone surrogate") from None
    return str(value)  # a StrEnum becomes its word here, whatever the driver thinks of enums


def check_json(value: object) -> None:
    """`BadValue` where a text anywhere in the value could not be stored; walks without recursion."""
    rest = [value]
    while rest:
        item = rest.pop()
        if isinstance(item, str):
            check_text(item)
        elif isinstance(item, Mapping):
            rest.extend(item.keys())
            rest.extend(item.values())
        elif isinstance(item, list | tuple):
            rest.extend(item)


class CleanText(TypeDecorator[str]):
    """TEXT on both databases; see `check_text`. Lengths are bounded where text is made, not here."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Refuse what PostgreSQL refuses on SQLite too."""
        return None if value is None else check_text(value)


class CleanJson(TypeDecorator[Any]):
    """JSON on both databases; None is NULL. A change inside a stored value is not seen: assign a new one."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        """Refuse what PostgreSQL refuses on SQLite too."""
        check_json(value)
        return value


def one_of(column: str, words: type[StrEnum] | Iterable[str]) -> CheckConstraint:
    """The check that a column holds one of a closed set of words. Enums are words here, never native enum types."""
    quoted = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({quoted})", name=column)


def table_of(model: type[Row]) -> Table:
    """The Core table of a model, for the statements that are run often: the ORM costs twice as much."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table
