"""An rspamd of the test's own (Debian's package): checks SPF, DKIM and DMARC as a milter and writes what it found."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from support.daemon import free_port

_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
# Nothing but the three checks: with all its rules it starts for a quarter of a minute. Loopback is checked here as the
# rest of the world is.
_CONF = """
options {{
  pidfile = "{folder}/pid";
  filters = "dkim,spf";
  local_addrs = ["192.0.2.1"];
  url_tld = "{folder}/tld";
  hs_cache_dir = "{folder}";
  disable_hyperscan = true;
  dns {{ nameserver = ["{nameserver}"]; timeout = 5s; retransmits = 3; }}
}}
logging {{ type = "file"; filename = "{folder}/log"; }}
worker "rspamd_proxy" {{
  bind_socket = "127.0.0.1:{port}";
  milter = yes;
  count = 1;
  timeout = 60s;
  upstream "local" {{ default = yes; self_scan = yes; }}
}}
lua = "$RULESDIR/rspamd.lua";
modules {{ path = "$PLUGINSDIR"; }}
dkim {{ check_local = true; check_authed = true; }}
spf {{ check_local = true; check_authed = true; }}
dmarc {{ check_local = true; check_authed = true; }}
milter_headers {{ use = ["authentication-results"]; skip_local = false; skip_authenticated = false; }}
actions {{ reject = null; add_header = null; greylist = null; }}
"""


class Rspamd:
    """A milter on `port`; asks `nameserver` (host:port). Use it in a `with`; the MTA's host name is the authserv-id."""

    def __init__(self, nameserver):
        self.program = _program()
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="mailgate-rs-"))
        self.folder.chmod(0o777)  # it runs as nobody where root starts it
        (self.folder / "tld").write_text("example\norg\n")
        (self.folder / "conf").write_text(_CONF.format(folder=self.folder, port=self.port, nameserver=nameserver))

    def __enter__(self):
        user = ["-u", "nobody", "-g", "nogroup"] if os.geteuid() == 0 else []
        with (self.folder / "start.log").open("wb") as log:
            self.process = subprocess.Popen(
                [self.program, "-f", "-c", self.folder / "conf", *user],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        end = time.monotonic() + 60
        while time.monotonic() < end:
            assert self.process.poll() is None, self.said()
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return self
        self.__exit__()
        raise AssertionError(f"rspamd is not ready: {self.said()}")

    def __exit__(self, *exc):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def said(self):
        """The end of its log."""
        paths = (self.folder / "start.log", self.folder / "log")
        return "".join(path.read_text(errors="replace")[-2000:] for path in paths if path.exists())


def _program():
    """The path of rspamd; skips the test where it is absent."""
    program = shutil.which("rspamd", path=_PATH)
    if program is not None:
        return program
    message = "rspamd is not installed: apt-get install rspamd"
    if os.environ.get("MAILGATE_E2E") == "required":
        pytest.fail(message)
    pytest.skip(message)
