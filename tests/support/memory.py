"""A desk in memory: plans are carried out on values, so that thousands of dialogues cost no database.

It keeps what a decision reads of a ticket (state, clocks, people, entries) and every key; nothing of a mail is parsed,
so what would be quoted stands in the new text as if no quote had been recognised. Mails are rendered as they go out.
"""

import hashlib
from dataclasses import replace
from datetime import timedelta

from support.cases import NOW

from mailgate.core.desk.case import Agent, Case, Department, Facts, KeyFact, Policy, ThreadBy, ThreadFact
from mailgate.core.desk.guard import guard_of
from mailgate.core.desk.plan import (
    AccountSet,
    ClockStarted,
    ClockStopped,
    EntryAdded,
    KeyIssued,
    KeyUsed,
    ParticipantAdded,
    Stamp,
    StateChanged,
    TicketOpened,
)
from mailgate.core.desk.planner import plan
from mailgate.core.desk.policy import decide
from mailgate.core.desk.ticket import Clock, ClockName, Entry, Participant, ParticipantRole, Purpose, Ticket
from mailgate.core.mail.envelope import Transport
from mailgate.core.mail.gate import Budget
from mailgate.core.mail.mail import Automatic, Mailbox
from mailgate.core.who.evidence import Assurance, Evidence, Grade
from mailgate.core.who.identify import identify
from mailgate.core.who.identity import Account, Contact, Role
from mailgate.core.who.request import Request, RequestKind
from mailgate.render.compose import Desk, compose, render
from mailgate.render.environment import environment

AGENTS = (
    Agent("anna", "anna@desk.example", ("a.n@home.example",), "de"),
    Agent("ben", "ben@desk.example", (), "en"),
)
ACCOUNTS = tuple(
    Account(number, name, "de", None, tuple(Contact(address, "", Role.OWNER) for address in owners))
    for number, name, owners in (
        ("10001", "Kunde GmbH", ("olga@kunde.example", "theo@kunde.example")),
        ("10002", "Andere AG", ("bert@andere.example",)),
    )
)
STRANGER = "pat@visitor.example"
POLICY = Policy(
    desk_name="Example Hosting",
    domain="example.org",
    languages=("de", "en"),
    departments=(Department("support", ("support@example.org",), default=True, agents=("anna", "ben")),),
    own_addresses=frozenset({"support@example.org"}),
    agents=AGENTS,
)
_DESK = Desk("Example Hosting", "example.org", "Europe/Berlin", "#", "+", {"support": "support@example.org"})
DESK = replace(_DESK, guard=guard_of(POLICY))
TEMPLATES = environment(None)
_AGENT_AT = {address: agent.name for agent in AGENTS for address in (agent.address, *agent.aliases)}


