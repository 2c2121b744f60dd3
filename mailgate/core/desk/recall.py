"""Calling an answer back before it leaves (`!stop`, within `[desk] undo_send`)."""

from mailgate.core.desk.case import Unsent
from mailgate.core.desk.memo import Memo
from mailgate.core.desk.plan import ClockStarted, EntryAdded, ReplyRecalled, StateChanged, TicketEvent
from mailgate.core.desk.ticket import ClockName, EntryKind, Ticket, TicketState

_REASON = "called-back"


def latest_of(unsent: tuple[Unsent, ...], agent: str) -> Unsent | None:
    """The agent's own latest answer that has not left; nobody stops what others wrote."""
    return next((item for item in unsent if item.agent == agent), None)


def called_back(answer: Unsent) -> str:
    """The memo of it."""
    return Memo.CALLED_BACK.written(people=", ".join(answer.recipients))


def recall(ticket: Ticket, answer: Unsent) -> tuple[TicketEvent, ...]:
    """The answer is called back; the ticket is open again, and the clock that it had stopped runs on as before.

    One that was closed with the answer opens too: a customer who heard nothing is not settled.
    """
    number = ticket.number
    words = called_back(answer)
    events: list[TicketEvent] = [
        ReplyRecalled(number, answer.inbound, answer.agent),
        EntryAdded(number, EntryKind.SYSTEM, answer.agent, words, message_id=None, assurance=None),
    ]
    if ticket.state in {TicketState.WAITING, TicketState.CLOSED}:
        events.append(StateChanged(number, ticket.state, TicketState.OPEN, _REASON))
    clock = ticket.clock(ClockName.RESPOND)
    if clock.due_at is not None and clock.stopped_at is not None:
        runs = ClockStarted(
            number,
            ClockName.RESPOND,
            clock.due_at,
            clock.allowance,
            clock.calendar,
            again=True,
            since=clock.started_at,
        )
        events.append(runs)
    return tuple(events)
