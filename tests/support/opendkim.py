"""An OpenDKIM of the test's own (Debian's package): verifies as a milter and writes Authentication-Results."""

import os
import shutil
import socket
import subprocess
import time

import pytest
from support.daemon import free_port

_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
_CONF = """
Socket inet:{port}@127.0.0.1
Mode v
AuthservID {name}
AlwaysAddARHeader yes
InternalHosts {folder}/internal
TestPublicKeys {folder}/keys
Background no
Syslog no
PidFile {folder}/pid
"""


class OpenDkim:
    """Use it in a `with`; `keys` maps `selector._domainkey.domain` to the TXT record."""

    def __init__(self, folder, name, keys):
        self.program = shutil.which("opendkim", path=_PATH)
        if self.program is None:
            message = "OpenDKIM is not installed: apt-get install opendkim"
            if os.environ.get("MAILGATE_E2E") == "required":
                pytest.fail(message)
            pytest.skip(message)
        self.port, self.folder = free_port(), folder
        folder.mkdir()
        (folder / "internal").write_text("192.0.2.1\n")  # not loopback, whose mail it would not verify
        (folder / "keys").write_text("".join(f"{where} {record}\n" for where, record in keys.items()))
        (folder / "conf").write_text(_CONF.format(port=self.port, name=name, folder=folder))

    def __enter__(self):
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [self.program, "-f", "-x", self.folder / "conf"], stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        end = time.monotonic() + 30
        while time.monotonic() < end:
            assert self.process.poll() is None, (self.folder / "log").read_text()
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return self
        raise AssertionError("OpenDKIM is not ready")

    def __exit__(self, *exc):
        self.process.terminate()
        self.process.wait(30)
