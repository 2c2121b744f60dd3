import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from support.cli import run_cli

from mailgate import __version__

ROOT = Path(__file__).parents[2]


def test_version():
    assert run_cli("--version").out == f"mailgate {__version__}\n"


def test_help_names_every_noun():
    shown = run_cli("--help")
    assert shown.code == 0
    for noun in ("run", "config", "account", "ticket", "message", "outbox"):
        assert f"\n  {noun} " in shown.out


@pytest.mark.parametrize(
    "args, hint",
    [
        (["tickt", "list"], "Did you mean 'ticket'?"),
        (["ticket", "lst"], "Did you mean 'list'?"),
        (["message", "prase", "x"], "Did you mean 'parse'?"),
        (["ticket", "list", "--jso"], "--json"),
        (["ticket", "list", "--flag", "strangr"], "'stranger'"),
        (["ticket", "show", "abc"], "N"),
        (["ticket", "show"], "N"),
        (["ticket", "list", "--limit", "0"], "--limit"),
    ],
)
def test_wrong_usage_is_2_with_the_nearest_name(args, hint):
    result = run_cli(*args)
    assert result.code == 2
    assert hint in result.err
    assert result.raw == b""


def test_help_loads_no_heavy_room():
    code = (
        "import sys; sys.argv = ['mailgate', '--help']\n"
        "from mailgate.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'sqlalchemy', 'sqlmodel', 'alembic', 'dns', 'dkim', 'jinja2', 'aiosmtpd', 'mailparser', 'email_validator'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_config_is_found_by_option_then_environment_then_folder(tmp_path, monkeypatch):
    for name in ("option", "environment", "folder"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.toml").write_text(
            f'[desk]\nname = "{name}"\ndomain = "desk.example"\n'
            '[[departments]]\nname = "support"\naddresses = ["support@desk.example"]\n'
        )
    monkeypatch.chdir(tmp_path / "folder")
    monkeypatch.delenv("MAILGATE_CONFIG", raising=False)
    assert run_cli("config", "print", "--json").json()["desk"]["name"] == "folder"
    monkeypatch.setenv("MAILGATE_CONFIG", str(tmp_path / "environment" / "config.toml"))
    assert run_cli("config", "print", "--json").json()["desk"]["name"] == "environment"
    option = tmp_path / "option" / "config.toml"
    assert run_cli("--config", option, "config", "print", "--json").json()["desk"]["name"] == "option"


def test_config_describe_is_config_toml():
    result = run_cli("config", "describe")
    assert result.out == (ROOT / "config.toml").read_text()


def test_config_print_is_toml(site):
    assert tomllib.loads(site.run("config", "print").out)["desk"]["domain"] == "desk.example"


def test_a_database_that_is_not_there_is_1_and_is_not_made(bare_site):
    for args in (["ticket", "list"], ["message", "list"], ["outbox", "list"], ["account", "list"]):
        result = bare_site.run(*args)
        assert result.code == 1
        assert "there is no database" in result.err
    assert sorted(item.name for item in bare_site.folder.iterdir()) == ["config.toml"]
