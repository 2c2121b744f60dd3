"""The gate for automatic mail: each answer has its reason, and in doubt it is no (threats LO, BS; R-30 to R-34, R-38)."""

from dataclasses import replace

import pytest
from support.cases import OWNER, POLICY, case, mail, stamp, ticket

from mailgate.core.desk import notify
from mailgate.core.desk.case import ThreadBy, ThreadFact
from mailgate.core.desk.decision import Decision, Hold, Open, Tell
from mailgate.core.desk.plan import BreakerOpen, NoticeWithheld
from mailgate.core.desk.planner import plan
from mailgate.core.mail.gate import SAME_TEXT, Budget, GateAnswer, Limits, Pool, may_answer, may_write
from mailgate.core.mail.mail import Automatic, Mailbox, Report, ReportKind
from mailgate.core.who.evidence import Assurance
from mailgate.core.who.identity import AuthorKind, Identity

USED = Budget()


def ask(message=None, *, used=USED, pool=Pool.UNPROVED, limits=None, **changes):
    given = {"reverse_path": "kim@kunde.example", "assurance": Assurance.UNPROVED, "own_address": False, **changes}
    return may_answer(message or mail(), pool=pool, limits=limits or Limits(), used=used, **given)


def test_a_person_is_answered():
    assert ask() == GateAnswer(allowed=True, reason="allowed")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"message": mail(author=None)}, "no-author"),
        ({"reverse_path": ""}, "null-reverse-path"),
        ({"own_address": True}, "own-address"),
        ({"message": mail(report=Report(ReportKind.DELIVERY, (), None))}, "report"),
        ({"message": mail(automatic=Automatic(is_automatic=True, why="x"))}, "automatic"),
        ({"message": mail(list_id="a.list.example")}, "mailing-list"),
        ({"message": mail(author=Mailbox("", "noreply@kunde.example"))}, "robot-address"),
        ({"reverse_path": "owner-list@kunde.example"}, "robot-address"),
        ({"reverse_path": "list-request@kunde.example"}, "robot-address"),
        ({"old": True}, "old-mail"),
        ({"limits": Limits(enabled=False)}, "receipts-off"),
        ({"used": Budget(desk_hour=1000)}, "breaker"),
        ({"used": Budget(address_hour=5)}, "address-hour"),
        ({"used": Budget(address_day=20)}, "address-day"),
        ({"used": Budget(ticket_life=10)}, "ticket-life"),
        ({"used": Budget(domain_hour=50)}, "domain-hour"),
        ({"used": Budget(same_text=SAME_TEXT)}, "same-text"),
        ({"assurance": Assurance.REFUTED}, "refuted"),
    ],
)
def test_each_no_has_its_reason(changes, reason):
    message = changes.pop("message", None) if "message" in changes else None
    assert ask(message, **changes) == GateAnswer(allowed=False, reason=reason)


@pytest.mark.parametrize(
    "used",
    [
        Budget(address_hour=4), Budget(address_day=19), Budget(ticket_life=9), Budget(desk_hour=999),
        Budget(domain_hour=49), Budget(same_text=SAME_TEXT - 1),
    ],
)  # fmt: skip
def test_bs_03_the_last_one_of_a_budget_goes_out(used):
    assert ask(used=used).allowed


def test_bs_03_only_unproved_authors_share_a_budget_of_their_domain():
    used = Budget(domain_hour=1000)
    assert [pool for pool in Pool if not ask(pool=pool, used=used).allowed] == [Pool.UNPROVED]


def test_bs_03_proved_and_unproved_authors_and_questions_count_apart():
    pools = {
        (grade, kind): (notify.answer_pool(asked.grade), notify.question_pool(asked.facts.identity, asked.grade))
        for grade in (Assurance.PROVED, Assurance.UNPROVED, Assurance.CONFIRMED)
        for kind in (None, Identity(AuthorKind.STRANGER))
        for asked in (case(assurance=grade, identity=kind),)
    }
    stranger = Identity(AuthorKind.STRANGER)
    assert pools[Assurance.PROVED, None] == (Pool.PROVED, Pool.CONFIRM_PROVED)
    assert pools[Assurance.UNPROVED, None] == (Pool.UNPROVED, Pool.CONFIRM_UNPROVED)
    assert pools[Assurance.CONFIRMED, None] == (Pool.PROVED, Pool.CONFIRM_PROVED)
    assert pools[Assurance.PROVED, stranger] == (Pool.PROVED, Pool.APPROVE)
    assert pools[Assurance.UNPROVED, stranger] == (Pool.UNPROVED, Pool.APPROVE)


