"""Tickets as values of the core: rows, flags, clocks and participants put together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlmodel import Session

from mailgate.core.desk.ticket import Clock, ClockName, Flag, Participant, ParticipantRole, Ticket, TicketState
from mailgate.core.mail.mail import Mailbox
from mailgate.core.who.evidence import Assurance
from mailgate.core.who.request import Priority, RequestKind
from mailgate.store.tables.base import table_of
from mailgate.store.tables.desk import ClockRow, FlagRow, ParticipantRow, TicketDepartmentRow, TicketRow
from mailgate.store.tables.people import AccountRow

_TICKET = table_of(TicketRow)
_ACCOUNT = table_of(AccountRow)
_FLAG = table_of(FlagRow)
_DEPARTMENT = table_of(TicketDepartmentRow)
_CLOCK = table_of(ClockRow)
_PARTICIPANT = table_of(ParticipantRow)
_FLAG_ORDER = {flag.value: place for place, flag in enumerate(Flag)}
_CLOCK_ORDER = {clock.value: place for place, clock in enumerate(ClockName)}


@dataclass(frozen=True, slots=True)
class TicketQueries:
    """The statements that read tickets and what belongs to them; to build them takes ten times as long as to run."""

    tickets: Select[Any]
    flags: Select[Any]
    clocks: Select[Any]
    people: Select[Any]
    referred: Select[Any]

    @classmethod
    def of(cls, which: ColumnElement[bool], limit: int | None = None) -> "TicketQueries":
        """Those for the tickets for which the condition on the ticket table holds; with `limit` the newest ones."""
        level = _ACCOUNT.c.service_level
        with_level = select(_TICKET, level).outerjoin(_ACCOUNT, _ACCOUNT.c.number == _TICKET.c.account)
        chosen = select(_TICKET.c.number).where(which)
        if limit is not None:
            chosen = chosen.order_by(_TICKET.c.number.desc()).limit(limit)
        people = select(_PARTICIPANT).where(_PARTICIPANT.c.ticket.in_(chosen))
        referred = select(_DEPARTMENT).where(_DEPARTMENT.c.ticket.in_(chosen))
        return cls(
            with_level.where(which).order_by(_TICKET.c.number.desc()).limit(limit),
            select(_FLAG).where(_FLAG.c.ticket.in_(chosen)),
            select(_CLOCK).where(_CLOCK.c.ticket.in_(chosen)),
            people.order_by(_PARTICIPANT.c.added_at, _PARTICIPANT.c.address),
            referred.order_by(_DEPARTMENT.c.at, _DEPARTMENT.c.department),
        )

    def load(self, session: Session, values: Mapping[str, Any]) -> list[Ticket]:
        """The tickets by number; `values` are the parameters of the condition."""
        connection = session.connection()
        rows = connection.execute(self.tickets, values).all()
        if not rows:
            return []
        parts = (self.flags, self.clocks, self.people, self.referred)
        groups = [_grouped(connection.execute(query, values)) for query in parts]
        return [_ticket(row, *(group.get(row.number, ()) for group in groups)) for row in reversed(rows)]


def load_tickets(session: Session, which: ColumnElement[bool], limit: int | None = None) -> list[Ticket]:
    """The tickets for which the condition on the ticket table holds, by number; with `limit` the newest ones."""
    return TicketQueries.of(which, limit).load(session, {})


def unclosed_tickets(session: Session) -> list[Ticket]:
    """Every ticket that is not closed, by number."""
    return load_tickets(session, _TICKET.c.state != TicketState.CLOSED)


def _ticket(
    row: Any, flags: Iterable[Any], clocks: Iterable[Any], people: Iterable[Any], referred: Iterable[Any]
) -> Ticket:
    return Ticket(
        number=row.number,
        state=TicketState(row.state),
        subject=row.subject,
        department=row.department,
        priority=Priority(row.priority),
        language=row.language,
        account=row.account,
        requester=Mailbox(row.requester_name, row.requester),
        assurance=Assurance(row.assurance),
        request_kind=RequestKind(row.request_kind),
        created_at=row.created_at,
        assignee=row.assignee,
        closed_at=row.closed_at,
        linked_to=row.linked_to,
        merged_into=row.merged_into,
        wait_until=row.wait_until,
        held_reason=row.held_reason,
        flags=tuple(Flag(item.flag) for item in sorted(flags, key=lambda item: _FLAG_ORDER[item.flag])),
        clocks=tuple(_clock(item) for item in sorted(clocks, key=lambda item: _CLOCK_ORDER[item.name])),
        participants=tuple(
            Participant(Mailbox(item.name, item.address), ParticipantRole(item.role), item.added_by) for item in people
        ),
        receipt_sent_at=row.receipt_sent_at,
        acknowledged_at=row.acknowledged_at,
        responded_at=row.responded_at,
        referred=tuple(item.department for item in referred),
        service_level=row.service_level,
    )


def _clock(row: Any) -> Clock:
    return Clock(
        name=ClockName(row.name),
        due_at=row.due_at,
        stopped_at=row.stopped_at,
        flagged_at=row.flagged_at,
        started_at=row.started_at,
        allowance=row.due_at - row.started_at if row.allowance is None else timedelta(seconds=row.allowance),
        calendar=row.calendar or "",
        pauses=tuple((_moment(begin), _moment(end)) for begin, end in row.pauses or ()),
        paused_since=row.paused_since,
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _grouped(rows: Iterable[Any]) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = {}
    for row in rows:
        groups.setdefault(row.ticket, []).append(row)
    return groups
