import random
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.cost import within
from support.dns import DnsServer
from support.signing import ed25519_key, rsa_key, sign

from mailgate.auth.gather import Gatherer
from mailgate.auth.resolver import Resolver
from mailgate.core.mail.envelope import Client, Envelope, Transport
from mailgate.core.who.evidence import Assurance, AuthSettings, Proof
from mailgate.core.who.grade import grade
from mailgate.parse.errors import TooComplex
from mailgate.parse.message import parse

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
INSIDE = Client("192.0.2.1", "mx.kunde.example")
ELSEWHERE = Client("203.0.113.66", "bot.evil.example")
RELAY = Client("127.0.0.1", "relay.desk.example", trusted=True)
BORDER = "Authentication-Results: mx.desk.example; "
RECEIVED = "Received: from a by mx.desk.example; Mon, 02 Mar 2026 09:00:00 +0000\r\n"
ZONE = """
kunde.example TXT v=spf1 ip4:192.0.2.0/24 -all
_dmarc.kunde.example TXT v=DMARC1; p=reject
strict.example TXT v=spf1 ip4:192.0.2.0/24 -all
_dmarc.strict.example TXT v=DMARC1; p=quarantine; adkim=s; aspf=s
mail.strict.example TXT v=spf1 ip4:192.0.2.0/24 -all
monitor.example TXT v=spf1 ~all
_dmarc.monitor.example TXT v=DMARC1; p=none; t=y
plain.example TXT v=spf1 ip4:192.0.2.0/24 -all
sub.np.example A 192.0.2.9
_dmarc.np.example TXT v=DMARC1; p=none; sp=none; np=reject
evil.example TXT v=spf1 +all
my-kunde.example TXT v=spf1 -all
_dmarc.my-kunde.example TXT v=DMARC1; p=reject
_dmarc.broken.example SERVFAIL
s._domainkey.silent.example DROP
_dmarc.silent.example TXT v=DMARC1; p=reject
silent.example TXT v=spf1 -all
"""


@pytest.fixture(scope="module")
def dns():
    with DnsServer(ZONE) as server:
        for domain in ("kunde.example", "mail.kunde.example", "strict.example", "mail.strict.example", "plain.example"):
            server.add(f"s._domainkey.{domain}", "TXT", rsa_key().record)
        for domain in ("evil.example", "my-kunde.example", "kunde.example", "plain.example"):
            server.add(f"e._domainkey.{domain}", "TXT", ed25519_key().record)
        yield server


def mail(author="anna@kunde.example", fields="", body="it is down\r\n"):
    return (
        f"{fields}From: {author}\r\nTo: support@desk.example\r\nSubject: srv-web-01\r\n"
        f"Date: Mon, 02 Mar 2026 09:00:00 +0000\r\nMessage-ID: <1@kunde.example>\r\n\r\n{body}"
    ).encode("utf-8", "surrogateescape")


def gather(dns, raw, client=None, path="anna@kunde.example", transport=None, ids=("mx.desk.example",), **options):
    transport = transport or (Transport.SMTP if client else Transport.IMAP)
    envelope = Envelope("1", NOW, transport, client, path, ("support@desk.example",), raw)
    options.setdefault("query_timeout", 8)  # a busy machine is no DNS trouble
    gatherer = Gatherer(AuthSettings(authserv_ids=ids), Resolver([dns.address], **options))
    return gatherer.gather(envelope, parse(raw))


def judge(dns, raw, client=None, path="anna@kunde.example", proof=Proof.DKIM, agents=(), **options):
    evidence = gather(dns, raw, client, path, **options)
    return grade(
        parse(raw), evidence, proof=proof, our_addresses={"support@desk.example"}, received_at=NOW, agents=agents
    )


def test_id_01_forged_without_anything(dns):
    found = judge(dns, mail("anna@plain.example"), ELSEWHERE, "x@evil.example")
    assert found.assurance is Assurance.UNPROVED


@pytest.mark.parametrize(
    "author", ["anna@kunde.example", "anna@sub.kunde.example", "anna@monitor.example", "a@my-kunde.example"]
)
def test_id_02_dmarc_failure_is_refuted_whatever_the_policy(dns, author):
    found = judge(dns, mail(author), ELSEWHERE, author)
    assert found.assurance is Assurance.REFUTED
    assert "DMARC" in found.why


def test_id_02_policies_as_published(dns):
    assert gather(dns, mail("a@kunde.example"), ELSEWHERE).dmarc.policy == "reject"
    assert gather(dns, mail("a@strict.example"), ELSEWHERE).dmarc.policy == "quarantine"
    assert gather(dns, mail("a@monitor.example"), ELSEWHERE).dmarc.policy == "none"
    assert gather(dns, mail("a@gone.np.example"), ELSEWHERE).dmarc.policy == "reject"
    assert gather(dns, mail("a@sub.np.example"), ELSEWHERE).dmarc.policy == "none"


