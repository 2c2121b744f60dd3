"""What no single key can say: names that have to exist, addresses that may stand once, files that have to be safe."""

import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from mailgate.config.base import Table
from mailgate.config.paths import template_folders
from mailgate.config.problems import nearest, quoted
from mailgate.config.settings import Settings
from mailgate.config.toml_lines import Path as Key
from mailgate.config.values import Secret, is_loopback, parse_address
from mailgate.config.wire import Method, Tls
from mailgate.core.desk.key import KEY_LENGTH
from mailgate.core.who.address import MAX_LOCAL, is_shared_domain
from mailgate.core.who.rule import Standing, Verdict

Finding = tuple[Key, str]


def cross_checks(settings: Settings) -> Iterator[Finding]:
    """Every contradiction in an otherwise valid configuration, as path and text."""
    yield from _unique(settings)
    yield from _departments(settings)
    yield from _references(settings)
    yield from _times(settings)
    yield from _spoken(settings)
    yield from _connections(settings)
    yield from _rule(settings)
    yield from _files(settings)


def _unique(settings: Settings) -> Iterator[Finding]:
    for table in ("departments", "agents", "calendars", "jobs"):
        seen: dict[str, int] = {}
        for index, item in enumerate(getattr(settings, table)):
            first = seen.setdefault(item.name, index)
            if first != index:
                yield (table, index, "name"), f"{quoted(item.name)} is the name of [[{table}]] number {first + 1} too"
    owners: dict[str, str] = {}
    for path, address, owner in _all_addresses(settings):
        if address in owners:
            yield path, f"{address} belongs to {owners[address]} already"
        owners.setdefault(address, owner)


def _all_addresses(settings: Settings) -> Iterator[tuple[Key, str, str]]:
    for index, department in enumerate(settings.departments):
        for at, address in enumerate(department.addresses):
            yield ("departments", index, "addresses", at), address, f"department {department.name}"
    for index, agent in enumerate(settings.agents):
        yield ("agents", index, "address"), agent.address, f"agent {agent.name}"
        for at, address in enumerate(agent.aliases):
            yield ("agents", index, "aliases", at), address, f"agent {agent.name}"


def _departments(settings: Settings) -> Iterator[Finding]:
    defaults = [index for index, item in enumerate(settings.departments) if item.default]
    if not defaults and len(settings.departments) > 1:
        yield ("departments", 0), "no department has default = true; one has to take what no other claims"
    for index in defaults[1:]:
        first = settings.departments[defaults[0]].name
        yield ("departments", index, "default"), f"department {first} is the default already; there is only one"
    room = MAX_LOCAL - KEY_LENGTH - len(settings.desk.delimiter)
    for index, item in enumerate(settings.departments):
        for at, address in enumerate(item.addresses):
            local = address.rpartition("@")[0]
            if len(local.encode()) > room:
                text = f"{quoted(local)} is too long: with its key it has to fit {MAX_LOCAL} octets, so {room} at most"
                yield ("departments", index, "addresses", at), text
            if settings.desk.delimiter in local:
                text = f"{address} holds the delimiter {quoted(settings.desk.delimiter)}, behind which keys stand"
                yield ("departments", index, "addresses", at), text


def _references(settings: Settings) -> Iterator[Finding]:
    agents = [agent.name for agent in settings.agents]
    for index, item in enumerate(settings.departments):
        for at, name in enumerate(item.agents):
            if name not in agents:
                yield (
                    ("departments", index, "agents", at),
                    f"there is no [[agents]] {quoted(name)}{nearest(name, agents)}",
                )
        for at, name in enumerate(item.escalate_to):
            if name not in agents and (why := _no_address(name)):
                text = f"{quoted(name)} is neither an [[agents]] name nor an address{nearest(name, agents) or why}"
                yield ("departments", index, "escalate_to", at), text
    for index, mailbox in enumerate(settings.imap):
        if mailbox.recipient not in settings.own_addresses:
            near = nearest(mailbox.recipient, settings.own_addresses)
            yield ("imap", index, "recipient"), f"no department has the address {mailbox.recipient}{near}"


