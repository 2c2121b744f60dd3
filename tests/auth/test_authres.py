import pytest
from support.cost import within

from mailgate.auth import authres
from mailgate.core.who.evidence import AuthservMethod

IDS = ("mx.desk.example",)
GOOD = "Authentication-Results: mx.desk.example; dkim=pass header.d=kunde.example"
PASS = AuthservMethod("dkim", "pass", (("header.d", "kunde.example"),))
FROM = "From: anna@kunde.example\r\nTo: support@desk.example\r\n\r\nHello\r\n"
RECEIVED = "Received: from a.example by mx.desk.example with ESMTPS id 1;\r\n Mon, 2 Mar 2026 09:00:00 +0000"


def mail(*fields):
    return ("\r\n".join(fields) + "\r\n" + FROM).encode()


def read(raw, ids=IDS, above=0):
    return authres.read(raw, ids, above)


@pytest.mark.parametrize(
    "field",
    [
        GOOD,
        "Authentication-Results: MX.Desk.Example; dkim=pass header.d=kunde.example",
        "authentication-results: mx.desk.example 1; dkim=PASS header.d=kunde.example",
        "Authentication-Results: (border) mx.desk.example (really); dkim=pass (2048-bit key) header.d=kunde.example",
        "Authentication-Results:\r\n mx.desk.example;\r\n\tdkim=pass\r\n header.d=kunde.example",
        'Authentication-Results: mx.desk.example; dkim=pass reason="good; dkim=fail" header.d=kunde.example',
    ],
)
def test_our_own_border_is_believed(field):
    found = read(mail("Return-Path: <a@kunde.example>", field, RECEIVED))
    assert found is not None
    assert found.authserv_id == "mx.desk.example"
    assert found.methods == (PASS,)


def test_all_results_of_all_fields_above_the_boundary():
    found = read(
        mail(
            "Authentication-Results: mx.desk.example; spf=pass smtp.mailfrom=a@kunde.example; auth=pass smtp.auth=a@kunde.example",
            GOOD,
            "Authentication-Results: mx.desk.example; dmarc=pass (p=reject) header.from=kunde.example",
            RECEIVED,
        )
    )
    assert [method.method for method in found.methods] == ["spf", "auth", "dkim", "dmarc"]
    assert found.methods[0].value("smtp.mailfrom") == "a@kunde.example"
    assert found.methods[0].value("smtp.helo") is None


def test_several_signatures_in_one_field_are_all_kept():
    field = "Authentication-Results: mx.desk.example; dkim=fail header.d=list.example; dkim=pass header.d=kunde.example"
    assert [method.result for method in read(mail(field, RECEIVED)).methods] == ["fail", "pass"]


def test_a_border_that_found_nothing_says_so():
    found = read(mail("Authentication-Results: mx.desk.example; none", RECEIVED))
    assert found is not None
    assert found.methods == ()


def test_results_below_our_own_received_where_configured():
    raw = mail("Delivered-To: desk", RECEIVED, GOOD, "Received: from b by c; x")
    assert read(raw) is None
    assert read(raw, above=1).methods == (PASS,)
    assert read(mail(RECEIVED, RECEIVED, GOOD), above=1) is None


def test_id_19_the_topmost_field_decides_about_a_method():
    # a border behind its own Received that does not remove what the sender wrote
    raw = mail(RECEIVED, "Authentication-Results: mx.desk.example; dkim=none", GOOD)
    assert [method.result for method in read(raw, above=1).methods] == ["none"]


INNER = f"Content-Type: message/rfc822\r\n\r\n{GOOD}\r\n{FROM}"

