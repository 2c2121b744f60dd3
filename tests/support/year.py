"""A seeded year of a desk: what was promised, and where it went wrong, is known before the report is asked.

Support keeps its promises all year, but for three answers of anna's in May. Billing answers late from August on, and
what it answers late is ben's. Receipts went out within seconds, but for one day in November on which the way out was down.
"""

import random
from datetime import UTC, datetime, timedelta

from mailgate.core.desk.promise import TicketLog
from mailgate.core.desk.ticket import Event

START = datetime(2025, 1, 1, tzinfo=UTC)
END = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 1, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)
AGENTS = {"anna": "anna", "ben": "ben"}
DOWN = datetime(2025, 11, 11, tzinfo=UTC).date()


def iso(moment):
    return moment.isoformat().replace("+00:00", "Z")


def year(tickets=1200):
    """The tickets with their log, and how many promises were broken: (tickets, {(department, clock): numbers})."""
    choose = random.Random(2025)
    found, broken = [], {}
    moments = sorted(START + timedelta(seconds=choose.randrange(365 * 86_400)) for _ in range(tickets))
    in_may = 0
    for number, at in enumerate(moments, 1001):
        department = choose.choice(["support", "support", "billing"])
        late = None
        if department == "billing" and at >= datetime(2025, 8, 1, tzinfo=UTC):
            late = choose.random() < 0.4
        elif department == "support" and at.month == 5 and in_may < 3:
            in_may += 1
            late = True
        down = at.date() == DOWN
        found.append(_ticket(number, at, department, late=bool(late), down=down, choose=choose))
        for clock, is_broken in (("respond", late), ("receipt", down)):
            if is_broken:
                broken.setdefault((department, clock), []).append(number)
    return found, broken


def _ticket(number, at, department, *, late, down, choose):
    agent = "ben" if department == "billing" else "anna"
    receipt = at + (timedelta(hours=5) if down else timedelta(seconds=choose.randint(1, 40)))
    seen = at + timedelta(minutes=choose.randint(2, 50))
    answer = at + (timedelta(hours=choose.randint(25, 90)) if late else timedelta(minutes=choose.randint(60, 600)))
    lines = [
        (at, "ticket-opened", "kim@kunde.invalid", {"department": department}),
        (at, "clock-started", "kim@kunde.invalid", {"clock": "receipt", "due_at": iso(at + HOUR)}),
        (at, "clock-started", "kim@kunde.invalid", {"clock": "acknowledge", "due_at": iso(at + HOUR)}),
        (at, "clock-started", "kim@kunde.invalid", {"clock": "respond", "due_at": iso(at + 24 * HOUR)}),
        (receipt, "clock-stopped", "mailgate", {"clock": "receipt", "reason": "sent"}),
        (seen, "clock-stopped", agent, {"clock": "acknowledge", "reason": "acknowledged"}),
        (seen, "assignee-set", agent, {"assignee": agent}),
        (answer, "clock-stopped", agent, {"clock": "respond", "reason": "responded"}),
    ]
    events = tuple(Event(*line) for line in sorted(lines, key=lambda line: line[0]))
    return TicketLog(
        number, f"Frage {number}", "kim@kunde.invalid", None, "normal", department, "closed", at, answer, events
    )


def fill(database, tickets):
    """Write the tickets with their log into an empty database."""
    from support.rows import opened

    from mailgate.core.desk.plan import Plan, Stamp
    from mailgate.core.mail.mail import Mailbox
    from mailgate.store.apply import apply_plan
    from mailgate.store.events import event_row, log_events

    def write(session):
        for item in tickets:
            event = opened(
                item.number, department=item.department, subject=item.subject, requester=Mailbox("", item.requester)
            )
            apply_plan(session, Plan("opened", "", item.number, (event,)), None, Stamp(item.created_at, 0, ()), "kim")
            rows = [
                event_row(line.kind, ticket=item.number, at=line.at, actor=line.actor, inbound=None, detail=line.detail)
                for line in item.events
                if line.kind != "ticket-opened"
            ]
            log_events(session, rows)

    database.write(write)
