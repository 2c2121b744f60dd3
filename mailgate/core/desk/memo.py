"""What the desk notes in a ticket by itself, or of what an agent did: an English sentence each, kept as an entry.

    text = Memo.MERGED.written(number="1040")
    read(text)                                      # (Memo.MERGED, {"number": "1040"})

A memo is read back where it is shown, to be said in the reader's language (`render/words_memos.py`).
"""

import re
from enum import StrEnum

_SLOT = re.compile(r"\{([a-z]+)\}")
_AFTER_UNREAD = (
    "was accepted and could not be processed: {reason}.\n"
    "It is kept as it came. Look at it with care: mailgate message export {id} > mail.eml\n"
    "Run it again, after an update say: mailgate message replay {id}\n"
)
_UNDELIVERED = "The mail to {recipient} ({template}) was not delivered: {why}.\n"


class Memo(StrEnum):
    """Each sentence; where one is another with a value left out, it stands first."""

    CALLED_BACK = "The answer to {people} was called back before it left."
    MERGED = "#{number} became part of this ticket"
    OVERTAKEN = "#{number} became part of this ticket: a mail in it answers one that came only now"
    RELEASED = "released: {reason}"
    CONFIRMED = "confirmed: {reason}"
    DENIED = "denied: {reason}"
    UNDELIVERED = _UNDELIVERED + "The desk knows no other address to write to."
    UNDELIVERED_OTHERS = _UNDELIVERED + "Other addresses of the account: {others}."
    UNREAD_NULL = "A mail from an empty reverse-path " + _AFTER_UNREAD
    UNREAD = "A mail from {sender} " + _AFTER_UNREAD
    RUN_AGAIN = "The mail was run again: {outcome}; it has no ticket."
    RUN_AGAIN_IN = "The mail was run again: {outcome}; it is in ticket {number} now."
    CUT = (
        "This mail has {size} MiB, more than is taken. Only its beginning is here; the whole mail is still in the "
        "mailbox that it was sent to. What is missing in the text or among the attachments has to be read there."
    )

    def written(self, **values: str) -> str:
        """The sentence with its values."""
        return filled(self.value, values)


def filled(sentence: str, values: dict[str, str]) -> str:
    """A sentence with its slots filled; what stands in a value is never taken for a slot."""
    return _SLOT.sub(lambda slot: values[slot[1]], sentence)


def read(text: str) -> tuple[Memo, dict[str, str]] | None:
    """The memo that a text is, with its values; None for one of another version, or that was cut."""
    for memo in Memo:
        values = _values(memo.value, text)
        if values is not None:
            return memo, values
    return None


def _values(sentence: str, text: str) -> dict[str, str] | None:
    """What stands in the slots of a sentence: the words between are looked for from left to right, once each."""
    first, *rest = _SLOT.split(sentence)
    if not text.startswith(first):
        return None
    values: dict[str, str] = {}
    at = len(first)
    for name, words in zip(rest[::2], rest[1::2], strict=True):
        is_last = words == rest[-1] and name == rest[-2]
        end = (len(text) - len(words) if text.endswith(words) else -1) if is_last else text.find(words, at)
        if end < at:
            return None
        values[name] = text[at:end]
        at = end + len(words)
    return values
