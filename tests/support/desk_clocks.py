"""A desk whose clocks are looked at: sweeps, commands at the desk's time, and what clocks, flags and log say."""

from mailgate.core.desk.carry_out import Actor
from mailgate.core.desk.clock import clocks_of
from mailgate.core.desk.command import read_block
from mailgate.service import act
from mailgate.service.sweep import sweep
from mailgate.store import facts, queries
from mailgate.store.outbox import list_outbox

ANNA = Actor("anna", "anna@example.org")


def swept(desk, policy=None):
    """One sweep at the desk's time."""
    desk.keys.base = f"sweep at {desk.clock}"
    return sweep(desk.database, policy or desk.context.policy, desk.clock, desk.keys)


def do(desk, text, number=1001, actor=ANNA):
    """Carry commands out at the desk's time."""
    before, act.utc_now = act.utc_now, lambda: desk.clock
    try:
        return act.command(desk.database, number, actor, read_block(text), desk.context.policy)
    finally:
        act.utc_now = before


def ticket(desk, number=1001):
    return desk.database.read(lambda session: facts.ticket(session, number))


def flags(desk, number=1001):
    """The flags that come and go."""
    return {flag.value for flag in ticket(desk, number).flags} - {"stranger", "unproved", "lookalike"}


def log(desk, kind, number=1001):
    """The details of the lines of a kind."""
    return [event.detail for event in desk.database.read(lambda s: queries.events_of(s, number)) if event.kind == kind]


def owed(desk, kind="escalation"):
    """Whom mails of a kind are owed to, in order."""
    return [row["to"] for row in desk.database.read(list_outbox) if row["kind"] == kind]


def log_tells_what_is_stored(desk, number=1001):
    """The law: the clocks of the log are those of the table."""
    events = desk.database.read(lambda session: queries.events_of(session, number))
    return clocks_of(events) == {clock.name: clock for clock in ticket(desk, number).clocks}
