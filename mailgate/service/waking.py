"""Tickets that an agent put off (`!wait 3d`): when the time is over they are open again, and agents hear of it."""

from collections.abc import Callable
from datetime import datetime

from mailgate.core.desk.case import Policy
from mailgate.core.desk.handover import Background, woken
from mailgate.core.desk.inform import KEYS_AN_AGENT
from mailgate.core.desk.plan import Plan, Stamp, StateChanged
from mailgate.core.desk.ticket import TicketState
from mailgate.service.clocks import settle_clocks
from mailgate.store import accounts, apply, facts
from mailgate.store.engine import Session

_ACTOR = "mailgate"


def wake(session: Session, policy: Policy, number: int, now: datetime, keys: Callable[[int], tuple[str, ...]]) -> None:
    """Open a ticket whose time is over, and tell who works on it. `Conflict` where somebody was faster."""
    ticket = facts.ticket(session, number)
    if ticket is None:
        return
    account = accounts.show_account(session, ticket.account) if ticket.account is not None else None
    fresh = iter(keys(KEYS_AN_AGENT * max(1, len(policy.agents))))
    told = woken(
        ticket, policy, Background(account, facts.history(session, ticket.number)), key=lambda: next(fresh), now=now
    )
    opened = StateChanged(ticket.number, ticket.state, TicketState.OPEN, "wait-over")
    plan = Plan("woken", "wait-over", ticket.number, (opened, *told.events), told.notices)
    apply.apply_plan(session, plan, None, Stamp(now, 0, ()), _ACTOR)
    settle_clocks(session, policy, plan, now, _ACTOR)
