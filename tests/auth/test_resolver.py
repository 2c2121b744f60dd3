import threading

import pytest
from support.dns import DnsServer

from mailgate.auth.resolver import DnsTroubleError, Resolver

ZONE = """
kunde.example TXT v=spf1 -all
kunde.example A 192.0.2.1
alias.example CNAME kunde.example
sub.empty.example A 192.0.2.2
broken.example SERVFAIL
silent.example DROP
"""


@pytest.fixture
def dns():
    with DnsServer(ZONE) as server:
        yield server


def resolver(dns, **options):
    return Resolver([dns.address], **{"query_timeout": 8, **options})


def test_records_of_a_name(dns):
    lookups = resolver(dns).lookups()
    assert lookups.txt("kunde.example") == (b"v=spf1 -all",)
    assert lookups.txt("KUNDE.example.") == (b"v=spf1 -all",)
    assert lookups.txt("alias.example") == (b"v=spf1 -all",)
    assert lookups.trouble == []


def test_no_records_and_no_name_differ(dns):
    lookups = resolver(dns).lookups()
    assert lookups.txt("empty.example") == ()
    assert lookups.exists("empty.example")
    assert lookups.txt("nothing.example") == ()
    assert not lookups.exists("nothing.example")


def test_long_texts_are_joined_and_come_by_tcp(dns):
    text = "v=DKIM1; p=" + "A" * 3000
    dns.add("long.example", "TXT", text)
    assert resolver(dns).lookups().txt("long.example") == (text.encode(),)


@pytest.mark.parametrize("name", ["broken.example", "silent.example"])
def test_id_23_trouble_is_neither_yes_nor_no(dns, name):
    lookups = resolver(dns, query_timeout=0.2).lookups()
    with pytest.raises(DnsTroubleError):
        lookups.txt(name)
    with pytest.raises(DnsTroubleError):
        lookups.exists(name)
    assert len(lookups.trouble) == 2
    assert name in lookups.trouble[0]


def test_trouble_is_not_cached(dns):
    asked = resolver(dns)
    with pytest.raises(DnsTroubleError):
        asked.lookups().txt("broken.example")
    dns.servfail.clear()
    dns.add("broken.example", "TXT", "well again")
    assert asked.lookups().txt("broken.example") == (b"well again",)


def test_answers_are_cached_for_their_time_and_names_that_do_not_exist_too(dns):
    now = [0.0]
    asked = resolver(dns, clock=lambda: now[0])
    for _ in range(3):
        asked.lookups().txt("kunde.example")
        asked.lookups().txt("nothing.example")
    assert dns.asked("kunde.example") == 1
    assert dns.asked("nothing.example") == 1
    now[0] = 61.0
    asked.lookups().txt("kunde.example")
    asked.lookups().txt("nothing.example")
    assert dns.asked("kunde.example") == 2
    assert dns.asked("nothing.example") == 2


def test_the_cache_is_bounded_in_number_and_size(dns):
    asked = resolver(dns, max_cached=10)
    dns.add("huge.example", "TXT", "x" * 5000)
    for number in range(30):
        asked.lookups().txt(f"n{number}.example")
    assert len(asked._cache) == 10
    asked.lookups().txt("huge.example")
    asked.lookups().txt("huge.example")
    assert dns.asked("huge.example", "TXT") >= 2


def test_id_23_the_queries_of_one_message_are_limited(dns):
    lookups = resolver(dns).lookups(max_queries=3)
    for number in range(3):
        lookups.txt(f"n{number}.example")
    with pytest.raises(DnsTroubleError, match="too many"):
        lookups.txt("kunde.example")


def test_id_23_the_time_of_one_message_is_limited(dns):
    lookups = resolver(dns, query_timeout=5).lookups(timeout=0.3)
    before = len(dns.queries)
    for _ in range(5):
        with pytest.raises(DnsTroubleError):
            lookups.txt("silent.example")
    assert lookups.seconds_left == 0
    assert len(dns.queries) - before == 1, "the first query has used the time up; a retry comes after two seconds"


@pytest.mark.parametrize(
    "name", ["", "a..b", "x" * 64 + ".de", "a." * 200, "müller.de", "a\\046b.de", "\x00", "\ud800.de"]
)
def test_names_that_dns_cannot_hold_have_no_records(dns, name):
    assert resolver(dns).lookups().txt(name) == ()


def test_several_threads_may_ask(dns):
    asked = resolver(dns, query_timeout=10)
    seen = []
    threads = [threading.Thread(target=lambda: seen.append(asked.lookups().txt("kunde.example"))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [(b"v=spf1 -all",)] * 20


@pytest.mark.parametrize(
    "text, shown",
    [("192.0.2.1", ("192.0.2.1", 53)), ("[::1]:5353", ("::1", 5353)), ("2001:db8::1", ("2001:db8::1", 53))],
)
def test_name_servers_are_addresses(text, shown):
    server = Resolver([text])._dns.nameservers[0]
    assert (server.address, server.port) == shown


@pytest.mark.parametrize("text", ["ns.example", "192.0.2.1:dns", "", "192.0.2.1:53:53"])
def test_what_is_no_name_server(text):
    with pytest.raises(ValueError):
        Resolver([text])


def test_a_machine_without_name_servers_has_trouble_not_a_crash(monkeypatch):
    import dns.resolver

    def nothing(*args, **kwargs):
        raise dns.resolver.NoResolverConfiguration

    monkeypatch.setattr(dns.resolver.Resolver, "read_resolv_conf", nothing)
    with pytest.raises(DnsTroubleError):
        Resolver().lookups().txt("kunde.example")


def test_names_below_invalid_are_never_asked_for():
    with DnsServer("kunde.invalid TXT v=spf1 -all") as dns:
        lookups = Resolver([dns.address]).lookups()
        assert lookups.txt("kunde.invalid") == ()
        assert lookups.trouble == []
        assert dns.queries == []
