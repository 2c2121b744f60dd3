"""The tables that say who the desk is, who asks, and what follows."""

import re
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StrictInt, StringConstraints

from mailgate.config.base import Count, Flag, Name, Table, Text, key, shaped
from mailgate.config.clocks import DepartmentClocks, Zone
from mailgate.config.problems import quoted
from mailgate.config.values import Address, ConfigPath, Domain, Duration, Size
from mailgate.core.desk.takes import Takes
from mailgate.core.mail.gate import Limits
from mailgate.core.time.cron import Cron
from mailgate.core.who.evidence import Proof
from mailgate.core.who.phrases import Phrase
from mailgate.core.who.references import ReferencePatterns
from mailgate.core.who.request import RequestKind
from mailgate.core.who.rule import DEFAULT_MATRIX, Standing, Verdict

Language = Annotated[Text, shaped(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?", 'a language is written like "de" or "en"')]
_TYPE = r"[a-z0-9][a-z0-9.+-]{0,60}/(\*|[a-z0-9][a-z0-9.+-]{0,100})"
MimeType = Annotated[Text, shaped(_TYPE, 'a MIME type is written like "application/pdf" or "image/*"')]


def by_language(value: object) -> object:
    """A notice as a table by language; one text counts for every language."""
    return {"*": value} if isinstance(value, str) else value


def check_pattern(value: str) -> str:
    """A pattern that Python's `re` understands, with bounded repeats, that never matches nothing."""
    try:
        found = re.compile(value)
    except re.error as error:
        raise ValueError(f"{quoted(value)} is no pattern: {error}") from error
    if found.groups > 1:
        raise ValueError(f"{quoted(value)} has {found.groups} groups; mark the reference with one, or with none")
    if found.match("") is not None:
        raise ValueError(f"{quoted(value)} matches the empty text")
    bare = re.sub(r"\\.|\[\^?\]?[^\]]*\]", "x", value)
    if re.search(r"[*+]|\{[0-9]*,\}|\)\{", bare):
        raise ValueError(f"{quoted(value)} repeats without a bound or repeats a group; write bounds, like {{1,40}}")
    ReferencePatterns.build({"order": value})
    return value


def check_phrase(value: str) -> str:
    """A phrase that recognition can read: words, `*` at an end of one, `|` between choices, `...` for a gap."""
    Phrase.parse(value)
    return value


def check_cron(value: str) -> str:
    """A cron expression that we can read."""
    Cron.parse(value)
    return value


def spam_header(value: str) -> str:
    """`X-Spam-Flag: YES`: the name of a header field and how its value begins."""
    if not re.fullmatch(r"[!-9;-~]{1,60}:[ \t]*[\x20-\x7e]{1,100}", value):
        raise ValueError(f'{quoted(value)} is no header field with a value; write it like "X-Spam-Flag: YES"')
    return value


Pattern = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200), AfterValidator(check_pattern)]
PhraseText = Annotated[
    str,
    StringConstraints(strict=True, strip_whitespace=True, min_length=2, max_length=200),
    AfterValidator(check_phrase),
]
Notices = Annotated[dict[str, Text], BeforeValidator(by_language)]


class Desk(Table):
    """Who you are."""

    name: Text = key("Name of the desk, as customers read it.", sample="Example Hosting")
    domain: Domain = key("Domain of our Message-IDs and of the host name in mail that we send.", sample="example.org")
    languages: Annotated[tuple[Language, ...], Field(min_length=1)] = key(
        """Languages of the notices, each with a folder of templates. The first is used where nothing speaks for
        another.""",
        ["de", "en"],
        sample=["de", "en"],
    )
    timezone: Zone = key("Time zone of dates in mails.", "Europe/Berlin", sample="Europe/Berlin")
    subject_tag: Annotated[
        Text, shaped(r"[!-Z^-~]{1,20}", "at most 20 ASCII characters without spaces and brackets")
    ] = key("What stands before the number in a subject: `#` gives `[#1042]`.", "#")
    delimiter: Annotated[Text, shaped(r"[+=_-]", "one of + = _ -")] = key(
        "Character between an address and its key: `support+KEY@example.org`. Your mail server has to know it too.", "+"
    )
    operator: Address | None = key("Who is written to when something is broken.", None, example="operator@example.org")
    templates: ConfigPath | None = key(
        "Folder whose files replace the templates of the package, one by one: `mail/LANGUAGE/NOTICE.txt`.",
        None,
        example="/etc/mailgate/templates",
    )
    undo_send: Duration = key("How long an agent may call a reply back.", "60s")


