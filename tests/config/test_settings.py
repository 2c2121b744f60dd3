from datetime import timedelta

import pytest

from mailgate import config
from mailgate.core.desk.case import Policy
from mailgate.core.desk.takes import Takes
from mailgate.core.who.evidence import Proof
from mailgate.core.who.identity import Role
from mailgate.core.who.request import RequestKind
from mailgate.core.who.rule import DEFAULT_MATRIX, Standing, Verdict

DESK = '[desk]\nname = "Desk"\ndomain = "example.org"\n'
SUPPORT = '[[departments]]\nname = "support"\naddresses = ["Support@example.org"]\n'


@pytest.fixture
def parsed(tmp_path):
    return lambda text: config.parse(text, file="config.toml", base=tmp_path)


def keys(found):
    return [".".join(str(part) for part in key) for key, _ in config.warnings(found)]


def test_the_least_configuration_has_every_default(parsed):
    policy = parsed(DESK + SUPPORT).policy()
    plain = Policy("Desk", "example.org", ("de", "en"), policy.departments, frozenset({"support@example.org"}))
    assert policy == plain
    assert policy.default_department.name == "support"
    assert policy.matrix == DEFAULT_MATRIX


def test_policy_takes_what_the_file_says(parsed):
    text = """
[desk]
name = "Desk"
domain = "example.org"
delimiter = "="
languages = ["en", "de"]
[identity]
proof = "dmarc"
confirm_within = "2d"
[receipts]
per_hour = 2
[clocks]
acknowledge = "2h"
respond = "8h"
reopen_within = "3d"
[matrix.general]
unregistered = "rule"
[spam]
header = "X-Spam-Flag:  YES"
[[departments]]
name = "old"
addresses = ["old@example.org"]
default = true
retired_notice = "Gone."
[[departments]]
name = "billing"
addresses = ["billing@example.org", "rechnung@example.org"]
contact_role = "billing"
request_kind = "account"
clocks.respond = "2h"
"""
    policy = parsed(text).policy()
    old, billing = policy.departments
    assert policy.proof is Proof.DMARC
    assert policy.delimiter == "="
    assert (policy.receipts.per_hour, policy.confirm_within) == (2, timedelta(days=2))
    assert policy.reopen_within == timedelta(days=3)
    assert policy.spam_header == ("x-spam-flag", "YES")
    assert old.retired_notice == {"en": "Gone.", "de": "Gone."}
    assert (billing.acknowledge, billing.respond, old.respond) == (
        timedelta(hours=2),
        timedelta(hours=2),
        timedelta(hours=8),
    )
    assert (billing.contact_role, billing.request_kind) == (Role.BILLING, RequestKind.ACCOUNT)
    assert policy.matrix[RequestKind.GENERAL][Standing.UNREGISTERED] is Verdict.RULE
    assert policy.matrix[RequestKind.GENERAL][Standing.REFUTED] is Verdict.SILENT
    assert policy.own_addresses == {"old@example.org", "billing@example.org", "rechnung@example.org"}


def test_agents_are_found_by_each_of_their_addresses(parsed):
    found = parsed(
        DESK + SUPPORT + '[[agents]]\nname = "alex"\naddress = "Alex@example.org"\naliases = ["a@home.example"]\n'
    )
    assert found.agent_names == {"alex@example.org": "alex", "a@home.example": "alex"}


def test_the_password_of_the_database_comes_from_its_file(parsed, tmp_path):
    file = tmp_path / "pw"
    file.write_text("s3cret/@:canary\n")
    file.chmod(0o600)
    url = '[database]\nurl = "postgresql://mailgate@db.example.org:5433/desk"\npassword_file = "pw"\n'
    found = parsed(DESK + SUPPORT + url)
    expected = "postgresql+psycopg://mailgate:s3cret%2F%40%3Acanary@db.example.org:5433/desk"
    assert found.database.connection_url() == expected
    assert "canary" not in repr(found) + str(found) + config.to_toml(found) + found.model_dump_json()


