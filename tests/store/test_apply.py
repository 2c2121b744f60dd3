from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from support.rows import (
    ANNA,
    NOW,
    at,
    attachment,
    carry_out,
    entry,
    make_key,
    notice,
    open_ticket,
    opened,
    plan,
    received,
    stamp,
)

from mailgate.core.desk.notice import Template
from mailgate.core.desk.plan import (
    AssuranceRaised,
    ClockStarted,
    ClockStopped,
    FlagCleared,
    FlagSet,
    KeyIssued,
    KeyUsed,
    NoticeWithheld,
    ParticipantAdded,
    PinTried,
    Referred,
    StateChanged,
)
from mailgate.core.desk.takes import NotTaken, Refusal
from mailgate.core.desk.ticket import (
    Clock,
    ClockName,
    EntryKind,
    Flag,
    Participant,
    ParticipantRole,
    Purpose,
    TicketState,
)
from mailgate.core.mail.mail import Mailbox
from mailgate.core.who.evidence import Assurance
from mailgate.store.apply import apply_plan, next_number
from mailgate.store.errors import BadValue, Conflict
from mailgate.store.facts import history, key, pin_tries, ticket
from mailgate.store.outbox import list_outbox
from mailgate.store.queries import show_ticket

KEY = make_key(7)


def load(database, number):
    return database.read(lambda session: ticket(session, number))


def running(name, due_at, since=NOW):
    return Clock(name, due_at, started_at=since, allowance=due_at - since)


def events(database, number):
    return [(item["kind"], item["detail"]) for item in database.read(lambda s: show_ticket(s, number))["events"]]


def test_numbers_start_at_1001_and_go_on(database):
    assert database.read(next_number) == 1001
    assert [open_ticket(database), open_ticket(database)] == [1001, 1002]


def test_a_ticket_is_opened_with_its_requester(database):
    mail = received(database)
    number = open_ticket(database, inbound=mail.id, flags=(Flag.UNPROVED, Flag.STRANGER), held_reason="no-rule")
    found = load(database, number)
    assert (found.number, found.state, found.subject, found.language) == (1001, "new", "Störung im Netz", "de")
    assert (found.requester, found.assurance, found.created_at) == (ANNA, Assurance.PROVED, NOW)
    assert found.participants == (Participant(ANNA, ParticipantRole.REQUESTER),)
    assert found.flags == (Flag.STRANGER, Flag.UNPROVED)
    assert found.held_reason == "no-rule"
    assert found.clocks == tuple(running(name, at(3600)) for name in ClockName)
    kinds = [kind for kind, _ in events(database, number)]
    assert kinds == ["ticket-opened", "entry-added", "clock-started", "clock-started", "clock-started"]


def test_the_entry_tells_where_it_came_from(database):
    mail = received(database)
    number = open_ticket(database, inbound=mail.id)
    shown = database.read(lambda session: show_ticket(session, number))["entries"]
    assert len(shown) == 1
    assert shown[0]["text"] == "Guten Tag, nichts geht mehr. Grüße"
    assert shown[0]["inbound"] == "m1"
    assert shown[0]["attachments"][0]["filename"] == "Überblick.pdf"
    assert shown[0]["attachments"][0]["part"] == [2, 1]


def test_the_entry_keeps_what_was_not_taken_and_why(database):
    extra = replace(attachment(), filename="tool.exe", part=(3,))
    made = entry(1001, attachments=(attachment(), extra), not_taken=(NotTaken(extra, Refusal.TYPE),))
    number = open_ticket(database)
    carry_out(database, plan(number, made), seconds=1)
    shown = database.read(lambda session: show_ticket(session, number))["entries"][-1]["attachments"]
    assert [(item["filename"], item.get("not_taken")) for item in shown] == [
        ("Überblick.pdf", None),
        ("tool.exe", "type"),
    ]
    known = database.read(lambda session: history(session, number))
    assert known[-1].attachments == (attachment(), extra)
    assert events(database, number)[-1][1]["not_taken"] == 1


def test_a_ticket_of_nobody_has_no_participant(database):
    number = open_ticket(database, requester=Mailbox("", ""))
    assert load(database, number).participants == ()


