"""Mail that came in: stored, taken up, finished, found again. All functions run inside a transaction of the caller.

The way of a row: `store_received` (tx 1) → `begin_attempt` (own transaction, before any work) → in the deciding
transaction `claim_seen`, and at its end `finish`; or `fail` in a transaction of its own. At start `suspect_all`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from itertools import pairwise
from typing import Any

from sqlalchemy import Integer, Select, bindparam, select, update
from sqlmodel import Session

from mailgate.core.desk.case import Seen
from mailgate.core.desk.reason import Reason
from mailgate.core.mail.envelope import Client, Envelope, Transport
from mailgate.store.errors import Conflict
from mailgate.store.raw import load_raw, store_raw
from mailgate.store.sql import insert_new, insert_row, update_rows
from mailgate.store.tables.base import table_of
from mailgate.store.tables.mail import InboundRow, InboundState, SeenRow

_INBOUND = table_of(InboundRow)
_SEEN = table_of(SeenRow)
# Built once: to build a statement takes ten times as long as to run it.
_BY_ID = select(_INBOUND).where(_INBOUND.c.id == bindparam("id"))
_BEGIN = (
    update(_INBOUND)
    .where(_INBOUND.c.id == bindparam("mail"), _INBOUND.c.state == InboundState.RECEIVED)
    .values(
        attempts=_INBOUND.c.attempts + 1,
        alone_attempts=_INBOUND.c.alone_attempts + bindparam("alone_too", type_=Integer),
    )
    .returning(_INBOUND.c.attempts, _INBOUND.c.alone_attempts)
)
_HISTORY = _INBOUND.c.transport == Transport.IMPORT


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail that waits for its decision; `alone` where it may have brought the daemon down: run it by itself.

    `history` where it was imported: such mails go after all others, and one after the other.
    """

    id: str
    alone: bool
    size: int = field(default=0, compare=False)
    history: bool = False
    received_at: datetime = field(default=datetime.min.replace(tzinfo=UTC), compare=False)


@dataclass(frozen=True, slots=True)
class Attempt:
    """How often a mail was tried, this attempt included; `alone_count` counts those in which it ran by itself."""

    count: int
    alone_count: int


@dataclass(frozen=True, slots=True)
class MailFacts:
    """What `finish` keeps of the parsed mail, by which it is found again. `author` is the canonical address."""

    message_id: str | None = None
    author: str | None = None
    subject: str | None = None
    body_hash: str | None = None


def store_received(session: Session, envelope: Envelope) -> None:
    """Add the row, state `received`, and the raw bytes. `Conflict` where the id is taken."""
    insert_row(session, _INBOUND, _received(envelope))
    store_raw(session.connection(), envelope.id, envelope.raw)


def known_deliveries(session: Session, keys: Collection[str]) -> set[str]:
    """Those of the delivery keys that mails have already, whatever became of them."""
    query = select(_INBOUND.c.delivery_key).where(_INBOUND.c.delivery_key.in_(keys))
    return set(session.connection().scalars(query))


def load_envelope(session: Session, inbound: str) -> Envelope | None:
    """The envelope as it was accepted, with its bytes; None where there is no such mail (or its bytes are gone)."""
    connection = session.connection()
    row = connection.execute(_BY_ID, {"id": inbound}).one_or_none()
    raw = load_raw(connection, inbound)
    if row is None or raw is None:
        return None
    return Envelope(
        id=row.id,
        received_at=row.received_at,
        transport=Transport(row.transport),
        client=None if row.client is None else Client(row.client, row.helo, trusted=row.client_trusted),
        reverse_path=row.reverse_path,
        forward_path=tuple(row.recipients),
        raw=raw,
        transport_key=row.transport_key,
        arrived_at=row.arrived_at,
    )


def taken_from_mailbox(session: Session, prefix: str) -> set[int]:
    """The UIDs of the mails that were stored under `prefix`, `MAILBOX/UIDVALIDITY/` (threats IM-03)."""
    key = _INBOUND.c.transport_key
    query = select(key).where(_INBOUND.c.transport == Transport.IMAP, key.startswith(prefix, autoescape=True))
    uids = (item.removeprefix(prefix) for item in session.connection().scalars(query))
    return {int(uid) for uid in uids if uid.isdecimal()}


def waiting(session: Session, limit: int, *, sizes: Sequence[int] = ()) -> list[Waiting]:
    """The mails still `received`, oldest first; imported ones last, for nobody waits for those.

    `sizes` part them into classes of so many bytes at least, in rising order: each class has `limit` places of its own,
    so that no crowd in one hides the others. Imported ones are then listed only where there is room.
    """
    if not sizes:
        return _listed(session, limit, _waiting())
    classes = [_waiting(least, below, history=False) for least, below in pairwise((0, *sizes, None))]
    found = [mail for query in classes for mail in _listed(session, limit, query)]
    return found + (_listed(session, limit, _waiting(history=True)) if len(found) < limit else [])


