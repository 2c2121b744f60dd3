"""One mail from `received` to its end, on both databases."""

import pytest
from support.desk import plain_mail

from mailgate.parse.errors import ParseCrash, TooComplex
from mailgate.service.process import Done
from mailgate.service.replay import replay
from mailgate.store.errors import Conflict, StoreUnavailable
from mailgate.store.messages import list_messages, show_message
from mailgate.store.outbox import list_outbox
from mailgate.store.queries import list_tickets, show_ticket


def tickets(desk):
    return desk.database.read(list_tickets)


def messages(desk):
    return desk.database.read(list_messages)


def test_a_mail_becomes_a_ticket_with_a_receipt(desk):
    result = desk.receive(plain_mail())
    assert result.done is Done.DECIDED
    (ticket,) = tickets(desk)
    assert (ticket["number"], ticket["state"], ticket["requester"]) == (1001, "new", "kim@kunde.invalid")
    (owed,) = desk.database.read(list_outbox)
    assert (owed["kind"], owed["to"], owed["state"]) == ("receipt", "kim@kunde.invalid", "ready")
    assert desk.owed == 1


async def test_umlauts_survive_into_ticket_receipt_and_json(desk):
    raw = plain_mail(
        "Schöne Grüße aus Köln\n",
        Subject="=?utf-8?q?Gr=C3=B6=C3=9Fe?=",
        From="=?utf-8?q?J=C3=BCrgen?= <kim@kunde.invalid>",
    )
    desk.receive(raw)
    shown = desk.database.read(lambda session: show_ticket(session, 1001))
    assert shown["subject"] == "Größe"
    assert shown["entries"][0]["text"].startswith("Schöne Grüße aus Köln")
    await desk.deliver()
    assert b"Gr=C3=BC=C3=9Fe" in desk.courier.parcels[0].raw


async def test_a_receipt_speaks_the_language_of_the_mail(desk):
    desk.receive(plain_mail("Guten Tag, was kostet der kleinste Server bei Ihnen?\n"))
    desk.receive(plain_mail("Hello, what is the price of your smallest server?\n", Message_ID="<m2@kunde.invalid>"))
    await desk.deliver()
    german, english = (parcel.raw.decode() for parcel in desk.courier.parcels)
    assert "Vorgangsnummer" in german
    assert "ticket number" in english


def test_a_redelivery_and_a_second_copy_make_one_ticket(desk):
    desk.receive(plain_mail())
    desk.receive(plain_mail())
    desk.receive(plain_mail(), to=("billing@example.org",))
    outcomes = [(row["outcome"], row["reason"], row["ticket"]) for row in messages(desk)]
    assert outcomes == [
        ("opened", "general-unregistered", 1001),
        ("duplicate", "redelivery", 1001),
        ("duplicate", "second-copy", 1001),
    ]
    assert len(tickets(desk)) == 1
    assert len(desk.database.read(list_outbox)) == 1


def test_one_mail_to_two_of_our_addresses_makes_one_ticket(desk):
    desk.receive(plain_mail(), to=("support@example.org", "billing@example.org"))
    assert len(tickets(desk)) == 1


def test_th_08_the_same_message_id_with_other_content_is_another_mail(desk):
    desk.receive(plain_mail())
    desk.receive(plain_mail("Etwas ganz anderes: wann haben Sie geöffnet?\n"))
    assert [row["ticket"] for row in messages(desk)] == [1001, 1002]


class Broken:
    """A parser that ends as the test says, until it is mended."""

    def __init__(self, error):
        self.error = error

    def parse(self, raw):
        raise self.error


def broken(desk, error):
    from dataclasses import replace

    desk.good = desk.context
    desk.context = replace(desk.context, parser=Broken(error))


def test_an_unexpected_error_keeps_the_mail_and_replay_mends_it(desk):
    broken(desk, ZeroDivisionError("secret detail"))
    result = desk.receive(plain_mail())
    assert result.done is Done.ASIDE
    (row,) = messages(desk)
    assert (row["state"], row["reason"]) == ("failed", "error: ZeroDivisionError")
    (stand_in,) = tickets(desk)
    assert (stand_in["number"], stand_in["state"]) == (1001, "held")
    assert replay(desk.good, row["id"])["outcome"] == "opened"
    assert [(ticket["number"], ticket["state"]) for ticket in tickets(desk)] == [(1001, "closed"), (1002, "new")]
    assert "secret detail" not in str(desk.database.read(lambda session: show_ticket(session, 1001)))


def test_peer_02_a_mail_that_nobody_could_read_is_seen_as_a_ticket(desk):
    broken(desk, TooComplex("header section"))
    desk.receive(plain_mail())
    shown = desk.database.read(lambda session: show_ticket(session, 1001))
    assert shown["subject"] == "A mail could not be processed (too-complex)"
    assert "mailgate message replay m001" in shown["entries"][0]["text"]
    assert desk.database.read(list_outbox) == []
    assert messages(desk)[0]["ticket"] == 1001