class Memory:
    """One desk and one dialogue; `sent` are the notices in order, `bodies` what they say."""

    def __init__(self):
        self.tickets, self.keys, self.entries = {}, {}, {}
        self.sent, self.count, self.now = [], 0, NOW

    def receive(self, author, message, *, sure=True, key=None, kind=RequestKind.GENERAL):
        """Decide about one mail, carry the plan out; returns the plan and the mails owed, as (notice, text)."""
        self.count += 1
        self.now += timedelta(minutes=3)
        case = self._case(author, message, sure=sure, key=key, kind=kind)
        made = plan(decide(case), case, Stamp(self.now, 1001 + len(self.tickets), self._keys(120)))
        for event in made.events:
            self._apply(event, case)
        out = [(notice, "\n".join(render(notice, DESK, TEMPLATES))) for notice in made.notices]
        self.sent += out
        return made, out

    def composed(self, notice):
        """The whole mail, as bytes."""
        return compose(notice, DESK, TEMPLATES, self.now).raw

    def _keys(self, count):
        def key(number):
            digest = hashlib.sha256(f"{self.count}/{number}".encode()).digest()
            return "".join("abcdefghijklmnopqrstuvwxyz234567"[byte & 31] for byte in digest[:26])

        return tuple(key(number) for number in range(count))

    def _case(self, author, message, *, sure, key, kind):
        registered = [(one, who) for one in ACCOUNTS for who in one.contacts if who.address == author]
        identity = identify(
            author, own=False, agent=_AGENT_AT.get(author), registered=registered, named=(), lookalike_of=None
        )
        thread = self._thread(key)
        number = thread.ticket.number if thread is not None else None
        account = thread.ticket.account if thread is not None else None
        facts = Facts(
            identity=identity,
            thread=thread,
            history=tuple(self.entries.get(number, ())),
            ticket_account=next((item for item in ACCOUNTS if item.number == account), None),
            budget=Budget(),
        )
        grade = Grade(Assurance.PROVED if sure else Assurance.UNPROVED, "as the test says", signed_to_us=sure)
        return Case(
            inbound=f"m{self.count:03d}",
            received_at=self.now,
            transport=Transport.SMTP,
            reverse_path=author,
            recipients=("support@example.org",),
            mail=replace(message, author=Mailbox("", author), message_id=f"m{self.count}@{author.partition('@')[2]}"),
            evidence=Evidence(author_domain=author.partition("@")[2]),
            grade=grade,
            request=Request(kind, "support"),
            facts=facts,
            policy=POLICY,
        )

    def _thread(self, key):
        fact = self.keys.get(key)
        if fact is None:
            return None
        asked = tuple(
            one.person for one in self.keys.values() if one.ticket == fact.ticket and one.purpose is Purpose.CONFIRM
        )
        return ThreadFact(self.tickets[fact.ticket], ThreadBy.KEY, fact, asked=asked)

    def _apply(self, event, case):
        ticket = self.tickets.get(getattr(event, "ticket", None))
        match event:
            case TicketOpened():
                self.tickets[event.ticket] = _opened(event, self.now)
            case EntryAdded():
                entries = self.entries.setdefault(event.ticket, [])
                kept = (event.text, event.message_id, event.assurance, case.inbound, event.attachments)
                entries.append(Entry(len(entries), event.kind, event.author, self.now, *kept))
            case StateChanged():
                closed_at = self.now if event.after == "closed" else None
                self.tickets[event.ticket] = replace(ticket, state=event.after, closed_at=closed_at)
            case AccountSet():
                self.tickets[event.ticket] = replace(ticket, account=event.account)
            case ParticipantAdded():
                person = Participant(event.mailbox, event.role, event.added_by)
                self.tickets[event.ticket] = replace(ticket, participants=(*ticket.participants, person))
            case ClockStarted():
                self._clock(ticket, Clock(event.clock, event.due_at))
            case ClockStopped():
                self._clock(ticket, replace(ticket.clock(event.clock), stopped_at=self.now))
            case KeyIssued():
                fact = KeyFact(event.key, event.ticket, event.person, event.purpose, expired=False, used=False)
                self.keys[event.key] = fact
            case KeyUsed():
                self.keys[event.key] = replace(self.keys[event.key], used=True)

    def _clock(self, ticket, clock):
        others = tuple(item for item in ticket.clocks if item.name is not clock.name)
        self.tickets[ticket.number] = replace(ticket, clocks=(*others, clock))


def _opened(event, now):
    people = (Participant(event.requester, ParticipantRole.REQUESTER),) if event.requester.address else ()
    return Ticket(
        number=event.ticket,
        state=event.state,
        subject=event.subject,
        department=event.department,
        priority=event.priority,
        language=event.language,
        account=event.account,
        requester=event.requester,
        assurance=event.assurance,
        request_kind=event.request_kind,
        created_at=now,
        linked_to=event.linked_to,
        held_reason=event.held_reason,
        flags=event.flags,
        participants=people,
        clocks=tuple(Clock(name) for name in ClockName),
    )


def robot():
    """A mail of a vacation responder."""
    return Automatic(is_automatic=True, why="auto-submitted: auto-replied")
