"""The service manager's end of sd_notify: a datagram socket that collects what it is told."""

import socket


class Manager:
    """Names itself in `environment`; use it in a `with`."""

    def __init__(self, folder):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.sock.bind(str(folder / "notify"))
        self.sock.settimeout(60)
        self.environment = {"NOTIFY_SOCKET": str(folder / "notify"), "WATCHDOG_USEC": "300000"}

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.sock.close()

    def until(self, word):
        """Wait for a message with that word in it; the message."""
        said = ""
        while word not in said:
            said = self.sock.recv(4096).decode()
        return said
