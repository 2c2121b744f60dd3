"""The rules in their order, and what each answers."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.cases import (
    ACCOUNT,
    NOW,
    OWNER,
    POLICY,
    STRANGER,
    SUPPORT,
    TECHNICIAN,
    case,
    mail,
    registered,
    ticket,
)

from mailgate.core.desk.case import KeyFact, Seen, ThreadBy, ThreadFact
from mailgate.core.desk.decision import Answer, Confirm, Duplicate, FollowUp, Hold, Ignore, Open, Retired, Tell
from mailgate.core.desk.policy import RULES, decide
from mailgate.core.desk.ticket import Clock, ClockName, Flag, Purpose, TicketState
from mailgate.core.mail.envelope import Transport
from mailgate.core.mail.mail import Automatic, Mailbox, Report, ReportKind
from mailgate.core.who.evidence import Assurance, Grade
from mailgate.core.who.identity import Account, AuthorKind, Contact, Identity, Role
from mailgate.core.who.request import Reference, ReferenceType, RequestKind

KEY = KeyFact("k" * 26, 1001, "owner@kunde.example", Purpose.REPLY, expired=False, used=False)
STRANGERS_MAIL = mail(author=Mailbox("", "fremd@elsewhere.example"))
HELD = ticket(
    state=TicketState.HELD,
    request_kind=RequestKind.ACCOUNT,
    assurance=Assurance.UNPROVED,
    held_reason="account-unproved",
)


def thread(found=None, by=ThreadBy.MESSAGE_ID, key=KEY, **more) -> ThreadFact:
    return ThreadFact(found or ticket(), by, key, **more)


def confirm_thread(**changes) -> ThreadFact:
    key = replace(KEY, purpose=Purpose.CONFIRM, **changes)
    return thread(HELD, ThreadBy.KEY, key)


def test_the_names_of_the_rules_are_unique_and_each_asks_a_question():
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.asks.endswith("?") for rule in RULES)


def test_the_trail_names_every_rule_that_was_asked():
    decision = decide(case())
    assert [step.rule for step in decision.trail] == [rule.name for rule in RULES]
    assert [step.hit for step in decision.trail] == [False] * (len(RULES) - 1) + [True]


def test_no_rule_hit_means_hold(monkeypatch):
    monkeypatch.setattr("mailgate.core.desk.policy.RULES", RULES[:2])
    decision = decide(case())
    assert decision.action == Hold(Tell.NOTHING)
    assert decision.reason == "no-rule"


def test_a_redelivery_does_nothing_and_a_second_copy_is_referred():
    assert decide(case(seen=Seen("m0", 1001, redelivery=True))).action == Duplicate(1001)
    assert decide(case(seen=Seen("m0", 1001, redelivery=False))).action == Duplicate(1001, refer="support")


def test_lo_07_mail_from_our_own_address_is_ignored():
    assert decide(case(identity=Identity(AuthorKind.OURSELVES))).reason == "own-mail"


def test_lo_09_our_own_mail_sent_back_is_ignored():
    ours = mail(message_id=f"{'a' * 26}.1001@example.org")
    assert decide(case(message=ours)).action == Ignore()


def test_lo_08_mail_that_goes_round_is_ignored_whatever_way_it_came():
    from mailgate.core.mail.mail import HeaderField

    hops = tuple(HeaderField("received", f"from mx{number}.kunde.example") for number in range(101))
    assert isinstance(decide(case(message=mail(fields=hops[:100]))).action, Open)
    for transport in Transport:
        decision = decide(replace(case(message=mail(fields=hops)), transport=transport))
        assert (decision.action, decision.reason) == (Ignore(), "loop"), transport


NEIGHBOUR = mail(author=Mailbox("", "info@kunde.example"), text="Vorgang 7 wurde angelegt.")


def at_once(**changes):
    """What a stranger of the requester's domain answers to our receipt, five seconds after it went out."""
    answered = ticket(receipt_sent_at=NOW - timedelta(seconds=changes.pop("after", 5)))
    beside = thread(answered, changes.pop("by", ThreadBy.MESSAGE_ID), answers="receipt", answers_automatic=True)
    return case(
        **{"identity": STRANGER, "message": NEIGHBOUR, "thread": beside, "assurance": Assurance.UNPROVED} | changes
    )


def test_lo_03_another_address_that_answers_our_receipt_at_once_is_a_note():
    decision = decide(at_once())
    assert (decision.action, decision.reason) == (FollowUp(1001, reopens=False, as_note=True), "answered-at-once")
    assert decide(at_once(after=120)).reason == "answered-at-once"


