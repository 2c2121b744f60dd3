"""Acts of people on a ticket, each in one transaction: what the command line asks for, and agents by mail."""

from collections.abc import Callable
from datetime import datetime

from mailgate.core.desk.carry_out import Actor, Done, carry_out, check
from mailgate.core.desk.case import Policy
from mailgate.core.desk.command_kinds import BadLine, Block
from mailgate.core.desk.handover import Background, hand_over
from mailgate.core.desk.plan import Plan, Stamp
from mailgate.core.desk.ticket import Ticket
from mailgate.service.clocks import settle_clocks
from mailgate.service.context import random_keys, utc_now
from mailgate.service.deciding import decide_in_turn
from mailgate.service.known import look_up
from mailgate.store import accounts, apply, facts
from mailgate.store.engine import Database, Session


class NoSuchTicket(LookupError):
    """There is no ticket with that number."""


class Refused(ValueError):
    """Commands that cannot be carried out; nothing was. `bad` says what is wrong."""

    def __init__(self, bad: tuple[BadLine, ...]) -> None:
        super().__init__(", ".join(f"{item.line}: {item.wrong}" for item in bad))
        self.bad = bad


def act(database: Database, number: int, actor: str, make: Callable[[Ticket], Plan]) -> Plan:
    """Load a ticket, let `make` plan from it, and carry that out. Raises NoSuchTicket, and whatever `make` raises."""

    def work(session: Session) -> Plan:
        plan = make(_ticket(session, number))
        apply.apply_plan(session, plan, None, Stamp(utc_now(), 0, ()), actor)
        return plan

    return decide_in_turn(database, work)


def command(database: Database, number: int, actor: Actor, block: Block, policy: Policy) -> Done:
    """Carry commands out on a ticket, all or none. Raises NoSuchTicket and Refused."""
    if block.errors:
        raise Refused(block.errors)

    def work(session: Session) -> Done:
        now, ticket = utc_now(), _ticket(session, number)
        known = look_up(session, ticket, block.commands, policy, now)
        if bad := check(block.commands, block.lines, ticket, known, policy):
            raise Refused(bad)
        done = carry_out(block.commands, ticket, actor, known, policy, now)
        plan = Plan("command", "operator", number, done.events)
        apply.apply_plan(session, plan, None, Stamp(now, 0, ()), actor.name)
        apply.apply_plan(session, _told(session, done, actor, policy, now), None, Stamp(now, 0, ()), "mailgate")
        settle_clocks(session, policy, plan, now, actor.name)
        return done

    return decide_in_turn(database, work)


def _told(session: Session, done: Done, actor: Actor, policy: Policy, now: datetime) -> Plan:
    """What colleagues hear of it."""
    account = accounts.show_account(session, done.ticket.account) if done.ticket.account is not None else None
    told = hand_over(
        done,
        actor.name,
        policy,
        Background(account, facts.history(session, done.ticket.number)),
        effect=f"{done.ticket.number}:{now.isoformat()}:command",
        key=lambda: random_keys(1)[0],
        now=now,
    )
    return Plan("command", "operator", done.ticket.number, told.events, told.notices)


def _ticket(session: Session, number: int) -> Ticket:
    ticket = facts.ticket(session, number)
    if ticket is None:
        raise NoSuchTicket(f"there is no ticket {number}")
    return ticket
