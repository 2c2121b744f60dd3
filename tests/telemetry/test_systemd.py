import os
import socket

import pytest

from mailgate.telemetry import systemd


@pytest.mark.parametrize("abstract", [True, False])
def test_what_is_told_arrives(tmp_path, abstract):
    name = f"@mailgate-{os.getpid()}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(name.replace("@", "\0") if abstract else name)
        assert systemd.notify(systemd.READY, systemd.status("all\nis  well"), environment={"NOTIFY_SOCKET": name})
        assert manager.recv(100) == b"READY=1\nSTATUS=all is well"


@pytest.mark.parametrize("environment", [{}, {"NOTIFY_SOCKET": "relative"}, {"NOTIFY_SOCKET": "/nowhere/notify"}])
def test_without_a_manager_nothing_happens(environment):
    assert not systemd.notify(systemd.READY, environment=environment)


@pytest.mark.parametrize(
    "environment, seconds",
    [
        ({}, None),
        ({"WATCHDOG_USEC": "3000000"}, 3.0),
        ({"WATCHDOG_USEC": "3000000", "WATCHDOG_PID": str(os.getpid())}, 3.0),
        ({"WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_how_often_a_sign_of_life_is_wanted(environment, seconds):
    assert systemd.watchdog_seconds(environment) == seconds