@pytest.mark.parametrize(
    "changes",
    [
        {"reply_to": (Mailbox("", "SUPPORT@example.org"),)},
        {"reply_to": (Mailbox("", f"support+{'a' * 26}@example.org"),)},
        {"reply_to": (Mailbox("", "kim@kunde.example"), Mailbox("", "billing@example.org"))},
        {"sender": Mailbox("", "support@example.org")},
    ],
)
def test_lo_07_mail_whose_answer_would_come_to_us_is_not_answered(changes):
    assert notify.gate(case(message=mail(**changes))).reason == "own-address"


def test_lo_07_our_own_reverse_path_is_not_answered():
    keyed = f"support+{'b' * 26}@example.org"
    assert notify.gate(replace(case(), reverse_path=keyed)).reason == "own-address"
    assert notify.gate(replace(case(), reverse_path="support@elsewhere.example")).allowed


def by_number(**changes):
    return ThreadFact(ticket(receipt_sent_at=None, **changes), ThreadBy.SUBJECT)


def test_lo_03_who_answers_by_the_number_alone_gets_no_second_receipt():
    known = replace(by_number(), ticket=ticket(receipt_sent_at=ticket().created_at))
    assert notify.gate(case(thread=known)).reason == "answers-ours"
    assert notify.gate(case(thread=by_number())).allowed, "that ticket was never answered by us"
    other = replace(known, ticket=replace(known.ticket, requester=Mailbox("", "other@kunde.example")))
    assert notify.gate(case(thread=other)).allowed, "somebody else was answered"


def withheld(alarmed=frozenset()):
    asked = case(budget=Budget(desk_hour=1000), alarmed=alarmed)
    return [item for item in plan(Decision(Open(Tell.RECEIPT), "x", ()), asked, stamp()).events
            if isinstance(item, NoticeWithheld | BreakerOpen)]  # fmt: skip


def test_bs_03_the_open_breaker_says_so_once():
    first, alarm = withheld()
    assert (first.reason, alarm) == ("breaker", BreakerOpen(Pool.PROVED, 1000, first=True))
    assert withheld(frozenset({Pool.PROVED}))[1].first is False
    assert withheld(frozenset({Pool.UNPROVED}))[1].first is True


def test_bs_03_a_question_that_the_breaker_withholds_says_so_too():
    asked = case(assurance=Assurance.UNPROVED, confirmations={OWNER.address: Budget(desk_hour=1000)})
    made = plan(Decision(Hold(Tell.NOTHING, (OWNER,), "10001"), "x", ()), asked, stamp())
    assert [item for item in made.events if isinstance(item, BreakerOpen)] == [
        BreakerOpen(Pool.CONFIRM_UNPROVED, 1000, first=True)
    ]
    assert made.notices == ()


def test_lo_11_mail_by_a_clock_has_a_gate_too():
    def asked(address, own, used, assurance=Assurance.PROVED):
        return may_write(address, assurance=assurance, own_address=own, limits=Limits(), used=used)

    assert asked("kim@kunde.example", False, USED).allowed
    assert asked("kim@kunde.example", False, USED, Assurance.REFUTED).reason == "refuted"
    assert asked("", False, USED).reason == "no-author"
    for address, own, used, reason in (
        ("noreply@kunde.example", False, USED, "robot-address"),
        ("support@example.org", True, USED, "own-address"),
        ("kim@kunde.example", False, Budget(ticket_life=10), "ticket-life"),
        ("kim@kunde.example", False, Budget(address_hour=5), "address-hour"),
        ("kim@kunde.example", False, Budget(desk_hour=1000), "breaker"),
    ):
        assert asked(address, own, used).reason == reason
    assert POLICY.receipts == Limits()