# Thirty ways to make us believe what the sender wrote. Each mail came through our border, which added RECEIVED on top.
FORGED = {
    "right below": mail(RECEIVED, GOOD),
    "at the bottom": mail(RECEIVED, "Subject: x", "X-A: b", GOOD),
    "between forged Received": mail(RECEIVED, RECEIVED, GOOD, RECEIVED),
    "twice": mail(RECEIVED, GOOD, GOOD),
    "many": mail(RECEIVED, *[GOOD] * 50),
    "upper case": mail(RECEIVED, GOOD.upper()),
    "another id on top": mail("Authentication-Results: mx.evil.example; dkim=pass header.d=kunde.example", RECEIVED),
    "longer id": mail(GOOD.replace("mx.desk.example", "mx.desk.example.evil.example"), RECEIVED),
    "id as subdomain": mail(GOOD.replace("mx.desk", "a.mx.desk"), RECEIVED),
    "id with a dot": mail(GOOD.replace("desk.example;", "desk.example.;"), RECEIVED),
    "id shortened": mail(GOOD.replace("mx.desk.example", "desk.example"), RECEIVED),
    "id in a comment": mail(
        "Authentication-Results: mx.evil.example (mx.desk.example); dkim=pass header.d=kunde.example", RECEIVED
    ),
    "id after a comment trick": mail(
        "Authentication-Results: (mx.desk.example; dkim=pass) mx.evil.example; none", RECEIVED
    ),
    "id quoted inside": mail(
        'Authentication-Results: "evil mx.desk.example"; dkim=pass header.d=kunde.example', RECEIVED
    ),
    "no id": mail("Authentication-Results: dkim=pass header.d=kunde.example", RECEIVED),
    "empty id": mail("Authentication-Results: ; dkim=pass header.d=kunde.example", RECEIVED),
    "homoglyph id": mail(GOOD.replace("desk", "d\u0435sk"), RECEIVED),
    "other version": mail(GOOD.replace("example;", "example 2;", 1), RECEIVED),
    "space before the colon": mail(RECEIVED, GOOD.replace("Results:", "Results :")),
    "in the body": (RECEIVED + "\r\n" + FROM + GOOD + "\r\n").encode(),
    "in an attached message": (RECEIVED + "\r\n" + INNER).encode(),
    "after an empty line": (RECEIVED + "\r\n\r\n" + GOOD + "\r\n" + FROM).encode(),
    "behind a bare CR": mail(RECEIVED + "\r" + GOOD),
    "folded into Received": mail(RECEIVED, " " + GOOD),
    "behind a NUL": mail(RECEIVED, "X: \0", GOOD),
    "Received with a space": mail(RECEIVED.replace("Received:", "Received :"), GOOD),
    "Received in lower case": mail(RECEIVED.replace("Received:", "received:"), GOOD),
    "X-Received below": mail(RECEIVED, "X-Received: by x", GOOD),
    "ARC in its place": mail(
        "ARC-Authentication-Results: i=1; mx.desk.example; dkim=pass header.d=kunde.example", RECEIVED
    ),
    "Resent": mail("X-Authentication-Results: mx.desk.example; dkim=pass header.d=kunde.example", RECEIVED),
    "the result in a comment": mail(
        RECEIVED, "Authentication-Results: mx.desk.example; none (dkim=pass header.d=kunde.example)"
    ),
    "as another field": mail(
        "X-Spam: Authentication-Results: mx.desk.example; dkim=pass header.d=kunde.example", RECEIVED
    ),
    "after a line that is no field": ("garbage\r\n" + GOOD + "\r\n" + RECEIVED + "\r\n" + FROM).encode(),
    "as a continuation on top": (" " + GOOD + "\r\n" + RECEIVED + "\r\n" + FROM).encode(),
}


@pytest.mark.parametrize("form", FORGED)
def test_id_19_forged_results_are_not_seen(form):
    assert read(FORGED[form]) is None


def test_id_19_thirty_forms():
    assert len(FORGED) >= 30


def test_id_19_without_configured_names_nothing_is_believed():
    assert read(mail(GOOD, RECEIVED), ids=()) is None
    assert read(mail("Authentication-Results: ; dkim=pass", RECEIVED), ids=("", " ")) is None


def test_id_19_a_broken_field_hides_nothing_below_it():
    found = read(mail("Authentication-Results: mx.desk.example; dkim=pass header.d=kunde.example, x", GOOD, RECEIVED))
    assert found.methods == (PASS,)


def test_id_20_arc_gives_no_trust():
    arc = [
        "ARC-Seal: i=1; a=rsa-sha256; t=1; cv=none; d=mx.desk.example; s=s; b=AAAA",
        "ARC-Message-Signature: i=1; a=rsa-sha256; d=mx.desk.example; s=s; h=from; bh=AAAA; b=AAAA",
        "ARC-Authentication-Results: i=1; mx.desk.example; dkim=pass header.d=kunde.example; dmarc=pass",
    ]
    assert read(mail(*arc, RECEIVED)) is None


@pytest.mark.parametrize(
    "value",
    [
        "(" * 8000,
        "(a" * 4000 + ")" * 4000,
        "dkim=pass " + " " * 15000,
        ";" * 15000,
        "dkim=pass header.d=x " * 700,
        'dkim=pass header.b="' + "a" * 15000,
        "dkim=pass header.d=" + "a" * 1_000_000,
        "dkim=pass header.d=kunde.\u00e4",
        "=;=;=",
        "dkim/9=pass",
    ],
)
def test_id_23_hostile_results_are_cheap_and_harmless(value):
    raw = mail(f"Authentication-Results: mx.desk.example; {value}", RECEIVED)
    found = within(100, lambda: read(raw))
    assert found is None or all(method.value("header.d") in (None, "x") for method in found.methods)


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n", b"\xff" * 100, b"Authentication-Results:", b"a" * 1_000_000, b"A: b\n" * 100_000]
)
def test_any_bytes_are_taken(raw):
    assert read(raw) is None
