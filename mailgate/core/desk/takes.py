"""What a department takes of what comes attached, and why it does not take the rest. The raw mail keeps all of it."""

from dataclasses import dataclass
from enum import StrEnum

from mailgate.core.mail.mail import Attachment

SMALLEST_PICTURE = 10_000  # octets; inline pictures below are logos of signatures
_SIGNATURES = frozenset(
    {
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-signature",
    }
)
# Office programs keep their documents in these: what the bytes look like says less than what the mail calls them.
_CONTAINERS = frozenset({"application/zip", "application/x-ole-storage"})


class Refusal(StrEnum):
    """Why an attachment is not taken."""

    SIZE = "size"
    TYPE = "type"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Takes:
    """At most `max_count` attachments of at most `max_size` octets, of these MIME types (`image/*`; none: all)."""

    max_count: int
    max_size: int
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotTaken:
    """An attachment that stays in the raw mail alone."""

    attachment: Attachment
    why: Refusal


@dataclass(frozen=True, slots=True)
class Sorted:
    """The attachments of a mail, each in the order of the mail: what is taken and what is not."""

    taken: tuple[Attachment, ...] = ()
    refused: tuple[NotTaken, ...] = ()


def sort(takes: Takes | None, items: tuple[Attachment, ...]) -> Sorted:
    """Take what the department takes. What mail programs add by themselves is no attachment to people, nor here."""
    if takes is None:
        return Sorted(taken=items)
    taken: list[Attachment] = []
    refused: list[NotTaken] = []
    room = takes.max_count
    for item in items:
        if _is_decoration(item):
            taken.append(item)
            continue
        why = _why_not(takes, item, room)
        if why is None:
            room -= 1
            taken.append(item)
        else:
            refused.append(NotTaken(item, why))
    return Sorted(tuple(taken), tuple(refused))


def _why_not(takes: Takes, item: Attachment, room: int) -> Refusal | None:
    if item.size > takes.max_size:
        return Refusal.SIZE
    if takes.types and not any(_fits(kind_of(item), wanted) for wanted in takes.types):
        return Refusal.TYPE
    return Refusal.COUNT if room < 1 else None


def kind_of(item: Attachment) -> str:
    """The type that counts: what the bytes show, for the mail may say anything; else what the mail says (IN-10)."""
    stated, shown = item.content_type, item.detected_type
    if shown is None:
        return stated
    is_document = stated.startswith("application/vnd.") or stated == "application/msword"
    return stated if shown in _CONTAINERS and is_document else shown


def _fits(kind: str, wanted: str) -> bool:
    return kind.startswith(wanted[:-1]) if wanted.endswith("/*") else kind == wanted


def _is_decoration(item: Attachment) -> bool:
    """A logo in the signature of a mail, or its cryptographic signature: small, and what its bytes say it is."""
    if item.size >= SMALLEST_PICTURE:
        return False
    kinds = {item.content_type, item.detected_type or item.content_type}
    return kinds <= _SIGNATURES or (item.inline and all(kind.startswith("image/") for kind in kinds))
