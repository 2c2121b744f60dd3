from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mailgate.core.desk.promise import TicketLog, Verdict, promises
from mailgate.core.desk.ticket import ClockName, Event
from mailgate.core.time.calendar import ROUND_THE_CLOCK, Calendar

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OFFICE = Calendar("office", ZoneInfo("UTC"), (((480, 1080),),) * 5 + ((),) * 2)  # 08:00 to 18:00, Monday to Friday


def at(hours):
    return MONDAY + timedelta(hours=hours)


LATER = at(1000)


def iso(moment):
    return moment.isoformat().replace("+00:00", "Z")


def one(*lines, now=LATER, calendar=ROUND_THE_CLOCK, agents=("anna", "ben")):
    """The promise of the respond clock of one ticket; lines are (hours, kind, actor, detail)."""
    events = [Event(at(0), "ticket-opened", "kim", {"department": "support"})]
    events += [Event(at(hours), kind, actor, {"clock": "respond", **detail}) for hours, kind, actor, detail in lines]
    ticket = TicketLog(1001, "Frage", "kim", None, "normal", "support", "open", at(0), None, tuple(events))
    found = promises(
        [ticket],
        start=at(0),
        end=at(2000),
        now=now,
        calendar_of=lambda *_: calendar,
        agents={name: name for name in agents},
    )
    assert len(found) == 1
    return found[0]


def start(hours=0, due=24):
    return (hours, "clock-started", "kim", {"due_at": iso(at(due))})


def stop(hours, reason="responded", actor="anna"):
    return (hours, "clock-stopped", actor, {"reason": reason})


@pytest.mark.parametrize(
    "lines, now, verdict",
    [
        ([start(), stop(24)], 1000, Verdict.KEPT),
        ([start(), stop(24.001)], 1000, Verdict.BROKEN),
        ([start()], 23, Verdict.PENDING),
        ([start()], 25, Verdict.BROKEN),
        ([start(), stop(3, "closed")], 1000, Verdict.VOID),
        ([start(), stop(30, "closed")], 1000, Verdict.BROKEN),  # closing does not keep what was promised
        ([start(), stop(0, "null-reverse-path")], 1000, Verdict.VOID),
        ([start(), (5, "clock-paused", "anna", {})], 1000, Verdict.PENDING),  # waits for the customer
        ([start(), (25, "clock-paused", "anna", {})], 1000, Verdict.BROKEN),
        ([start(), (5, "clock-paused", "anna", {}), stop(500, "closed")], 1000, Verdict.VOID),
        ([start(), (5, "clock-paused", "anna", {}), (50, "clock-resumed", "kim", {}),
          (50, "clock-moved", "mailgate", {"due_at": iso(at(69))}), stop(60)], 1000, Verdict.KEPT),
        ([start(), (1, "clock-moved", "mailgate", {"due_at": iso(at(4))}), stop(5)], 1000, Verdict.BROKEN),
        ([start(), stop(30)], 20, Verdict.PENDING),  # what the log said then
    ],
)  # fmt: skip
def test_what_became_of_a_promise(lines, now, verdict):
    assert one(*lines, now=at(now)).verdict is verdict


def test_time_is_that_of_the_calendar():
    found = one(start(0, due=28), stop(25), calendar=OFFICE)  # Monday 09:00 to Tuesday 10:00
    assert found.taken == timedelta(hours=11)
    late = one(start(0, due=8), stop(25), calendar=OFFICE)  # due Monday 17:00
    assert late.late == timedelta(hours=3)


def test_a_pause_counts_for_nobody():
    lines = [start(), (5, "clock-paused", "anna", {}), (50, "clock-resumed", "kim", {}), stop(52)]
    assert one(*lines).taken == timedelta(hours=7)


def test_whose_it_is():
    assigned = (2, "assignee-set", "ben", {"assignee": "ben"})
    assert one(start(), stop(3)).agent == "anna"
    assert one(start(), assigned, stop(3)).agent == "ben"
    assert one(start(), stop(3, actor="kim")).agent is None
    assert one(start()).agent is None
    assert (
        one(start(), (30, "assignee-set", "ben", {"assignee": "ben"}), stop(40)).agent == "anna"
    )  # ben got it too late
    assert one(start(), assigned, (3, "assignee-set", "ben", {"assignee": None})).agent is None


def test_each_start_is_a_promise_of_its_own():
    events = []
    for hours in (0, 100, 200):
        events += [Event(at(hours), "clock-started", "kim", {"clock": "respond", "due_at": iso(at(hours + 24))})]
        events += [Event(at(hours + 1), "clock-stopped", "anna", {"clock": "respond", "reason": "responded"})]
    ticket = TicketLog(1001, "Frage", "kim", None, "normal", "support", "open", at(0), None, tuple(events))
    more = {"now": at(999), "calendar_of": lambda *_: ROUND_THE_CLOCK, "agents": {}}
    assert len(promises([ticket], start=at(0), end=at(999), **more)) == 3
    assert [item.started_at for item in promises([ticket], start=at(100), end=at(200), **more)] == [at(100)]


def test_a_promise_belongs_to_the_department_that_had_it_last():
    found = one(start(), (1, "department-set", "anna", {"department": "billing"}), stop(3))
    assert found.department == "billing"
    assert found.clock is ClockName.RESPOND
