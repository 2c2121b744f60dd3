from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailgate.core.mail.mail import Automatic, Mailbox, ParsedMail
from mailgate.core.who.evidence import (
    Assurance,
    AuthservMethod,
    AuthservResult,
    DkimResult,
    DmarcResult,
    Evidence,
    Proof,
    SpfResult,
)
from mailgate.core.who.grade import grade

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KUNDE = "kunde.example"
MAIL = ParsedMail(
    message_id="1@kunde.example",
    message_id_made_up=False,
    in_reply_to=(),
    references=(),
    subject="Server down",
    author=Mailbox("Anna Berg", "Anna@Kunde.example"),
    author_doubt=(),
    sender=None,
    to=(Mailbox("", "support@desk.example"),),
    cc=(),
    reply_to=(),
    date=NOW,
    text="",
    reply_text="",
    quoted_text="",
    signature="",
    has_html=False,
    language=None,
    attachments=(),
    automatic=Automatic(is_automatic=False),
    list_id=None,
    report=None,
    forwarded=None,
    body_hash="",
)
ALL = ("date", "from", "message-id", "subject", "to")


def signed(result="pass", domain=KUNDE, *, aligned=True, counts=None, weak=False, why="because", fields=ALL):
    counts = result == "pass" and not weak if counts is None else counts
    return DkimResult(domain, "s", result, aligned=aligned, counts=counts, why=why, signed_fields=fields, weak=weak)


def spf(result="pass", domain=KUNDE, *, aligned=True):
    return SpfResult(result, domain, "mailfrom", aligned=aligned)


def dmarc(result="pass", policy="reject"):
    return DmarcResult(result, KUNDE, policy, KUNDE)


def hop(method, result, *, aligned=True, **properties):
    pairs = tuple((name.replace("_", "."), value) for name, value in properties.items())
    return AuthservMethod(method, result, pairs, aligned)


def seen(*methods):
    return AuthservResult("mx.desk.example", methods)


def judge(evidence, *, proof=Proof.DKIM, mail=MAIL, agents=(), received_at=NOW):
    found = grade(
        mail,
        evidence,
        proof=proof,
        our_addresses={"support@desk.example", "billing@desk.example"},
        received_at=received_at,
        agents=agents,
    )
    assert found.why
    assert "\n" not in found.why
    assert found.assurance is not Assurance.CONFIRMED
    return found


def assurance(evidence, **options):
    return judge(evidence, **options).assurance


R, U, P = Assurance.REFUTED, Assurance.UNPROVED, Assurance.PROVED

