"""Each reason that a grade can have is said in German, too."""

import ast
from pathlib import Path

import pytest

import mailgate
from mailgate.core.who import grade
from mailgate.render.words_grade import grade_in_words

HOMES = ("core/who/grade.py", "core/desk/behalf.py", "service/assemble.py")
RETURNING = {"_refuted", "_why_unproved"}


def in_sample(node):
    """The text of a literal, with something in each of its gaps."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            "" if gap(part) == "_replay(fresh)" else "x" if gap(part) else part.value for part in node.values
        )
    if isinstance(node, ast.BinOp):
        return f"{in_sample(node.left)}x"
    return None


def gap(part):
    return ast.unparse(part.value) if isinstance(part, ast.FormattedValue) else ""


def reasons():
    found = set()
    for home in HOMES:
        tree = ast.parse((Path(mailgate.__file__).parent / home).read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name in RETURNING:
                found |= {in_sample(item.value) for item in ast.walk(node) if isinstance(item, ast.Return)}
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Grade":
                found.add(in_sample(node.args[1]))
    return sorted(text for text in found if text and text != "x by x")  # who brought it how: given below


def test_every_reason_of_a_grade_is_found():
    assert len(reasons()) >= 19


@pytest.mark.parametrize("why", [*reasons(), "forwarded by anna", "written down by anna"])
def test_a_reason_is_told_in_german(why):
    assert grade_in_words(why, "de") != why
    assert grade_in_words(why, "en") == why


def test_what_is_known_of_the_case_stays():
    why = f"signed by kunde.example{grade._replay(False)}"
    assert grade_in_words(why, "de").startswith("signiert von kunde.example; nicht für uns signiert")
    refuted = "DMARC of kunde.example fails: SPF fail for kunde.example, DKIM none"
    assert grade_in_words(refuted, "de") == "DMARC von kunde.example scheitert: SPF fail for kunde.example, DKIM none"


def test_a_reason_of_an_older_version_is_told_as_it_is():
    assert grade_in_words("the moon was full {0}", "de") == "the moon was full {0}"
