"""Carrying a plan out: an event becomes a change of rows and one line of the log, a notice an outbox row."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, assert_never

from sqlalchemy import ColumnElement, Table, func, insert, select, update
from sqlmodel import Session

from mailgate.core.desk.notice import Notice
from mailgate.core.desk.plan import (
    AccountSet,
    AssigneeSet,
    AssuranceRaised,
    BreakerClosed,
    BreakerOpen,
    ClockStarted,
    ClockStopped,
    DepartmentSet,
    EntryAdded,
    FlagCleared,
    FlagSet,
    KeyIssued,
    KeyUsed,
    MailUndelivered,
    NoticeWithheld,
    ParticipantAdded,
    PinTried,
    Plan,
    PrioritySet,
    Referred,
    ReplyRecalled,
    SenderHeard,
    SenderMuted,
    Stamp,
    StateChanged,
    TicketEvent,
    TicketMerged,
    TicketOpened,
    WaitSet,
)
from mailgate.core.desk.ticket import ClockName, ParticipantRole, TicketState
from mailgate.store import awaited, clocks
from mailgate.store.change import change
from mailgate.store.errors import Conflict
from mailgate.store.events import event_row, log_events
from mailgate.store.sql import insert_new, insert_row
from mailgate.store.tables.base import table_of
from mailgate.store.tables.desk import (
    EntryRow,
    FlagRow,
    KeyRow,
    ParticipantRow,
    TicketDepartmentRow,
    TicketRow,
)
from mailgate.store.tables.people import PinTryRow
from mailgate.store.tables.work import OutboxRow, OutboxState
from mailgate.store.values import as_json, attachments_to_json
from mailgate.store.work import remember_alarm

FIRST_NUMBER = 1001
ACKNOWLEDGED = "acknowledged"
RESPONDED = "responded"

_TICKET = table_of(TicketRow)
_DEPARTMENT = table_of(TicketDepartmentRow)
_FLAG = table_of(FlagRow)
_PARTICIPANT = table_of(ParticipantRow)
_ENTRY = table_of(EntryRow)
_KEY = table_of(KeyRow)
_PIN_TRY = table_of(PinTryRow)
_OUTBOX = table_of(OutboxRow)
_HIGHEST = select(func.max(_TICKET.c.number))
_NEW_ENTRY = insert(_ENTRY).returning(_ENTRY.c.id)

# A clock may stop for other reasons too (closed, waiting); these two say that somebody did what it waits for.
_MOMENT_OF_STOP = {
    (ClockName.ACKNOWLEDGE, ACKNOWLEDGED): "acknowledged_at",
    (ClockName.RESPOND, RESPONDED): "responded_at",
}

# What tells that a clock was stopped by what it waits for; taken back where that turned out undone.
_MOMENT_OF_CLOCK = {ClockName.RECEIPT: "receipt_sent_at", ClockName.RESPOND: "responded_at"}


def next_number(session: Session) -> int:
    """The number for a ticket that this transaction may open; `Conflict` at the end where another one took it."""
    highest: int | None = session.connection().scalar(_HIGHEST)
    return FIRST_NUMBER if highest is None else highest + 1


def apply_plan(session: Session, plan: Plan, inbound_id: str | None, stamp: Stamp, actor: str) -> None:
    """Write all that a plan says, in the transaction that decided it. `inbound_id` is the mail that it follows from.

    A notice whose effect is already owed is left out: the unique `effect` decides. `Conflict` where the ticket is no
    longer what the plan started from: decide again. A `ClockStopped` of acknowledge or respond sets
    `acknowledged_at` or `responded_at` where its reason is `acknowledged` or `responded`.
    """
    applier = _Applier(session, inbound_id, stamp.now, actor)
    for event in plan.events:
        applier.apply(event)
    for notice in plan.notices:
        applier.owe(notice)
    log_events(session, applier.log)


@dataclass(frozen=True, slots=True)
class _Applier:
    session: Session
    inbound: str | None
    now: datetime
    actor: str
    log: list[dict[str, Any]] = field(default_factory=list)

    def apply(self, event: TicketEvent) -> None:  # noqa: C901, PLR0912 - one case for each kind of event, nothing else
        match event:
            case TicketOpened():
                self._open(event)
            case EntryAdded():
                self._add_entry(event)
            case StateChanged():
                self._change_state(event)
            case AssuranceRaised():
                self._raise_assurance(event)
            case AccountSet():
                self._set_account(event)
            case (
                AssigneeSet()
                | PrioritySet()
                | DepartmentSet()
                | WaitSet()
                | TicketMerged()
                | SenderMuted()
                | SenderHeard()
                | ReplyRecalled()
            ):
                kind, detail = change(self.session, event, self.actor, self.now)
                self._log(kind, event.ticket, **detail)
                if isinstance(event, PrioritySet | DepartmentSet):
                    clocks.mark_stale(self.session, self.now, event.ticket)
            case ClockStarted():
                self._start_clock(event)
            case ClockStopped():
                self._stop_clock(event)
            case FlagSet():
                lines = clocks.set_flag(self.session, event.ticket, event.flag, event.reason, self.now)
                self._log_lines(event.ticket, lines)
            case FlagCleared():
                lines = clocks.clear_flag(self.session, event.ticket, event.flag, event.reason)
                self._log_lines(event.ticket, lines)
            case ParticipantAdded():
                self._add_participant(event)
            case KeyIssued():
                self._issue_key(event)
            case KeyUsed():
                self._use_key(event)
            case Referred():
                self._refer(event)
            case PinTried():
                self._try_pin(event)
            case MailUndelivered():
                self._mark_undelivered(event)
            case BreakerOpen():
                self._sound_alarm(event)
            case BreakerClosed():
                self._log("breaker-closed", None, pool=event.pool, withheld=event.withheld)
            case NoticeWithheld():
                self._log("notice-withheld", event.ticket, template=event.template, to=event.to, reason=event.reason)
            case _:
                assert_never(event)

    def owe(self, notice: Notice) -> None:
        values = {
            "effect": notice.effect,
            "kind": notice.template,
            "ticket": notice.ticket,
            "inbound": self.inbound,
            "recipient": notice.to.address,
            "subject": notice.subject,
            "notice": as_json(notice),
            "message_id": notice.message_id,
            "state": OutboxState.READY,
            "attempts": 0,
            "next_at": notice.not_before or self.now,
            "fence": 0,
            "automatic": notice.auto_submitted is not None and notice.agent is None,  # an agent's mail is no receipt
            "pool": notice.pool,
            "created_at": self.now,
        }
        if insert_new(self.session, _OUTBOX, values, unique="effect"):
            self._log("notice-owed", notice.ticket, template=notice.template, to=notice.to.address)

    def _open(self, event: TicketOpened) -> None:
        self._insert(
            _TICKET,
            number=event.ticket,
            state=event.state,
            subject=event.subject,
            department=event.department,
            priority=event.priority,
            language=event.language,
            account=event.account,
            requester=event.requester.address,
            requester_name=event.requester.name,
            assurance=event.assurance,
            request_kind=event.request_kind,
            created_at=self.now,
            closed_at=self.now if event.state is TicketState.CLOSED else None,
            linked_to=event.linked_to,
            held_reason=event.held_reason,
        )
        self._log(
            "ticket-opened",
            event.ticket,
            state=event.state,
            department=event.department,
            priority=event.priority,
            account=event.account,
            assurance=event.assurance,
            request_kind=event.request_kind,
            held_reason=event.held_reason,
            linked_to=event.linked_to,
            flags=event.flags,
        )
        if event.requester.address:  # a mail whose author is nobody opens a ticket without participants
            self._insert(
                _PARTICIPANT,
                ticket=event.ticket,
                address=event.requester.address,
                name=event.requester.name,
                role=ParticipantRole.REQUESTER,
                added_by="",
                added_at=self.now,
            )
        for flag in event.flags:
            self._insert(_FLAG, ticket=event.ticket, flag=flag, set_at=self.now, reason="opened")

    def _add_entry(self, event: EntryAdded) -> None:
        entry = self.session.connection().scalar(
            _NEW_ENTRY,
            {
                "ticket": event.ticket,
                "kind": event.kind,
                "author": event.author,
                "at": self.now,
                "text": event.text,
                "message_id": event.message_id,
                "assurance": event.assurance,
                "inbound": self.inbound,
                "attachments": attachments_to_json(event),
            },
        )
        awaited.wait_for(self.session, event.ticket, event.answers)
        counts = {"attachments": len(event.attachments)}
        if event.not_taken:
            counts["not_taken"] = len(event.not_taken)
        self._log("entry-added", event.ticket, entry=entry, kind=event.kind, author=event.author, **counts)

    def _change_state(self, event: StateChanged) -> None:
        """The state that the plan started from is part of the condition: two answers at once are decided anew."""
        closed_at = self.now if event.after is TicketState.CLOSED else None
        unchanged = (_TICKET.c.number == event.ticket) & (_TICKET.c.state == event.before)
        self._must_update(_TICKET, unchanged, state=event.after, closed_at=closed_at, wait_until=None)
        self._log("state-changed", event.ticket, before=event.before, after=event.after, reason=event.reason)
        lines = clocks.after_state(self.session, event.ticket, event.before, event.after, self.now)
        self._log_lines(event.ticket, lines)

    def _raise_assurance(self, event: AssuranceRaised) -> None:
        self._must_update(_TICKET, _TICKET.c.number == event.ticket, assurance=event.assurance)
        self._log("assurance-raised", event.ticket, assurance=event.assurance, reason=event.reason)

    def _set_account(self, event: AccountSet) -> None:
        unchanged = (_TICKET.c.number == event.ticket) & _TICKET.c.account.is_not_distinct_from(event.before)
        self._must_update(_TICKET, unchanged, account=event.account)
        self._log("account-set", event.ticket, account=event.account, before=event.before)
        clocks.mark_stale(self.session, self.now, event.ticket)  # accounts have service levels

    def _start_clock(self, event: ClockStarted) -> None:
        undone = _MOMENT_OF_CLOCK.get(event.clock) if event.again else None
        if undone is not None:
            self._update(_TICKET, _TICKET.c.number == event.ticket, **{undone: None})
        self._log_lines(event.ticket, clocks.start(self.session, event, self.now))

    def _stop_clock(self, event: ClockStopped) -> None:
        column = _MOMENT_OF_STOP.get((event.clock, event.reason))
        if column is not None:
            first = (_TICKET.c.number == event.ticket) & _TICKET.c[column].is_(None)
            self._update(_TICKET, first, **{column: self.now})
        self._log_lines(event.ticket, clocks.stop(self.session, event.ticket, event.clock, event.reason, self.now))

    def _add_participant(self, event: ParticipantAdded) -> None:
        values = {
            "ticket": event.ticket,
            "address": event.mailbox.address,
            "name": event.mailbox.name,
            "role": event.role,
            "added_by": event.added_by,
            "added_at": self.now,
        }
        insert_new(self.session, _PARTICIPANT, values, unique=("ticket", "address"))
        self._log("participant-added", event.ticket, address=event.mailbox.address, role=event.role)

    def _issue_key(self, event: KeyIssued) -> None:
        self._insert(
            _KEY,
            key=event.key,
            ticket=event.ticket,
            person=event.person,
            purpose=event.purpose,
            issued_at=self.now,
            expires_at=event.expires_at,
        )
        self._log("key-issued", event.ticket, person=event.person, purpose=event.purpose, expires_at=event.expires_at)

    def _use_key(self, event: KeyUsed) -> None:
        unused = (_KEY.c.key == event.key) & _KEY.c.used_at.is_(None) & _KEY.c.revoked_at.is_(None)
        self._must_update(_KEY, unused, used_at=self.now, used_for=event.fact)
        self._log("key-used", event.ticket, fact=event.fact)

    def _refer(self, event: Referred) -> None:
        values = {"ticket": event.ticket, "department": event.department, "at": self.now}
        insert_new(self.session, _DEPARTMENT, values, unique=("ticket", "department"))
        self._log("referred", event.ticket, department=event.department)

    def _try_pin(self, event: PinTried) -> None:
        """A step that was used before is a `Conflict`: decided again, the PIN is a used one."""
        self._insert(
            _PIN_TRY,
            account=event.account,
            step=event.step,
            ticket=event.ticket,
            at=self.now,
            inbound=self.inbound,
        )
        self._log("pin-tried", event.ticket, account=event.account, matched=event.step is not None)

    def _mark_undelivered(self, event: MailUndelivered) -> None:
        """Once: the mail that another report was about meanwhile is a `Conflict`, and this one then a note."""
        first = (_OUTBOX.c.id == event.mail) & _OUTBOX.c.undelivered_at.is_(None)
        known = {"undelivered_at": self.now, "undelivered_why": event.why, "undelivered_by": self.inbound}
        self._must_update(_OUTBOX, first, **known)
        self._log("mail-undelivered", event.ticket, template=event.template, to=event.to, reason=event.why)

    def _sound_alarm(self, event: BreakerOpen) -> None:
        """While it stays open each mail that is withheld puts off when it would be said again."""
        remember_alarm(self.session, event.pool, self.now)
        if event.first:
            self._log("breaker-open", None, pool=event.pool, used=event.used)

    def _insert(self, table: Table, **values: Any) -> None:
        insert_row(self.session, table, values)

    def _update(self, table: Table, where: ColumnElement[bool], **values: Any) -> int:
        return self.session.connection().execute(update(table).where(where).values(**values)).rowcount

    def _must_update(self, table: Table, where: ColumnElement[bool], **values: Any) -> None:
        if self._update(table, where, **values) != 1:
            raise Conflict(f"a row of {table.name} is not what the plan started from")

    def _log(self, what: str, ticket: int | None, /, **detail: Any) -> None:
        row = event_row(what, ticket=ticket, at=self.now, actor=self.actor, inbound=self.inbound, detail=detail)
        self.log.append(row)

    def _log_lines(self, ticket: int, lines: list[clocks.Line]) -> None:
        for kind, detail in lines:
            self._log(kind, ticket, **detail)
