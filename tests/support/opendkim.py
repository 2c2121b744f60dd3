"""An OpenDKIM of the test's own (Debian's package): verifies as a milter and writes Authentication-Results,
or says of one mail whether its signatures are right."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

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
        self.program = _program()
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


def opendkim_verifies(raw: bytes, keys: dict[str, str], folder: Path) -> bool:
    """Whether it accepts a mail; `keys` maps `selector._domainkey.domain` to its TXT record. Skips where it is absent."""
    program = _program()
    (folder / "keys").write_text("".join(f"{name} {record}\n" for name, record in keys.items()))
    (folder / "mail.eml").write_bytes(raw)
    config = f"Mode v\nSyslog no\nTestPublicKeys {folder / 'keys'}\nMinimumKeyBits 1024\n"
    (folder / "opendkim.conf").write_text(config)
    result = subprocess.run(
        [program, "-x", folder / "opendkim.conf", "-t", folder / "mail.eml", "-vv"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    said = result.stdout + result.stderr
    assert ": verification " in said, said
    return "succeeded" in said


def _program():
    """The path of opendkim; skips the test where it is absent."""
    program = shutil.which("opendkim", path=_PATH)
    if program is not None:
        return program
    message = "OpenDKIM is not installed: apt-get install opendkim"
    if os.environ.get("MAILGATE_E2E") == "required":
        pytest.fail(message)
    pytest.skip(message)
