import pytest

from mailgate.intake import limits
from mailgate.intake.limits import Budget, Rate, disk_room, networks, peer_of


def test_sm_04_rate_is_exact_in_every_window():
    rate = Rate(3, period=60)
    assert [rate.allow("a", now) for now in (0, 10, 20, 30, 59.9)] == [True, True, True, False, False]
    assert rate.allow("b", 30)
    assert rate.allow("a", 60)  # the one of second 0 is a minute old
    assert not rate.allow("a", 61)


def test_rate_forgets_quiet_addresses(monkeypatch):
    monkeypatch.setattr(limits, "_FORGET_ABOVE", 10)
    rate = Rate(1, period=60)
    for number in range(10):
        rate.allow(f"old{number}", 0)
    rate.allow("fresh", 59)
    rate.allow("next", 61)
    assert not rate.allow("fresh", 61)
    assert len(rate._seen) == 2


def test_budget():
    budget = Budget(10)
    assert budget.take(6)
    assert not budget.take(5)
    assert budget.take(4)
    budget.give(10)
    assert budget.used == 0


@pytest.mark.parametrize(
    "name, address, key, trusted, local",
    [
        (("192.0.2.7", 1), "192.0.2.7", "192.0.2.7", True, False),
        (("198.51.100.7", 1), "198.51.100.7", "198.51.100.7", False, False),
        (("127.0.0.9", 1), "127.0.0.9", "127.0.0.9", False, True),
        (("::1", 1, 0, 0), "::1", "::/64", False, True),
        (("::ffff:192.0.2.7", 1, 0, 0), "192.0.2.7", "192.0.2.7", True, False),
        (("2001:db8::1:2", 1, 0, 0), "2001:db8::1:2", "2001:db8::/64", False, False),
        (("fe80::1%eth0", 1, 0, 2), "fe80::1", "fe80::/64", False, False),
        ("", "", "unix", True, True),
        (None, "", "unix", True, True),
    ],
)
def test_peer(name, address, key, trusted, local):
    peer = peer_of(name, networks(("192.0.2.0/24",)))
    assert (peer.address, peer.key, peer.trusted, peer.local) == (address, key, trusted, local)
    assert peer.exempt == (trusted or local)


def test_cr_04_disk_room(tmp_path):
    assert disk_room(tmp_path, 0)(1)
    assert not disk_room(tmp_path, 1 << 60)(1)
    assert not disk_room(tmp_path, 0)(1 << 60)
