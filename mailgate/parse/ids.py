"""Message-ID, In-Reply-To and References (RFC 5322 §3.6.4), read forgivingly."""

import hashlib
import re
from collections.abc import Iterable
from typing import Final

from mailgate.core.mail.mail import Defect

_BRACKETED: Final = re.compile(r"<([^<>]{1,998}+)>")
_SPACE: Final = re.compile(r"\s+")
_MAX_LENGTH: Final = 998  # RFC 5322 §2.1.1: a line
_MAX_REFERENCES: Final = 50
MADE_UP_DOMAIN: Final = "made-up.invalid"


def read_message_id(values: list[str], raw: bytes) -> tuple[str, bool, list[Defect]]:
    """The Message-ID without brackets, whether it is made up, and what was wrong.

    Of several fields the first usable one counts. Without any, the hash of the raw mail stands in: the same mail
    gets the same id again, whatever its line ends.
    """
    defects = [Defect("message-id-repeated", f"{len(values)} fields")] if len(values) > 1 else []
    for value in values:
        found = bracketed(value)
        if found:
            return found[0], False, defects
    for value in values:
        bare = value.strip().strip("<>\"'").strip()
        if bare and len(bare) <= _MAX_LENGTH and not _SPACE.search(bare):
            return bare, False, [*defects, Defect("message-id-unbracketed", bare[:80])]
    defects.append(Defect("message-id-broken" if any(values) else "message-id-missing", (values or [""])[0][:80]))
    digest = hashlib.sha256(raw.replace(b"\r\n", b"\n")).hexdigest()[:32]
    return f"{digest}@{MADE_UP_DOMAIN}", True, defects


def read_references(values: Iterable[str]) -> tuple[str, ...]:
    """The ids of In-Reply-To or References, each once: of more than fifty the first and the last."""
    ids: dict[str, None] = {}
    for value in values:
        found = bracketed(value)
        if not found:
            found = [word for word in re.split(r"[\s,]+", value) if "@" in word.strip("@") and len(word) <= _MAX_LENGTH]
            found = [word.strip("<>\"'(),;") for word in found]
        ids.update(dict.fromkeys(item for item in found if item))
    kept = list(ids)
    return tuple(kept if len(kept) <= _MAX_REFERENCES else [kept[0], *kept[1 - _MAX_REFERENCES :]])


def bracketed(value: str) -> list[str]:
    """What stands in angle brackets; blanks inside come from broken folding and go."""
    return [inner for item in _BRACKETED.findall(value) if (inner := _SPACE.sub("", item))]
