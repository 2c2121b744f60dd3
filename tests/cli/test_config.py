import gc
import socket
import threading
from contextlib import contextmanager

import pytest
from support.keys import pem
from support.site import make_site

from mailgate.auth.sign import load_key


def test_check_of_a_working_desk(site):
    result = site.run("config", "check")
    assert (result.code, result.out) == (0, f"{site.config}: ok\n")
    assert "warning: delivery.method:" in result.err


def test_check_asks_the_name_server_unless_it_is_told_not_to(site):
    site.run("config", "check", "--offline")
    assert site.dns.queries == []
    site.run("config", "check")
    assert site.dns.queries != []


def test_check_finds_a_dead_name_server(site):
    site.dns.dropped.add("desk.example")
    result = site.run("config", "check", "--json")
    assert result.code == 1
    assert result.json()["ok"] is False
    assert "dns.nameservers: 127.0.0.1:" in result.json()["problems"][0]


def test_check_renders_every_template(tmp_path, site):
    own = site.folder / "own" / "mail" / "de"
    own.mkdir(parents=True)
    (own / "receipt.txt").write_text("Subject: Hallo {{ nmae }}\n\nHallo\n")
    (own / "rule.txt").write_text("kein Betreff")
    broken = make_site(site.folder, site.dns)
    broken.config.write_text(broken.config.read_text().replace("[database]", 'templates = "own"\n[database]'))
    result = broken.run("config", "check", "--offline")
    assert result.code == 1
    assert "template mail/de/receipt.txt cannot be rendered: 'nmae' is undefined" in result.err
    assert "template mail/de/rule.txt must begin with a line `Subject: …`" in result.err
    assert "/en/" not in result.err


def test_check_names_file_and_line_of_a_broken_template(site):
    own = site.folder / "own" / "mail"
    (own / "de").mkdir(parents=True)
    (own / "en").mkdir()
    (own / "de" / "reciept.txt").write_text("Subject: Hallo\n\nHallo\n")
    (own / "de" / "status.txt").write_bytes("Subject: Größe\n\nHallo\n".encode("latin-1"))
    (own / "en" / "receipt.txt").write_text("Subject: Hello\n\nHello\n{% if held %}\n{% endfor %}\n")
    (own / "en" / "rule.txt").write_text("Subject: Hello\n\n{{ 1 // 0 }}\n")
    (own / "en" / "closed.txt").write_text("Subject: Closed {{ tag }}\n\nYour ticket {{ number }} is closed.\n")
    site.config.write_text(site.config.read_text().replace("[database]", 'templates = "own"\n[database]'))
    problems = site.run("config", "check", "--offline", "--json").json()["problems"]
    assert len(problems) == 4
    stray, latin, syntax, zero = (
        next(item for item in problems if word in item) for word in ("reciept", "de/status", "en/receipt", "en/rule")
    )
    assert stray.startswith(f"desk.templates: {own}/de/reciept.txt stands in for no template; did you mean")
    assert "mail/de/receipt.txt" in stray
    assert "utf-8" in latin
    assert "line 5: Encountered unknown tag 'endfor'" in syntax
    assert "division" in zero or "modulo" in zero


def test_check_tries_the_way_out(site):
    more = '[delivery]\nmethod = "smtp"\nhost = "127.0.0.1"\nport = 1\ntls = "none"\n'
    site.config.write_text(site.config.read_text() + more)
    result = site.run("config", "check")
    assert result.code == 1
    assert "delivery.host: 127.0.0.1:1: the next hop cannot be reached" in result.err


@pytest.mark.parametrize("offline", [True, False])
def test_check_sees_a_folder_that_cannot_be_written(site, offline):
    (site.folder / "var").write_text("a file in the way")
    result = site.run("config", "check", *(["--offline"] if offline else []))
    assert result.code == 1
    assert "delivery.maildir" in result.err


def test_what_is_not_in_use_yet_is_a_warning(site):
    site.config.write_text(site.config.read_text() + '[metrics]\nlisten = ["127.0.0.1:9125"]\n')
    result = site.run("config", "check", "--offline", "--json")
    assert result.code == 0
    assert "metrics.listen: is checked, but this version does not use it yet" in result.json()["warnings"]


