"""Which candidates are references, and of which type: what the rules say and what stands around, weighed by a model.

The rules (`references.py`) know the usual forms; they give an opinion on each candidate, and the model, which has seen
many writers, has the last word. It is data (`mailgate/config/reference_model.json`, `tools/train_references.py`).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mailgate.core.who.around import Surroundings, features
from mailgate.core.who.candidates import Candidate, candidates
from mailgate.core.who.model import LinearModel
from mailgate.core.who.request import ReferenceType

NONE = "none"
LABELS = (NONE, ReferenceType.CUSTOMER, ReferenceType.ORDER, ReferenceType.INVOICE, ReferenceType.SERVER)
"""What a candidate may be; domains and addresses are told by their form alone."""

ENOUGH = 0.45
"""A candidate is a reference from this probability on that it is one of any type."""

_RULES = 0.8
"""How much the opinion of the rules counts beside a word (1.0); more, and the model follows them where they err."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A place in the text, the type (None: no reference) and the value; `sure` is what its form alone tells."""

    start: int
    end: int
    type: ReferenceType | None
    value: str
    why: str = ""
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """A candidate and its features."""

    candidate: Candidate
    features: dict[str, float]


def look(around: Surroundings, blanked: str, hits: Sequence[Hit]) -> list[Seen]:
    """The candidates of `blanked` (the text without what its form alone tells), with their features."""
    places = candidates(blanked)
    seen = []
    for place in places:
        found = features(place, around, places)
        opinion = _opinion(place, hits)
        kind = next(iter(found))
        found[f"rule:{opinion}"] = _RULES
        found[f"rule:{opinion}&{kind}"] = _RULES / 2
        seen.append(Seen(place, found))
    return seen


def _opinion(place: Candidate, hits: Sequence[Hit]) -> str:
    """What the rules say: a type, a type for a part of it, `noise`, or nothing (`no`)."""
    over = [hit for hit in hits if hit.start < place.end and place.start < hit.end]
    for hit in over:
        own, found = _plain(place.value), _plain(hit.value)
        if hit.type and (own == found or (" " not in place.value and own.lstrip(_LETTERS) == found)):
            return hit.type  # what the rule takes for the number's name may be part of it: "KD7710442"
    partly = next((hit.type for hit in over if hit.type), None)
    if partly:
        return f"part-{partly}"
    return "noise" if over else "no"


_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _plain(value: str) -> str:
    return value.replace(".", "").replace(" ", "").lower()


def decide(seen: Iterable[Seen], model: LinearModel) -> list[Hit]:
    """The references among the candidates, none over another; a value is of one type, the likeliest.

    What looks like a sure one of the same mail ("F2025-48810" beside the invoice F2026-55102) is of its type.
    """
    chances = [(model.probabilities(item.features), item) for item in seen]
    chances.sort(key=lambda pair: pair[0][NONE])
    taken: list[Hit] = []
    best: dict[str, ReferenceType] = {}
    forms: dict[str, ReferenceType] = {}
    for chance, item in chances:
        place, form = item.candidate, _form(item.candidate.value)
        alike = forms.get(form) if chance[NONE] < _HOPELESS else None
        if (1 - chance[NONE] < ENOUGH and not alike) or any(_over(place, hit) for hit in taken):
            continue
        kind = alike or ReferenceType(max(LABELS[1:], key=lambda label: chance[label]))
        kind = best.setdefault(place.value.lower(), kind)
        if form and chance[kind] >= _SURE:
            forms.setdefault(form, kind)
        why = ", ".join(name for name, _ in model.reasons(item.features, kind, 3))
        taken.append(Hit(place.start, place.end, kind, place.value, f"{chance[kind]:.2f} by {why}"))
    return taken


_SURE = 0.8
_HOPELESS = 0.9
_DIGIT = re.compile(r"\d")


def _form(value: str) -> str:
    """Letters and marks of a code with its digits as one sign; empty for digits alone, which look like any number."""
    form = _DIGIT.sub("9", value)
    return "" if form.isdecimal() or " " in form else form


def _over(place: Candidate, hit: Hit) -> bool:
    return place.start < hit.end and hit.start < place.end
