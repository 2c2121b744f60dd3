"""Release, confirm and deny by people."""

import pytest
from support.desk import plain_mail

from mailgate.core.desk.act import NotHeld, confirm, deny, release
from mailgate.service.act import NoSuchTicket, act
from mailgate.store.queries import show_ticket

HELD = plain_mail(
    "Hallo, bitte starten Sie meinen Server srv-web-01 neu, Kunde 10001.\n", Subject="Neustart srv-web-01"
)


def shown(desk, number=1001):
    return desk.database.read(lambda session: show_ticket(session, number))


def test_a_release_opens_a_held_ticket_and_keeps_its_grade(desk):
    desk.receive(HELD)
    assert shown(desk)["state"] == "held"
    assert "unproved" in shown(desk)["flags"]
    act(
        desk.database,
        1001,
        "anna",
        lambda t: release(t, desk.context.policy, actor="anna", reason="called back", now=desk.clock),
    )
    ticket = shown(desk)
    assert (ticket["state"], ticket["assurance"]) == ("new", "unproved")
    assert "unproved" not in ticket["flags"], "somebody of the desk answers for it now"
    assert ticket["entries"][-1] == ticket["entries"][-1] | {
        "kind": "system",
        "author": "anna",
        "text": "released: called back",
    }
    assert ticket["due"]["acknowledge"] is not None
    assert [event["actor"] for event in ticket["events"] if event["kind"] == "state-changed"] == ["anna"]


def test_a_confirmation_by_an_agent_raises_the_grade(desk):
    desk.receive(HELD)
    act(
        desk.database,
        1001,
        "anna",
        lambda t: confirm(t, desk.context.policy, actor="anna", reason="phone", now=desk.clock),
    )
    assert shown(desk)["assurance"] == "confirmed"
    assert "unproved" not in shown(desk)["flags"]


def test_a_denied_ticket_is_closed_and_nobody_is_told(desk):
    from mailgate.store.outbox import list_outbox

    desk.receive(HELD)
    before = len(desk.database.read(list_outbox))
    act(desk.database, 1001, "anna", lambda t: deny(t, actor="anna", reason="no customer"))
    assert shown(desk)["state"] == "closed"
    assert len(desk.database.read(list_outbox)) == before


def test_what_is_not_held_cannot_be_released(desk):
    desk.receive(plain_mail())
    with pytest.raises(NotHeld, match="1001 is new"):
        act(desk.database, 1001, "anna", lambda t: deny(t, actor="anna", reason="x"))
    with pytest.raises(NoSuchTicket):
        act(desk.database, 4711, "anna", lambda t: deny(t, actor="anna", reason="x"))