# state: (evidence, grade by proof=dkim, by dmarc, by address)
STATES = {
    "nothing at all": (Evidence(KUNDE), U, U, P),
    "nothing, SPF none, no policy": (Evidence(KUNDE, spf("none"), (), dmarc("none", None)), U, U, P),
    "own signature": (Evidence(KUNDE, spf("fail"), (signed(),), dmarc()), P, P, P),
    "own signature, no policy, no client": (Evidence(KUNDE, None, (signed(),), dmarc("none", None)), P, P, P),
    "one good among broken ones": (Evidence(KUNDE, None, (signed("fail"), signed("pass"))), P, P, P),
    "signature of another domain": (
        Evidence(
            KUNDE,
            spf("pass", "evil.example", aligned=False),
            (signed(domain="evil.example", aligned=False),),
            dmarc("fail"),
        ),
        R,
        R,
        R,
    ),
    "signature of another domain, no policy": (
        Evidence(
            KUNDE,
            spf("pass", "evil.example", aligned=False),
            (signed(domain="evil.example", aligned=False),),
            dmarc("none", None),
        ),
        U,
        U,
        P,
    ),
    "SPF only": (Evidence(KUNDE, spf(), (), dmarc()), U, P, P),
    "SPF only, no policy": (Evidence(KUNDE, spf(), (), dmarc("none", None)), U, P, P),
    "SPF of another domain": (
        Evidence(KUNDE, spf("pass", "evil.example", aligned=False), (), dmarc("none", None)),
        U,
        U,
        P,
    ),
    "DMARC fails, p=reject": (Evidence(KUNDE, spf("fail"), (), dmarc("fail", "reject")), R, R, R),
    "DMARC fails, p=quarantine": (Evidence(KUNDE, spf("softfail"), (), dmarc("fail", "quarantine")), R, R, R),
    "DMARC fails, p=none": (Evidence(KUNDE, spf("none"), (signed("fail"),), dmarc("fail", "none")), R, R, R),
    "failing signature, no client": (Evidence(KUNDE, None, (signed("fail"),), dmarc("none")), U, U, P),
    "failing signature, no client, DMARC said to fail": (
        Evidence(KUNDE, None, (signed("fail"),), dmarc("fail")),
        U,
        U,
        P,
    ),
    "l= only": (Evidence(KUNDE, spf("fail"), (signed(weak=True),), dmarc()), U, U, P),
    "l= and SPF": (Evidence(KUNDE, spf(), (signed(weak=True),), dmarc()), U, P, P),
    "short key": (Evidence(KUNDE, spf("fail"), (signed("policy", weak=True),), dmarc("fail")), R, R, R),
    "DNS trouble with the key": (
        Evidence(KUNDE, spf("fail"), (signed("temperror"),), dmarc("temperror"), dns_trouble=("TXT s: Timeout",)),
        U,
        U,
        P,
    ),
    "DNS trouble with the policy": (
        Evidence(KUNDE, spf("fail"), (), dmarc("temperror", None), dns_trouble=("x",)),
        U,
        U,
        P,
    ),
    "border: signature": (Evidence(KUNDE, authserv=seen(hop("dkim", "pass", header_d=KUNDE))), P, P, P),
    "border: signature of another": (
        Evidence(KUNDE, authserv=seen(hop("dkim", "pass", aligned=False, header_d="evil.example"))),
        U,
        U,
        P,
    ),
    "border: signature fails": (Evidence(KUNDE, authserv=seen(hop("dkim", "fail", header_d=KUNDE))), U, U, P),
    "border: signature, changed after it": (
        Evidence(KUNDE, None, (signed("fail"),), dmarc("none"), seen(hop("dkim", "pass", header_d=KUNDE))),
        P,
        P,
        P,
    ),
    "border: a signature that we know as weak": (
        Evidence(KUNDE, None, (signed("fail", weak=True),), dmarc("none"), seen(hop("dkim", "pass", header_d=KUNDE))),
        U,
        U,
        P,
    ),
    "border: SPF": (Evidence(KUNDE, authserv=seen(hop("spf", "pass", smtp_mailfrom=KUNDE))), U, P, P),
    "border: SPF of another": (Evidence(KUNDE, authserv=seen(hop("spf", "pass", aligned=False))), U, U, P),
    "border: DMARC passes": (Evidence(KUNDE, authserv=seen(hop("dmarc", "pass", header_from=KUNDE))), U, P, P),
    "border: DMARC passes by a weak signature": (
        Evidence(KUNDE, None, (signed(weak=True),), None, seen(hop("dmarc", "pass", header_from=KUNDE))),
        U,
        U,
        P,
    ),
    "border: DMARC of another passes": (Evidence(KUNDE, authserv=seen(hop("dmarc", "pass", aligned=False))), U, U, P),
    "border: DMARC fails": (Evidence(KUNDE, authserv=seen(hop("dmarc", "fail", header_from=KUNDE))), R, R, R),
    "border: DMARC fails, yet signed": (
        Evidence(KUNDE, None, (signed(),), dmarc(), seen(hop("dmarc", "fail", header_from=KUNDE))),
        P,
        P,
        P,
    ),
    "border: logged in": (Evidence(KUNDE, authserv=seen(hop("auth", "pass", smtp_auth="anna@kunde.example"))), P, P, P),
    "border: logged in as another": (
        Evidence(KUNDE, authserv=seen(hop("auth", "pass", smtp_auth="eve@kunde.example"))),
        U,
        U,
        P,
    ),
    "border: somebody logged in": (Evidence(KUNDE, authserv=seen(hop("auth", "pass"))), U, U, P),
    "border: login fails": (
        Evidence(KUNDE, authserv=seen(hop("auth", "fail", smtp_auth="anna@kunde.example"))),
        U,
        U,
        P,
    ),
    "submitted here": (Evidence(KUNDE, local=True), U, U, P),
}


@pytest.mark.parametrize("state", STATES)
def test_id_01_to_04_every_state_under_every_policy(state):
    evidence, *expected = STATES[state]
    assert [assurance(evidence, proof=proof) for proof in (Proof.DKIM, Proof.DMARC, Proof.ADDRESS)] == expected


def test_id_01_a_registered_address_alone_proves_nothing():
    assert assurance(Evidence(KUNDE, spf("fail"), (), dmarc("none", None))) is U


def test_id_04_spf_through_a_shared_host_says_why_it_is_not_enough():
    found = judge(Evidence(KUNDE, spf(), (), dmarc()))
    assert found.assurance is U
    assert "other customers" in found.why


