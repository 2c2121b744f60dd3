import json

from support.rows import NOW, open_ticket, received

from mailgate.store.inbound import MailFacts, finish
from mailgate.store.messages import list_messages, show_message

LISTED = {
    "id", "received_at", "transport", "reverse_path", "recipients", "message_id", "author", "state", "outcome",
    "reason", "ticket",
}  # fmt: skip


def ids(database, **wanted):
    return [row["id"] for row in database.read(lambda session: list_messages(session, **wanted))]


def test_messages_are_listed_as_the_interface_says(database):
    received(database, reverse_path="", forward_path=("a@desk.example", "b@desk.example"))
    (row,) = database.read(list_messages)
    assert row.keys() >= LISTED
    assert row["received_at"] == "2026-03-02T09:30:00Z"
    assert (row["transport"], row["reverse_path"], row["recipients"]) == (
        "smtp",
        "",
        ["a@desk.example", "b@desk.example"],
    )
    assert (row["state"], row["outcome"], row["ticket"], row["message_id"]) == ("received", None, None, None)
    assert json.loads(json.dumps(row)) == row


def test_messages_are_found_by_state_and_ticket(database):
    for number, name in enumerate(("m1", "m2", "m3")):
        received(database, name, seconds=number)
    ticket = open_ticket(database)
    database.decide(
        lambda session: finish(
            session, "m2", outcome="opened", reason="x", ticket=ticket, explanation={}, facts=MailFacts(), now=NOW
        )
    )
    assert ids(database) == ["m1", "m2", "m3"]
    assert ids(database, limit=2) == ["m2", "m3"]
    assert ids(database, state="received") == ["m1", "m3"]
    assert ids(database, ticket=ticket) == ["m2"]
    assert ids(database, state="done", ticket=ticket + 1) == []


def test_one_message_is_shown_with_its_explanation(database):
    mail = received(database)
    shown = database.read(lambda session: show_message(session, "m1"))
    assert (shown["client"], shown["helo"], shown["size"]) == ("192.0.2.7", "mail.kunde.example", len(mail.raw))
    assert (shown["sha256"], shown["attempts"], shown["decided_at"]) == (mail.sha256, 0, None)
    explanation = {"decision": {"action": "open"}, "trail": [], "plan": {"events": []}}
    database.decide(
        lambda session: finish(
            session,
            "m1",
            outcome="ignored",
            reason="own-mail",
            ticket=None,
            explanation=explanation,
            facts=MailFacts(),
            now=NOW,
        )
    )
    shown = database.read(lambda session: show_message(session, "m1"))
    assert {name: shown[name] for name in explanation} == explanation
    assert shown["decided_at"] == "2026-03-02T09:30:00Z"
    assert "content" not in shown


def test_an_unknown_message_is_none(database):
    assert database.read(lambda session: show_message(session, "m1")) is None