@pytest.mark.parametrize(
    "changes",
    [
        {"after": 121},
        {"message": STRANGERS_MAIL},
        {"by": ThreadBy.SUBJECT},
        {"identity": registered(TECHNICIAN)},
        {"kind": RequestKind.SENSITIVE},
        {"thread": thread(ticket(receipt_sent_at=NOW), answers="reply")},
        {"thread": thread(ticket())},
    ],
    ids=["later", "from-elsewhere", "by-number", "registered", "sensitive", "an-agents-mail", "no-mail-of-ours"],
)
def test_th_03_who_is_no_program_next_to_the_requester_stands_beside(changes):
    assert isinstance(decide(at_once(**changes)).action, Open | Hold)


def test_lo_05_a_bounce_on_a_ticket_is_a_note_and_one_about_nothing_is_ignored():
    bounce = mail(report=Report(ReportKind.DELIVERY, (), None), automatic=Automatic(is_automatic=True, why="report"))
    assert decide(case(message=bounce, thread=thread())).action == FollowUp(1001, reopens=False, as_note=True)
    assert decide(case(message=bounce)).reason == "report-unknown"


def test_a_person_who_forwards_a_bounce_by_hand_is_heard():
    asked = mail(report=Report(ReportKind.DELIVERY, (), None), automatic=Automatic(is_automatic=False, marked=False))
    assert isinstance(decide(case(message=asked)).action, Open)


@pytest.mark.parametrize(
    ("text", "answer", "reason"),
    [("Ja", Answer.YES, "confirm-yes"), ("Nein", Answer.NO, "confirm-no"), ("Wer?", Answer.OTHER, "confirm-other")],
)
def test_the_registered_address_answers_with_its_key(text, answer, reason):
    decision = decide(case(message=mail(reply_text=text), assurance=Assurance.UNPROVED, thread=confirm_thread()))
    assert decision.action == Confirm(1001, KEY.key, "owner@kunde.example", answer)
    assert decision.reason == reason


def test_a_confirm_key_in_other_hands_opens_nothing():
    other = mail(author=Mailbox("", "fremd@elsewhere.example"), reply_text="Ja")
    decision = decide(case(message=other, identity=STRANGER, thread=confirm_thread()))
    assert decision.action == Hold(Tell.NOTHING, flags=(Flag.STRANGER,), linked_to=1001)


def test_a_refuted_yes_opens_nothing():
    decision = decide(case(message=mail(reply_text="Ja"), assurance=Assurance.REFUTED, thread=confirm_thread()))
    assert isinstance(decision.action, Hold)


def test_a_robot_cannot_confirm():
    robot = mail(reply_text="Ja", automatic=Automatic(is_automatic=True, why="auto-submitted: auto-replied"))
    decision = decide(case(message=robot, thread=confirm_thread()))
    assert decision.action == FollowUp(1001, reopens=False, as_note=True)


def test_a_confirm_key_works_once_and_not_for_ever():
    used = decide(case(message=mail(reply_text="Ja"), thread=confirm_thread(used=True)))
    assert used.action == FollowUp(1001, reopens=False, as_note=True)
    late = decide(case(message=mail(reply_text="Ja"), thread=confirm_thread(expired=True)))
    assert isinstance(late.action, Confirm)
    assert late.action.answer is Answer.LATE


def test_a_vacation_responder_in_answer_to_us_is_a_note():
    robot = mail(automatic=Automatic(is_automatic=True, why="auto-submitted: auto-replied"))
    assert decide(case(message=robot, thread=thread())).action == FollowUp(1001, reopens=False, as_note=True)
    assert decide(case(message=robot)).reason == "auto-reply"


def test_what_only_sounds_like_a_vacation_is_not_thrown_away():
    words = mail(automatic=Automatic(is_automatic=True, why="out-of-office subject", marked=False))
    assert isinstance(decide(case(message=words)).action, Open)


def test_peer_12_a_person_behind_a_mailing_list_is_heard():
    listed = mail(automatic=Automatic(is_automatic=True, why="list-id"), list_id="users.example.org")
    closed = ticket(state=TicketState.CLOSED, closed_at=NOW - timedelta(days=1))
    assert decide(case(message=listed, thread=thread(closed))).action == FollowUp(1001, reopens=True)
    assert isinstance(decide(case(message=listed)).action, Open)


def test_a_monitoring_mail_opens_a_ticket():
    monitor = mail(automatic=Automatic(is_automatic=True, why="auto-submitted: auto-generated"))
    assert isinstance(decide(case(message=monitor)).action, Open)


