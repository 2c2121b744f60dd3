"""Each third-party library has one home room, so that it can be replaced there (docs/architecture.md)."""

import importlib.metadata
import re
import sys
import tomllib

import pytest
from support.source import ROOT, imports, modules, room

#: Library (as it is imported) → the rooms that may know it.
HOMES = {
    "aiosmtpd": {"intake"},
    "aiosmtplib": {"courier"},
    "alembic": {"store"},
    "apscheduler": {"jobs"},
    "authres": {"auth"},
    "charset_normalizer": {"parse"},
    "dkim": {"auth", "courier"},
    "dns": {"auth"},
    "email_validator": {"config"},
    "filetype": {"parse"},
    "holidays": {"config"},
    "idna": {"core"},
    "imapclient": {"intake"},
    "jinja2": {"render"},
    "mailparser": {"parse"},
    "nacl": {"auth", "courier"},
    "psycopg": {"store"},
    "pydantic": {"config", "parse"},  # parse: the values that come out of the jail
    "pydantic_core": {"config"},
    "selectolax": {"parse"},
    "spf": {"auth"},
    "sqlalchemy": {"store"},
    "sqlmodel": {"store"},
    "tnefparse": {"parse"},
    "typer": {"cli"},
}
#: `Session` is the type of the transaction that the store hands out; use cases name it and nothing else of SQLModel.
HANDED_OUT = {("service", "sqlmodel")}


def third_party(tree):
    names = {name.partition(".")[0] for name in imports(tree)}
    return {name for name in names if name not in sys.stdlib_module_names and name not in {"mailgate", "_typeshed"}}


@pytest.mark.parametrize("path", list(modules()), ids=str)
def test_each_library_is_at_home(path):
    strangers = {
        name
        for name in third_party(modules()[path])
        if room(path) not in HOMES.get(name, set()) and (room(path), name) not in HANDED_OUT
    }
    assert strangers == set()


@pytest.mark.parametrize("path", [path for path in modules() if room(path) == "service"], ids=str)
def test_use_cases_know_of_sqlmodel_the_session_only(path):
    text = (ROOT / path).read_text()
    assert set(re.findall(r"from sqlmodel[\w.]* import (.+)", text)) <= {"Session"}


def test_every_home_is_used_and_no_dependency_is_idle():
    used = set().union(*(third_party(tree) for tree in modules().values()))
    assert used <= set(HOMES)
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {re.split(r"[<>=\[ ;]", item)[0].lower() for item in declared}
    provided = importlib.metadata.packages_distributions()
    distributions = {name.lower() for module in used for name in provided.get(module, [])}
    not_imported = {"tzdata", "pynacl"}  # data of zoneinfo; what dkimpy needs for Ed25519
    assert names - distributions - not_imported == set()


def test_the_core_is_pure():
    allowed = {"idna"}
    forbidden = {
        "os",
        "socket",
        "subprocess",
        "threading",
        "asyncio",
        "random",
        "secrets",
        "time",
        "logging",
        "sqlite3",
        "pathlib",
    }
    for path, tree in modules().items():
        if room(path) == "core":
            assert third_party(tree) <= allowed, path
            assert not forbidden & {name.partition(".")[0] for name in imports(tree)}, path
            assert ".now(" not in (ROOT / path).read_text(), path


LOCKS = ("requirements.lock", "requirements-dev.lock")


@pytest.mark.parametrize("name", LOCKS)
def test_pr_07_each_package_is_pinned_by_version_and_hashes(name):
    """`pip install --require-hashes`, which the README and the Makefile say, takes nothing else."""
    blocks = re.split(r"\n(?=[A-Za-z0-9])", (ROOT / name).read_text())
    found = [block for block in blocks if re.match(r"[A-Za-z0-9]", block)]
    assert len(found) > 20
    for block in found:
        assert re.match(r"[\w.-]+(\[[\w,-]+\])?==[\w.!+]+( ;[^\\]*)? \\\n", block), block
        assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", block)) >= 1, block


def test_pr_07_what_the_product_needs_is_locked_and_the_lock_is_what_runs():
    locked = dict(re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==([\w.!+]+)", (ROOT / LOCKS[0]).read_text(), re.MULTILINE))
    locked = {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in locked.items()}
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {re.sub(r"[-_.]+", "-", re.split(r"[<>=\[ ;]", item)[0]).lower() for item in declared}
    assert names - set(locked) == set()
    assert {name: importlib.metadata.version(name) for name in names} == {name: locked[name] for name in names}
