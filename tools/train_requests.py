"""Train the model of requests on `tests/requests/training-*.jsonl` and write `mailgate/config/request_model.json`.

Mails of other hands are learned too, each twice: sets that were measures before, and some written for this.
Plain Python: logistic regression by AdaGrad with a pull towards 0, the weights averaged over the last epochs. The order
of the mails is seeded, so the same mails give the same file. `--folds 5` also prints what mails that were left out say.

    python tools/train_requests.py [--folds 4 [--batch varied|eval]] [--out FILE]
"""

import argparse
import json
import math
import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from mailgate.config.requests import (  # noqa: E402
    default_concepts,
    default_phrases,
    default_products,
    default_reference_model,
)
from mailgate.core.who.model import LinearModel, softmax, stored  # noqa: E402
from mailgate.core.who.recognition import DepartmentRule, RequestRules, mail_features  # noqa: E402
from mailgate.core.who.references import ReferencePatterns, find_references  # noqa: E402

OUT = ROOT / "mailgate" / "config" / "request_model.json"
KINDS = ["general", "account", "sensitive"]
TOPICS = ["general", "billing", "support"]
PRIORITIES = ["normal", "high"]
EPOCHS = 24
AVERAGED = 8
RATE = 0.25
PULL = {"kind": 2.0, "topic": 2.0, "priority": 2.0}
KEEP = {"kind": 16_000, "topic": 5_000, "priority": 3_000}
RARE = 2
DROPPED = 0.4
"""In each pass a mail lacks four of ten features, so that no few of them carry it alone."""
OTHER_HANDS = (*(f"eval-{letter}" for letter in "abcdfghijklmn"), "training-hands-1", "training-hands-2")
"""Mails of other writers: sets that were measures and are read by now, and two that were written to be learned."""
TIMES = 2
"""How often a mail of another hand is learned in each pass: there are few of them, and they are like daily mail."""
THRESHOLDS = {
    "general_stranger": 0.77,
    "general_registered": 0.5,
    "sensitive": 0.42,
    "department": 0.5,
    "high": 0.3,
}

Features = dict[str, float]


@dataclass
class Example:
    features: Features
    kind: str
    topic: str
    priority: str
    group: str
    times: int = 1


def rules() -> RequestRules:
    return RequestRules.build(
        departments=[DepartmentRule("support", default=True), DepartmentRule("billing"), DepartmentRule("general")],
        phrases=default_phrases(),
        concepts=default_concepts(),
        products=default_products(),
    )


def examples(rows: Sequence[dict[str, Any]]) -> list[Example]:
    patterns, known = ReferencePatterns.build(model=default_reference_model()), rules()
    found = []
    for row in rows:
        references = find_references(row["subject"], row["text"], patterns)
        _, features = mail_features(
            row["subject"],
            row["text"],
            recipient_department=None if (to := row.get("recipient_department")) == "none" else to,
            references=references,
            rules=known,
        )
        group = row.get("group") or row["id"]
        times = TIMES if group in OTHER_HANDS else 1
        found.append(Example(features, row["kind"], row["department"], row["priority"], group, times))
    return found


Row = list[tuple[int, float]]


@dataclass
class Table:
    """Weights by label and place of the feature; `squares` are AdaGrad's, `totals` the sum over the averaged epochs."""

    weights: list[list[float]]
    squares: list[list[float]]
    totals: list[list[float]]
    bias: list[float]
    bias_totals: list[float]

    @classmethod
    def zero(cls, labels: int, features: int) -> "Table":
        def grid(value: float) -> list[list[float]]:
            return [[value] * features for _ in range(labels)]

        return cls(grid(0.0), grid(0.01), grid(0.0), [0.0] * labels, [0.0] * labels)

    def step(self, row: Row, label: int, pulls: Sequence[float]) -> None:
        """One mail: AdaGrad on the error of each label, and a little towards 0 for each feature that the mail has."""
        scores = [
            bias + sum(weights[place] * value for place, value in row)
            for bias, weights in zip(self.bias, self.weights, strict=True)
        ]
        for k, chance in enumerate(softmax(scores)):
            error = chance - (k == label)
            weights, squares = self.weights[k], self.squares[k]
            self.bias[k] -= 0.01 * error
            for place, value in row:
                gradient = error * value + pulls[place] * weights[place]
                squares[place] += gradient * gradient
                weights[place] -= RATE * gradient / math.sqrt(squares[place])

    def add_up(self) -> None:
        for totals, weights in zip(self.totals, self.weights, strict=True):
            totals[:] = [total + weight for total, weight in zip(totals, weights, strict=True)]
        self.bias_totals = [total + bias for total, bias in zip(self.bias_totals, self.bias, strict=True)]


