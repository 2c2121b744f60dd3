"""Train the model of references and write `mailgate/config/reference_model.json`.

It learns from `training-references.jsonl`, from labelled sets that were measures before (`eval-*`, all that have been
read), each mail once more with other forms of its numbers and names, and from the mails of the request model, whose
references are what the rules say. The rules' opinion is one feature among many, and missing from three of ten mails.

    python tools/train_references.py [--left-out] [--out FILE]

`--left-out` trains once without each labelled set and scores what was left out, by the rules alone and by the model.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from reference_forms import varied  # noqa: E402
from score_requests import Score, read_rows  # noqa: E402
from train_requests import OTHER_HANDS, train  # noqa: E402

from mailgate.core.who.decide import LABELS, NONE, Seen  # noqa: E402
from mailgate.core.who.model import LinearModel, stored  # noqa: E402
from mailgate.core.who.references import ReferencePatterns, find_references, read_rules  # noqa: E402
from mailgate.core.who.request import Request, RequestKind  # noqa: E402

OUT = ROOT / "mailgate" / "config" / "reference_model.json"
FOLDER = ROOT / "tests" / "requests"
SETS = (*OTHER_HANDS, "eval-references")
"""Labelled by other hands."""
PULL = 1.0
KEEP = 9_000
WITHOUT_RULES = 0.3
"""The share of mails that are learned without the opinion of the rules, which knows some of these sets too well."""

Example = tuple[dict[str, float], str]


def joined(value: str) -> str:
    return value.replace(".", "").replace(" ", "").lower()


def examples(row: dict[str, Any], seen: Sequence[Seen], generator: random.Random) -> list[Example]:
    """Features and label of each candidate of a mail; what may be one or not is left out."""
    named = {item["value"].lower(): item["type"] for item in row["references"]}
    optional = {item["value"].lower() for item in row.get("references_optional", [])}
    plain = {value: kind for value, kind in named.items() if value not in {s.candidate.value.lower() for s in seen}}
    bare = generator.random() < WITHOUT_RULES
    found = []
    for item in seen:
        value = item.candidate.value.lower()
        label = named.get(value) or plain.get(joined(value), NONE)
        if value not in optional:
            kept = {k: v for k, v in item.features.items() if not (bare and k.startswith("rule:"))}
            found.append((kept, label if label in LABELS else NONE))
    return found


def learned(rows: Iterable[dict[str, Any]], *, times: int = 1) -> list[Example]:
    """The examples of the mails, and of each so many variants with other forms."""
    patterns, generator, found = ReferencePatterns(), random.Random(3), list[Example]()
    for row in rows:
        seen = read_rules(row["subject"], row["text"], patterns).look()
        found += examples(row, seen, generator)
        for other in [varied(row, seen, generator) for _ in range(times if seen else 0)]:
            found += examples(other, read_rules(other["subject"], other["text"], patterns).look(), generator)
    return found


def by_rules(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The mails of the request model, with what the rules find in them."""
    patterns = ReferencePatterns()
    return [
        {**row, "references": [{"type": str(r.type), "value": r.value} for r in refs]}
        for row in rows
        for refs in (find_references(row["subject"], row["text"], patterns),)
    ]


def fit(data: Sequence[Example]) -> dict[str, Any]:
    bias, weights = train(list(data), [str(label) for label in LABELS], pull=PULL, keep=KEEP)
    return stored([str(label) for label in LABELS], bias, weights)


def scored(rows: Iterable[dict[str, Any]], model: LinearModel | None) -> str:
    """Precision and recall, as `score_requests.py` counts them."""
    patterns, total = ReferencePatterns.build(model=model), Score()
    for row in rows:
        found = find_references(row["subject"], row["text"], patterns)
        total.add_references(row, Request(RequestKind.GENERAL, "", references=found))
    precision, recall = total.rates["reference precision"], total.rates["reference recall"]
    return f"{precision.share:6.1%} / {recall.share:6.1%}  ({precision.hits}/{precision.of}, {recall.hits}/{recall.of})"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--left-out", action="store_true")
    options = parser.parse_args()
    sets = {name: read_rows(FOLDER / f"{name}.jsonl") for name in SETS}
    own = learned(read_rows(FOLDER / "training-references.jsonl"))
    labelled = {"training-references", *SETS}
    others = (path for path in sorted(FOLDER.glob("training-*.jsonl")) if path.stem not in labelled)
    own += learned(by_rules(row for path in others for row in read_rows(path)), times=0)
    from_sets = {name: learned(rows) for name, rows in sets.items()}
    if options.left_out:
        for name, rows in sets.items():
            data = [example for other in SETS if other != name for example in from_sets[other]]
            print(f"{name:<16} rules {scored(rows, None)}, model {scored(rows, LinearModel.build(fit(own + data)))}")
    data = own + [example for found in from_sets.values() for example in found]
    text = json.dumps(fit(data), ensure_ascii=False, separators=(",", ":"))
    options.out.write_text(text + "\n", "utf-8")
    print(f"{len(data)} candidates; {options.out.name}: {len(text.encode()) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
