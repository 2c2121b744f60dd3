import sqlite3

import pytest
from support.cli import run_cli
from support.daemon import CONFIG

MAIL = b"From: Kim <kim@kunde.invalid>\nMessage-ID: <1@kunde.invalid>\nSubject: x\n\nWas kostet das?\n"
RELAYED = b"Received: from x by y\n" + MAIL
OURS = "support@example.org"


@pytest.fixture
def config(tmp_path):
    file = tmp_path / "config.toml"
    values = {"database": "sqlite:///desk.db", "port": 8025, "smtp": "", "more": "", "nameserver": "127.0.0.1:9"}
    file.write_text(CONFIG.format(**values, delivery='method = "maildir"\nmaildir = "out"'))
    return file


def rows(config):
    return run_cli("-c", config, "message", "list", "--json").json()


def test_a_mail_is_stored_before_the_command_ends_with_zero(config):
    done = run_cli("-c", config, "intake", "stdin", "--recipient", OURS, "--sender", "kim@kunde.invalid", stdin=MAIL)
    assert (done.code, done.err) == (0, "")
    (row,) = rows(config)
    assert done.out == f"accepted as {row['id']}\n"
    assert (row["transport"], row["state"], row["recipients"]) == ("stdin", "received", [OURS])
    assert row["reverse_path"] == "kim@kunde.invalid"
    assert run_cli("-c", config, "message", "export", row["id"]).raw == MAIL.replace(b"\n", b"\r\n")


@pytest.mark.parametrize(
    "words, mail, said",
    [
        (["-r", "who@example.org"], MAIL, "'who@example.org' is no address of a department"),
        (["-r", "kim@elsewhere.example"], MAIL, "no address of a department (550 5.7.1"),
        (["-r", OURS, "-s", "no address"], MAIL, "--sender: 'no address' is no address"),
        (["-r", OURS], b"", "there is no mail on standard input"),
        (["-r", OURS], b"Received: x\n" * 101 + MAIL, "goes round in a loop"),
        ([], MAIL, "Missing option"),
    ],
)
def test_wrong_use_is_two(config, words, mail, said):
    done = run_cli("-c", config, "intake", "stdin", *words, stdin=mail)
    assert done.code == 2
    assert said in done.err
    assert not config.with_name("desk.db").exists() or rows(config) == []


def test_a_wrong_configuration_is_our_fault_and_the_mta_comes_again(config):
    config.write_text("[desk]\nnam = 1\n")
    done = run_cli("-c", config, "intake", "stdin", "-r", OURS, stdin=MAIL)
    assert done.code == 75
    assert f"{config}:2: desk.nam" in done.err


def test_a_database_that_is_locked_is_75_and_nothing_is_stored(config, monkeypatch):
    run_cli("-c", config, "intake", "stdin", "-r", OURS, stdin=MAIL)
    holder = sqlite3.connect(config.with_name("desk.db"), isolation_level=None)
    holder.execute("begin immediate")
    monkeypatch.setattr("mailgate.service.parts.open_database", impatient)
    done = run_cli("-c", config, "intake", "stdin", "-r", OURS, stdin=MAIL)
    holder.close()
    assert done.code == 75
    assert "the mail was not stored" in done.err
    assert len(rows(config)) == 1


def impatient(url, *, base, read_only):
    from mailgate.store.engine import open_database

    return open_database(url, base=base, read_only=read_only, patience=0.05)


def test_cr_04_below_the_disk_reserve_it_is_75(config, monkeypatch):
    config.write_text(config.read_text().replace("[smtp]", '[smtp]\ndisk_reserve = "900000 GiB"'))
    done = run_cli("-c", config, "intake", "stdin", "-r", OURS, stdin=MAIL)
    assert done.code == 75
    assert "too little room on the disk" in done.err
