"""Mail that the command line writes in an agent's name: `ticket open` and `ticket reply`.

They go the way of every mail, so that a customer on the telephone and an answer typed into a terminal make the same
events as `!for` and a reply from a mail client. What is submitted on this machine proves its agent.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

from mailgate.core.desk.case import Agent
from mailgate.core.desk.key import keyed_address
from mailgate.core.desk.notice import Template, Value
from mailgate.core.desk.plan import KeyIssued, Plan, Stamp
from mailgate.core.desk.ticket import Purpose
from mailgate.core.mail.envelope import Envelope, Transport
from mailgate.render.header import address_field, text_field
from mailgate.service.act import NoSuchTicket
from mailgate.service.context import Context, new_inbound_id
from mailgate.service.deciding import decide_in_turn
from mailgate.service.process import process
from mailgate.store import apply, facts
from mailgate.store.engine import Session
from mailgate.store.errors import StoreUnavailable
from mailgate.store.inbound import store_received
from mailgate.store.messages import notice_owed, show_message

_KEY_LASTS = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of it: the row as `message show` has it, and what the agent is told, by the template's names."""

    row: dict[str, Any]
    told: dict[str, Value]


def open_for(context: Context, agent: Agent, department: str, customer: str, subject: str, text: str) -> Handed:
    """Open a ticket for a customer, who gets the receipt: `!for` by hand."""
    address = context.policy.department(department).addresses[0]
    return _hand_in(context, agent, address, subject, f"!for {customer}\n\n{text}")


def reply(context: Context, agent: Agent, number: int, text: str) -> Handed:
    """Answer a ticket in the name of an agent, with a key that is theirs. Raises NoSuchTicket."""
    now, key = context.now(), context.keys(1)[0]

    def issue(session: Session) -> tuple[str, str]:
        ticket = facts.ticket(session, number)
        if ticket is None:
            raise NoSuchTicket(f"there is no ticket {number}")
        issued = KeyIssued(key, number, agent.address, Purpose.REPLY, now + _KEY_LASTS)
        apply.apply_plan(session, Plan("command", "operator", number, (issued,)), None, Stamp(now, 0, ()), agent.name)
        return context.policy.department(ticket.department).addresses[0], ticket.subject

    address, subject = decide_in_turn(context.database, issue)
    return _hand_in(context, agent, keyed_address(address, key, context.policy.delimiter), subject, text)


def _hand_in(context: Context, agent: Agent, to: str, subject: str, text: str) -> Handed:
    now = context.now()
    name = new_inbound_id(now)
    envelope = Envelope(
        id=name,
        received_at=now,
        transport=Transport.STDIN,
        client=None,
        reverse_path=agent.address,
        forward_path=(to,),
        raw=_mail(f"{name}@{context.policy.domain}", agent, to, subject, text, now),
    )
    context.database.write(lambda session: store_received(session, envelope))
    try:
        process(context, name, alone=False)
    except StoreUnavailable:
        row = context.database.read(lambda session: show_message(session, name))
        if row is None or row["state"] == "received":
            raise  # else the daemon was faster, and the mail is decided

    def read(session: Session) -> Handed:
        row, notice = show_message(session, name), notice_owed(session, name, Template.RESULT)
        assert row is not None
        return Handed(row, dict(notice.values) if notice is not None else {})

    return context.database.read(read)


def _mail(message_id: str, agent: Agent, to: str, subject: str, text: str, now: datetime) -> bytes:
    fields = [
        address_field("From", agent.name, agent.address),
        address_field("To", "", to),
        text_field("Subject", subject or "-"),
        f"Date: {format_datetime(now)}",
        f"Message-ID: <{message_id}>",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
    ]
    body = "\r\n".join(text.replace("\r\n", "\n").split("\n"))
    return "\r\n".join(fields).encode("ascii") + b"\r\n\r\n" + body.encode("utf-8") + b"\r\n"