def test_pr_05_secrets_are_shown_by_the_name_of_their_file(site):
    secret = site.folder / "password"
    secret.write_text("canary-of-a-password")
    secret.chmod(0o600)
    more = '[delivery]\nmethod = "smtp"\nhost = "localhost"\nusername = "u"\npassword_file = "password"\n'
    site.config.write_text(site.config.read_text() + more)
    for args in (["config", "print"], ["config", "print", "--json"], ["config", "check", "--offline"]):
        result = site.run(*args)
        assert "canary" not in result.out + result.err
    assert site.run("config", "print", "--json").json()["delivery"]["password_file"] == "password"


@contextmanager
def next_hop(*, login):
    """A mail server that knows EHLO, AUTH and QUIT; `login` is its answer to a login. Gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            with server.accept()[0] as peer, peer.makefile("rwb", buffering=0) as wire:
                wire.write(b"220 hop ready\r\n")
                for line in wire:
                    answers = {b"EHLO": b"250-hop\r\n250 AUTH PLAIN\r\n", b"QUIT": b"221 bye\r\n"}
                    wire.write(answers.get(line[:4].upper(), login))
                    if line[:4].upper() == b"QUIT":
                        return

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join(60)
        assert not thread.is_alive()


def test_check_logs_in_where_mail_is_sent(site):
    (site.folder / "password").write_text("canary\n")
    (site.folder / "password").chmod(0o600)
    before = site.config.read_text()
    for answer, code in ((b"235 2.7.0 welcome\r\n", 0), (b"535 5.7.8 no\r\n", 1)):
        with next_hop(login=answer) as port:
            more = f'[delivery]\nmethod = "smtp"\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\n'
            site.config.write_text(before + more + 'username = "u"\npassword_file = "password"\n')
            result = site.run("config", "check")
        assert result.code == code, result.err
        assert "canary" not in result.err
    assert "delivery.host: 127.0.0.1" in result.err
    assert "refuses our login: " in result.err


def with_key(site, text, *more):
    path = site.folder / "dkim.pem"
    path.write_text(text)
    path.chmod(0o600)
    added = '[delivery]\nmethod = "maildir"\ndkim_selector = "mg"\ndkim_key_file = "dkim.pem"\n'
    site.config.write_text(site.config.read_text() + added + "".join(more))
    return path


def test_ob_08_check_warns_where_dns_does_not_have_our_key(site):
    with_key(site, pem("ed25519"))
    result = site.run("config", "check")
    assert result.code == 0
    record = load_key("mg", pem("ed25519")).record
    assert f"DNS has no key at mg._domainkey.desk.example; publish this TXT record: {record}" in result.err
    assert "DNS has" not in site.run("config", "check", "--offline").err
    site.dns.add("mg._domainkey.desk.example", "TXT", record)
    assert "DNS has" not in site.run("config", "check").err


def test_ob_08_a_file_without_a_key_is_a_fault(site):
    with_key(site, "hunter2\n")
    result = site.run("config", "check", "--offline")
    assert result.code == 1
    assert "delivery.dkim_key_file: dkim.pem: holds no private key in PEM form" in result.err
    assert "hunter2" not in result.err
    started = site.run("run")
    assert (started.code, "delivery.dkim_key_file: dkim.pem: holds no" in started.err) == (2, True)
    gc.collect()  # the collector tells of processes and files that were left open


def test_a_key_that_everybody_can_read_is_refused(site):
    with_key(site, pem("ed25519")).chmod(0o644)
    result = site.run("config", "check", "--offline")
    assert (result.code, "chmod 600" in result.err) == (2, True)


def test_two_keys_stand_one_for_one(site):
    with_key(site, pem("ed25519"))
    text = site.config.read_text()
    site.config.write_text(text.replace('dkim_selector = "mg"', 'dkim_selector = ["mg", "mg2"]'))
    result = site.run("config", "check", "--offline")
    assert (result.code, "belong together, one for one" in result.err) == (2, True)
    twice = text.replace('"mg"', '["mg", "mg"]').replace('"dkim.pem"', '["dkim.pem", "dkim.pem"]')
    site.config.write_text(twice)
    assert "names a selector twice" in site.run("config", "check", "--offline").err
    site.config.write_text(text.replace('"mg"', '"my selector"'))
    assert "is no DKIM selector" in site.run("config", "check", "--offline").err
