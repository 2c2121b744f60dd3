import pytest
from support.dns import DnsServer

from mailgate.auth import dmarc
from mailgate.auth.resolver import Resolver
from mailgate.core.who.evidence import DkimResult, SpfResult


@pytest.fixture
def dns():
    with DnsServer() as server:
        yield server


def lookups(dns):
    return Resolver([dns.address], query_timeout=8).lookups()


def discover(dns, domain, zone=""):
    dns.load(zone)
    return dmarc.discover(domain, lookups(dns))


def signature(domain="kunde.example", result="pass", aligned=True):
    return DkimResult(domain, "s", result, aligned=aligned, counts=result == "pass")


def sender(result="pass", aligned=True):
    return SpfResult(result, "kunde.example", "mailfrom", aligned=aligned)


# --- records -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"v=spf1 -all",
        b"p=reject; v=DMARC1",
        b"v=DMARC2; p=reject",
        b"v=dmarc1; p=reject",
        b"v=DMARC1x; p=reject",
        b"v=DMARC1",
        b"v=DMARC1; p=refuse",
        b"v=DMARC1; p=reject; sp=all",
        b"v=DMARC1; p=reject; np=",
        b"v=DMARC1; rua=ftp://x.example",
        b"\xff\xfe",
    ],
)
def test_r_54_what_is_no_policy_record(text):
    assert dmarc.parse("kunde.example", text) is None


@pytest.mark.parametrize(
    "text", [b"v=DMARC1; rua=mailto:d@kunde.example", b"v=DMARC1; p=x; sp=y; rua=mailto:d@kunde.example"]
)
def test_r_54_a_record_that_asks_for_reports_counts_as_none(text):
    record = dmarc.parse("kunde.example", text)
    assert (record.policy, record.subdomains) == ("none", None)


def test_r_54_tags_of_a_record():
    text = b"v = DMARC1 ; p=Reject;sp=quarantine; np=reject; adkim=s; aspf=s; psd=n; t=y; pct=5; x-foo=bar;"
    record = dmarc.parse("kunde.example", text)
    assert (record.policy, record.subdomains, record.nonexistent) == ("reject", "quarantine", "reject")
    assert record.strict_dkim
    assert record.strict_spf
    assert record.test
    assert record.public_suffix == "n"


def test_r_54_unknown_values_are_the_defaults():
    record = dmarc.parse("kunde.example", b"v=DMARC1; p=none; adkim=x; aspf=; psd=maybe; t=1; p=reject")
    assert (record.policy, record.strict_dkim, record.strict_spf) == ("none", False, False)
    assert (record.public_suffix, record.test) == ("u", False)


# --- tree walk ---------------------------------------------------------------------------------------------------


def test_r_54_walk_asks_eight_names_at_most(dns):
    dmarc.walk("a.b.c.d.e.f.g.h.i.j.mail.example.com", lookups(dns))
    assert [name for name, _ in dns.queries] == [
        "_dmarc.a.b.c.d.e.f.g.h.i.j.mail.example.com",
        "_dmarc.h.i.j.mail.example.com".replace("h.i", "g.h.i"),
        "_dmarc.h.i.j.mail.example.com",
        "_dmarc.i.j.mail.example.com",
        "_dmarc.j.mail.example.com",
        "_dmarc.mail.example.com",
        "_dmarc.example.com",
        "_dmarc.com",
    ]


@pytest.mark.parametrize(
    "domain, names",
    [
        ("com", ["com"]),
        ("example.com", ["example.com", "com"]),
        ("1.2.3.4.5.6.7.8", ["1.2.3.4.5.6.7.8", *[".".join("2345678"[at:]) for at in range(7)]]),
    ],
)
def test_r_54_walk_of_short_names(dns, domain, names):
    dmarc.walk(domain, lookups(dns))
    assert [name for name, _ in dns.queries] == [f"_dmarc.{name}" for name in names]


def test_r_54_walk_stops_at_psd(dns):
    found = discover(dns, "a.b.kunde.example", "_dmarc.b.kunde.example TXT v=DMARC1; p=reject; psd=n")
    assert found.organisation == "b.kunde.example"
    assert dns.asked("_dmarc.kunde.example") == 0


