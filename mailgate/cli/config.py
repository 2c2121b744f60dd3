"""`mailgate config`: check, describe and print the configuration."""

from typing import Annotated

import typer

from mailgate.cli.common import FAILED, Json, config_path, settings
from mailgate.cli.output import complain, emit, emit_json

app = typer.Typer(help="Check, describe and print the configuration.", no_args_is_help=True, rich_markup_mode=None)

Offline = Annotated[bool, typer.Option("--offline", help="Ask no name server and log in nowhere.")]


@app.command()
def check(context: typer.Context, offline: Offline = False, as_json: Json = False) -> None:
    """Validate the file, render every template, ask DNS (also for our DKIM keys), and log in where mail is sent.

    Exit 2: the file is wrong. Exit 1: the file is right, but something that it names does not work.
    """
    config = settings(context, secrets=True)
    from mailgate.config import warnings
    from mailgate.service.probe import doubts, probe

    file = str(config_path(context))
    warned = [
        f"{'.'.join(str(part + 1) if isinstance(part, int) else part for part in key)}: {text}"
        for key, text in warnings(config)
    ]
    warned += () if offline else doubts(config)
    failed = [f"{item.what}: {item.why}" for item in probe(config, online=not offline)]
    if as_json:
        emit_json({"ok": not failed, "file": file, "warnings": warned, "problems": failed})
    else:
        for text in warned:
            complain(f"{file}: warning: {text}")
        for text in failed:
            complain(f"{file}: {text}")
        if not failed:
            emit(f"{file}: ok")
    if failed:
        raise typer.Exit(FAILED)


@app.command()
def describe() -> None:
    """Print the whole configuration, commented, with every default: a config.toml to start from."""
    from mailgate.config import describe as described

    emit(described().rstrip("\n"))


@app.command("print")
def print_(context: typer.Context, as_json: Json = False) -> None:
    """Print what is in force, defaults included; of secrets only the name of their file."""
    from mailgate.config import to_toml

    config = settings(context)
    if as_json:
        emit_json(config.model_dump(mode="json"))
    else:
        emit(to_toml(config).rstrip("\n"))
