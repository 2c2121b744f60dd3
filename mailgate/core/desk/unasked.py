"""Mail to the requester that answers none: reminders, and that a ticket was closed. Pure, through the gate."""

from dataclasses import replace
from datetime import datetime

from mailgate.core.desk.case import Policy
from mailgate.core.desk.key import message_id
from mailgate.core.desk.notice import AutoSubmitted, Notice, Template, Value
from mailgate.core.desk.plan import KeyIssued, NoticeWithheld, TicketEvent
from mailgate.core.desk.ticket import Flag, Purpose, Ticket
from mailgate.core.mail.gate import Budget, GateAnswer, Pool, may_write
from mailgate.core.who.evidence import Assurance

_PROVED = frozenset({Assurance.PROVED, Assurance.CONFIRMED})


def gate(ticket: Ticket, policy: Policy, used: Budget) -> GateAnswer:
    """May we write to the requester by ourselves? Not where our last mail did not arrive: nobody would read it."""
    if Flag.UNDELIVERED in ticket.flags:
        return GateAnswer(allowed=False, reason="undelivered")
    limits = replace(policy.receipts, enabled=True)  # that is about receipts; who sets up such a job wants its mails
    address = ticket.requester.address
    own = address in policy.own_addresses
    return may_write(address, assurance=ticket.assurance, own_address=own, limits=limits, used=used)


def to_requester(
    ticket: Ticket,
    template: Template,
    policy: Policy,
    answer: GateAnswer,
    *,
    effect: str,
    keys: tuple[str, ...],
    thread: tuple[str, ...] = (),
    values: dict[str, Value],
) -> tuple[tuple[TicketEvent, ...], tuple[Notice, ...]]:
    """The events and the notice, or that it was withheld. `keys` are the reply and the bounce key.

    `thread` are Message-IDs of the ticket, the last one first answered. To an unproved address the wording is fixed.
    """
    number, person = ticket.number, ticket.requester
    if not answer.allowed:
        return (NoticeWithheld(number, template.value, person.address, answer.reason),), ()
    proved = ticket.assurance in _PROVED
    notice = Notice(
        effect=effect,
        template=template,
        to=person if proved else type(person)("", person.address),
        language=ticket.language if ticket.language in policy.languages else policy.languages[0],
        department=policy.department(ticket.department).name,
        ticket=number,
        message_id=message_id(keys[0], number, policy.domain),
        auto_submitted=AutoSubmitted.GENERATED,
        subject=ticket.subject if proved else None,
        in_reply_to=thread[-1] if thread else None,
        references=thread,
        reply_key=keys[0],
        bounce_key=keys[1],
        pool=Pool.UNASKED,
        values=values,
    )
    events = (
        KeyIssued(keys[0], number, person.address, Purpose.REPLY, None),
        KeyIssued(keys[1], number, person.address, Purpose.BOUNCE, None),
    )
    return events, (notice,)


def moment(at: datetime) -> str:
    """A time as notices carry it."""
    return at.isoformat()
