import threading

import pytest
from support.cost import within
from support.dns import DnsServer

from mailgate.auth import spf
from mailgate.auth.resolver import Resolver
from mailgate.core.mail.envelope import Client

ZONE = """
kunde.example TXT v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 mx include:_spf.hoster.example -all
kunde.example MX 10 mx.kunde.example.
mx.kunde.example A 198.51.100.7
_spf.hoster.example TXT v=spf1 ip4:203.0.113.9 ?all
soft.example TXT v=spf1 ~all
neutral.example TXT v=spf1 ?all
nothing.example A 192.0.2.1
twice.example TXT v=spf1 -all
twice.example TXT v=spf1 +all
bad.example TXT v=spf1 frobnicate -all
redirect.example TXT v=spf1 redirect=kunde.example
ptr.example TXT v=spf1 ptr -all
1.2.0.192.in-addr.arpa PTR mail.ptr.example.
mail.ptr.example A 192.0.2.1
v6.example TXT v=spf1 a:v6.example -all
v6.example AAAA 2001:db8::5
local.example TXT v=spf1 exists:%{l}.users.example -all
anna.users.example A 127.0.0.2
broken.example SERVFAIL
incl.example TXT v=spf1 include:broken.example -all
silent.example DROP
loop.example TXT v=spf1 include:loop.example -all
void.example TXT v=spf1 a:v1.example a:v2.example a:v3.example +all
my-kunde.example TXT v=spf1 ip4:192.0.2.1 -all
"""


@pytest.fixture(scope="module")
def dns():
    with DnsServer(ZONE) as server:
        server.load("\n".join(f"i{n}.example TXT v=spf1 include:i{n + 1}.example ?all" for n in range(12)))
        server.load("i12.example TXT v=spf1 +all")
        mechanisms = " ".join(f"a:h{n}.example" for n in range(11))
        server.load(f"eleven.example TXT v=spf1 {mechanisms} +all")
        server.load("\n".join(f"h{n}.example A 198.51.100.{n}" for n in range(11)))
        server.load("manymx.example TXT v=spf1 mx +all")
        server.load("\n".join(f"manymx.example MX 10 h{n}.example." for n in range(11)))
        yield server


def check(dns, path, client="192.0.2.1", helo="mx.kunde.example", **options):
    return spf.check(Client(client, helo), path, Resolver([dns.address], **{"query_timeout": 8, **options}).lookups())


@pytest.mark.parametrize(
    "path, client, expected",
    [
        ("anna@kunde.example", "192.0.2.1", "pass"),
        ("anna@kunde.example", "2001:db8::1", "pass"),
        ("anna@kunde.example", "::ffff:192.0.2.1", "pass"),
        ("anna@my-kunde.example", "::ffff:192.0.2.2", "fail"),
        ("anna@kunde.example", "::ffff:192.0.2.1", "pass"),
        ("anna@kunde.example", "198.51.100.7", "pass"),
        ("anna@kunde.example", "203.0.113.9", "pass"),
        ("anna@kunde.example", "203.0.113.10", "fail"),
        ("anna@KUNDE.example", "203.0.113.10", "fail"),
        ("anna@soft.example", "192.0.2.1", "softfail"),
        ("anna@neutral.example", "192.0.2.1", "neutral"),
        ("anna@nothing.example", "192.0.2.1", "none"),
        ("anna@nxdomain.example", "192.0.2.1", "none"),
        ("anna@redirect.example", "192.0.2.1", "pass"),
        ("anna@ptr.example", "192.0.2.1", "pass"),
        ("anna@v6.example", "2001:db8::5", "pass"),
        ("anna@local.example", "192.0.2.1", "pass"),
        ("otto@local.example", "192.0.2.1", "fail"),
        ("anna@my-kunde.example", "192.0.2.1", "pass"),
        ("anna@twice.example", "192.0.2.1", "permerror"),
        ("anna@bad.example", "192.0.2.1", "permerror"),
        ("anna@broken.example", "192.0.2.1", "temperror"),
        ("anna@incl.example", "192.0.2.1", "temperror"),
    ],
)
def test_r_53_results(dns, path, client, expected):
    result = check(dns, path, client)
    assert (result.result, result.scope, result.aligned) == (expected, "mailfrom", False)


@pytest.mark.parametrize("domain", ["i0.example", "eleven.example", "loop.example", "void.example", "manymx.example"])
def test_id_23_spf_bombs_permit_nobody(dns, domain):
    before = len(dns.queries)
    assert check(dns, f"anna@{domain}", "203.0.113.77").result == "permerror"
    assert len(dns.queries) - before <= 25


def test_id_23_silence_is_trouble_in_bounded_time(dns):
    before = len(dns.queries)
    assert check(dns, "anna@silent.example", query_timeout=0.2).result == "temperror"
    assert len(dns.queries) - before <= 2


def test_id_23_records_that_cost_the_library_quadratic_time(dns):
    hostile = {
        "label": "v=spf1 a:x." + "a" * 50_000 + "! -all",
        "many": "v=spf1 " + " ".join(["a:" + "x." * 240 + "!"] * 100) + " -all",
        "exp": "v=spf1 -all exp=text.example",
        "digits": "v=spf1 ip4:" + "1" * 500 + " -all",
        "macro": "v=spf1 exists:" + "%{d9999999}" * 40 + " -all",
    }
    dns.add("text.example", "TXT", ".%{d}" * 12_000)
    for name, record in hostile.items():
        dns.add(f"{name}.hostile.example", "TXT", record)
        result = within(100, lambda: check(dns, f"a@{name}.hostile.example"))  # noqa: B023 - called at once
        assert result.result != "pass"


def test_a_null_reverse_path_is_judged_by_helo(dns):
    result = check(dns, "", "192.0.2.1", helo="kunde.example")
    assert (result.result, result.scope, result.domain) == ("pass", "helo", "kunde.example")
    assert check(dns, "", helo="localhost").result == "none"
    assert check(dns, "", helo="[192.0.2.1]").result == "none"


@pytest.mark.parametrize(
    "path", ["anna", "anna@", "@", "anna@[192.0.2.1]", "anna@localhost", "anna@kun de.example", "a@\ud800.de"]
)
def test_without_a_domain_there_is_no_result(dns, path):
    assert check(dns, path).result == "none"


def test_quoted_local_part_does_not_name_the_domain(dns):
    # the library cuts at the first @: "x@kunde.example"@soft.example must be judged as soft.example
    result = check(dns, '"x@kunde.example"@soft.example')
    assert (result.result, result.domain) == ("softfail", "soft.example")


def test_a_client_without_an_address_is_permitted_nowhere(dns):
    assert check(dns, "anna@kunde.example", client="unix socket").result == "none"
    assert check(dns, "anna@kunde.example", client="list").result == "none"


def test_why_holds_no_unprintable_text_of_the_record(dns):
    dns.add("rude.example", "TXT", "v=spf1 \x1b[31m\x07 -all")
    result = check(dns, "anna@rude.example")
    assert result.result == "permerror"
    assert result.why.isprintable()


def test_messages_in_several_threads_do_not_mix():
    zones = [f"kunde.example TXT v=spf1 ip4:192.0.2.{n} -all" for n in range(6)]
    seen = {}

    def work(number, server):
        for _ in range(10):
            result = check(server, "anna@kunde.example", f"192.0.2.{number}").result
            seen.setdefault(number, set()).add(result)

    servers = [DnsServer(zone) for zone in zones]
    threads = [threading.Thread(target=work, args=item) for item in enumerate(servers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for server in servers:
        server.close()
    assert seen == {number: {"pass"} for number in range(6)}
