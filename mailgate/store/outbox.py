"""Mail that we owe: claimed with a lease, composed once, sent, settled. All functions run inside a transaction.

    claimed = database.write(lambda s: claim(s, owner, now, lease, limit))
    database.write(lambda s: store_body(s, mail.id, mail.fence, raw, reverse_path))   # only where mail.body is None
    database.write(lambda s: settle(s, mail.id, mail.fence, OutboxState.SENT, reply, None, now))

Between claim and settle nothing is open. A lease that runs out, or whose holder is gone, is taken up again: its
mail may have been sent or not (`in-doubt`) and goes out again with the same bytes, at most once for each crash (threats
OB-05, OB-06).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, case, delete, func, or_, select, update
from sqlmodel import Session

from mailgate.core.desk.notice import Notice
from mailgate.core.desk.ticket import ClockName, Flag
from mailgate.store.apply import stop_clock
from mailgate.store.errors import LeaseLost
from mailgate.store.events import log_event
from mailgate.store.sql import is_postgres
from mailgate.store.tables.base import table_of
from mailgate.store.tables.desk import FlagRow, TicketRow
from mailgate.store.tables.work import OutboxRow, OutboxState
from mailgate.store.values import iso, notice_from_json

_OUTBOX = table_of(OutboxRow)
_TICKET = table_of(TicketRow)
_FLAG = table_of(FlagRow)
_CLAIMABLE = (OutboxState.READY, OutboxState.DEFERRED, OutboxState.IN_DOUBT)
_HELD_BY_LEASE = (OutboxState.LEASED, OutboxState.IN_DOUBT)
_LOGGED = (
    _OUTBOX.c.ticket,
    _OUTBOX.c.inbound,
    _OUTBOX.c.kind,
    _OUTBOX.c.recipient,
    _OUTBOX.c.automatic,
    _OUTBOX.c.attempts,
)
_LISTED = ("id", "kind", "ticket", "recipient", "subject", "state", "attempts", "next_at", "message_id", "last_reply")


@dataclass(frozen=True, slots=True)
class ClaimedMail:
    """A mail that is ours until `lease_until`. `body` and `reverse_path` are None until it was composed.

    `fence` proves the lease; `attempts` counts this one; `in_doubt` where an earlier attempt may have sent it.
    """

    id: int
    fence: int
    kind: str
    ticket: int | None
    recipient: str
    message_id: str
    notice: Notice
    body: bytes | None
    reverse_path: str | None
    attempts: int
    in_doubt: bool
    created_at: datetime
    lease_until: datetime


def claim(
    session: Session,
    owner: str,
    now: datetime,
    lease: timedelta,
    limit: int,
    *,
    gone: Callable[[str], bool] = lambda _owner: False,
) -> list[ClaimedMail]:
    """Take up to `limit` mails that are due, oldest first, for `lease` from `now`; counts the attempt before its work.

    `gone` says of a lease's owner that it holds nothing any more: its mails are free at once. Commit before anything is
    sent. Take `now` from `Database.now()`, so that nodes agree when a lease is over.
    """
    _release_over(session, now, gone)
    connection = session.connection()
    query = (
        select(_OUTBOX)
        .where(_OUTBOX.c.state.in_(_CLAIMABLE), _OUTBOX.c.next_at <= now)
        .order_by(_OUTBOX.c.next_at, _OUTBOX.c.id)
        .limit(limit)
    )
    if is_postgres(session):
        query = query.with_for_update(skip_locked=True)
    rows = connection.execute(query).all()
    until = now + lease
    if rows:
        connection.execute(
            update(_OUTBOX)
            .where(_OUTBOX.c.id.in_([row.id for row in rows]))
            .values(
                state=OutboxState.LEASED,
                lease_owner=owner,
                lease_until=until,
                fence=_OUTBOX.c.fence + 1,
                attempts=_OUTBOX.c.attempts + 1,
            )
        )
    return [_claimed(row, until) for row in rows]


def store_body(
    session: Session, outbox_id: int, fence: int, raw: bytes, reverse_path: str, *, subject: str | None = None
) -> None:
    """Keep the composed bytes before they are sent first; from then on each attempt sends these.

    `subject` is the rendered one, for lists. `LeaseLost` where somebody else holds the mail, or it has bytes already.
    """
    statement = (
        update(_OUTBOX)
        .where(
            _OUTBOX.c.id == outbox_id,
            _OUTBOX.c.fence == fence,
            _OUTBOX.c.state == OutboxState.LEASED,
            _OUTBOX.c.body.is_(None),
        )
        .values(body=raw, reverse_path=reverse_path, **({} if subject is None else {"subject": subject}))
    )
    if session.connection().execute(statement).rowcount != 1:
        raise LeaseLost(f"outbox entry {outbox_id} is not held with fence {fence}, or has its bytes")


def settle(
    session: Session,
    outbox_id: int,
    fence: int,
    outcome: OutboxState,
    reply: str | None,
    next_at: datetime | None,
    now: datetime,
) -> None:
    """Set down how an attempt ended: sent, deferred (with `next_at`), failed, held, or in-doubt (with `next_at`).

    A receipt that was sent stops the receipt clock of its ticket; a mail that failed marks its ticket `undelivered`.
    `LeaseLost` where somebody has taken the mail up since: nothing is changed then.
    """
    row = _free(session, outbox_id, fence, outcome, reply, next_at, now)
    if outcome is OutboxState.SENT:
        _log(session, row, "notice-sent", now, attempts=row.attempts)
        _stop_receipt_clock(session, row, now)
        _clear_undelivered(session, row, now)
    elif outcome is OutboxState.FAILED:
        _log(session, row, "notice-failed", now, reply=reply)


def retry(session: Session, outbox_id: int, now: datetime) -> bool:
    """Make a mail that was deferred, failed or held due now. False where there is none such."""
    allowed = (OutboxState.DEFERRED, OutboxState.FAILED, OutboxState.HELD, OutboxState.IN_DOUBT)
    anew = {"state": OutboxState.READY, "next_at": now, "undelivered_at": None, "undelivered_why": None}
    return _override(session, outbox_id, allowed, "notice-retried", now, **anew)


def drop(session: Session, outbox_id: int, now: datetime) -> bool:
    """Give a mail up. Its row stays, so that it is not owed again. False where it was sent, or is just being sent."""
    allowed = (*_CLAIMABLE, OutboxState.HELD)
    reason = "dropped by the operator"
    return _override(session, outbox_id, allowed, "notice-dropped", now, state=OutboxState.FAILED, last_reply=reason)


def list_outbox(session: Session, *, state: str | None = None, limit: int | None = None) -> list[dict[str, Any]]:
    """The entries as `outbox list` prints them, in the order in which they were owed; with `limit` the newest."""
    query = select(*(_OUTBOX.c[name] for name in _LISTED))
    if state is not None:
        query = query.where(_OUTBOX.c.state == state)
    rows = session.connection().execute(query.order_by(_OUTBOX.c.id.desc()).limit(limit)).mappings().all()
    return [_listed(dict(row)) for row in reversed(rows)]


def next_due(session: Session) -> datetime | None:
    """When the next mail is due or the next lease runs out; None where nothing waits."""
    due = case((_OUTBOX.c.state == OutboxState.LEASED, _OUTBOX.c.lease_until), else_=_OUTBOX.c.next_at)
    waiting = _OUTBOX.c.state.in_((*_CLAIMABLE, OutboxState.LEASED))
    moment: datetime | None = session.connection().scalar(select(due).where(waiting).order_by(due).limit(1))
    return moment


def _release_over(session: Session, now: datetime, gone: Callable[[str], bool]) -> None:
    """A holder that died before it had bytes sent nothing; after that nobody knows."""
    connection = session.connection()
    leased = _OUTBOX.c.state == OutboxState.LEASED
    owners = connection.scalars(select(_OUTBOX.c.lease_owner).where(leased).distinct()).all()
    over = or_(_OUTBOX.c.lease_until < now, _OUTBOX.c.lease_owner.in_([owner for owner in owners if gone(owner)]))
    doubtful = case((_OUTBOX.c.body.is_(None), OutboxState.READY.value), else_=OutboxState.IN_DOUBT.value)
    if owners:
        connection.execute(update(_OUTBOX).where(leased, over).values(state=doubtful))


def _claimed(row: Row[Any], until: datetime) -> ClaimedMail:
    return ClaimedMail(
        id=row.id,
        fence=row.fence + 1,
        kind=row.kind,
        ticket=row.ticket,
        recipient=row.recipient,
        message_id=row.message_id,
        notice=notice_from_json(row.notice),
        body=row.body,
        reverse_path=row.reverse_path,
        attempts=row.attempts + 1,
        in_doubt=row.state == OutboxState.IN_DOUBT,
        created_at=row.created_at,
        lease_until=until,
    )


def _free(
    session: Session,
    outbox_id: int,
    fence: int,
    outcome: OutboxState,
    reply: str | None,
    next_at: datetime | None,
    now: datetime,
) -> Row[Any]:
    values: dict[str, Any] = {"state": outcome, "last_reply": reply, "lease_owner": None, "lease_until": None}
    if outcome is OutboxState.SENT:
        values["sent_at"] = now
    elif outcome in {OutboxState.DEFERRED, OutboxState.IN_DOUBT}:
        values["next_at"] = next_at or now
        values["deferred_since"] = func.coalesce(_OUTBOX.c.deferred_since, now)
    elif outcome not in {OutboxState.FAILED, OutboxState.HELD}:
        raise ValueError(f"an attempt cannot end as {outcome}")
    statement = (
        update(_OUTBOX)
        .where(_OUTBOX.c.id == outbox_id, _OUTBOX.c.fence == fence, _OUTBOX.c.state.in_(_HELD_BY_LEASE))
        .values(**values)
        .returning(*_LOGGED)
    )
    row = session.connection().execute(statement).one_or_none()
    if row is None:
        raise LeaseLost(f"outbox entry {outbox_id} is not held with fence {fence} any more")
    return row


def _stop_receipt_clock(session: Session, row: Row[Any], now: datetime) -> None:
    """The first automatic mail that reached the requester told them that we have theirs."""
    if row.ticket is None or not row.automatic:
        return
    first = update(_TICKET).where(
        _TICKET.c.number == row.ticket,
        _TICKET.c.requester == row.recipient,
        _TICKET.c.receipt_sent_at.is_(None),
    )
    if session.connection().execute(first.values(receipt_sent_at=now)).rowcount != 1:
        return
    if stop_clock(session, row.ticket, ClockName.RECEIPT, now):
        detail = {"clock": ClockName.RECEIPT, "reason": "sent"}
        log_event(session, "clock-stopped", ticket=row.ticket, at=now, actor="mailgate", detail=detail)


def _clear_undelivered(session: Session, row: Row[Any], now: datetime) -> None:
    """The mark goes with a later mail by a human, or with the last mail that had not arrived."""
    connection = session.connection()
    missed = select(_OUTBOX.c.id).where(_OUTBOX.c.ticket == row.ticket, _OUTBOX.c.undelivered_at.is_not(None))
    if row.automatic and connection.execute(missed.limit(1)).first() is not None:
        return
    mark = (_FLAG.c.ticket == row.ticket) & (_FLAG.c.flag == Flag.UNDELIVERED)
    if connection.execute(delete(_FLAG).where(mark)).rowcount == 1:
        detail = {"flag": Flag.UNDELIVERED, "reason": "sent"}
        log_event(session, "flag-cleared", ticket=row.ticket, at=now, actor="mailgate", detail=detail)


def _override(
    session: Session, outbox_id: int, allowed: tuple[OutboxState, ...], event: str, now: datetime, **values: Any
) -> bool:
    statement = (
        update(_OUTBOX)
        .where(_OUTBOX.c.id == outbox_id, _OUTBOX.c.state.in_(allowed))
        .values(fence=_OUTBOX.c.fence + 1, **values)
        .returning(*_LOGGED)
    )
    row = session.connection().execute(statement).one_or_none()
    if row is None:
        return False
    _log(session, row, event, now, actor="operator")
    return True


def _log(session: Session, row: Row[Any], kind: str, now: datetime, *, actor: str = "mailgate", **detail: Any) -> None:
    detail = {"template": row.kind, "to": row.recipient, **detail}
    log_event(session, kind, ticket=row.ticket, inbound=row.inbound, at=now, actor=actor, detail=detail)


def _listed(row: dict[str, Any]) -> dict[str, Any]:
    row["to"] = row.pop("recipient")
    row["next_at"] = iso(row["next_at"])
    return row
