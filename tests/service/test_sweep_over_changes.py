"""Five hundred tickets over the days on which clocks change, while the clock of the machine jumps (CR-12, CR-13)."""

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from support.database import new_sqlite
from support.desk import Desk
from support.desk_clocks import log_tells_what_is_stored
from support.rows import opened

from mailgate.core.desk.clock import FLAG_OF_CLOCK, restart
from mailgate.core.desk.plan import ClockStopped, Plan, Stamp
from mailgate.core.desk.ticket import ClockName
from mailgate.service.steady import SteadyClock
from mailgate.service.sweep import Sweeper
from mailgate.store import apply, facts, queries
from mailgate.store.outbox import list_outbox

TICKETS = 500
ZONES = {"berlin": "Europe/Berlin", "newyork": "America/New_York", "lordhowe": "Australia/Lord_Howe"}
CHANGES = {
    "berlin": (date(2026, 3, 29), date(2026, 10, 25)),
    "newyork": (date(2026, 3, 8), date(2026, 11, 1)),
    "lordhowe": (date(2026, 4, 5), date(2026, 10, 4)),
}
HOURS = ((0, 360), (480, 1080))  # the night shift works while clocks change
CLOCKS = (ClockName.ACKNOWLEDGE, ClockName.RESPOND)
ALLOWED = {ClockName.ACKNOWLEDGE: timedelta(hours=1), ClockName.RESPOND: timedelta(hours=5)}
JUMPS = [timedelta(hours=1), -timedelta(hours=1), timedelta(days=3652), -timedelta(days=3652)]
MINUTE = timedelta(minutes=1)


def config():
    days = "".join(f'hours.{day} = "00:00-06:00, 08:00-18:00"\n' for day in "mon tue wed thu fri sat sun".split())
    head = '[desk]\nname = "Desk"\ndomain = "example.org"\n[clocks]\nrespond = "5h"\n'
    parts = [
        f'[[departments]]\nname = "{name}"\naddresses = ["{name}@example.org"]\ncalendar = "{name}"\n'
        f'escalate_to = ["boss@example.net"]\ndefault = {str(name == "berlin").lower()}\n'
        f'[[calendars]]\nname = "{name}"\ntimezone = "{zone}"\n{days}'
        for name, zone in ZONES.items()
    ]
    return head + "".join(parts)


def due_by_walking(start, allowance, zone):
    """What a person with a watch finds: minute by minute, counted where the clock on the wall shows open hours."""
    moment, left = start, allowance
    while left > timedelta():
        wall = moment.astimezone(zone)
        minute = wall.hour * 60 + wall.minute
        left -= MINUTE if any(begin <= minute < end for begin, end in HOURS) else timedelta()
        moment += MINUTE
    return moment


def generated(seed):
    """Number, department, start, and the clocks that people stop in time."""
    dice = random.Random(seed)
    for number in range(1001, 1001 + TICKETS):
        name = dice.choice(list(ZONES))
        midnight = datetime.combine(dice.choice(CHANGES[name]), time(), ZoneInfo(ZONES[name])).astimezone(UTC)
        start = midnight + dice.randrange(-1200, 1200) * MINUTE
        yield number, name, start, [clock for clock in CLOCKS if dice.random() < 0.3]


class Machine:
    """True time, and a clock that may be wrong."""

    def __init__(self, start):
        self.start, self.true, self.wrong = start, start, timedelta()

    def wall(self):
        return self.true + self.wrong

    def elapsed(self):
        return (self.true - self.start).total_seconds()


def open_all(desk, tickets):
    def work(session):
        for number, name, start, _ in tickets:
            new = opened(number, department=name)
            apply.apply_plan(session, Plan("opened", "x", number, (new,)), None, Stamp(start, number, ()), "mailgate")
            ticket = facts.ticket(session, number)
            clocks = tuple(restart(desk.context.policy, ticket, clock, start) for clock in CLOCKS)
            apply.apply_plan(session, Plan("opened", "x", number, clocks), None, Stamp(start, number, ()), "mailgate")

    desk.database.write(work)


def stop(desk, number, clock, now):
    plan = Plan("command", "x", number, (ClockStopped(number, clock, "acknowledged"),))
    desk.database.write(lambda s: apply.apply_plan(s, plan, None, Stamp(now, 0, ()), "anna"))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1])
def test_cr_12_and_cr_13_each_flag_and_notice_once_and_never_a_minute_early(tmp_path, seed):
    desk = Desk(tmp_path, new_sqlite(tmp_path / "store"), config=config())
    tickets = list(generated(seed))
    due = {
        (number, clock): due_by_walking(start, ALLOWED[clock], ZoneInfo(ZONES[name]))
        for number, name, start, _ in tickets
        for clock in CLOCKS
    }
    kept = {(number, clock) for number, _, _, stopped in tickets for clock in stopped}
    open_all(desk, tickets)
    for number, _, _, _ in tickets:
        ticket = desk.database.read(lambda s, number=number: facts.ticket(s, number))
        assert {clock: ticket.clock(clock).due_at for clock in CLOCKS} == {c: due[number, c] for c in CLOCKS}

    for number, clock in kept:
        stop(desk, number, clock, due[number, clock] - MINUTE)

    machine = Machine(min(start for _, _, start, _ in tickets))
    keys = iter(range(10**6))

    def fresh(count):
        desk.keys.base = f"sweep {next(keys)}"
        return desk.keys(count)

    sweeper = Sweeper(desk.database, desk.context.policy, fresh, SteadyClock(machine.wall, machine.elapsed))
    dice = random.Random(seed)
    for moment in sorted(set(due.values())):
        machine.wrong = dice.choice([timedelta()] * 12 + JUMPS) if not machine.wrong else timedelta()
        for step in (timedelta(seconds=-1), timedelta()):
            machine.true = max(machine.true, moment + step)
            sweeper.run()
    machine.wrong, machine.true = timedelta(), machine.true + timedelta(days=2)
    sweeper.run()

    for number, _, _, _ in tickets:
        events = desk.database.read(lambda s, number=number: queries.events_of(s, number))
        for clock in CLOCKS:
            at = [e.at for e in events if e.kind == "flag-set" and e.detail["flag"] == FLAG_OF_CLOCK[clock]]
            assert len(at) == ((number, clock) not in kept), (number, clock)
            assert all(timedelta() <= moment - due[number, clock] < MINUTE for moment in at), (number, clock)
        assert log_tells_what_is_stored(desk, number)
    told = [row["ticket"] for row in desk.database.read(list_outbox) if row["kind"] == "escalation"]
    assert len(told) == 2 * TICKETS - len(kept)
    desk.close()
