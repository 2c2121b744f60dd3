"""Clocks live, with seconds for hours: flagged within a tick, people told in turn; with an acknowledgement never."""

from datetime import UTC, datetime, timedelta

import pytest
from support.daemon import DaemonProcess
from support.desk import plain_mail

pytestmark = pytest.mark.slow

CLOCKS = """
[clocks]
acknowledge = "10s"
sweep = "1s"
"""


def escalations(daemon):
    return [
        row["to"] for row in daemon.json("outbox", "list") if row["kind"] == "escalation" and row["state"] == "sent"
    ]


def test_a_ticket_is_flagged_within_a_tick_and_people_are_told_unless_somebody_acknowledges(tmp_path):
    daemon = DaemonProcess(tmp_path, more=CLOCKS)
    text = daemon.config.read_text()
    staffed = 'default = true\nagents = ["anna"]\nescalate_to = ["boss@example.net"]'
    daemon.config.write_text(text.replace("default = true", staffed))
    with daemon:
        daemon.send(plain_mail())
        daemon.send(plain_mail(From="lea@kunde.invalid", Message_ID="<m2@kunde.invalid>"), sender="lea@kunde.invalid")
        daemon.until(lambda: len(daemon.json("ticket", "list")) == 2, "two tickets")
        assert daemon.json("ticket", "ack", "1002")["acknowledged_at"] is not None
        daemon.until(
            lambda: escalations(daemon) == ["anna@example.org", "boss@example.net"], "both are told", seconds=90
        )
        late, fine = daemon.json("ticket", "list")
        assert "unacknowledged" in late["flags"]
        assert "unacknowledged" not in fine["flags"]
        (clock,) = [item for item in daemon.json("ticket", "clock", "1001")["clocks"] if item["clock"] == "acknowledge"]
        flagged, due = (datetime.fromisoformat(clock[name]) for name in ("flagged_at", "due_at"))
        assert timedelta() <= flagged - due < timedelta(minutes=1)
        assert clock["recomputed"]
        assert clock["counted"] == pytest.approx((datetime.now(UTC) - due).total_seconds() + 10, abs=60)
        flags = [event for event in daemon.json("ticket", "show", "1002")["events"] if event["kind"] == "flag-set"]
        assert flags == []
    assert len(list(daemon.outgoing.glob("new/*"))) >= 2
