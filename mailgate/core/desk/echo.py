"""Does a mail answer our automatic mail as only programs do, though it keeps nothing of the thread (LO-02, LO-03)?

A program says the same again, or it is there sooner than people write. Nothing here is a right: the mail can only join
an open ticket that the same address opened with the same proof, and the agents read it there.
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
