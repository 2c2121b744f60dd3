"""Commands of agents: lines that start with `!` at the top of the new text of their mail (threats AG-02).

Reading is pure and knows no ticket: names of agents, departments, accounts and tickets are looked up where a command is
carried out. A block that holds one bad line is carried out not at all, so every bad line is named at once.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from mailgate.core.mail.mail import Mailbox
from mailgate.core.who.request import Priority

MOST_COMMANDS = 20


@dataclass(frozen=True, slots=True)
class Ack:
    """A human has seen it; stops the acknowledge clock."""


@dataclass(frozen=True, slots=True)
class Take:
    """The agent who writes works on it."""


@dataclass(frozen=True, slots=True)
class Assign:
    """Another agent works on it; the name as typed."""

    agent: str


@dataclass(frozen=True, slots=True)
class Close:
    """The matter is settled."""


@dataclass(frozen=True, slots=True)
class Reopen:
    """Work goes on: `!open` of a closed or waiting ticket."""


@dataclass(frozen=True, slots=True)
class Wait:
    """The customer's turn; after `span` it is open again, None waits as long as the desk does."""

    span: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Text for agents only; the customer never gets it."""

    text: str


@dataclass(frozen=True, slots=True)
class SetPriority:
    """How urgent it is; the due times follow."""

    priority: Priority


@dataclass(frozen=True, slots=True)
class Move:
    """Another department takes over; the name as typed."""

    department: str


@dataclass(frozen=True, slots=True)
class SetAccount:
    """The ticket belongs to this customer; the number as typed."""

    account: str


@dataclass(frozen=True, slots=True)
class Confirm:
    """The registered contact was asked by other means and agreed; opens a held ticket as confirmed."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """Work on a held ticket as it is."""

    reason: str


@dataclass(frozen=True, slots=True)
class Deny:
    """Close a held ticket undone."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Merge:
    """This ticket becomes part of another."""

    into: int


@dataclass(frozen=True, slots=True)
class AddPeople:
    """They get what is sent from now on, and may write; addresses are canonical."""

    people: tuple[Mailbox, ...]


@dataclass(frozen=True, slots=True)
class MarkSpam:
    """Close it, and hear nothing of this sender any more."""


@dataclass(frozen=True, slots=True)
class OnBehalf:
    """First line of a mail to a department: a ticket of that customer, the number as typed."""

    account: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Call back the reply that was just given, while the undo time runs."""


@dataclass(frozen=True, slots=True)
class Help:
    """Send the page about commands."""


Command = (
    Ack
    | Take
    | Assign
    | Close
    | Reopen
    | Wait
    | Note
    | SetPriority
    | Move
    | SetAccount
    | Confirm
    | Release
    | Deny
    | Merge
    | AddPeople
    | MarkSpam
    | OnBehalf
    | Stop
    | Help
)


class Wrong(StrEnum):
    """What can be wrong with a command: first what its line shows, then what only its ticket shows."""

    UNKNOWN_COMMAND = "unknown-command"
    NO_VALUE = "no-value"
    SURPLUS = "surplus"
    BAD_SPAN = "bad-span"
    BAD_PRIORITY = "bad-priority"
    BAD_NUMBER = "bad-number"
    BAD_ADDRESS = "bad-address"
    NO_GAP = "no-gap"
    TWICE = "twice"
    CONTRADICTS = "contradicts"
    NOT_FIRST = "not-first"
    NOT_ON_TOP = "not-on-top"
    NOT_HERE = "not-here"
    NOT_NEW = "not-new"
    TOO_MANY = "too-many"
    NO_AGENT = "no-agent"
    NO_DEPARTMENT = "no-department"
    NO_ACCOUNT = "no-account"
    NO_CONTACT = "no-contact"
    NO_TICKET = "no-ticket"
    SAME_TICKET = "same-ticket"
    ALREADY_MERGED = "already-merged"
    OTHER_ACCOUNT = "other-account"
    OTHER_PERSON = "other-person"
    NOT_HELD = "not-held"
    HELD = "held"
    CLOSED = "closed"
    NOT_CLOSED = "not-closed"
    OWN_ADDRESS = "own-address"
    CROWD = "crowd"
    NOTHING_TO_STOP = "nothing-to-stop"
    NOT_DONE = "not-done"


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be carried out: the line as typed, what is wrong, with which value, and the nearest right."""

    line: str
    wrong: Wrong
    value: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """The commands of a mail, with the line of each, and the text that is left: what a reply or note says.

    With any `errors` nothing of the mail may be carried out or sent.
    """

    commands: tuple[Command, ...] = ()
    lines: tuple[str, ...] = ()
    rest: str = ""
    errors: tuple[BadLine, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True where the mail holds no command, not even a broken one."""
        return not self.commands and not self.errors
