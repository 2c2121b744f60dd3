"""Score recognition on labelled mails, as `python tools/score_requests.py [--errors] [--quiet] FILE.jsonl…`.

Prints one table for each file and one for all: leak (account or sensitive taken for general), friction (general taken
for account or sensitive), kind, department, priority, references, product and language, each with its 95 % Wilson
interval. `alternatives`, `*_alternatives` and `references_optional` count as right. No account is known to the scorer.
"""

import argparse
import json
import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from mailgate.config.requests import default_reference_model, request_rules  # noqa: E402
from mailgate.core.who.recognition import DepartmentRule, RequestRules, recognise  # noqa: E402
from mailgate.core.who.references import ReferencePatterns, find_references  # noqa: E402
from mailgate.core.who.request import Request  # noqa: E402
from mailgate.parse.language import detect_language  # noqa: E402

DEPARTMENTS = (DepartmentRule("support", default=True), DepartmentRule("billing"), DepartmentRule("general"))


@dataclass
class Rate:
    """Hits of so many."""

    hits: int = 0
    of: int = 0

    def count(self, hit: bool) -> None:  # noqa: FBT001
        self.hits += hit
        self.of += 1

    @property
    def share(self) -> float:
        return self.hits / self.of if self.of else 0.0

    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval."""
        if not self.of:
            return 0.0, 1.0
        z, n, p = 1.96, self.of, self.share
        middle, reach = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, (middle - reach) / (1 + z * z / n)), min(1.0, (middle + reach) / (1 + z * z / n))


NAMES = (
    "leak", "friction", "kind", "sensitive not seen", "department", "priority", "reference precision",
    "reference recall", "product", "language",
)  # fmt: skip


@dataclass
class Score:
    """The rates by name, and what went wrong."""

    rates: dict[str, Rate] = field(default_factory=lambda: {name: Rate() for name in NAMES})
    errors: list[str] = field(default_factory=list)

    def add(self, row: dict[str, Any], got: Request, language: str | None) -> None:
        kinds = {row["kind"], *row.get("alternatives", [])}
        wrong = []
        if row["kind"] == "general":
            self.rates["friction"].count(got.kind not in kinds)
        else:
            self.rates["leak"].count(got.kind == "general" and "general" not in kinds)
        if row["kind"] == "sensitive":
            self.rates["sensitive not seen"].count(got.kind not in kinds)
        pairs = (
            ("kind", got.kind, kinds),
            ("department", got.department, {row["department"], *row.get("department_alternatives", [])}),
            ("priority", got.priority, {row["priority"], *row.get("priority_alternatives", [])}),
            ("product", _lower(got.product), set(map(_lower, [row["product"], *row.get("product_alternatives", [])]))),
            ("language", language, {row["language"]}),
        )
        for name, value, right in pairs:
            self.rates[name].count(value in right)
            if value not in right:
                wrong.append(f"{name} {value} for {'/'.join(map(str, sorted(right, key=str)))}")
        wrong += self.add_references(row, got)
        if wrong:
            self.errors.append(f"{row['id']}: {'; '.join(wrong)} | {row['subject']} | {row['text'][:160]!r}")

    def add_references(self, row: dict[str, Any], got: Request) -> list[str]:
        """Count the references alone; returns what was wrong."""
        found = {(r.type.value, r.value.lower()) for r in got.references}
        wanted = {(r["type"], r["value"].lower()) for r in row["references"]}
        optional = {(r["type"], r["value"].lower()) for r in row.get("references_optional", [])}
        for item in found - optional:
            self.rates["reference precision"].count(item in wanted)
        for item in wanted:
            self.rates["reference recall"].count(item in found)
        extra, missed = found - wanted - optional, wanted - found
        return ([f"extra {sorted(extra)}"] if extra else []) + ([f"missed {sorted(missed)}"] if missed else [])

    def table(self) -> str:
        lines = []
        for name, rate in self.rates.items():
            low, high = rate.interval()
            lines.append(f"  {name:<20} {rate.share:6.1%}  [{low:6.1%} - {high:6.1%}]  {rate.hits}/{rate.of}")
        return "\n".join(lines)


def _lower(text: str | None) -> str | None:
    return text.lower() if text else None


def read_rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def score(rows: Iterable[dict[str, Any]], rules: RequestRules | None = None) -> Score:
    """Recognise each row as the mail of a stranger and count."""
    total, known = Score(), rules or request_rules(DEPARTMENTS)
    patterns = ReferencePatterns.build(model=default_reference_model())
    for row in rows:
        language = detect_language(f"{row['subject']}\n{row['text']}")
        got = recognise(
            subject=row["subject"],
            text=row["text"],
            language=language,
            recipient_department=None if row["recipient_department"] == "none" else row["recipient_department"],
            author_domain=None,
            rules=known,
            account=None,
            references=find_references(row["subject"], row["text"], patterns),
        )
        total.add(row, got, language)
    return total


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--errors", action="store_true", help="also print each row that is not all right")
    options = parser.parse_args(arguments)
    everything: list[dict[str, Any]] = []
    for path in options.files:
        rows = read_rows(path)
        everything += rows
        result = score(rows)
        print(f"{path.name}: {len(rows)} mails\n{result.table()}")
        if options.errors:
            print("\n".join(result.errors))
    if len(options.files) > 1:
        print(f"all: {len(everything)} mails\n{score(everything).table()}")


if __name__ == "__main__":
    main()
