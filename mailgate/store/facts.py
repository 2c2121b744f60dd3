"""Reads for the `Facts` of a case: threads, keys, budgets, repeated texts. Run them in the deciding transaction.

Facts about accounts are in `accounts`, the claim that makes a mail a duplicate in `inbound.claim_seen`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, or_, select
from sqlmodel import Session

from mailgate.core.desk.case import KeyFact, ThreadBy, Unsent
from mailgate.core.desk.echo import MOST_TEXT, Answered, Said
from mailgate.core.desk.notice import Template
from mailgate.core.desk.ticket import Entry, EntryKind, Purpose, Ticket
from mailgate.core.mail.envelope import Transport
from mailgate.core.mail.gate import Budget, Pool
from mailgate.core.who.evidence import Assurance
from mailgate.store.tables.base import table_of
from mailgate.store.tables.desk import EntryRow, KeyRow, TicketRow
from mailgate.store.tables.mail import InboundRow
from mailgate.store.tables.people import PinTryRow
from mailgate.store.tables.work import OutboxRow, OutboxState
from mailgate.store.tickets import TicketQueries
from mailgate.store.values import attachment_from_json

_TICKET = table_of(TicketRow)
_ENTRY = table_of(EntryRow)
_KEY = table_of(KeyRow)
_INBOUND = table_of(InboundRow)
_OUTBOX = table_of(OutboxRow)
_PIN_TRY = table_of(PinTryRow)

MOST_IDS = 20
_MOST_MERGES = 50  # tickets merged one into the other; a merged one takes no other in, so there is no circle
_MOST_ENTRIES = 100
_MOST_ANSWERED = 10
_MOST_TEXT = 20_000  # characters
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class AnsweredMail:
    """What a mail answers: a ticket; for a mail of ours its template, and whether that was automatic."""

    ticket: int
    by: ThreadBy
    template: str | None = None
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class PinTries:
    """Support PINs since some moment: wrong ones of the account and desk-wide, and time steps already used."""

    account_failures: int
    desk_failures: int
    used_steps: frozenset[int]


def ticket(session: Session, number: int) -> Ticket | None:
    """A ticket as it stands, with flags, clocks and participants."""
    return next(iter(_ONE_TICKET.load(session, {"number": number})), None)


def place(session: Session, number: int) -> Ticket | None:
    """The ticket that mail for this one belongs to: itself, or the one that it became part of."""
    found = ticket(session, number)
    for _ in range(_MOST_MERGES):
        if found is None or found.merged_into is None:
            return found
        found = ticket(session, found.merged_into)
    return found


def answered_mail(session: Session, ids: Sequence[str], author: str | None = None) -> AnsweredMail | None:
    """The mail that the ids of In-Reply-To and References lead to; best id first, as `core.desk.thread.thread_ids`.

    A Message-ID of ours wins over a foreign one; among several the first counts (threats TH-09). Ids beyond the first
    twenty are not looked at. Where a foreign id stands in several tickets, the one in which the `author` used it
    counts: others may have taken it (threats TH-08).
    """
    looked_at = list(ids[:MOST_IDS])
    if not looked_at:
        return None
    return _our_mail(session, looked_at) or _foreign_mail(session, looked_at, author)


def key(session: Session, text: str, now: datetime) -> KeyFact | None:
    """The key as the table knows it; None for an unknown one. A revoked key counts as expired."""
    row = session.connection().execute(_BY_KEY, {"text": text}).one_or_none()
    if row is None:
        return None
    over = row.expires_at is not None and row.expires_at <= now
    return KeyFact(
        key=row.key,
        ticket=row.ticket,
        person=row.person,
        purpose=Purpose(row.purpose),
        expired=over or row.revoked_at is not None,
        used=row.used_at is not None,
    )


def history(session: Session, ticket: int) -> tuple[Entry, ...]:
    """The latest hundred entries of a ticket, oldest first; of long texts the first 20,000 characters."""
    text = func.substr(_ENTRY.c.text, 1, _MOST_TEXT).label("text")
    columns = [text if column.name == "text" else column for column in _ENTRY.c]
    query = select(*columns).where(_ENTRY.c.ticket == ticket).order_by(_ENTRY.c.id.desc()).limit(_MOST_ENTRIES)
    return tuple(_entry(row) for row in reversed(session.connection().execute(query).all()))


def _entry(row: Any) -> Entry:
    return Entry(
        id=row.id,
        kind=EntryKind(row.kind),
        author=row.author,
        at=row.at,
        text=row.text,
        message_id=row.message_id,
        assurance=None if row.assurance is None else Assurance(row.assurance),
        inbound=row.inbound,
        attachments=tuple(attachment_from_json(item) for item in row.attachments),
    )


def unsent(session: Session, ticket: int) -> tuple[Unsent, ...]:
    """Answers of agents in a ticket of which no mail was taken up yet, the latest first."""
    columns = (_OUTBOX.c.inbound, _OUTBOX.c.recipient, _OUTBOX.c.state, _OUTBOX.c.attempts, _OUTBOX.c.notice)
    query = select(*columns).where(_OUTBOX.c.ticket == ticket, _OUTBOX.c.kind == Template.REPLY)
    rows = session.connection().execute(query.order_by(_OUTBOX.c.id.desc()).limit(_MOST_ENTRIES)).all()
    left = {row.inbound for row in rows if row.state != OutboxState.READY or row.attempts}
    answers: dict[str, list[Any]] = {}
    for row in rows:
        if row.inbound is not None and row.inbound not in left:
            answers.setdefault(row.inbound, []).append(row)
    return tuple(
        Unsent(inbound, str(mails[0].notice["author"]), tuple(sorted(row.recipient for row in mails)))
        for inbound, mails in answers.items()
    )


def asked(session: Session, ticket: int) -> tuple[str, ...]:
    """The addresses that were asked to confirm a ticket, in their order."""
    query = select(_KEY.c.person).where(_KEY.c.ticket == ticket, _KEY.c.purpose == Purpose.CONFIRM)
    return tuple(dict.fromkeys(session.connection().scalars(query.order_by(_KEY.c.issued_at, _KEY.c.person))))


def budget(
    session: Session,
    pool: Pool,
    address: str,
    now: datetime,
    *,
    ticket: int | None = None,
    body_hash: str | None = None,
) -> Budget:
    """Automatic mails of a pool, owed or sent; those that failed too, for each was an attempt.

    An address with a `+tag` counts with the one without: they lead to one mailbox, and as many as one likes. Other
    pools are apart, so that nobody's mail uses up what is sent because of another's (threats BS-03). `body_hash` is
    that of the text to be answered.
    """
    local, _, domain = address.rpartition("@")
    base = local.partition("+")[0]
    values = {
        "pool": pool.value,
        "address": address,
        "untagged": f"{base}@{domain}",
        "tagged": re.sub(r"([\\%_])", r"\\\1", f"{base}+\0@{domain}").replace("\0", "%"),
        "domain": re.sub(r"([\\%_])", r"\\\1", f"@{domain}").replace("@", "%@", 1),
        "hour_ago": now - _HOUR,
        "day_ago": now - _DAY,
        "number": ticket or 0,
    }
    hour, day, desk, life, near = session.connection().execute(_BUDGET, values).one()
    same = _same_text(session, address, body_hash, now) if body_hash is not None else 0
    return Budget(hour, day, desk, life, near, same)


def _same_text(session: Session, address: str, body_hash: str, now: datetime) -> int:
    """How often the very same text of this author was answered by ourselves: a slow responder says it each time."""
    values = {"author": address, "text": body_hash, "since": now - _MONTH}
    return session.connection().scalar(_SAME_TEXT, values) or 0


def repeats_text(
    session: Session, author: str, body_hash: str, since: datetime, *, except_for: str | None = None
) -> int | None:
    """The ticket of the newest decided mail since then with the same text from the same (canonical) author.

    Imported mail does not count: it was not written within the hour. `except_for` is the mail that is asked about,
    which a replay would find.
    """
    values = {"author": author, "text": body_hash, "since": since, "but": except_for or ""}
    number: int | None = session.connection().scalar(_REPEATED, values)
    return number


def answered_mails(session: Session, author: str, since: datetime) -> tuple[Answered, ...]:
    """The latest mails of the author with a ticket that we answered by ourselves, newest answer first."""
    rows = session.connection().execute(_ANSWERED, {"author": author, "since": since}).all()
    return tuple(
        Answered(row.ticket, Said(row.subject or "", row.text, row.body_hash or ""), row.received_at, row.sent_at)
        for row in rows
    )


def pin_tries(session: Session, account: str, since: datetime) -> PinTries:
    """Support PINs that were tried since then, for the account and, where wrong, desk-wide."""
    query = select(_PIN_TRY.c.account, _PIN_TRY.c.step).where(_PIN_TRY.c.at >= since)
    tries = session.connection().execute(query).all()
    wrong = [row.account for row in tries if row.step is None]
    used = frozenset(row.step for row in tries if row.account == account and row.step is not None)
    return PinTries(wrong.count(account), len(wrong), used)


def _our_mail(session: Session, ids: list[str]) -> AnsweredMail | None:
    columns = (_OUTBOX.c.message_id, _OUTBOX.c.ticket, _OUTBOX.c.kind, _OUTBOX.c.automatic)
    query = select(*columns).where(_OUTBOX.c.message_id.in_(ids), _OUTBOX.c.ticket.is_not(None))
    found = {row.message_id: row for row in session.connection().execute(query)}
    row = next((found[item] for item in ids if item in found), None)
    if row is None:
        return None
    return AnsweredMail(row.ticket, ThreadBy.MESSAGE_ID, row.kind, automatic=row.automatic)


def _foreign_mail(session: Session, ids: list[str], author: str | None) -> AnsweredMail | None:
    query = select(_ENTRY.c.message_id, _ENTRY.c.ticket).where(_ENTRY.c.message_id.in_(ids))
    query = query.order_by(_ENTRY.c.author == (author or ""), _ENTRY.c.id)  # the last one of an id counts
    found = {row.message_id: row.ticket for row in session.connection().execute(query)}
    number = next((found[item] for item in ids if item in found), None)
    return None if number is None else AnsweredMail(number, ThreadBy.FOREIGN_ID)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


def _budget_query() -> Select[int, int, int, int, int]:
    tagged = _OUTBOX.c.recipient.like(bindparam("tagged"), escape="\\")
    address = or_(_OUTBOX.c.recipient.in_([bindparam("address"), bindparam("untagged")]), tagged)
    mine = _OUTBOX.c.pool == bindparam("pool")
    in_hour = _OUTBOX.c.created_at > bindparam("hour_ago")
    in_day = _OUTBOX.c.created_at > bindparam("day_ago")
    near = _OUTBOX.c.recipient.like(bindparam("domain"), escape="\\")
    on_ticket = _OUTBOX.c.ticket == bindparam("number")
    return select(
        _count(mine & address & in_hour),
        _count(mine & address & in_day),
        _count(mine & in_hour),
        _count(on_ticket),
        _count(mine & near & in_hour),
    ).where(_OUTBOX.c.pool.is_not(None), or_(in_hour, and_(address, in_day), on_ticket))


def _same_text_query() -> Select[int]:
    query = select(func.count()).select_from(_INBOUND.join(_OUTBOX, _OUTBOX.c.inbound == _INBOUND.c.id))
    return query.where(
        _INBOUND.c.author == bindparam("author"),
        _INBOUND.c.body_hash == bindparam("text"),
        _INBOUND.c.received_at > bindparam("since"),
        _OUTBOX.c.pool.is_not(None),
        _OUTBOX.c.recipient == bindparam("author"),
    )


def _repeated_query() -> Select[int | None]:
    query = select(_INBOUND.c.ticket).where(
        _INBOUND.c.author == bindparam("author"),
        _INBOUND.c.body_hash == bindparam("text"),
        _INBOUND.c.received_at >= bindparam("since"),
        _INBOUND.c.transport != Transport.IMPORT,
        _INBOUND.c.ticket.is_not(None),
        _INBOUND.c.id != bindparam("but"),
    )
    return query.order_by(_INBOUND.c.received_at.desc()).limit(1)


def _answered_query() -> Select[int, datetime, datetime, str, str, str]:
    text = func.substr(_ENTRY.c.text, 1, MOST_TEXT).label("text")
    mails = _OUTBOX.join(_INBOUND, _INBOUND.c.id == _OUTBOX.c.inbound).join(_ENTRY, _ENTRY.c.inbound == _INBOUND.c.id)
    columns = (_OUTBOX.c.ticket, _OUTBOX.c.sent_at, _INBOUND.c.received_at, _INBOUND.c.subject, _INBOUND.c.body_hash)
    query = select(*columns, text).select_from(mails)
    query = query.where(
        _OUTBOX.c.recipient == bindparam("author"),
        _OUTBOX.c.created_at > bindparam("since"),
        _OUTBOX.c.pool.is_not(None),
        _OUTBOX.c.sent_at.is_not(None),
        _OUTBOX.c.ticket == _ENTRY.c.ticket,
        _INBOUND.c.author == bindparam("author"),
        _ENTRY.c.kind == EntryKind.CUSTOMER,
    )
    return query.order_by(_OUTBOX.c.sent_at.desc(), _OUTBOX.c.id.desc()).limit(_MOST_ANSWERED)


# To build these takes ten times as long as to run them.
_BUDGET = _budget_query()
_ANSWERED = _answered_query()
_SAME_TEXT = _same_text_query()
_REPEATED = _repeated_query()
_BY_KEY = select(_KEY).where(_KEY.c.key == bindparam("text"))
_ONE_TICKET = TicketQueries.of(_TICKET.c.number == bindparam("number"))
