"""A mail that comes after the answer to it: greylisting held it up, its author's own next mail did not wait.

The answer opened a ticket or joined one, and told by its References for which mail that ticket waits.
"""

from mailgate.core.desk.case import Case, ThreadFact
from mailgate.core.desk.draft import Draft
from mailgate.core.desk.key import key_of_message_id
from mailgate.core.desk.memo import Memo
from mailgate.core.desk.plan import ClockStopped, EntryAdded, FlagCleared, StateChanged, TicketMerged
from mailgate.core.desk.reason import FOR_PEOPLE
from mailgate.core.desk.thread import may_write, thread_ids
from mailgate.core.desk.ticket import ClockName, EntryKind, Flag, Ticket, TicketState
from mailgate.core.who.evidence import Assurance
from mailgate.core.who.request import RequestKind

_REASON = "overtaken"
_LATE = (Flag.UNACKNOWLEDGED, Flag.RESPONSE_OVERDUE, Flag.RECEIPT_OVERDUE)


def awaited_ids(case: Case) -> tuple[str, ...]:
    """The foreign ids that a customer's mail answers; what a refuted author names is waited for by nobody."""
    if case.grade.assurance is Assurance.REFUTED:
        return ()
    return tuple(item for item in thread_ids(case.mail) if key_of_message_id(item, case.policy.domain) is None)


def thread_of(case: Case, threads: tuple[ThreadFact, ...]) -> ThreadFact | None:
    """Of the threads that wait for the mail the first in which its author may write.

    A mail that is surer than the ticket is none of it: whoever saw it on its way could have answered it first in the
    author's name, to have the genuine one release what they asked (threats TH-08).
    """
    return next((item for item in threads if _is_of_one_hand(case, item)), None)


def _is_of_one_hand(case: Case, thread: ThreadFact) -> bool:
    return not case.grade.assurance.exceeds(thread.ticket.assurance) and may_write(case, thread)


def take_in(draft: Draft, ticket: Ticket) -> int | None:
    """Make the ticket that the answer opened part of `ticket`, where the mail that came late belongs; its number.

    Only while no human has done anything in it, and of the same requester, account and sureness: what is said in it is
    said by the one whose ticket this is.
    """
    early = draft.case.facts.overtaken_by
    if early is None or early.number == ticket.number or not _is_untouched(early):
        return None
    same = (early.requester.address, early.account) == (ticket.requester.address, ticket.account)
    if not same or ticket.assurance.exceeds(early.assurance) or ticket.state is TicketState.HELD:
        return None
    words = Memo.OVERTAKEN.written(number=str(early.number))
    draft.events += [
        TicketMerged(early.number, ticket.number),
        StateChanged(early.number, early.state, TicketState.CLOSED, _REASON),
        *(ClockStopped(early.number, name, _REASON) for name in ClockName),
        *(FlagCleared(early.number, flag, _REASON) for flag in _LATE if flag in early.flags),
        EntryAdded(ticket.number, EntryKind.SYSTEM, "mailgate", words, message_id=None, assurance=None),
    ]
    return early.number


def _is_untouched(early: Ticket) -> bool:
    """New, or held for no more than being unclear by itself: in the thread it would not have been held."""
    if early.state is TicketState.HELD:
        return early.request_kind is not RequestKind.SENSITIVE and early.held_reason not in FOR_PEOPLE
    return early.state is TicketState.NEW