@pytest.mark.parametrize(
    "domain, zone, organisation",
    [
        # nobody says anything: the domain stands for itself
        ("mail.kunde.example", "", "mail.kunde.example"),
        # the record with the fewest labels
        (
            "a.mail.kunde.example",
            "_dmarc.kunde.example TXT v=DMARC1; p=none\n_dmarc.mail.kunde.example TXT v=DMARC1; p=none",
            "kunde.example",
        ),
        # one label below a public suffix that says so
        ("a.b.kunde.bank", "_dmarc.bank TXT v=DMARC1; p=reject; psd=y", "kunde.bank"),
        (
            "a.kunde.co.uk",
            "_dmarc.co.uk TXT v=DMARC1; p=none; psd=y\n_dmarc.kunde.co.uk TXT v=DMARC1; p=none",
            "kunde.co.uk",
        ),
        # a top-level domain and a host of strangers that forget to say so
        ("a.kunde.bank", "_dmarc.bank TXT v=DMARC1; p=reject", "kunde.bank"),
        ("a.one.onmicrosoft.com", "_dmarc.onmicrosoft.com TXT v=DMARC1; p=reject", "one.onmicrosoft.com"),
        ("gmail.com", "_dmarc.gmail.com TXT v=DMARC1; p=none", "gmail.com"),
        # the public suffix itself as author
        ("bank", "_dmarc.bank TXT v=DMARC1; p=reject; psd=y", "bank"),
        # two records at one name are none
        (
            "kunde.example",
            "_dmarc.kunde.example TXT v=DMARC1; p=none\n_dmarc.kunde.example TXT v=DMARC1; p=reject",
            "kunde.example",
        ),
        (
            "a.kunde.example",
            "_dmarc.kunde.example TXT v=DMARC1; p=none\n_dmarc.kunde.example TXT v=DMARC1; p=reject",
            "a.kunde.example",
        ),
        # other texts beside it do not matter
        (
            "a.kunde.example",
            "_dmarc.kunde.example TXT v=DMARC1; p=none\n_dmarc.kunde.example TXT hello",
            "kunde.example",
        ),
    ],
)
def test_r_54_organisational_domain(dns, domain, zone, organisation):
    assert discover(dns, domain, zone).organisation == organisation


# --- policy ------------------------------------------------------------------------------------------------------

EXISTS = "sub.kunde.example A 192.0.2.1\n"


@pytest.mark.parametrize(
    "domain, record, policy",
    [
        ("kunde.example", "v=DMARC1; p=reject; sp=none", "reject"),
        ("sub.kunde.example", "v=DMARC1; p=reject; sp=none; np=quarantine", "none"),
        ("sub.kunde.example", "v=DMARC1; p=reject", "reject"),
        ("gone.kunde.example", "v=DMARC1; p=none; sp=none; np=reject", "reject"),
        ("gone.kunde.example", "v=DMARC1; p=none; sp=quarantine", "quarantine"),
        ("kunde.example", "v=DMARC1; p=reject; t=y", "quarantine"),
        ("kunde.example", "v=DMARC1; p=quarantine; t=y", "none"),
        ("kunde.example", "v=DMARC1; p=none; t=y", "none"),
        ("kunde.example", "v=DMARC1; p=reject; pct=0", "reject"),
    ],
)
def test_id_02_what_the_policy_asks(dns, domain, record, policy):
    found = discover(dns, domain, EXISTS + f"_dmarc.kunde.example TXT {record}")
    assert found.policy == policy
    assert found.record.domain == "kunde.example"


def test_r_54_policy_of_a_public_suffix_counts_for_those_without_one(dns):
    found = discover(
        dns, "mail.kunde.bank", "_dmarc.bank TXT v=DMARC1; p=none; sp=reject; psd=y\nmail.kunde.bank A 192.0.2.1"
    )
    assert (found.policy, found.record.domain, found.organisation) == ("reject", "bank", "kunde.bank")


def test_id_23_trouble_on_the_way_is_trouble(dns):
    found = discover(dns, "kunde.example", "_dmarc.kunde.example SERVFAIL")
    assert found.trouble
    assert dmarc.evaluate(found, sender("fail"), ()).result == "temperror"


# --- alignment ---------------------------------------------------------------------------------------------------

RECORD = "_dmarc.kunde.example TXT v=DMARC1; p=reject\n"


