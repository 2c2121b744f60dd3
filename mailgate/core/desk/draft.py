"""A plan while it is made."""

from dataclasses import dataclass, field

from mailgate.core.desk.case import Case
from mailgate.core.desk.notice import Notice
from mailgate.core.desk.plan import Plan, Stamp, TicketEvent


@dataclass(slots=True)
class Draft:
    """Events and notices in order, and the keys not yet used."""

    case: Case
    stamp: Stamp
    events: list[TicketEvent] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    used: int = 0

    def key(self) -> str:
        """The next fresh key of the stamp."""
        self.used += 1
        return self.stamp.keys[self.used - 1]

    def plan(self, outcome: str, reason: str, ticket: int | None) -> Plan:
        """The finished plan."""
        return Plan(outcome, reason, ticket, tuple(self.events), tuple(self.notices))
