"""Does a mail answer our automatic mail as only programs do, though it keeps nothing of the thread (LO-02, LO-03)?

A program says the same again, or it is there sooner than people write. Nothing here is a right: the mail can only join
an open ticket that the same address opened with the same proof, and the agents read it there.

One that is neither, a minute later and in other words each time, is told by an experiment: does its mail come later
when our answer does? That joins nothing, and only ends our answers (docs/adr/0009).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mailgate.core.desk.ticket import Ticket, TicketState
from mailgate.core.who.evidence import Assurance
from mailgate.core.who.request import Request, RequestKind

SAME_WITHIN = timedelta(days=30)
MOST_TEXT = 5_000  # characters that are compared
_ALIKE_WITHIN = timedelta(hours=1)
_PROMPT = timedelta(seconds=30)
_LONGEST_LAG = timedelta(hours=4)
_LEAST_SLACK = timedelta(seconds=2)
_SLACK = 50  # two lags are the same where they differ by no more than a fiftieth
_LEAST_WAIT = timedelta(minutes=1)
_MOST_WAIT = timedelta(minutes=30)  # the receipt is promised within the hour
_TELLING = 4  # how many slacks our answers must have differed by, to tell what followed from them


@dataclass(frozen=True, slots=True)
class Said:
    """A mail as it is compared: `named` are the products and numbers of accounts in it, `files` whether any came."""

    subject: str
    text: str
    body_hash: str
    named: tuple[str, ...] = ()
    files: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """An earlier mail of the same author, its ticket, and when the next hop took our automatic answer to it."""

    ticket: int
    said: Said
    arrived_at: datetime
    answered_at: datetime


def echoed(said: Said, at: datetime, earlier: tuple[Answered, ...], *, stranger: bool) -> int | None:
    """The ticket of the earlier mail that a mail of that moment goes on with; `earlier` are newest answers first.

    Customers who write the same of another number ("Server 2 is down"), or one prepared mail after the other, get a
    receipt for each; of a `stranger` that is taken for a program's.

    What came before our answer was taken up cannot be an answer to it: people who send several mails at once get what
    they ask for.
    """
    for item in earlier:
        since = at - item.answered_at
        alike = stranger and since <= _ALIKE_WITHIN
        if timedelta(0) <= since <= SAME_WITHIN and _says_the_same(said, item.said, alike=alike):
            return item.ticket
    if not stranger or len(earlier) < 2:
        return None  # once may be chance
    last, before = earlier[:2]
    prompt = _is_prompt(at - last.answered_at) and _is_prompt(last.arrived_at - before.answered_at)
    return last.ticket if prompt and _brings_nothing(said, last.said) else None


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Whether an author writes because we answer: `is_program` where shown, else how long our answer waits to find out.

    Nobody is there each time so long after our answer, to the second, however late that was, but a program.
    """

    is_program: bool = False
    wait: timedelta = timedelta()


def rhythm_of(at: datetime, earlier: tuple[Answered, ...], *, stranger: bool) -> Rhythm:
    """What the last two mails and the one of this moment have in common; `earlier` are newest answers first.

    People and clocks that write at even intervals are not moved by our answer: where it waits, they are early. What
    comes within seconds is left out, for there all intervals look even, and so are customers: none of them has to wait.
    """
    if not stranger or len(earlier) < 2:
        return Rhythm()
    last, before = earlier[:2]
    lag, lag_before = at - last.answered_at, last.arrived_at - before.answered_at
    slack = max(_LEAST_SLACK, lag_before / _SLACK)
    if not _PROMPT < lag <= _LONGEST_LAG or abs(lag - lag_before) > slack:
        return Rhythm()
    moved = abs((last.answered_at - last.arrived_at) - (before.answered_at - before.arrived_at))
    if moved >= _TELLING * slack:
        return Rhythm(is_program=True)
    return Rhythm(wait=min(max(_LEAST_WAIT, 2 * _TELLING * slack), _MOST_WAIT))


def _is_prompt(span: timedelta) -> bool:
    return timedelta(0) <= span <= _PROMPT


def _says_the_same(one: Said, other: Said, *, alike: bool) -> bool:
    """The very same words and files; where `alike` is enough, the same words with other numbers."""
    if _words(one.subject) != _words(other.subject):
        return False
    if one.body_hash == other.body_hash:
        return bool(one.text.strip())
    words = _words(one.text)
    return alike and bool(words) and words == _words(other.text) and _brings_nothing(one, other)


def _brings_nothing(one: Said, other: Said) -> bool:
    """True where the one names no server, order or account that the other does not, and has no files."""
    known = f"{other.subject}\n{other.text}".lower()
    return not one.files and all(name.lower() in known for name in one.named)


def _words(text: str) -> list[str]:
    """The words, without quoted lines, addresses and what has a digit: numbers, dates, times."""
    lines = (line for line in text[:MOST_TEXT].lower().splitlines() if not line.lstrip().startswith(">"))
    return [word for line in lines for word in line.split() if "@" not in word and not any(map(str.isdigit, word))]


def may_join(ticket: Ticket, author: str | None, assurance: Assurance, request: Request) -> bool:
    """True where the ticket is open, the author's own, and took what this mail has: the same proof for no more.

    Sensitive requests stand by themselves.
    """
    if ticket.state is TicketState.CLOSED or author is None or ticket.requester.address != author:
        return False
    if assurance is not ticket.assurance or request.kind is RequestKind.SENSITIVE:
        return False
    return request.kind is RequestKind.GENERAL or ticket.request_kind is not RequestKind.GENERAL
