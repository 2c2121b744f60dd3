"""Jobs on a desk of the tests: their clock, countable keys, tickets in any state."""

import re
from dataclasses import replace
from itertools import count

from support.desk import CONFIG, Desk
from support.rows import make_key

from mailgate.core.desk.plan import ClockStarted, EntryAdded, Plan, Stamp, StateChanged, TicketOpened
from mailgate.core.desk.ticket import ClockName, EntryKind, TicketState
from mailgate.core.mail.mail import Mailbox
from mailgate.core.who.evidence import Assurance
from mailgate.core.who.request import Priority, RequestKind
from mailgate.jobs.table import ACTIONS
from mailgate.service.jobs import jobs_desk, run_due, run_one
from mailgate.store.apply import apply_plan, next_number
from mailgate.store.queries import show_ticket

JOBS = """
[[jobs]]
name = "remind"
cron = "0 8 * * *"
action = "remind"

[[jobs]]
name = "close"
cron = "30 8 * * *"
action = "close-waiting"
"""


class JobsDesk(Desk):
    """A desk whose jobs run by the test's clock. `tick` is a tick of the scheduler, `run` is `job run`."""

    def __post_init__(self):
        super().__post_init__()
        numbers = count(1)
        made = jobs_desk(self.settings, self.database, owed=self._note, now=lambda: self.clock)
        self.work = replace(made, keys=lambda n: tuple(make_key(next(numbers)) for _ in range(n)), owner="test")

    def tick(self):
        return run_due(self.work, ACTIONS)

    def run(self, name):
        return run_one(self.work, name, ACTIONS)

    def job(self, name):
        from mailgate.service.jobs import listed

        return next(item for item in listed(self.settings, self.database, self.clock) if item["name"] == name)

    def ticket(self, number):
        return self.database.read(lambda session: show_ticket(session, number))

    def owed_mails(self, kind=None):
        from mailgate.store.outbox import list_outbox

        rows = self.database.read(list_outbox)
        return [row for row in rows if kind is None or row["kind"] == kind]

    def open(self, *, state=TicketState.NEW, to="kim@kunde.invalid", **changes):
        """A ticket, opened now; its number."""
        values = {
            "state": TicketState.HELD if state is TicketState.HELD else TicketState.NEW,
            "subject": "Störung im Netz",
            "department": "support",
            "priority": Priority.NORMAL,
            "language": "de",
            "account": None,
            "requester": Mailbox("Kim Kunde", to),
            "assurance": Assurance.PROVED,
            "request_kind": RequestKind.GENERAL,
            **changes,
        }

        def write(session):
            number = next_number(session)
            due = self.clock + self.settings.clocks.respond
            entry = EntryAdded(
                number, EntryKind.CUSTOMER, to, "Nichts geht.", f"m{number}@kunde.invalid", values["assurance"]
            )
            events = [TicketOpened(ticket=number, **values), entry]
            if state is not TicketState.HELD:
                events += [ClockStarted(number, name, due) for name in (ClockName.ACKNOWLEDGE, ClockName.RESPOND)]
            if state not in {TicketState.HELD, TicketState.NEW}:
                events.append(StateChanged(number, TicketState.NEW, state, "test"))
            apply_plan(session, Plan("opened", "test", number, tuple(events)), None, Stamp(self.clock, 0, ()), "anna")
            return number

        return self.database.write(write)

    def change(self, number, before, after):
        events = (StateChanged(number, before, after, "test"),)
        plan = Plan("changed", "test", number, events)
        self.database.write(lambda s: apply_plan(s, plan, None, Stamp(self.clock, 0, ()), "anna"))


def make_desk(folder, url, more=JOBS, *, agents=()):
    """A desk with jobs; `agents` work in each of its departments."""
    config = re.sub(r"^(addresses = .*)$", rf"\1\nagents = {list(agents)}", CONFIG, flags=re.MULTILINE)
    return JobsDesk(folder, url, config + more)