@pytest.mark.parametrize("doubt", ["several-from-fields", "stdlib-disagrees", "no-from"])
@pytest.mark.parametrize("proof", Proof)
def test_id_12_any_doubt_about_the_author_refutes(doubt, proof):
    evidence = Evidence(KUNDE, spf(), (signed(),), dmarc(), seen(hop("dkim", "pass")))
    found = judge(evidence, mail=replace(MAIL, author_doubt=(doubt,)), proof=proof)
    assert found.assurance is R
    assert doubt in found.why


@pytest.mark.parametrize(
    "author",
    [None, *(Mailbox("", a) for a in ("anna@kunde.example.", "anna@[192.0.2.1]", "anna", "", "anna@kunde。example"))],
)
def test_id_16_an_author_without_a_canonical_address_is_refuted(author):
    evidence = Evidence(None, spf(), (signed(aligned=False),))
    assert assurance(evidence, mail=replace(MAIL, author=author), proof=Proof.ADDRESS) is R


def test_evidence_about_another_domain_proves_nothing():
    assert assurance(Evidence("evil.example", None, (signed(domain="evil.example"),))) is R


def test_id_13_reply_to_and_sender_change_nothing():
    evil = Mailbox("", "evil@evil.example")
    mail = replace(MAIL, sender=evil, reply_to=(evil,))
    assert judge(Evidence(KUNDE, None, (signed(),)), mail=mail) == judge(Evidence(KUNDE, None, (signed(),)))


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence("desk.example", local=True),
        Evidence("desk.example", authserv=seen(hop("auth", "pass"))),
        Evidence("desk.example", authserv=seen(hop("auth", "pass", smtp_auth="ben"))),
        Evidence("desk.example", authserv=seen(hop("auth", "pass", smtp_auth="Ben@desk.example"))),
    ],
)
def test_ag_01_local_submission_and_login_prove_agents(evidence):
    mail = replace(MAIL, author=Mailbox("Ben", "ben@desk.example"))
    found = judge(evidence, mail=mail, agents={"ben@desk.example"})
    assert (found.assurance, found.signed_to_us) == (P, True)


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence("desk.example"),
        Evidence("desk.example", authserv=seen(hop("auth", "pass", smtp_auth="web123"))),
        Evidence("desk.example", authserv=seen(hop("auth", "pass", smtp_auth="anna@kunde.example"))),
        Evidence("desk.example", authserv=seen(hop("auth", "fail", smtp_auth="ben"))),
    ],
)
def test_ag_01_a_customer_of_the_same_server_is_no_agent(evidence):
    mail = replace(MAIL, author=Mailbox("Ben", "ben@desk.example"))
    assert assurance(evidence, mail=mail, agents={"ben@desk.example"}) is U


def test_ag_01_local_submission_does_not_prove_customers():
    assert assurance(Evidence(KUNDE, local=True), agents={"ben@desk.example"}) is U


# --- replay (ID-22) ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change, fields, expected",
    [
        ({}, ALL, True),
        ({"to": (Mailbox("", "Support@Desk.Example"),)}, ALL, True),
        ({"to": (Mailbox("", "support+abcdefghijklmnopqrstuvwxyz@desk.example"),)}, ALL, True),
        ({"to": (), "cc": (Mailbox("", "billing@desk.example"),)}, (*ALL, "cc"), True),
        ({"to": (), "cc": (Mailbox("", "billing@desk.example"),)}, ALL, False),
        ({"to": (Mailbox("", "other@company.example"),)}, ALL, False),
        ({"to": (Mailbox("support@desk.example", "other@company.example"),)}, ALL, False),
        ({"to": (Mailbox("", "anna+support@desk.example"),)}, ALL, False),
        ({"to": (Mailbox("", "support@evil.desk.example"),)}, ALL, False),
        ({"to": ()}, ALL, False),
        ({}, ("date", "from"), False),
        ({}, ("date", "from", "to"), False),
        ({"subject": None}, ("date", "from", "to"), True),
        ({}, ("from", "subject", "to"), False),
        ({"date": NOW - timedelta(days=6, hours=23)}, ALL, True),
        ({"date": NOW - timedelta(days=8)}, ALL, False),
        ({"date": NOW + timedelta(days=8)}, ALL, False),
        ({"date": None}, ALL, False),
    ],
)
def test_id_22_signed_for_us_and_fresh(change, fields, expected):
    found = judge(Evidence(KUNDE, None, (signed(fields=fields),)), mail=replace(MAIL, **change))
    assert (found.assurance, found.signed_to_us) == (P, expected)
    assert ("replay" in found.why) != expected


