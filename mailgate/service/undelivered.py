"""A mail that the next hop refused for good, or that we gave up: what a bounce would have done follows at once."""

from datetime import datetime

from mailgate.core.desk.case import Policy
from mailgate.core.desk.plan import Plan, Stamp
from mailgate.core.desk.undelivered import not_delivered, other_addresses
from mailgate.store import accounts, apply, deliveries, facts, outbox
from mailgate.store.engine import Session
from mailgate.store.tables.work import HeldFor, OutboxState


def give_up(
    session: Session,
    policy: Policy,
    keys: tuple[str, ...],
    outbox_id: int,
    fence: int,
    reply: str,
    now: datetime,
    held_for: HeldFor | None = None,
) -> None:
    """Settle an attempt as failed, or as held for a person, and tell the ticket; in the deciding transaction.

    `keys` are fresh ones for the notices to its agents (`keys_for_agents`). Raises LeaseLost, Conflict.
    """
    state = OutboxState.FAILED if held_for is None else OutboxState.HELD
    outbox.settle(session, outbox_id, fence, state, reply, None, now, held_for)
    mail = deliveries.outgoing(session, outbox_id)
    ticket = facts.ticket(session, mail.ticket) if mail is not None and mail.ticket is not None else None
    if mail is None or ticket is None:
        return
    account = accounts.account_by_number(session, ticket.account, now.date()) if ticket.account is not None else None
    others = other_addresses(account, mail.recipient)
    events, notices = not_delivered(ticket, mail, reply, policy, others, now=now, key=iter(keys).__next__)
    plan = Plan("undelivered", reply, ticket.number, events, notices)
    apply.apply_plan(session, plan, inbound_id=None, stamp=Stamp(now, 0, ()), actor="mailgate")
