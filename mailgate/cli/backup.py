"""`mailgate backup` and `mailgate restore`: the whole database in one file, and back."""

from pathlib import Path
from typing import Annotated

import typer

from mailgate.cli.common import Json, become_owner, fail, settings, store_trouble
from mailgate.cli.output import emit, emit_json

File = Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False)]


def backup(context: typer.Context, file: File, as_json: Json = False) -> None:
    """Copy the database; the copy is checked and synced. Nothing is overwritten."""
    config = settings(context)
    from mailgate.store.backup import BackupFailed
    from mailgate.store.backup import backup as copied

    become_owner(config)
    with store_trouble():
        try:
            size = copied(config.database.connection_url(), file.absolute())
        except BackupFailed as error:
            fail(str(error))
    if as_json:
        emit_json({"ok": True, "file": str(file), "octets": size})
    else:
        emit(f"{file}: {size / 1_000_000:.1f} MB, checked")


def restore(context: typer.Context, file: File, as_json: Json = False) -> None:
    """Fill an empty database. Mails that the backup thinks are owed are held: they may have been sent since."""
    config = settings(context)
    from mailgate.service.context import utc_now
    from mailgate.store.backup import BackupFailed
    from mailgate.store.backup import restore as filled

    become_owner(config)
    with store_trouble():
        try:
            held = filled(config.database.connection_url(), file.absolute(), utc_now())
        except BackupFailed as error:
            fail(str(error))
    if as_json:
        emit_json({"ok": True, "file": str(file), "held": held})
        return
    emit(f"{file}: restored")
    if held:
        emit(f"{held} mails are held, for they may have been sent since: mailgate outbox list --state held")
