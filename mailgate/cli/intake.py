"""`mailgate intake`: mail that comes in by other ways than the daemon's."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from mailgate.cli.common import WRONG, Json, become_owner, config_path, database, fail, settings
from mailgate.cli.output import complain, emit, emit_json, short
from mailgate.cli.progress import Progress

if TYPE_CHECKING:
    from mailgate.config import Settings
    from mailgate.intake.history import Keep, Tally
    from mailgate.intake.maildir import Maildir
    from mailgate.intake.mbox import Mbox

TRY_AGAIN = 75  # sysexits.h: EX_TEMPFAIL

app = typer.Typer(help="Take mail from a pipe, or import an archive.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def stdin(
    context: typer.Context,
    recipient: Annotated[
        list[str],
        typer.Option("--recipient", "-r", metavar="ADDR", help="Our address that it was sent to; repeatable."),
    ],
    sender: Annotated[
        str | None,
        typer.Option("--sender", "-s", metavar="ADDR", help='The envelope\'s sender, "" for none. Else Return-Path.'),
    ] = None,
) -> None:
    """Store one mail from standard input, as an MTA pipes it.

    Exit 0: it is stored and synced. Exit 75: it is not, try again (also where the configuration is wrong). Exit 2: it
    never will be, since the recipient is none of ours or the mail is too large.
    """
    try:
        name = _take(context, recipient, sender)
    except typer.Exit:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is: not stored, and the MTA keeps the mail
        fail(f"{type(error).__name__}: {error}; the mail was not stored", TRY_AGAIN)
    emit(f"accepted as {name}")


def _take(context: typer.Context, recipients: list[str], sender: str | None) -> str:
    from mailgate.config import load
    from mailgate.intake.stdin import Unusable, take
    from mailgate.service.parts import open_store

    config = load(config_path(context), secrets=False)
    become_owner(config)
    database = open_store(config, read_only=False)
    try:
        return take(sys.stdin.buffer, config, database, recipients, sender)
    except Unusable as error:
        fail(str(error), WRONG)
    finally:
        database.close()


Recipients = Annotated[
    list[str] | None,
    typer.Option("--recipient", "-r", metavar="ADDR", help="Our address that all were sent to; repeatable."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what the archive holds; store nothing.")]
_SHOWN = 20  # mails that were left out


@app.command()
def mbox(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False)],
    recipient: Recipients = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Import an mbox file as history: threads go on, and nothing is sent because of it.

    It may be interrupted and run again, beside the daemon too: each mail is stored once. The daemon files what is
    stored. Without --recipient the header of each mail says which department it came to.
    """
    config = settings(context)
    with _no_archive(file), file.open("rb") as opened:  # opened before root gives up its rights
        _bring(config, lambda limit: _mbox(opened, limit), recipient or [], dry_run=dry_run, as_json=as_json)


@app.command()
def maildir(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", exists=True, file_okay=False)],
    recipient: Recipients = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Import a Maildir as history, as `intake mbox` does. It is only read; subfolders are Maildirs of their own."""
    config = settings(context)
    with _no_archive(folder):
        _bring(config, lambda limit: _maildir(folder, limit), recipient or [], dry_run=dry_run, as_json=as_json)


def _mbox(file: BinaryIO, limit: int) -> "Mbox":
    from mailgate.intake.mbox import Mbox

    return Mbox(file, limit)


def _maildir(folder: Path, limit: int) -> "Maildir":
    from mailgate.intake.maildir import Maildir

    return Maildir(folder, limit)


@contextmanager
def _no_archive(path: Path) -> Iterator[None]:
    """Exit 2 where there is nothing to import, with what to do; exit 1 after Ctrl-C or where the disk is full."""
    from mailgate.intake.history import NotAnArchive
    from mailgate.intake.stdin import NoRoom, Unusable

    try:
        yield
    except NotAnArchive as error:
        fail(f"{path}: {error}", WRONG)
    except Unusable as error:
        fail(str(error), WRONG)
    except PermissionError as error:
        fail(f"{error.filename or path}: it may not be read by the owner of the database, or by you", WRONG)
    except NoRoom as error:
        fail(f"{error}; make room, and the same command goes on")
    except KeyboardInterrupt:
        fail("interrupted; what was stored stays, and the same command goes on")


def _bring(
    config: "Settings",
    archive_of: "Callable[[int], Mbox | Maildir]",
    recipients: list[str],
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    from mailgate.intake.history import bring
    from mailgate.intake.setup import listen_settings
    from mailgate.intake.stdin import department_address

    told = listen_settings(config)
    ours = tuple(dict.fromkeys(department_address(item, config, told) for item in recipients))
    archive = archive_of(told.max_message_size)
    with _keep(config, dry_run=dry_run) as keep, Progress(archive.total) as progress:
        tally = bring(archive, keep, ours, lambda so_far, position: progress.show(position, so_far.mails))
    if as_json:
        emit_json({"dry_run": dry_run, **_figures(tally)})
    else:
        _say(tally, dry_run=dry_run)


@contextmanager
def _keep(config: "Settings", *, dry_run: bool) -> "Iterator[Keep]":
    from mailgate.intake.history import dry, into
    from mailgate.intake.setup import room_check

    path = config.database.sqlite_path
    nothing_yet = dry_run and path is not None and not path.exists()
    with nullcontext() if nothing_yet else database(config, write=not dry_run) as opened:
        yield dry(opened) if dry_run or opened is None else into(opened, room_check(config))


def _figures(tally: "Tally") -> dict[str, object]:
    return {
        "mails": tally.mails,
        "octets": tally.octets,
        "oldest": tally.oldest,
        "newest": tally.newest,
        "stored": tally.stored,
        "known": tally.known,
        "left_out": tally.left_out,
    }


def _say(tally: "Tally", *, dry_run: bool) -> None:
    dates = f", from {tally.oldest:%Y-%m-%d} to {tally.newest:%Y-%m-%d}" if tally.oldest and tally.newest else ""
    emit(f"{tally.mails:,} mails, {tally.octets / 1_000_000:.1f} MB{dates}")
    stored = "would be stored" if dry_run else "stored"
    emit(f"{tally.stored:,} {stored}, {tally.known:,} known already, {len(tally.left_out):,} left out")
    for item in tally.left_out[:_SHOWN]:
        complain(f"left out: {short(item.where, 200)}, {item.size:,} bytes: {item.why}")
    if len(tally.left_out) > _SHOWN:
        complain(f"left out: {len(tally.left_out) - _SHOWN:,} more; --json lists all")
    if tally.stored and not dry_run:
        emit("The daemon files them; what became of each: mailgate message list")
