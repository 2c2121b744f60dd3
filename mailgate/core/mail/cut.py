"""A mail of which only the beginning was taken, because it is over the limit and stays where it came from.

The bytes that are stored say so themselves, in a field of ours above the mail's own: replay explains it years later.
"""

from mailgate.core.mail.envelope import Transport
from mailgate.core.mail.mail import ParsedMail

_FIELD = "X-Mailgate-Cut"
_DIGITS = 15


def cut_mail(beginning: bytes, size: int) -> bytes:
    """The beginning of a mail of `size` bytes, marked as that."""
    return f"{_FIELD}: {size}\r\n".encode("ascii") + beginning


def cut_size(mail: ParsedMail, transport: Transport) -> int | None:
    """How large the whole mail is, in bytes, where only its beginning was taken; None where it is whole.

    Only the transport that cuts is asked, and the first field: others may have been written by anybody.
    """
    first = mail.fields[0] if mail.fields else None
    if transport is not Transport.IMAP or first is None or first.name != _FIELD.lower():
        return None
    value = first.value.strip()
    return int(value) if value.isascii() and value.isdecimal() and len(value) <= _DIGITS else None
