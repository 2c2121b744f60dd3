from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from support.rows import ANNA, NOW, attachment, notice, opened

from mailgate.core.desk.notice import AutoSubmitted
from mailgate.core.desk.ticket import Flag
from mailgate.store.values import as_json, attachment_from_json, iso, notice_from_json


@pytest.mark.parametrize(
    "made",
    [
        notice(1001),
        notice(None, auto_submitted=None, subject=None, references=(), values={}),
        notice(7, in_reply_to="a@b", reply_key="k", bounce_key="b", auto_submitted=AutoSubmitted.GENERATED),
    ],
)
def test_a_notice_comes_back_as_it_was(made):
    assert notice_from_json(as_json(made)) == made


def test_an_attachment_comes_back_as_it_was():
    assert attachment_from_json(as_json(attachment())) == attachment()


def test_values_of_the_core_become_json():
    shown = as_json(opened(1001, flags=(Flag.STRANGER,)))
    assert shown["requester"] == {"name": ANNA.name, "address": ANNA.address}
    assert shown["flags"] == ["stranger"]
    assert type(shown["state"]) is str
    assert as_json({"a": (1, 2.5, None, True), "b": {"z", "y"}}) == {"a": [1, 2.5, None, True], "b": ["y", "z"]}
    assert as_json([date(2026, 3, 2), timedelta(minutes=1), NOW]) == ["2026-03-02", 60.0, "2026-03-02T09:30:00Z"]


@pytest.mark.parametrize("value", [b"bytes", object(), {"a": [b""]}])
def test_what_has_no_json_form_is_refused(value):
    with pytest.raises(TypeError, match="JSON"):
        as_json(value)


def test_times_are_printed_in_utc():
    berlin = timezone(timedelta(hours=2))
    assert iso(datetime(2026, 7, 1, 12, tzinfo=berlin)) == "2026-07-01T10:00:00Z"
    assert iso(datetime(2026, 7, 1, 12, 0, 0, 500, tzinfo=UTC)) == "2026-07-01T12:00:00.000500Z"
    assert iso(None) is None
