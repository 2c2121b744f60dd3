"""A case: everything that a decision about one mail rests on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from mailgate.core.desk.command_kinds import Block, OnBehalf
from mailgate.core.desk.known import Known
from mailgate.core.desk.outgoing import Reported
from mailgate.core.desk.takes import Takes
from mailgate.core.desk.ticket import ClockName, Entry, Purpose, Ticket
from mailgate.core.mail.envelope import Transport
from mailgate.core.mail.gate import Budget, Limits, Pool
from mailgate.core.mail.mail import Forwarded, Mailbox, ParsedMail
from mailgate.core.time.calendar import ROUND_THE_CLOCK, Calendar
from mailgate.core.time.target import NO_TARGETS, ServiceLevel, Targets, target
from mailgate.core.who.evidence import Evidence, Grade, Proof
from mailgate.core.who.identity import Account, Identity, Role
from mailgate.core.who.request import Priority, Request, RequestKind
from mailgate.core.who.rule import DEFAULT_MATRIX, Row


class ThreadBy(StrEnum):
    """By which signal a mail found its ticket, strongest first (docs/policy.md, "Threads")."""

    KEY = "key"
    MESSAGE_ID = "message-id"
    FOREIGN_ID = "foreign-id"
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True)
class KeyFact:
    """A key found in the mail, as the table knows it. `person` is the canonical address it was issued to."""

    key: str
    ticket: int
    person: str
    purpose: Purpose
    expired: bool
    used: bool


@dataclass(frozen=True, slots=True)
class ThreadFact:
    """The ticket that a mail belongs beside, how it was found, and the template of the mail of ours it answers.

    `asked` are the canonical addresses of the contacts who were asked to confirm it.
    """

    ticket: Ticket
    by: ThreadBy
    key: KeyFact | None = None
    answers: str | None = None
    answers_automatic: bool = False
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """An earlier mail that this one repeats, with its ticket; `redelivery` where the whole transaction is the same."""

    inbound: str
    ticket: int | None
    redelivery: bool


@dataclass(frozen=True, slots=True)
class PinFact:
    """A support PIN in the mail.

    `tried` are the numbers of the accounts that it was tried for: the author's, or those that the mail names, less
    those for which none counts at the time.
    `account` and `step` say for which account and RFC 6238 time step it is right; None where it is wrong, was used
    before (`spent`), or where too many wrong ones came before (`blocked`).
    """

    tried: tuple[str, ...] = ()
    account: Account | None = None
    step: int | None = None
    blocked: bool = False
    spent: bool = False


@dataclass(frozen=True, slots=True)
class Unsent:
    """An answer that may still be called back: the mail in which its agent (by name) wrote it, and whom it goes to."""

    inbound: str
    agent: str
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who answers: notices go to `address`, replies come from it or from one of `aliases`. All canonical.

    `language` is that of the notices, None for the first of the desk.
    """

    name: str
    address: str
    aliases: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Brought:
    """What an agent brought: a block of commands (with `!for`, or for themselves), or a customer's mail.

    `words` are the agent's own; `author` is the customer's mailbox with a canonical address, where there is one yet.
    """

    agent: Agent
    block: Block
    words: str = ""
    forwarded: Forwarded | None = None
    author: Mailbox | None = None

    @property
    def account(self) -> str | None:
        """The customer number of `!for`."""
        first = self.block.commands[0] if self.block.commands else None
        return first.account if isinstance(first, OnBehalf) else None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the store knows that bears on this mail; read in the transaction that decides.

    `named_accounts` are the accounts that the references of the mail name (customer number or product).
    `history` are the latest entries of the thread's ticket, oldest first, with cut texts, `ticket_account` its account.
    `unsent` are answers in that ticket that have not left yet, the latest first.
    `copied` is the ticket of a mail that this one is a second copy of.
    `repeats_text` is the ticket of a mail with the same normalised text from the same author within the hour, unless
    this mail is the surer one of the two. `echoes` is the ticket with which a mail outside threads goes on as
    programs do.
    `overtaken_by` is the ticket with an answer to this very mail, which came before it.
    `reported` is the mail of ours that a delivery report is about, `other_addresses` those of its ticket's account.
    `known` is what commands in the mail name, `brought` what an agent brought for a customer.
    `muted` says that an agent called mail of the author spam.
    `budget` counts automatic mail to the author, `confirmations` questions to each contact who might be asked;
    `alarmed` are the pools whose breaker has said so lately.
    """

    identity: Identity
    thread: ThreadFact | None = None
    seen: Seen | None = None
    named_accounts: tuple[Account, ...] = ()
    history: tuple[Entry, ...] = ()
    ticket_account: Account | None = None
    unsent: tuple[Unsent, ...] = ()
    copied: Ticket | None = None
    repeats_text: int | None = None
    echoes: Ticket | None = None
    overtaken_by: Ticket | None = None
    pin: PinFact | None = None
    muted: bool = False
    known: Known = field(default_factory=Known)
    brought: Brought | None = None
    reported: Reported | None = None
    other_addresses: tuple[str, ...] = ()
    budget: Budget = field(default_factory=Budget)
    confirmations: Mapping[str, Budget] = field(default_factory=dict)
    alarmed: frozenset[Pool] = frozenset()


@dataclass(frozen=True, slots=True)
class Department:
    """One `[[departments]]` table as policy sees it. Addresses are canonical.

    `contact_role` says which contacts, beside owners, may ask for account matters here: technical or billing ones.
    Without `attachments` everything is taken.
    """

    name: str
    addresses: tuple[str, ...]
    default: bool = False
    agents: tuple[str, ...] = ()
    request_kind: RequestKind = RequestKind.GENERAL
    contact_role: Role = Role.TECHNICAL
    retired_notice: dict[str, str] | None = None
    receipt: timedelta = timedelta(hours=1)
    acknowledge: timedelta = timedelta(hours=1)
    respond: timedelta = timedelta(hours=24)
    high: Targets = NO_TARGETS
    calendar: Calendar = ROUND_THE_CLOCK
    escalate_to: tuple[str, ...] = ()
    attachments: Takes | None = None

    def target(self, clock: ClockName) -> timedelta:
        """What holds where neither priority nor service level says more."""
        return {
            ClockName.RECEIPT: self.receipt,
            ClockName.ACKNOWLEDGE: self.acknowledge,
            ClockName.RESPOND: self.respond,
        }[clock]


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings that decisions depend on; made from config.toml, see `mailgate.config`.

    `own_addresses` are all our canonical addresses; `spam_header` is (name in lower case, value prefix); without
    `close_after` no job closes tickets that wait; `operator` is who hears of what is broken.
    """

    desk_name: str
    domain: str
    languages: tuple[str, ...]
    departments: tuple[Department, ...]
    own_addresses: frozenset[str]
    agents: tuple[Agent, ...] = ()
    subject_tag: str = "#"
    delimiter: str = "+"
    proof: Proof = Proof.DKIM
    confirm_within: timedelta = timedelta(days=7)
    reopen_within: timedelta = timedelta(days=14)
    remind_after: timedelta = timedelta(days=3)
    close_after: timedelta | None = None
    receipts: Limits = field(default_factory=Limits)
    held: timedelta = timedelta(hours=24)
    spam_header: tuple[str, str] | None = None
    service_levels: tuple[ServiceLevel, ...] = ()
    matrix: Mapping[RequestKind, Row] = field(default_factory=lambda: DEFAULT_MATRIX)
    undo_send: timedelta = timedelta(seconds=60)
    operator: str | None = None

    @property
    def default_department(self) -> Department:
        """The department that takes what no other claims."""
        return next((item for item in self.departments if item.default), self.departments[0])

    def department(self, name: str) -> Department:
        """The department of that name; the default one for a name that the configuration does not have any more."""
        return next((item for item in self.departments if item.name == name), self.default_department)

    def allowance(self, clock: ClockName, department: str, priority: Priority, level: str | None) -> timedelta:
        """How much open time a clock may run, for a ticket of that department, priority and service level."""
        found = self.department(department)
        levels = [item for item in self.service_levels if item.holds(level, found.name)]
        return target(clock, found.target(clock), found.high, levels, is_high=priority is Priority.HIGH)

    def agent(self, name: str) -> Agent | None:
        """The agent of that name, None where the configuration has none."""
        return next((item for item in self.agents if item.name == name), None)

    def agent_at(self, address: str | None) -> Agent | None:
        """The agent with that canonical address; None for everybody else, also for agents who were taken out."""
        return next((item for item in self.agents if address in {item.address, *item.aliases}), None)

    def agents_of(self, *departments: str) -> tuple[Agent, ...]:
        """The agents of these departments, each once, in the order of the configuration."""
        names = {name for item in self.departments if item.name in departments for name in item.agents}
        return tuple(item for item in self.agents if item.name in names)

    def contact_role(self, department: str) -> Role:
        """Which contacts, beside owners, may ask for account matters in a department."""
        return self.department(department).contact_role


@dataclass(frozen=True, slots=True)
class Case:
    """One mail and all that is known about it.

    `trusted_hop` says that a system of ours handed it over: only then is what a filter wrote into the header believed.
    `old` says that the mail lay in a mailbox for more than a week before we took it.
    """

    inbound: str
    received_at: datetime
    transport: Transport
    reverse_path: str
    recipients: tuple[str, ...]
    mail: ParsedMail
    evidence: Evidence
    grade: Grade
    request: Request
    facts: Facts
    policy: Policy
    trusted_hop: bool = False
    old: bool = False