@cache
def _waiting(least: int = 0, below: int | None = None, *, history: bool | None = None) -> Select[Any]:
    query = (
        select(*(_INBOUND.c[name] for name in ("id", "alone", "size", "received_at")), _HISTORY.label("history"))
        .where(_INBOUND.c.state == InboundState.RECEIVED)
        .order_by(_HISTORY, _INBOUND.c.received_at, _INBOUND.c.id)
        .limit(bindparam("most", type_=Integer))
    )
    if history is not None:
        query = query.where(_HISTORY if history else ~_HISTORY)
    if least:
        query = query.where(_INBOUND.c.size >= least)
    return query if below is None else query.where(_INBOUND.c.size < below)


def _listed(session: Session, limit: int, query: Select[Any]) -> list[Waiting]:
    rows = session.connection().execute(query, {"most": limit})
    return [Waiting(row.id, row.alone, row.size, bool(row.history), row.received_at) for row in rows]


def begin_attempt(session: Session, inbound: str, *, alone: bool = False) -> Attempt | None:
    """Count an attempt before its work, so that a mail that kills the process is counted too (threats CR-15).

    Commit before the work begins. None where the mail does not wait any more.
    """
    row = session.connection().execute(_BEGIN, {"mail": inbound, "alone_too": int(alone)}).one_or_none()
    return None if row is None else Attempt(row.attempts, row.alone_attempts)


def cancel_attempt(session: Session, inbound: str, *, alone: bool = False) -> None:
    """Take an attempt back that ended in `Conflict`, `StoreUnavailable` or an orderly stop: no fault of the mail."""
    session.connection().execute(
        update(_INBOUND)
        .where(_INBOUND.c.id == inbound, _INBOUND.c.attempts > 0)
        .values(attempts=_INBOUND.c.attempts - 1, alone_attempts=_INBOUND.c.alone_attempts - int(alone))
    )


def suspect_all(session: Session) -> int:
    """At start: mails that were in hand when the daemon died run by themselves from now on. Returns how many."""
    statement = (
        update(_INBOUND).where(_INBOUND.c.state == InboundState.RECEIVED, _INBOUND.c.attempts > 0).values(alone=True)
    )
    return session.connection().execute(statement).rowcount


def finish(
    session: Session,
    inbound: str,
    *,
    outcome: str,
    reason: str,
    ticket: int | None,
    explanation: Mapping[str, Any],
    facts: MailFacts,
    now: datetime,
    state: InboundState = InboundState.DONE,
) -> None:
    """Set down what was decided; in the deciding transaction.

    `explanation` is JSON: evidence, grade, request, decision, trail, plan. `Conflict` where the mail waits no more,
    because another node was faster.
    """
    _end(
        session,
        inbound,
        state=state,
        outcome=outcome,
        reason=reason,
        ticket=ticket,
        explanation=dict(explanation),
        message_id=facts.message_id,
        author=facts.author,
        subject=facts.subject,
        body_hash=facts.body_hash,
        alone=False,
        decided_at=now,
    )


def fail(
    session: Session,
    inbound: str,
    reason: str,
    *,
    now: datetime,
    state: InboundState = InboundState.FAILED,
    facts: MailFacts | None = None,
    ticket: int | None = None,
) -> None:
    """Put a mail aside after an unexpected error (`failed`) or an overrun limit (`quarantined`); the raw mail stays.

    `ticket` is the one that stands in for it, so that people see that it exists.
    """
    known = facts or MailFacts()
    _end(
        session,
        inbound,
        state=state,
        outcome=state.value,
        reason=reason,
        ticket=ticket,
        message_id=known.message_id,
        author=known.author,
        subject=known.subject,
        body_hash=known.body_hash,
        decided_at=now,
    )


def requeue(session: Session, inbound: str) -> bool:
    """Put a `failed` or `quarantined` mail back among the waiting, with its attempts at nought. False for others."""
    statement = (
        update(_INBOUND)
        .where(_INBOUND.c.id == inbound, _INBOUND.c.state.in_([InboundState.FAILED, InboundState.QUARANTINED]))
        .values(
            state=InboundState.RECEIVED,
            attempts=0,
            alone_attempts=0,
            alone=True,
            outcome=None,
            reason=None,
            decided_at=None,
        )
    )
    return session.connection().execute(statement).rowcount == 1


