"""A linear model: weights by feature, one row of them for each label. Pure arithmetic, explained by its own weights.

The weights are data (`mailgate/config/request_model.json`), made by `tools/train_requests.py`.
"""

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

SCALE = 100
"""Weights are stored as whole hundredths."""


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Labels, the weights of each feature in the order of the labels, and the same for no feature at all (`bias`)."""

    labels: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, tuple[float, ...]]

    @classmethod
    def build(cls, data: Mapping[str, object]) -> "LinearModel":
        """A model from its stored form `{"labels": [...], "bias": [...], "weights": {feature: [...]}}`, in hundredths.

        Raises:
            ValueError: rows that do not fit the labels, or values that are no numbers.
        """
        labels, bias, weights = data.get("labels"), data.get("bias"), data.get("weights")
        if not isinstance(labels, list) or not isinstance(weights, dict):
            raise ValueError("a model needs labels and weights")  # noqa: TRY004 - one error for all that is wrong
        width = len(labels)
        table = {str(name): _row(row, width) for name, row in weights.items()}
        return cls(tuple(str(label) for label in labels), _row(bias, width), table)

    def scores(self, features: Mapping[str, float]) -> tuple[float, ...]:
        """The sum of bias and weights for each label."""
        totals = list(self.bias)
        for name, value in features.items():
            for index, weight in enumerate(self.weights.get(name, ())):
                totals[index] += weight * value
        return tuple(totals)

    def probabilities(self, features: Mapping[str, float]) -> dict[str, float]:
        """Label → probability; they sum to 1."""
        return dict(zip(self.labels, softmax(self.scores(features)), strict=True))

    def reasons(self, features: Mapping[str, float], label: str, count: int = 5) -> tuple[tuple[str, float], ...]:
        """The features that speak most for `label` against the mean of the labels, strongest first."""
        place = self.labels.index(label)
        pulls = (
            (name, value * (row[place] - sum(row) / len(row)))
            for name, value in features.items()
            if (row := self.weights.get(name))
        )
        strongest = sorted((pull for pull in pulls if pull[1] > 0), key=lambda pull: (-pull[1], pull[0]))
        return tuple(strongest[:count])


def softmax(scores: Sequence[float]) -> tuple[float, ...]:
    """Scores as probabilities."""
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return tuple(power / total for power in powers)


def _row(row: object, width: int) -> tuple[float, ...]:
    if not isinstance(row, list) or len(row) != width:
        raise ValueError(f"a row of a model holds {width} numbers")
    return tuple(_number(value) / SCALE for value in row)


def _number(value: object) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"a weight is a number, not {value!r}")
    return float(value)


def stored(labels: Iterable[str], bias: Iterable[float], weights: Mapping[str, Sequence[float]]) -> dict[str, object]:
    """The stored form of a model; features whose weights all round to the same are left out.

    Only the differences of a row count, so the middle one is stored as 0: that is shorter.
    """
    rows = {
        name: [round((value - statistics.median_low(row)) * SCALE) for value in row]
        for name, row in sorted(weights.items())
    }
    return {
        "labels": list(labels),
        "bias": [round(value * SCALE) for value in bias],
        "weights": {name: row for name, row in rows.items() if any(row)},
    }