def test_a_taken_number_is_decided_again(database):
    carry_out(database, plan(1001, opened(1001)))
    with pytest.raises(Conflict):
        carry_out(database, plan(1001, opened(1001)))


def test_states_move_on_and_closing_is_timed(database):
    number = open_ticket(database)
    carry_out(database, plan(number, StateChanged(number, TicketState.NEW, TicketState.CLOSED, "done")), seconds=60)
    assert (load(database, number).state, load(database, number).closed_at) == ("closed", at(60))
    carry_out(database, plan(number, StateChanged(number, TicketState.CLOSED, TicketState.OPEN, "reply")), seconds=90)
    assert (load(database, number).state, load(database, number).closed_at) == ("open", None)
    assert events(database, number)[-1] == ("state-changed", {"before": "closed", "after": "open", "reason": "reply"})


def test_a_state_that_moved_meanwhile_is_decided_again(database):
    number = open_ticket(database)
    with pytest.raises(Conflict):
        carry_out(database, plan(number, StateChanged(number, TicketState.HELD, TicketState.NEW, "confirmed")))
    assert load(database, number).state is TicketState.NEW


def test_assurance_is_raised(database):
    number = open_ticket(database)
    carry_out(database, plan(number, AssuranceRaised(number, Assurance.CONFIRMED, "confirmed by anna")))
    assert load(database, number).assurance is Assurance.CONFIRMED


def test_clocks_stop_once_and_start_anew(database):
    number = open_ticket(database)
    stop = plan(number, ClockStopped(number, ClockName.RESPOND, "waiting"))
    carry_out(database, stop, seconds=10)
    carry_out(database, stop, seconds=20)
    assert load(database, number).clock(ClockName.RESPOND).stopped_at == at(10)
    assert load(database, number).responded_at is None
    carry_out(database, plan(number, ClockStarted(number, ClockName.RESPOND, at(9000))), seconds=30)
    assert load(database, number).clock(ClockName.RESPOND) == running(ClockName.RESPOND, at(9000), since=at(30))


def test_an_act_sets_its_moment_once(database):
    number = open_ticket(database)
    acts = (
        ClockStopped(number, ClockName.ACKNOWLEDGE, "acknowledged"),
        ClockStopped(number, ClockName.RESPOND, "responded"),
    )
    carry_out(database, plan(number, *acts), seconds=10)
    carry_out(database, plan(number, *acts), seconds=20)
    assert (load(database, number).acknowledged_at, load(database, number).responded_at) == (at(10), at(10))


def test_flags_come_and_go_and_mark_their_clock(database):
    number = open_ticket(database)
    carry_out(database, plan(number, FlagSet(number, Flag.UNACKNOWLEDGED, "due")), seconds=10)
    carry_out(database, plan(number, FlagSet(number, Flag.UNACKNOWLEDGED, "due")), seconds=20)
    assert load(database, number).flags == (Flag.UNACKNOWLEDGED,)
    assert load(database, number).clock(ClockName.ACKNOWLEDGE).flagged_at is not None
    assert load(database, number).clock(ClockName.RESPOND).flagged_at is None
    carry_out(database, plan(number, FlagCleared(number, Flag.UNACKNOWLEDGED, "seen")))
    assert load(database, number).flags == ()


def test_participants_are_added_once(database):
    number = open_ticket(database)
    third = Mailbox("Uwe", "uwe@partner.example")
    added = plan(number, ParticipantAdded(number, third, ParticipantRole.THIRD_PARTY, "agent"))
    carry_out(database, added, seconds=10)
    carry_out(database, added, seconds=20)
    people = load(database, number).participants
    assert people == (
        Participant(ANNA, ParticipantRole.REQUESTER),
        Participant(third, ParticipantRole.THIRD_PARTY, "agent"),
    )


def test_a_key_is_issued_used_once_and_never_logged(database):
    number = open_ticket(database)
    expires = NOW + timedelta(days=7)
    carry_out(database, plan(number, KeyIssued(KEY, number, ANNA.address, Purpose.CONFIRM, expires)))
    fact = database.read(lambda session: key(session, KEY, NOW))
    assert (fact.ticket, fact.person, fact.purpose, fact.expired, fact.used) == (
        number,
        ANNA.address,
        "confirm",
        False,
        False,
    )
    assert database.read(lambda session: key(session, KEY, expires)).expired
    carry_out(database, plan(number, KeyUsed(KEY, number, "confirmed")), seconds=5)
    assert database.read(lambda session: key(session, KEY, NOW)).used
    with pytest.raises(Conflict):
        carry_out(database, plan(number, KeyUsed(KEY, number, "denied")))
    assert KEY not in str(events(database, number))


