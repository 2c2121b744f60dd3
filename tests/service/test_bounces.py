"""Bounces come home: what a delivery report changes, and that a forged one changes nothing."""

import asyncio
from email import message_from_bytes, policy

import pytest
from support.bounce import report
from support.desk import CONFIG
from support.post import OLGA, PAT, SLOW, THEO, Post, change

from mailgate.core.desk.plan import ClockStopped, StateChanged
from mailgate.core.desk.ticket import ClockName, TicketState
from mailgate.courier.courier import Deferred, Failed, Sent
from mailgate.service.process import Done, process
from mailgate.store.accounts import show_account
from mailgate.store.outbox import list_outbox, retry

STAFFED = CONFIG.replace('["support@example.org"]', '["support@example.org"]\nagents = ["anna", "ben"]') + (
    '[[agents]]\nname = "ben"\naddress = "ben@example.org"\nlanguage = "en"\n'
)
CANCEL = "Hiermit kündige ich den Vertrag über srv-web-01, Kundennummer 10001.\n"


@pytest.fixture
def post(tmp_path):
    opened = Post(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def parcel(post):
    """The receipt of the owner's ticket 1001, which waits for the customer since."""
    post.send(OLGA, SLOW)
    return post.desk.courier.parcels[0]


def close(post):
    change(post, StateChanged(1001, TicketState(post.ticket(1001)["state"]), TicketState.CLOSED, "closed"))


def comes(post, raw, *, to, sender=""):
    """A report comes in after five minutes; returns its row."""
    post.desk.advance(minutes=5)
    done = post.desk.receive(raw, sender=sender, to=(to,)).done
    while done is Done.LATER:  # the name server of the tests was too slow: nothing was decided yet
        done = process(post.desk.context, post.rows()[-1]["id"], alone=False).done
    asyncio.run(post.desk.deliver())
    return post.rows()[-1]


def essence(post):
    """What a report may change."""
    ticket = post.ticket(1001)
    kept = {name: ticket[name] for name in ("state", "flags", "due", "receipt_sent_at", "participants")}
    return kept, [item["delivery"] for item in ticket["deliveries"] if item["to"] == OLGA]


def test_peers_row_13_a_bounce_by_its_key_reopens_flags_and_re_arms_the_receipt(post, parcel):
    close(post)
    assert post.ticket(1001)["deliveries"][0]["delivery"] == "accepted"
    row = comes(post, report(parcel), to=parcel.reverse_path)
    assert (row["outcome"], row["reason"], row["ticket"]) == ("report", "bounced", 1001)
    ticket = post.ticket(1001)
    assert (ticket["state"], ticket["flags"], ticket["receipt_sent_at"]) == ("open", ["undelivered"], None)
    assert ticket["due"]["receipt"] == "2026-03-02T11:05:00Z"
    (delivery,) = ticket["deliveries"]
    assert (delivery["delivery"], delivery["state"], delivery["reply"]) == ("undelivered", "sent", "250 ok")
    assert (delivery["undelivered_why"], delivery["reported_by"]) == ("bounced with status 5.1.1", row["id"])
    note, told = ticket["entries"][1:]
    assert (note["kind"], told["kind"]) == ("note", "system")
    assert "could not be delivered" in note["text"]
    assert told["text"].endswith(f"Other addresses of the account: {THEO}.")
    assert "mail-undelivered" in [item["kind"] for item in ticket["events"]]


@pytest.fixture
def staffed(tmp_path):
    """A desk with two agents, and what went out for the first mail: the receipt, and news for each."""
    opened = Post(tmp_path, STAFFED)
    opened.send(OLGA, SLOW)
    yield opened
    opened.close()


def read(parcel):
    return message_from_bytes(parcel.raw, policy=policy.default).get_content().replace("\r\n", "\n")


def out_to(post, address):
    return [item for item in post.desk.courier.parcels if item.recipient == address]


def test_peers_row_13_the_agents_are_told_who_to_write_to_instead(staffed):
    (receipt,) = out_to(staffed, OLGA)
    comes(staffed, report(receipt), to=receipt.reverse_path)
    text = read(out_to(staffed, "anna@example.org")[-1])
    assert text.startswith("##- Ihre Antwort über dieser Zeile geht an den Kunden. -##")
    assert "Mail:         Eingangsbestätigung\nAn:           olga@kunde.example\n" in text
    assert "Grund:        bounced with status 5.1.1\nAuch bekannt: theo@kunde.example\n" in text
    assert "  !cc theo@kunde.example\n" in text
    assert "Reason:       bounced with status 5.1.1\n" in read(out_to(staffed, "ben@example.org")[-1])
    assert {item.recipient for item in staffed.desk.courier.parcels} == {OLGA, "anna@example.org", "ben@example.org"}


def test_what_an_agent_does_not_get_changes_no_clock_and_is_told_to_the_others_alone(staffed):
    (news,) = out_to(staffed, "anna@example.org")
    before = essence(staffed)
    for number, last in enumerate((news, None)):  # then ben's mailbox is full too: nobody is left to be told
        lost = last or out_to(staffed, "ben@example.org")[-1]
        row = comes(staffed, report(lost, number=number), to=lost.reverse_path)
        assert row["reason"] == "bounced"
        assert essence(staffed) == ({**before[0], "flags": ["undelivered"]}, before[1])
        assert len(out_to(staffed, "anna@example.org")) == 1
        assert len(out_to(staffed, "ben@example.org")) == 2


def test_bs_02_lo_05_nothing_goes_out_in_answer_to_a_bounce(post, parcel):
    known = len(post.outbox())
    comes(post, report(parcel), to=parcel.reverse_path)
    assert all(row["to"] != "mailer-daemon@mx.kunde.example" for row in post.outbox()[known:])
    assert len(post.tickets()) == 1


def test_a_bounce_by_our_message_id_alone_counts_too(post, parcel):
    row = comes(post, report(parcel), to="support@example.org")
    assert (row["reason"], row["ticket"]) == ("bounced", 1001)
    assert post.ticket(1001)["flags"] == ["undelivered"]


def test_a_second_report_about_the_same_mail_is_a_note_and_changes_nothing_more(post, parcel):
    comes(post, report(parcel), to=parcel.reverse_path)
    change(post, StateChanged(1001, TicketState(post.ticket(1001)["state"]), TicketState.WAITING, "waiting"))
    before = essence(post)
    row = comes(post, report(parcel, number=2), to=parcel.reverse_path)
    assert row["reason"] == "report"
    assert essence(post) == before


FORGED = {
    # what is wrong: the report and how it comes
    "no key, foreign Message-ID": ({"message_id": "<other@elsewhere.example>"}, "support@example.org", ""),
    "no key, no Message-ID": ({"message_id": ""}, "support@example.org", ""),
    "unknown key": ({"message_id": ""}, f"support+{'a' * 26}@example.org", ""),
    "key, wrong recipient": ({"recipient": PAT, "message_id": ""}, "{bounce}", ""),
    "key, wrong recipient, foreign Message-ID": ({"recipient": PAT, "message_id": "<x@y.example>"}, "{bounce}", ""),
    "key without the null path": ({"message_id": ""}, "{bounce}", PAT),
    "Message-ID without the null path": ({}, "support@example.org", PAT),
    "Message-ID, wrong recipient": ({"recipient": PAT}, "support@example.org", ""),
    "reply key, no Message-ID": ({"message_id": ""}, "{reply}", ""),
    "both, wrong recipient, without the null path": ({"recipient": PAT}, "{bounce}", PAT),
}


def test_r_41_a_forged_bounce_is_kept_and_does_nothing(post, parcel):
    reply = message_from_bytes(parcel.raw)["Reply-To"].rpartition("<")[2].rstrip(">")
    before = essence(post)
    for number, (what, (fields, to, sender)) in enumerate(FORGED.items()):
        raw = report(parcel, number=number, **fields)
        row = comes(post, raw, to=to.format(bounce=parcel.reverse_path, reply=reply), sender=sender)
        assert row["state"] == "done", what
        assert row["reason"] in {"report-unknown", "report-doubtful", "report"}, what
        assert essence(post) == before, what
    assert (len(post.outbox()), len(post.tickets())) == (1, 1)


def test_ob_09_bounces_on_three_days_are_a_mark_and_keep_the_customer_a_customer(post, parcel):
    """Forged ones do not even mark; after genuine ones the address is still registered, answered, and written to."""
    for day, number in enumerate((1001, 1002, 1003)):
        missed = post.desk.courier.parcels[-1]
        comes(post, report(missed, number=10 + day, message_id="<guess@example.org>"), to="support@example.org")
        assert post.ticket(number)["flags"] == []
        comes(post, report(missed, number=20 + day), to=missed.reverse_path)
        assert post.ticket(number)["flags"] == ["undelivered"]
        post.desk.advance(days=1)
        row, out = post.send(OLGA, f"{SLOW}Tag {day}.\n", Subject=f"Tag {day}")
        assert (row["outcome"], row["ticket"], len(out)) == ("opened", number + 1, 1)
        assert out[0]["To"].addresses[0].addr_spec == OLGA
        assert post.ticket(number + 1)["account"] == "10001"
    shown = post.desk.database.read(lambda s: show_account(s, "10001"))
    assert [item.address for item in shown.contacts] == [OLGA, THEO]


HARMLESS = {
    "delayed": {"action": "delayed", "status": "4.4.1"},
    "delivered": {"action": "delivered", "status": "2.1.5"},
    "relayed": {"action": "relayed", "status": "2.1.9"},
    "expanded": {"action": "expanded", "status": "2.1.5"},
    "another recipient failed, ours waits": {
        "action": "delayed", "status": "4.2.2", "more": ((PAT, "failed", "5.1.1"),),
    },
    "another recipient failed, ours arrived": {
        "action": "delivered", "status": "2.0.0", "more": ((PAT, "failed", "5.1.1"),), "message_id": "",
    },
}  # fmt: skip


def test_r_40_a_delay_or_success_is_a_note(post, parcel):
    before = essence(post)
    for number, (what, fields) in enumerate(HARMLESS.items()):
        row = comes(post, report(parcel, number=number, **fields), to=parcel.reverse_path)
        assert row["ticket"] == 1001, what
        assert essence(post) == before, what
        assert post.ticket(1001)["entries"][-1]["kind"] == "note", what


FAILURES = (
    {"status": "4.4.7"},  # given up after days: the action says so, RFC 3464 §2.3.3
    {"status": "4.2.2"},
    {"recipient": OLGA.upper()},
    {"recipient": PAT, "more": ((OLGA, "failed", "5.2.1"),)},
    {"recipient": PAT, "action": "delivered", "status": "2.0.0", "more": ((OLGA, "failed", "5.2.1"),)},
    {"recipient": "olga@forwarded.example"},  # both key and Message-ID: her mail is forwarded
)


def test_r_40_a_failure_is_found_among_recipients_and_forms(post):
    for number, fields in enumerate(FAILURES):
        post.desk.advance(hours=1)
        post.send(OLGA, f"{SLOW}Auch Nummer {number}.\n")
        raw = report(post.desk.courier.parcels[-1], number=number, **fields)
        assert comes(post, raw, to=post.desk.courier.parcels[-1].reverse_path)["reason"] == "bounced", fields


def test_lo_06_a_report_under_its_own_name_counts_with_key_and_message_id(post, parcel):
    row = comes(post, report(parcel), to=parcel.reverse_path, sender="mailer-daemon@mx.kunde.example")
    assert row["reason"] == "bounced"


def test_lo_06_whatever_comes_to_the_bounce_address_by_the_null_path_is_a_note(post, parcel):
    raw = (
        b"From: Gateway <gateway@mx.kunde.example>\r\nTo: x@example.org\r\nSubject: hm\r\nMessage-ID: <hm@mx.example>"
        b"\r\n\r\nEs gab ein Problem mit etwas.\r\n"
    )
    before = essence(post)
    row = comes(post, raw, to=parcel.reverse_path)
    assert (row["reason"], row["ticket"]) == ("report", 1001)
    assert essence(post) == before


def test_the_same_report_twice_counts_once(post, parcel):
    comes(post, report(parcel), to=parcel.reverse_path)
    before = essence(post)
    assert comes(post, report(parcel), to=parcel.reverse_path)["outcome"] == "duplicate"
    assert essence(post) == before


def test_a_bounced_question_leaves_the_ticket_held_and_tells_the_desk(post):
    post.send(OLGA, CANCEL)
    question = next(item for item in post.desk.courier.parcels if item.recipient == OLGA)
    assert post.ticket(1001)["state"] == "held"
    comes(post, report(question), to=question.reverse_path)
    ticket = post.ticket(1001)
    assert (ticket["state"], ticket["flags"]) == ("held", ["undelivered"])
    assert THEO in ticket["entries"][-1]["text"]


def test_a_permanent_refusal_by_the_next_hop_does_what_a_bounce_does(post):
    post.desk.courier.answer = lambda parcel: Failed("550 5.1.1 no such user")
    post.send(OLGA, SLOW)
    ticket = post.ticket(1001)
    assert ticket["flags"] == ["undelivered"]
    assert [item["delivery"] for item in ticket["deliveries"]] == ["failed"]
    assert "550 5.1.1 no such user" in ticket["entries"][-1]["text"]
    assert THEO in ticket["entries"][-1]["text"]
    assert ticket["receipt_sent_at"] is None


def test_delivery_truth_is_told_at_each_step(post):
    def truth():
        (item,) = post.ticket(1001)["deliveries"]
        return item["delivery"], item["reply"], item["deferred_since"]

    post.desk.courier.answer = lambda parcel: Deferred("450 greylisted")
    post.send(OLGA, SLOW)
    assert truth() == ("deferred", "450 greylisted", "2026-03-02T10:00:02Z")
    post.desk.advance(minutes=2)
    asyncio.run(post.desk.deliver())
    assert truth() == ("deferred", "450 greylisted", "2026-03-02T10:00:02Z")
    post.desk.courier.answer = lambda parcel: Sent("250 2.0.0 queued as 4F2")
    post.desk.advance(minutes=20)
    asyncio.run(post.desk.deliver())
    assert truth() == ("accepted", "250 2.0.0 queued as 4F2", "2026-03-02T10:00:02Z")


def test_a_retry_that_is_accepted_takes_the_mark_off(post):
    post.desk.courier.answer = lambda parcel: Failed("550 5.7.1 blocked")
    post.send(OLGA, SLOW)
    post.desk.courier.answer = lambda parcel: Sent("250 ok")
    (row,) = post.desk.database.read(list_outbox)
    assert post.desk.database.write(lambda s: retry(s, row["id"], post.desk.clock))
    asyncio.run(post.desk.deliver())
    ticket = post.ticket(1001)
    assert (ticket["flags"], ticket["deliveries"][0]["delivery"]) == ([], "accepted")
    assert ticket["receipt_sent_at"] is not None


def test_what_refused_stays_refused_when_its_denial_bounces(post):
    post.send(OLGA, CANCEL)
    change(
        post,
        StateChanged(1001, TicketState.HELD, TicketState.CLOSED, "denied"),
        ClockStopped(1001, ClockName.RECEIPT, "denied"),
    )
    question = next(item for item in post.desk.courier.parcels if item.recipient == OLGA)
    comes(post, report(question), to=question.reverse_path)
    assert (post.ticket(1001)["state"], post.ticket(1001)["flags"]) == ("closed", ["undelivered"])
