"""`mailgate run`: the daemon."""

import os
from typing import TYPE_CHECKING

import typer

from mailgate.cli.common import WRONG, config_path, fail, settings
from mailgate.cli.output import complain

if TYPE_CHECKING:
    from mailgate.app import Daemon


def run(context: typer.Context) -> None:
    """Run the daemon until it is told to stop."""
    config = settings(context, secrets=True)
    from mailgate import app
    from mailgate.config import load
    from mailgate.service.signing import UnusableKey
    from mailgate.store.errors import StoreError

    try:
        app.run(config, load=lambda: load(config_path(context)), started=_greet)
    except StoreError as error:
        fail(f"database: {error}")
    except UnusableKey as error:
        fail(str(error), WRONG)
    except OSError as error:
        fail(f"cannot listen: {error}; is another mailgate running, or is the port below 1024?")


def _greet(daemon: "Daemon") -> None:
    """On standard error, as the log is: what runs; on loopback also a line to paste, but into no journal."""
    config = daemon.settings
    where = ", ".join(name for listener in daemon.listeners for name in listener.names)
    complain(f"mailgate takes mail for {', '.join(sorted(config.own_addresses))} on {where}. Stop it with Ctrl-C.")
    if "JOURNAL_STREAM" in os.environ or not any(item.is_loopback and item.unix is None for item in config.smtp.listen):
        return
    address = config.policy().default_department.addresses[0]  # where a general question stays
    complain("To send a first mail, paste this line into another terminal:\n")
    complain(first_mail(address, daemon.listeners[0].port))
    complain("\nand look at what came of it:\n")
    complain("  .venv/bin/mailgate ticket list; .venv/bin/mailgate ticket show 1001; ls var/outgoing/new\n")


def first_mail(address: str, port: int) -> str:
    """A shell line that sends a mail to us; each time another one, since the same mail again is a duplicate."""
    mail = (
        r"From: Kim Kunde <kim@kunde.invalid>\nTo: ADDRESS\nSubject: Frage zu Servern\n"
        r"Message-ID: <{time.time_ns()}@kunde.invalid>\n\n"
        r"Guten Tag,\n\nwas kostet bei Ihnen der kleinste Server? ({time.ctime()})\n"
    ).replace("ADDRESS", address)
    return (
        f"  python3 -c 'import smtplib, time; "
        f'smtplib.SMTP("127.0.0.1", {port}).sendmail("kim@kunde.invalid", ["{address}"], f"{mail}")\''
    )
