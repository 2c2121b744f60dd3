"""Each defect and each reason for doubt stands in docs/parsing.md."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "parsing.md").read_text()


def sources(*names):
    return "\n".join((ROOT / "mailgate" / "parse" / f"{name}.py").read_text() for name in names)


def documented(codes):
    return {code for code in codes if f"`{code}`" not in PAGE}


def test_defects():
    files = [path.stem for path in (ROOT / "mailgate" / "parse").glob("*.py")]
    codes = set(re.findall(r'(?:Defect|_note)\(\s*"([a-z-]+)"', sources(*files)))
    codes |= set(re.findall(r'"((?:charset|encoding|tnef|message-id)-[a-z-]+)"', sources(*files)))
    assert len(codes) > 20
    assert documented(codes) == set()


def test_doubts():
    text = sources("address", "people", "header")
    codes = set(re.findall(r'(?:doubt|oddities)\.append\("([a-z-]+)"\)', text))
    codes |= set(re.findall(r'^ {8}"([a-z-]+)": ', text, re.MULTILINE))
    codes |= set(re.findall(r'Strict\(None, \("([a-z-]+)",\)\)', text))
    codes |= set(re.findall(r'else \["([a-z-]+)"\]', text))
    assert {"comment", "too-long", "stdlib-disagrees", "several-from-fields", "quoted-local-part"} <= codes
    assert documented(codes) == set()
