"""What the nodes know of the next hop: one row that they share. All functions run inside a transaction."""

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlmodel import Session

from mailgate.core.mail.destination import Destination, Reach
from mailgate.store.events import log_event
from mailgate.store.sql import upsert
from mailgate.store.tables.base import table_of
from mailgate.store.tables.work import NextHopRow

_HOP = table_of(NextHopRow)
_NAME = "next-hop"  # there is one; the name leaves room for more
_KNOWN = select(_HOP).where(_HOP.c.name == _NAME)
_EVENTS = {Reach.UP: "next-hop-up", Reach.DOWN: "next-hop-down", Reach.STOPPED: "next-hop-stopped"}


def load_hop(session: Session) -> Destination:
    """What is known; a next hop of which nothing is known counts as up."""
    row = session.connection().execute(_KNOWN).one_or_none()
    if row is None:
        return Destination()
    return Destination(Reach(row.reach), row.since, row.failures, row.probe_at, row.reply)


def save_hop(session: Session, hop: Destination, now: datetime) -> bool:
    """Keep what was found out; True, and a line in the event log, where its reach changed."""
    before = load_hop(session)
    values = {
        "name": _NAME,
        "reach": hop.reach,
        "since": hop.since,
        "failures": hop.failures,
        "probe_at": hop.probe_at,
        "reply": hop.reply,
    }
    upsert(session, _HOP, values, unique="name")
    if before.reach is hop.reach:
        return False
    detail = {"reply": hop.reply, "since": hop.since or before.since}
    log_event(session, _EVENTS[hop.reach], ticket=None, at=now, actor="mailgate", detail=detail)
    return True


def reserve_probe(session: Session, now: datetime, until: datetime) -> bool:
    """Take the probe that is due, so that no other node probes before `until`; False where another one was faster."""
    due = (_HOP.c.name == _NAME) & or_(_HOP.c.probe_at.is_(None), _HOP.c.probe_at <= now)
    return session.connection().execute(update(_HOP).where(due).values(probe_at=until)).rowcount == 1


def probe_now(session: Session) -> None:
    """Make the next probe due: somebody may have mended what was wrong, or a probe told nothing."""
    session.connection().execute(update(_HOP).where(_HOP.c.probe_at.is_not(None)).values(probe_at=None))
