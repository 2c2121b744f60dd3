"""`mailgate intake mbox` and `intake maildir`, as an operator runs them."""

import mailbox
import re
import sqlite3
import subprocess
import sys
import time

import pytest
from support.cli import run_cli
from support.daemon import CONFIG, ENVIRONMENT

from mailgate.intake import history

OURS = "support@example.org"


@pytest.fixture
def config(tmp_path):
    file = tmp_path / "config.toml"
    values = {"database": "sqlite:///desk.db", "port": 8025, "smtp": "", "more": "", "nameserver": "127.0.0.1:9"}
    file.write_text(CONFIG.format(**values, delivery='method = "maildir"\nmaildir = "out"'))
    return file


@pytest.fixture(autouse=True)
def no_breath(monkeypatch):
    monkeypatch.setattr(history, "_BREATH", 0.0)


def mail(number, day=None):
    lines = (
        f"From kim@kunde.invalid Sat Nov 21 10:00:00 2015\n"
        f"From: Kim <kim@kunde.invalid>\nTo: {OURS}\nMessage-ID: <{number}@kunde.invalid>\n"
        f"Date: {(day or number) % 28 + 1} Nov 2015 10:00:00 +0000\nSubject: Frage {number}\n\nWas kostet {number}?\n\n"
    )
    return lines.encode()


def write_mbox(path, count):
    with path.open("wb") as file:
        for number in range(count):
            file.write(mail(number))
    return path


def rows(config):
    return run_cli("-c", config, "message", "list", "--json").json()


def test_an_mbox_is_stored_once_however_often_it_is_brought(config, tmp_path):
    file = write_mbox(tmp_path / "old", 3)
    done = run_cli("-c", config, "intake", "mbox", file)
    assert (done.code, done.out.splitlines()[:2]) == (
        0,
        ["3 mails, 0.0 MB, from 2015-11-01 to 2015-11-03", "3 stored, 0 known already, 0 left out"],
    )
    moved = file.rename(tmp_path / "renamed")
    moved.write_bytes(mail(9) + moved.read_bytes().replace(b"\n", b"\r\n"))
    again = run_cli("-c", config, "intake", "mbox", moved, "--json").json()
    assert (again["mails"], again["stored"], again["known"], again["left_out"]) == (4, 1, 3, [])
    stored = rows(config)
    assert len(stored) == 4
    assert {(row["transport"], row["state"]) for row in stored} == {("import", "received")}
    raw = run_cli("-c", config, "message", "export", stored[0]["id"]).raw
    assert raw.startswith(b"From: Kim <kim@kunde.invalid>\r\n")


def test_a_dry_run_says_the_same_and_writes_nothing(config, tmp_path):
    file = write_mbox(tmp_path / "old", 3)
    with file.open("ab") as more:
        more.write(mail(1))
    before = run_cli("-c", config, "intake", "mbox", file, "--dry-run", "--json").json()
    assert not (tmp_path / "desk.db").exists()
    assert before["dry_run"] is True
    real = run_cli("-c", config, "intake", "mbox", file, "--json").json()
    assert {**before, "dry_run": False} == real
    assert (real["mails"], real["stored"], real["known"]) == (4, 3, 1)
    assert (real["oldest"], real["newest"]) == ("2015-11-01T10:00:00Z", "2015-11-03T10:00:00Z")
    after = run_cli("-c", config, "intake", "mbox", file, "--dry-run")
    assert "0 would be stored, 4 known already" in after.out
    assert len(rows(config)) == 3


def test_a_maildir_and_an_mbox_of_the_same_mails_are_the_same_mails(config, tmp_path):
    file = write_mbox(tmp_path / "old", 3)
    box = mailbox.Maildir(tmp_path / "box")
    source = mailbox.mbox(file)
    for message in source:
        box.add(message)
    source.close()
    first = run_cli("-c", config, "intake", "maildir", tmp_path / "box", "--json").json()
    second = run_cli("-c", config, "intake", "mbox", file, "--json").json()
    assert (first["stored"], second["stored"], second["known"]) == (3, 0, 3)


def test_recipients_are_ours_and_kept(config, tmp_path):
    file = write_mbox(tmp_path / "old", 1)
    wrong = run_cli("-c", config, "intake", "mbox", file, "-r", "who@example.org")
    assert (wrong.code, "'who@example.org' is no address of a department" in wrong.err) == (2, True)
    assert run_cli("-c", config, "intake", "mbox", file, "-r", "billing@example.org").code == 0
    assert [row["recipients"] for row in rows(config)] == [["billing@example.org"]]


