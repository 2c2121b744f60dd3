import csv
import io
from dataclasses import replace

import pytest
from support.year import fill, year

from mailgate.cli.report import safe_cell

SPAN = ("--from", "2025-01-01", "--to", "2025-12-31")
PEOPLE = """
[[agents]]
name = "anna"
address = "anna@desk.example"

[[agents]]
name = "ben"
address = "ben@desk.example"
"""


@pytest.fixture
def told(site):
    """A desk with a year of 150 tickets; what is broken in it."""
    site.config.write_text(site.config.read_text() + PEOPLE)
    tickets, broken = year(150)
    tickets[7] = replace(tickets[7], subject='=cmd|"/c calc"!A1')
    store = site.store()
    fill(store, tickets)
    store.close()
    return site, broken


def test_the_report_of_a_year_for_a_person(told):
    site, broken = told
    out = site.run("report", *SPAN).out
    lines = out.splitlines()
    assert lines[0] == "2025-01-01 to 2025-12-31"
    assert lines[1] == "150 tickets opened, 0 closed"
    decided = 450 - sum(map(len, broken.values()))
    assert lines[3].startswith("NOT kept: billing respond ")
    assert lines[3].endswith(f"the goal is 95%. In all {decided} of 450 promises were kept.")
    count = len(broken["billing", "respond"])
    assert f"  billing respond: {count} of " in out
    assert f"; ben {count}\n" in out
    assert "over now; anna 3" in out
    assert "####" in out
    assert all(len(line) < 130 for line in lines)
    first = next(line for line in lines if line.startswith("#"))
    assert first.split()[1:4] == ["respond", "billing", "ben"] or first.split()[1:3] == ["respond", "support"]


def test_the_report_as_json(told):
    site, broken = told
    found = site.run("report", *SPAN, "--json").json()
    assert set(found) >= {
        "from",
        "to",
        "kept",
        "opened",
        "closed",
        "clocks",
        "departments",
        "agents",
        "months",
        "failures",
        "broken",
    }
    assert (found["from"], found["to"]) == ("2024-12-31T23:00:00Z", "2025-12-31T23:00:00Z")
    assert found["kept"] is False
    assert set(found["clocks"]) == {"receipt", "acknowledge", "respond"}
    assert set(found["clocks"]["respond"]) == {"kept", "broken", "pending", "rate", "median_seconds", "p90_seconds"}
    assert found["clocks"]["acknowledge"]["rate"] == 1
    assert {(item["department"], item["clock"]): item["broken"] for item in found["failures"]} == {
        place: len(numbers) for place, numbers in broken.items()
    }
    billing = site.run("report", *SPAN, "--department", "billing", "--json").json()
    assert [item["name"] for item in billing["departments"]] == ["billing"]


def test_in_05_no_cell_is_a_formula(told):
    site, _ = told
    raw = site.run("report", *SPAN, "--csv").raw.decode()
    rows = list(csv.DictReader(io.StringIO(raw, newline="")))
    assert len(rows) == 450
    assert rows[0].keys() >= {
        "ticket",
        "clock",
        "verdict",
        "department",
        "agent",
        "due_at",
        "taken_seconds",
        "late_seconds",
    }
    assert any(row["subject"].startswith("'=cmd") for row in rows)
    assert not any(cell[:1] in "=+-@\t\r" and cell for row in rows for cell in row.values())
    assert all(line.startswith('"') for line in raw.splitlines())


@pytest.mark.parametrize("text", ["=1+1", "+49 30 1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx"])
def test_in_05_what_a_spreadsheet_would_run_is_text(text):
    assert safe_cell(text) == f"'{text}"


def test_in_05_other_cells_stay():
    assert [safe_cell(value) for value in ("a=b", 12, None, "Störung")] == ["a=b", "12", "", "Störung"]


@pytest.mark.parametrize(
    "words, hint",
    [
        (["--from", "1.1.2025"], "2026-01-31"),
        (["--from", "2025-02-30"], "is no day"),
        (["--from", "2026-01-02", "--to", "2026-01-01"], "is after"),
        (["--department", "suport"], 'did you mean "support"'),
    ],
)
def test_wrong_words_are_2_with_a_hint(site, words, hint):
    result = site.run("report", *words)
    assert result.code == 2
    assert hint in result.err


def test_an_empty_desk(site):
    out = site.run("report").out
    assert "Nothing was promised in that time." in out
    assert site.run("report", "--json").json()["broken"] == []
