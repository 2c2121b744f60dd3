import hashlib
import json

import pytest
from support.rows import received

PARSED = {
    "file", "message_id", "in_reply_to", "references", "subject", "author", "sender", "to", "cc", "reply_to", "date",
    "text", "reply_text", "quoted_text", "signature", "html", "language", "attachments", "automatic", "report",
    "forwarded", "defects",
}  # fmt: skip
EXPLAINED = {"evidence", "author", "thread", "request", "decision", "trail", "plan"}
MAIL = """
    From: Jörg Groß <joerg@kunde.example>
    To: Support <support@desk.example>, other@kunde.example
    Subject: Frage
    Message-ID: <{name}@kunde.example>
    Date: Mon, 2 Mar 2026 09:30:00 +0100

    Guten Tag, was kostet bei Ihnen ein Server? Grüße
"""


def lines(result):
    return [json.loads(line) for line in result.out.splitlines()]


def digest(site):
    """Names and content of all files of the site, to see that nothing was changed."""
    files = sorted(item for item in site.folder.rglob("*") if item.is_file())
    return [(str(item), hashlib.sha256(item.read_bytes()).hexdigest()) for item in files]


def test_list_and_show(site):
    store = site.store()
    received(store, "m1")
    received(store, "m2", seconds=5)
    store.close()
    found = site.run("message", "list", "--json").json()
    assert [item["id"] for item in found] == ["m1", "m2"]
    keys = {
        "id",
        "received_at",
        "transport",
        "reverse_path",
        "recipients",
        "message_id",
        "author",
        "state",
        "outcome",
        "reason",
    }
    assert set(found[0]) >= keys | {"ticket"}
    assert site.run("message", "list", "--state", "failed").out == "No mail.\n"
    assert len(site.run("message", "list", "--limit", "1", "--json").json()) == 1
    assert site.run("message", "show", "m1", "--json").json()["id"] == "m1"
    assert "support@desk.example" in site.run("message", "show", "m1").out
    assert site.run("message", "show", "m9").code == 1
    assert 'did you mean "failed"' in site.run("message", "list", "--state", "faild").err


def test_export_is_byte_for_byte(site):
    raw = b"Subject: x\r\n\r\n\x00\xff\x1b[2J no end of line"
    store = site.store()
    received(store, "m1", raw=raw)
    store.close()
    assert site.run("message", "export", "m1").raw == raw
    assert site.run("message", "export", "m9").code == 1


def test_in_06_export_does_not_write_to_a_terminal(site):
    store = site.store()
    received(store, "m1", raw=b"Subject: x\r\n\r\n\x1b[2J")
    store.close()
    result = site.run("message", "export", "m1", tty=True)
    assert (result.code, result.raw) == (1, b"")


def test_parse_one_object_a_line_in_order(site):
    files = [site.mail(f"{name}.eml", MAIL.format(name=name)) for name in "abcdefg"]
    found = lines(site.run("message", "parse", *files, "--json"))
    assert [item["file"] for item in found] == [str(path) for path in files]
    assert [item["message_id"] for item in found] == [f"{name}@kunde.example" for name in "abcdefg"]
    assert set(found[0]) >= PARSED
    assert found[0]["author"] == {"name": "Jörg Groß", "address": "joerg@kunde.example"}


def test_parse_survives_everything(site):
    good = site.mail("good.eml", MAIL.format(name="good"))
    strange = []
    for name, raw in (
        ("empty", b""),
        ("nul", b"\0" * 999),
        ("huge-head", b"X: " + b"y" * 2**20),
        ("binary", bytes(range(256)) * 9),
    ):
        (site.folder / name).write_bytes(raw)
        strange.append(site.folder / name)
    result = site.run("message", "parse", *strange, good, "--json")
    found = lines(result)
    assert [item["file"] for item in found] == [str(path) for path in (*strange, good)]
    assert all(set(item) >= PARSED for item in found)
    complex_one = found[2]
    assert (complex_one["message_id"], complex_one["author"], complex_one["to"]) == (None, None, [])
    assert any("too-complex" in json.dumps(item) for item in complex_one["defects"])
    assert found[-1]["message_id"] == "good@kunde.example"
    assert result.code == 0


