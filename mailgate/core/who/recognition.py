"""What is asked: kind, department, priority, product and missing facts of a mail, with the reason for each.

A linear model over words and what phrases mean gives the first opinion; phrase rules, the account's own products and
the department's `request_kind` may raise it, never lower it. `docs/requests.md` tells how it is measured.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mailgate.core.who.features import Reading, features, read
from mailgate.core.who.identity import Account
from mailgate.core.who.missing import missing_facts
from mailgate.core.who.model import LinearModel
from mailgate.core.who.product import find_product
from mailgate.core.who.request import Priority, Reference, ReferenceType, Request, RequestKind
from mailgate.core.who.request_rules import (
    GENERAL,
    DepartmentRule,
    Models,
    PhraseRule,
    ProductWords,
    RequestRules,
    Thresholds,
)

__all__ = [
    "DepartmentRule",
    "Models",
    "PhraseRule",
    "ProductWords",
    "RequestRules",
    "Thresholds",
    "mail_features",
    "recognise",
]

_STRENGTH: Mapping[RequestKind, int] = {RequestKind.GENERAL: 0, RequestKind.ACCOUNT: 1, RequestKind.SENSITIVE: 2}
_MOST_SIGNALS = 40
_GROUPS: Mapping[str, str] = {
    "w": "word", "s": "subject word", "2": "words", "c": "piece", "g": "signature word", "k": "meaning",
    "ks": "meaning of subject", "kl": "meaning at the end", "n": "balance", "p": "meanings", "r": "names a",
    "x": "shape",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Opinion:
    kind: RequestKind
    signals: tuple[str, ...] = ()


def mail_features(
    subject: str,
    text: str,
    *,
    recipient_department: str | None,
    references: tuple[Reference, ...],
    rules: RequestRules,
) -> tuple[Reading, dict[str, float]]:
    """The mail as the model sees it; the same for training and for recognition."""
    reading = read(subject, text, references)
    department = rules.department(recipient_department)
    topic = department.deals_with if department else recipient_department
    known = {"to": topic or "none"}
    return reading, features(reading, concepts=rules.concepts, references=references, context=known)


def recognise(
    *,
    subject: str,
    text: str,
    language: str | None,
    recipient_department: str | None,
    author_domain: str | None,
    rules: RequestRules,
    account: Account | None,
    references: tuple[Reference, ...],
) -> Request:
    """The request of a mail.

    `text` is the new text without quotes. `author_domain` is the domain of From: where only a line of contact data
    names it, it is no reference. `account` is whom the author's address is registered to; for anyone else doubt counts
    as `account`.
    """
    references = tuple(r for r in references if not _only_contact(r, author_domain, subject, text))
    reading, found = mail_features(
        subject, text, recipient_department=recipient_department, references=references, rules=rules
    )
    signals: list[str] = [f"reference:{r.type} {r.value}" for r in references]
    department = _department(found, recipient_department, rules, signals)
    priority = _priority(found, rules, signals)
    opinion = _kind(found, account, rules)
    kind = _raised(opinion.kind, _raises(reading, language, department, account, references, rules), signals)
    signals += opinion.signals
    product = find_product(subject, text, rules.products, account)
    if product:
        signals.append(f"product:{product}")
    missing = missing_facts(subject, text, references) if priority is Priority.HIGH else ()
    return Request(
        kind=kind,
        department=department.name,
        priority=priority,
        language=language,
        product=product,
        references=references,
        missing=missing,
        signals=tuple(dict.fromkeys(signals))[:_MOST_SIGNALS],
    )


def _only_contact(reference: Reference, author_domain: str | None, subject: str, text: str) -> bool:
    """True for the author's own domain where each line that names it is a line of contact data: few words, or a bar."""
    name = reference.value.lower()
    if reference.type is not ReferenceType.DOMAIN or author_domain is None or name != author_domain.lower():
        return False
    if reference.account is not None or name in subject.lower():
        return False
    naming = [line for line in text.splitlines() if name in line.lower()]
    return bool(naming) and all(len(line.split()) <= 3 or "|" in line or "·" in line for line in naming[-3:])


