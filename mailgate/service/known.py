"""What commands name, read from the store in the transaction that carries them out."""

from datetime import datetime

from mailgate.core.desk.case import Policy
from mailgate.core.desk.command_kinds import Command
from mailgate.core.desk.known import Known, wanted
from mailgate.core.desk.ticket import Ticket
from mailgate.core.who.address import canonical
from mailgate.store import accounts, facts
from mailgate.store.change import is_muted
from mailgate.store.engine import Session


def look_up(
    session: Session, ticket: Ticket | None, commands: tuple[Command, ...], policy: Policy, now: datetime
) -> Known:
    """The accounts and tickets that the commands and the ticket itself name, and whether its requester may be muted."""
    asked = wanted(commands)
    tickets = {number: other for number in asked.tickets if (other := facts.ticket(session, number)) is not None}
    about = (*tickets.values(), *([ticket] if ticket is not None else []))
    numbers = dict.fromkeys((*asked.accounts, *(item.account for item in about if item.account is not None)))
    today = now.date()
    requester = canonical(ticket.requester.address) if ticket is not None else None
    return Known(
        accounts={
            number: found
            for number in numbers
            if (found := accounts.account_by_number(session, number, today)) is not None
        },
        tickets=tickets,
        may_mute=requester is not None and _is_stranger(session, requester, policy, now),
        muted=requester is not None and is_muted(session, requester),
    )


def _is_stranger(session: Session, address: str, policy: Policy, now: datetime) -> bool:
    ours = policy.own_addresses.union(*((item.address, *item.aliases) for item in policy.agents))
    return address not in ours and not accounts.accounts_by_address(session, address, now.date())
