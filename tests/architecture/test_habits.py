"""Habits of the whole repository that no linter knows."""

import ast
import re

import pytest
from support.source import ROOT, files, modules, room

CODE = list(modules())
TEXTS = [
    path
    for path in files()
    if path.suffix in {".py", ".toml", ".md", ".txt", ".lock", ".cfg", ".in", ".yml", ".service"}
    or path.name == "Makefile"
]


def called(tree):
    """The names of all plain functions that a module calls."""
    return {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}


@pytest.mark.parametrize("path", [path for path in CODE if room(path) != "cli"], ids=str)
def test_nothing_prints_but_the_command_line(path):
    assert "print" not in called(modules()[path])
    names = {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(modules()[path])
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    assert "sys.stdout" not in names or path.name == "worker.py"  # the jail's pipe


@pytest.mark.parametrize("path", CODE, ids=str)
def test_no_error_is_swallowed(path):
    for node in ast.walk(modules()[path]):
        if isinstance(node, ast.ExceptHandler):
            broad = node.type is None or (
                isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}
            )
            idle = all(isinstance(item, ast.Pass) for item in node.body)
            assert not (broad and idle), f"{path}:{node.lineno}"


@pytest.mark.parametrize("path", CODE, ids=str)
def test_content_never_becomes_code(path):
    assert not {"eval", "exec", "compile", "__import__"} & called(modules()[path])
    assert not re.search(r"\b(pickle|marshal|shelve)\b|shell=True", (ROOT / path).read_text())


@pytest.mark.parametrize("path", CODE, ids=str)
def test_nothing_is_left_for_later(path):
    assert not re.search(r"\b(TODO|FIXME|XXX|HACK|NotImplementedError)\b", (ROOT / path).read_text())


def test_lock_files_hold_no_address():
    locks = sorted(ROOT.glob("requirements*.lock"))
    assert len(locks) == 2
    for path in locks:
        text = path.read_text()
        assert text.count("://") == 0, path
        assert "--hash=sha256:" in text, path


@pytest.mark.parametrize("path", TEXTS, ids=str)
def test_no_package_registry_and_no_machine_is_named(path):
    text = (ROOT / path).read_text("utf-8", errors="replace")
    registries = r"pypi[.]org|files[.]pythonhosted|index-url[ =]+http|registry[.]npmjs|proxy[.]golang"
    assert not re.search(registries, text)
    assert not re.search(r"[/](home|root|Users)/[a-z]", text)


def test_every_test_module_mirrors_one_of_the_product():
    """tests/<room>/test_<module>.py; a module may be split, and then its tests begin with its name.

    Tests of a whole room, by threat rather than by module, say in a docstring what they are about.
    """
    product = {path.relative_to("mailgate") for path in CODE}
    rooms = {room(path) for path in CODE}
    lost = []
    for path in files():
        if path.parts[:1] != ("tests",) or not path.name.startswith("test_") or path.parts[1] not in rooms - {"config"}:
            continue
        stem = path.stem.removeprefix("test_")
        names = {item.stem for item in product if item.parts[0] == path.parts[1]} | {
            item.parts[-2] for item in product if item.parts[0] == path.parts[1] and len(item.parts) > 2
        }
        if ast.get_docstring(ast.parse((ROOT / path).read_text())):
            continue
        if not any(stem == name or stem.startswith(f"{name}_") or name.startswith(f"{stem}_") for name in names):
            lost.append(str(path))
    assert not lost, lost


def test_no_test_asserts_seconds():
    """A second means another thing on each machine: support/cost.py tells cost as a ratio, benchmarks/ measure."""
    clocks, found = {"process_time", "perf_counter", "thread_time"}, []
    for path in sorted(ROOT.joinpath("tests").rglob("*.py")):
        if path.name == "cost.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            passed = isinstance(node, ast.Compare) and any(
                isinstance(side, ast.BinOp) and "monotonic()" in ast.unparse(side)
                for side in (node.left, *node.comparators)
            )
            if passed or (isinstance(node, ast.Attribute) and node.attr in clocks):
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []


def test_in_13_programs_are_started_without_a_shell():
    """With a list of arguments: no text of a mail or of a file is ever a command."""
    starts = []
    for path in CODE:
        for node in ast.walk(modules()[path]):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            owner, name = ast.unparse(node.func.value), node.func.attr
            assert (owner, name) not in {("os", "system"), ("os", "popen"), ("asyncio", "create_subprocess_shell")}, (
                path
            )
            assert "shell" not in {keyword.arg for keyword in node.keywords}, path
            if owner == "subprocess":
                starts.append(str(path))
                assert not isinstance(node.args[0], ast.Constant | ast.JoinedStr), path
    assert len(starts) == 3, starts
