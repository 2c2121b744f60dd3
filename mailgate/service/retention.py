"""The job `retention`: bytes of mails that nobody needs any more are removed, and the log says so.

So goes what is noted of mails that tickets wait for, because an answer overtook them, once those are closed for long.
"""

from datetime import datetime, timedelta
from functools import partial

from mailgate.service.jobs import Run
from mailgate.store import retention as rows
from mailgate.store.engine import Session
from mailgate.store.events import log_event
from mailgate.store.retention import Removed

_BATCH = 200
_OVERDUE = timedelta(days=30)  # servers try for four or five days (RFC 5321 §4.5.4.1); a postmaster's hand comes later


def retain(run: Run) -> str:
    """Remove the bytes of tickets closed for `[retention] closed`, and of mails without one after `unfiled`."""
    desk = run.desk
    now, keep = desk.now(), desk.settings.retention
    before = now - keep.closed
    numbers = desk.database.read(lambda session: rows.old_tickets(session, before))
    done = list(run.each(numbers, partial(_ticket, run, now, before)))
    while mails := desk.database.read(partial(rows.unfiled, before=now - keep.unfiled, limit=_BATCH)):
        done.append(run.change(partial(_unfiled, run, now, now - keep.unfiled, mails)))
    while run.change(partial(rows.remove_awaited, before=now - _OVERDUE, limit=_BATCH)):
        pass
    received, sent = sum(item.received for item in done), sum(item.sent for item in done)
    octets = sum(item.octets for item in done)
    return f"{received} raw mails and {sent} sent ones removed, {octets / 1_000_000:.1f} MB"


def _ticket(run: Run, now: datetime, before: datetime, session: Session, number: int) -> Removed:
    removed = rows.remove_of_ticket(session, number, before)
    if removed != Removed():
        _log(session, run, now, number, removed)
    return removed


def _unfiled(run: Run, now: datetime, before: datetime, mails: list[str], session: Session) -> Removed:
    removed = rows.remove_unfiled(session, mails, before)
    _log(session, run, now, None, removed)
    return removed


def _log(session: Session, run: Run, now: datetime, number: int | None, removed: Removed) -> None:
    detail = {"received": removed.received, "sent": removed.sent, "octets": removed.octets}
    log_event(session, "bytes-removed", ticket=number, at=now, actor=run.actor, detail=detail)
