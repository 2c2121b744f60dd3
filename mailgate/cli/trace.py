"""`mailgate trace`: where is that mail?"""

from typing import Annotated, Any

import typer

from mailgate.cli.common import Json, Limit, database, fail, settings
from mailgate.cli.output import cell, emit, emit_json, emit_text

Wanted = Annotated[
    list[str],
    typer.Argument(metavar="QUERY", help="An address, a Message-ID, or the id of an SMTP reply, theirs or ours."),
]


def trace(context: typer.Context, query: Wanted, limit: Limit = None, as_json: Json = False) -> None:
    """Tell where a mail is: what came in, what was decided, what went out, and what became of that."""
    config = settings(context)
    from mailgate.store.trace import read_query
    from mailgate.store.trace import trace as traced

    asked = read_query(" ".join(query))
    with database(config) as store:
        found = store.read(lambda session: traced(session, asked, limit=limit))
    if as_json:
        emit_json(found)
    elif not found:
        fail(f"no mail is known by {asked.text!r}; a mail that was refused at the door stands in the log alone")
    for item in found if not as_json else ():
        _item(item)


def _item(item: dict[str, Any]) -> None:
    mail = item["message"]
    if mail is not None:
        emit(f"{cell(mail['received_at'])}  IN   {cell(mail['id'])}  {cell(mail['author'] or mail['reverse_path'])}")
        emit_text(f"to {cell(mail['recipients'])}: {cell(mail['subject'])}".replace("\n", " "), "    ")
        emit_text(f"Message-ID {cell(mail['message_id'])}, by {cell(mail['transport'])}", "    ")
        where = f", ticket {item['ticket']}" if item["ticket"] is not None else ""
        emit_text(f"{cell(mail['outcome'] or mail['state'])} ({cell(mail['reason'])}){where}", "    ")
    for row in item["outbox"]:
        _outgoing(row, item["ticket"])
    for event in item["events"]:
        said = ", ".join(
            f"{name}={cell(value)}" for name, value in event["detail"].items() if value not in (None, [], "")
        )
        emit_text(f"{cell(event['at'])}  {cell(event['kind'])}  {said}".replace("\n", " "), "      ")
    emit()


def _outgoing(row: dict[str, Any], ticket: int | None) -> None:
    number = f", ticket {ticket}" if ticket is not None else ""
    emit(f"{cell(row['queued_at'])}  OUT  {cell(row['to'])}  {cell(row['kind'])}{number}: {cell(row['delivery'])}")
    emit_text(f"Message-ID {cell(row['message_id'])}", "    ")
    for name, words in (
        ("deferred_since", "deferred since"),
        ("accepted_at", "accepted"),
        ("undelivered_at", "failed"),
    ):
        if row[name] is not None:
            emit_text(f"{words} {cell(row[name])}", "    ")
    said = "the next hop said" if row["attempts"] else "never tried"  # called back, say
    for name, words in (("reply", said), ("undelivered_why", "undelivered"), ("reported_by", "report")):
        if row[name] is not None:
            emit_text(f"{words}: {cell(row[name])}".replace("\n", " "), "    ")
