"""The data of recognition that ships can be read, and fits together."""

import pytest

from mailgate.config.requests import (
    default_concepts,
    default_models,
    default_phrases,
    default_products,
    request_rules,
)
from mailgate.core.who.features import _OUTSIDE, _OWN, _TELLING
from mailgate.core.who.recognition import DepartmentRule, PhraseRule
from mailgate.core.who.request import RequestKind


def test_what_ships_can_be_read():
    assert {rule.language for rule in default_phrases()} == {"de", "en"}
    assert all(rule.kind is not RequestKind.GENERAL for rule in default_phrases())
    assert "vserver" in default_products().classes
    models = default_models()
    assert set(models.kind.labels) == {kind.value for kind in RequestKind}
    assert set(models.topic.labels) == {"general", "billing", "support"}
    assert models.thresholds.general_stranger >= models.thresholds.general_registered


def test_concepts_that_the_features_name_exist():
    assert set(_OWN | _OUTSIDE) | set(_TELLING) <= set(default_concepts())


def test_rules_of_the_operator_come_on_top():
    rules = request_rules([DepartmentRule("team")], [PhraseRule(RequestKind.SENSITIVE, ("rote mappe",))])
    names = [phrase.text for _, phrase in rules.phrases.named]
    assert "rote mappe" in names
    assert len(names) > 10


def test_a_phrase_that_cannot_be_read_is_refused():
    with pytest.raises(ValueError, match="phrase"):
        request_rules([DepartmentRule("team")], [PhraseRule(RequestKind.SENSITIVE, ("...",))])
    with pytest.raises(ValueError, match="department"):
        request_rules([])
