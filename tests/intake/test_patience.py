import math

import pytest

from mailgate.core import reply
from mailgate.intake.limits import ListenSettings
from mailgate.intake.patience import Patience, Phase

SETTINGS = ListenSettings("mx", ("x",), idle_timeout=300, session_timeout=1800, minimum_rate=500, minimum_rate_after=10)


def test_sm_03_silence_between_commands():
    patience = Patience(SETTINGS, 0)
    patience.command(100)
    assert patience.overdue(399.9) is None
    assert patience.overdue(400) is reply.TOO_QUIET


def test_sm_03_a_session_without_mail():
    patience = Patience(SETTINGS, 0)
    patience.command(1799)
    assert patience.overdue(1800) is reply.TOO_LONG_WITHOUT_MAIL
    patience.mail(1799)
    assert patience.overdue(1800) is None
    assert patience.due() == 1799 + 300


def test_sm_03_data_at_the_minimum_rate_goes_on_and_below_it_does_not():
    for rate, fate in ((501, None), (450, reply.TOO_SLOW)):
        patience = Patience(SETTINGS, 0)
        patience.data_begins(0)
        seen = None
        for second in range(1, 200):
            seen = seen or patience.overdue(second)
            patience.data(second, rate)
        assert seen is fate


def test_sm_03_one_byte_in_ten_seconds():
    patience = Patience(SETTINGS, 0)
    patience.data_begins(0)
    patience.data(9, 1)
    assert patience.overdue(10.01) is reply.TOO_SLOW


def test_sm_03_a_fast_start_buys_no_hours():
    patience = Patience(SETTINGS, 0)
    patience.data_begins(0)
    patience.data(1, 20_000_000)
    assert patience.due() == pytest.approx(301, abs=0.01)
    patience.data(200, 1)
    assert patience.due() == pytest.approx(301, abs=0.01)


def test_sm_03_data_counts_to_the_session():
    patience = Patience(SETTINGS, 0)
    patience.data_begins(1700)
    patience.data(1701, 10_000_000)
    assert patience.overdue(1800) is reply.TOO_LONG_WITHOUT_MAIL


def test_a_commit_is_our_own_time():
    patience = Patience(SETTINGS, 0)
    patience.commit_begins()
    assert patience.due() == math.inf
    assert patience.overdue(1e9) is None
    assert patience.active_at(1e9) == 1e9


def test_sm_04_who_is_active():
    patience = Patience(SETTINGS, 0)
    patience.command(5)
    assert patience.active_at(100) == 5
    patience.data_begins(50)
    assert patience.phase is Phase.DATA
    assert patience.active_at(60) == 50  # 354 was said ten seconds ago, and nothing came
    patience.data(60, 500)
    assert patience.active_at(60) == pytest.approx(51)
    patience.data(60, 500_000)
    assert patience.active_at(60) == 60