def test_a_key_has_26_characters(database):
    number = open_ticket(database)
    with pytest.raises(BadValue):
        carry_out(database, plan(number, KeyIssued("short", number, ANNA.address, Purpose.REPLY, None)))


def test_a_copy_refers_the_ticket_once(database):
    number = open_ticket(database)
    for _ in range(2):
        carry_out(database, plan(number, Referred(number, "billing")))
    assert database.read(lambda session: show_ticket(session, number))["departments"] == ["support", "billing"]


def test_a_pin_counts_once(database):
    number = open_ticket(database)
    carry_out(
        database,
        plan(number, PinTried(number, "12345", None), PinTried(number, "", None), PinTried(number, "12345", 99)),
    )
    tries = database.read(lambda session: pin_tries(session, "12345", NOW - timedelta(hours=1)))
    assert (tries.account_failures, tries.desk_failures, tries.used_steps) == (1, 2, {99})
    with pytest.raises(Conflict):
        carry_out(database, plan(number, PinTried(number, "12345", 99)))
    assert database.read(lambda session: pin_tries(session, "12345", NOW + timedelta(seconds=1))).desk_failures == 0


def test_a_withheld_notice_is_only_logged(database):
    number = open_ticket(database)
    carry_out(database, plan(number, NoticeWithheld(number, "receipt", ANNA.address, "budget")))
    carry_out(database, plan(0, NoticeWithheld(None, "retired", ANNA.address, "list")))
    assert events(database, number)[-1] == (
        "notice-withheld",
        {"template": "receipt", "to": ANNA.address, "reason": "budget"},
    )
    assert database.read(list_outbox) == []


def test_a_notice_is_owed_exactly_once(database):
    mail = received(database)
    number = open_ticket(database, inbound=mail.id)
    owed = notice(number)
    for _ in range(2):
        carry_out(database, plan(number, notices=(owed,)), inbound=mail.id)
    carry_out(database, plan(number, notices=(notice(number, "m1:rule:author", template=Template.RULE),)))
    listed = database.read(list_outbox)
    assert [(row["kind"], row["ticket"], row["to"], row["state"], row["attempts"]) for row in listed] == [
        ("receipt", number, ANNA.address, "ready", 0),
        ("rule", number, ANNA.address, "ready", 0),
    ]
    assert listed[0]["message_id"] == owed.message_id
    assert listed[0]["next_at"] == "2026-03-02T09:30:00Z"
    assert [kind for kind, _ in events(database, number)].count("notice-owed") == 2


def test_two_notices_never_share_a_message_id(database):
    number = open_ticket(database)
    one = notice(number)
    with pytest.raises(Conflict):
        carry_out(database, plan(number, notices=(one, notice(number, "other", message_id=one.message_id))))


def test_all_of_a_plan_or_nothing(database):
    broken = plan(1001, opened(1001), entry(1001, text="nul\0"), notices=(notice(1001),))
    with pytest.raises(BadValue, match="NUL"):
        carry_out(database, broken)
    assert load(database, 1001) is None
    assert database.read(lambda s: s.connection().scalar(text("SELECT count(*) FROM event"))) == 0
    assert database.read(list_outbox) == []


def test_events_tell_actor_time_and_mail(database):
    mail = received(database)
    number = open_ticket(database)
    note = plan(number, entry(number, kind=EntryKind.NOTE))
    database.decide(lambda s: apply_plan(s, note, mail.id, stamp(seconds=30), "petra"))
    last = database.read(lambda session: show_ticket(session, number))["events"][-1]
    assert (last["at"], last["actor"], last["kind"]) == ("2026-03-02T09:30:30Z", "petra", "entry-added")
    row = database.read(lambda s: s.connection().execute(text("SELECT inbound FROM event ORDER BY id DESC")).first())
    assert row.inbound == "m1"
