import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailgate.core.who.address import (
    canonical,
    canonical_domain,
    domain_of,
    is_shared_domain,
    same,
    split,
)

CANONICAL = [
    ("Anna.Berg@Kunde.DE", "anna.berg@kunde.de"),
    ("anna+shop@kunde.de", "anna+shop@kunde.de"),
    ('"anna"@kunde.de', "anna@kunde.de"),
    ('"Anna.Berg"@kunde.de', "anna.berg@kunde.de"),
    ('"a b"@kunde.de', '"a b"@kunde.de'),
    ('"a\\ b"@kunde.de', '"a b"@kunde.de'),
    ('"a\\"b"@kunde.de', '"a\\"b"@kunde.de'),
    ('"\\a\\n\\n\\a"@kunde.de', "anna@kunde.de"),
    ('"x@bank.de"@evil.example', '"x@bank.de"@evil.example'),
    ("jürgen@müller.de", "jürgen@xn--mller-kva.de"),
    ("info@xn--mller-kva.de", "info@xn--mller-kva.de"),
    ("info@XN--MLLER-KVA.de", "info@xn--mller-kva.de"),
    ("root@localhost", "root@localhost"),
    ("max@my-company.co.uk", "max@my-company.co.uk"),
    ("o'neill!#$%&*@x.org", "o'neill!#$%&*@x.org"),
]


@pytest.mark.parametrize("stated, expected", CANONICAL)
def test_canonical_form(stated, expected):
    assert canonical(stated) == expected
    assert canonical(expected) == expected


@pytest.mark.parametrize(
    "stated",
    [
        "anna@kunde.de.",
        "anna@[192.0.2.1]",
        "anna@[IPv6:2001:db8::1]",
        "anna@192.0.2.1",
        "anna@",
        "@kunde.de",
        "anna",
        "",
        "an na@kunde.de",
        " anna@kunde.de",
        "anna@kunde.de\n",
        "anna@kun de.de",
        "anna@kunde..de",
        "anna@-kunde.de",
        "anna@kunde_x.de",
        "anna..berg@kunde.de",
        ".anna@kunde.de",
        "anna@evil.de@kunde.de",
        "anna(kunde.de)@kunde.de",
        "<anna@kunde.de>",
        '"anna@kunde.de',
        '"a"b"@kunde.de',
        '"a\\"@kunde.de',
        '"a\tb"@kunde.de',
        '""x"@kunde.de',
        "an\x00na@kunde.de",
        "an\ud800na@kunde.de",
        "anna@\ud800.de",
        "a" * 65 + "@kunde.de",
        "ü" * 33 + "@kunde.de",
        "a" * 60 + "@" + "b" * 60 + "." + "c" * 60 + "." + "d" * 60 + "." + "e" * 60 + ".de",
        "a@" + "b" * 64 + ".de",
        "a@" + "b." * 200000 + "de",
    ],
)
def test_id_16_what_has_no_canonical_form(stated):
    assert canonical(stated) is None
    assert domain_of(stated) is None
    assert not same(stated, stated)


def test_id_16_ascii_case_is_the_same_and_quotes_that_say_nothing():
    assert same("ANNA@KUNDE.DE", "anna@kunde.de")
    assert same('"anna"@kunde.de', "anna@kunde.de")
    assert not same('"an na"@kunde.de', "anna@kunde.de")


@pytest.mark.parametrize("other", ["anna+x@kunde.de", "an.na@kunde.de", "anna-x@kunde.de"])
def test_id_15_no_plus_and_no_dot_equivalence(other):
    assert canonical(other) is not None
    assert not same("anna@kunde.de", other)


# Each pair is one address to a codec, a case fold or NFKC, and two people to us.
IDN = [
    ("a@bank.de", "a@bank。de"),
    ("a@bank.de", "a@bank\uff0ede"),
    ("a@fass.de", "a@faß.de"),
    ("a@apple.com", "a@\u0430pple.com"),
    ("a@kunde.de", "a@kunde\u200b.de"),
    ("a@kunde.de", "a@kun\u00adde.de"),
    ("a@kunde.de", "a@\uff4bunde.de"),
    ("a@kelvin.de", "a@\u212aelvin.de"),
    ("a@ffi.de", "a@\ufb03.de"),
    ("a@paypal.com", "a@раураl.com"),
    ("a@xn--fa-hia.de", "a@fass.de"),
    ("a@müller.de", "a@mu\u0308ller.de"),
]


@pytest.mark.parametrize("ours, theirs", IDN)
def test_id_06_idn_homoglyphs_are_other_identities(ours, theirs):
    assert canonical(ours) is not None
    assert not same(ours, theirs)


def test_id_06_python_codec_would_have_mapped_them():
    assert "bank。de".encode("idna") == b"bank.de"  # the trap itself: keep away from this codec
    assert canonical_domain("bank。de") is None
    assert canonical_domain("faß.de") == "xn--fa-hia.de"


@pytest.mark.parametrize(
    "ours, theirs",
    [
        ("mike@x.de", "mıke@x.de"),
        ("kevin@x.de", "\u212aevin@x.de"),
        ("strasse@x.de", "straße@x.de"),
        ("office@x.de", "o\ufb03ce@x.de"),
        ("istanbul@x.de", "İstanbul@x.de"),
        ("jürgen@x.de", "JÜRGEN@x.de"),
        ("jürgen@x.de", "ju\u0308rgen@x.de"),
        ("a1@x.de", "a\u00b9@x.de"),
    ],
)
def test_id_07_local_parts_are_compared_by_bytes(ours, theirs):
    assert canonical(ours) is not None
    assert not same(ours, theirs)


def test_split_cuts_at_the_last_at_outside_quotes():
    assert split("a@b@c") == ("a@b", "c")
    assert split('"a@b"@c') == ('"a@b"', "c")
    assert split('a@"b') is None


@given(st.text(max_size=300))
def test_canonical_is_idempotent_and_never_raises(text):
    whole = canonical(text)
    if whole is not None:
        assert canonical(whole) == whole
        assert len(whole.encode()) <= 254


@given(st.text(alphabet='abAB.-_+"\\@ äß。1xn', max_size=40))
def test_two_spellings_are_one_only_by_case_and_quotes(text):
    whole = canonical(text)
    if whole is not None:
        plain = text.replace('"', "").replace("\\", "")
        assert plain.isascii() is False or plain.lower() == whole.replace('"', "").replace("\\", "")


def test_id_17_providers_and_suffixes_are_nobodys():
    providers = [
        "gmail.com",
        "gmx.de",
        "web.de",
        "t-online.de",
        "outlook.com",
        "yahoo.de",
        "icloud.com",
        "mailbox.org",
        "posteo.de",
        "proton.me",
    ]
    suffixes = ["de", "com", "co.uk", "com.au", "org.uk", "github.io"]
    assert all(is_shared_domain(name) for name in (*providers, *suffixes))
    assert is_shared_domain("GMAIL.com")
    assert is_shared_domain("nonsense domain")
    assert not is_shared_domain("my-company.de")


def test_id_17_at_least_fifty_providers_are_known():
    from mailgate.core.who.address import _SHARED, _SUFFIXES

    assert len(_SHARED) >= 50
    assert all(canonical_domain(name) == name for name in _SHARED | _SUFFIXES)
