"""`mailgate run`: the daemon."""

import typer

from mailgate.cli.common import settings


def run(context: typer.Context) -> None:
    """Run the daemon until it is told to stop."""
    config = settings(context)
    from mailgate import app

    app.run(config)
