from collections import Counter
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from support.year import AGENTS, DOWN, END, NOW, START, year

from mailgate.core.desk.promise import promises
from mailgate.core.desk.report import report
from mailgate.core.desk.ticket import ClockName
from mailgate.core.time.calendar import ROUND_THE_CLOCK

ZONE = ZoneInfo("Europe/Berlin")


@pytest.fixture(scope="module")
def told():
    """A year, the report about it, and what is known to be wrong."""
    tickets, broken = year()
    found = promises(tickets, start=START, end=END, now=NOW, calendar_of=lambda *_: ROUND_THE_CLOCK, agents=AGENTS)
    return report(tickets, found, start=START, end=END, zone=ZONE), broken


def test_the_report_of_a_year_alone_says_whether_the_promise_was_kept(told):
    found, broken = told
    assert found.opened == 1200
    assert [(name, clock) for name, clock, _ in found.missed] == [("billing", ClockName.RESPOND)]
    assert sum(item.kept + item.broken for item in found.clocks.values()) == 3600
    assert sum(item.broken for item in found.clocks.values()) == sum(map(len, broken.values()))
    assert found.clocks[ClockName.ACKNOWLEDGE].rate == 1.0


def test_the_report_of_a_year_alone_says_where_not_and_since_when(told):
    found, broken = told
    failures = {(item.department, item.clock.value): item for item in found.failures}
    assert {place: item.broken for place, item in failures.items()} == {
        place: len(numbers) for place, numbers in broken.items()
    }
    assert found.failures[0].department == "billing"
    billing, support = failures["billing", "respond"], failures["support", "respond"]
    assert billing.since == "2025-08"
    assert support.since is None
    assert support.first.month == support.last.month == 5
    assert all(
        failures[place].since is None and failures[place].first.date() == DOWN
        for place in broken
        if place[1] == "receipt"
    )


def test_the_report_of_a_year_alone_says_whose_tickets(told):
    found, broken = told
    failures = {(item.department, item.clock.value): item for item in found.failures}
    assert failures["billing", "respond"].agents == (("ben", len(broken["billing", "respond"])),)
    assert failures["support", "respond"].agents == (("anna", 3),)
    named = {(item.department, item.clock.value): Counter() for item in found.broken}
    for item in found.broken:
        named[item.department, item.clock.value][item.ticket.number] += 1
    assert {place: sorted(numbers) for place, numbers in named.items()} == {
        place: sorted(numbers) for place, numbers in broken.items()
    }
    late = [item.late for item in found.broken]
    assert late == sorted(late, reverse=True)


def test_months_agents_and_departments_add_up(told):
    found, _ = told
    assert [item.name for item in found.months] == [f"2025-{number:02d}" for number in range(1, 13)]
    for clock in ClockName:
        for groups in (found.months, found.departments):
            assert sum(item.clocks[clock].kept for item in groups) == found.clocks[clock].kept
            assert sum(item.clocks[clock].broken for item in groups) == found.clocks[clock].broken
    assert {item.name for item in found.agents} == {"anna", "ben"}
    assert sum(item.tickets for item in found.departments) == 1200


def test_medians_and_ninth_deciles_are_of_what_was_done(told):
    found, _ = told
    receipt, seen = found.clocks[ClockName.RECEIPT], found.clocks[ClockName.ACKNOWLEDGE]
    assert timedelta(seconds=10) < receipt.median < timedelta(seconds=30) < receipt.p90 <= timedelta(seconds=40)
    assert timedelta(minutes=20) < seen.median < timedelta(minutes=32)
    assert timedelta(minutes=43) < seen.p90 <= timedelta(minutes=50)


def test_one_department_alone(told):
    tickets, _ = year()
    found = promises(tickets, start=START, end=END, now=NOW, calendar_of=lambda *_: ROUND_THE_CLOCK, agents=AGENTS)
    support = report(tickets, found, start=START, end=END, zone=ZONE, department="support")
    assert {item.department for item in support.broken} == {"support"}
    assert support.opened == sum(item.department == "support" for item in tickets)
    assert support.missed == ()


def test_a_time_without_tickets():
    found = report([], [], start=START, end=END, zone=ZONE)
    assert (found.opened, found.failures, found.missed) == (0, (), ())
    assert all(item.rate is None and item.median is None for item in found.clocks.values())
