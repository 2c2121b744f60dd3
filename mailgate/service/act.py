"""Acts of people on a ticket, each in one transaction: what the command line asks for, and later agents by mail."""

from collections.abc import Callable

from mailgate.core.desk.plan import Plan, Stamp
from mailgate.core.desk.ticket import Ticket
from mailgate.service.context import utc_now
from mailgate.service.deciding import decide_in_turn
from mailgate.store import apply, facts
from mailgate.store.engine import Database, Session


class NoSuchTicket(LookupError):
    """There is no ticket with that number."""


def act(database: Database, number: int, actor: str, make: Callable[[Ticket], Plan]) -> Plan:
    """Load a ticket, let `make` plan from it, and carry that out. Raises NoSuchTicket, and whatever `make` raises."""

    def change(session: Session) -> Plan:
        ticket = facts.ticket(session, number)
        if ticket is None:
            raise NoSuchTicket(f"there is no ticket {number}")
        plan = make(ticket)
        apply.apply_plan(session, plan, None, Stamp(utc_now(), 0, ()), actor)
        return plan

    return decide_in_turn(database, change)
