"""The digest: what an agent should look at. Pure; one mail an agent and firing, none where nothing waits."""

from collections.abc import Iterable, Sequence

from mailgate.core.desk.case import Agent, Policy
from mailgate.core.desk.key import message_id
from mailgate.core.desk.notice import AutoSubmitted, Notice, Template
from mailgate.core.desk.reason import Reason
from mailgate.core.desk.ticket import Flag, Ticket, TicketState
from mailgate.core.mail.mail import Mailbox
from mailgate.core.who.request import Priority

SECTIONS = ("overdue", "mine", "unassigned", "held", "spam")
MOST_ROWS = 40  # of one section; the list has the rest
_OVERDUE = frozenset({Flag.RECEIPT_OVERDUE, Flag.UNACKNOWLEDGED, Flag.RESPONSE_OVERDUE, Flag.UNDELIVERED})
_SHOWN = (*_OVERDUE, Flag.HELD_TOO_LONG)


def section_of(ticket: Ticket, agent: Agent, policy: Policy) -> str | None:
    """Where a ticket stands in the agent's digest; None where it is somebody else's, or nothing is to be done."""
    is_mine = ticket.assignee == agent.name
    if ticket.state is TicketState.CLOSED or not (
        is_mine or agent in policy.agents_of(ticket.department, *ticket.referred)
    ):
        return None
    if ticket.state is TicketState.HELD:
        return "spam" if ticket.held_reason == Reason.SPAM else "held"
    if ticket.assignee is not None and not is_mine:
        return None
    if _OVERDUE.intersection(ticket.flags):
        return "overdue"
    if is_mine:
        return "mine"
    return None if ticket.state is TicketState.WAITING else "unassigned"


def digest(tickets: Iterable[Ticket], agent: Agent, policy: Policy, *, effect: str, key: str) -> Notice | None:
    """The digest of one agent, in the own language; None where nothing waits. `effect` names the firing."""
    found: dict[str, list[Ticket]] = {name: [] for name in SECTIONS}
    for ticket in tickets:
        section = section_of(ticket, agent, policy)
        if section is not None:
            found[section].append(ticket)
    rows = [row for name, items in found.items() for row in _rows(name, items)]
    if not rows:
        return None
    departments = [item.name for item in policy.departments if agent.name in item.agents]
    return Notice(
        effect=f"{effect}:{agent.name}",
        template=Template.DIGEST,
        to=Mailbox("", agent.address),
        language=agent.language if agent.language in policy.languages else policy.languages[0],
        department=departments[0] if departments else policy.default_department.name,
        ticket=None,
        message_id=message_id(key, None, policy.domain),
        auto_submitted=AutoSubmitted.GENERATED,
        values={"rows": rows, "total": sum(map(len, found.values())), "late": len(found["overdue"])},
        agent=agent.name,
    )


def _rows(section: str, tickets: Sequence[Ticket]) -> list[dict[str, str]]:
    """The urgent and the oldest first; the last row says how many more there are."""
    ordered = sorted(tickets, key=lambda item: (item.priority is not Priority.HIGH, item.created_at, item.number))
    shown = [_row(section, item) for item in ordered[:MOST_ROWS]]
    if len(ordered) > MOST_ROWS:
        shown[-1]["more"] = str(len(ordered) - MOST_ROWS)
    return shown


def _row(section: str, ticket: Ticket) -> dict[str, str]:
    running = [clock for clock in ticket.clocks if clock.stopped_at is None and clock.paused_since is None]
    due = min((clock.due_at for clock in running if clock.due_at is not None), default=None)
    return {
        "section": section,
        "number": str(ticket.number),
        "subject": ticket.subject,
        "requester": ticket.requester.address,
        "department": ticket.department,
        "priority": ticket.priority.value,
        "state": ticket.state.value,
        "since": ticket.created_at.isoformat(),
        "due": due.isoformat() if due is not None else "",
        "flags": " ".join(flag.value for flag in ticket.flags if flag in _SHOWN),
        "held_reason": ticket.held_reason or "",
        "more": "",
    }