def test_what_is_left_out_is_told_with_its_place(config, tmp_path):
    config.write_text(config.read_text().replace("[smtp]", '[smtp]\nmax_message_size = "64 KiB"'))
    file = tmp_path / "old"
    file.write_bytes(mail(1) + mail(2).rstrip() + b"x" * 70_000 + b"\n\nFrom \n\n\n" + mail(3))
    done = run_cli("-c", config, "intake", "mbox", file)
    assert done.code == 0
    assert "2 stored, 0 known already, 2 left out" in done.out
    assert re.search(rf"left out: offset {len(mail(1))}, 70,\d+ bytes: it is larger than", done.err)
    assert re.search(r"left out: offset \d+, \d bytes: it is empty", done.err)


@pytest.mark.parametrize(
    "content, code, said",
    [
        (b"", 0, "0 mails"),
        (mail(1)[60:], 2, "no mbox: it does not begin with a line `From …`"),
        (mail(1)[:100], 0, "1 stored"),
    ],
)
def test_broken_files(config, tmp_path, content, code, said):
    file = tmp_path / "old"
    file.write_bytes(content)
    done = run_cli("-c", config, "intake", "mbox", file)
    assert (done.code, said in done.out + done.err) == (code, True)


def test_a_folder_that_is_no_maildir_is_wrong_use(config, tmp_path):
    done = run_cli("-c", config, "intake", "maildir", tmp_path)
    assert (done.code, "no Maildir" in done.err) == (2, True)


def test_cr_04_below_the_disk_reserve_it_stops_and_says_how_to_go_on(config, tmp_path):
    config.write_text(config.read_text().replace("[smtp]", '[smtp]\ndisk_reserve = "900000 GiB"'))
    done = run_cli("-c", config, "intake", "mbox", write_mbox(tmp_path / "old", 1))
    assert (done.code, "the same command goes on" in done.err) == (1, True)


def test_ctrl_c_keeps_what_was_stored(config, tmp_path, monkeypatch):
    file, commits, store = write_mbox(tmp_path / "old", 200), [], history._store_new

    def interrupted(session, batch):
        commits.append(len(batch))
        if len(commits) == 3:
            raise KeyboardInterrupt
        return store(session, batch)

    monkeypatch.setattr(history, "_store_new", interrupted)
    done = run_cli("-c", config, "intake", "mbox", file)
    assert (done.code, "the same command goes on" in done.err) == (1, True)
    assert len(rows(config)) == sum(commits[:2])
    again = run_cli("-c", config, "intake", "mbox", file, "--json").json()
    assert again["known"] == sum(commits[:2])
    assert len(rows(config)) == 200


def test_progress_is_a_bar_on_a_terminal_and_lines_elsewhere(config, tmp_path):
    file = write_mbox(tmp_path / "old", 700)
    bar = run_cli("-c", config, "intake", "mbox", file, "--dry-run", tty=True).err
    assert re.search(r"\r\[#{10,} +\]  5\d %  \d{3} mails ", bar)
    lines = run_cli("-c", config, "intake", "mbox", file, "--dry-run").err.splitlines()
    assert 5 <= len(lines) <= 10
    assert all(re.fullmatch(r"\d+ %, \d+ mails", line) for line in lines)


def stored(config):
    path = config.with_name("desk.db")
    if not path.exists():
        return 0
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        try:
            return connection.execute("SELECT count(*) FROM inbound").fetchone()[0]
        except sqlite3.OperationalError:  # the tables are being made
            return 0
        finally:
            connection.rollback()


@pytest.mark.slow
def test_ten_thousand_mails_survive_kill_9_in_the_middle_and_none_comes_twice(config, tmp_path):
    file = write_mbox(tmp_path / "old", 10_000)
    command = [sys.executable, "-m", "mailgate", "-c", str(config), "intake", "mbox", str(file), "--json"]
    killed = 0
    for wanted in (1_000, 4_000):
        with subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
            while stored(config) < wanted and process.poll() is None:
                time.sleep(0.02)
            killed += process.poll() is None
            process.kill()
    assert killed == 2
    before = stored(config)
    assert 4_000 <= before < 10_000
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, check=True, text=True)
    assert re.search(r"^9\d %, [\d,]+ mails$", done.stderr, re.MULTILINE)
    assert f'"known": {before},' in done.stdout
    with sqlite3.connect(config.with_name("desk.db")) as connection:
        query = "SELECT count(*), count(DISTINCT delivery_key), count(DISTINCT sha256) FROM inbound JOIN raw ON id = inbound"
        assert connection.execute(query).fetchone() == (10_000, 10_000, 10_000)