def test_parse_of_a_missing_file_is_1_and_the_others_are_read(site):
    good = site.mail("good.eml", MAIL.format(name="good"))
    result = site.run("message", "parse", site.folder / "none.eml", good, "--json")
    assert result.code == 1
    assert "none.eml: cannot be read: No such file or directory" in result.err
    assert [item["file"] for item in lines(result)] == [str(good)]


def test_parse_reads_standard_input_and_needs_no_configuration(site, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MAILGATE_CONFIG", raising=False)
    from support.cli import run_cli

    result = run_cli("message", "parse", "-", "--json", stdin=b"Subject: from a pipe\r\n\r\nHello\r\n")
    assert lines(result)[0]["subject"] == "from a pipe"
    assert lines(result)[0]["file"] == "-"


def test_parse_for_people(site):
    result = site.run("message", "parse", site.mail("a.eml", MAIL.format(name="a")))
    assert "Jörg Groß <joerg@kunde.example>" in result.out
    assert "was kostet bei Ihnen ein Server?" in result.out


def test_explain_changes_nothing(site):
    site.store().close()
    before = digest(site)
    path = site.folder.parent / "a.eml"
    site.mail("../a.eml", MAIL.format(name="a"))
    result = site.run("message", "explain", path, path, "--json")
    first, second = lines(result)
    assert result.code == 0
    assert set(first) >= EXPLAINED
    assert first["file"] == str(path)
    assert first["decision"]["action"] == second["decision"]["action"] == "open"
    assert {"rule", "hit"} == set(first["trail"][0])
    assert first["trail"][-1]["hit"] is True
    assert digest(site) == before


def test_explain_uses_the_envelope_that_it_is_given(site):
    site.dns.add("kunde.example", "TXT", "v=spf1 ip4:192.0.2.7 -all")
    path = site.mail("a.eml", MAIL.format(name="a"))
    args = ["--client-ip", "192.0.2.7", "--helo", "mx.kunde.example", "--mail-from", "joerg@kunde.example"]
    found = lines(site.run("message", "explain", path, *args, "--rcpt-to", "billing@desk.example", "--json"))[0]
    assert found["evidence"]["spf"]["result"] == "pass"
    assert "recipient:billing" in found["request"]["signals"]
    assert lines(site.run("message", "explain", path, "--json"))[0]["evidence"]["spf"] is None
    null = lines(site.run("message", "explain", path, "--mail-from", "", "--json"))[0]
    assert [item["template"] for item in found["plan"]["notices"]] == ["receipt"]
    assert null["plan"]["notices"] == []  # RFC 5321 §4.5.5: nobody answers the null reverse-path


def test_explain_of_a_mail_that_is_too_complex(site):
    path = site.folder / "complex.eml"
    path.write_bytes(b"X: " + b"y" * 2**20)
    found = lines(site.run("message", "explain", path, "--json"))[0]
    assert set(found) >= EXPLAINED
    assert found["decision"]["action"] == "quarantine"
    assert found["decision"]["reason"].startswith("too-complex")


def test_explain_for_people(site):
    text = site.run("message", "explain", site.mail("a.eml", MAIL.format(name="a"))).out
    assert "assurance: unproved" in text
    assert "hit  matrix" in text


@pytest.mark.parametrize("address", ["300.1.1.1", "mail.example.org", ""])
def test_explain_refuses_what_is_no_client_address(site, address):
    result = site.run("message", "explain", site.mail("a.eml", MAIL.format(name="a")), "--client-ip", address)
    assert result.code == 2
    assert "--client-ip" in result.err


def test_replay_of_what_did_not_fail_is_1(site):
    store = site.store()
    received(store, "m1")
    store.close()
    result = site.run("message", "replay", "m1")
    assert result.code == 1
    assert "there is no mail m1 that failed or is quarantined" in result.err
