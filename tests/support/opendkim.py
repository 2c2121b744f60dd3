"""An OpenDKIM of the test's own (Debian's package): verifies as a milter and writes Authentication-Results,
or says of one mail whether its signatures are right."""

import subprocess
from pathlib import Path

from support.daemon import free_port
from support.server import required, until_it_listens

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
        self.program = required("opendkim", "opendkim", "OpenDKIM")
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
        until_it_listens(self.process, self.port, (self.folder / "log").read_text)
        return self

    def __exit__(self, *exc):
        self.process.terminate()
        self.process.wait(30)


def opendkim_verifies(raw: bytes, keys: dict[str, str], folder: Path) -> bool:
    """Whether it accepts a mail; `keys` maps `selector._domainkey.domain` to its TXT record. Skips where it is absent."""
    program = required("opendkim", "opendkim", "OpenDKIM")
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