def test_id_03_a_signature_of_another_domain_is_not_aligned(dns):
    raw = sign(mail(), "evil.example", "e", ed25519_key())
    evidence = gather(dns, raw, ELSEWHERE, "x@evil.example")
    assert (evidence.dkim[0].result, evidence.dkim[0].aligned) == ("pass", False)
    assert evidence.dmarc.result == "fail"
    assert judge(dns, raw, ELSEWHERE, "x@evil.example").assurance is Assurance.REFUTED
    assert judge(dns, raw).assurance is Assurance.UNPROVED


def test_id_04_spf_alone_is_enough_only_where_so_configured(dns):
    evidence = gather(dns, mail(), INSIDE)
    assert (evidence.spf.result, evidence.spf.aligned, evidence.dmarc.result) == ("pass", True, "pass")
    assert judge(dns, mail(), INSIDE).assurance is Assurance.UNPROVED
    assert judge(dns, mail(), INSIDE, proof=Proof.DMARC).assurance is Assurance.PROVED


def test_id_04_spf_of_helo_alone_proves_nobody(dns):
    mta = Client(INSIDE.address, "kunde.example")
    evidence = gather(dns, mail(), mta, "")
    assert (evidence.spf.scope, evidence.spf.result, evidence.spf.aligned) == ("helo", "pass", True)
    assert judge(dns, mail(), mta, path="", proof=Proof.DMARC).assurance is Assurance.UNPROVED


def test_a_genuine_mail_is_proved_on_every_way(dns):
    raw = sign(mail(), "kunde.example", "s", rsa_key())
    for client in (INSIDE, ELSEWHERE, RELAY, None):
        found = judge(dns, raw, client)
        assert (found.assurance, found.signed_to_us) == (Assurance.PROVED, True)


def test_alignment_follows_the_record(dns):
    raw = sign(mail(), "mail.kunde.example", "s", rsa_key())
    assert gather(dns, raw).dkim[0].aligned
    raw = sign(mail("a@strict.example"), "mail.strict.example", "s", rsa_key())
    evidence = gather(dns, raw, INSIDE, "a@mail.strict.example")
    assert (evidence.dkim[0].aligned, evidence.spf.aligned, evidence.dmarc.result) == (False, False, "fail")


def test_hyphen_domain_is_judged_whole(dns):
    # authheaders judged max@my-kunde.example by "my" and let it pass
    evidence = gather(dns, mail("max@my-kunde.example"), ELSEWHERE, "max@my-kunde.example")
    assert evidence.author_domain == "my-kunde.example"
    assert evidence.dmarc.result == "fail"
    raw = sign(mail("max@my-kunde.example"), "my-kunde.example", "e", ed25519_key())
    assert judge(dns, raw, ELSEWHERE).assurance is Assurance.PROVED


def test_quoted_local_part_does_not_name_the_domain(dns):
    # authheaders judged "anna@kunde.example"@evil.example by kunde.example
    raw = sign(mail('"anna@kunde.example"@evil.example'), "kunde.example", "s", rsa_key())
    evidence = gather(dns, raw, INSIDE)
    assert evidence.author_domain in (None, "evil.example")
    assert judge(dns, raw, INSIDE).assurance is not Assurance.PROVED


@pytest.mark.parametrize(
    "fields",
    [
        "From: evil@evil.example\r\n",
        "From: anna@kunde.example\r\n",
        "From : evil@evil.example\r\n",
        "FROM: evil@evil.example\r\n",
    ],
)
def test_id_09_two_from_fields_are_refuted_signed_or_not(dns, fields):
    for raw in (mail(fields=fields), fields.encode() + sign(mail(), "kunde.example", "s", rsa_key())):
        assert judge(dns, raw, INSIDE).assurance is Assurance.REFUTED


def though_signed(dns, author):
    """The grade of a signed mail with that From, where any address would prove."""
    raw = sign(mail(author), "kunde.example", "s", rsa_key())
    return judge(dns, raw, INSIDE, proof=Proof.ADDRESS).assurance


