"""Each folder of tests/config/bad is a wrong configuration and the message that the operator reads (threats CR-16).

`{file}` and `{folder}` in expected.txt stand for the places in the test. MAILGATE_ACCEPT=1 rewrites the expected texts.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.cli import run_cli

BAD = Path(__file__).parent / "bad"
NAMES = sorted(item.name for item in BAD.iterdir() if item.is_dir())


def _copy(name, tmp_path):
    folder = tmp_path / name
    shutil.copytree(BAD / name, folder)
    for secret in folder.glob("password"):
        secret.chmod(0o644 if name == "secret-readable-by-all" else 0o600)
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_cr_16_wrong_configuration_is_refused_with_its_lines(name, tmp_path, monkeypatch):
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    folder = _copy(name, tmp_path)
    file = folder / "config.toml"
    result = run_cli("--config", file, "config", "check")
    shown = result.err.replace(str(file), "{file}").replace(str(folder), "{folder}")
    expected = BAD / name / "expected.txt"
    if os.environ.get("MAILGATE_ACCEPT"):
        expected.write_text(shown)
    assert shown == expected.read_text()
    assert result.code == 2
    assert result.raw == b""
    assert "canary" not in result.err


def test_there_are_enough_wrong_configurations():
    assert len(NAMES) >= 24


@pytest.mark.parametrize("noun", [["run"], ["ticket", "list"], ["config", "print"], ["account", "list", "--json"]])
def test_every_command_refuses_a_wrong_configuration_alike(noun, tmp_path):
    file = _copy("unknown-key", tmp_path) / "config.toml"
    result = run_cli("-c", file, *noun)
    assert result.code == 2
    assert f'{file}:6: smtp.max_conections: is no key of [smtp]; did you mean "max_connections"\n' == result.err


def test_the_installed_program_does_the_same(tmp_path):
    file = _copy("unknown-section", tmp_path) / "config.toml"
    command = [sys.executable, "-m", "mailgate", "--config", str(file), "config", "check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert f'{file}:5: delivry: is no section; did you mean "delivery"\n' in done.stderr


def test_cr_16_a_missing_file_names_its_neighbour(tmp_path):
    (tmp_path / "config.toml").write_text("")
    result = run_cli("--config", tmp_path / "confg.toml", "config", "check")
    assert result.code == 2
    assert result.err == f'{tmp_path}/confg.toml: there is no such file; did you mean "config.toml"\n'


def test_cr_16_a_folder_is_no_file(tmp_path):
    result = run_cli("--config", tmp_path, "config", "check")
    assert result.code == 2
    assert "cannot be read: Is a directory" in result.err


def test_cr_16_a_file_that_may_not_be_read(tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root reads every file")
    file = tmp_path / "config.toml"
    file.touch(mode=0)
    result = run_cli("--config", file, "config", "check")
    assert result.code == 2
    assert "cannot be read: Permission denied" in result.err


@pytest.mark.parametrize(
    "raw, message",
    [
        (b'[desk]\nname = "K\xf6ln"\n', ":2: byte 0xf6 is not UTF-8; save the file as UTF-8"),
        (b"\xff\xfe[\x00d\x00", ":1: byte 0xff is not UTF-8"),
        (b"# " + b"x" * (1 << 20), ": is larger than 1 MiB"),
        (b"a = " + b"[" * 100_000, ""),
        (b'[desk]\nname = "a\x1b[2Jb"', ":2: is no TOML: "),
    ],
)
def test_cr_16_bytes_that_are_no_configuration(raw, message, tmp_path):
    file = tmp_path / "config.toml"
    file.write_bytes(raw)
    result = run_cli("--config", file, "config", "check")
    assert result.code == 2
    assert message in result.err
    assert "\x1b" not in result.err


def test_cr_16_without_any_configuration(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MAILGATE_CONFIG", raising=False)
    monkeypatch.setattr("mailgate.cli.common.SEARCHED", (Path("config.toml"), tmp_path / "etc" / "config.toml"))
    result = run_cli("ticket", "list")
    assert result.code == 2
    assert "no configuration: looked for config.toml and " in result.err
