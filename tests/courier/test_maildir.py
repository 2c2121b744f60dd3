"""The Maildir courier."""

import pytest

from mailgate.courier.courier import Parcel, Sent, Unreachable
from mailgate.courier.maildir import MaildirCourier

PARCEL = Parcel("id@example.org", "bounce@example.org", "kim@kunde.example", b"Subject: x\r\n\r\nHallo\r\n")


async def test_a_parcel_becomes_a_file(tmp_path):
    outcome = await MaildirCourier(tmp_path / "out").send(PARCEL)
    assert isinstance(outcome, Sent)
    (file,) = (tmp_path / "out" / "new").iterdir()
    assert file.read_bytes().endswith(PARCEL.raw)
    assert file.read_bytes().startswith(b"Return-Path: <bounce@example.org>\r\nDelivered-To: kim@kunde.example\r\n")
    assert list((tmp_path / "out" / "tmp").iterdir()) == []
    assert file.stat().st_mode & 0o077 == 0


async def test_ob_06_a_repeat_replaces_its_first_copy(tmp_path):
    courier = MaildirCourier(tmp_path)
    await courier.send(PARCEL)
    await courier.send(PARCEL)
    assert len(list((tmp_path / "new").iterdir())) == 1


async def test_a_folder_that_cannot_be_made_is_waited_for(tmp_path):
    (tmp_path / "out").write_text("a file stands in the way")
    outcome = await MaildirCourier(tmp_path / "out").send(PARCEL)
    assert isinstance(outcome, Unreachable)
    assert "cannot be written" in outcome.reply
    with pytest.raises(AttributeError):
        outcome.reply = "values do not change"
