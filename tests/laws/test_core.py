"""Laws of the core: whatever comes, some things never follow."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from support.cases import (
    ACCOUNT,
    BOOKKEEPER,
    NOW,
    OWNER,
    POLICY,
    READER,
    STRANGER,
    TECHNICIAN,
    case,
    mail,
    stamp,
    ticket,
)

from mailgate.core.desk.case import KeyFact, PinFact, Seen, ThreadBy, ThreadFact
from mailgate.core.desk.decision import Hold, Open, Tell
from mailgate.core.desk.notice import Template
from mailgate.core.desk.plan import (
    AssuranceRaised,
    EntryAdded,
    KeyIssued,
    NoticeWithheld,
    StateChanged,
    TicketOpened,
)
from mailgate.core.desk.planner import plan
from mailgate.core.desk.policy import RULES, decide
from mailgate.core.desk.ticket import EntryKind, Purpose, TicketState
from mailgate.core.mail.gate import Budget
from mailgate.core.mail.mail import Automatic, Mailbox, Report, ReportKind
from mailgate.core.who.evidence import Assurance
from mailgate.core.who.identity import AuthorKind, Identity
from mailgate.core.who.request import Reference, ReferenceType, Request, RequestKind

MARK = "zzmarkerzz"
ADDRESSES = ("owner@kunde.example", "technik@kunde.example", "fremd@elsewhere.example", "anna@example.org")
IDENTITIES = (
    STRANGER,
    replace(STRANGER, lookalike_of="kunde.example"),
    *(Identity(AuthorKind.REGISTERED, ACCOUNT, contact) for contact in (OWNER, TECHNICIAN, BOOKKEEPER, READER)),
    Identity(AuthorKind.REGISTERED, ambiguous=True),
    Identity(AuthorKind.AGENT, agent="anna"),
    Identity(AuthorKind.OURSELVES),
)

mails = st.builds(
    lambda address, automatic, report, answer, list_id, made_up: mail(
        author=Mailbox(MARK, address),
        subject=f"{MARK} PIN 12345678",
        text=f"{MARK}\nhttp://{MARK}.example/",
        reply_text=answer,
        automatic=automatic,
        report=report,
        list_id=list_id,
        message_id_made_up=made_up,
    ),
    st.sampled_from(ADDRESSES),
    st.sampled_from(
        [
            Automatic(is_automatic=False),
            Automatic(is_automatic=True, why="auto-submitted: auto-replied"),
            Automatic(is_automatic=True, why="list-id"),
        ]
    ),
    st.sampled_from([None, None, None, Report(ReportKind.DELIVERY, (), None)]),
    st.sampled_from(["Ja", "Nein", "Was soll das?", ""]),
    st.sampled_from([None, None, "users.example"]),
    st.booleans(),
)
keys = st.builds(
    lambda person, purpose, expired, used: KeyFact("k" * 26, 1001, person, purpose, expired=expired, used=used),
    st.sampled_from(ADDRESSES),
    st.sampled_from(Purpose),
    st.booleans(),
    st.booleans(),
)
tickets = st.builds(
    lambda state, kind, assurance, days: ticket(
        state=state,
        request_kind=kind,
        assurance=assurance,
        closed_at=NOW - timedelta(days=days) if state is TicketState.CLOSED else None,
        held_reason="account-unproved" if state is TicketState.HELD else None,
    ),
    st.sampled_from(TicketState),
    st.sampled_from(RequestKind),
    st.sampled_from(Assurance),
    st.integers(0, 30),
)
threads = st.none() | st.builds(ThreadFact, tickets, st.sampled_from(ThreadBy), st.none() | keys)
budgets = st.builds(Budget, st.integers(0, 6), st.integers(0, 21), st.sampled_from([0, 999, 1000]), st.integers(0, 11))
cases = st.builds(
    lambda *parts: _case(*parts),  # noqa: PLW0108 - it is defined below
    mails,
    st.sampled_from(IDENTITIES),
    st.sampled_from([Assurance.REFUTED, Assurance.UNPROVED, Assurance.PROVED]),
    st.sampled_from(RequestKind),
    threads,
    st.sampled_from([None, None, None, Seen("m0", 1001, redelivery=True), Seen("m0", None, redelivery=False)]),
    budgets,
    st.sampled_from([None, PinFact(("10001",)), PinFact(("10001",), ACCOUNT, 7)]),
    st.sampled_from([(), (ACCOUNT,), (ACCOUNT, replace(ACCOUNT, number="10002"))]),
    st.sampled_from(["x@y.example", ""]),
    st.booleans(),
)


def _case(message, who, assurance, kind, thread, seen, budget, pin, named, reverse_path, signed):
    made = case(
        kind=kind,
        assurance=assurance,
        identity=who,
        message=message,
        thread=thread,
        seen=seen,
        budget=budget,
        pin=pin,
        named_accounts=named,
    )
    references = (
        Reference(ReferenceType.SERVER, "srv-web-01", "10001"),
        Reference(ReferenceType.SERVER, "srv-of-others", "99999"),
        Reference(ReferenceType.DOMAIN, f"{MARK}.example", None),
    )
    request = Request(kind, "support", language=None, references=references)
    return replace(made, request=request, reverse_path=reverse_path, grade=replace(made.grade, signed_to_us=signed))


def planned(asked):
    decision = decide(asked)
    return decision, plan(decision, asked, stamp())


LAW = settings(max_examples=200, deadline=None)


@LAW
@given(cases)
def test_the_same_case_and_stamp_give_the_same_plan(asked):
    assert planned(asked) == planned(asked)


@LAW
@given(cases)
def test_every_case_is_decided_by_the_first_rule_that_hits(asked):
    decision, _ = planned(asked)
    hits = [step.hit for step in decision.trail]
    assert hits.count(True) == 1
    assert hits[-1]
    assert len(hits) <= len(RULES)


@LAW
@given(cases)
def test_bs_01_a_refuted_author_hears_nothing_and_moves_nothing(asked):
    if asked.grade.assurance is not Assurance.REFUTED:
        return
    _, made = planned(asked)
    assert made.notices == ()
    changed = [event for event in made.events if isinstance(event, StateChanged | AssuranceRaised)]
    assert changed == []
    customers = [event for event in made.events if isinstance(event, EntryAdded) and event.kind is EntryKind.CUSTOMER]
    opened = {event.ticket for event in made.events if isinstance(event, TicketOpened)}
    assert {event.ticket for event in customers} <= opened
    assert all(event.account is None for event in made.events if isinstance(event, TicketOpened))


@LAW
@given(cases)
def test_bs_04_no_text_of_an_unproved_mail_is_reflected(asked):
    if asked.grade.assurance is Assurance.PROVED:
        return
    _, made = planned(asked)
    for notice in made.notices:
        values = [
            notice.subject,
            notice.to.name,
            *(str(value) for key, value in notice.values.items() if key != "requester"),
        ]
        assert not any(value and MARK in value for value in values)


@LAW
@given(cases)
def test_r_31_nothing_automatic_is_answered(asked):
    answered = asked.mail.automatic.is_automatic or asked.mail.report or asked.mail.list_id or not asked.reverse_path
    if answered:
        assert planned(asked)[1].notices == ()


@LAW
@given(cases)
def test_a_question_names_only_what_the_asked_account_has(asked):
    for notice in planned(asked)[1].notices:
        assert set(notice.values.get("references") or []) <= {"srv-web-01"}


@LAW
@given(cases)
def test_only_people_of_the_account_are_asked_and_only_the_author_is_told(asked):
    contacts = {contact.address for contact in ACCOUNT.contacts}
    author = asked.mail.author.address
    for notice in planned(asked)[1].notices:
        if notice.template in {Template.CONFIRM, Template.APPROVE}:
            assert notice.to.address in contacts
        else:
            assert notice.to.address == author


@LAW
@given(cases)
def test_r_34_budgets_hold(asked):
    used, policy = asked.facts.budget, POLICY
    over = (
        used.address_hour >= policy.receipts.per_hour
        or used.address_day >= policy.receipts.per_day
        or used.desk_hour >= policy.receipts.desk_per_hour
        or used.ticket_life >= policy.receipts.per_ticket
    )
    told = [
        notice for notice in planned(asked)[1].notices if notice.template not in {Template.CONFIRM, Template.APPROVE}
    ]
    assert not (over and told)


@LAW
@given(cases)
def test_every_notice_has_its_keys_issued_to_its_person(asked):
    _, made = planned(asked)
    issued = {event.key: event for event in made.events if isinstance(event, KeyIssued)}
    assert len(issued) == sum(isinstance(event, KeyIssued) for event in made.events)
    for notice in made.notices:
        for key in (notice.reply_key, notice.bounce_key):
            assert key is None or issued[key].person == notice.to.address
        assert notice.ticket is None or notice.message_id.startswith(notice.reply_key)
    assert len({notice.effect for notice in made.notices}) == len(made.notices)


@LAW
@given(cases)
def test_account_matters_open_only_for_proof(asked):
    decision, made = planned(asked)
    if not isinstance(decision.action, Open) or asked.request.kind is RequestKind.GENERAL:
        return
    assert asked.grade.assurance is Assurance.PROVED
    assert asked.request.kind is not RequestKind.SENSITIVE
    assert asked.facts.identity.kind is AuthorKind.REGISTERED
    assert made.outcome == "opened"


@LAW
@given(cases)
def test_a_ticket_is_raised_only_by_its_own_contact_or_by_proof(asked):
    _, made = planned(asked)
    raised = [event for event in made.events if isinstance(event, AssuranceRaised)]
    if not raised:
        return
    thread = asked.facts.thread
    assert thread.ticket.state is TicketState.HELD
    key = thread.key
    by_key = (
        key is not None
        and key.purpose is Purpose.CONFIRM
        and not key.used
        and not key.expired
        and key.person == asked.mail.author.address
    )
    assert by_key or asked.grade.assurance is Assurance.PROVED
    if thread.ticket.request_kind is RequestKind.SENSITIVE:
        assert by_key


@LAW
@given(cases)
def test_pr_05_no_pin_is_stored_or_sent(asked):
    _, made = planned(asked)
    for event in made.events:
        assert "12345678" not in str(getattr(event, "text", "")) + str(getattr(event, "subject", ""))
    assert all("12345678" not in (notice.subject or "") for notice in made.notices)


@LAW
@given(cases)
def test_what_is_withheld_says_why(asked):
    decision, made = planned(asked)
    action = decision.action
    withheld = [event for event in made.events if isinstance(event, NoticeWithheld)]
    assert all(event.reason and event.reason != "allowed" for event in withheld)
    if isinstance(action, Open | Hold) and action.tell is not Tell.NOTHING:
        assert made.notices or withheld
