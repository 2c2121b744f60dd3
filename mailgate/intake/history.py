"""Import: mails out of an archive are stored as if they came now, each once, and marked as history.

The key of a mail is its content, with the recipients that were stated. So an import that was interrupted, at whatever
point, is run again and goes on; an archive may be renamed, packed or appended to, and nothing of it comes twice. What
follows from an imported mail is decided by whoever processes mail (`core/desk/history.py`): nothing is sent.
"""

import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Final

from mailgate.core.mail.envelope import Envelope, Transport
from mailgate.intake.stdin import NoRoom
from mailgate.service.context import new_inbound_id, utc_now
from mailgate.store.engine import Database, Session
from mailgate.store.inbound import known_deliveries, store_received

TOO_LARGE: Final = "it is larger than [smtp] max_message_size"
EMPTY: Final = "it is empty"
_MAILS = 64  # in one commit
_OCTETS = 4 * 1024 * 1024  # in one commit, but for one large mail more
_BREATH = 0.01  # seconds between commits, in which mail that comes in now gets its turn to write
_HEADER = 64 * 1024
_DATE = re.compile(rb"^date:[ \t]*([^\r\n]{1,100})", re.IGNORECASE | re.MULTILINE)
_TICK = timedelta(microseconds=1)


class NotAnArchive(Exception):
    """The file or folder is not what the command reads; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Found:
    """One mail of an archive. `raw` has CRLF; it is None where the mail is left out, and `why` says why.

    `where` names it within the archive, `position` is how far the archive was read, in the units of its total.
    """

    where: str
    raw: bytes | None
    size: int
    position: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A mail that was not taken: where it stands, how many bytes it has, and why."""

    where: str
    size: int
    why: str


@dataclass(slots=True)
class Tally:
    """What an archive holds and what became of it; `stored` counts in a dry run what would be stored."""

    mails: int = 0
    octets: int = 0
    stored: int = 0
    known: int = 0
    oldest: datetime | None = None
    newest: datetime | None = None
    left_out: list[LeftOut] = field(default_factory=list)


Keep = Callable[[Sequence[Envelope]], int]
"""Stores what is not known yet of a few mails; returns how many those were."""


def bring(
    archive: Iterable[Found],
    keep: Keep,
    recipients: Sequence[str] = (),
    tell: Callable[[Tally, int], None] | None = None,
) -> Tally:
    """Hand all mails of an archive to `keep`, a few at a time; `tell` hears after each few how far we are.

    Raises NotAnArchive, and whatever `keep` raises; what was kept before stays.
    """
    tally, batch, octets, last = Tally(), list[Envelope](), 0, datetime.min.replace(tzinfo=UTC)
    for found in archive:
        tally.mails += 1
        tally.octets += found.size
        if found.raw is None or not found.raw.strip():
            tally.left_out.append(LeftOut(found.where, found.size, found.why or EMPTY))
            continue
        last = max(utc_now(), last + _TICK)  # decided in this order: answers come after what they answer
        batch.append(_envelope(found.raw, recipients, last))
        octets += found.size
        _note_date(tally, found.raw, last)
        if len(batch) >= _MAILS or octets >= _OCTETS:
            _flush(batch, keep, tally)
            octets = 0
            if tell is not None:
                tell(tally, found.position)
    _flush(batch, keep, tally)
    return tally


def into(database: Database, room: Callable[[int], bool]) -> Keep:
    """Stores in one commit. Raises NoRoom where the disk reserve is reached, StoreError where nothing can be stored."""

    def keep(batch: Sequence[Envelope]) -> int:
        if not room(sum(len(item.raw) for item in batch)):
            raise NoRoom("too little room on the disk of the database; `[smtp] disk_reserve` stays free")
        stored = database.write(lambda session: _store_new(session, batch))
        time.sleep(_BREATH)
        return stored

    return keep


def dry(database: Database | None) -> Keep:
    """Only counts; without a database nothing is known yet. Remembers eight bytes of each mail, to count it once."""
    counted = set[int]()

    def keep(batch: Sequence[Envelope]) -> int:
        keys = {item.delivery_key for item in batch}
        known = database.read(lambda session: known_deliveries(session, keys)) if database is not None else set()
        new = {int.from_bytes(sha256(key.encode()).digest()[:8], "big") for key in keys - known} - counted
        counted.update(new)
        return len(new)

    return keep


def _store_new(session: Session, batch: Sequence[Envelope]) -> int:
    known = known_deliveries(session, {item.delivery_key for item in batch})
    before = len(known)
    for envelope in batch:
        if envelope.delivery_key not in known:
            known.add(envelope.delivery_key)
            store_received(session, envelope)
    return len(known) - before


def _flush(batch: list[Envelope], keep: Keep, tally: Tally) -> None:
    if not batch:
        return
    stored = keep(batch)
    tally.stored += stored
    tally.known += len(batch) - stored
    batch.clear()


def _envelope(raw: bytes, recipients: Sequence[str], now: datetime) -> Envelope:
    """The reverse-path is read from the mail when it is decided, as the addresses it was delivered to are."""
    return Envelope(
        id=new_inbound_id(now),
        received_at=now,
        transport=Transport.IMPORT,
        client=None,
        reverse_path="",
        forward_path=tuple(recipients),
        raw=raw,
        transport_key=":".join((sha256(raw).hexdigest(), *sorted(recipients))),
    )


def _note_date(tally: Tally, raw: bytes, now: datetime) -> None:
    """Date is what the sender says: one that cannot be read, or lies in the future, does not count."""
    found = _DATE.search(raw[:_HEADER].partition(b"\r\n\r\n")[0])
    if found is None:
        return
    try:
        date = parsedate_to_datetime(found[1].decode("ascii", "replace"))
        date = date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, OverflowError):
        return
    if date <= now + timedelta(days=1):
        tally.oldest = min(tally.oldest or date, date)
        tally.newest = max(tally.newest or date, date)