def mail_key(message_id: str, author: str | None, body_hash: str) -> str:
    """What makes two mails the same one, whatever way they took. Other content is another mail (threats TH-08)."""
    return sha256("\0".join((message_id, author or "", body_hash)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SignedCopy:
    """What a good signature says of a mail beside its Message-ID; `decides` where the signature leaves that one open.

    Then whoever has the mail can send it again under another id, and only this tells the copy (threats ID-22).
    """

    key: str
    decides: bool


def claim_seen(
    session: Session,
    inbound: str,
    *,
    delivery_key: str,
    mail_key: str | None,
    signed: SignedCopy | None = None,
    refuted: bool = False,
) -> Seen | None:
    """Claim the effects of this mail, or find who had them first. Call it first in the deciding transaction.

    The unique key decides: on PostgreSQL a claim by a transaction that runs beside ours makes this one wait, and end
    in `Conflict`. A mail's own earlier claim (replay) is not seen. `redelivery` tells the same delivery from a copy.

    A mail that is not `refuted` takes the claim over from one that was: whoever forges a copy first, or breaks it on
    the way, must not make the genuine mail a duplicate of what is held in silence (threats TH-08).
    """
    effects = [f"delivery:{delivery_key}"] + ([] if mail_key is None else [f"mail:{mail_key}"])
    for effect in effects:
        if insert_new(session, _SEEN, {"effect": effect, "inbound": inbound}, unique="effect"):
            continue
        earlier = _claimant(session, effect)
        if earlier.reason == Reason.REFUTED and not refuted:
            session.connection().execute(update(_SEEN).where(_SEEN.c.effect == effect).values(inbound=inbound))
        elif earlier.id != inbound:
            return Seen(earlier.id, earlier.ticket, redelivery=effect.startswith("delivery:"))
    return None if signed is None else _claim_signed(session, inbound, signed)


def _claim_signed(session: Session, inbound: str, signed: SignedCopy) -> Seen | None:
    effect = f"signed:{signed.key}"
    if insert_new(session, _SEEN, {"effect": effect, "inbound": inbound}, unique="effect") or not signed.decides:
        return None
    earlier = _claimant(session, effect)
    return Seen(earlier.id, earlier.ticket, redelivery=False) if earlier.id != inbound else None


def find_seen(
    session: Session, *, delivery_key: str, mail_key: str, signed: SignedCopy | None = None, refuted: bool = False
) -> Seen | None:
    """Who had these effects already; reads only, for `explain`, which claims nothing."""
    effects = [f"delivery:{delivery_key}", f"mail:{mail_key}"]
    effects += [f"signed:{signed.key}"] if signed is not None and signed.decides else []
    for effect in effects:
        query = select(_INBOUND.c.id, _INBOUND.c.ticket, _INBOUND.c.reason)
        query = query.join(_SEEN, _SEEN.c.inbound == _INBOUND.c.id).where(_SEEN.c.effect == effect)
        found = session.connection().execute(query).one_or_none()
        if found is not None and (refuted or found.reason != Reason.REFUTED):
            return Seen(found.id, found.ticket, redelivery=effect.startswith("delivery:"))
    return None


def _claimant(session: Session, effect: str) -> Any:
    query = (
        select(_INBOUND.c.id, _INBOUND.c.ticket, _INBOUND.c.reason)
        .join(_SEEN, _SEEN.c.inbound == _INBOUND.c.id)
        .where(_SEEN.c.effect == effect)
    )
    found = session.connection().execute(query).one_or_none()
    if found is None:
        raise Conflict("the earlier claim is not to be seen in this snapshot")
    return found


def _received(envelope: Envelope) -> dict[str, Any]:
    client = envelope.client
    return {
        "id": envelope.id,
        "received_at": envelope.received_at,
        "transport": envelope.transport,
        "client": client.address if client else None,
        "helo": client.helo if client else None,
        "client_trusted": client.trusted if client else False,
        "reverse_path": envelope.reverse_path,
        "recipients": list(envelope.forward_path),
        "transport_key": envelope.transport_key,
        "arrived_at": envelope.arrived_at,
        "sha256": envelope.sha256,
        "size": len(envelope.raw),
        "delivery_key": envelope.delivery_key,
        "state": InboundState.RECEIVED,
        "attempts": 0,
        "alone": False,
        "alone_attempts": 0,
    }


def _end(session: Session, inbound: str, *, state: InboundState, **values: Any) -> None:
    waiting = {"id": inbound, "state": InboundState.RECEIVED}
    if update_rows(session, _INBOUND, waiting, {"state": state, **values}) != 1:
        raise Conflict(f"the mail {inbound} does not wait for a decision any more")
