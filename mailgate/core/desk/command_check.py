"""What is wrong with commands that read well: names that nobody has, and states in which they mean nothing."""

import difflib
from collections.abc import Sequence
from typing import assert_never

from mailgate.core.desk.case import Policy
from mailgate.core.desk.command_kinds import (
    Ack,
    AddPeople,
    Assign,
    BadLine,
    Close,
    Command,
    Confirm,
    Deny,
    Help,
    MarkSpam,
    Merge,
    Move,
    Note,
    OnBehalf,
    Release,
    Reopen,
    SetAccount,
    SetPriority,
    Stop,
    Take,
    Wait,
    Wrong,
)
from mailgate.core.desk.known import Known
from mailgate.core.desk.news import MOST_RECIPIENTS, outsiders
from mailgate.core.desk.ticket import Ticket, TicketState

Finding = tuple[Wrong, str, str]
_JUDGES = (Confirm, Release)


def check(
    commands: Sequence[Command], lines: Sequence[str], ticket: Ticket, known: Known, policy: Policy
) -> tuple[BadLine, ...]:
    """Every line that cannot be carried out on this ticket, each with what is wrong; empty where all can."""
    judge = _Judge(ticket, known, policy, any(isinstance(item, _JUDGES) for item in commands))
    found: list[BadLine] = []
    for command, line in zip(commands, lines, strict=True):
        found.extend(BadLine(line, *finding) for finding in judge.of(command))
    return tuple(found)


class _Judge:
    def __init__(self, ticket: Ticket, known: Known, policy: Policy, released: bool) -> None:  # noqa: FBT001 - private
        self.ticket, self.known, self.policy = ticket, known, policy
        self.held = ticket.state is TicketState.HELD and not released
        self.people = {item.address for item in outsiders(ticket, policy)}

    def of(self, command: Command) -> list[Finding]:  # noqa: C901 - one case for each command, nothing else
        match command:
            case Note() | SetPriority() | Stop() | Help() | MarkSpam() | Take():
                return []
            case Ack():
                return self._while_held()
            case Close() | Wait():
                return self._while_held() or self._while_closed()
            case Reopen():
                return self._while_held() or self._reopen()
            case Assign():
                return self._assign(command)
            case Move():
                return _unknown(command.department, [x.name for x in self.policy.departments], Wrong.NO_DEPARTMENT)
            case SetAccount():
                known = command.account in self.known.accounts
                return [] if known else [(Wrong.NO_ACCOUNT, command.account, "")]
            case Confirm() | Release() | Deny():
                held = self.ticket.state is TicketState.HELD
                return [] if held else [(Wrong.NOT_HELD, str(self.ticket.number), "")]
            case Merge():
                return self._while_held() or self._merge(command)
            case AddPeople():
                return self._while_held() or self._people(command)
            case OnBehalf():
                return [(Wrong.NOT_HERE, "!for", "")]
            case _:
                assert_never(command)

    def _while_held(self) -> list[Finding]:
        return [(Wrong.HELD, str(self.ticket.number), "")] if self.held else []

    def _while_closed(self) -> list[Finding]:
        closed = self.ticket.state is TicketState.CLOSED
        return [(Wrong.CLOSED, str(self.ticket.number), "")] if closed else []

    def _reopen(self) -> list[Finding]:
        if self.ticket.merged_into is not None:
            return [(Wrong.ALREADY_MERGED, str(self.ticket.number), str(self.ticket.merged_into))]
        idle = self.ticket.state in {TicketState.CLOSED, TicketState.WAITING}
        return [] if idle else [(Wrong.NOT_CLOSED, str(self.ticket.number), "")]

    def _assign(self, command: Assign) -> list[Finding]:
        return _unknown(command.agent, [item.name for item in self.policy.agents], Wrong.NO_AGENT)

    def _merge(self, command: Merge) -> list[Finding]:
        target = self.known.tickets.get(command.into)
        if target is None:
            return [(Wrong.NO_TICKET, str(command.into), "")]
        if target.number == self.ticket.number:
            return [(Wrong.SAME_TICKET, str(command.into), "")]
        for one in (self.ticket, target):
            if one.merged_into is not None:
                return [(Wrong.ALREADY_MERGED, str(one.number), str(one.merged_into))]
        if target.state in {TicketState.HELD, TicketState.CLOSED}:
            return [(Wrong(target.state.value), str(target.number), "")]
        if self.ticket.account is not None and target.account != self.ticket.account:
            return [(Wrong.OTHER_ACCOUNT, str(target.number), "")]
        requester = self.ticket.requester.address
        if target.is_participant(requester) or self.known.is_contact(requester, target.account):
            return []
        return [(Wrong.OTHER_PERSON, requester, str(target.number))]

    def _people(self, command: AddPeople) -> list[Finding]:
        agents = {address for agent in self.policy.agents for address in (agent.address, *agent.aliases)}
        ours = self.policy.own_addresses | agents
        wrong = [(Wrong.OWN_ADDRESS, item.address, "") for item in command.people if item.address in ours]
        joining = {item.address for item in command.people} - self.people
        self.people |= joining
        crowd = joining and not wrong and len(self.people) > MOST_RECIPIENTS
        return [(Wrong.CROWD, str(MOST_RECIPIENTS), "")] if crowd else wrong


def _unknown(typed: str, names: list[str], wrong: Wrong) -> list[Finding]:
    if any(name.casefold() == typed.casefold() for name in names):
        return []
    near = difflib.get_close_matches(typed.casefold(), [name.casefold() for name in names], n=1, cutoff=0.5)
    found = [name for name in names if near and name.casefold() == near[0]]
    return [(wrong, typed, found[0] if found else ", ".join(names[:20]))]