class Identity(Table):
    """What proves that a mail comes from the address in its From."""

    proof: Proof = key(
        """`dkim`: an aligned DKIM signature; `dmarc`: aligned SPF too; `address`: the address alone, which is safe only
        behind a mail server that refuses forged mail.""",
        "dkim",
    )
    authserv_ids: tuple[Text, ...] = key(
        "Names of your own mail servers in Authentication-Results (RFC 8601) that are believed.",
        [],
        example=["mx.example.org"],
    )
    received_above: Annotated[StrictInt, Field(ge=0, le=20)] = key(
        """How many Received fields of your own servers stand above their Authentication-Results: 0 where the server
        that checks hands mail to us and writes its results on top.""",
        0,
    )
    confirm_within: Duration = key("How long the registered address may confirm a request that is held.", "7d")


class Receipts(Table):
    """Automatic mail, and how much of it."""

    enabled: Flag = key("Whether a new ticket is confirmed to its sender.", default=True)
    per_hour: Count = key("Most automatic mails to one address in an hour.", 5)
    per_day: Count = key("Most automatic mails to one address in a day.", 20)
    per_ticket: Count = key("Most automatic mails in a ticket's life.", 10)
    domain_per_hour: Count = key("Most automatic mails to unproved authors of one domain in an hour.", 50)
    desk_per_hour: Count = key("Most automatic mails of the whole desk in an hour; then the breaker opens.", 1000)

    def limits(self) -> Limits:
        """As the gate for automatic mail sees them."""
        return Limits(**self.model_dump())


class Attachments(Table):
    """What a department takes. Nothing is dropped without a line in ticket and receipt."""

    max_count: Count = key("Most attachments of one mail.", 10)
    max_size: Size = key("Largest attachment.", "10 MiB")
    types: tuple[MimeType, ...] = key(
        "MIME types that are taken, `image/*` allowed; the type that the content shows counts too. Empty: all.", []
    )

    def to_takes(self) -> Takes:
        """As the core sees them."""
        return Takes(self.max_count, self.max_size, self.types)


class ContactRole(StrEnum):
    """Whose matters a department deals with."""

    TECHNICAL = "technical"
    BILLING = "billing"


class Department(Table):
    """A department. Write one [[departments]] table for each."""

    name: Name = key("Its name, in commands and lists.", sample="support")
    addresses: Annotated[tuple[Address, ...], Field(min_length=1)] = key(
        "The addresses that customers write to; the first is the one that answers.", sample=["support@example.org"]
    )
    default: Flag = key("true for the one department that takes what no other claims.", default=False)
    agents: tuple[Name, ...] = key("Names of its [[agents]]: each gets its tickets by mail.", [], sample=["alex"])
    escalate_to: tuple[Text, ...] = key(
        """Who is told, one after another, when the agents of the department do not act: names of [[agents]] or
        addresses.""",
        [],
        example=["sam"],
    )
    calendar: Name | None = key(
        "Name of the [[calendars]] table that its clocks run by. Without it: round the clock.",
        None,
        example="office",
    )
    request_kind: RequestKind = key(
        "`general`, `account` or `sensitive`: what a mail is where no word and no reference says more.", "general"
    )
    contact_role: ContactRole = key(
        "Which contacts of an account, beside its owners, may ask for account matters here: `technical` or `billing`.",
        "technical",
    )
    clocks: DepartmentClocks | None = key(
        "Where they differ from [clocks].", None, example={"acknowledge": "30m", "respond": "4h"}
    )
    attachments: Attachments | None = key(
        """What it takes: max_count, max_size, types. The rest stays in the raw mail, and ticket and receipt say so.
        Without it: everything.""",
        None,
        example={"max_count": 3, "max_size": "10 MiB", "types": ["image/*", "application/pdf", "text/plain"]},
    )
    retired_notice: Notices | None = key(
        "The addresses take no tickets any more; this text says where to go instead. One text, or a table by language.",
        None,
        example="Please use the customer centre.",
    )


