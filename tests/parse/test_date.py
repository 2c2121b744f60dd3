"""Dates that the strict reader gave up on."""

from datetime import UTC, datetime

import pytest

from mailgate.parse.date import plausible, recover_date


@pytest.mark.parametrize(
    "value",
    [
        "Mon, 2 Mar 2026 10:00:00",
        "2026-03-02 10:00",
        "2026-03-02T10:00:00Z",
        "Mon Mar 2 10:00:00 2026",
        "Monday, 02-Mar-26 10:00:00 GMT",
        " 2 mar 2026 10:00:00 -0000 ",
    ],
)
def test_recover(value):
    assert recover_date(value) == datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    ["", "x", "32 Mar 2026 10:00:00 +0000", "2 Mar 2026 25:00:00", "1" * 10_000, "2 Mar 2026 10:00:00 +99999999999"],
)
def test_what_is_no_date_is_none(value):
    assert recover_date(value) is None


def test_no_clock_says_these_years():
    assert plausible(datetime(1800, 1, 1, tzinfo=UTC)) is None
    assert plausible(datetime(9999, 12, 31, tzinfo=UTC)) is None
    assert plausible(None) is None
