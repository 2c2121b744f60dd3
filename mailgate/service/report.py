"""The report on promises, from the event log of the database."""

from datetime import datetime
from zoneinfo import ZoneInfo

from mailgate.config import Settings
from mailgate.core.desk.case import Policy
from mailgate.core.desk.promise import CalendarOf, Promise, promises
from mailgate.core.desk.report import Report, report
from mailgate.core.desk.ticket import ClockName
from mailgate.core.time.calendar import ROUND_THE_CLOCK, Calendar
from mailgate.store.engine import Database
from mailgate.store.report import ticket_logs


def make_report(
    settings: Settings, database: Database, start: datetime, end: datetime, now: datetime, department: str | None = None
) -> tuple[Report, list[Promise]]:
    """The report on what was promised from `start` to before `end`, and the promises that it counts."""
    policy = settings.policy()
    tickets = database.read(lambda session: ticket_logs(session, start, end))
    found = promises(
        tickets,
        start=start,
        end=end,
        now=now,
        calendar_of=calendars(policy),
        agents={**settings.agent_names, **{item.name: item.name for item in settings.agents}},
    )
    zone = ZoneInfo(settings.desk.timezone)
    made = report(tickets, found, start=start, end=end, zone=zone, department=department)
    return made, [item for item in found if department in {None, item.department}]


def calendars(policy: Policy) -> CalendarOf:
    """The receipt goes out at night too; the other clocks run by their department's calendar."""

    def calendar_of(clock: ClockName, department: str) -> Calendar:
        return ROUND_THE_CLOCK if clock is ClockName.RECEIPT else policy.department(department).calendar

    return calendar_of
