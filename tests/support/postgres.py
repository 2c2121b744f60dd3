"""PostgreSQL for tests: Debian's server, started once a process on a socket of its own, stopped by its own pid."""

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
from support.server import without

_BINARIES = "/usr/lib/postgresql"
_ROOM = 2 * 1024**3
_TEMPLATE = "mailgate_template"
# The server ends when its standard input does: also where the test process was killed and could not stop it.
_GUARD = '"$@" & server=$!; cat >/dev/null; kill -QUIT "$server"; wait "$server"; rm -rf "$0"'
_SETTINGS = {
    "listen_addresses": "",
    "autovacuum": "off",
    "checkpoint_timeout": "1h",
    "jit": "off",
    "max_connections": "60",
    "max_wal_senders": "0",
    "shared_buffers": "32MB",
    "wal_level": "minimal",
}


@dataclass(slots=True)
class Cluster:
    """A running server. Its data lies in memory where there is room, so that fsync stays on and costs nothing."""

    folder: Path
    process: subprocess.Popen
    numbers: count = field(default_factory=count)
    prepared: bool = False

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def execute(self, statement: str) -> None:
        with psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)

    def create_empty(self) -> str:
        """A new database without tables; its name."""
        name = f"empty_{next(self.numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        return name

    def create_migrated(self) -> str:
        """A new database with all tables, copied from a template; its name."""
        if not self.prepared:
            from mailgate.store.migrate import migrate

            self.execute(f"CREATE DATABASE {_TEMPLATE}")
            migrate(self.url(_TEMPLATE))
            self.prepared = True
        name = f"test_{next(self.numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        return name

    def drop(self, name: str) -> None:
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.wait(30)


def required_cluster() -> Cluster:
    """The cluster of this process; skips the test where Debian's package is not installed."""
    if _binaries() is None:
        without("PostgreSQL is not installed: apt-get install postgresql")
    return _cluster()


@cache
def _cluster() -> Cluster:
    binaries = _binaries()
    assert binaries is not None
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix="mailgate-pg-", dir=_place()))
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)
    folder.chmod(0o755)
    options = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    data = folder / "data"
    initdb = [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run([*initdb, "--locale=C.UTF-8"], check=True, capture_output=True, cwd=folder, **options)
    command = ["sh", "-c", _GUARD, folder, binaries / "postgres", "-D", data, "-k", folder]
    for name, value in _SETTINGS.items():
        command += ["-c", f"{name}={value}"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd="/", start_new_session=True, **options
        )
    cluster = Cluster(folder, process)
    atexit.register(cluster.stop)
    _await(cluster)
    return cluster


def _await(cluster: Cluster) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            cluster.execute("SELECT 1")
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise RuntimeError((cluster.folder / "log").read_text()) from None
            time.sleep(0.05)
        else:
            return


def _binaries() -> Path | None:
    found = sorted(Path(_BINARIES).glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def _account() -> pwd.struct_passwd | None:
    """Whom the server runs as: it refuses root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("no unprivileged user to run PostgreSQL as")


def _place() -> str | None:
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > _ROOM else None
