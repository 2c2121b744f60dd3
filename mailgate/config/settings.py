"""All of config.toml as one frozen value, and what the other rooms take from it."""

from typing import Annotated, Any

from pydantic import Field, model_validator

from mailgate.config.base import Table, key
from mailgate.config.clocks import Calendar, Clocks, DepartmentClocks, ServiceLevel, Targets
from mailgate.config.desk import (
    Agent,
    Department,
    Desk,
    Identity,
    Job,
    JobAction,
    Matrix,
    MatrixRow,
    Receipts,
    References,
    RequestRule,
    Spam,
)
from mailgate.config.upkeep import Backup, Retention
from mailgate.config.wire import Database, Delivery, Dns, Imap, Lmtp, Log, Metrics, Smtp
from mailgate.core.desk import case
from mailgate.core.time.calendar import ROUND_THE_CLOCK
from mailgate.core.who.identity import Role
from mailgate.core.who.request import RequestKind
from mailgate.core.who.rule import DEFAULT_MATRIX, Row, Standing

#: Tables that may be left out: each of their keys has a default.
OPTIONAL_TABLES = (
    "database",
    "smtp",
    "lmtp",
    "delivery",
    "identity",
    "dns",
    "receipts",
    "clocks",
    "references",
    "matrix",
    "spam",
    "retention",
    "backup",
    "log",
    "metrics",
)


class Settings(Table):
    """The whole configuration, validated. `mailgate.config.load` makes it."""

    desk: Desk = key("Who you are.")
    database: Database = key("Where everything is kept.")
    smtp: Smtp = key("Mail that comes in by SMTP, and the limits at the wire.")
    lmtp: Lmtp = key("Mail that comes in by LMTP, from an MTA on the same machine.")
    imap: tuple[Imap, ...] = key("Mailboxes that are fetched.", [])
    delivery: Delivery = key("Mail that goes out.")
    identity: Identity = key("What proves that a mail comes from the address in its From.")
    dns: Dns = key("Who answers DNS questions.")
    receipts: Receipts = key("Automatic mail, and how much of it.")
    clocks: Clocks = key("When something is late. Departments may have their own.")
    departments: Annotated[tuple[Department, ...], Field(min_length=1)] = key(
        "Departments: their addresses, their people, their clocks."
    )
    agents: tuple[Agent, ...] = key("The people who answer.", [])
    service_levels: tuple[ServiceLevel, ...] = key(
        """Clocks of accounts by their service level. Where a level and `clocks.high` of the department both say
        something of an urgent ticket, the shorter one holds, unless the level has a `high` of its own.""",
        [],
    )
    calendars: tuple[Calendar, ...] = key("Office hours that clocks run by.", [])
    requests: tuple[RequestRule, ...] = key("Phrases that raise the kind of a request, beside those that ship.", [])
    references: References = key(
        """How customer numbers, orders and the like are recognised in a mail: patterns of Python's `re`, each instead
        of those that ship; a group marks the value, capitals do not matter."""
    )
    matrix: Matrix = key(
        """What may be done, by kind of request and standing of the author: `open`; `mark` (open, and marked); `confirm`
        (held, the registered address is asked); `rule` (held, the sender is told the rule); `silent` (held, only agents
        see it)."""
    )
    spam: Spam = key("Mail that your own server marked as spam.")
    jobs: tuple[Job, ...] = key("What is done at set times.", [])
    retention: Retention = key("How long raw mails are kept.")
    backup: Backup = key("Backups, where a job makes them.")
    log: Log = key("The log, on standard error.")
    metrics: Metrics = key("Counters for Prometheus.")

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, data: Any) -> Any:
        """A table that is left out has its defaults; they are read like written ones, so paths get their base."""
        return {**{name: {} for name in OPTIONAL_TABLES}, **data} if isinstance(data, dict) else data

    @property
    def own_addresses(self) -> frozenset[str]:
        """Every canonical address that is ours: customers write to it, and mail from it is our own."""
        return frozenset(address for item in self.departments for address in item.addresses)

    @property
    def agent_names(self) -> dict[str, str]:
        """Agents' names by each of their canonical addresses."""
        return {address: item.name for item in self.agents for address in (item.address, *item.aliases)}

    @property
    def smtp_hostname(self) -> str:
        """The name of the SMTP greeting and of our Received fields."""
        return self.smtp.hostname or self.desk.domain

    def has_job(self, action: JobAction) -> bool:
        """True where some job does that."""
        return any(job.action is action for job in self.jobs)

    def policy(self) -> case.Policy:
        """What decisions depend on, as the core wants it."""
        return case.Policy(
            desk_name=self.desk.name,
            domain=self.desk.domain,
            languages=self.desk.languages,
            departments=tuple(self._department(item) for item in self.departments),
            own_addresses=self.own_addresses,
            agents=tuple(case.Agent(item.name, item.address, item.aliases, item.language) for item in self.agents),
            subject_tag=self.desk.subject_tag,
            delimiter=self.desk.delimiter,
            proof=self.identity.proof,
            confirm_within=self.identity.confirm_within,
            reopen_within=self.clocks.reopen_within,
            remind_after=self.clocks.remind_after,
            close_after=self.clocks.close_after if self.has_job(JobAction.CLOSE_WAITING) else None,
            receipts=self.receipts.limits(),
            held=self.clocks.held,
            spam_header=self.spam.split(),
            service_levels=tuple(item.to_level() for item in self.service_levels),
            matrix={kind: self._row(kind) for kind in RequestKind},
            undo_send=self.desk.undo_send,
            operator=self.desk.operator,
        )

    def _department(self, item: Department) -> case.Department:
        own = item.clocks or DepartmentClocks()
        notice = item.retired_notice
        if notice is not None and "*" in notice:
            notice = dict.fromkeys(self.desk.languages, notice["*"])
        return case.Department(
            name=item.name,
            addresses=item.addresses,
            default=item.default,
            agents=item.agents,
            request_kind=item.request_kind,
            contact_role=Role(item.contact_role.value),
            retired_notice=notice,
            receipt=own.receipt or self.clocks.receipt,
            acknowledge=own.acknowledge or self.clocks.acknowledge,
            respond=own.respond or self.clocks.respond,
            high=(own.high or Targets()).to_targets(),
            escalate_to=item.escalate_to,
            attachments=item.attachments.to_takes() if item.attachments is not None else None,
            calendar=next(
                (known.to_calendar() for known in self.calendars if known.name == item.calendar), ROUND_THE_CLOCK
            ),
        )

    def _row(self, kind: RequestKind) -> Row:
        """A row of the matrix; cells that the file leaves out are the default ones."""
        row = getattr(self.matrix, kind.value) or MatrixRow()
        return {standing: getattr(row, standing.value) or DEFAULT_MATRIX[kind][standing] for standing in Standing}
