"""Mail that was put aside: a held ticket says so, for people look at tickets and not at logs (peers row 2)."""

from collections.abc import Callable
from datetime import datetime

from mailgate.core.desk.case import Policy
from mailgate.core.desk.inform import to_agents, topic_of
from mailgate.core.desk.memo import Memo
from mailgate.core.desk.notice import Template
from mailgate.core.desk.plan import ClockStarted, ClockStopped, EntryAdded, Plan, StateChanged, TicketOpened
from mailgate.core.desk.ticket import ClockName, EntryKind, Ticket, TicketState
from mailgate.core.mail.mail import Mailbox
from mailgate.core.who.evidence import Assurance
from mailgate.core.who.request import Priority, RequestKind

_MOST_ADDRESS = 320


def set_aside(mail_id: str, reason: str, reverse_path: str, policy: Policy, *, number: int, now: datetime) -> Plan:
    """A held ticket for a mail that nobody could read; nothing is known of its author, who hears nothing."""
    memo = Memo.UNREAD if reverse_path else Memo.UNREAD_NULL
    text = memo.written(sender=reverse_path, reason=reason, id=mail_id)
    opened = TicketOpened(
        ticket=number,
        state=TicketState.HELD,
        subject=f"A mail could not be processed ({reason.partition(':')[0]})",
        department=policy.default_department.name,
        priority=Priority.NORMAL,
        language=policy.languages[0],
        account=None,
        requester=Mailbox("", ""),
        assurance=Assurance.UNPROVED,
        request_kind=RequestKind.GENERAL,
        held_reason=reason,
    )
    entry = EntryAdded(number, EntryKind.SYSTEM, "mailgate", text, message_id=None, assurance=None)
    started = ClockStarted(number, ClockName.RECEIPT, now + policy.default_department.receipt)
    stopped = ClockStopped(number, ClockName.RECEIPT, "none-owed")
    return Plan("aside", reason, number, (opened, entry, started, stopped))


def tell_of_unread(
    opened: TicketOpened, mail_id: str, reverse_path: str, policy: Policy, *, key: Callable[[], str], now: datetime
) -> Plan:
    """The agents of the stand-in hear that a mail exists that nobody could read; the sender hears nothing."""
    topic = topic_of(opened)
    reason = opened.held_reason or ""
    told = to_agents(
        Template.UNREAD,
        topic,
        topic.agents(policy),
        policy,
        effect=f"{mail_id}:{opened.ticket}:{Template.UNREAD}",
        values={
            "mail_id": mail_id,
            "sender": reverse_path[:_MOST_ADDRESS],
            "why": reason.partition(":")[0],
            "detail": reason,
        },
        key=key,
        now=now,
    )
    return Plan("aside", reason, opened.ticket, told.events, told.notices)


def taken_up(ticket: Ticket, outcome: str, now_in: int | None) -> Plan:
    """The mail was run again and decided: its stand-in is closed and says where the mail is now."""
    memo = Memo.RUN_AGAIN if now_in is None else Memo.RUN_AGAIN_IN
    text = memo.written(outcome=outcome, number=str(now_in))
    entry = EntryAdded(ticket.number, EntryKind.SYSTEM, "mailgate", text, message_id=None, assurance=None)
    closed = StateChanged(ticket.number, ticket.state, TicketState.CLOSED, "replayed")
    return Plan("replayed", outcome, ticket.number, (entry, closed))