@pytest.mark.parametrize("name", ["anna@kunde.example", "Support <anna@kunde.example>", "anna@kunde.example via desk"])
def test_id_08_a_display_name_is_nobodys_identity(dns, name):
    raw = sign(mail(f'"{name}" <eve@evil.example>'), "evil.example", "e", ed25519_key())
    evidence = gather(dns, raw, ELSEWHERE, "eve@evil.example")
    assert evidence.author_domain in (None, "evil.example")
    forged = sign(mail(f'"{name}" <eve@evil.example>'), "kunde.example", "s", rsa_key())
    assert judge(dns, forged, INSIDE).assurance is not Assurance.PROVED


@pytest.mark.parametrize("author", ["anna@kunde.example, evil@evil.example", "a@kunde.example, b@kunde.example"])
def test_id_10_several_mailboxes_are_refuted(dns, author):
    assert though_signed(dns, author) is Assurance.REFUTED


@pytest.mark.parametrize(
    "author", ["undisclosed: anna@kunde.example;", "undisclosed:;", "a: anna@kunde.example, b@kunde.example;"]
)
def test_id_11_groups_are_refuted(dns, author):
    assert though_signed(dns, author) is Assurance.REFUTED


@pytest.mark.parametrize(
    "author",
    [
        "anna@kunde.example <evil@evil.example>",
        "<anna@kunde.example><evil@evil.example>",
        "<@evil.example:anna@kunde.example>",
    ],
)
def test_id_12_what_parsers_read_differently_is_refuted(dns, author):
    assert though_signed(dns, author) is Assurance.REFUTED


@pytest.mark.parametrize("fields", ["Reply-To: anna@kunde.example\r\n", "Sender: anna@kunde.example\r\n"])
def test_id_13_identity_is_from_alone(dns, fields):
    raw = sign(mail("eve@evil.example", fields), "kunde.example", "s", rsa_key())
    evidence = gather(dns, raw, INSIDE, "anna@kunde.example")
    assert evidence.author_domain == "evil.example"
    assert not evidence.dkim[0].aligned
    assert not evidence.spf.aligned


def test_id_14_resent_fields_and_quoted_headers_are_nobodys_identity(dns):
    body = "---------- Forwarded message ---------\r\nFrom: anna@kunde.example\r\n\r\ncancel\r\n"
    raw = sign(mail("eve@evil.example", "Resent-From: anna@kunde.example\r\n", body), "kunde.example", "s", rsa_key())
    assert gather(dns, raw, INSIDE).author_domain == "evil.example"
    assert judge(dns, raw, INSIDE).assurance is not Assurance.PROVED


@pytest.mark.parametrize("author", ["anna@kunde.example.", "anna@[192.0.2.1]", "anna@kunde。example"])
def test_id_16_what_has_no_canonical_form_is_refuted(dns, author):
    assert though_signed(dns, author) is Assurance.REFUTED


def test_id_16_case_and_needless_quotes_are_harmless(dns):
    for author in ("ANNA@KUNDE.EXAMPLE", '"anna"@kunde.example'):
        raw = sign(mail(author), "kunde.example", "s", rsa_key())
        assert judge(dns, raw, INSIDE).assurance is Assurance.PROVED


def test_r_54_an_author_domain_in_unicode_is_judged_as_its_a_label(dns):
    dns.add("e._domainkey.xn--mller-kva.example", "TXT", ed25519_key().record)
    raw = sign(mail("Jürgen <juergen@müller.example>"), "xn--mller-kva.example", "e", ed25519_key())
    evidence = gather(dns, raw, ELSEWHERE, "")
    assert evidence.author_domain == "xn--mller-kva.example"
    assert judge(dns, raw, ELSEWHERE, "").assurance is Assurance.PROVED


def test_r_53_spf_speaks_about_no_relay_of_ours_and_about_no_mailbox(dns):
    assert gather(dns, mail(), RELAY).spf is None
    assert gather(dns, mail(), None).spf is None
    assert gather(dns, mail(), RELAY).dmarc.result == "none"


def test_id_19_the_border_is_believed_only_where_the_path_is_ours(dns):
    raw = mail(fields=BORDER + "dkim=pass header.d=kunde.example\r\n" + RECEIVED)
    assert judge(dns, raw).assurance is Assurance.PROVED
    assert judge(dns, raw, RELAY).assurance is Assurance.PROVED
    assert judge(dns, raw, INSIDE).assurance is Assurance.UNPROVED
    assert judge(dns, raw, ELSEWHERE).assurance is Assurance.REFUTED
    lmtp = Client("198.51.100.1")
    assert gather(dns, raw, lmtp, transport=Transport.LMTP).authserv is None
    assert judge(dns, raw, ids=()).assurance is Assurance.UNPROVED
    below = mail(fields=RECEIVED + BORDER + "dkim=pass header.d=kunde.example\r\n")
    assert judge(dns, below).assurance is Assurance.UNPROVED


