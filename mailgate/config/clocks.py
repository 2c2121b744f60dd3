"""The tables that say when something is late: clocks, their targets, and the calendars that they run by."""

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator

from mailgate.config.base import Name, Table, Text, key
from mailgate.config.holidays import public_holidays
from mailgate.config.hours import DAYS, Closed, Days, Holidays, Hours, spans_of, spans_of_day
from mailgate.config.problems import nearest, quoted
from mailgate.config.values import Duration
from mailgate.core.time import calendar, target


def check_zone(value: str) -> str:
    """The name of a time zone that exists; ValueError names the nearest."""
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{quoted(value)} is no time zone{nearest(value, available_timezones())}") from error
    return value


Zone = Annotated[Text, AfterValidator(check_zone)]


class Clocks(Table):
    """When something is late. Departments may have their own."""

    receipt: Duration = key("The receipt has to be handed over within.", "1h")
    acknowledge: Duration = key("A named human has to act within.", "1h")
    respond: Duration = key("The customer has to have an answer within.", "24h")
    held: Duration = key("A held ticket is flagged after, round the clock.", "24h")
    remind_after: Duration = key(
        "A customer whom we wait for is reminded after, three times at most (a job with the action `remind`).", "3d"
    )
    close_after: Duration = key(
        "A ticket that waits for the customer is closed after (a job with the action `close-waiting`).", "7d"
    )
    reopen_within: Duration = key("A reply reopens a closed ticket within; later it opens a new, linked one.", "14d")
    sweep: Duration = key("How often clocks and the outbox are looked at.", "5s")


class Targets(Table):
    """Clocks of a department for one priority."""

    receipt: Duration | None = key("As in [clocks].", None, example="1h")
    acknowledge: Duration | None = key("As in [clocks].", None, example="30m")
    respond: Duration | None = key("As in [clocks].", None, example="4h")

    def to_targets(self) -> target.Targets:
        """The targets as the core wants them."""
        return target.Targets(self.receipt, self.acknowledge, self.respond)


class DepartmentClocks(Targets):
    """Clocks of a department, where they differ from [clocks]; `high` those of urgent tickets."""

    high: Targets | None = key(
        "The same three for urgent tickets.", None, example={"acknowledge": "10m", "respond": "1h"}
    )


class ServiceLevel(Table):
    """Promises to accounts of a service level. Write one [[service_levels]] table for each."""

    name: Text = key("The level, as the accounts' `service_level` names it.", sample="gold")
    departments: tuple[Name, ...] = key("Departments that it is promised in. Empty: all.", [], example=["support"])
    receipt: Duration | None = key("As in [clocks].", None, example="1h")
    acknowledge: Duration | None = key("As in [clocks].", None, example="30m")
    respond: Duration | None = key("As in [clocks].", None, example="4h")
    high: Targets | None = key("The same three for urgent tickets.", None, example={"respond": "30m"})

    def to_level(self) -> target.ServiceLevel:
        """The promises as the core wants them."""
        targets = target.Targets(self.receipt, self.acknowledge, self.respond)
        return target.ServiceLevel(self.name, self.departments, targets, (self.high or Targets()).to_targets())


class Calendar(Table):
    """Office hours that clocks run by. Write one [[calendars]] table for each."""

    name: Name = key("Its name, as departments use it.", sample="office")
    timezone: Zone = key("Time zone of the hours.", sample="Europe/Berlin")
    hours: Hours = key(
        "From and to, by day; a break makes two spans. Days that are not named are closed.",
        sample={"mon": "08:00-18:00", "tue": "08:00-18:00", "wed": "08:00-18:00", "thu": "08:00-18:00"}
        | {"fri": "08:00-12:00, 13:00-16:00"},
    )
    holidays: Holidays | None = key(
        "Country, or country and state, whose public holidays are closed.", None, example="DE-NW"
    )
    closed: Closed = key("Further closed days.", [], example=["2026-08-08"])
    days: Days = key(
        """Single days with hours of their own, or "closed"; they beat the week and holidays.""",
        {},
        example={"2026-12-24": "08:00-12:00", "2026-12-31": "closed"},
    )

    def to_calendar(self) -> calendar.Calendar:
        """The calendar as the core wants it, with the days of its holidays."""
        return calendar.Calendar(
            name=self.name,
            zone=ZoneInfo(self.timezone),
            week=tuple(spans_of(day, self.hours[day]) if day in self.hours else () for day in DAYS),
            holidays=public_holidays(self.holidays) if self.holidays is not None else {},
            days=dict.fromkeys(self.closed, ()) | {day: spans_of_day(day, text) for day, text in self.days.items()},
        )
