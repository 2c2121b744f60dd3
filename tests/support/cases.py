"""Builders: a mail, an account, a case, with everything that a test does not care about filled in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from mailgate.core.desk.case import Case, Department, Facts, Policy
from mailgate.core.desk.plan import Stamp
from mailgate.core.desk.ticket import (
    Clock,
    ClockName,
    Participant,
    ParticipantRole,
    Ticket,
    TicketState,
)
from mailgate.core.mail.envelope import Transport
from mailgate.core.mail.gate import Budget
from mailgate.core.mail.mail import Automatic, Mailbox, ParsedMail
from mailgate.core.who.evidence import Assurance, Evidence, Grade
from mailgate.core.who.identity import Account, AuthorKind, Contact, Identity, Product, Role
from mailgate.core.who.request import Priority, Request, RequestKind

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
OWNER = Contact("owner@kunde.example", "Olga Owner", Role.OWNER)
TECHNICIAN = Contact("technik@kunde.example", "Theo Technik", Role.TECHNICAL)
BOOKKEEPER = Contact("buchhaltung@kunde.example", "Bea Buch", Role.BILLING)
READER = Contact("leser@kunde.example", "Lea Leser", Role.CONTACT)
ACCOUNT = Account(
    "10001", "Kunde GmbH", "de", None, (OWNER, TECHNICIAN, BOOKKEEPER, READER), (Product("server", "srv-web-01"),)
)
SUPPORT = Department("support", ("support@example.org",), default=True, agents=("anna",))
BILLING = Department("billing", ("billing@example.org",), contact_role=Role.BILLING)
POLICY = Policy(
    desk_name="Example Hosting",
    domain="example.org",
    languages=("de", "en"),
    departments=(SUPPORT, BILLING),
    own_addresses=frozenset({"support@example.org", "billing@example.org"}),
)
STRANGER = Identity(AuthorKind.STRANGER)


def mail(**changes) -> ParsedMail:
    """A plain mail of a person."""
    plain = ParsedMail(
        message_id="m1@kunde.example",
        message_id_made_up=False,
        in_reply_to=(),
        references=(),
        subject="Frage",
        author=Mailbox("Olga Owner", "owner@kunde.example"),
        author_doubt=(),
        sender=None,
        to=(Mailbox("", "support@example.org"),),
        cc=(),
        reply_to=(),
        date=NOW,
        text="Hallo, eine Frage.",
        reply_text="Hallo, eine Frage.",
        quoted_text="",
        signature="",
        has_html=False,
        language="de",
        attachments=(),
        automatic=Automatic(is_automatic=False),
        list_id=None,
        report=None,
        forwarded=None,
        body_hash="0" * 64,
    )
    return replace(plain, **changes)


def registered(contact: Contact = OWNER) -> Identity:
    """The identity of one of the account's contacts."""
    return Identity(AuthorKind.REGISTERED, account=ACCOUNT, contact=contact)


def ticket(**changes) -> Ticket:
    """A new ticket of the account's owner."""
    plain = Ticket(
        number=1001,
        state=TicketState.NEW,
        subject="Frage",
        department="support",
        priority=Priority.NORMAL,
        language="de",
        account="10001",
        requester=Mailbox("Olga Owner", "owner@kunde.example"),
        assurance=Assurance.PROVED,
        request_kind=RequestKind.GENERAL,
        created_at=NOW - timedelta(hours=2),
        clocks=(Clock(ClockName.RESPOND, due_at=NOW + timedelta(hours=22)),),
        participants=(Participant(Mailbox("Olga Owner", "owner@kunde.example"), ParticipantRole.REQUESTER),),
    )
    return replace(plain, **changes)


def case(
    *,
    kind: RequestKind = RequestKind.GENERAL,
    assurance: Assurance = Assurance.PROVED,
    identity: Identity | None = None,
    message: ParsedMail | None = None,
    policy: Policy = POLICY,
    **facts,
) -> Case:
    """A case of the owner's proved general question; `facts` are fields of Facts."""
    who = identity or registered()
    return Case(
        inbound="m000",
        received_at=NOW,
        transport=Transport.SMTP,
        reverse_path="owner@kunde.example",
        recipients=("support@example.org",),
        mail=message or mail(),
        evidence=Evidence(author_domain="kunde.example"),
        grade=Grade(assurance, "as the test says", signed_to_us=True),
        request=Request(kind, "support"),
        facts=Facts(identity=who, **{"budget": Budget(), **facts}),
        policy=policy,
    )


def stamp(number: int = 1002) -> Stamp:
    """A stamp with countable keys."""
    return Stamp(
        NOW, number, tuple("key" + chr(97 + index // 26) + chr(97 + index % 26) + "x" * 21 for index in range(64))
    )
