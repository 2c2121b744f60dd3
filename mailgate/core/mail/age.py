"""How old a mail is that lay in a mailbox before we took it.

A mailbox that is fetched for the first time may hold years of mail, all of which becomes tickets. Whoever wrote such a
mail long ago must not hear from a machine now; people decide about it.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from mailgate.core.mail.envelope import Envelope, Transport
from mailgate.core.mail.mail import ParsedMail

OLD: Final = timedelta(days=7)
_NO_DATE: Final = datetime(1995, 1, 1, tzinfo=UTC)  # before it is what a clock shows that was never set


def is_old(envelope: Envelope, mail: ParsedMail) -> bool:
    """Whether the mail came into its mailbox, or was written, more than seven days before we took it.

    The mailbox's word (`arrived_at`) is not enough, for a copy of an archive may arrive today. A Date that is missing,
    absurd or in the future says nothing. Only mailboxes are asked: on the wire a mail comes when it comes.
    """
    if envelope.transport is not Transport.IMAP:
        return False
    told = (envelope.arrived_at, mail.date)
    return any(date is not None and _NO_DATE <= date < envelope.received_at - OLD for date in told)
