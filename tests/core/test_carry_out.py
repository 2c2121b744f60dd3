"""What commands change of a ticket: events and deeds, and nothing at all where one line is wrong."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.cases import ACCOUNT, NOW, OWNER, POLICY, TECHNICIAN, ticket

from mailgate.core.desk.carry_out import Actor, Deed, carry_out
from mailgate.core.desk.case import Agent
from mailgate.core.desk.command import read_block
from mailgate.core.desk.command_check import check
from mailgate.core.desk.command_kinds import Wrong
from mailgate.core.desk.known import Known, wanted
from mailgate.core.desk.plan import (
    AccountSet,
    AssigneeSet,
    AssuranceRaised,
    ClockStarted,
    ClockStopped,
    DepartmentSet,
    EntryAdded,
    FlagCleared,
    ParticipantAdded,
    PrioritySet,
    SenderHeard,
    SenderMuted,
    StateChanged,
    TicketMerged,
    WaitSet,
)
from mailgate.core.desk.ticket import (
    Clock,
    ClockName,
    EntryKind,
    Flag,
    Participant,
    ParticipantRole,
    TicketState,
)
from mailgate.core.mail.mail import Mailbox
from mailgate.core.who.evidence import Assurance
from mailgate.core.who.request import Priority

ANNA = Actor("anna", "anna@example.org")
DESK = replace(POLICY, agents=(Agent("anna", "anna@example.org"), Agent("Sam", "sam@example.org", ("s@home.example",))))
STRANGER = Mailbox("Stefan", "stefan@fremd.example")
RUNNING = tuple(Clock(name, NOW + timedelta(hours=1)) for name in ClockName)
HELD = ticket(state=TicketState.HELD, held_reason="account-unproved", clocks=())


def strangers_ticket(**changes):
    person = Participant(STRANGER, ParticipantRole.REQUESTER)
    return ticket(account=None, requester=STRANGER, participants=(person,), **changes)


def problems(text, about=None, **known):
    block = read_block(text)
    assert block.errors == ()
    return [
        (bad.wrong, bad.value, bad.hint)
        for bad in check(block.commands, block.lines, about or ticket(), Known(**known), DESK)
    ]


def done(text, about=None, **known):
    block = read_block(text)
    assert block.errors == ()
    about = about or ticket()
    facts = Known(**known)
    assert check(block.commands, block.lines, about, facts, DESK) == ()
    return carry_out(block.commands, about, ANNA, facts, DESK, NOW)


def of(kind, result):
    return [event for event in result.events if isinstance(event, kind)]


def states(result):
    return [(event.before, event.after) for event in of(StateChanged, result)]


@pytest.mark.parametrize("text", ["!ack", "!take", "!assign sam", "!note psst", "!cc lea@x.invalid", "!wait", "!close"])
def test_every_act_of_a_named_human_acknowledges(text):
    result = done(text, ticket(flags=(Flag.UNACKNOWLEDGED,), clocks=RUNNING))
    assert [event.reason for event in of(ClockStopped, result) if event.clock is ClockName.ACKNOWLEDGE] == [
        "acknowledged"
    ]
    assert [event.flag for event in of(FlagCleared, result)] == [Flag.UNACKNOWLEDGED]
    assert states(result)[0] == (TicketState.NEW, TicketState.OPEN)


def test_what_was_acknowledged_before_is_not_again():
    stopped = tuple(replace(clock, stopped_at=NOW) for clock in RUNNING)
    result = done("!ack", ticket(clocks=stopped, state=TicketState.OPEN))
    assert result.events == ()


def test_take_and_assign():
    assert of(AssigneeSet, done("!take"))[0].agent == "anna"
    result = done("!assign SAM")
    assert of(AssigneeSet, result)[0].agent == "Sam"
    assert result.deeds == ((Deed.ASSIGNED, "Sam"),)
    assert result.ticket.assignee == "Sam"


def test_close_stops_the_clocks():
    result = done("!close", ticket(clocks=RUNNING))
    assert states(result)[-1] == (TicketState.OPEN, TicketState.CLOSED)
    assert {event.clock for event in of(ClockStopped, result)} == set(ClockName)
    assert result.deeds == ((Deed.CLOSED, ""),)


def test_open_starts_the_respond_clock_anew():
    result = done("!open", ticket(state=TicketState.CLOSED))
    assert states(result) == [(TicketState.CLOSED, TicketState.OPEN)]
    assert of(ClockStarted, result)[0].clock is ClockName.RESPOND


def test_open_of_a_denied_request_holds_it_again():
    result = done("!open", replace(HELD, state=TicketState.CLOSED))
    assert states(result) == [(TicketState.CLOSED, TicketState.HELD)]
    assert of(ClockStarted, result) == []
    assert result.deeds == ((Deed.HELD_AGAIN, ""),)


def test_wait_until():
    result = done("!wait 3d")
    assert states(result)[-1][1] is TicketState.WAITING
    assert of(WaitSet, result)[0].until == NOW + timedelta(days=3)
    assert result.deeds == ((Deed.WAITS_UNTIL, (NOW + timedelta(days=3)).isoformat()),)
    assert of(WaitSet, done("!wait")) == []


def test_ag_03_a_note_is_an_entry_that_stays_inside_and_shows_no_pin():
    result = done("!note Kundin nannte PIN 12345678 am Telefon")
    entry = of(EntryAdded, result)[0]
    assert (entry.kind, entry.author) == (EntryKind.NOTE, "anna@example.org")
    assert "12345678" not in entry.text


def test_priority_department_and_account():
    result = done(
        "!priority high\n!department Billing\n!account 10001", ticket(account=None), accounts={"10001": ACCOUNT}
    )
    assert of(PrioritySet, result)[0].priority is Priority.HIGH
    assert of(DepartmentSet, result)[0].department == "billing"
    assert of(AccountSet, result)[0] == AccountSet(1001, "10001", None)
    assert result.moved
    assert not done("!department support").moved


def test_moving_acknowledges_nothing_for_the_others_have_not_seen_it():
    assert of(ClockStopped, done("!department billing")) == []


@pytest.mark.parametrize(
    ("text", "after", "assurance"),
    [
        ("!confirm am Telefon", TicketState.NEW, Assurance.CONFIRMED),
        ("!release called back", TicketState.NEW, None),
        ("!deny", TicketState.CLOSED, None),
    ],
)
def test_held_tickets(text, after, assurance):
    result = done(text, HELD)
    assert states(result) == [(TicketState.HELD, after)]
    assert [event.assurance for event in of(AssuranceRaised, result)] == ([assurance] if assurance else [])


def test_the_order_of_the_lines_does_not_matter():
    result = done("!close\n!take\n!release called back", HELD)
    assert states(result) == [
        (TicketState.HELD, TicketState.NEW),
        (TicketState.NEW, TicketState.OPEN),
        (TicketState.OPEN, TicketState.CLOSED),
    ]


def test_merge_into_a_ticket_of_the_same_customer():
    target = ticket(number=1042, requester=Mailbox("Theo", TECHNICIAN.address), participants=())
    result = done("!merge 1042", tickets={1042: target}, accounts={"10001": ACCOUNT})
    assert of(TicketMerged, result) == [TicketMerged(1001, 1042)]
    assert states(result)[-1][1] is TicketState.CLOSED
    entry = of(EntryAdded, result)[0]
    assert (entry.ticket, entry.kind) == (1042, EntryKind.SYSTEM)
    joined = of(ParticipantAdded, result)
    assert [(event.ticket, event.mailbox.address, event.role) for event in joined] == [
        (1042, OWNER.address, ParticipantRole.CONTACT)
    ]


def test_th_05_a_merge_lets_nobody_read_who_could_not():
    third = Participant(Mailbox("", "dritter@fremd.example"), ParticipantRole.THIRD_PARTY)
    source = ticket(participants=(*ticket().participants, third))
    result = done("!merge 1042", source, tickets={1042: ticket(number=1042)}, accounts={"10001": ACCOUNT})
    assert [event.mailbox.address for event in of(ParticipantAdded, result)] == [OWNER.address]
    target = ticket(number=1042)
    assert problems("!merge 1042", strangers_ticket(), tickets={1042: target}, accounts={"10001": ACCOUNT}) == [
        (Wrong.OTHER_PERSON, STRANGER.address, "1042")
    ]
    added = replace(target, participants=(Participant(STRANGER, ParticipantRole.THIRD_PARTY, "anna"),))
    assert done("!merge 1042", strangers_ticket(), tickets={1042: added}, accounts={"10001": ACCOUNT})


@pytest.mark.parametrize(
    ("target", "wrong"),
    [
        (None, Wrong.NO_TICKET),
        (ticket(), Wrong.SAME_TICKET),
        (ticket(number=1042, account="10002"), Wrong.OTHER_ACCOUNT),
        (ticket(number=1042, account=None), Wrong.OTHER_ACCOUNT),
        (ticket(number=1042, merged_into=1043), Wrong.ALREADY_MERGED),
        (ticket(number=1042, state=TicketState.HELD), Wrong.HELD),
        (ticket(number=1042, state=TicketState.CLOSED), Wrong.CLOSED),
    ],
)
def test_th_07_what_cannot_be_merged(target, wrong):
    number = target.number if target is not None else 1042
    tickets = {number: target} if target is not None else {}
    assert [item[0] for item in problems(f"!merge {number}", tickets=tickets, accounts={"10001": ACCOUNT})] == [wrong]


def test_th_04_people_join_by_an_agent_for_future_mail():
    result = done(f"!cc Lea <lea@x.invalid>, {TECHNICIAN.address}", accounts={"10001": ACCOUNT})
    assert [(event.mailbox.address, event.role, event.added_by) for event in of(ParticipantAdded, result)] == [
        ("lea@x.invalid", ParticipantRole.THIRD_PARTY, "anna"),
        (TECHNICIAN.address, ParticipantRole.CONTACT, "anna"),
    ]
    assert result.ticket.is_participant("lea@x.invalid")  # so that the reply below the command reaches them


@pytest.mark.parametrize("address", ["support@example.org", "anna@example.org", "s@home.example"])
def test_nobody_of_the_desk_joins_as_a_customer(address):
    assert problems(f"!cc {address}") == [(Wrong.OWN_ADDRESS, address, "")]


def test_spam_closes_and_mutes_a_stranger():
    result = done("!spam", strangers_ticket(flags=(Flag.RESPONSE_OVERDUE,), clocks=RUNNING), may_mute=True)
    assert states(result) == [(TicketState.NEW, TicketState.CLOSED)]
    assert of(SenderMuted, result) == [SenderMuted(1001, STRANGER.address)]
    assert {event.reason for event in of(ClockStopped, result)} == {"spam"}
    assert [event.flag for event in of(FlagCleared, result)] == [Flag.RESPONSE_OVERDUE]


def test_spam_in_the_name_of_a_customer_does_not_mute_the_customer():
    result = done("!spam")
    assert of(SenderMuted, result) == []
    assert (Deed.NOT_MUTED, OWNER.address) in result.deeds


def test_open_takes_spam_back():
    result = done("!open", strangers_ticket(state=TicketState.CLOSED), muted=True)
    assert of(SenderHeard, result) == [SenderHeard(1001, STRANGER.address)]


@pytest.mark.parametrize(
    ("text", "about", "wrong"),
    [
        ("!assign sma", ticket(), (Wrong.NO_AGENT, "sma", "Sam")),
        ("!assign xyz", ticket(), (Wrong.NO_AGENT, "xyz", "anna, Sam")),
        ("!department biling", ticket(), (Wrong.NO_DEPARTMENT, "biling", "billing")),
        ("!account 99999", ticket(), (Wrong.NO_ACCOUNT, "99999", "")),
        ("!confirm", ticket(), (Wrong.NOT_HELD, "1001", "")),
        ("!release x", ticket(), (Wrong.NOT_HELD, "1001", "")),
        ("!deny", ticket(), (Wrong.NOT_HELD, "1001", "")),
        ("!close", HELD, (Wrong.HELD, "1001", "")),
        ("!ack", HELD, (Wrong.HELD, "1001", "")),
        ("!wait 3d", HELD, (Wrong.HELD, "1001", "")),
        ("!cc a@x.invalid", HELD, (Wrong.HELD, "1001", "")),
        ("!close", ticket(state=TicketState.CLOSED), (Wrong.CLOSED, "1001", "")),
        ("!wait", ticket(state=TicketState.CLOSED), (Wrong.CLOSED, "1001", "")),
        ("!open", ticket(), (Wrong.NOT_CLOSED, "1001", "")),
        ("!open", ticket(state=TicketState.CLOSED, merged_into=1042), (Wrong.ALREADY_MERGED, "1001", "1042")),
        ("!for 12345", ticket(), (Wrong.NOT_HERE, "!for", "")),
    ],
)
def test_ag_02_what_means_nothing_here_is_named(text, about, wrong):
    assert problems(text, about) == [wrong]


def test_every_problem_is_named_at_once():
    assert [item[0] for item in problems("!assign nobody\n!account 1\n!ack")] == [Wrong.NO_AGENT, Wrong.NO_ACCOUNT]


def test_what_the_store_has_to_look_up():
    block = read_block("!account 12345\n!merge 7\n!ack")
    assert (wanted(block.commands).accounts, wanted(block.commands).tickets) == (("12345",), (7,))


def test_mails_are_no_changes():
    assert done("!help").events == ()
    assert done("!stop").events == ()


def test_a_clock_that_ran_out_is_no_hindrance():
    late = ticket(clocks=(Clock(ClockName.ACKNOWLEDGE, NOW - timedelta(hours=1), None, NOW),))
    assert of(ClockStopped, done("!ack", late))