def thinned(row: Row, generator: random.Random) -> Row:
    """The row with some of its features, as long as before."""
    scale = 1 / math.sqrt(1 - DROPPED)
    return [(place, value * scale) for place, value in row if generator.random() >= DROPPED]


def train(
    data: Sequence[tuple[Features, str]], labels: list[str], *, pull: float, keep: int
) -> tuple[list[float], dict[str, list[float]]]:
    """Bias, and the `keep` features that weigh most."""
    counts = Counter(name for features, _ in data for name in features)
    names = sorted(name for name, count in counts.items() if count >= RARE)
    places = {name: place for place, name in enumerate(names)}
    rows = [([(places[n], v) for n, v in f.items() if n in places], labels.index(y)) for f, y in data]
    pulls = [pull / counts[name] for name in names]
    table, generator = Table.zero(len(labels), len(names)), random.Random(20_250_101)
    for epoch in range(EPOCHS):
        generator.shuffle(rows)
        for row, label in rows:
            table.step(thinned(row, generator), label, pulls)
        if epoch >= EPOCHS - AVERAGED:
            table.add_up()
    mean = {name: [totals[place] / AVERAGED for totals in table.totals] for name, place in places.items()}
    strongest = sorted(mean, key=lambda n: (-(max(mean[n]) - min(mean[n])) * counts[n] ** 0.3, n))[:keep]
    return [value / AVERAGED for value in table.bias_totals], {name: mean[name] for name in sorted(strongest)}


def fit(data: Sequence[Example], wanted: frozenset[str] = frozenset(PULL)) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, labels, pick in (
        ("kind", KINDS, lambda e: e.kind),
        ("topic", TOPICS, lambda e: e.topic),
        ("priority", PRIORITIES, lambda e: e.priority),
    ):
        if name not in wanted:
            continue
        bias, weights = train(
            [(e.features, pick(e)) for e in data for _ in range(e.times)], labels, pull=PULL[name], keep=KEEP[name]
        )
        made[name] = stored(labels, bias, weights)
    return {**made, "thresholds": THRESHOLDS}


def read_rows(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """The mails of the files; those of another hand belong to the group of their file."""
    found = []
    for path in paths:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        found += [{**row, "group": path.stem} if path.stem in OTHER_HANDS else row for row in rows]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--batch", help="leave out only groups of this name, as `varied`: mails written in one go")
    options = parser.parse_args()
    folder = ROOT / "tests" / "requests"
    learned_apart = {"training-references", *OTHER_HANDS}
    own = sorted(path for path in folder.glob("training-*.jsonl") if path.stem not in learned_apart)
    paths = [*own, *(folder / f"{name}.jsonl" for name in OTHER_HANDS)]
    data = examples(read_rows(paths))
    print(f"{len(data)} mails from {len(paths)} files")
    if options.folds:
        cross_validate(data, options.folds, options.batch or "")
    text = json.dumps(fit(data), ensure_ascii=False, separators=(",", ":"))
    options.out.write_text(text + "\n", "utf-8")
    print(f"{options.out.name}: {len(text.encode()) / 1000:.0f} kB")


def cross_validate(data: Sequence[Example], folds: int, batch: str) -> None:
    """Leak and friction of mails that their model has not seen, by threshold.

    Mails of one group (written together, or one in two languages) are left out together.
    """
    groups = sorted({example.group for example in data if example.group.startswith(batch)})
    random.Random(7).shuffle(groups)
    place = {group: n % folds for n, group in enumerate(groups)}
    order = [i for i, example in enumerate(data) if example.group in place]
    chances: dict[int, dict[str, float]] = {}
    topics = 0
    for fold in range(folds):
        seen = [example for example in data if place.get(example.group) != fold]
        made = fit(seen, frozenset({"kind", "topic"}))
        kind, topic = LinearModel.build(made["kind"]), LinearModel.build(made["topic"])
        for i in (i for i in order if place[data[i].group] == fold):
            chances[i] = kind.probabilities(data[i].features)
            found = topic.probabilities(data[i].features)
            topics += max(found, key=lambda label: found[label]) == data[i].topic
    closed = [i for i in order if data[i].kind != "general"]
    opened = [i for i in order if data[i].kind == "general"]
    print(f"left out: department {topics / len(order):.3f} of {len(order)}")
    for limit in (0.5, 0.6, 0.65, 0.7, 0.73, 0.77, 0.8, 0.83):
        leak = sum(chances[i]["general"] >= limit for i in closed)
        friction = sum(chances[i]["general"] < limit for i in opened)
        print(
            f"  general from {limit:.2f}: leak {leak / len(closed):.3f} ({leak}/{len(closed)}), "
            f"friction {friction / len(opened):.3f} ({friction}/{len(opened)})"
        )


if __name__ == "__main__":
    main()
