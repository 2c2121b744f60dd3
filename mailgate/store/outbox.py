"""Mail that we owe: claimed with a lease, composed once, sent, settled. All functions run inside a transaction.

    claimed = database.write(lambda s: claim(s, owner, now, lease, limit))
    database.write(lambda s: store_body(s, mail.id, mail.fence, raw, reverse_path))   # only where mail.body is None
    database.write(lambda s: settle(s, mail.id, mail.fence, OutboxState.SENT, reply, None, now))

Between claim and settle nothing is open. A lease that runs out, or whose holder is gone, is taken up again: its
mail may have been sent or not (`in-doubt`) and goes out again with the same bytes, at most once for each crash (threats
OB-05, OB-06). While the next hop is down or refuses us all, `claim` gives one mail at a time as a probe (OB-01, OB-07).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, case, func, or_, select, update
from sqlalchemy.sql.dml import ReturningUpdate
from sqlmodel import Session

from mailgate.core.desk.notice import Notice, Template
from mailgate.core.desk.ticket import ClockName, Flag
from mailgate.core.mail.destination import Reach
from mailgate.store import clocks
from mailgate.store.errors import LeaseLost
from mailgate.store.events import log_event
from mailgate.store.next_hop import load_hop, probe_now, reserve_probe
from mailgate.store.sql import is_postgres, update_rows
from mailgate.store.tables.base import table_of
from mailgate.store.tables.desk import TicketRow
from mailgate.store.tables.work import HeldFor, OutboxRow, OutboxState
from mailgate.store.values import iso, notice_from_json

_OUTBOX = table_of(OutboxRow)
_MISSED = select(_OUTBOX.c.id).where(_OUTBOX.c.ticket == bindparam("number"), _OUTBOX.c.undelivered_at.is_not(None))
_MISSED = _MISSED.limit(1)
_TICKET = table_of(TicketRow)
_CLAIMABLE = (OutboxState.READY, OutboxState.DEFERRED, OutboxState.IN_DOUBT)
_HELD_BY_LEASE = (OutboxState.LEASED, OutboxState.IN_DOUBT)
_WAITS_FOR_HOP = and_(_OUTBOX.c.state == OutboxState.HELD, _OUTBOX.c.held_for == HeldFor.NEXT_HOP)
_WAITS = or_(_OUTBOX.c.state.in_(_CLAIMABLE), _WAITS_FOR_HOP)
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

    `fence` proves the lease; `attempts` counts this one; `in_doubt` where an earlier attempt may have sent it,
    `reply_lost` where one did not get its final reply. `tried_from` is when `retry_for` begins. `probe` where the
    next hop is not up.
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
    reply_lost: bool
    tried_from: datetime
    probe: bool


def claim(
    session: Session,
    owner: str,
    now: datetime,
    lease: timedelta,
    limit: int,
    *,
    gone: Callable[[str], bool] = lambda _owner: False,
    in_hand: Collection[int] | None = None,
) -> list[ClaimedMail]:
    """Take up to `limit` mails that are due, oldest first, for `lease` from `now`; counts the attempt before its work.

    `gone` says of a lease's owner that it holds nothing any more: its mails are free at once. So are those of `owner`
    that are not `in_hand`, where that is given. While the next hop is not up it is one mail, once its probe is due.
    Commit before anything is sent. Take `now` from `Database.now()`, so that nodes agree when a lease is over.
    """
    _release_over(session, now, gone, owner, in_hand)
    hop = load_hop(session)
    if hop.reach is Reach.STOPPED:
        _hold_waiting(session, hop.reply, now)
    if not hop.may_try(now):
        return []
    up, until = hop.reach is Reach.UP, now + lease
    query = select(_OUTBOX).where(_WAITS, _OUTBOX.c.next_at <= now).order_by(_OUTBOX.c.next_at, _OUTBOX.c.id)
    query = query.limit(limit if up else 1)
    if is_postgres(session):
        query = query.with_for_update(skip_locked=True)
    batch = _lease(session, query, owner, now, until, attempts=1, probe=not up)
    return batch if up or not batch or reserve_probe(session, now, until) else _let_go(session, batch)


def store_body(
    session: Session, outbox_id: int, fence: int, raw: bytes, reverse_path: str, *, subject: str | None = None
) -> None:
    """Keep the composed bytes before they are sent first; from then on each attempt sends these.

    `subject` is the rendered one, for lists. `LeaseLost` where somebody else holds the mail, or it has bytes already.
    """
    held = {"id": outbox_id, "fence": fence, "state": OutboxState.LEASED, "body": None}
    known = {} if subject is None else {"subject": subject}
    if update_rows(session, _OUTBOX, held, {"body": raw, "reverse_path": reverse_path, **known}) != 1:
        raise LeaseLost(f"outbox entry {outbox_id} is not held with fence {fence}, or has its bytes")


def settle(
    session: Session,
    outbox_id: int,
    fence: int,
    outcome: OutboxState,
    reply: str | None,
    next_at: datetime | None,
    now: datetime,
    held_for: HeldFor | None = None,
) -> None:
    """Set down how an attempt ended: sent, deferred (with `next_at`), failed, in-doubt (with `next_at`), or held.

    A receipt that was sent stops the receipt clock of its ticket. `LeaseLost` where somebody has taken the mail up
    since: nothing is changed then.
    """
    row = _free(session, outbox_id, fence, _values_of(outcome, reply, next_at, now, held_for))
    if outcome is OutboxState.SENT:
        _log(session, row, "notice-sent", now, attempts=row.attempts)
        _stop_receipt_clock(session, row, now)
        _clear_undelivered(session, row, now)
    elif outcome is OutboxState.FAILED:
        _log(session, row, "notice-failed", now, reply=reply)
    elif outcome is OutboxState.HELD and held_for is not HeldFor.NEXT_HOP:
        _log(session, row, "notice-held", now, reply=reply)


def give_back(session: Session, mail: ClaimedMail) -> None:
    """Let go of a mail that was not tried, if it is still held: it stands as it stood before its claim."""
    fresh = OutboxState.READY if mail.attempts == 1 else OutboxState.DEFERRED
    before = OutboxState.IN_DOUBT if mail.in_doubt else fresh
    ours = (_OUTBOX.c.id == mail.id) & (_OUTBOX.c.fence == mail.fence) & (_OUTBOX.c.state == OutboxState.LEASED)
    values = {"state": before, "attempts": mail.attempts - 1, "lease_owner": None, "lease_until": None}
    session.connection().execute(update(_OUTBOX).where(ours).values(**values))
    if mail.probe:
        probe_now(session)


def claim_expired(
    session: Session, owner: str, now: datetime, lease: timedelta, limit: int, *, tried_before: datetime
) -> list[ClaimedMail]:
    """Take mails that waited for too long while nobody could be reached: they are to be given up, not tried."""
    began = func.coalesce(_OUTBOX.c.tried_from, _OUTBOX.c.created_at)
    query = select(_OUTBOX).where(_OUTBOX.c.state.in_(_CLAIMABLE), began < tried_before).limit(limit)
    if is_postgres(session):
        query = query.with_for_update(skip_locked=True)
    return _lease(session, query, owner, now, now + lease, attempts=0)


def retry(session: Session, outbox_id: int, now: datetime) -> bool:
    """Make a mail that was deferred, failed or held due now, its days counted anew. False where there is none such."""
    allowed = (OutboxState.DEFERRED, OutboxState.FAILED, OutboxState.HELD, OutboxState.IN_DOUBT)
    anew = {"state": OutboxState.READY, "next_at": now, "tried_from": now, "undelivered_at": None}
    forgotten = {"undelivered_why": None, "doubt_at": None, "held_for": None}
    if not _override(session, outbox_id, allowed, "notice-retried", now, **anew, **forgotten):
        return False
    probe_now(session)
    return True


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
    """When the next mail may be tried or the next lease runs out; None where nothing waits."""
    due = case((_OUTBOX.c.state == OutboxState.LEASED, _OUTBOX.c.lease_until), else_=_OUTBOX.c.next_at)
    waiting = or_(_WAITS, _OUTBOX.c.state == OutboxState.LEASED)
    moment: datetime | None = session.connection().scalar(select(due).where(waiting).order_by(due).limit(1))
    probe_at = load_hop(session).probe_at
    return moment if moment is None or probe_at is None else max(moment, probe_at)


def count_by_state(session: Session) -> dict[str, int]:
    """How many entries stand in each state; states without any are left out."""
    query = select(_OUTBOX.c.state, func.count()).group_by(_OUTBOX.c.state)
    return {row[0]: row[1] for row in session.connection().execute(query)}


def _lease(
    session: Session,
    query: Select[Any],
    owner: str,
    now: datetime,
    until: datetime,
    *,
    attempts: int,
    probe: bool = False,
) -> list[ClaimedMail]:
    rows = session.connection().execute(query).all()
    if rows:
        session.connection().execute(
            update(_OUTBOX)
            .where(_OUTBOX.c.id.in_([row.id for row in rows]))
            .values(
                state=OutboxState.LEASED,
                lease_owner=owner,
                lease_until=until,
                fence=_OUTBOX.c.fence + 1,
                attempts=_OUTBOX.c.attempts + attempts,
                held_for=None,
                tried_from=case((_OUTBOX.c.state == OutboxState.HELD, now), else_=_OUTBOX.c.tried_from),
            )
        )
    return [_claimed(row, now, until, attempts=attempts, probe=probe) for row in rows]


def _let_go(session: Session, batch: list[ClaimedMail]) -> list[ClaimedMail]:
    """Another node took the probe in the same moment."""
    for mail in batch:
        give_back(session, replace(mail, probe=False))
    return []


def _release_over(
    session: Session, now: datetime, gone: Callable[[str], bool], owner: str, in_hand: Collection[int] | None
) -> None:
    """A holder that died before it had bytes sent nothing; after that nobody knows."""
    connection = session.connection()
    leased = _OUTBOX.c.state == OutboxState.LEASED
    owners = connection.scalars(select(_OUTBOX.c.lease_owner).where(leased).distinct()).all()
    if not owners:
        return
    over = [_OUTBOX.c.lease_until < now, _OUTBOX.c.lease_owner.in_([item for item in owners if gone(item)])]
    if in_hand is not None:
        over.append(and_(_OUTBOX.c.lease_owner == owner, _OUTBOX.c.id.not_in(in_hand)))
    doubtful = case((_OUTBOX.c.body.is_(None), OutboxState.READY.value), else_=OutboxState.IN_DOUBT.value)
    connection.execute(update(_OUTBOX).where(leased, or_(*over)).values(state=doubtful))


def _hold_waiting(session: Session, reply: str | None, now: datetime) -> None:
    """The next hop refuses us all: whatever is due is held, and says why; what is in doubt keeps saying that."""
    waiting = _OUTBOX.c.state.in_((OutboxState.READY, OutboxState.DEFERRED)) & (_OUTBOX.c.next_at <= now)
    values = {"state": OutboxState.HELD, "held_for": HeldFor.NEXT_HOP, "last_reply": reply}
    session.connection().execute(update(_OUTBOX).where(waiting).values(**values))


def _claimed(row: Row[Any], now: datetime, until: datetime, *, attempts: int, probe: bool) -> ClaimedMail:
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
        attempts=row.attempts + attempts,
        in_doubt=row.state == OutboxState.IN_DOUBT,
        created_at=row.created_at,
        lease_until=until,
        reply_lost=row.doubt_at is not None,
        tried_from=now if row.state == OutboxState.HELD else row.tried_from or row.created_at,
        probe=probe,
    )


def _values_of(
    outcome: OutboxState, reply: str | None, next_at: datetime | None, now: datetime, held_for: HeldFor | None
) -> dict[str, Any]:
    values: dict[str, Any] = {"state": outcome, "last_reply": reply, "lease_owner": None, "lease_until": None}
    if outcome is OutboxState.SENT:
        values["sent_at"] = now
    elif outcome in {OutboxState.DEFERRED, OutboxState.IN_DOUBT}:
        values["next_at"] = next_at or now
        values["deferred_since"] = now  # where it is the first time
        if outcome is OutboxState.IN_DOUBT:
            values["doubt_at"] = now
    elif outcome is OutboxState.HELD:
        values["held_for"] = held_for
        values["next_at"] = now  # the one that was tried stands last among those held: another one is the next probe
    elif outcome is not OutboxState.FAILED:
        raise ValueError(f"an attempt cannot end as {outcome}")
    return values


def _free(session: Session, outbox_id: int, fence: int, values: dict[str, Any]) -> Row[Any]:
    parameters = {"mail": outbox_id, "held_with": fence, **{f"to_{name}": value for name, value in values.items()}}
    row = session.connection().execute(_freeing(tuple(values)), parameters).one_or_none()
    if row is None:
        raise LeaseLost(f"outbox entry {outbox_id} is not held with fence {fence} any more")
    return row


@cache
def _freeing(names: tuple[str, ...]) -> ReturningUpdate[Any]:
    """The end of an attempt that changes these columns; built once, for that takes ten times as long as to run it."""
    changed: dict[str, Any] = {name: bindparam(f"to_{name}", type_=_OUTBOX.c[name].type) for name in names}
    if "deferred_since" in changed:
        changed["deferred_since"] = func.coalesce(_OUTBOX.c.deferred_since, changed["deferred_since"])
    held = (_OUTBOX.c.id == bindparam("mail"), _OUTBOX.c.fence == bindparam("held_with"))
    return update(_OUTBOX).where(*held, _OUTBOX.c.state.in_(_HELD_BY_LEASE)).values(changed).returning(*_LOGGED)


def _stop_receipt_clock(session: Session, row: Row[Any], now: datetime) -> None:
    """The first automatic mail that reached the requester told them that we have theirs."""
    if row.ticket is None or not row.automatic:
        return
    first = {"number": row.ticket, "requester": row.recipient, "receipt_sent_at": None}
    if update_rows(session, _TICKET, first, {"receipt_sent_at": now}) != 1:
        return
    for kind, detail in clocks.stop(session, row.ticket, ClockName.RECEIPT, "sent", now):
        log_event(session, kind, ticket=row.ticket, at=now, actor="mailgate", detail=detail)


def _clear_undelivered(session: Session, row: Row[Any], now: datetime) -> None:
    """The mark goes with a later answer of an agent, or with the last mail that had not arrived."""
    if row.ticket is None:
        return
    if row.kind != Template.REPLY and session.connection().scalar(_MISSED, {"number": row.ticket}) is not None:
        return
    for kind, detail in clocks.clear_flag(session, row.ticket, Flag.UNDELIVERED, "sent"):
        log_event(session, kind, ticket=row.ticket, at=now, actor="mailgate", detail=detail)


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