def test_a_database_without_password_has_its_url(parsed, tmp_path):
    assert parsed(DESK + SUPPORT).database.connection_url() == f"sqlite:///{tmp_path}/var/mailgate.db"
    plain = parsed(DESK + SUPPORT + '[database]\nurl = "postgresql:///desk"\n').database
    assert plain.connection_url() == "postgresql+psycopg:///desk"
    assert plain.sqlite_path is None


def test_what_is_not_in_use_yet_is_said(parsed):
    found = keys(parsed(DESK + SUPPORT + '[metrics]\nlisten = ["127.0.0.1:9125"]\n'))
    assert "metrics.listen" in set(found)


def test_a_department_takes_what_its_table_says(parsed):
    attachments = 'attachments = { max_count = 3, max_size = "2 MiB", types = ["image/*", "text/plain"] }\n'
    strict, lax = (parsed(DESK + SUPPORT + more).policy().departments[0] for more in (attachments, ""))
    assert strict.attachments == Takes(3, 2 * 1024 * 1024, ("image/*", "text/plain"))
    assert lax.attachments is None
    assert "departments.0.attachments" not in set(keys(parsed(DESK + SUPPORT + attachments)))


def test_what_is_unwise_is_said(parsed):
    text = (
        DESK.replace("example.org", "gmail.com")
        + SUPPORT
        + '[identity]\nproof = "address"\n[smtp]\nlisten = ["0.0.0.0:25"]\n'
    )
    assert {"identity.proof", "desk.domain", "smtp.tls_certificate", "delivery.method"} <= set(keys(parsed(text)))


def test_ports_follow_the_kind_of_protection(parsed):
    for tls, port in (("starttls", 587), ("implicit", 465), ("none", 25)):
        text = f'[delivery]\nmethod = "smtp"\nhost = "localhost"\ntls = "{tls}"\n'
        assert parsed(DESK + SUPPORT + text).delivery.effective_port == port


def test_settings_never_change(parsed):
    with pytest.raises(ValueError):
        parsed(DESK + SUPPORT).desk.name = "Other"


@pytest.mark.parametrize("pattern", [r"#(\d{6})\b", r"(?i)\bR[0-9]{1,8}\b", r"a[x-z]b", r"x\+\*y"])
def test_patterns_with_bounds_are_taken(parsed, pattern):
    assert parsed(DESK + SUPPORT + f"[references]\norder = '{pattern}'\n").references.order == pattern


@pytest.mark.parametrize("pattern", [r"a+", r"(ab){2}", r"x{2,}", r"[a-z]*y", r"(?:a?)(?:b?)", "("])
def test_patterns_without_bounds_are_refused(parsed, pattern):
    with pytest.raises(config.ConfigError, match=r"references\.order"):
        parsed(DESK + SUPPORT + f"[references]\norder = '{pattern}'\n")


@pytest.mark.parametrize("key", ["customer_number", "order", "invoice", "server"])
def test_patterns_that_recognition_would_refuse_are_refused_with_their_key(parsed, key):
    with pytest.raises(config.ConfigError, match=rf"references\.{key}: .*refers back"):
        parsed(DESK + SUPPORT + f"[references]\n{key} = '([0-9]{{4}})-\\1'\n")


def test_line_ends_of_windows_are_the_same(parsed):
    assert parsed((DESK + SUPPORT).replace("\n", "\r\n")) == parsed(DESK + SUPPORT)


def test_names_of_servers_that_are_believed_want_trusted_networks(parsed):
    believed = '[identity]\nauthserv_ids = ["mx.example.org"]\n'
    assert "identity.authserv_ids" in keys(parsed(DESK + SUPPORT + believed))
    trusted = '[smtp]\ntrusted_networks = ["127.0.0.0/8"]\n'
    assert "identity.authserv_ids" not in keys(parsed(DESK + SUPPORT + believed + trusted))


def test_pr_06_nothing_listens_beyond_this_machine_unless_the_file_says_so(parsed):
    found = parsed(DESK + SUPPORT)
    assert found.smtp.listen
    assert all(item.is_loopback for item in (*found.smtp.listen, *found.lmtp.listen, *found.metrics.listen))
    assert [*found.lmtp.listen, *found.metrics.listen] == []
