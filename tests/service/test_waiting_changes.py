"""Five hundred waiting tickets over the days on which clocks change, while the clock of the machine jumps (CR-12, CR-13)."""

import random
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from support.database import new_sqlite
from support.desk import CONFIG
from support.jobs import JobsDesk

from mailgate.core.desk.ticket import TicketState
from mailgate.service.steady import SteadyClock

TICKETS = 500
STARTS = {  # two days before the clocks change
    "Europe/Berlin": datetime(2026, 3, 27, tzinfo=UTC),
    "America/New_York": datetime(2026, 10, 30, tzinfo=UTC),
    "Australia/Lord_Howe": datetime(2026, 4, 3, tzinfo=UTC),
}
JUMPS = [timedelta(hours=1), -timedelta(hours=1), timedelta(days=3652), -timedelta(days=3652)]
JOBS = """
[[jobs]]
name = "remind"
cron = "*/20 * * * *"
action = "remind"

[[jobs]]
name = "close"
cron = "10-59/20 * * * *"
action = "close-waiting"
"""
STEP = timedelta(minutes=30)
LATE = 2 * STEP
DUE = {"reminder": (timedelta(days=3), timedelta(days=6)), "closed": (timedelta(days=7),)}


@pytest.mark.slow
@pytest.mark.parametrize("zone", STARTS)
def test_cr_12_and_cr_13_each_reminder_and_closing_once_and_never_a_minute_early(tmp_path, zone):
    config = CONFIG.replace("Europe/Berlin", zone) + JOBS
    desk = JobsDesk(tmp_path, new_sqlite(tmp_path / "store"), config=config)
    dice, start = random.Random(zone), STARTS[zone]
    wrong = timedelta()

    def elapsed():
        return (desk.clock - start).total_seconds()

    steady = SteadyClock(lambda: desk.clock + wrong, elapsed)
    desk.work = replace(desk.work, now=steady)
    desk.clock = start
    desk.tick()
    moments = sorted(start + timedelta(seconds=dice.randrange(2 * 86400)) for _ in range(TICKETS // len(STARTS) + 1))
    since = {}
    while moments:
        desk.clock = moments.pop(0)
        number = desk.open(state=TicketState.WAITING, to=f"kim{len(since)}@kunde{len(since)}.invalid")
        since[number] = desk.clock
    seen, told = 0, defaultdict(list)
    while desk.clock < start + timedelta(days=11):
        wrong = dice.choice([timedelta()] * 6 + JUMPS) if not wrong else timedelta()
        desk.clock += STEP
        desk.tick()
        rows = desk.owed_mails()
        for row in rows[seen:]:
            told[row["kind"], row["ticket"]].append(desk.clock)
        seen = len(rows)
    assert set(told) == {(kind, number) for kind in DUE for number in since}
    for (kind, number), moments in told.items():
        assert len(moments) == len(DUE[kind]), (kind, number)
        for moment, due in zip(moments, DUE[kind], strict=True):
            assert timedelta(minutes=-1) < moment - since[number] - due <= LATE, (kind, number)
    desk.close()
