"""Forged identities: forms of From × states of authentication × ways in, judged from bytes to grade.

A forged mail may be proved as the attacker whom it names, never as the customer whom it means. Beside it stands a
control group of genuine mails, for a desk that refutes everybody passes the first half too.
"""

import itertools

import pytest
from support.forgery import (
    AUTHORS,
    BODIES,
    BORDER,
    BORDER_DMARC,
    EVIL,
    FROM_FORMS,
    GENUINE,
    NOW,
    OURS,
    STATES,
    VICTIMS,
    WAYS,
    Way,
    delivered,
    envelope_of,
    forged_cases,
    genuine,
    message,
    name_server,
    written,
)

from mailgate.auth.gather import Gatherer
from mailgate.auth.resolver import Resolver
from mailgate.core.mail.envelope import Transport
from mailgate.core.who.address import canonical
from mailgate.core.who.evidence import Assurance, AuthSettings, Proof
from mailgate.core.who.grade import grade
from mailgate.parse.message import parse

pytestmark = pytest.mark.slow  # left to `make test`


@pytest.fixture(scope="module")
def desk():
    with name_server() as server:
        resolver = Resolver([server.address], query_timeout=4)
        yield {ids: Gatherer(AuthSettings(ids, timeout=8.0), resolver) for ids in ((), BORDER)}


def judge(desk, envelope, mail, ids=BORDER, proof=Proof.DKIM):
    evidence = desk[ids].gather(envelope, mail)
    return grade(mail, evidence, proof=proof, our_addresses=OURS, received_at=NOW, agents={"ben@desk.example"})


def test_the_matrix_has_at_least_three_thousand_mails():
    cases = [(form, *case) for form in FROM_FORMS for case in forged_cases(form, whole=False)]
    assert len(cases) >= 3000
    assert len({(form, state) for form, state, _, _ in cases}) == len(FROM_FORMS) * len(STATES) - 1
    assert len({(state, way) for _, state, way, _ in cases}) == len(STATES) * len(WAYS)
    assert len(FROM_FORMS) >= 30
    assert len(STATES) >= 14
    assert len(WAYS) >= 8


@pytest.mark.parametrize("form", FROM_FORMS)
def test_id_01_to_21_no_forged_mail_is_proved_as_its_victim(desk, form):
    assert proved_as_somebody_else(desk, form, forged_cases(form, whole=False)) == []


@pytest.mark.slow
@pytest.mark.parametrize("form", FROM_FORMS)
def test_id_01_to_21_the_whole_cross(desk, form):
    assert proved_as_somebody_else(desk, form, forged_cases(form, whole=True)) == []


def proved_as_somebody_else(desk, form, cases):
    """The forged mails that are proved, and as somebody who is not the attacker beyond doubt."""
    wrong = []
    for state, way_name, domain in cases:
        way = WAYS[way_name]
        envelope = envelope_of(STATES[state](written(form, domain), domain), way, domain)
        mail = parse(envelope.raw)
        named = mail.author and canonical(mail.author.address)
        for proof in (Proof.DKIM, Proof.DMARC):
            found = judge(desk, envelope, mail, way.ids, proof)
            as_attacker = named and f".{named.rpartition('@')[2]}".endswith(f".{EVIL}") and not mail.author_doubt
            if found.assurance is Assurance.PROVED and not as_attacker:
                wrong.append((state, way_name, domain, found))
    return wrong


@pytest.mark.parametrize("state", STATES)
def test_id_02_a_plain_forgery_over_smtp_is_refuted_where_a_policy_is_published(desk, state):
    for domain in ("reject.example", "none.example", "my-firma.example", "sub.reject.example"):
        raw = STATES[state](written("plain", domain), domain)
        envelope = envelope_of(raw, WAYS["SMTP"], domain)
        found = judge(desk, envelope, parse(raw))
        spared = state in ("length tag", "key in test mode") or (
            state == "DNS trouble" and domain.endswith("reject.example")
        )
        assert found.assurance is (Assurance.UNPROVED if spared else Assurance.REFUTED), (domain, found)


def test_id_02_what_our_border_refuted_stays_refuted(desk):
    for domain in VICTIMS:
        way = Way(Transport.IMAP, top=BORDER_DMARC % domain.encode())
        envelope = envelope_of(message(written("name", domain)), way, domain)
        assert judge(desk, envelope, parse(envelope.raw)).assurance is Assurance.REFUTED


# --- genuine ----------------------------------------------------------------------------------------------------


def test_id_24_control_group_of_genuine_mails(desk):
    wrong, count = [], 0
    forms = itertools.cycle(("relaxed/relaxed", "relaxed/simple", "simple/simple", "simple/relaxed"))
    for (name, kind, way, expected), author, body in itertools.product(GENUINE, AUTHORS, BODIES):
        domain = VICTIMS[count % len(VICTIMS)]
        count += 1
        envelope = delivered(genuine(kind, author, body, domain, next(forms)), way, domain)
        mail = parse(envelope.raw)
        assert mail.author is not None
        assert canonical(mail.author.address) == f"anna@{domain}"
        grades = [judge(desk, envelope, mail, proof=proof) for proof in (Proof.DKIM, Proof.DMARC)]
        letters = "".join(found.assurance.name[0] for found in grades)
        if letters != expected or (letters == "PP" and not grades[0].signed_to_us):
            wrong.append((name, author, domain, letters, grades[0].why))
    assert count >= 500
    assert len(wrong) <= 0.005 * count, wrong[:10]


def test_id_24_a_list_that_changes_the_mail_makes_it_unproved_or_refuted_by_policy(desk):
    for domain in VICTIMS:
        raw = genuine("rsa", AUTHORS[2], BODIES[0], domain, "relaxed/relaxed") + b"_____\r\nlist footer\r\n"
        found = judge(desk, envelope := delivered(raw, "list", domain), parse(envelope.raw))
        assert found.assurance is (Assurance.UNPROVED if domain == "plain.example" else Assurance.REFUTED)
        inside = delivered(raw, "mailbox", domain)
        assert judge(desk, inside, parse(inside.raw)).assurance is Assurance.UNPROVED
