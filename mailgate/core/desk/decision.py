"""A decision: one action out of a closed set, its reason, and the trail of rules that led to it."""

from dataclasses import dataclass
from enum import StrEnum

from mailgate.core.desk.ticket import Flag
from mailgate.core.who.identity import Contact


class Tell(StrEnum):
    """What the sender hears at once."""

    RECEIPT = "receipt"
    RULE = "rule"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Ignore:
    """Nothing follows; the raw mail and the reason are kept."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A second copy of a mail that has its ticket; `refer` where it reached another department."""

    ticket: int | None
    refer: str | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """A new ticket that agents work on."""

    tell: Tell
    flags: tuple[Flag, ...] = ()
    linked_to: int | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """A new ticket that waits. `confirm_by` are the registered contacts who are asked to approve or deny."""

    tell: Tell
    confirm_by: tuple[Contact, ...] = ()
    account: str | None = None
    flags: tuple[Flag, ...] = ()
    linked_to: int | None = None


class Word(StrEnum):
    """What a customer asks for in the first line that needs no human."""

    CLOSE = "close"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """An entry in an existing ticket.

    `reopens` where its state goes back to open; automatic mail never does that. `releases` where the mail proves what
    a held ticket waited for: a support PIN, or the registered address with a good signature. `word` where the
    customer asks for no more than to close it, or to hear how far it is.
    """

    ticket: int
    reopens: bool
    as_note: bool = False
    releases: bool = False
    flags: tuple[Flag, ...] = ()
    word: Word | None = None


class Answer(StrEnum):
    """How the registered address answered the question to confirm; `late` where the key had expired."""

    YES = "yes"
    NO = "no"
    OTHER = "other"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Confirm:
    """The registered address answered with its single-use key."""

    ticket: int
    key: str
    person: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Bounced:
    """A report that is to be believed says that a mail of ours on this ticket was never delivered."""

    ticket: int


@dataclass(frozen=True, slots=True)
class AgentActs:
    """An agent wrote with the own key and is proved: an answer to the customer where `public`, else a note."""

    ticket: int
    agent: str
    public: bool


@dataclass(frozen=True, slots=True)
class AgentBrings:
    """A proved agent wrote to a department: for a customer (`!for`), or for help."""

    agent: str


@dataclass(frozen=True, slots=True)
class Retired:
    """The address takes no tickets any more; the notice says where to go instead."""

    department: str


@dataclass(frozen=True, slots=True)
class Record:
    """An imported mail is kept, and nothing follows: in a ticket that is there, or in a closed one of its own.

    `held_reason` says why the request would have been held, had it come as mail.
    """

    ticket: int | None
    as_note: bool = False
    held_reason: str | None = None
    flags: tuple[Flag, ...] = ()
    linked_to: int | None = None


Action = Ignore | Duplicate | Open | Hold | FollowUp | Confirm | Bounced | Retired | AgentActs | AgentBrings | Record


@dataclass(frozen=True, slots=True)
class Step:
    """One rule that was asked, and whether it hit."""

    rule: str
    hit: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done with a mail, why, and which rules were asked on the way."""

    action: Action
    reason: str
    trail: tuple[Step, ...]
