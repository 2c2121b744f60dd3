"""`mailgate intake`: mail that comes in by other ways than the daemon's."""

import sys
from typing import Annotated

import typer

from mailgate.cli.common import WRONG, become_owner, config_path, fail
from mailgate.cli.output import emit

TRY_AGAIN = 75  # sysexits.h: EX_TEMPFAIL

app = typer.Typer(help="Take mail from a pipe.", no_args_is_help=True, rich_markup_mode=None)


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

    config = load(config_path(context))
    become_owner(config)
    database = open_store(config, read_only=False)
    try:
        return take(sys.stdin.buffer, config, database, recipients, sender)
    except Unusable as error:
        fail(str(error), WRONG)
    finally:
        database.close()
