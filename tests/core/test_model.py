"""The linear model is arithmetic."""

import pytest

from mailgate.core.who.model import LinearModel, stored

DATA = {"labels": ["no", "yes"], "bias": [0, 0], "weights": {"w:up": [-100, 100], "w:down": [50, -50]}}


def test_probabilities_follow_the_weights() -> None:
    model = LinearModel.build(DATA)
    assert model.probabilities({}) == {"no": 0.5, "yes": 0.5}
    chances = model.probabilities({"w:up": 1.0, "w:unknown": 9.0})
    assert chances["yes"] == pytest.approx(0.8808, abs=1e-4)
    assert sum(chances.values()) == pytest.approx(1)


def test_reasons_are_the_strongest_features_for_the_label() -> None:
    model = LinearModel.build(DATA)
    assert model.reasons({"w:up": 1.0, "w:down": 1.0}, "yes") == (("w:up", 1.0),)
    assert model.reasons({"w:up": 1.0, "w:down": 1.0}, "no") == (("w:down", 0.5),)


def test_stored_and_built_again() -> None:
    data = stored(["no", "yes"], [0.1, -0.1], {"a": [0.501, 0.0], "b": [0.001, 0.001]})
    assert data["weights"] == {"a": [50, 0]}
    assert LinearModel.build(data).bias == (0.1, -0.1)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"labels": ["a"], "bias": [0, 0], "weights": {}},
        {"labels": ["a"], "bias": [0], "weights": {"x": [1, 2]}},
        {"labels": ["a"], "bias": ["1"], "weights": {}},
        {"labels": ["a"], "bias": [float("nan")], "weights": {}},
    ],
)
def test_weights_that_do_not_fit_are_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        LinearModel.build(data)