@pytest.mark.parametrize(
    "result, dkim, dmarc",
    [
        ("dkim=pass header.d=kunde.example", True, True),
        ("dkim=pass header.i=@kunde.example", True, True),
        ("dkim=pass header.d=mail.kunde.example", True, True),
        ("dkim=pass header.d=evil.example", False, False),
        ("dkim=pass", False, False),
        ("dkim=pass header.d=", False, False),
        ("dkim=fail header.d=kunde.example", False, False),
        ("spf=pass smtp.mailfrom=anna@kunde.example", False, True),
        ("spf=pass smtp.mailfrom=kunde.example", False, True),
        ("spf=pass smtp.mailfrom=x@evil.example", False, False),
        ("spf=pass smtp.helo=mail.kunde.example", False, False),
        ("spf=pass smtp.mailfrom=kunde.example@evil.example", False, False),
        ('spf=pass smtp.mailfrom="anna@kunde.example"@evil.example', False, False),
        ("dkim=pass (good header.d=kunde.example) header.d=evil.example", False, False),
        ("dkim=pass header.d=kunde.example.", False, False),
        ("dkim=pass header.d=kunde.example header.d=evil.example", False, False),
        ("dmarc=pass header.from=kunde.example", False, True),
        ("dmarc=pass header.from=evil.example", False, False),
        ("auth=pass smtp.auth=anna@kunde.example", True, True),
        ("auth=pass smtp.auth=eve@kunde.example", False, False),
        ("arc=pass", False, False),
    ],
)
def test_what_the_border_found_is_aligned_or_nothing(dns, result, dkim, dmarc):
    raw = mail(fields=BORDER + result + "\r\n" + RECEIVED)
    assert (judge(dns, raw).assurance is Assurance.PROVED) == dkim
    assert (judge(dns, raw, proof=Proof.DMARC).assurance is Assurance.PROVED) == dmarc


def test_id_20_arc_changes_nothing(dns):
    arc = (
        "ARC-Seal: i=1; a=rsa-sha256; t=1; cv=none; d=kunde.example; s=s; b=AAAA\r\n"
        "ARC-Message-Signature: i=1; a=rsa-sha256; d=kunde.example; s=s; h=from; bh=AAAA; b=AAAA\r\n"
        "ARC-Authentication-Results: i=1; mx.desk.example; dkim=pass header.d=kunde.example; dmarc=pass\r\n"
    )
    assert judge(dns, mail(fields=arc)) == judge(dns, mail())
    assert judge(dns, mail(fields=arc), ELSEWHERE).assurance is Assurance.REFUTED


@pytest.mark.parametrize(
    "options, expected",
    [
        ({"length": 4}, Assurance.UNPROVED),
        ({"hash_name": "sha1"}, Assurance.REFUTED),
        ({"expires": 1_700_000_000}, Assurance.REFUTED),
        ({"headers": ("To", "Date")}, Assurance.REFUTED),
    ],
)
def test_id_21_tricks_with_signatures_prove_nothing(dns, options, expected):
    raw = sign(mail(), "kunde.example", "s", rsa_key(), **options)
    assert judge(dns, raw, ELSEWHERE).assurance is expected
    assert judge(dns, raw, RELAY).assurance is Assurance.UNPROVED


def test_id_22_a_replay_of_a_genuine_mail_is_not_signed_for_us(dns):
    genuine = sign(mail().replace(b"support@desk.example", b"office@company.example"), "kunde.example", "s", rsa_key())
    found = judge(dns, genuine, ELSEWHERE, "x@evil.example")
    assert (found.assurance, found.signed_to_us) == (Assurance.PROVED, False)
    added = b"To: support@desk.example\r\n" + genuine
    assert not judge(dns, added, ELSEWHERE, "x@evil.example").signed_to_us


@pytest.mark.parametrize("author, path", [("a@broken.example", "a@broken.example"), ("a@silent.example", "")])
def test_id_23_dns_trouble_is_unproved_and_named(dns, author, path):
    domain = author.rpartition("@")[2]
    raw = sign(mail(author), domain, "s", rsa_key())
    evidence = gather(dns, raw, ELSEWHERE, path, query_timeout=0.2)
    assert evidence.dns_trouble
    assert evidence.dmarc.result == "temperror"
    found = judge(dns, raw, ELSEWHERE, path, query_timeout=0.2)
    assert found.assurance is Assurance.UNPROVED
    assert "DNS" in found.why


