import json

from support.rows import carry_out, entry, open_ticket, plan, received

from mailgate.core.desk.plan import FlagSet, StateChanged
from mailgate.core.desk.ticket import EntryKind, Flag, TicketState
from mailgate.core.mail.mail import Mailbox
from mailgate.store.queries import list_tickets, show_ticket

LISTED = {
    "number", "state", "flags", "subject", "department", "priority", "language", "account", "requester", "assurance",
    "request_kind", "assignee", "created_at", "receipt_sent_at", "acknowledged_at", "responded_at", "closed_at", "due",
}  # fmt: skip


def numbers(database, **wanted):
    return [row["number"] for row in database.read(lambda session: list_tickets(session, **wanted))]


def test_a_ticket_is_listed_as_the_interface_says(database):
    open_ticket(database, flags=(Flag.UNPROVED,))
    (row,) = database.read(list_tickets)
    assert row.keys() >= LISTED
    assert row["flags"] == ["unproved"]
    assert row["requester"] == "anna@kunde.example"
    assert row["created_at"] == "2026-03-02T09:30:00Z"
    assert row["closed_at"] is None
    assert row["due"] == dict.fromkeys(("receipt", "acknowledge", "respond"), "2026-03-02T10:30:00Z")
    assert json.loads(json.dumps(row)) == row


def test_tickets_are_found_by_state_and_flag(database):
    first, second, third = (open_ticket(database) for _ in range(3))
    carry_out(database, plan(second, StateChanged(second, TicketState.NEW, TicketState.CLOSED, "done")))
    carry_out(database, plan(third, FlagSet(third, Flag.UNACKNOWLEDGED, "due"), FlagSet(third, Flag.STRANGER, "x")))
    assert numbers(database) == [first, second, third]
    assert numbers(database, state="closed") == [second]
    assert numbers(database, flag="unacknowledged") == [third]
    assert numbers(database, flag="unacknowledged", state="closed") == []
    assert numbers(database, state="' OR 1=1 --") == []
    assert numbers(database, limit=2) == [second, third]
    limited = database.read(lambda session: list_tickets(session, limit=1))
    assert limited[0]["flags"] == ["unacknowledged", "stranger"]


def test_an_unknown_ticket_is_none(database):
    assert database.read(lambda session: show_ticket(session, 1001)) is None


def test_a_ticket_is_shown_with_all_that_belongs_to_it(database):
    received(database)
    number = open_ticket(database, inbound="m1", requester=Mailbox("Anna", "anna@kunde.example"))
    carry_out(
        database, plan(number, entry(number, kind=EntryKind.NOTE, author="petra", text="ruft zurück")), seconds=60
    )
    shown = database.read(lambda session: show_ticket(session, number))
    assert shown.keys() >= LISTED | {"entries", "participants", "events"}
    assert [(item["kind"], item["author"], item["text"]) for item in shown["entries"]] == [
        ("customer", "anna@kunde.example", "Guten Tag, nichts geht mehr. Grüße"),
        ("note", "petra", "ruft zurück"),
    ]
    assert shown["entries"][0].keys() >= {"id", "at", "message_id", "assurance", "attachments"}
    assert shown["participants"] == [
        {"address": "anna@kunde.example", "name": "Anna", "role": "requester", "added_by": ""}
    ]
    assert [item["kind"] for item in shown["events"]][-1] == "entry-added"
    assert all(item.keys() == {"at", "kind", "actor", "detail"} for item in shown["events"])
    assert json.loads(json.dumps(shown, ensure_ascii=False)) == shown
