import pytest

from mailgate.config.cron import check_cron


@pytest.mark.parametrize(
    "text",
    [
        "* * * * *",
        "0 7 * * 1-5",
        "*/15 0-6,22,23 1,15 jan-mar 0",
        "5 4 * * sun",
        "0 0 31 12 7",
        "0 0 * * MON-FRI",
        "10/20 * * * *",
    ],
)
def test_standard_cron(text):
    assert check_cron(text) == text


@pytest.mark.parametrize(
    "text",
    ["", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8", "5-1 * * * *", "*/0 * * * *",
     "1- * * * *", "a * * * *", "* * * mon *", "@daily", "? * * * *", "1,,2 * * * *", "* * L * *"],
)  # fmt: skip
def test_what_is_no_standard_cron(text):
    with pytest.raises(ValueError):
        check_cron(text)
