"""Where is that mail? Everything that came in and went out which an address, a Message-ID or a reply's id leads to."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Text, cast, func, or_, select
from sqlmodel import Session

from mailgate.core.who.address import canonical
from mailgate.store.deliveries import TOLD, told
from mailgate.store.tables.base import table_of
from mailgate.store.tables.desk import EventRow
from mailgate.store.tables.mail import InboundRow
from mailgate.store.tables.work import OutboxRow
from mailgate.store.values import as_json

_INBOUND = table_of(InboundRow)
_OUTBOX = table_of(OutboxRow)
_EVENT = table_of(EventRow)
_MESSAGE = tuple(
    _INBOUND.c[name]
    for name in (
        "id", "received_at", "transport", "client", "reverse_path", "recipients", "message_id", "author", "subject",
        "state", "outcome", "reason", "ticket", "decided_at",
    )
)  # fmt: skip
_SHORTEST = 4  # characters of the id in a reply
_BLOCK = 500  # ids in one statement


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for, in the forms in which it may be stored; `words` those of a pasted reply."""

    text: str
    words: tuple[str, ...]
    address: str | None


def read_query(text: str) -> Query:
    """An address, a Message-ID with or without brackets, an id, or the whole reply of a server."""
    flat = " ".join(text.split())
    words = tuple(word.strip("<>,;") for word in flat.split(" ") if word.strip("<>,;"))
    single = words[0] if len(words) == 1 else flat
    return Query(single, words, canonical(single) if len(words) == 1 else None)


def trace(session: Session, query: Query, *, limit: int | None = None) -> list[dict[str, Any]]:
    """Each mail that came in with what it led to, and each that went out by itself, in time order.

    A report of a mail's bounce is shown beside that mail, whichever of the two was asked for. With `limit` the newest.
    """
    asked = select(_INBOUND.c.id).where(_came_in(query))
    arrived = set(session.connection().scalars(asked))
    linked = or_(_OUTBOX.c.inbound.in_(asked), _OUTBOX.c.undelivered_by.in_(asked))
    sent = [row for row in _rows(session, or_(_went_out(query), linked)) if _is_meant(row, query, arrived)]
    related = (name for row in sent for name in (row["inbound"], row["undelivered_by"]) if name is not None)
    mails = _messages(session, dict.fromkeys((*arrived, *related)))
    items = _of_messages(session, mails)
    items += [_by_itself(session, row) for row in sent if row["inbound"] not in mails]
    items.sort(key=lambda item: (item["at"], item["order"]))
    found = [{name: item[name] for name in ("message", "outbox", "ticket", "events")} for item in items]
    return found if limit is None else found[-limit:]


def _came_in(query: Query) -> ColumnElement[bool]:
    which = [_INBOUND.c.id.in_(query.words[-20:]), _INBOUND.c.message_id == query.text]
    if query.address is not None:
        listed = cast(_INBOUND.c.recipients, Text)
        which += [
            _INBOUND.c.author == query.address,
            func.lower(_INBOUND.c.reverse_path) == query.address,
            func.lower(listed).contains(f'"{query.address}"', autoescape=True),
        ]
    return or_(*which)


def _went_out(query: Query) -> ColumnElement[bool]:
    which = [_OUTBOX.c.message_id == query.text]
    if query.address is not None:
        which += [_OUTBOX.c.recipient == query.address, _OUTBOX.c.reverse_path == query.address]
    if len(query.text) >= _SHORTEST:
        which.append(_OUTBOX.c.last_reply.contains(query.text, autoescape=True))
    return or_(*which)


def _is_meant(row: RowMapping, query: Query, arrived: set[str]) -> bool:
    """The database looks for the id anywhere in the reply; it has to stand there as a word of its own."""
    known = (row["message_id"], row["recipient"], row["reverse_path"])
    if query.text in known or (query.address is not None and query.address in known):
        return True
    if row["inbound"] in arrived or row["undelivered_by"] in arrived:
        return True
    before, _, after = (row["last_reply"] or "").partition(query.text)
    return not before[-1:].isalnum() and not after[:1].isalnum()


def _rows(session: Session, which: ColumnElement[bool]) -> list[RowMapping]:
    query = select(*TOLD, _OUTBOX.c.reverse_path, _OUTBOX.c.ticket).where(which).order_by(_OUTBOX.c.id)
    return list(session.connection().execute(query).mappings())


def _messages(session: Session, names: Iterable[str]) -> dict[str, RowMapping]:
    found: dict[str, RowMapping] = {}
    for block in _blocks(list(names)):
        rows = session.connection().execute(select(*_MESSAGE).where(_INBOUND.c.id.in_(block))).mappings()
        found.update({row["id"]: row for row in rows})
    return found


def _of_messages(session: Session, mails: dict[str, RowMapping]) -> list[dict[str, Any]]:
    owed: dict[str, list[dict[str, Any]]] = {}
    logged: dict[str, list[dict[str, Any]]] = {}
    for block in _blocks(list(mails)):
        for row in _rows(session, _OUTBOX.c.inbound.in_(block)):
            owed.setdefault(row["inbound"], []).append(told(row))
        for event in _events(session, _EVENT.c.inbound.in_(block)):
            logged.setdefault(event.pop("inbound"), []).append(event)
    return [
        {
            "at": row["received_at"],
            "order": row["id"],
            "message": {name: as_json(value) for name, value in row.items()},
            "outbox": owed.get(row["id"], []),
            "ticket": row["ticket"],
            "events": logged.get(row["id"], []),
        }
        for row in mails.values()
    ]


def _by_itself(session: Session, row: RowMapping) -> dict[str, Any]:
    """A mail that no mail led to: a reminder, or what somebody wrote at the command line."""
    logged = _events(session, _EVENT.c.ticket == row["ticket"]) if row["ticket"] is not None else []
    events = [event for event in logged if (event["detail"] or {}).get("to") == row["recipient"]]
    for event in events:
        event.pop("inbound")
    order = f"{row['id']:012d}"
    return {"at": row["created_at"], "order": order, "message": None, "outbox": [told(row)], "ticket": row["ticket"],
            "events": events}  # fmt: skip


def _events(session: Session, which: ColumnElement[bool]) -> list[dict[str, Any]]:
    names = ("inbound", "at", "kind", "actor", "detail")
    query = select(*(_EVENT.c[name] for name in names)).where(which).order_by(_EVENT.c.id)
    return [as_json(row) for row in session.connection().execute(query).mappings()]


def _blocks(names: list[str]) -> Iterable[list[str]]:
    return (names[start : start + _BLOCK] for start in range(0, len(names), _BLOCK))
