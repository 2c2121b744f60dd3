"""Keys: 130 random bits in base32, in addresses and Message-IDs. A key gives place; it is never a grade.

A keyed address is `local+<key>@domain`, our Message-IDs are `<key>.<ticket>@domain`. What a key opens stands in a
table (ticket, person, purpose, expiry, use), so that it can be revoked; there is nothing to forge or to rotate.
"""

from collections.abc import Iterable

KEY_LENGTH = 26
_ALPHABET = frozenset("abcdefghijklmnopqrstuvwxyz234567")


def is_key(text: str) -> bool:
    """True for 26 base32 characters, in any case: mail systems change it (threats TH-02)."""
    return len(text) == KEY_LENGTH and _ALPHABET.issuperset(text.lower())


def keyed_address(address: str, key: str, delimiter: str) -> str:
    """`support@example.org` with a key: `support+<key>@example.org`."""
    local, _, domain = address.rpartition("@")
    return f"{local}{delimiter}{key}@{domain}"


def split_keyed(address: str, delimiter: str) -> tuple[str, str | None]:
    """The address without its key, and the key in lower case, or None where it has none."""
    local, at, domain = address.rpartition("@")
    base, mark, key = local.rpartition(delimiter)
    if at and mark and base and is_key(key):
        return f"{base}@{domain}", key.lower()
    return address, None


def message_id(key: str, ticket: int | None, domain: str) -> str:
    """A Message-ID of ours, without angle brackets (RFC 5322 §3.6.4; 130 random bits)."""
    return f"{key}.{ticket or 0}@{domain}"


def root_id(ticket: int, domain: str) -> str:
    """What each mail of ours about a ticket refers to, so that mail programs show them as one conversation.

    No mail has this id, and it opens nothing.
    """
    return f"ticket-{ticket}@{domain}"


def key_of_message_id(identifier: str, domain: str) -> str | None:
    """The key within a Message-ID of ours; None for anybody else's."""
    left, _, right = identifier.rpartition("@")
    key = left.partition(".")[0]
    return key.lower() if right.lower() == domain and is_key(key) else None


def keys_in_ids(identifiers: Iterable[str], domain: str) -> tuple[str, ...]:
    """The keys of all Message-IDs of ours among `identifiers`, in their order."""
    found = (key_of_message_id(item, domain) for item in identifiers)
    return tuple(key for key in found if key is not None)
