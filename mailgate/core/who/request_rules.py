"""The rules by which a request is recognised, as one frozen value that config fills."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mailgate.core.who.model import LinearModel
from mailgate.core.who.phrases import PhraseIndex
from mailgate.core.who.request import RequestKind

BILLING = "billing"
SUPPORT = "support"
GENERAL = "general"

_TOPICS: Mapping[str, tuple[str, ...]] = {
    BILLING: ("billing", "account", "invoice", "finance", "buchhaltung", "rechnung", "abrechnung", "vertrag", "kunden"),
    SUPPORT: ("support", "tech", "help", "service", "hilfe", "noc", "ops"),
    GENERAL: ("general", "info", "office", "contact", "kontakt", "allgemein", "other", "sonstig", "sales", "vertrieb"),
}


@dataclass(frozen=True, slots=True)
class DepartmentRule:
    """A department as recognition sees it.

    `topic` is what it deals with: `billing`, `support` or `general`; None is read from the name. `request_kind` is the
    kind of a mail where nothing raises it.
    """

    name: str
    request_kind: RequestKind = RequestKind.GENERAL
    default: bool = False
    topic: str | None = None

    @property
    def deals_with(self) -> str | None:
        """The topic, by the name where none is given; None where the name tells nothing."""
        if self.topic is not None:
            return self.topic
        name = self.name.lower()
        return next((topic for topic, words in _TOPICS.items() if any(word in name for word in words)), None)


@dataclass(frozen=True, slots=True)
class PhraseRule:
    """Phrases that raise a mail to a kind. `language` None holds for each language."""

    kind: RequestKind
    phrases: tuple[str, ...]
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How sure the model must be, as probabilities; made by `tools/train_requests.py` on the safe side."""

    general_stranger: float = 0.73
    general_registered: float = 0.5
    sensitive: float = 0.42
    department: float = 0.5
    high: float = 0.25


@dataclass(frozen=True, slots=True)
class Models:
    """What was learned: the kind, the department's topic, the priority."""

    kind: LinearModel
    topic: LinearModel
    priority: LinearModel
    thresholds: Thresholds = field(default_factory=Thresholds)


@dataclass(frozen=True, slots=True)
class ProductWords:
    """`classes` ("vserver", "web hosting") and the `sizes` that make one of them a product ("2000", "xl", "pro")."""

    classes: tuple[str, ...] = ()
    sizes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RequestRules:
    """All that recognition goes by. Without `models` the phrases alone decide, and silence counts as doubt."""

    departments: tuple[DepartmentRule, ...]
    phrases: PhraseIndex
    concepts: PhraseIndex
    products: ProductWords = field(default_factory=ProductWords)
    models: Models | None = None

    @classmethod
    def build(
        cls,
        *,
        departments: Iterable[DepartmentRule],
        phrases: Iterable[PhraseRule] = (),
        concepts: Mapping[str, Iterable[str]] | None = None,
        products: ProductWords | None = None,
        models: Models | None = None,
    ) -> "RequestRules":
        """Rules from plain values.

        Raises:
            ValueError: no department, or a phrase that cannot be read.
        """
        listed = tuple(departments)
        if not listed:
            raise ValueError("at least one department is needed")
        raising = PhraseIndex.build(
            (f"{rule.kind}/{rule.language or ''}", text) for rule in phrases for text in rule.phrases
        )
        meanings = PhraseIndex.build((name, text) for name, texts in (concepts or {}).items() for text in texts)
        return cls(listed, raising, meanings, products or ProductWords(), models)

    @property
    def default_department(self) -> DepartmentRule:
        """The department that is marked default, else the first."""
        return next((department for department in self.departments if department.default), self.departments[0])

    def department(self, name: str | None) -> DepartmentRule | None:
        """The department of that name."""
        return next((department for department in self.departments if department.name == name), None)

    def for_topic(self, topic: str) -> DepartmentRule | None:
        """The first department that deals with the topic."""
        return next((department for department in self.departments if department.deals_with == topic), None)