def _times(settings: Settings) -> Iterator[Finding]:
    """Calendars and service levels."""
    calendars = [calendar.name for calendar in settings.calendars]
    for index, item in enumerate(settings.departments):
        if item.calendar is not None and item.calendar not in calendars:
            near = nearest(item.calendar, calendars)
            yield ("departments", index, "calendar"), f"there is no [[calendars]] {quoted(item.calendar)}{near}"
    departments = [item.name for item in settings.departments]
    for index, level in enumerate(settings.service_levels):
        for at, name in enumerate(level.departments):
            if name not in departments:
                near = nearest(name, departments)
                yield ("service_levels", index, "departments", at), f"there is no [[departments]] {quoted(name)}{near}"
    for index, calendar in enumerate(settings.calendars):
        for at, day in enumerate(calendar.closed):
            if day in calendar.days:
                yield ("calendars", index, "closed", at), f"{day} stands in days too; write it once"


def _spoken(settings: Settings) -> Iterator[Finding]:
    """Languages that are used but not offered."""
    offered = settings.desk.languages
    used: list[tuple[Key, str]] = [
        (("requests", at, "language"), rule.language) for at, rule in enumerate(settings.requests)
    ]
    used += [(("agents", at, "language"), item.language) for at, item in enumerate(settings.agents) if item.language]
    for at, department in enumerate(settings.departments):
        languages = department.retired_notice or {}
        used += [(("departments", at, "retired_notice", name), name) for name in languages if name != "*"]
    for path, language in used:
        if language not in offered:
            yield path, f"{quoted(language)} is none of desk.languages{nearest(language, offered)}"


def _no_address(text: str) -> str:
    try:
        parse_address(text)
    except ValueError as error:
        return f" ({error})" if "@" in text else " of a mail"
    return ""


def _connections(settings: Settings) -> Iterator[Finding]:
    delivery = settings.delivery
    if delivery.method is Method.SMTP and delivery.host is None:
        yield ("delivery", "method"), 'method = "smtp" needs a host'
    if delivery.host is not None and delivery.tls is Tls.NONE and not is_loopback(delivery.host):
        yield ("delivery", "tls"), f'"none" is for this machine only; {delivery.host} needs "starttls" or "implicit"'
    if (delivery.username is None) != (delivery.password_file is None):
        yield (
            ("delivery", "username" if delivery.username else "password_file"),
            _PAIR.format("username and password_file"),
        )
    yield from _signing(settings)
    for index, mailbox in enumerate(settings.imap):
        if mailbox.tls is Tls.NONE and not is_loopback(mailbox.host):
            text = f'"none" is for this machine only; {mailbox.host} needs "implicit" or "starttls"'
            yield ("imap", index, "tls"), text
        if mailbox.password_file is not None and mailbox.token_command:
            yield ("imap", index, "token_command"), "stands beside password_file; one of them says how to log in"
        if mailbox.password_file is None and not mailbox.token_command:
            yield ("imap", index), "password_file or token_command has to say how to log in"
    yield from _listeners(settings)


def _signing(settings: Settings) -> Iterator[Finding]:
    selectors, files = settings.delivery.dkim_selector, settings.delivery.dkim_key_file
    if len(selectors) != len(files):
        more = "dkim_selector" if len(selectors) > len(files) else "dkim_key_file"
        text = _PAIR.format("dkim_selector and dkim_key_file")
        yield ("delivery", more), f"{text}, one for one" if selectors and files else text
    if len(set(selectors)) != len(selectors):
        yield ("delivery", "dkim_selector"), "names a selector twice"


_PAIR = "{} belong together"


def _listeners(settings: Settings) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for table in ("smtp", "lmtp", "metrics"):
        for at, listen in enumerate(getattr(settings, table).listen):
            first = seen.setdefault(str(listen), f"{table}.listen[{at + 1}]")
            if first != f"{table}.listen[{at + 1}]":
                yield (table, "listen", at), f"{listen} is taken by {first}"


def _rule(settings: Settings) -> Iterator[Finding]:
    """A forged mail gets nothing, whatever the matrix says; and nobody but a registered address can confirm."""
    for kind in ("general", "account", "sensitive"):
        row = getattr(settings.matrix, kind)
        if row is not None and row.refuted not in {None, Verdict.SILENT}:
            yield ("matrix", kind, "refuted"), 'a forged mail gets nothing; only "silent" is possible'
        if row is not None and row.unregistered is Verdict.CONFIRM:
            text = f'{Standing.UNREGISTERED.value} authors have no registered address to ask; write "rule"'
            yield ("matrix", kind, "unregistered"), text
    for index, rule in enumerate(settings.requests):
        if rule.kind.value == "general":
            yield ("requests", index, "kind"), '"general" raises nothing; write "account" or "sensitive"'


