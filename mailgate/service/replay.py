"""Replay: a mail that failed or was quarantined is decided again by the present code."""

from typing import Any

from mailgate.core.desk.act import NotHeld
from mailgate.core.desk.aside import taken_up
from mailgate.core.desk.plan import Plan
from mailgate.core.desk.ticket import Ticket, TicketState
from mailgate.service.act import act
from mailgate.service.context import Context
from mailgate.service.process import Done, process
from mailgate.store import inbound
from mailgate.store.messages import show_message


def replay(context: Context, mail_id: str) -> dict[str, Any] | None:
    """Run one mail again, alone; returns its row as `message show` has it, None where there is no such mail to replay.

    Only mail that was put aside is run: what was decided once stays decided, or a customer would hear twice. The ticket
    that stood in for it is closed.
    """
    database = context.database
    before = database.read(lambda session: show_message(session, mail_id))
    if before is None or not database.write(lambda session: inbound.requeue(session, mail_id)):
        return None
    result = process(context, mail_id, alone=True)
    if before["ticket"] is not None and result.done in {Done.DECIDED, Done.ASIDE}:
        _close_stand_in(context, before["ticket"], result.plan)
    return database.read(lambda session: show_message(session, mail_id))


def _close_stand_in(context: Context, number: int, plan: Plan | None) -> None:
    outcome = plan.outcome if plan is not None else "put aside again"
    where = plan.ticket if plan is not None else None

    def close(ticket: Ticket) -> Plan:
        if ticket.state is not TicketState.HELD:
            raise NotHeld(f"ticket {number} was closed by hand")
        return taken_up(ticket, outcome, where)

    try:
        act(context.database, number, "mailgate", close)
    except NotHeld:
        return  # somebody has dealt with it already