def test_id_22_one_and_the_same_signature_must_prove_and_cover():
    other = signed(domain="list.example", aligned=False)
    assert not judge(Evidence(KUNDE, None, (signed(fields=("from",)), other))).signed_to_us
    assert judge(Evidence(KUNDE, None, (signed(fields=("from",)), signed()))).signed_to_us


@pytest.mark.parametrize(
    "signatures, expected",
    [
        ((), True),
        ((signed("fail"),), True),
        ((signed("fail"), signed("fail", fields=("from",))), False),
        ((signed("fail"), DkimResult("", "", "policy", aligned=False, counts=False, weak=True)), False),
        ((signed("fail", domain="evil.example", aligned=False),), False),
    ],
)
def test_id_22_what_the_border_verified_must_be_signed_for_us_too(signatures, expected):
    found = judge(Evidence(KUNDE, None, signatures, None, seen(hop("dkim", "pass", header_d=KUNDE, header_s="s"))))
    assert (found.assurance, found.signed_to_us) == (P, expected)


@pytest.mark.parametrize("change", [{"to": ()}, {"date": NOW - timedelta(days=8)}])
def test_id_22_what_the_border_verified_and_took_out_must_name_us_and_be_fresh(change):
    evidence = Evidence(KUNDE, authserv=seen(hop("dkim", "pass", header_d=KUNDE)))
    assert not judge(evidence, mail=replace(MAIL, **change)).signed_to_us


@pytest.mark.parametrize("proof", [Proof.DMARC, Proof.ADDRESS])
def test_id_22_what_is_proved_by_the_connection_cannot_be_replayed(proof):
    assert judge(Evidence(KUNDE, spf(), (), dmarc()), proof=proof).signed_to_us


def test_id_22_the_delimiter_of_our_keys_is_the_operators():
    mail = replace(MAIL, to=(Mailbox("", "support=abcdef@desk.example"),))
    evidence = Evidence(KUNDE, None, (signed(),))
    options = {"proof": Proof.DKIM, "our_addresses": {"support@desk.example"}, "received_at": NOW}
    assert not grade(mail, evidence, **options).signed_to_us
    assert grade(mail, evidence, delimiter="=", **options).signed_to_us


# --- laws --------------------------------------------------------------------------------------------------------

results = st.sampled_from(["pass", "fail", "none", "neutral", "softfail", "policy", "permerror", "temperror"])
signatures = st.builds(
    signed,
    results,
    domain=st.sampled_from([KUNDE, "mail.kunde.example", "evil.example"]),
    aligned=st.booleans(),
    counts=st.booleans(),
    weak=st.booleans(),
    fields=st.sampled_from([ALL, ("from",)]),
)
methods = st.builds(hop, st.sampled_from(["dkim", "spf", "dmarc", "auth"]), results, aligned=st.booleans())
evidences = st.builds(
    Evidence,
    st.just(KUNDE),
    spf=st.none() | st.builds(spf, results, aligned=st.booleans()),
    dkim=st.lists(signatures, max_size=3).map(tuple),
    dmarc=st.none() | st.builds(dmarc, results),
    authserv=st.none() | st.lists(methods, max_size=3).map(lambda found: seen(*found)),
    local=st.booleans(),
)


@given(evidences)
def test_law_nothing_is_proved_by_dkim_without_an_aligned_pass_that_counts(evidence):
    own = any(one.aligned and one.counts for one in evidence.dkim)
    border = evidence.authserv and any(
        one.aligned and (one.method, one.result) == ("dkim", "pass") for one in evidence.authserv.methods
    )
    if assurance(evidence) is P:
        assert own or border
    if own:
        assert assurance(evidence) is P


@given(evidences)
def test_law_a_laxer_proof_never_lowers_and_never_touches_refuted(evidence):
    by = [assurance(evidence, proof=proof) for proof in (Proof.DKIM, Proof.DMARC, Proof.ADDRESS)]
    assert by[2] is not U
    assert (R in by) == (set(by) == {R})
    assert by[0] is not P or by == [P, P, P]
    assert by[1] is not P or by[2] is P


@given(evidences, st.lists(st.sampled_from(["a", "b"]), min_size=1).map(tuple))
def test_law_doubt_refutes_whatever_else_is_said(evidence, doubt):
    assert assurance(evidence, mail=replace(MAIL, author_doubt=doubt), proof=Proof.ADDRESS) is R