class Agent(Table):
    """Somebody who answers. Write one [[agents]] table for each."""

    name: Name = key("Short name, in commands and lists.", sample="alex")
    address: Address = key("Where notifications go and where replies come from.", sample="alex@example.org")
    aliases: tuple[Address, ...] = key("Further addresses that the agent writes from.", [])
    language: Language | None = key("Language of notifications. Without it: the first of the desk.", None, example="en")


class RequestRule(Table):
    """Phrases that raise the kind of a request, beside those that ship. Write one [[requests]] table for each."""

    kind: RequestKind = key("`account` or `sensitive` (`general` never raises anything).", sample="sensitive")
    language: Language = key("Language of the phrases.", sample="en")
    phrases: Annotated[tuple[PhraseText, ...], Field(min_length=1)] = key(
        """Words that stand together in a mail that asks for it; capitals do not matter. `*` stands for the rest of a
        word, `|` between choices of one word, `...` for a few words in between.""",
        sample=["close my account"],
    )


class References(Table):
    """How what customers name is recognised, beside what the accounts hold: patterns of Python's `re`.

    Each replaces the patterns that ship for its kind; a group marks the value, capitals do not matter.
    """

    customer_number: Pattern | None = key(
        "Customer number; a group marks the number itself.",
        None,
        example=r"\bcustomer (?:number|no\.?) ?(\d{5,6})\b",
    )
    order: Pattern | None = key("Order number.", None, example=r"#(\d{6})\b")
    invoice: Pattern | None = key("Invoice number.", None, example=r"\b(R\d{8})\b")
    server: Pattern | None = key("Server name.", None, example=r"\b(srv-[a-z0-9-]{1,40})\b")


class MatrixRow(Table):
    """One row of the rule: what follows for each standing of the author."""

    confirmed: Verdict | None = key("A registered address that confirmed this request.", None)
    proved: Verdict | None = key("A registered address, proved.", None)
    unproved: Verdict | None = key("A registered address, not proved.", None)
    unregistered: Verdict | None = key("An address that no account has.", None)
    refuted: Verdict | None = key("A forged mail; only `silent` is possible.", None)


class Matrix(Table):
    """What may be done, by kind of request and standing of the author (core/who/rule.py)."""

    general: MatrixRow | None = key("Questions that anybody may ask.", None)
    account: MatrixRow | None = key("What touches one customer's services, data or invoices.", None)
    sensitive: MatrixRow | None = key(
        "New owner or address, bank data, passwords, transfers, cancellation, export, erasure.", None
    )


class Spam(Table):
    """Mail that your own server marked as spam: held, and nobody is written to."""

    header: Annotated[Text, AfterValidator(spam_header)] | None = key(
        "Header field and how its value begins, as your own server writes it.", None, example="X-Spam-Flag: YES"
    )

    def split(self) -> tuple[str, str] | None:
        """Name of the field in lower case, and how its value begins; None where spam is not marked."""
        if self.header is None:
            return None
        name, _, value = self.header.partition(":")
        return name.lower(), value.strip()


class JobAction(StrEnum):
    """What a job does."""

    DIGEST = "digest"
    REMIND = "remind"
    CLOSE_WAITING = "close-waiting"
    EXPIRE_HOLDS = "expire-holds"
    RETENTION = "retention"
    BACKUP = "backup"
    SWEEP = "sweep"


class Job(Table):
    """Something that is done at set times. Write one [[jobs]] table for each."""

    name: Name = key("Its name, as in `mailgate job run NAME`.", sample="morning-digest")
    cron: Annotated[Text, AfterValidator(check_cron)] = key(
        """Minute, hour, day of month, month, day of week (0 and 7 are Sunday), or `@daily` and the like; in the time
        zone of the desk.""",
        sample="0 7 * * 1-5",
    )
    action: JobAction = key(
        "`digest`, `remind`, `close-waiting`, `expire-holds`, `retention`, `backup` or `sweep`.", sample="digest"
    )


def default_matrix() -> dict[str, dict[str, Any]]:
    """The default rule in the words of config.toml."""
    return {
        kind.value: {standing.value: DEFAULT_MATRIX[kind][standing].value for standing in Standing}
        for kind in RequestKind
    }
