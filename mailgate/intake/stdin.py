"""A mail on standard input, as an MTA pipes it (Postfix pipe(8), `|command` in aliases) or a program on this machine.

Pipes bring lines with LF, and perhaps an mbox line on top; both are mended here, since signatures hold for CRLF
(RFC 6376 §5.3). A mail that passed no mail server on its way was submitted on this machine, see `auth.gather`.
"""

import re
from email import policy
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from typing import BinaryIO

from mailgate.config import Settings
from mailgate.core.mail.envelope import Envelope, Transport
from mailgate.core.mail.hops import count_hops
from mailgate.intake.limits import ListenSettings
from mailgate.intake.paths import BadArgument, is_mailbox, parse_rcpt
from mailgate.intake.setup import listen_settings, recipient_check, room_check
from mailgate.service.context import new_inbound_id, utc_now
from mailgate.store.engine import Database
from mailgate.store.inbound import store_received

_ALONE = re.compile(rb"(?<!\r)\n")
_MBOX_LINE = re.compile(rb"From [^\r\n]{1,1000}\r?\n")
_HEADER = 64 * 1024


class Unusable(Exception):
    """This call will never work: the recipient, the sender or the mail is wrong."""


class NoRoom(Exception):
    """The disk reserve is reached; later there may be room."""


def take(source: BinaryIO, settings: Settings, database: Database, recipients: list[str], sender: str | None) -> str:
    """Store the mail from `source`; its id, once it is committed and synced.

    `sender` is the reverse-path, "" for the null one; None takes it from the mail. Raises Unusable, NoRoom, and
    StoreError where the mail could not be stored.
    """
    told = listen_settings(settings)
    ours = tuple(dict.fromkeys(department_address(item, settings, told) for item in recipients))
    if sender and not is_mailbox(sender):
        raise Unusable(f"--sender: {sender!r} is no address")
    if not room_check(settings)(told.max_message_size):
        raise NoRoom("too little room on the disk of the database; `[smtp] disk_reserve` stays free")
    raw = read(source, told.max_message_size)
    if count_hops(raw) > told.max_received:
        raise Unusable(f"the mail has passed more than {told.max_received} servers: it goes round in a loop")
    now = utc_now()
    envelope = Envelope(
        id=new_inbound_id(now),
        received_at=now,
        transport=Transport.STDIN,
        client=None,
        reverse_path=reverse_path_of(raw) if sender is None else sender,
        forward_path=ours,
        raw=raw,
    )
    database.write(lambda session: store_received(session, envelope))
    return envelope.id


def read(source: BinaryIO, limit: int) -> bytes:
    """The whole mail with CRLF and without an mbox line. Unusable where it is empty or has more than `limit` bytes."""
    raw = source.read(limit + 1)
    if mbox := _MBOX_LINE.match(raw):
        raw = raw[mbox.end() :]
    raw = _ALONE.sub(b"\r\n", raw)
    if not raw.strip():
        raise Unusable("there is no mail on standard input")
    if len(raw) > limit:
        raise Unusable(f"the mail is larger than [smtp] max_message_size, {limit} bytes")
    return raw


def reverse_path_of(raw: bytes) -> str:
    """Return-Path as the MTA wrote it, else the author, whose program submits the mail; "" where that is no address."""
    header = BytesHeaderParser(policy=policy.compat32).parsebytes(raw[:_HEADER].partition(b"\r\n\r\n")[0])
    if (path := header.get("Return-Path")) is not None:
        found = str(path).strip().removeprefix("<").removesuffix(">")
    else:
        found = parseaddr(str(header.get("From", "")))[1]
    return found if is_mailbox(found) else ""


def department_address(recipient: str, settings: Settings, told: ListenSettings) -> str:
    """The address as it is compared; Unusable where it is none of ours."""
    try:
        return parse_rcpt(f"TO:<{recipient}>", extended=False, domains=told.domains, known=recipient_check(settings))
    except BadArgument as bad:
        raise Unusable(f"--recipient: {recipient!r} is no address of a department ({bad.why})") from bad