def test_a_forged_author_is_held_in_silence_whatever_is_asked():
    for kind in RequestKind:
        decision = decide(case(kind=kind, assurance=Assurance.REFUTED))
        assert isinstance(decision.action, Hold)
        assert decision.action.tell is Tell.NOTHING
        assert decision.action.confirm_by == ()


def test_th_01_a_number_in_the_subject_files_nothing_for_a_stranger():
    by_number = thread(by=ThreadBy.SUBJECT, key=None)
    action = decide(case(identity=STRANGER, message=STRANGERS_MAIL, thread=by_number)).action
    assert isinstance(action, Open)
    assert action.linked_to is None


def test_th_01_a_number_in_the_subject_serves_the_proved_requester():
    by_number = thread(by=ThreadBy.SUBJECT, key=None)
    assert decide(case(thread=by_number)).action == FollowUp(1001, reopens=False)
    unproved = decide(case(thread=by_number, assurance=Assurance.UNPROVED))
    assert isinstance(unproved.action, Open)


def test_th_03_a_stranger_with_a_leaked_id_stands_beside_and_learns_nothing():
    for key in (KEY, None):
        action = decide(case(identity=STRANGER, message=STRANGERS_MAIL, thread=thread(key=key))).action
        assert isinstance(action, Open)
        assert action.tell is Tell.NOTHING
        assert action.linked_to == 1001


def test_th_07_another_customer_with_the_key_stands_beside():
    other = replace(ACCOUNT, number="10002", contacts=(OWNER,))
    theirs = mail(author=Mailbox("", "b@other.example"))
    action = decide(
        case(identity=Identity(AuthorKind.REGISTERED, other, OWNER), message=theirs, thread=thread())
    ).action
    assert isinstance(action, Open)
    assert action.tell is Tell.NOTHING


def test_the_requester_writes_unproved_with_the_own_key():
    decision = decide(case(assurance=Assurance.UNPROVED, thread=thread()))
    assert decision.action == FollowUp(1001, reopens=False, flags=(Flag.UNPROVED,))


def test_peer_05_a_known_foreign_id_alone_is_not_enough_for_a_proved_ticket():
    foreign = thread(by=ThreadBy.FOREIGN_ID, key=None)
    assert isinstance(decide(case(assurance=Assurance.UNPROVED, thread=foreign)).action, Open)
    assert isinstance(decide(case(thread=foreign)).action, FollowUp)


def test_a_requester_who_was_never_proved_goes_on_as_before():
    foreign = thread(ticket(assurance=Assurance.UNPROVED), by=ThreadBy.FOREIGN_ID, key=None)
    assert isinstance(decide(case(assurance=Assurance.UNPROVED, thread=foreign)).action, FollowUp)


def test_a_reply_reopens_within_the_grace_time_and_later_opens_a_linked_ticket():
    closed = ticket(state=TicketState.CLOSED, closed_at=NOW - timedelta(days=3))
    assert decide(case(thread=thread(closed))).action == FollowUp(1001, reopens=True)
    long_ago = replace(closed, closed_at=NOW - timedelta(days=15))
    action = decide(case(thread=thread(long_ago))).action
    assert isinstance(action, Open)
    assert action.linked_to == 1001
    assert action.tell is Tell.RECEIPT


def test_peer_20_an_autocompleted_address_on_a_closed_ticket_is_a_new_matter():
    closed = ticket(state=TicketState.CLOSED, closed_at=NOW - timedelta(days=3))
    other = decide(case(message=mail(subject="Etwas anderes"), thread=thread(closed, ThreadBy.KEY)))
    assert isinstance(other.action, Open)
    same = decide(case(message=mail(subject="AW: Frage [#1001]"), thread=thread(closed, ThreadBy.KEY)))
    assert isinstance(same.action, FollowUp)


def test_a_held_ticket_is_joined_and_proof_releases_it():
    assert decide(case(assurance=Assurance.UNPROVED, thread=thread(HELD))).action == FollowUp(
        1001, reopens=False, flags=(Flag.UNPROVED,)
    )
    proved = decide(case(thread=thread(HELD))).action
    assert proved == FollowUp(1001, reopens=False, releases=True)


def test_proof_alone_does_not_release_what_needs_an_owner():
    sensitive = replace(HELD, request_kind=RequestKind.SENSITIVE)
    assert decide(case(thread=thread(sensitive))).action == FollowUp(1001, reopens=False)
    spam = replace(HELD, held_reason="spam")
    assert decide(case(thread=thread(spam))).action == FollowUp(1001, reopens=False)


