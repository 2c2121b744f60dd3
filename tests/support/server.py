"""What the servers of Debian's packages, and our own daemon, have in common: they have to be there, and to be up."""

import os
import shutil
import socket
import time

import pytest

PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"  # an ordinary user's does not have what Debian keeps in sbin


def without(reason):
    """Skip the test; fail it where MAILGATE_E2E=required says that everything has to be there."""
    if os.environ.get("MAILGATE_E2E") == "required":
        pytest.fail(reason)
    pytest.skip(reason)


def required(program, package, name=None):
    """The path of a program; without it the test is skipped, and told which of Debian's packages has it."""
    found = shutil.which(program, path=PATH)
    return found or without(f"{name or program} is not installed: apt-get install {package}")


def until_it_listens(process, port, said, *, greeting=b"", seconds=60.0):
    """Wait until it takes connections, and greets with `greeting`. `said` gives its log, for who has to mend it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise AssertionError(f"it ended with {process.returncode}: {said()[-2000:]}")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as wire:
                if not greeting or wire.recv(len(greeting)) == greeting:
                    return
        except OSError:
            pass
        time.sleep(0.02)
    raise AssertionError(f"it is not ready after {seconds} s: {said()[-2000:]}")
