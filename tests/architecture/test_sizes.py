import ast
import statistics

import pytest
from support.source import ROOT, modules

FUNCTIONS = [
    (path, node)
    for path, tree in modules().items()
    for node in ast.walk(tree)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
]


def length(node):
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_files_stay_below_400_lines():
    long = {str(path): count for path in modules() if (count := (ROOT / path).read_text().count("\n")) >= 400}
    assert long == {}


def test_functions_stay_below_60_lines():
    long = {f"{path}:{node.lineno} {node.name}": length(node) for path, node in FUNCTIONS if length(node) >= 60}
    assert long == {}


def test_most_functions_are_short():
    assert statistics.median(length(node) for _, node in FUNCTIONS) <= 12


@pytest.mark.parametrize("path", [path for path in modules() if path.name == "__init__.py"], ids=str)
def test_every_room_says_what_it_is_for(path):
    text = ast.get_docstring(modules()[path]) or ""
    assert len(text) > 40, "a room's docstring is its contract: what comes in, what goes out, what it knows"


@pytest.mark.parametrize("path", list(modules()), ids=str)
def test_every_module_has_a_docstring(path):
    assert ast.get_docstring(modules()[path])
