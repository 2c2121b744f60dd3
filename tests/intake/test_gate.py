from dataclasses import dataclass, field

from mailgate.core import reply
from mailgate.intake.gate import Gate
from mailgate.intake.limits import ListenSettings, networks, peer_of


@dataclass(eq=False)
class FakeGuest:
    address: str
    active: float = 0.0
    said: list = field(default_factory=list)

    @property
    def peer(self):
        return peer_of((self.address, 1) if self.address else "", networks(("192.0.2.0/24",)))

    def active_at(self, now):
        return self.active

    def bye(self, why):
        self.said.append(why)


def gate(**fields):
    return Gate(ListenSettings("mx", ("x",), **({"max_connections": 10, "stress_idle": 5.0} | fields)))


def test_sm_04_by_address_and_by_64():
    house = gate(max_connections_per_address=2)
    first = FakeGuest("2001:db8::1")
    assert house.enter(first, 0) is None
    assert house.enter(FakeGuest("2001:db8::2"), 0) is None
    assert house.enter(FakeGuest("2001:db8::3"), 0) is reply.TOO_MANY_FROM_YOU
    assert house.enter(FakeGuest("2001:db8:0:1::1"), 0) is None
    house.leave(first)
    house.leave(first)
    assert house.enter(FakeGuest("2001:db8::3"), 0) is None


def test_sm_04_no_limit_by_address_for_trusted_and_unix():
    house = gate(max_connections_per_address=1, trusted_networks=("192.0.2.0/24",))
    assert [house.enter(FakeGuest("192.0.2.1"), 0) for _ in range(3)] == [None] * 3
    assert [house.enter(FakeGuest(""), 0) for _ in range(3)] == [None] * 3


def test_sm_04_a_full_house_sends_the_quietest_away():
    house = gate(max_connections=2)
    old, young = FakeGuest("198.51.100.1", active=1.0), FakeGuest("198.51.100.2", active=2.0)
    house.enter(old, 0)
    house.enter(young, 0)
    assert house.enter(FakeGuest("198.51.100.3"), 3.0) is reply.TOO_BUSY  # nobody was quiet for long enough
    assert not old.said
    assert house.enter(FakeGuest("198.51.100.3", active=6.5), 6.5) is None
    assert old.said == [reply.TOO_BUSY]
    assert not young.said
    assert len(house.guests) == 2


def test_sm_04_trusted_relays_have_a_share_and_are_not_sent_away():
    house = gate(trusted_networks=("192.0.2.0/24",))
    for number in range(9):
        assert house.enter(FakeGuest(f"198.51.100.{number}", active=100.0), 100.0) is None
    assert house.enter(FakeGuest("198.51.100.10"), 100.0) is reply.TOO_BUSY
    relay = FakeGuest("192.0.2.1", active=0.0)
    assert house.enter(relay, 100.0) is None
    assert house.enter(FakeGuest("198.51.100.10"), 200.0) is None
    assert not relay.said


def test_cr_03_draining():
    house = gate()
    house.draining = True
    assert house.enter(FakeGuest("198.51.100.1"), 0) is reply.SHUTTING_DOWN
