"""Recognition holds its targets on labelled mails that the model was not trained on.

`eval-a.jsonl` was looked at while phrases and thresholds were tuned; `eval-b.jsonl` is scored by hand and never looked
at, so that it stays a measure (docs/requests.md).
"""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SETS = [ROOT / "tests" / "requests" / "eval-a.jsonl"]


def _tool(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def rates():
    tool = _tool("score_requests")
    rows = [row for path in SETS for row in tool.read_rows(path)]
    assert len(rows) >= 150
    result = tool.score(rows)
    print(result.table())
    return result.rates


@pytest.mark.parametrize(
    ("name", "most"),
    [("leak", 0.04), ("friction", 0.20)],
)
def test_wrong_kinds_stay_rare(rates, name, most):
    assert rates[name].share <= most


@pytest.mark.parametrize(
    ("name", "least"),
    [("department", 0.90), ("reference precision", 0.95), ("reference recall", 0.95), ("language", 0.98)],
)
def test_the_rest_is_mostly_right(rates, name, least):
    assert rates[name].share >= least


def test_no_mail_of_the_sets_is_a_training_mail():
    tool = _tool("score_requests")
    known = {
        json.loads(line)["text"].strip().lower()
        for path in (ROOT / "tests" / "requests").glob("training-*.jsonl")
        for line in path.read_text("utf-8").splitlines()
    }
    assert known
    assert not [row["id"] for path in SETS for row in tool.read_rows(path) if row["text"].strip().lower() in known]


def test_the_weights_stay_small():
    assert (ROOT / "mailgate" / "config" / "request_model.json").stat().st_size <= 300_000
