"""What we sign is verified here by dkimpy; tests/e2e/test_signatures.py has opendkim verify it."""

import base64
import re
from datetime import UTC, datetime

import pytest
from support.dns import DnsServer
from support.keys import pem
from support.signing import rsa_key

from mailgate.auth import dkim
from mailgate.auth.resolver import Resolver
from mailgate.auth.sign import BadKey, DkimSigner, load_key, unpublished

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MAIL = (
    b'From: "Example Hosting"\r\n <support@example.org>\r\n'
    b"To: kim@kunde.example\r\n"
    b"Subject: Ihre Anfrage [#1001]\r\n"
    b"Date: Mon, 02 Mar 2026 09:00:00 +0000\r\n"
    b"Message-ID: <k.1001@example.org>\r\n"
    b"In-Reply-To: <1@kunde.example>\r\n"
    b"Auto-Submitted: auto-replied\r\n"
    b"MIME-Version: 1.0\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
    b"Content-Transfer-Encoding: 7bit\r\n"
    b"\r\n"
    b"Guten Tag,  \r\n\r\n.\r\ndanke.\r\n\r\n\r\n"
)


@pytest.fixture(scope="module")
def dns():
    with DnsServer() as server:
        yield server


def signer(*kinds):
    return DkimSigner([load_key(f"s-{kind}", pem(kind)) for kind in kinds])


def published(dns, signer, domain="example.org"):
    for key in signer.keys:
        dns.remove(f"{key.selector}._domainkey.{domain}")
        dns.add(f"{key.selector}._domainkey.{domain}", "TXT", key.record)
    return Resolver([dns.address]).lookups()


@pytest.mark.parametrize("kinds", [("rsa",), ("ed25519",), ("rsa", "ed25519")])
def test_what_we_sign_verifies_and_proves(dns, kinds):
    made = signer(*kinds)
    raw = made.sign(MAIL, "example.org", NOW)
    assert raw.endswith(MAIL)
    results = dkim.verify(raw, published(dns, made), NOW)
    assert [(item.result, item.counts, item.algorithm) for item in results] == [
        ("pass", True, f"{kind}-sha256") for kind in kinds
    ]
    assert all(item.domain == "example.org" for item in results)


def test_the_same_mail_gives_the_same_bytes():
    made = signer("rsa", "ed25519")
    assert made.sign(MAIL, "example.org", NOW) == made.sign(MAIL, "example.org", NOW)


def test_the_signature_field_is_folded_and_plain():
    head = signer("rsa", "ed25519").sign(MAIL, "example.org", NOW)[: -len(MAIL)]
    assert head.isascii()
    assert re.fullmatch(rb"(?:[^\r\n]+\r\n)+", head)
    assert max(map(len, head.split(b"\r\n"))) <= 78
    assert head.count(b"DKIM-Signature: ") == 2
    assert b"l=" not in head.replace(b"canonical=", b"")
    assert b"c=relaxed/relaxed" in head


@pytest.mark.parametrize(
    "name",
    "From To Cc Reply-To Sender Subject Date Message-ID In-Reply-To References Auto-Submitted MIME-Version "
    "Content-Type Content-Transfer-Encoding".split(),
)
def test_r_56_a_field_that_is_added_on_the_way_breaks_the_signature(dns, name):
    made = signer("rsa", "ed25519")
    raw = made.sign(MAIL, "example.org", NOW)
    changed = f"{name}: evil@evil.example\r\n".encode() + raw
    assert not any(item.counts for item in dkim.verify(changed, published(dns, made), NOW))


@pytest.mark.parametrize("change", [(b"danke", b"DANKE"), (b"Ihre Anfrage", b"Ihr Konto"), (b"kim@", b"eva@")])
def test_what_was_changed_does_not_verify(dns, change):
    made = signer("rsa", "ed25519")
    raw = made.sign(MAIL, "example.org", NOW).replace(*change)
    assert {item.result for item in dkim.verify(raw, published(dns, made), NOW)} == {"fail"}


def test_keys_are_read_in_each_usual_form():
    modern, old = load_key("s", pem()), load_key("s", pem(traditional=True))
    assert (modern.record, modern.bits) == (old.record, 2048)
    seed = base64.b64encode(bytes(load_key("s", pem("ed25519")).secret)).decode()
    assert load_key("s", f"{seed}\n").record == load_key("s", pem("ed25519")).record
    assert load_key("s", pem().replace("\n", "\r\n")).record == modern.record
    assert "secret" not in repr(modern)


def test_the_record_is_what_others_make_of_a_key(dns):
    key = rsa_key(2048)  # its record was made by the tests' own encoder
    modulus, secret, p, q = key.secret
    der = _integers(0, modulus, 65537, secret, p, q, secret % (p - 1), secret % (q - 1), pow(q, -1, p))
    text = f"-----BEGIN RSA PRIVATE KEY-----\n{base64.b64encode(der).decode()}\n-----END RSA PRIVATE KEY-----\n"
    assert load_key("s", text).record.partition("p=")[2] == key.record.partition("p=")[2]


def _integers(*values):
    def der(tag, content):
        size = len(content)
        octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
        return bytes((tag, size) if size < 128 else (tag, 128 | len(octets), *octets)) + content

    return der(0x30, b"".join(der(2, value.to_bytes(value.bit_length() // 8 + 1, "big")) for value in values))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hunter2",
        "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n",
    ],
)
def test_what_is_no_key_is_refused_with_the_way_to_make_one(text):
    with pytest.raises(BadKey, match="openssl genpkey"):
        load_key("s", text)


def test_a_key_that_receivers_ignore_is_refused():
    with pytest.raises(BadKey, match="512 bits"):
        load_key("s", pem(bits=512))


def test_ob_08_a_key_that_dns_does_not_publish_is_named_with_its_record(dns):
    (key,) = signer("rsa").keys
    name = f"{key.selector}._domainkey.example.org"
    other = load_key("s-rsa", pem("ed25519"))
    wrong = {
        "DNS has no key at": [],
        "DNS has another key": [rsa_key(2048).record],
        "DNS has 2 keys": [key.record, other.record],
        "is no key": ["v=DKIM1; p=!!!"],
    }
    for words, records in wrong.items():
        dns.remove(name)
        for record in records:
            dns.add(name, "TXT", record)
        said = unpublished(key, "example.org", Resolver([dns.address]).lookups())
        assert words in said, (words, said)
        assert key.record in said
    assert unpublished(key, "example.org", published(dns, signer("rsa"))) == ""
    (small,) = signer("ed25519").keys
    assert unpublished(small, "example.org", published(dns, signer("ed25519"))) == ""
    dns.dropped.add("s-rsa._domainkey.quiet.example")
    lookups = Resolver([dns.address], query_timeout=0.2).lookups()
    assert "cannot be said" in unpublished(key, "quiet.example", lookups)
