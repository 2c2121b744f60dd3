"""The product that a mail names by its full name: in brackets in the subject, or in the text."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from mailgate.core.who.identity import Account
from mailgate.core.who.request_rules import ProductWords
from mailgate.core.who.words import bounded

_BRACKETS = re.compile(r"\[([^\[\]]{2,60})\]")
_NO_PRODUCT = re.compile(
    r"#|ticket|extern|spam|fwd?\b|wg\b|re\b|aw\b|urgent|dringend|list|\d{6,}|[-.@]\w+\.", re.IGNORECASE
)
_TOKEN = re.compile(r"[^\W_]+(?:[-.+][^\W_]+)*\+?")


def find_product(subject: str, text: str, words: ProductWords, account: Account | None) -> str | None:
    """The product as it is written, None where only a class of products ("vServer") or none at all is named.

    What the account has counts first, then brackets in the subject that hold a product, then subject and text.
    """
    head, body = bounded(subject), bounded(text)
    for line in (head, body):
        own = _own_product(line, account)
        if own:
            return own
    for match in _BRACKETS.finditer(head):
        name = match.group(1).strip()
        if _full_name(name, words) or (_starts_with_class(name, words) and not _NO_PRODUCT.search(name)):
            return _full_name(name, words) or (name if " " in name else None)
    return _full_name(head, words) or next(
        (hit for hit in (_full_name(ln, words) for ln in body.splitlines()) if hit), None
    )


def _own_product(line: str, account: Account | None) -> str | None:
    if account is None:
        return None
    spoken = f" {' '.join(token.lower() for token in _TOKEN.findall(line))} "
    named = (p.name for p in account.products if p.kind not in {"server", "domain", "ip", "order", "invoice"})
    return next((name for name in named if name and f" {name.lower()} " in spoken), None)


def _starts_with_class(name: str, words: ProductWords) -> bool:
    return any(name.lower().startswith(product_class) for product_class in words.classes)


def _full_name(line: str, words: ProductWords) -> str | None:
    """The first class of products in the line that is followed by a size."""
    tokens = list(_TOKEN.finditer(line))
    lowered = [token.group().lower() for token in tokens]
    classes = _by_first_word(words.classes)
    for index, word in enumerate(lowered):
        length = _class_at(lowered, index, classes.get(word, ()))
        after = index + length
        if length and after < len(tokens) and _is_size(line, tokens[after], words.sizes):
            gap = line[tokens[after - 1].end() : tokens[after].start()]
            if gap in {" ", "-", "\u00a0"}:
                return line[tokens[index].start() : tokens[after].end()]
    return None


@lru_cache(maxsize=4)
def _by_first_word(classes: tuple[str, ...]) -> Mapping[str, tuple[list[str], ...]]:
    """The words of each class, by the first of them."""
    found: dict[str, tuple[list[str], ...]] = {}
    for parts in (product_class.split() for product_class in classes):
        found[parts[0]] = (*found.get(parts[0], ()), parts)
    return found


def _class_at(lowered: list[str], index: int, classes: Iterable[list[str]]) -> int:
    """How many tokens of the longest class stand at the index, 0 for none."""
    lengths = (len(parts) for parts in classes if lowered[index : index + len(parts)] == parts)
    return max(lengths, default=0)


def _is_size(line: str, token: re.Match[str], sizes: frozenset[str]) -> bool:
    text = token.group()
    after = line[token.end() : token.end() + 2].strip().lower()
    if text.isdigit():
        return len(text) <= 5 and int(text) >= 100 and not after.startswith(("€", "$", "£", "%"))
    return text.lower() in sizes and (text[0].isupper() if len(text) > 2 else text.isupper())
