"""What goes on with a ticket as only programs do (threats LO-02, LO-03), and what people may send instead."""

from datetime import timedelta

import pytest
from support.cases import NOW, case, mail, ticket

from mailgate.core.desk.decision import FollowUp
from mailgate.core.desk.echo import Answered, Said, echoed
from mailgate.core.desk.plan import EntryAdded
from mailgate.core.desk.planner import plan
from mailgate.core.desk.policy import decide
from mailgate.core.desk.ticket import EntryKind, Flag, TicketState
from mailgate.core.mail.mail import Automatic, Mailbox
from mailgate.core.who.evidence import Assurance
from mailgate.core.who.request import RequestKind

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CREATED = "Ihre Anfrage ist um 10:01 Uhr eingegangen und hat die Nummer T-1.\n"
LATER = "Ihre Anfrage ist um 11:47 Uhr eingegangen und hat die Nummer T-2.\n"


def said(text, subject="Vorgang T-1", body_hash=None, **more):
    return Said(subject, text, body_hash or text, **more)


def answered(what, since=10 * MINUTE, waited=10 * MINUTE, number=1002):
    """An earlier mail, answered so long ago, that came so long after the answer before it."""
    at = NOW - since
    return Answered(number, what, at, at), Answered(1001, said("Was kostet das?", "Frage"), NOW - DAY, at - waited)


@pytest.mark.parametrize(
    ("now", "since"),
    [
        (said(CREATED), 3 * HOUR),
        (said(CREATED), 29 * DAY),
        (said(LATER, "Vorgang T-2"), 10 * MINUTE),
        (said(f"{LATER}\n> Guten Tag,\n> Ihre Nachricht [#1003] ist da.\n", "Vorgang T-2"), HOUR),
        (said("Morgen.", "Ganz anderes"), timedelta(seconds=5)),
    ],
    ids=["same-hours-later", "same-weeks-later", "other-numbers", "quoting-ours", "promptly-twice"],
)
def test_lo_02_what_programs_send_goes_on_with_their_ticket(now, since):
    assert echoed(now, NOW, answered(said(CREATED), since, timedelta(seconds=5)), stranger=True) == 1002


@pytest.mark.parametrize(
    ("now", "since", "waited"),
    [
        (said(CREATED), 31 * DAY, MINUTE),
        (said(LATER, "Vorgang T-2"), 2 * HOUR, MINUTE),
        (said(CREATED, "Etwas anderes"), 3 * HOUR, MINUTE),
        (said(CREATED), -MINUTE, MINUTE),
        (said(LATER, "Vorgang T-2", files=True), 10 * MINUTE, MINUTE),
        (said(LATER, "Vorgang T-2", named=("srv-web-01",)), 10 * MINUTE, MINUTE),
        (said("Und was kostet der andere?", "Frage"), timedelta(seconds=5), 10 * MINUTE),
        (said("Und was kostet der andere?", "Frage"), 2 * MINUTE, timedelta(seconds=5)),
        (said("Siehe Anlage.", "Frage", files=True), timedelta(seconds=5), timedelta(seconds=5)),
        (said("4711", "12"), 10 * MINUTE, MINUTE),
    ],
    ids=[
        "a-month-later", "numbers-hours-later", "other-subject", "sent-before-our-answer", "with-a-file", "other-server",
        "one-prompt-question", "a-slow-one-after-a-prompt-one", "prompt-with-a-file", "nothing-but-numbers",
    ],
)  # fmt: skip
def test_lo_02_what_people_send_has_its_own_ticket(now, since, waited):
    assert echoed(now, NOW, answered(said(CREATED), since, waited), stranger=True) is None


def test_a_customer_who_writes_the_same_of_another_number_gets_a_receipt():
    earlier = answered(said("Server 1 antwortet nicht.", "Server 1"))
    assert echoed(said("Server 2 antwortet nicht.", "Server 2"), NOW, earlier, stranger=False) is None
    assert echoed(said("Server 2 antwortet nicht.", "Server 2"), NOW, earlier, stranger=True) == 1002


def test_a_customer_who_sends_one_prepared_mail_after_the_other_gets_a_receipt_for_each():
    earlier = answered(said(CREATED), timedelta(seconds=5), timedelta(seconds=5))
    assert echoed(said("Und noch etwas.", "Anderes"), NOW, earlier, stranger=False) is None
    assert echoed(said("Und noch etwas.", "Anderes"), NOW, earlier, stranger=True) == 1002


def test_a_server_that_the_first_mail_names_too_is_no_news():
    first = said(f"Zu Ihrem Server srv-web-01: {CREATED}")
    now = said(f"Zu Ihrem Server srv-web-01: {LATER}", "Vorgang T-2", named=("SRV-web-01",))
    assert echoed(now, NOW, answered(first), stranger=True) == 1002


def test_one_answer_is_not_enough_for_prompt_ones():
    assert (
        echoed(
            said("Neu."), NOW, answered(said(CREATED), timedelta(seconds=1), timedelta(seconds=1))[:1], stranger=True
        )
        is None
    )
    assert echoed(said("Neu."), NOW, (), stranger=True) is None


def test_lo_02_an_echo_joins_and_agents_read_it():
    item = case(assurance=Assurance.UNPROVED, echoes=ticket(assurance=Assurance.UNPROVED))
    decision = decide(item)
    assert decision.action == FollowUp(1001, reopens=False, flags=(Flag.UNPROVED,))
    assert decision.reason == "echo"


def test_lo_02_an_echo_is_no_word_to_its_author():
    from dataclasses import replace

    from support.cases import POLICY, stamp

    from mailgate.core.desk.case import Agent

    policy = replace(POLICY, agents=(Agent("anna", "anna@example.org"),))
    item = case(echoes=ticket(state=TicketState.WAITING), policy=policy)
    found = plan(decide(item), item, stamp())
    assert [notice.to.address for notice in found.notices] == ["anna@example.org"]
    assert [event.kind for event in found.events if isinstance(event, EntryAdded)] == [EntryKind.CUSTOMER]
    assert found.outcome == "followed-up"
    assert any(getattr(event, "after", None) is TicketState.OPEN for event in found.events), "somebody waited for it"


@pytest.mark.parametrize(
    "changes",
    [
        {"echoes": ticket(state=TicketState.CLOSED, closed_at=NOW)},
        {"echoes": ticket(requester=Mailbox("", "technik@kunde.example"))},
        {"echoes": ticket(), "assurance": Assurance.UNPROVED},
        {"echoes": ticket(assurance=Assurance.UNPROVED)},
        {"echoes": ticket(), "kind": RequestKind.ACCOUNT},
        {"echoes": ticket(request_kind=RequestKind.SENSITIVE), "kind": RequestKind.SENSITIVE},
        {"echoes": ticket(), "message": mail(automatic=Automatic(is_automatic=True, why="Precedence: bulk"))},
    ],
    ids=["closed", "somebody-elses", "forged", "surer-now", "account", "sensitive", "marked"],
)
def test_th_03_id_25_nobody_comes_by_an_echo_where_the_mail_alone_would_not(changes):
    assert decide(case(**changes)).reason != "echo"