def _files(settings: Settings) -> Iterator[Finding]:
    for path, secret in secrets(settings):
        why = _unsafe(secret.path) if secret.path is not None else None
        if why:
            yield path, f"{secret.name}: {why}"
    public = (
        (("smtp", "tls_certificate"), settings.smtp.tls_certificate),
        (("delivery", "ca_file"), settings.delivery.ca_file),
    )
    for key, certificate in public:
        if certificate is not None and not certificate.is_file():
            yield key, f"there is no file {certificate}"
    folder = settings.desk.templates
    if folder is not None and not folder.is_dir():
        yield ("desk", "templates"), f"there is no folder {folder}"
    offered = sorted(set(_languages(template_folders(settings))))
    for at, language in enumerate(settings.desk.languages):
        if language not in offered:
            text = f"there are no templates for {quoted(language)}{nearest(language, offered)}"
            yield ("desk", "languages", at), f"{text}; there are {', '.join(offered)}"
    if len(set(settings.desk.languages)) != len(settings.desk.languages):
        yield ("desk", "languages"), "names a language twice"


def _languages(folders: Iterable[Path]) -> Iterator[str]:
    for folder in folders:
        if (folder / "mail").is_dir():
            yield from (item.name for item in (folder / "mail").iterdir() if item.is_dir())


def secrets(table: Table, above: Key = ()) -> Iterator[tuple[Key, Secret]]:
    """Every secret file of the configuration with its path."""
    for name in type(table).model_fields:
        value = getattr(table, name)
        if isinstance(value, Secret):
            yield (*above, name), value
        elif isinstance(value, Table):
            yield from secrets(value, (*above, name))
        elif isinstance(value, tuple):
            for at, item in enumerate(value):
                if isinstance(item, Secret):
                    yield (*above, name), item
                elif isinstance(item, Table):
                    yield from secrets(item, (*above, name, at))


def _unsafe(path: Path) -> str:
    """Why a secret file cannot be used, "" where it can."""
    try:
        found = path.stat()
        with path.open("rb") as stream:
            empty = not stream.read(1)
    except OSError as error:
        return f"the secret file cannot be read: {error.strerror}"
    if not stat.S_ISREG(found.st_mode):
        return "is no file"
    if found.st_mode & (stat.S_IROTH | stat.S_IWOTH):
        return f"every user of this machine can read the secret; run: chmod 600 {path}"
    return "the secret file is empty" if empty else ""


def warnings(settings: Settings) -> Iterator[Finding]:
    """What is allowed but unwise, and what this version checks but does not use yet."""
    if settings.identity.proof.value == "address":
        text = "a From is easily forged; this is safe only behind a mail server that refuses forged mail"
        yield ("identity", "proof"), text
    if settings.identity.authserv_ids and not settings.smtp.trusted_networks and settings.smtp.listen:
        text = "is believed only from clients in [smtp] trusted_networks, which is empty; name your mail server there"
        yield ("identity", "authserv_ids"), text
    if settings.spam.header and not settings.smtp.trusted_networks and settings.smtp.listen:
        text = "is believed only from clients in [smtp] trusted_networks, which is empty; name your mail server there"
        yield ("spam", "header"), text
    if is_shared_domain(settings.desk.domain):
        text = f"{settings.desk.domain} is shared by many people; mail from it never proves that it is yours"
        yield ("desk", "domain"), text
    for listen in settings.smtp.listen:
        if not listen.is_loopback and settings.smtp.tls_certificate is None:
            yield ("smtp", "tls_certificate"), f"{listen} is open to the network, and mail comes in unencrypted"
            break
    if settings.delivery.method is Method.MAILDIR:
        yield ("delivery", "method"), '"maildir" sends nothing: outgoing mail stays in a folder of this machine'
    yield from _unused(settings)


def _unused(table: Table, above: Key = ()) -> Iterator[Finding]:
    for name, field in type(table).model_fields.items():
        if name not in table.model_fields_set:
            continue
        value, path = getattr(table, name), (*above, name)
        extra = field.json_schema_extra
        if isinstance(extra, dict) and extra.get("planned"):
            yield path, "is checked, but this version does not use it yet"
        elif isinstance(value, Table):
            yield from _unused(value, path)
        elif isinstance(value, tuple):
            for at, item in enumerate(value):
                if isinstance(item, Table):
                    yield from _unused(item, (*path, at))
