"""Whether a mail lay in its mailbox for so long that no machine answers it any more."""

from datetime import UTC, datetime, timedelta

import pytest
from support.cases import mail

from mailgate.core.mail.age import is_old
from mailgate.core.mail.envelope import Envelope, Transport

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
NEW, OLD = NOW - timedelta(days=7), NOW - timedelta(days=7, seconds=1)
UNSET = datetime(1970, 1, 1, tzinfo=UTC)


def envelope(arrived, transport=Transport.IMAP):
    return Envelope("m1", NOW, transport, None, "", ("support@example.org",), b"", "box/7/1", arrived)


@pytest.mark.parametrize(
    ("arrived", "written", "old"),
    [
        (NEW, NEW, False),
        (OLD, OLD, True),
        (OLD, NEW, True),  # nobody fetched for a week
        (NEW, OLD, True),  # an archive that was copied into the mailbox today
        (None, OLD, True),
        (None, NEW, False),
        (None, None, False),  # somebody who waits for an answer, as far as anybody knows
        (NEW, None, False),
        (OLD, None, True),
        (NEW, UNSET, False),  # a clock that was never set
        (UNSET, NEW, False),
        (NEW, NOW + timedelta(days=4000), False),
        (OLD, NOW + timedelta(days=4000), True),
    ],
)
def test_either_date_makes_a_mail_old_and_absurd_ones_do_not_count(arrived, written, old):
    assert is_old(envelope(arrived), mail(date=written)) is old


@pytest.mark.parametrize("transport", [item for item in Transport if item is not Transport.IMAP])
def test_mail_that_comes_by_itself_is_never_old(transport):
    assert not is_old(envelope(OLD, transport), mail(date=OLD))