@pytest.mark.parametrize(
    "author, identifier, zone, relaxed, strict",
    [
        ("kunde.example", "kunde.example", "", True, True),
        ("kunde.example", "mail.kunde.example", RECORD, True, False),
        ("mail.kunde.example", "kunde.example", RECORD, True, False),
        ("a.kunde.example", "b.kunde.example", RECORD, True, False),
        ("kunde.example", "mail.kunde.example", "", False, False),
        ("kunde.example", "evil.example", RECORD, False, False),
        ("kunde.example", "notkunde.example", RECORD, False, False),
        ("kunde.example", "example", RECORD, False, False),
        # a part of the organisation that declares itself one
        (
            "kunde.example",
            "tenant.kunde.example",
            RECORD + "_dmarc.tenant.kunde.example TXT v=DMARC1; p=none; psd=n",
            False,
            False,
        ),
        # two customers of one public suffix, and of one that does not say so
        ("a.co.uk", "b.co.uk", "_dmarc.co.uk TXT v=DMARC1; p=none", False, False),
        ("a.onmicrosoft.com", "b.onmicrosoft.com", "_dmarc.onmicrosoft.com TXT v=DMARC1; p=none", False, False),
        ("a.hoster.example", "b.hoster.example", "_dmarc.hoster.example TXT v=DMARC1; p=none; psd=y", False, False),
    ],
)
def test_id_03_alignment(dns, author, identifier, zone, relaxed, strict):
    found = discover(dns, author, zone)
    alignment = dmarc.Alignment(found, lookups(dns))
    assert alignment.holds(identifier) == relaxed
    assert alignment.holds(identifier, strict=True) == strict
    assert not alignment.trouble


def test_id_03_a_foreign_domain_is_never_asked_for(dns):
    found = discover(dns, "kunde.example", RECORD)
    dns.queries.clear()
    alignment = dmarc.Alignment(found, lookups(dns))
    assert not alignment.holds("slow.evil.example")
    assert not alignment.holds("slow.notkunde.example")
    assert not alignment.holds("example")
    assert dns.queries == []


def test_id_23_trouble_with_alignment_is_no_failure(dns):
    found = discover(dns, "kunde.example", RECORD + "_dmarc.mail.kunde.example SERVFAIL")
    alignment = dmarc.Alignment(found, lookups(dns))
    assert not alignment.holds("mail.kunde.example")
    assert alignment.trouble
    signatures = (signature("mail.kunde.example", aligned=False),)
    assert dmarc.evaluate(found, sender("fail"), signatures, trouble=True).result == "temperror"


# --- result ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spf, signatures, expected",
    [
        (sender(), (), "pass"),
        (sender("fail"), (signature(),), "pass"),
        (None, (signature(),), "pass"),
        (sender("pass", aligned=False), (), "fail"),
        (sender("softfail"), (), "fail"),
        (sender("neutral"), (), "fail"),
        (sender("none"), (), "fail"),
        (sender("permerror"), (signature(result="permerror"),), "fail"),
        (sender("fail"), (signature("evil.example", aligned=False),), "fail"),
        (sender("fail"), (signature(result="policy"),), "fail"),
        (sender("temperror"), (), "temperror"),
        (sender("temperror", aligned=False), (), "fail"),
        (sender("fail"), (signature(result="temperror"),), "temperror"),
        (sender("fail"), (signature("evil.example", "temperror", aligned=False),), "fail"),
        (sender("temperror"), (signature(),), "pass"),
        (None, (), "none"),
        (None, (signature(result="fail"),), "none"),
    ],
)
def test_r_54_result(dns, spf, signatures, expected):
    found = discover(dns, "kunde.example", RECORD)
    result = dmarc.evaluate(found, spf, signatures)
    assert result.result == expected
    assert (result.domain, result.policy, result.record_domain) == ("kunde.example", "reject", "kunde.example")
    assert result.why


def test_r_54_without_a_record_there_is_no_result(dns):
    result = dmarc.evaluate(discover(dns, "kunde.example"), sender(), (signature(),))
    assert (result.result, result.policy) == ("none", None)


def test_hyphen_domain_is_judged_whole(dns):
    # authheaders asked for "my"
    found = discover(dns, "my-company.example", "_dmarc.my-company.example TXT v=DMARC1; p=reject")
    assert found.policy == "reject"
    assert dns.queries[0] == ("_dmarc.my-company.example", "TXT")
