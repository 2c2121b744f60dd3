"""The one rule, cell by cell."""

from datetime import date, timedelta

import pytest
from support.cases import ACCOUNT, BOOKKEEPER, NOW, OWNER, READER, STRANGER, TECHNICIAN, registered

from mailgate.core.who.evidence import Assurance
from mailgate.core.who.identity import Account, AuthorKind, Contact, Identity, Role
from mailgate.core.who.request import RequestKind
from mailgate.core.who.rule import DEFAULT_MATRIX, Ruling, Standing, Verdict, confirmers, owners, rule

G, A, S = RequestKind.GENERAL, RequestKind.ACCOUNT, RequestKind.SENSITIVE


def ask(
    identity=None, assurance=Assurance.PROVED, kind=A, *, department=Role.TECHNICAL, signed=True, named=()
) -> Ruling:
    return rule(
        identity or registered(),
        assurance,
        kind,
        matrix=DEFAULT_MATRIX,
        department_role=department,
        signed_to_us=signed,
        named=named,
        today=NOW.date(),
    )


@pytest.mark.parametrize(
    ("kind", "who", "assurance", "verdict"),
    [
        (G, "registered", "confirmed", "open"),
        (G, "registered", "proved", "open"),
        (G, "registered", "unproved", "mark"),
        (G, "stranger", "proved", "mark"),
        (G, "stranger", "unproved", "mark"),
        (G, "registered", "refuted", "silent"),
        (G, "stranger", "refuted", "silent"),
        (A, "registered", "confirmed", "open"),
        (A, "registered", "proved", "open"),
        (A, "registered", "unproved", "confirm"),
        (A, "stranger", "proved", "rule"),
        (A, "stranger", "unproved", "rule"),
        (A, "registered", "refuted", "silent"),
        (S, "registered", "confirmed", "open"),
        (S, "registered", "proved", "confirm"),
        (S, "registered", "unproved", "confirm"),
        (S, "stranger", "proved", "rule"),
        (S, "registered", "refuted", "silent"),
        (S, "stranger", "refuted", "silent"),
    ],
)
def test_the_matrix_of_the_contract(kind, who, assurance, verdict):
    identity = registered() if who == "registered" else STRANGER
    assert ask(identity, Assurance(assurance), kind).verdict is Verdict(verdict)


def test_the_author_confirms_an_own_account_request():
    assert ask(assurance=Assurance.UNPROVED).confirm_by == (OWNER,)
    assert ask(registered(TECHNICIAN), Assurance.UNPROVED).confirm_by == (TECHNICIAN,)


def test_sensitive_requests_go_to_every_owner_and_to_nobody_else():
    assert ask(registered(TECHNICIAN), Assurance.PROVED, S).confirm_by == (OWNER,)
    assert ask(registered(TECHNICIAN), Assurance.UNPROVED, S).confirm_by == (OWNER,)


@pytest.mark.parametrize(
    ("contact", "department", "verdict"),
    [
        (OWNER, Role.TECHNICAL, "open"),
        (TECHNICIAN, Role.TECHNICAL, "open"),
        (TECHNICIAN, Role.BILLING, "confirm"),
        (BOOKKEEPER, Role.BILLING, "open"),
        (BOOKKEEPER, Role.TECHNICAL, "confirm"),
        (READER, Role.TECHNICAL, "confirm"),
    ],
)
def test_roles_reach_as_far_as_their_department(contact, department, verdict):
    ruling = ask(registered(contact), department=department)
    assert ruling.verdict is Verdict(verdict)
    assert ruling.confirm_by == (() if verdict == "open" else (OWNER,))


def test_a_contact_may_ask_general_questions_whatever_its_role():
    assert ask(registered(READER), kind=G).verdict is Verdict.OPEN


def test_id_22_a_replayed_mail_is_as_good_as_unproved_where_an_account_is_touched():
    assert ask(signed=False).verdict is Verdict.CONFIRM
    assert ask(signed=False).standing is Standing.UNPROVED
    assert ask(signed=False, kind=G).verdict is Verdict.OPEN


def test_a_strangers_request_is_put_before_the_owners_of_the_one_account_that_it_names():
    assert ask(STRANGER, named=(ACCOUNT,)).confirm_by == (OWNER,)
    assert ask(STRANGER, named=(ACCOUNT,)).account == ACCOUNT


def test_a_strangers_request_that_names_two_accounts_is_put_before_nobody():
    other = Account("10002", "Andere AG", contacts=(OWNER,))
    assert ask(STRANGER, named=(ACCOUNT, other)).confirm_by == ()


def test_a_stranger_who_names_no_account_gets_the_same_verdict():
    assert ask(STRANGER).verdict is ask(STRANGER, named=(ACCOUNT,)).verdict is Verdict.RULE


def test_an_owner_whose_time_is_over_is_not_asked():
    gone = Contact("alt@kunde.example", "Alt", Role.OWNER, valid_until=NOW.date() - timedelta(days=1))
    last_day = Contact("bald@kunde.example", "Bald", Role.OWNER, valid_until=NOW.date())
    account = Account("1", "A", contacts=(gone, last_day, OWNER))
    assert owners(account, NOW.date()) == (last_day, OWNER)
    assert confirmers(account, None, A, Role.TECHNICAL, date(2030, 1, 1)) == (OWNER,)


def test_agents_have_no_account_of_their_own():
    assert ask(Identity(AuthorKind.AGENT, agent="anna")).standing is Standing.UNREGISTERED


def test_no_cell_for_a_refuted_author_opens_anything():
    assert {DEFAULT_MATRIX[kind][Standing.REFUTED] for kind in RequestKind} == {Verdict.SILENT}
