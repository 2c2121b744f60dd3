"""`mailgate job`: what is done at set times, and doing it now."""

from typing import Annotated

import typer

from mailgate.cli.common import FAILED, WRONG, Json, database, fail, settings
from mailgate.cli.output import emit, emit_json, emit_table

app = typer.Typer(help="Look at jobs and run them.", no_args_is_help=True, rich_markup_mode=None)

_KEYS = ("name", "cron", "action", "last_run", "next_run", "last_result")


@app.command("list")
def list_(context: typer.Context, as_json: Json = False) -> None:
    """List the jobs of the configuration: when they ran last, what came of it, when they are due."""
    config = settings(context)
    from mailgate.service.context import utc_now
    from mailgate.service.jobs import listed

    with database(config) as store:
        found = listed(config, store, utc_now())
    if as_json:
        emit_json(found)
        return
    emit_table(_KEYS, ([row[key] for key in _KEYS] for row in found), none="The configuration has no [[jobs]].")


@app.command()
def run(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="The job's name in the configuration, or `sweep`: look at all clocks.")
    ],
    as_json: Json = False,
) -> None:
    """Run a job now, from cron or a systemd timer for example. Safe to run twice."""
    config = settings(context)
    from mailgate.config import nearest
    from mailgate.jobs.table import ACTIONS
    from mailgate.service.jobs import NoSuchJob, jobs_desk, run_one
    from mailgate.service.sweep import sweep_by_hand

    with database(config, write=True) as store:
        desk = jobs_desk(config, store, owed=lambda: None)
        try:
            by_itself = name == "sweep" and name not in [job.name for job in config.jobs]
            result = sweep_by_hand(desk) if by_itself else run_one(desk, name, ACTIONS)
        except NoSuchJob:
            known = [job.name for job in config.jobs]
            fail(f"the configuration has no [[jobs]] named {name!r}{nearest(name, known)}", WRONG)
    if as_json:
        emit_json(result)
    else:
        emit(f"{name}: {result['detail']}")
    if not result["done"]:
        raise typer.Exit(FAILED)