@pytest.mark.slow
def test_id_23_all_trouble_together_ends_in_time():
    zone = "\n".join(f"_dmarc.{'a.' * n}slow.example DROP" for n in range(8)) + "\nslow.example DROP"
    with DnsServer(zone) as server:
        raw = mail("a@a.a.a.a.a.a.slow.example")
        for number in range(100):
            server.load(f"s{number}._domainkey.slow.example DROP")
            raw = sign(raw, "slow.example", f"s{number}", ed25519_key())
        envelope = Envelope("1", NOW, Transport.SMTP, ELSEWHERE, "a@slow.example", (), raw)
        gatherer = Gatherer(AuthSettings(timeout=1.0), Resolver([server.address], query_timeout=0.5))
        evidence = gatherer.gather(envelope, parse(raw))
        assert len(server.queries) <= 12, "once the second of this message was over, nobody was asked any more"
    assert not any(one.counts for one in evidence.dkim)
    assert evidence.dmarc.result == "temperror"


@pytest.mark.slow
def test_id_23_trouble_at_a_foreign_domain_does_not_spare_a_forger(dns):
    # the forger adds a signature of a domain of his own whose DNS never answers
    raw = sign(mail(), "silent.example", "s", rsa_key())
    assert judge(dns, raw, ELSEWHERE, "x@evil.example", query_timeout=2).assurance is Assurance.REFUTED


def test_id_24_a_mail_broken_by_a_list_is_unproved_not_refuted_where_nothing_speaks_against_it(dns):
    raw = sign(mail("anna@plain.example"), "plain.example", "s", rsa_key()) + b"-- \r\nlist footer\r\n"
    found = judge(dns, raw, ELSEWHERE, "list-bounces@evil.example")
    assert found.assurance is Assurance.UNPROVED
    assert "changed" in found.why


def test_ag_01_submitted_on_this_machine(dns):
    raw = mail("ben@desk.example")
    found = judge(dns, raw, transport=Transport.STDIN, agents={"ben@desk.example"})
    assert found.assurance is Assurance.PROVED
    assert judge(dns, raw, transport=Transport.STDIN).assurance is Assurance.UNPROVED
    piped = b"Received: from evil.example by mx.desk.example\r\n" + raw  # an MTA pipes the mail of the world too
    found = judge(dns, piped, transport=Transport.STDIN, agents={"ben@desk.example"})
    assert found.assurance is Assurance.UNPROVED
    assert judge(dns, raw, transport=Transport.IMAP, agents={"ben@desk.example"}).assurance is Assurance.UNPROVED


def test_one_gatherer_serves_several_threads(dns):
    raw = sign(mail(), "kunde.example", "s", rsa_key())
    gatherer = Gatherer(AuthSettings(), Resolver([dns.address], query_timeout=10))
    envelope = Envelope("1", NOW, Transport.SMTP, INSIDE, "anna@kunde.example", (), raw)
    seen = []
    threads = [threading.Thread(target=lambda: seen.append(gatherer.gather(envelope, parse(raw)))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8
    assert len({repr(item) for item in seen}) == 1
    assert seen[0].dmarc.result == "pass"


def test_any_bytes_give_evidence_and_a_grade(dns):
    rng = random.Random(4)
    border = BORDER + "dkim=pass header.d=kunde.example\r\n" + RECEIVED
    seeds = [
        sign(mail(fields=border), "kunde.example", "e", ed25519_key()),
        sign(mail('"Berg, Anna" <anna@kunde.example>'), "kunde.example", "e", ed25519_key(), length=3),
    ]
    pieces = [
        b"\r\n",
        b"\0",
        b"\xff",
        b"From: ",
        b"DKIM-Signature: ",
        b"@",
        b"<",
        b">",
        b";",
        b"=",
        b" \t",
        b"xn--",
        b"(",
        b'"',
    ]
    for number in range(150):
        raw = bytearray(seeds[number % 2])
        for _ in range(rng.randrange(1, 8)):
            at = rng.randrange(len(raw))
            raw[at : at + rng.randrange(3)] = rng.choice(pieces)
        for client in (ELSEWHERE, None):
            found = judge(dns, bytes(raw), client)
            assert found.why.isprintable()


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the mails with known outcomes (../shared/corpus) are not here")
def test_real_mails_without_keys_in_dns_cost_little_and_prove_nothing(dns):
    count = 0
    for path in sorted(CORPUS.rglob("*.eml")):
        raw = path.read_bytes()
        try:
            mail = parse(raw)
        except TooComplex:
            continue
        count += 1
        evidence = within(100, lambda: gather(dns, raw), path.name)  # noqa: B023 - called at once
        found = grade(mail, evidence, proof=Proof.DMARC, our_addresses=(), received_at=NOW)
        assert found.assurance is not Assurance.PROVED, path.name
    assert count > 1000
