"""`mailgate outbox`: the mails that we owe, sent and could not send."""

from typing import Annotated

import typer

from mailgate.cli.common import Json, Limit, database, known_word, settings
from mailgate.cli.output import emit_json, emit_table

app = typer.Typer(help="Look at outgoing mail.", no_args_is_help=True, rich_markup_mode=None)

_KEYS = ("id", "state", "kind", "ticket", "to", "attempts", "next_at", "subject")


@app.command("list")
def list_(
    context: typer.Context,
    state: Annotated[str | None, typer.Option("--state", help="Only entries in this state.")] = None,
    limit: Limit = None,
    as_json: Json = False,
) -> None:
    """List outgoing mail, the oldest first."""
    config = settings(context)
    from mailgate.store.outbox import list_outbox
    from mailgate.store.tables.work import OutboxState

    known_word("--state", state, OutboxState)

    with database(config) as store:
        found = store.read(lambda session: list_outbox(session, state=state, limit=limit))
    if as_json:
        emit_json(found)
        return
    emit_table(_KEYS, ([row[key] for key in _KEYS] for row in found), none="No outgoing mail.")
