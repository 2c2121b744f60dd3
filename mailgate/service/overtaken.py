"""The thread of a mail whose answer came before it, read from the store."""

from dataclasses import replace

from mailgate.core.desk.case import Case, ThreadBy, ThreadFact
from mailgate.core.desk.overtaken import thread_of
from mailgate.core.desk.ticket import Ticket, TicketState
from mailgate.store import accounts, facts
from mailgate.store.awaited import tickets_waiting
from mailgate.store.engine import Session


def with_its_answer(session: Session, case: Case) -> Case:
    """The case with the ticket that waits for its mail: its thread where it has none but a number, else beside that."""
    if case.mail.message_id_made_up:
        return case
    numbers = tickets_waiting(session, case.mail.message_id)
    places = {place.number: place for number in numbers if (place := facts.place(session, number)) is not None}
    found = thread_of(case, tuple(_fact(session, ticket) for ticket in places.values()))
    if found is None:
        return case
    thread = case.facts.thread
    if thread is not None and thread.by is not ThreadBy.SUBJECT:
        return replace(case, facts=replace(case.facts, overtaken_by=found.ticket))
    account = accounts.show_account(session, found.ticket.account) if found.ticket.account is not None else None
    history = facts.history(session, found.ticket.number)
    return replace(case, facts=replace(case.facts, thread=found, history=history, ticket_account=account))


def _fact(session: Session, ticket: Ticket) -> ThreadFact:
    asked = facts.asked(session, ticket.number) if ticket.state is TicketState.HELD else ()
    return ThreadFact(ticket, ThreadBy.FOREIGN_ID, asked=asked)
