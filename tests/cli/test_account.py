import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from support.site import Site

HEAD = "customer_number,name,email,role,mail_kinds,language,service_level,products,valid_until\n"
ROWS = (
    "12345,Anna Müller,anna@kunde.example,owner,support,de,gold,server:srv-web-01;domain:kunde.example,\n"
    "12345,Bo,bo@kunde.example,technical,,,,,2030-12-31\n"
    "777,Firma,post@firma.example,owner,,,,,\n"
)


@pytest.fixture
def accounts(site):
    """A function that imports a text, by the command."""

    def import_(text, *args):
        file = site.folder / "accounts.csv"
        file.write_text(HEAD + text)
        return site.run("account", "import", file, *args)

    return import_


def test_import_list_and_show(site, accounts):
    done = accounts(ROWS, "--json")
    assert done.code == 0
    assert (done.json()["added"], done.json()["warnings"]) == (2, [])
    found = site.run("account", "list", "--json").json()
    assert [item["number"] for item in found] == ["12345", "777"]
    shown = site.run("account", "show", "12345", "--json").json()
    assert set(shown) >= {"number", "name", "language", "service_level", "contacts", "products"}
    assert shown["contacts"][1] == {
        "address": "bo@kunde.example", "name": "Bo", "role": "technical", "mail_kinds": [], "valid_until": "2030-12-31",
    }  # fmt: skip
    assert {"kind": "server", "name": "srv-web-01"} in shown["products"]
    assert "anna@kunde.example" in site.run("account", "list").out
    assert "srv-web-01" in site.run("account", "show", "12345").out


def test_show_of_none_is_1(site):
    assert site.run("account", "show", "1").code == 1
    assert site.run("account", "list").out == "No accounts.\n"


def test_one_wrong_line_and_nothing_is_imported(site, accounts):
    result = accounts(ROWS + "888,X,x@firma.example,ownr,,,,,\n")
    assert result.code == 1
    assert f"{site.folder}/accounts.csv:5: role: 'ownr' is not one of" in result.err
    assert site.run("account", "list", "--json").json() == []


def test_importing_again_changes_nothing_and_replace_ends_who_is_gone(site, accounts):
    accounts(ROWS)
    assert accounts(ROWS, "--json").json()["unchanged"] == 2
    kept = accounts(ROWS.splitlines(keepends=True)[0], "--json").json()
    assert (kept["contacts_ended"], kept["accounts_ended"]) == (0, 0)
    ended = accounts(ROWS.splitlines(keepends=True)[0], "--replace", "--json").json()
    assert (ended["contacts_ended"], ended["accounts_ended"]) == (2, 1)
    (account,) = site.run("account", "list", "--json").json()
    assert [item["address"] for item in account["contacts"]] == ["anna@kunde.example"]


def test_id_18_a_shared_address_is_a_warning(accounts):
    result = accounts("1,A,a@kunde.example,owner,,,,,\n2,B,a@kunde.example,owner,,,,,\n")
    assert result.code == 0
    assert "warning: a@kunde.example belongs to accounts 1, 2" in result.err


def test_import_makes_the_database_that_is_not_there_yet(bare_site):
    file = bare_site.folder / "accounts.csv"
    file.write_text(HEAD + ROWS)
    assert bare_site.run("account", "import", file).code == 0
    assert len(bare_site.run("account", "list", "--json").json()) == 2


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give up root")
def test_root_acts_as_the_owner_of_the_database(site):
    nobody = pwd.getpwnam("nobody")
    with tempfile.TemporaryDirectory(prefix="mailgate-owner-") as name:  # pytest's own folders are closed to others
        folder = Path(name)
        shutil.copytree(site.folder, folder, dirs_exist_ok=True)
        folder.chmod(0o755)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
        moved = Site(folder, site.dns)
        program = (
            "import os, sys\n"
            "from pathlib import Path\n"
            "from mailgate.cli import common\n"
            "from mailgate.config import load\n"
            "with common.database(load(Path(sys.argv[1])), write=True) as store:\n"
            "    store.write(lambda session: None)\n"
            "    owners = {item.stat().st_uid for item in Path(sys.argv[2]).iterdir()}\n"
            "    print(os.geteuid(), os.getegid(), os.getgroups(), owners)\n"
        )
        command = [sys.executable, "-c", program, moved.config, folder / "store"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.stdout == f"{nobody.pw_uid} {nobody.pw_gid} [] {{{nobody.pw_uid}}}\n", done.stderr
        assert moved.run("account", "list").code == 0
        assert {item.stat().st_uid for item in (folder / "store").iterdir()} == {nobody.pw_uid}


def test_the_support_pin_of_an_account(site, accounts):
    accounts(ROWS)
    shown = site.run("account", "pin", "12345", "--json").json()
    assert set(shown) == {"pin", "valid_until", "otpauth"}
    assert shown["pin"].isdigit()
    assert len(shown["pin"]) == 8
    assert shown["otpauth"].startswith("otpauth://totp/")
    assert site.run("account", "pin", "12345", "--json").json()["otpauth"] == shown["otpauth"]
    assert site.run("account", "pin", "4711").code == 1
