"""The way of one message after 250: read it, find out who sent it, decide, and carry that out in one transaction.

    received ─► parse (jail) ─► evidence (DNS) ─► ┌ facts ─► case ─► decide ─► plan ─► apply ┐ ─► done

Nothing is sent here and nothing is lost: an unexpected error keeps the mail as `failed`, an overrun limit or a third
crash of its own as `quarantined`, and `message replay` runs either again.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from mailgate.core.desk.aside import set_aside, tell_of_unread
from mailgate.core.desk.case import Case
from mailgate.core.desk.decision import Decision
from mailgate.core.desk.history import as_history
from mailgate.core.desk.inform import KEYS_AN_AGENT, topic_of
from mailgate.core.desk.pin import hide_pins
from mailgate.core.desk.plan import BreakerOpen, Plan, Stamp, TicketOpened
from mailgate.core.desk.planner import plan as make_plan
from mailgate.core.desk.policy import decide
from mailgate.core.mail.envelope import Envelope, Transport
from mailgate.core.who.evidence import Assurance
from mailgate.parse.errors import ParseCrash, TooComplex
from mailgate.service.assemble import Material, grade_of
from mailgate.service.brought import case_of
from mailgate.service.clocks import settle_clocks
from mailgate.service.context import Context, keys_of_a_plan
from mailgate.service.deciding import decide_in_turn
from mailgate.service.explanation import explanation
from mailgate.store import apply, inbound
from mailgate.store.engine import Session
from mailgate.store.errors import StoreUnavailable
from mailgate.store.inbound import Attempt, MailFacts, mail_key
from mailgate.store.tables.mail import InboundState
from mailgate.telemetry import log

_LOG = logging.getLogger(__name__)
_MOST_ALONE = 3
_WAIT_FOR_DNS = timedelta(minutes=10)


class Done(StrEnum):
    """How a run over one mail ended: `later` and `alone` leave it waiting."""

    DECIDED = "decided"
    LATER = "later"
    ALONE = "alone"
    ASIDE = "aside"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Result:
    """The end of a run, and the plan where one was carried out."""

    done: Done
    plan: Plan | None = None


def process(context: Context, mail_id: str, *, alone: bool) -> Result:
    """Take one waiting mail through to its end. Counts the attempt before any work; never raises for a mail's fault.

    `alone` says that no other mail is in hand: only such attempts count towards quarantine. Raises StoreUnavailable
    where the database is away; the mail keeps waiting then.
    """
    with log.inbound(mail_id):
        return _process(context, mail_id, alone=alone)


def _process(context: Context, mail_id: str, *, alone: bool) -> Result:
    database = context.database
    attempt = database.write(lambda session: inbound.begin_attempt(session, mail_id, alone=alone))
    envelope = database.read(lambda session: inbound.load_envelope(session, mail_id))
    if attempt is None or envelope is None:
        return Result(Done.GONE)
    try:
        return _work(context, envelope, alone=alone)
    except TooComplex as error:
        return _aside(context, envelope, InboundState.QUARANTINED, f"too-complex: {error}")
    except ParseCrash:
        return _crashed(context, envelope, attempt, alone=alone)
    except StoreUnavailable:
        database.write(lambda session: inbound.cancel_attempt(session, mail_id, alone=alone))
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the mail is kept and the next one goes on
        _LOG.exception("a mail could not be processed")
        return _aside(context, envelope, InboundState.FAILED, f"error: {type(error).__name__}")


def _work(context: Context, envelope: Envelope, *, alone: bool) -> Result:
    mail = context.parser.parse(envelope.raw)
    evidence = context.evidence.gather(envelope, mail)
    material = Material(envelope, mail, evidence)
    if _should_wait_for_dns(context, material):
        context.database.write(lambda session: inbound.cancel_attempt(session, envelope.id, alone=alone))
        return Result(Done.LATER)
    plan = decide_in_turn(context.database, lambda session: _decide_and_apply(session, context, material))
    if plan.notices:
        context.owed()
    _sound_alarm(plan)
    fields = {"outcome": plan.outcome, "reason": plan.reason, "ticket": plan.ticket}
    _LOG.info("decided", extra={"fields": fields})
    return Result(Done.DECIDED, plan)


def _sound_alarm(plan: Plan) -> None:
    """The breaker says once that it is open; the mails themselves are all taken and filed."""
    for event in plan.events:
        if isinstance(event, BreakerOpen) and event.first:
            fields = {"pool": event.pool.value, "sent": event.used}
            _LOG.error("the breaker is open: no more automatic mail of this kind for now", extra={"fields": fields})


def _should_wait_for_dns(context: Context, material: Material) -> bool:
    """DNS trouble is waited for, up to ten minutes, unless the author is proved already; not for history."""
    if material.envelope.transport is Transport.IMPORT:
        return False
    if not material.evidence.dns_trouble or context.now() >= material.envelope.received_at + _WAIT_FOR_DNS:
        return False
    return grade_of(material, context).assurance is not Assurance.PROVED


def _decide_and_apply(session: Session, context: Context, material: Material) -> Plan:
    """The deciding transaction: everything in it is committed together, or nothing is."""
    envelope, mail, now = material.envelope, material.mail, context.now()
    key = mail_key(mail.message_id, material.author, mail.body_hash)
    refuted = grade_of(material, context).assurance is Assurance.REFUTED
    signed = signed_copy(material)
    seen = inbound.claim_seen(
        session, envelope.id, delivery_key=envelope.delivery_key, mail_key=key, signed=signed, refuted=refuted
    )
    case = case_of(session, context, material, seen, now)
    decision, plan, stamp = judge(case, session, context, now)
    if case.facts.pin is not None and case.facts.pin.blocked:
        _LOG.warning("too many wrong support PINs: none counts for an hour", extra={"fields": {"ticket": plan.ticket}})
    apply.apply_plan(session, plan, inbound_id=envelope.id, stamp=stamp, actor=material.author or "")
    settle_clocks(session, context.policy, plan, now, material.author or "")
    inbound.finish(
        session,
        envelope.id,
        outcome=plan.outcome,
        reason=plan.reason,
        ticket=plan.ticket,
        explanation=explanation(case, decision, plan),
        facts=MailFacts(mail.message_id, material.author, hide_pins(mail.subject or "") or None, mail.body_hash),
        now=now,
    )
    return plan


def signed_copy(material: Material) -> inbound.SignedCopy | None:
    """What makes two mails one by a good signature of the author, whatever their Message-IDs; None without one."""
    proving = [one for one in material.evidence.dkim if one.counts and one.aligned]
    mail = material.mail
    if not proving or mail.date is None:
        return None
    key = mail_key(f"{mail.date.isoformat()} {mail.subject}", material.author, mail.body_hash)
    return inbound.SignedCopy(key, decides=not any("message-id" in one.signed_fields for one in proving))


def judge(case: Case, session: Session, context: Context, now: datetime) -> tuple[Decision, Plan, Stamp]:
    """Decide and plan; shared with `explain`, which throws the plan away."""
    decision = as_history(decide(case), case)
    stamp = Stamp(now, apply.next_number(session), context.keys(keys_of_a_plan(context.policy)))
    return decision, make_plan(decision, case, stamp), stamp


def _crashed(context: Context, envelope: Envelope, attempt: Attempt, *, alone: bool) -> Result:
    """The parser died. That is only this mail's fault when it happens three times with no other mail in hand."""
    if alone and attempt.alone_count >= _MOST_ALONE:
        return _aside(context, envelope, InboundState.QUARANTINED, "parse-crash")
    return Result(Done.ALONE)


def _aside(context: Context, envelope: Envelope, state: InboundState, reason: str) -> Result:
    """Put a mail aside with its reason, and a held ticket in its place; `message replay` runs it again."""
    now = context.now()

    def put(session: Session) -> None:
        number = apply.next_number(session)
        plan = set_aside(envelope.id, reason, envelope.reverse_path, context.policy, number=number, now=now)
        opened = next(event for event in plan.events if isinstance(event, TicketOpened))
        fresh = iter(context.keys(KEYS_AN_AGENT * len(topic_of(opened).agents(context.policy))))
        told = tell_of_unread(
            opened, envelope.id, envelope.reverse_path, context.policy, key=lambda: next(fresh), now=now
        )
        for one in (plan, told):
            apply.apply_plan(session, one, inbound_id=envelope.id, stamp=Stamp(now, number, ()), actor="mailgate")
        inbound.fail(session, envelope.id, reason, now=now, state=state, ticket=number)

    decide_in_turn(context.database, put)
    context.owed()
    _LOG.warning("put aside", extra={"fields": {"state": state.value, "reason": reason}})
    return Result(Done.ASIDE)
