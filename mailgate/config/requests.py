"""The recognition's data that ships with the package: phrases, concepts, words of products, and the model's weights."""

import json
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from mailgate.core.who.model import LinearModel
from mailgate.core.who.request import RequestKind
from mailgate.core.who.request_rules import (
    DepartmentRule,
    Models,
    PhraseRule,
    ProductWords,
    RequestRules,
    Thresholds,
)

LANGUAGES = ("de", "en")
"""Languages with default phrases."""


@cache
def _toml(language: str) -> dict[str, Any]:
    text = files("mailgate.config").joinpath(f"requests_{language}.toml").read_text("utf-8")
    return tomllib.loads(text)


def default_phrases() -> tuple[PhraseRule, ...]:
    """The phrase rules that ship, which those of config.toml come on top of."""
    return tuple(
        PhraseRule(RequestKind(rule["kind"]), tuple(rule["phrases"]), rule.get("language"))
        for language in LANGUAGES
        for rule in _toml(language).get("requests", [])
    )


def default_concepts() -> dict[str, tuple[str, ...]]:
    """Name of a concept → its phrases in all languages."""
    found: dict[str, tuple[str, ...]] = {}
    for language in LANGUAGES:
        for concept in _toml(language)["concepts"]:
            found[concept["name"]] = found.get(concept["name"], ()) + tuple(concept["phrases"])
    return found


def default_products() -> ProductWords:
    """The words that products of hosting companies are named by."""
    data = _toml("en")["products"]
    return ProductWords(tuple(data["classes"]), frozenset(data["sizes"]))


@cache
def default_models() -> Models:
    """The weights that ship, made by `tools/train_requests.py`."""
    data = json.loads(files("mailgate.config").joinpath("request_model.json").read_text("utf-8"))
    return Models(
        kind=LinearModel.build(data["kind"]),
        topic=LinearModel.build(data["topic"]),
        priority=LinearModel.build(data["priority"]),
        thresholds=Thresholds(**data["thresholds"]),
    )


@cache
def default_reference_model() -> LinearModel:
    """The weights that decide what a number or a name is, made by `tools/train_references.py`."""
    text = files("mailgate.config").joinpath("reference_model.json").read_text("utf-8")
    return LinearModel.build(json.loads(text))


def request_rules(
    departments: Iterable[DepartmentRule], phrases: Iterable[PhraseRule] = (), *, models: Models | None = None
) -> RequestRules:
    """The rules that are in force: what ships, and the operator's departments and phrases.

    Raises:
        ValueError: no department, or a phrase that cannot be read.
    """
    return RequestRules.build(
        departments=departments,
        phrases=(*default_phrases(), *phrases),
        concepts=default_concepts(),
        products=default_products(),
        models=models or default_models(),
    )
