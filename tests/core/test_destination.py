from datetime import UTC, datetime, timedelta

from mailgate.core.mail.destination import Destination, Reach, stopped, went_down

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def test_a_next_hop_of_which_nothing_is_known_may_be_tried():
    assert Destination().may_try(NOW)


def test_ob_01_the_probes_of_one_that_is_down_become_rare_and_stay_hourly():
    hop, now, waits = Destination(), NOW, []
    for _ in range(8):
        hop = went_down(hop, "refused", now)
        assert not hop.may_try(now)
        waits.append((hop.probe_at - now) / timedelta(minutes=1))
        now = hop.probe_at
        assert hop.may_try(now)
    assert all(minutes <= wait <= 1.1 * minutes for minutes, wait in zip((1, 5, 15, 30), waits, strict=False))
    assert all(60 <= wait <= 66 for wait in waits[4:])
    assert (hop.reach, hop.since, hop.failures, hop.reply) == (Reach.DOWN, NOW, 8, "refused")


def test_ob_07_one_that_refuses_us_is_asked_every_five_minutes():
    hop, now = Destination(), NOW
    for _ in range(20):
        hop = stopped(hop, "535 no", now)
        assert timedelta(minutes=1) <= hop.probe_at - now <= timedelta(minutes=5)
        now = hop.probe_at
    assert (hop.reach, hop.since) == (Reach.STOPPED, NOW)


def test_a_change_of_reason_begins_anew():
    later = NOW + timedelta(hours=1)
    hop = stopped(went_down(Destination(), "refused", NOW), "535 no", later)
    assert (hop.reach, hop.since, hop.failures) == (Reach.STOPPED, later, 1)
