"""Whose references are: the account that a number, a server, a domain or an address in a mail belongs to."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from mailgate.core.who.identity import Account
from mailgate.core.who.request import Reference, ReferenceType
from mailgate.core.who.words import bounded


def attach_accounts(
    references: tuple[Reference, ...], accounts: Iterable[Account], *, subject: str = "", text: str = ""
) -> tuple[Reference, ...]:
    """The references with the number of the account they belong to; an account's own things beat patterns.

    A name in subject or text that equals one of the accounts' products is a reference even where no pattern takes it.
    What belongs to several of the accounts is ambiguous and stays without one.
    """
    owners = _owners(accounts)
    seen = {(reference.type, reference.value.lower()) for reference in references}
    result = [replace(reference, account=_owner(reference, owners)) for reference in references]
    spoken = f"{bounded(subject)}\n{bounded(text)}".lower()
    for (kind, name), numbers in owners.items():
        if (kind, name) in seen or len(name) < 3 or not _stands_in(name, spoken):
            continue
        result.append(Reference(kind, name, next(iter(numbers)) if len(numbers) == 1 else None))
    names = {name for kind, name in owners if kind is not ReferenceType.CUSTOMER}
    return tuple(
        reference
        for reference in result
        if reference.account
        or (reference.type, reference.value.lower()) in owners
        or reference.value.lower() not in names
    )


_TYPES = frozenset(kind.value for kind in ReferenceType)


def _owners(accounts: Iterable[Account]) -> dict[tuple[ReferenceType, str], set[str]]:
    owners: dict[tuple[ReferenceType, str], set[str]] = {}
    for account in accounts:
        owners.setdefault((ReferenceType.CUSTOMER, account.number.lower()), set()).add(account.number)
        for product in account.products:
            if product.kind in _TYPES:
                owners.setdefault((ReferenceType(product.kind), product.name.lower()), set()).add(account.number)
    return owners


def spellings(reference: Reference) -> tuple[str, ...]:
    """What the thing may be called in the accounts: as the mail writes it, and a grouped number ("48.210") joined."""
    joined = reference.value.translate(_GAPS)
    return (reference.value, joined) if joined.isdecimal() and joined != reference.value else (reference.value,)


_GAPS = {ord(gap): None for gap in ". \u00a0"}


def _owner(reference: Reference, owners: Mapping[tuple[ReferenceType, str], set[str]]) -> str | None:
    value = reference.value.lower()
    numbers = (
        set[str]().union(*(owners.get((reference.type, name.lower()), ()) for name in spellings(reference))) or None
    )
    while numbers is None and reference.type is ReferenceType.DOMAIN and value.count(".") > 1:
        value = value.partition(".")[2]
        numbers = owners.get((reference.type, value))
    return next(iter(numbers)) if numbers and len(numbers) == 1 else None


def _stands_in(name: str, text: str) -> bool:
    """True where `name` stands in the text as a word of its own: no letter, digit, dot or hyphen joins it."""
    start = text.find(name)
    while start >= 0:
        end = start + len(name)
        before, after = text[start - 1 : start], text[end : end + 1]
        joined = before.isalnum() or before in {"-", "_"} or after.isalnum() or after in {"-", "_"}
        if not joined:
            return True
        start = text.find(name, start + 1)
    return False
