"""What the service manager is told, by sd_notify(3): a datagram to the socket it names; nothing where it names none."""

import os
import socket
from collections.abc import Mapping

READY = "READY=1"
STOPPING = "STOPPING=1"
WATCHDOG = "WATCHDOG=1"


def notify(*states: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Tell the service manager; False where there is none, or it does not listen (which is no reason to stop)."""
    address = environment.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return False
    if address.startswith("@"):  # Linux' abstract names
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
            sock.sendto("\n".join(states).encode("utf-8"), address)
    except OSError:
        return False
    return True


def status(text: str) -> str:
    """What `systemctl status` shows in one line."""
    return f"STATUS={' '.join(text.split())}"


def watchdog_seconds(environment: Mapping[str, str] = os.environ) -> float | None:
    """How often a sign of life is wanted at the latest (WatchdogSec=); None where nobody watches us."""
    wanted, pid = environment.get("WATCHDOG_USEC", ""), environment.get("WATCHDOG_PID")
    if not wanted.isdecimal() or int(wanted) == 0 or pid not in (None, str(os.getpid())):
        return None
    return int(wanted) / 1_000_000