def test_a_retired_address_makes_no_ticket():
    retired = replace(
        SUPPORT, name="technik", addresses=("technik@example.org",), retired_notice={"de": "Neu: …"}, default=False
    )
    policy = replace(POLICY, departments=(SUPPORT, retired))
    asked = replace(case(policy=policy), recipients=("technik@example.org",))
    assert decide(asked).action == Retired("technik")


def test_lo_02_the_same_text_within_the_hour_joins_its_ticket():
    assert decide(case(repeats_text=1001)).action == FollowUp(1001, reopens=False)


def test_ag_01_an_agents_address_alone_does_nothing():
    decision = decide(case(identity=Identity(AuthorKind.AGENT, agent="anna")))
    assert decision.action == Hold(Tell.NOTHING)
    assert decision.reason == "agent-without-key"


def test_spam_of_a_trusted_hop_is_held_in_silence():
    from mailgate.core.mail.mail import HeaderField

    policy = replace(POLICY, spam_header=("x-spam-flag", "yes"))
    marked = mail(fields=(HeaderField("x-spam-flag", "YES, score 12"),))
    assert decide(replace(case(message=marked, policy=policy), trusted_hop=True)).reason == "spam"
    assert decide(replace(case(message=marked), trusted_hop=True)).reason == "general-proved"
    assert decide(case(message=marked, policy=policy)).reason == "general-proved", "anybody may write that field"


OTHER = Account("20002", "Andere GmbH", "de", None, (Contact("chef@andere.example", "Chef", Role.OWNER),))


def naming(number, account=OTHER, *, kind=RequestKind.ACCOUNT, **more):
    """A case of the owner of 10001 who gives a customer number."""
    found = case(kind=kind, named_accounts=(account,), **more)
    given = (Reference(ReferenceType.CUSTOMER, number, None),)
    return replace(found, request=replace(found.request, references=given))


def test_th_02_a_proved_customer_with_another_accounts_number_is_held_for_people():
    decision = decide(naming("20002"))
    assert decision.reason == "other-account"
    assert decision.action == Hold(Tell.RECEIPT)
    assert decide(naming("20002", kind=RequestKind.SENSITIVE)).reason == "other-account"


def test_an_unproved_customer_cannot_confirm_for_another_account():
    decision = decide(naming("20002", assurance=Assurance.UNPROVED))
    assert decision.reason == "other-account"
    assert isinstance(decision.action, Hold)
    assert decision.action.confirm_by == ()


def test_a_general_question_an_own_number_or_another_address_of_the_author_is_no_such_claim():
    assert decide(naming("20002", kind=RequestKind.GENERAL)).reason == "general-proved"
    assert decide(naming("10001", ACCOUNT)).reason == "account-proved"
    assert decide(naming("srv-web-09")).reason == "account-proved"
    mine = replace(OTHER, contacts=(*OTHER.contacts, OWNER))
    assert decide(naming("20002", mine)).reason == "account-proved"


def test_no_later_mail_releases_what_names_another_account():
    held = replace(HELD, held_reason="other-account")
    assert decide(case(thread=thread(held))).action == FollowUp(1001, reopens=False)


def test_id_18_an_address_of_two_accounts_is_for_people_to_sort_out():
    both = Identity(AuthorKind.REGISTERED, ambiguous=True)
    assert isinstance(decide(case(identity=both, kind=RequestKind.ACCOUNT)).action, Open)
    assert isinstance(decide(case(identity=both, kind=RequestKind.SENSITIVE)).action, Hold)
    assert isinstance(decide(case(identity=both, kind=RequestKind.ACCOUNT, assurance=Assurance.UNPROVED)).action, Hold)


@pytest.mark.parametrize("kind", RequestKind)
@pytest.mark.parametrize("assurance", Assurance)
@pytest.mark.parametrize("who", ["registered", "stranger"])
def test_the_reason_of_the_matrix_names_its_cell(kind, assurance, who):
    decision = decide(case(kind=kind, assurance=assurance, identity=registered() if who == "registered" else STRANGER))
    standing = "unregistered" if who == "stranger" else assurance.value
    assert decision.reason == ("refuted" if assurance is Assurance.REFUTED else f"{kind}-{standing}")


def test_a_role_that_does_not_reach_is_a_reason_of_its_own():
    asked = replace(
        case(
            kind=RequestKind.ACCOUNT,
            identity=registered(TECHNICIAN),
            message=mail(author=Mailbox("", "technik@kunde.example")),
        ),
        recipients=("billing@example.org",),
    )
    asked = replace(asked, request=replace(asked.request, department="billing"))
    decision = decide(asked)
    assert decision.reason == "role"
    assert isinstance(decision.action, Hold)
    assert decision.action.confirm_by == (OWNER,)
    assert decision.action.tell is Tell.RECEIPT


