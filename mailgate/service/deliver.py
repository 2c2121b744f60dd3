"""Deliver: what the outbox owes is claimed, composed once, handed to the courier, and settled.

    outbox row ─► claim (lease) ─► compose ─► store the bytes ─► courier.send ─► settle

The bytes are stored before the first attempt, so each further attempt sends the same. No transaction is open while a
courier works.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from mailgate.core.desk.case import Policy
from mailgate.core.time.backoff import retry_after
from mailgate.courier.courier import Courier, Deferred, Failed, Outcome, Parcel, Sent, Stopped
from mailgate.render.compose import BrokenTemplate, Desk, compose, render
from mailgate.render.environment import Templates
from mailgate.render.header import UnusableAddress
from mailgate.service.deciding import decide_in_turn
from mailgate.service.holder import is_gone
from mailgate.service.undelivered import give_up
from mailgate.store import outbox
from mailgate.store.engine import Database, Session
from mailgate.store.errors import LeaseLost
from mailgate.store.outbox import ClaimedMail
from mailgate.store.tables.work import OutboxState

T = TypeVar("T")

_LOG = logging.getLogger(__name__)
_BATCH = 20
_LEASE = timedelta(minutes=15)
_SPARE = timedelta(minutes=6)  # what one parcel may take at the worst; with less lease left nothing new is begun
_PROBE_AFTER = timedelta(minutes=5)  # while the next hop takes nothing from us


@dataclass(frozen=True, slots=True)
class Mailer:
    """What delivery works with. `owner` names this process in leases (`holder_name`).

    `retry_for` is `[delivery] retry_for`.
    """

    database: Database
    courier: Courier
    desk: Desk
    policy: Policy
    templates: Templates
    owner: str
    retry_for: timedelta
    now: Callable[[], datetime]


async def deliver_due(mailer: Mailer) -> int:
    """Hand over everything that is due; returns how many mails the courier took."""
    sent = 0
    while batch := await _write(mailer, lambda s: _claim(s, mailer)):
        for position, mail in enumerate(batch):
            if mailer.now() > mail.lease_until - _SPARE:
                return sent
            outcome = await _hand_over(mailer, mail)
            sent += isinstance(outcome, Sent)
            if isinstance(outcome, Stopped):
                await _hold_back(mailer, batch[position + 1 :], outcome)
                return sent
    return sent


def _claim(session: Session, mailer: Mailer) -> list[ClaimedMail]:
    """What is due, and what processes had in hand that were killed since."""
    return outbox.claim(session, mailer.owner, mailer.now(), _LEASE, _BATCH, gone=is_gone)


async def _hand_over(mailer: Mailer, mail: ClaimedMail) -> Outcome | None:
    """One mail; None where it could not be composed, or where its lease was lost meanwhile."""
    try:
        parcel = await asyncio.to_thread(_finished_bytes, mailer, mail)
        outcome = await mailer.courier.send(parcel)
        await _settle(mailer, mail, outcome)
    except (BrokenTemplate, UnusableAddress) as error:
        state = OutboxState.HELD if isinstance(error, BrokenTemplate) else OutboxState.FAILED
        await _end(mailer, mail, state, str(error), None, mailer.now())
        _LOG.exception("a mail could not be composed", extra={"fields": {"outbox": mail.id, "ticket": mail.ticket}})
        return None
    except LeaseLost:
        _LOG.warning("another worker took the mail up", extra={"fields": {"outbox": mail.id}})
        return None
    return outcome


def _finished_bytes(mailer: Mailer, mail: ClaimedMail) -> Parcel:
    """The stored bytes, or those made and stored now."""
    if mail.body is not None:
        return Parcel(mail.message_id, mail.reverse_path or "", mail.recipient, mail.body)
    made = compose(mail.notice, mailer.desk, mailer.templates, mail.created_at)
    subject, _ = render(mail.notice, mailer.desk, mailer.templates)
    mailer.database.write(
        lambda s: outbox.store_body(s, mail.id, mail.fence, made.raw, made.reverse_path, subject=subject)
    )
    return Parcel(mail.message_id, made.reverse_path, mail.recipient, made.raw)


async def _settle(mailer: Mailer, mail: ClaimedMail, outcome: Outcome) -> None:
    now = mailer.now()
    state, next_at = _state_after(mailer, mail, outcome, now)
    await _end(mailer, mail, state, outcome.reply, next_at, now)
    _LOG.log(
        logging.INFO if state is OutboxState.SENT else logging.WARNING,
        "delivery",
        extra={"fields": {"outbox": mail.id, "ticket": mail.ticket, "state": state.value, "reply": outcome.reply}},
    )


async def _end(
    mailer: Mailer, mail: ClaimedMail, state: OutboxState, reply: str, next_at: datetime | None, now: datetime
) -> None:
    """Write down how the attempt ended. A mail that is given up changes its ticket, as its bounce would."""
    if state is not OutboxState.FAILED:
        await _write(mailer, lambda s: outbox.settle(s, mail.id, mail.fence, state, reply, next_at, now))
        return
    policy = mailer.policy
    await asyncio.to_thread(
        decide_in_turn, mailer.database, lambda s: give_up(s, policy, mail.id, mail.fence, reply, now)
    )


def _state_after(
    mailer: Mailer, mail: ClaimedMail, outcome: Outcome, now: datetime
) -> tuple[OutboxState, datetime | None]:
    match outcome:
        case Sent():
            return OutboxState.SENT, None
        case Failed():
            return OutboxState.FAILED, None
        case Stopped():
            return OutboxState.DEFERRED, now + _PROBE_AFTER  # our set-up is wrong: no mail is given up for that
        case Deferred(in_doubt=in_doubt):
            if now > mail.created_at + mailer.retry_for:
                return OutboxState.FAILED, None
            state = OutboxState.IN_DOUBT if in_doubt else OutboxState.DEFERRED
            return state, now + retry_after(mail.attempts, mail.id)


async def _hold_back(mailer: Mailer, rest: list[ClaimedMail], reason: Stopped) -> None:
    """The next hop takes nothing from us: the rest waits with the one that found out, and the operator is told."""
    _LOG.error("outgoing mail is held until [delivery] is mended", extra={"fields": {"reply": reason.reply}})
    for mail in rest:
        await _settle(mailer, mail, reason)


async def _write(mailer: Mailer, work: Callable[[Session], T]) -> T:
    return await asyncio.to_thread(mailer.database.write, work)
