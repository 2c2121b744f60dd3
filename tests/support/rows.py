"""Values that tests of the store put into it."""

from datetime import UTC, datetime, timedelta
from itertools import count

from mailgate.core.desk.notice import AutoSubmitted, Notice, Template
from mailgate.core.desk.plan import ClockStarted, EntryAdded, Plan, Stamp, TicketOpened
from mailgate.core.desk.ticket import ClockName, EntryKind, TicketState
from mailgate.core.mail.envelope import Client, Envelope, Transport
from mailgate.core.mail.gate import Pool
from mailgate.core.mail.mail import Attachment, Mailbox
from mailgate.core.who.evidence import Assurance
from mailgate.core.who.request import Priority, RequestKind
from mailgate.store.apply import apply_plan, next_number
from mailgate.store.inbound import store_received

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ANNA = Mailbox("Anna Müller", "anna@kunde.example")
_NUMBERS = count(1)


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def make_key(number: int) -> str:
    """A key that differs for each number: 26 characters of base32."""
    digits = "abcdefghijklmnopqrstuvwxyz234567"
    return "".join(digits[(number >> (5 * place)) & 31] for place in range(26))


def envelope(
    name: str = "m1", *, raw: bytes = b"Subject: x\r\n\r\nHello\r\n", seconds: float = 0, **changes
) -> Envelope:
    values = {
        "id": name,
        "received_at": at(seconds),
        "transport": Transport.SMTP,
        "client": Client("192.0.2.7", "mail.kunde.example"),
        "reverse_path": "anna@kunde.example",
        "forward_path": ("support@desk.example",),
        "raw": raw,
    }
    return Envelope(**{**values, **changes})


def received(database, name: str = "m1", **changes) -> Envelope:
    made = envelope(name, **changes)
    database.write(lambda session: store_received(session, made))
    return made


def opened(number: int, **changes) -> TicketOpened:
    values = {
        "ticket": number,
        "state": TicketState.NEW,
        "subject": "Störung im Netz",
        "department": "support",
        "priority": Priority.NORMAL,
        "language": "de",
        "account": None,
        "requester": ANNA,
        "assurance": Assurance.PROVED,
        "request_kind": RequestKind.GENERAL,
    }
    return TicketOpened(**{**values, **changes})


def attachment() -> Attachment:
    return Attachment("Überblick.pdf", "Überblick.pdf", "application/pdf", None, 12, False, None, "0" * 64, (2, 1))


def entry(number: int, **changes) -> EntryAdded:
    values = {
        "ticket": number,
        "kind": EntryKind.CUSTOMER,
        "author": ANNA.address,
        "text": "Guten Tag, nichts geht mehr. Grüße",
        "message_id": "first@kunde.example",
        "assurance": Assurance.PROVED,
        "attachments": (attachment(),),
    }
    return EntryAdded(**{**values, **changes})


def notice(number: int | None, effect: str = "m1:receipt:author", **changes) -> Notice:
    values = {
        "effect": effect,
        "template": Template.RECEIPT,
        "to": ANNA,
        "language": "de",
        "department": "support",
        "ticket": number,
        "message_id": f"{make_key(next(_NUMBERS))}.{number}@desk.example",
        "auto_submitted": AutoSubmitted.REPLIED,
        "subject": "Störung im Netz",
        "references": ("first@kunde.example",),
        "pool": Pool.PROVED,
        "values": {"proved": True, "missing": ["zone"], "held": False, "nothing": None},
    }
    return Notice(**{**values, **changes})


def stamp(number: int = 1001, *, seconds: float = 0) -> Stamp:
    return Stamp(at(seconds), number, ())


def plan(number: int, *events, notices=(), outcome: str = "opened") -> Plan:
    return Plan(outcome, "general-proved", number, tuple(events), tuple(notices))


def clocks(number: int) -> tuple[ClockStarted, ...]:
    return tuple(ClockStarted(number, clock, at(3600)) for clock in ClockName)


def carry_out(database, made: Plan, *, inbound: str | None = None, seconds: float = 0, actor: str = "mailgate") -> None:
    number = made.ticket or 0
    database.decide(lambda session: apply_plan(session, made, inbound, stamp(number, seconds=seconds), actor))


def open_ticket(database, *events, notices=(), inbound: str | None = None, seconds: float = 0, **changes) -> int:
    """A ticket with an entry and its clocks, opened in one transaction; its number."""

    def work(session) -> int:
        number = next_number(session)
        made = plan(
            number,
            opened(number, **changes),
            entry(number),
            *clocks(number),
            *(event(number) for event in events),
            notices=tuple(item(number) for item in notices),
        )
        apply_plan(session, made, inbound, stamp(number, seconds=seconds), "mailgate")
        return number

    return database.decide(work)