DENIED = replace(HELD, state=TicketState.CLOSED, closed_at=NOW - timedelta(hours=1))


def test_a_denied_request_is_not_opened_by_writing_again():
    action = decide(case(assurance=Assurance.UNPROVED, kind=RequestKind.ACCOUNT, thread=thread(DENIED))).action
    assert isinstance(action, Hold)
    assert action.linked_to == 1001
    released = replace(DENIED, clocks=(Clock(ClockName.ACKNOWLEDGE, due_at=NOW),))
    assert decide(case(assurance=Assurance.UNPROVED, thread=thread(released))).action.reopens


def test_th_01_a_robot_files_nothing_by_a_number_alone():
    robot = Automatic(is_automatic=True, why="auto-submitted: auto-replied")
    by_number = thread(by=ThreadBy.SUBJECT, key=None)
    strangers = replace(STRANGERS_MAIL, automatic=robot)
    assert decide(case(identity=STRANGER, message=strangers, thread=by_number)).reason == "auto-reply"
    named = case(message=mail(automatic=robot), thread=by_number)
    assert decide(named).reason == "automatic-on-ticket"
    assert decide(replace(named, grade=Grade(Assurance.UNPROVED, "no signature"))).reason == "auto-reply"
    bounce = mail(report=Report(ReportKind.DELIVERY, (), None), automatic=robot)
    assert decide(case(message=bounce, thread=by_number)).reason == "report-unknown"


def test_id_02_a_refuted_robot_leaves_no_note():
    robot = mail(automatic=Automatic(is_automatic=True, why="auto-submitted: auto-replied"))
    action = decide(case(message=robot, assurance=Assurance.REFUTED, thread=thread())).action
    assert action == Hold(Tell.NOTHING, flags=(Flag.UNPROVED,), linked_to=1001)


@pytest.mark.parametrize("assurance", [Assurance.UNPROVED, Assurance.PROVED])
@pytest.mark.parametrize("state", [TicketState.HELD, TicketState.OPEN, TicketState.CLOSED])
def test_id_25_a_sensitive_request_in_another_thread_is_held_by_itself(assurance, state):
    about = ticket(state=state, request_kind=RequestKind.ACCOUNT)
    asked = case(assurance=assurance, kind=RequestKind.SENSITIVE, thread=thread(about))
    assert isinstance(decide(asked).action, FollowUp), "a doubt splits no thread"
    asked = replace(asked, request=replace(asked.request, signals=("phrase:sensitive kuendige",)))
    action = decide(asked).action
    assert isinstance(action, Hold)
    assert (action.confirm_by, action.linked_to) == ((OWNER,), 1001)
    same = replace(about, request_kind=RequestKind.SENSITIVE)
    assert isinstance(
        decide(case(assurance=assurance, kind=RequestKind.SENSITIVE, thread=thread(same))).action, FollowUp
    )


def test_id_22_a_mail_sent_again_by_others_is_filed_nowhere_without_the_own_key():
    again = case(thread=thread(by=ThreadBy.FOREIGN_ID, key=None))
    again = replace(again, grade=replace(again.grade, signed_to_us=False))
    assert isinstance(decide(again).action, Open)
    both = case(identity=Identity(AuthorKind.REGISTERED, ambiguous=True), kind=RequestKind.ACCOUNT)
    both = replace(both, grade=replace(both.grade, signed_to_us=False))
    assert isinstance(decide(both).action, Hold)


def test_th_10_a_revoked_key_opens_nothing():
    revoked = thread(key=replace(KEY, expired=True))
    assert isinstance(decide(case(assurance=Assurance.UNPROVED, thread=revoked)).action, Open)


def test_proof_of_another_account_releases_nothing():
    theirs = thread(replace(HELD, account="10002", requester=Mailbox("", "owner@kunde.example")))
    assert not decide(case(thread=theirs)).action.releases
    asked = replace(theirs, ticket=replace(HELD, account=None), asked=("chef@other.example",))
    assert not decide(case(thread=asked)).action.releases
    assert decide(case(thread=replace(asked, asked=(OWNER.address,)))).action.releases


def test_a_refuted_second_copy_moves_no_ticket():
    copy = case(seen=Seen("m0", 1001, redelivery=False), assurance=Assurance.REFUTED)
    assert decide(copy).action == Duplicate(1001)