def test_a_mail_that_is_put_aside_again_has_one_open_ticket(desk):
    broken(desk, TooComplex("header section"))
    desk.receive(plain_mail())
    replay(desk.context, "m001")
    assert [ticket["state"] for ticket in tickets(desk)] == ["closed", "held"]


def test_replay_leaves_alone_what_was_decided(desk):
    desk.receive(plain_mail())
    assert replay(desk.context, "m001") is None
    assert replay(desk.context, "m999") is None
    assert len(tickets(desk)) == 1


def test_mb_07_an_overrun_limit_is_final_at_once(desk):
    broken(desk, TooComplex("header section"))
    desk.receive(plain_mail())
    (row,) = messages(desk)
    assert (row["state"], row["reason"]) == ("quarantined", "too-complex: header section")


def test_cr_15_a_crash_counts_only_when_the_mail_was_alone_and_three_make_quarantine(desk):
    from mailgate.service.process import process

    broken(desk, ParseCrash("signal 11"))
    assert desk.receive(plain_mail()).done is Done.ALONE
    for _ in range(2):
        assert process(desk.context, "m001", alone=True).done is Done.ALONE
    assert process(desk.context, "m001", alone=True).done is Done.ASIDE
    (row,) = messages(desk)
    assert (row["state"], row["reason"]) == ("quarantined", "parse-crash")
    assert replay(desk.good, "m001")["outcome"] == "opened"


def test_a_conflict_means_decide_again_and_is_no_attempt(desk, monkeypatch):
    from mailgate.service import process as module

    calls = []
    real = module.case_of

    def once(*args):
        calls.append(1)
        if len(calls) == 1:
            raise Conflict("somebody was faster")
        return real(*args)

    monkeypatch.setattr(module, "case_of", once)
    assert desk.receive(plain_mail()).done is Done.DECIDED
    assert desk.database.read(lambda session: show_message(session, "m001"))["attempts"] == 1


def test_cr_07_a_database_that_is_away_leaves_the_mail_waiting(desk, monkeypatch):
    from mailgate.service import process as module

    def away(*args):
        raise StoreUnavailable("gone")

    monkeypatch.setattr(module, "case_of", away)
    with pytest.raises(StoreUnavailable):
        desk.receive(plain_mail())
    assert messages(desk)[0]["state"] == "received"
    assert desk.database.read(lambda session: show_message(session, "m001"))["attempts"] == 0


def test_dns_trouble_is_waited_for_ten_minutes_and_then_decided(desk):
    from mailgate.service.process import process

    raw = plain_mail(From="Kim <kim@kunde.example>")
    assert desk.receive(raw).done is Done.LATER
    desk.advance(minutes=9)
    assert process(desk.context, "m001", alone=False).done is Done.LATER
    desk.advance(minutes=2)
    assert process(desk.context, "m001", alone=False).done is Done.DECIDED
    shown = desk.database.read(lambda session: show_message(session, "m001"))
    assert shown["evidence"]["assurance"] == "unproved"
    assert shown["attempts"] == 1


async def test_a_reply_to_our_receipt_joins_its_ticket(desk):
    desk.receive(plain_mail())
    await desk.deliver()
    receipt = desk.courier.parcels[0].message_id
    raw = plain_mail("Noch etwas: mit SSD?\n", Message_ID="<m2@kunde.invalid>", In_Reply_To=f"<{receipt}>")
    desk.receive(raw)
    row = messages(desk)[1]
    assert (row["outcome"], row["ticket"]) == ("followed-up", 1001)
    assert len(desk.database.read(list_outbox)) == 1


async def test_th_03_somebody_else_with_the_id_of_our_receipt_stands_beside(desk):
    desk.receive(plain_mail())
    await desk.deliver()
    receipt = desk.courier.parcels[0].message_id
    raw = plain_mail(
        "Was steht da drin?\n", From="x@fremd.invalid", Message_ID="<x@fremd.invalid>", In_Reply_To=f"<{receipt}>"
    )
    desk.receive(raw, sender="x@fremd.invalid")
    assert messages(desk)[1]["ticket"] == 1002
    assert len(desk.database.read(list_outbox)) == 1
    assert len(desk.database.read(lambda session: show_ticket(session, 1001))["entries"]) == 1


def test_the_explanation_is_kept_with_the_mail(desk):
    desk.receive(plain_mail())
    shown = desk.database.read(lambda session: show_message(session, "m001"))
    assert shown["decision"] == {"action": "open", "reason": "general-unregistered"}
    assert shown["trail"][-1] == {"rule": "matrix", "hit": True}
    assert shown["plan"]["notices"] == [{"template": "receipt", "to": "kim@kunde.invalid"}]


def test_no_key_stands_in_an_explanation(desk):
    import json

    desk.receive(plain_mail())
    shown = json.dumps(desk.database.read(lambda session: show_message(session, "m001")))
    assert not any(key in shown for key in type(desk.keys)()(64))
