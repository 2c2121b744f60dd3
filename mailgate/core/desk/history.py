"""History: what an imported mail does. It is kept where it belongs, in closed tickets, and nothing follows from it.

No receipt, no question, no news to agents, no clock, no command, no ticket that is released: whatever the rules say of
the mail, only its place is taken from them. A request that would have been held keeps that as `held_reason`, so that no
later answer in its thread opens what nobody proved (`Ticket.was_refused`).
"""

from typing import assert_never

from mailgate.core.desk.case import Case, ThreadBy
from mailgate.core.desk.decision import (
    Action,
    AgentActs,
    AgentBrings,
    Bounced,
    Confirm,
    Decision,
    Duplicate,
    FollowUp,
    Hold,
    Ignore,
    Open,
    Record,
    Retired,
)
from mailgate.core.desk.thread import may_write
from mailgate.core.desk.ticket import TicketState
from mailgate.core.mail.envelope import Transport
from mailgate.core.who.evidence import Assurance
from mailgate.core.who.identity import AuthorKind


def as_history(decision: Decision, case: Case) -> Decision:
    """What is done with a mail that was imported; the decision itself for any other."""
    if case.transport is not Transport.IMPORT:
        return decision
    return Decision(_recorded(decision.action, decision.reason, case), decision.reason, decision.trail)


def _recorded(action: Action, reason: str, case: Case) -> Action:
    match action:
        case Duplicate() | Record():
            return action
        case Ignore():
            return _joined(case) or action
        case FollowUp():
            return Record(action.ticket, as_note=action.as_note)
        case Bounced() | Confirm() | AgentActs():
            return Record(action.ticket, as_note=True)
        case Open():
            return _joined(case) or Record(None, flags=action.flags, linked_to=action.linked_to)
        case Hold():
            held = Record(None, held_reason=reason, flags=action.flags, linked_to=action.linked_to)
            return _joined(case) or held
        case Retired() | AgentBrings():
            return _joined(case) or Record(None)
        case _:
            assert_never(action)


def _joined(case: Case) -> Record | None:
    """The thread that the mail is part of: its author's, or a closed one that the desk or an agent answered in."""
    thread = case.facts.thread
    if thread is None or thread.by is ThreadBy.SUBJECT or case.grade.assurance is Assurance.REFUTED:
        return None
    if may_write(case, thread):
        return Record(thread.ticket.number)
    ours = case.facts.identity.kind in {AuthorKind.OURSELVES, AuthorKind.AGENT}
    return Record(thread.ticket.number, as_note=True) if ours and thread.ticket.state is TicketState.CLOSED else None
