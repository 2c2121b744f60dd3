"""`mailgate verify`: is every accepted mail accounted for?"""

import typer

from mailgate.cli.common import FAILED, Json, database, settings
from mailgate.cli.output import complain, emit, emit_json, emit_pairs


def verify(context: typer.Context, as_json: Json = False) -> None:
    """Prove that no mail vanished, and look for rows that do not fit together. Exit 1 where something is wrong."""
    config = settings(context)
    from mailgate.store.verify import verify as verified

    with database(config) as store:
        now = store.now()
        found = store.read(lambda session: verified(session, now))
    if as_json:
        emit_json(found)
    else:
        emit_pairs((name, number) for name, number in found.items() if name not in {"ok", "problems"})
        emit("Every mail is accounted for." if found["ok"] else f"{len(found['problems'])} problems:")
        for problem in found["problems"]:
            complain(problem)
    if not found["ok"]:
        raise typer.Exit(FAILED)
