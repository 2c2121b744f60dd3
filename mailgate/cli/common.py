"""What the commands share: finding the configuration, opening the database, ending with the right exit code."""

import ipaddress
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from mailgate.cli.output import complain

if TYPE_CHECKING:
    from mailgate.config import Settings
    from mailgate.store.engine import Database

OK, FAILED, WRONG = 0, 1, 2

SEARCHED = (Path("config.toml"), Path("/etc/mailgate/config.toml"))

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="At most so many, the newest.")]


def fail(text: str, code: int = FAILED) -> NoReturn:
    """End the command with a message on standard error."""
    complain(f"mailgate: {text}")
    raise typer.Exit(code)


def known_word(option: str, value: str | None, known: Iterable[str]) -> None:
    """Exit 2 with the nearest right word where the value of an option is none of those known."""
    from mailgate.config import nearest

    words = list(known)
    if value is not None and value not in words:
        fail(f"{option}: {value!r} is not one of {', '.join(words)}{nearest(value, words)}", WRONG)


def check_address(text: str) -> None:
    """Exit 2 where the text is no IP address."""
    try:
        ipaddress.ip_address(text)
    except ValueError as error:
        fail(f"--client-ip: {error}", WRONG)


def config_path(context: typer.Context) -> Path:
    """The config file: `--config`, $MAILGATE_CONFIG, ./config.toml, /etc/mailgate/config.toml; exit 2 without one."""
    given: Path | None = context.find_root().params.get("config")
    if given is not None:
        return given
    named = os.environ.get("MAILGATE_CONFIG")
    if named:
        return Path(named)
    found = next((path for path in SEARCHED if path.is_file()), None)
    if found is None:
        places = " and ".join(str(path) for path in SEARCHED)
        fail(f"no configuration: looked for {places}; write `mailgate --config FILE …` or set MAILGATE_CONFIG", WRONG)
    return found


def settings(context: typer.Context, *, secrets: bool = False) -> "Settings":
    """The configuration; every problem of a wrong one goes to standard error, and the command ends with 2.

    `secrets` for what logs in somewhere: the credentials of systemd have to be there.
    """
    from mailgate.config import ConfigError, load

    try:
        return load(config_path(context), secrets=secrets)
    except ConfigError as error:
        for problem in error.problems:
            complain(problem.show(error.file))
        raise typer.Exit(WRONG) from error


@contextmanager
def database(config: "Settings", *, write: bool = False) -> Iterator["Database"]:
    """The open database; exit 1 where it cannot be used. Reading never creates or migrates it, writing does.

    As root the command becomes the owner of the database file before it opens it for writing: log files of SQLite
    that belong to root would lock the daemon out.
    """
    from mailgate.service.parts import open_store

    with store_trouble():
        if write:
            become_owner(config)
        opened = open_store(config, read_only=not write)
        try:
            yield opened
        finally:
            opened.close()


@contextmanager
def store_trouble() -> Iterator[None]:
    """Exit 1 with the reason where the database cannot be used."""
    from mailgate.store.errors import StoreError

    try:
        yield
    except BrokenPipeError:
        raise  # the reader of our output went away
    except (StoreError, OSError) as error:
        fail(f"database: {error}")


def _load_before_rights_are_gone() -> None:
    """Import what opening the database would import late: the owner of the file may not read root's Python."""
    from importlib import import_module

    for name in ("sqlalchemy.dialects.sqlite.pysqlite", "mailgate.store.migrate", "alembic.runtime.migration"):
        import_module(name)


def become_owner(config: "Settings") -> None:
    """Give up root for the owner of the SQLite file, or of the nearest folder above one that is not there yet."""
    path = config.database.sqlite_path
    if path is None or os.geteuid() != 0:
        return
    there = next(item for item in (path, *path.absolute().parents) if item.exists())
    owner = there.stat()
    if owner.st_uid == 0:
        return
    _load_before_rights_are_gone()
    os.setgroups([])
    os.setgid(owner.st_gid)
    os.setuid(owner.st_uid)
