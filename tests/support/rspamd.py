"""An rspamd of the test's own (Debian's package): checks SPF, DKIM and DMARC as a milter and writes what it found."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from support.daemon import free_port
from support.server import required, until_it_listens

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
        self.program = required("rspamd", "rspamd")
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
        try:
            until_it_listens(self.process, self.port, self.said)
        except AssertionError:
            self.__exit__()
            raise
        return self

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
