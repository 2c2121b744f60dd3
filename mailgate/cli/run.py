"""`mailgate run`: the daemon."""

from typing import TYPE_CHECKING

import typer

from mailgate.cli.common import fail, settings
from mailgate.cli.output import complain

if TYPE_CHECKING:
    from mailgate.app import Daemon


def run(context: typer.Context) -> None:
    """Run the daemon until it is told to stop."""
    config = settings(context)
    from mailgate import app
    from mailgate.store.errors import StoreError

    try:
        app.run(config, started=_greet)
    except StoreError as error:
        fail(f"database: {error}")
    except OSError as error:
        fail(f"cannot listen: {error}; is another mailgate running, or is the port below 1024?")


def _greet(daemon: "Daemon") -> None:
    """On standard error, as the log is: what runs, and on loopback a line to paste that sends a first mail."""
    config, listener = daemon.settings, daemon.listeners[0]
    where = ", ".join(str(item) for item in config.smtp.listen)
    complain(f"mailgate takes mail for {', '.join(sorted(config.own_addresses))} on {where}. Stop it with Ctrl-C.")
    if not any(item.is_loopback and item.unix is None for item in config.smtp.listen):
        return
    address = next(iter(config.departments)).addresses[0]
    complain("Send a first mail from another terminal:\n")
    complain(
        f"  printf 'From: Kim Kunde <kim@kunde.invalid>\\nTo: {address}\\nSubject: Frage zu Servern\\n"
        "Message-ID: <'$(date +%s%N)'@kunde.invalid>\\n\\nGuten Tag,\\n\\nwas kostet bei Ihnen der kleinste Server?\\n' |\n"
        f"  python3 -c 'import smtplib, sys; smtplib.SMTP(\"127.0.0.1\", {listener.port})"
        f'.sendmail("kim@kunde.invalid", ["{address}"], sys.stdin.read())\'\n'
    )
    complain("and look at what came of it:\n")
    complain("  .venv/bin/mailgate ticket list; .venv/bin/mailgate ticket show 1001; ls var/outgoing/new\n")