def _kind(found: Mapping[str, float], account: Account | None, rules: RequestRules) -> _Opinion:
    """What the model says; general only where it is sure enough, for strangers surer than for customers."""
    if rules.models is None:
        return _Opinion(RequestKind.ACCOUNT, ("doubt:no model, counts as account",))
    model, limits = rules.models.kind, rules.models.thresholds
    chance = model.probabilities(found)
    general, sensitive = chance[RequestKind.GENERAL], chance[RequestKind.SENSITIVE]
    enough = limits.general_stranger if account is None else limits.general_registered
    if general >= enough:
        return _Opinion(RequestKind.GENERAL, _explained(model, found, RequestKind.GENERAL, general))
    closed = max(1e-9, 1 - general)
    kind = RequestKind.SENSITIVE if sensitive / closed >= limits.sensitive else RequestKind.ACCOUNT
    reasons = _explained(model, found, kind, chance[kind])
    if general > max(chance[RequestKind.ACCOUNT], sensitive):
        reasons = (f"doubt:general only with {general:.2f} of {enough:.2f}", *reasons)
    return _Opinion(kind, reasons)


def _explained(model: LinearModel, found: Mapping[str, float], label: str, chance: float) -> tuple[str, ...]:
    reasons = (f"{_readable(name)} (+{pull:.2f})" for name, pull in model.reasons(found, label))
    return (f"model:{label} {chance:.2f}", *reasons)


def _readable(feature: str) -> str:
    group, _, name = feature.partition(":")
    return f"{_GROUPS.get(group, group)}:{name}"


def _raises(
    reading: Reading,
    language: str | None,
    department: DepartmentRule,
    account: Account | None,
    references: tuple[Reference, ...],
    rules: RequestRules,
) -> list[tuple[RequestKind, str]]:
    """What speaks for at least a kind, each with its signal."""
    found: list[tuple[RequestKind, str]] = []
    for sentence in reading.all_sentences():
        for name, phrase in rules.phrases.hits(sentence):
            kind, _, spoken = name.partition("/")
            if not spoken or language is None or spoken == language:
                found.append((RequestKind(kind), f"phrase:{kind} {phrase}"))
    if account is not None:
        own = (r for r in references if r.account == account.number and r.type is not ReferenceType.CUSTOMER)
        found += [(RequestKind.ACCOUNT, f"own {r.type}:{r.value}") for r in own]
    if department.request_kind is not RequestKind.GENERAL:
        found.append((department.request_kind, f"department:{department.name} is {department.request_kind}"))
    return found


def _raised(kind: RequestKind, raises: list[tuple[RequestKind, str]], signals: list[str]) -> RequestKind:
    for least, signal in raises:
        signals.append(signal)
        kind = max(kind, least, key=lambda item: _STRENGTH[item])
    return kind


def _department(
    found: Mapping[str, float], recipient: str | None, rules: RequestRules, signals: list[str]
) -> DepartmentRule:
    """By content where the model is sure, else by recipient; topics without a department stay where they came in."""
    addressed = rules.department(recipient)
    if addressed:
        signals.append(f"recipient:{addressed.name}")
    home = addressed or rules.for_topic(GENERAL) or rules.default_department
    if rules.models is None:
        return home
    chance = rules.models.topic.probabilities(found)
    topic = max(chance, key=lambda label: chance[label])
    target = rules.for_topic(topic)
    if target is None or (addressed and chance[topic] < rules.models.thresholds.department):
        return home
    signals.append(f"department:{target.name} by content {chance[topic]:.2f}")
    return target


def _priority(found: Mapping[str, float], rules: RequestRules, signals: list[str]) -> Priority:
    if rules.models is None:
        return Priority.NORMAL
    model = rules.models.priority
    chance = model.probabilities(found)[Priority.HIGH]
    if chance < rules.models.thresholds.high:
        return Priority.NORMAL
    signals += [f"priority:high {chance:.2f}"] + [
        f"{_readable(name)} (+{pull:.2f} high)" for name, pull in model.reasons(found, Priority.HIGH, 3)
    ]
    return Priority.HIGH
