"""A configured desk in a folder: config.toml, a database with all tables, a name server of the tests."""

import textwrap
from dataclasses import dataclass
from pathlib import Path

from support.cli import Result, run_cli
from support.database import new_sqlite
from support.dns import DnsServer

from mailgate.config import Settings, load
from mailgate.service.parts import open_store

CONFIG = """\
[desk]
name = "Example Hosting"
domain = "desk.example"

[database]
url = "sqlite:///store/mailgate.db"

[dns]
nameservers = ["{dns}"]

[[departments]]
name = "support"
addresses = ["support@desk.example"]
default = true

[[departments]]
name = "billing"
addresses = ["billing@desk.example"]
contact_role = "billing"
"""


@dataclass(frozen=True)
class Site:
    """A desk; `run` calls its command line."""

    folder: Path
    dns: DnsServer

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @property
    def settings(self) -> Settings:
        return load(self.config)

    def run(self, *args: object, **options) -> Result:
        return run_cli("--config", self.config, *args, **options)

    def store(self):
        """The database, opened for writing; the caller closes it."""
        return open_store(self.settings, read_only=False)

    def mail(self, name: str, text: str) -> Path:
        """A mail file with CRLF line ends."""
        path = self.folder / name
        path.write_bytes(textwrap.dedent(text).lstrip().replace("\n", "\r\n").encode())
        return path


def make_site(folder: Path, dns: DnsServer, more: str = "", *, database: bool = True) -> Site:
    """Write a desk into a folder; `more` is appended to its configuration."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(CONFIG.format(dns=dns.address) + more)
    if database:
        new_sqlite(folder / "store")
    return Site(folder, dns)
