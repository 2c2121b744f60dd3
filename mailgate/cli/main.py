"""The program `mailgate`: its nouns, its one global option, its exit codes."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from mailgate import __version__
from mailgate.cli import account, backup, config, intake, job, message, outbox, report, run, ticket, trace, verify
from mailgate.cli.output import emit

app = typer.Typer(
    name="mailgate",
    help="Turns a mailbox into a help desk that proves who asks before it acts.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("run", help="Run the daemon until it is told to stop.")(run.run)
app.command("backup", help="Copy the whole database to a new file, while the daemon runs.")(backup.backup)
app.command("restore", help="Fill an empty database from a backup.")(backup.restore)
app.command("report", help="Say whether promises were kept: where not, since when, whose tickets.")(report.report)
app.add_typer(config.app, name="config")
app.add_typer(account.app, name="account")
app.add_typer(ticket.app, name="ticket")
app.add_typer(message.app, name="message")
app.add_typer(outbox.app, name="outbox")
app.add_typer(intake.app, name="intake")
app.add_typer(job.app, name="job")
app.command("trace")(trace.trace)
app.command("verify")(verify.verify)


def _version(wanted: bool) -> None:
    if wanted:
        emit(f"mailgate {__version__}")
        raise typer.Exit


@app.callback()
def root(
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            "-c",
            metavar="FILE",
            help="The configuration. Without it: $MAILGATE_CONFIG, ./config.toml, /etc/mailgate/config.toml.",
        ),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """The global options; `cli.common.config_path` reads them from the root context."""


def main() -> None:
    """Run the program with the arguments of the process, and end the process."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    app()
