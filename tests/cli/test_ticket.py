import json
from dataclasses import replace

import pytest
from support.rows import attachment, carry_out, entry, notice, open_ticket, plan

from mailgate.core.desk.takes import NotTaken, Refusal
from mailgate.core.desk.ticket import Flag, TicketState

LISTED = {
    "number", "state", "flags", "subject", "department", "priority", "language", "account", "requester", "assurance",
    "request_kind", "assignee", "created_at", "receipt_sent_at", "acknowledged_at", "responded_at", "closed_at", "due",
}  # fmt: skip
HOSTILE = "evil\x1b]0;owned\x07\x9b31m\u202egpj"


@pytest.fixture
def tickets(site):
    """Three tickets: an ordinary one, a marked one, a held one."""
    store = site.store()
    numbers = [
        open_ticket(store, notices=[lambda number: notice(number, f"e{number}")]),
        open_ticket(store, flags=(Flag.STRANGER,), subject=HOSTILE[:4]),
        open_ticket(store, state=TicketState.HELD, subject="held one"),
    ]
    store.close()
    return numbers


def test_list_as_json_has_the_keys_of_the_interface(site, tickets):
    found = site.run("ticket", "list", "--json").json()
    assert [item["number"] for item in found] == tickets
    assert set(found[0]) >= LISTED
    assert set(found[0]["due"]) == {"receipt", "acknowledge", "respond"}
    assert found[0]["created_at"].endswith("Z")
    assert "Störung" in site.run("ticket", "list", "--json").out


def test_list_by_flag_state_and_limit(site, tickets):
    def numbers(*args):
        return [item["number"] for item in site.run("ticket", "list", "--json", *args).json()]

    assert numbers("--flag", "stranger") == tickets[1:2]
    assert numbers("--state", "held") == tickets[2:]
    assert numbers("--limit", "2") == tickets[1:]
    assert numbers("--flag", "lookalike") == []


def test_list_for_people(site, tickets):
    lines = site.run("ticket", "list").out.splitlines()
    assert lines[0].split()[:3] == ["NUMBER", "STATE", "FLAGS"]
    assert len(lines) == 4
    assert "2026-03-02 09:30" in lines[1]
    assert site.run("ticket", "list", "--state", "closed").out == "No tickets.\n"


def test_show_as_json_has_the_keys_of_the_interface(site, tickets):
    found = site.run("ticket", "show", tickets[0], "--json").json()
    assert set(found) >= LISTED | {"entries", "participants", "events"}
    assert set(found["entries"][0]) >= {"id", "kind", "author", "at", "text", "message_id", "assurance", "attachments"}
    assert set(found["events"][0]) >= {"at", "kind", "actor", "detail"}


def test_show_for_people(site, tickets):
    text = site.run("ticket", "show", tickets[0]).out
    assert text.startswith(f"#{tickets[0]}  Störung im Netz\n")
    assert "Guten Tag, nichts geht mehr. Grüße" in text
    assert "Überblick.pdf" in text
    assert "anna@kunde.example (requester)" in text


def test_show_says_which_attachments_were_not_taken(site, tickets):
    store = site.store()
    whys = zip(
        (attachment(), replace(attachment(), filename="b.exe"), replace(attachment(), filename="c")),
        Refusal,
        strict=True,
    )
    refused = tuple(NotTaken(item, why) for item, why in whys)
    made = entry(tickets[0], attachments=tuple(item.attachment for item in refused), not_taken=refused)
    carry_out(store, plan(tickets[0], made))
    store.close()
    text = site.run("ticket", "show", tickets[0]).out
    assert "  [Überblick.pdf, application/pdf, 12 bytes; not taken: too large]\n" in text
    assert "  [b.exe, application/pdf, 12 bytes; not taken: not of a kind that the department takes]\n" in text
    assert "  [c, application/pdf, 12 bytes; not taken: too many]\n" in text
    found = site.run("ticket", "show", tickets[0], "--json").json()["entries"][-1]["attachments"]
    assert [item["not_taken"] for item in found] == ["size", "type", "count"]


def test_show_of_none_is_1(site, tickets):
    result = site.run("ticket", "show", 4711)
    assert (result.code, result.err) == (1, "mailgate: there is no ticket 4711\n")


@pytest.mark.parametrize("args", [["list"], ["show"]])
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_in_06_hostile_text_cannot_steer_a_terminal(site, args, form):
    store = site.store()
    text = "hello\n\x1b[2J\u202e\x9bend"
    number = open_ticket(store, lambda number: entry(number, text=text, author="a@b.example\x1b[0m"), subject=HOSTILE)
    store.close()
    result = site.run("ticket", *args, *([number] if args == ["show"] else []), *form)
    assert result.code == 0
    assert all(char.isprintable() or char == "\n" for char in result.out)
    if form and args == ["show"]:
        assert json.loads(result.out)["subject"].startswith("evil")


@pytest.mark.parametrize(
    ("verb", "state", "assurance"),
    [("release", "new", None), ("confirm", "new", "confirmed"), ("deny", "closed", None)],
)
def test_a_held_ticket_is_released_confirmed_or_denied_with_a_reason(site, tickets, verb, state, assurance):
    held = str(tickets[2])
    before = site.run("ticket", "show", held, "--json").json()
    assert site.run("ticket", verb, held).code == 2  # a reason is owed
    found = site.run("ticket", verb, held, "called back", "--json").json()
    assert found["state"] == state
    assert found["assurance"] == (assurance or before["assurance"])
    assert "called back" in found["entries"][-1]["text"]
    again = site.run("ticket", verb, held, "called back")
    assert again.code == 1
    assert f"is {state}, not held" in again.err
    assert site.run("ticket", verb, "4711", "why").code == 1


def test_clock_as_json_adds_up_and_says_why(site, tickets):
    shown = site.run("ticket", "clock", str(tickets[0]), "--json").json()
    assert (shown["number"], shown["department"]) == (tickets[0], "support")
    assert [item["clock"] for item in shown["clocks"]] == ["receipt", "acknowledge", "respond"]
    for item in shown["clocks"]:
        counted = sum(part["seconds"] for part in item["intervals"] if part["counted"])
        assert counted == pytest.approx(item["counted"])
        assert item["recomputed"]
        assert (item["calendar"], item["intervals"][0]["reason"]) == ("round the clock", "hours")


def test_clock_for_people(site, tickets):
    shown = site.run("ticket", "clock", str(tickets[0]))
    assert shown.code == 0
    assert "acknowledge: " in shown.out
    assert "of 01:00:00 counted" in shown.out
    assert "calendar  round the clock" in shown.out
    missing = site.run("ticket", "clock", "4711")
    assert (missing.code, missing.err) == (1, "mailgate: there is no ticket 4711\n")


def test_a_sweep_by_hand_needs_no_job_of_that_name(site, tickets):
    result = site.run("job", "run", "sweep", "--json").json()
    assert (result["name"], result["done"]) == ("sweep", True)
    assert "flagged" in result["detail"]
    again = site.run("job", "run", "sweep", "--json").json()
    assert again["detail"] == "0 flagged, 0 escalated, 0 reckoned again"
    found = site.run("ticket", "list", "--json", "--flag", "unacknowledged").json()
    assert tickets[0] in [item["number"] for item in found]
