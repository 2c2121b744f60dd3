"""Deliver: what the outbox owes is claimed, composed and signed once, handed to the courier, and settled.

    outbox row ─► claim (lease) ─► compose, sign ─► store the bytes ─► courier.send ─► settle

The bytes are stored before the first attempt, so each further attempt sends the same. No transaction is open while a
courier works. How an attempt ended speaks of the mail or of the next hop: then all others wait without an attempt.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeVar, assert_never

from mailgate.core.desk.case import Policy
from mailgate.core.desk.guard import guard_of
from mailgate.core.mail.destination import Destination, Reach, stopped, went_down
from mailgate.core.mail.refusal import Refusals, Verdict
from mailgate.core.time.backoff import retry_after
from mailgate.courier.courier import Courier, Deferred, Failed, Outcome, Parcel, Sent, Stopped, Unreachable
from mailgate.render.compose import BrokenTemplate, Desk, compose, render
from mailgate.render.environment import Templates
from mailgate.render.header import UnusableAddress
from mailgate.service.context import keys_for_agents, random_keys
from mailgate.service.deciding import decide_in_turn
from mailgate.service.enclosures import Withheld, check_leaks, enclosures
from mailgate.service.hands import Hands
from mailgate.service.holder import is_gone
from mailgate.service.undelivered import give_up
from mailgate.store import outbox
from mailgate.store.engine import Database, Session
from mailgate.store.errors import BadValue, LeaseLost, StoreError
from mailgate.store.next_hop import load_hop, probe_now, save_hop
from mailgate.store.outbox import ClaimedMail
from mailgate.store.tables.work import HeldFor, OutboxState

T = TypeVar("T")

_LOG = logging.getLogger(__name__)
_BATCH = 20
_LEASE = timedelta(minutes=30)
_SPARE = timedelta(minutes=20)  # what one parcel may take at the worst; with less lease left nothing new is begun
_GIVEN_UP = "given up: {}"
_TWICE = "the reply to the final dot was lost twice: nobody knows whether it arrived; `outbox retry` or `outbox drop`"


class Signer(Protocol):
    """Signs finished mails; see `auth.sign.DkimSigner`."""

    def sign(self, raw: bytes, domain: str, now: datetime) -> bytes:
        """The mail with signatures of `domain` on top."""
        ...


@dataclass(frozen=True, slots=True)
class Mailer:
    """What delivery works with. `owner` names this process in leases (`holder_name`).

    `retry_for` is `[delivery] retry_for`. `hands` and `refusals` are what this process remembers.
    """

    database: Database
    courier: Courier
    desk: Desk
    policy: Policy
    templates: Templates
    owner: str
    retry_for: timedelta
    now: Callable[[], datetime]
    signer: Signer | None = None
    keys: Callable[[int], tuple[str, ...]] = random_keys
    hands: Hands = field(default_factory=Hands)
    refusals: Refusals = field(default_factory=Refusals)


@dataclass(frozen=True, slots=True)
class _End:
    """How an attempt ended, for the outbox, and what it says of the next hop: None where it says nothing."""

    state: OutboxState
    reply: str
    next_at: datetime | None = None
    held_for: HeldFor | None = None
    hop: Destination | None = None


async def deliver_due(mailer: Mailer) -> int:
    """Hand over everything that is due; returns how many mails the courier took. StoreError: the database is away."""
    await asyncio.to_thread(_catch_up, mailer)
    await asyncio.to_thread(_give_up_expired, mailer)
    sent, more = 0, True
    while more and (batch := await asyncio.to_thread(_claim, mailer)):
        taken, more = await _deliver(mailer, batch)
        sent += taken
    return sent


def _catch_up(mailer: Mailer) -> None:
    try:
        mailer.hands.catch_up()
    except LeaseLost:
        _LOG.warning("another worker took a mail up while the database was away")


def _claim(mailer: Mailer) -> list[ClaimedMail]:
    """What is due, and what processes had in hand that were killed since."""
    hands = mailer.hands

    def work(session: Session) -> list[ClaimedMail]:
        return outbox.claim(session, mailer.owner, mailer.now(), _LEASE, _BATCH, gone=is_gone, in_hand=hands.held)

    return hands.take(lambda: mailer.database.write(work))


def _give_up_expired(mailer: Mailer) -> None:
    """Nobody could be reached for `retry_for`: what waited untried is given up, and its tickets are told."""
    now = mailer.now()
    hop = mailer.database.read(load_hop)
    if hop.reach is not Reach.DOWN:
        return
    end = _End(OutboxState.FAILED, _GIVEN_UP.format(hop.reply), hop=hop)

    def work(session: Session) -> list[ClaimedMail]:
        before = now - mailer.retry_for
        return outbox.claim_expired(session, mailer.owner, now, _LEASE, _BATCH, tried_before=before)

    while batch := mailer.hands.take(lambda: mailer.database.write(work)):
        for mail in batch:
            _settle(mailer, mail, end)


async def _deliver(mailer: Mailer, batch: list[ClaimedMail]) -> tuple[int, bool]:
    """A batch, one by one; how many were taken, and whether to go on with the next one."""
    sent = 0
    for position, mail in enumerate(batch):
        if mailer.now() > mail.lease_until - _SPARE:
            await _give_back(mailer, batch[position:])
            return sent, True
        try:
            end = await _hand_over(mailer, mail)
        except StoreError:
            await _give_back(mailer, batch[position + 1 :])
            raise
        except Exception:  # a fault of ours: the next claim frees what nobody has in hand
            mailer.hands.held.difference_update(item.id for item in batch[position:])
            raise
        sent += end is not None and end.state is OutboxState.SENT
        if end is not None and end.hop is not None and end.hop.reach is not Reach.UP:
            await _give_back(mailer, batch[position + 1 :])
            return sent, False
    return sent, True


async def _give_back(mailer: Mailer, rest: list[ClaimedMail]) -> None:
    await asyncio.to_thread(mailer.hands.give_back, mailer.database, rest)


async def _hand_over(mailer: Mailer, mail: ClaimedMail) -> _End | None:
    """One mail; None where its lease was lost meanwhile."""
    try:
        end = await _attempt(mailer, mail)
        await asyncio.to_thread(_settle, mailer, mail, end)
    except LeaseLost:
        mailer.hands.held.discard(mail.id)
        _LOG.warning("another worker took the mail up", extra={"fields": {"outbox": mail.id}})
        return None
    _log(mail, end)
    return end


async def _attempt(mailer: Mailer, mail: ClaimedMail) -> _End:
    try:
        parcel = await asyncio.to_thread(_finished_bytes, mailer, mail)
    except BrokenTemplate as error:
        _LOG.exception("a mail could not be composed", extra=_of(mail))
        return _End(OutboxState.HELD, str(error), held_for=HeldFor.TEMPLATE)
    except Withheld as error:
        return _End(OutboxState.HELD, str(error), held_for=HeldFor.CONTENT)
    except UnusableAddress as error:
        return _End(OutboxState.FAILED, str(error))
    except StoreError:
        await _give_back(mailer, [mail])  # nothing was sent
        raise
    outcome = await mailer.courier.send(parcel)
    hop = await _write(mailer, load_hop) if isinstance(outcome, Unreachable | Stopped | Failed) else Destination()
    return _end(mailer, mail, outcome, hop)


def _finished_bytes(mailer: Mailer, mail: ClaimedMail) -> Parcel:
    """The stored bytes, or those made, signed and stored now."""
    if mail.body is not None:
        return Parcel(mail.message_id, mail.reverse_path or "", mail.recipient, mail.body)
    files = enclosures(mailer.database, mail.notice)
    made = compose(mail.notice, mailer.desk, mailer.templates, mail.created_at, files)
    subject, body = render(mail.notice, mailer.desk, mailer.templates)
    check_leaks(guard_of(mailer.policy), mail.notice, f"{subject}\n{body}", files)
    raw = made.raw
    if mailer.signer is not None:
        domain = mailer.desk.addresses[mail.notice.department].rpartition("@")[2]
        raw = mailer.signer.sign(raw, domain, mail.created_at)
    mailer.database.write(lambda s: outbox.store_body(s, mail.id, mail.fence, raw, made.reverse_path, subject=subject))
    return Parcel(mail.message_id, made.reverse_path, mail.recipient, raw)


def _end(mailer: Mailer, mail: ClaimedMail, outcome: Outcome, hop: Destination) -> _End:
    """What follows from an outcome, for this mail and for all others."""
    now = mailer.now()
    match outcome:
        case Sent(reply=reply):
            mailer.refusals.taken(mail.id)
            return _End(OutboxState.SENT, reply, hop=Destination())
        case Deferred(reply=reply, in_doubt=in_doubt):
            return _later(mailer, mail, reply, now, in_doubt=in_doubt)
        case Failed(reply=reply, about_us=about_us):
            return _refused(mailer, mail, reply, mailer.refusals.refused(mail.id, about_us=about_us), hop)
        case Unreachable(reply=reply):
            down = went_down(hop, reply, now)
            return _waiting(mailer, mail, reply, down.probe_at or now, down)
        case Stopped(reply=reply):
            return _End(OutboxState.HELD, reply, held_for=HeldFor.NEXT_HOP, hop=stopped(hop, reply, now))
        case _ as never:
            assert_never(never)


def _refused(mailer: Mailer, mail: ClaimedMail, reply: str, verdict: Verdict, hop: Destination) -> _End:
    now = mailer.now()
    match verdict:
        case Verdict.BELIEVED:
            return _End(OutboxState.FAILED, reply, hop=Destination())
        case Verdict.ASK_AGAIN:
            return _later(mailer, mail, reply, now, in_doubt=False)
        case Verdict.STOPPED:
            all_of_us = f"the next hop refuses all our mail: {reply}"
            return _End(OutboxState.HELD, reply, held_for=HeldFor.NEXT_HOP, hop=stopped(hop, all_of_us, now))
        case _ as never:
            assert_never(never)


def _later(mailer: Mailer, mail: ClaimedMail, reply: str, now: datetime, *, in_doubt: bool) -> _End:
    """A mail that was answered for itself: the next hop is up. One that may have arrived is repeated once (OB-05)."""
    next_at = now + retry_after(mail.attempts, mail.id)
    if in_doubt and mail.reply_lost:
        return _End(OutboxState.HELD, _TWICE, held_for=HeldFor.DOUBT, hop=Destination())
    if in_doubt:
        return _End(OutboxState.IN_DOUBT, reply, next_at, hop=Destination())
    return _waiting(mailer, mail, reply, next_at, Destination())


def _waiting(mailer: Mailer, mail: ClaimedMail, reply: str, next_at: datetime, hop: Destination) -> _End:
    """Deferred, or failed where `retry_for` is over."""
    if mailer.now() > mail.tried_from + mailer.retry_for:
        return _End(OutboxState.FAILED, _GIVEN_UP.format(reply), hop=hop)
    return _End(OutboxState.DEFERRED, reply, next_at, hop=hop)


def _settle(mailer: Mailer, mail: ClaimedMail, end: _End) -> None:
    """Write down how the attempt ended. A mail that is given up changes its ticket, as its bounce would."""
    now, policy = mailer.now(), mailer.policy
    given_up = end.state is OutboxState.FAILED or end.held_for in {HeldFor.DOUBT, HeldFor.CONTENT}

    keys = mailer.keys(keys_for_agents(policy)) if given_up else ()

    def settle(session: Session) -> None:
        outbox.settle(session, mail.id, mail.fence, end.state, end.reply, end.next_at, now, end.held_for)
        _keep_hop(session, mail, end.hop, now)

    def tell(session: Session) -> None:
        give_up(session, policy, keys, mail.id, mail.fence, end.reply, now, end.held_for)
        _keep_hop(session, mail, end.hop, now)

    def write() -> None:
        if given_up:
            try:
                decide_in_turn(mailer.database, tell)
            except Exception as error:
                if isinstance(error, StoreError) and not isinstance(error, BadValue):
                    raise
                # A fault of ours must not have the mail tried for ever: it ended, and the log says what is missing.
                _LOG.exception("the ticket of a mail that was given up could not be told", extra=_of(mail))
            else:
                return
        mailer.database.write(settle)

    mailer.hands.settle(mail.id, write)


def _of(mail: ClaimedMail) -> dict[str, dict[str, int | None]]:
    return {"fields": {"outbox": mail.id, "ticket": mail.ticket}}


def _keep_hop(session: Session, mail: ClaimedMail, after: Destination | None, now: datetime) -> None:
    before = load_hop(session)
    if after is None and mail.probe:
        probe_now(session)  # it told nothing of the next hop: another mail may
    elif after is not None and after != before and save_hop(session, after, now):
        _tell(before, after)


def _tell(before: Destination, after: Destination) -> None:
    """The alarm, once for each change; `outbox status` shows it as long as it lasts."""
    fields = {"reply": after.reply, "since": str(after.since or before.since)}
    match after.reach:
        case Reach.UP:
            _LOG.warning("outgoing mail goes on: the next hop takes mail again", extra={"fields": fields})
        case Reach.DOWN:
            _LOG.error("outgoing mail waits: the next hop is down", extra={"fields": fields})
        case Reach.STOPPED:
            _LOG.error("outgoing mail is held until [delivery] or the next hop is mended", extra={"fields": fields})
        case _ as never:
            assert_never(never)


def _log(mail: ClaimedMail, end: _End) -> None:
    level = logging.INFO if end.state is OutboxState.SENT else logging.WARNING
    fields = {"outbox": mail.id, "ticket": mail.ticket, "state": end.state.value, "reply": end.reply}
    _LOG.log(level, "delivery", extra={"fields": fields})


async def _write(mailer: Mailer, work: Callable[[Session], T]) -> T:
    return await asyncio.to_thread(mailer.database.write, work)
