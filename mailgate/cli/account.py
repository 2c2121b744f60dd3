"""`mailgate account`: the customers, their contacts and products."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from mailgate.cli.common import Json, database, fail, settings
from mailgate.cli.output import complain, emit, emit_json, emit_pairs, emit_table, plain

app = typer.Typer(help="Import and look at customer accounts.", no_args_is_help=True, rich_markup_mode=None)


@app.command("import")
def import_(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE.csv", help="One row per contact; columns as in docs/commands.md.")
    ],
    replace: Annotated[bool, typer.Option("--replace", help="End contacts that the file no longer has.")] = False,
    as_json: Json = False,
) -> None:
    """Add and update accounts by customer number. One wrong line, and nothing is imported."""
    config = settings(context)
    from mailgate.service.accounts import AccountsError, import_accounts, read_accounts

    try:
        found = read_accounts(file, languages=config.desk.languages)
    except AccountsError as error:
        for problem in error.problems:
            complain(problem)
        fail(f"{file}: nothing was imported")
    with database(config, write=True) as store:
        done = plain(import_accounts(store, found.accounts, replace=replace, now=datetime.now(UTC)))
    if as_json:
        emit_json({**done, "warnings": found.warnings})
        return
    for warning in found.warnings:
        complain(f"warning: {warning}")
    emit(", ".join(f"{what.replace('_', ' ')}: {count}" for what, count in done.items()))


@app.command("list")
def list_(context: typer.Context, as_json: Json = False) -> None:
    """List accounts by customer number."""
    config = settings(context)
    from mailgate.store.accounts import list_accounts

    with database(config) as store:
        found = store.read(list_accounts)
    if as_json:
        emit_json(found)
        return
    rows = (
        [
            item.number,
            item.name,
            item.language,
            item.service_level,
            len(item.products),
            [contact.address for contact in item.contacts],
        ]
        for item in found
    )
    emit_table(("number", "name", "language", "level", "products", "contacts"), rows, none="No accounts.")


@app.command()
def show(
    context: typer.Context,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="The customer number.")],
    as_json: Json = False,
) -> None:
    """Show one account."""
    config = settings(context)
    from mailgate.store.accounts import show_account

    with database(config) as store:
        found = store.read(lambda session: show_account(session, number))
    if found is None:
        fail(f"there is no account {number}")
    if as_json:
        emit_json(found)
        return
    emit_pairs(
        (name.replace("_", " "), getattr(found, name)) for name in ("number", "name", "language", "service_level")
    )
    emit()
    keys = ("address", "name", "role", "mail_kinds", "valid_until")
    emit_table(keys, ([getattr(item, key) for key in keys] for item in found.contacts), none="No contacts.")
    emit()
    emit_table(("kind", "name"), ([item.kind, item.name] for item in found.products), none="No products.")


@app.command()
def pin(
    context: typer.Context,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="The customer number.")],
    as_json: Json = False,
) -> None:
    """Show the support PIN of an account, and the otpauth URI that makes it; for your customer panel.

    The first call makes the account's secret.
    """
    config = settings(context)
    from mailgate.service.account_pin import support_pin
    from mailgate.service.context import utc_now
    from mailgate.store.values import iso

    with database(config, write=True) as store:
        found = support_pin(store, number, config.desk.name, utc_now())
    if found is None:
        fail(f"there is no account {number}")
    shown = {"pin": found.pin, "valid_until": iso(found.valid_until), "otpauth": found.otpauth}
    if as_json:
        emit_json(shown)
    else:
        emit_pairs((name.replace("_", " "), value) for name, value in shown.items())
