"""The tables that say how mail comes in and goes out, and where it is kept."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import quote, urlsplit

from pydantic import BeforeValidator, ValidationInfo, model_validator

from mailgate.config.base import Count, Flag, Port, Table, Text, key, shaped
from mailgate.config.problems import nearest, quoted
from mailgate.config.values import (
    Address,
    ConfigPath,
    Duration,
    Listen,
    NameServer,
    Network,
    SecretFile,
    Size,
    parse_path,
)

_SQLITE = "sqlite:///"
_POSTGRES = ("postgresql://", "postgresql+psycopg://")
_HOST = r"[A-Za-z0-9:\[][A-Za-z0-9.:\[\]-]{0,252}"
Host = Annotated[Text, shaped(_HOST, "is no host name and no IP address")]
Selector = Annotated[
    Text,
    shaped(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?", "is no DKIM selector: letters, digits, dots and dashes"),
]


def one_or_more(value: object) -> object:
    """A single value as a list of one."""
    return value if isinstance(value, list | tuple) else [value]


class Tls(StrEnum):
    """How a connection is protected: not at all, after STARTTLS (RFC 3207), or from the first byte (RFC 8314)."""

    NONE = "none"
    STARTTLS = "starttls"
    IMPLICIT = "implicit"


class Method(StrEnum):
    """How outgoing mail leaves."""

    MAILDIR = "maildir"
    SMTP = "smtp"


def parse_database_url(value: object, info: ValidationInfo) -> str:
    """`sqlite:///path` (relative to the config file) or `postgresql://user@host/name`; never with a password."""
    if not isinstance(value, str):
        raise ValueError('is no URL; write it like "sqlite:///var/mailgate.db"')  # noqa: TRY004 - pydantic
    if value.startswith(_SQLITE):
        return f"{_SQLITE}{parse_path(value.removeprefix(_SQLITE), info)}"
    if not value.startswith(_POSTGRES):
        scheme = nearest(value.partition(":")[0], ["sqlite", "postgresql"])
        raise ValueError(f'is no URL like "sqlite:///var/mailgate.db" or "postgresql://USER@HOST/NAME"{scheme}')
    parts = urlsplit(value)
    if parts.password is not None:
        raise ValueError("holds a password; put it in a file of its own and name that in password_file")
    if len(parts.path) < 2:
        raise ValueError('names no database; write it like "postgresql://mailgate@localhost/mailgate"')
    return f"postgresql+psycopg://{value.partition('://')[2]}"


def parse_done(value: object) -> str:
    """What happens in the mailbox after the mail is stored: `keep`, `delete` or `move:FOLDER`."""
    if isinstance(value, str) and (value in {"keep", "delete"} or re.fullmatch(r"move:[^\x00-\x1f]{1,200}", value)):
        return value
    near = nearest(str(value), ["keep", "delete", "move:Processed"])
    raise ValueError(f'{quoted(value)} is not "keep", "delete" or "move:FOLDER"{near}')


class Database(Table):
    """Where everything is kept: one SQLite file, or PostgreSQL where several nodes share the work."""

    url: Annotated[str, BeforeValidator(parse_database_url)] = key(
        """`sqlite:///PATH`, a relative path being relative to this file, or `postgresql://USER@HOST/NAME`. Never with a
        password.""",
        "sqlite:///var/mailgate.db",
        sample="sqlite:///var/mailgate.db",
    )
    password_file: SecretFile | None = key(
        "File that holds the PostgreSQL password, readable by its owner only, or `credential:NAME`.",
        None,
        example="/etc/mailgate/database-password",
    )

    @property
    def sqlite_path(self) -> Path | None:
        """The database file, None for PostgreSQL."""
        return Path(self.url.removeprefix(_SQLITE)) if self.url.startswith(_SQLITE) else None

    def connection_url(self) -> str:
        """The URL with the password from its file. OSError where the file is gone. Never log it."""
        if self.password_file is None or self.url.startswith(_SQLITE):
            return self.url
        scheme, rest = self.url.split("://", 1)
        user, at, host = rest.rpartition("@")
        return f"{scheme}://{user}:{quote(self.password_file.read(), safe='')}{at}{host}"


class Smtp(Table):
    """The SMTP listener, and the limits at the wire."""

    listen: tuple[Listen, ...] = key(
        "Where to listen: `host:port`, `[IPv6]:port` or `unix:PATH`. An empty list turns SMTP off.",
        ["127.0.0.1:8025"],
        sample=["127.0.0.1:8025"],
    )
    hostname: Host | None = key(
        "Name in the greeting and in our Received fields. Without it: the domain of the desk.",
        None,
        example="mx.example.org",
    )
    tls_certificate: ConfigPath | None = key(
        "Certificate chain (PEM) for STARTTLS. Without it STARTTLS is not offered.",
        None,
        example="/etc/mailgate/fullchain.pem",
    )
    tls_key_file: SecretFile | None = key(
        "Key (PEM) of that certificate, readable by its owner only.", None, example="/etc/mailgate/privkey.pem"
    )
    trusted_networks: tuple[Network, ...] = key(
        """Your own mail servers that hand mail on to us: no rate limit, and their Received field ends our boundary.
        Loopback is an ordinary client unless it stands here.""",
        [],
        example=["192.0.2.0/28"],
    )
    reject_dmarc: Flag = key(
        """true: a mail that fails DMARC is refused with 550 5.7.1 in the session, unless one of your own mail servers
        brings it; false: it is stored and held.""",
        default=False,
    )
    max_message_size: Size = key("Largest message; a larger one is refused with 552 5.3.4.", "25 MiB")
    max_recipients: Count = key("Most recipients of one message.", 100)
    max_connections: Count = key("Most connections at a time; further ones are told to come back (421).", 200)
    max_connections_per_address: Count = key("Most connections at a time from one IPv4 address or IPv6 /64.", 10)
    messages_per_minute: Count = key(
        "Most mails a minute from one client address; not for loopback and trusted networks.", 30
    )
    minimum_rate: Size = key("Least bytes per second that a client must send while in DATA.", "500 B")
    minimum_rate_after: Duration = key("Time that a client has before the least rate counts.", "10s")
    idle_timeout: Duration = key("A client that says nothing for so long is told 421 and disconnected.", "5m")
    session_timeout: Duration = key("Longest time of one session.", "30m")
    disk_reserve: Size = key(
        "Free disk space below which mail is put off (452); twice the largest message where that is more.", "200 MB"
    )

    @model_validator(mode="after")
    def _pair(self) -> Self:
        if (self.tls_certificate is None) != (self.tls_key_file is None):
            raise ValueError("tls_certificate and tls_key_file belong together")
        return self


class Lmtp(Table):
    """LMTP for an MTA on the same machine (RFC 2033)."""

    listen: tuple[Listen, ...] = key(
        """Where to listen: `unix:PATH` or `host:port`. Empty: no LMTP. Whoever may write to a unix socket is one of
        your own mail servers; over TCP `[smtp] trusted_networks` says so. The limits are those of `[smtp]`.""",
        [],
        example=["unix:/run/mailgate/lmtp.sock"],
    )


class Imap(Table):
    """A mailbox that is fetched. Write one [[imap]] table for each."""

    host: Host = key("Host name of the IMAP server.", sample="imap.example.org")
    port: Port | None = key("Its port. Without it: 993 with implicit TLS, 143 else.", None, example=993)
    tls: Tls = key("`implicit`, `starttls`, or `none` (towards loopback only).", "implicit")
    username: Text = key("Login name.", sample="support@example.org")
    password_file: SecretFile | None = key(
        "File that holds the password, readable by its owner only, or `credential:NAME`.",
        None,
        sample="/etc/mailgate/imap-password",
    )
    token_command: tuple[Text, ...] = key(
        """Instead of a password: a command that prints an OAuth 2.0 access token (XOAUTH2), run before each login; its
        name and arguments as a list.""",
        [],
        example=["/usr/local/bin/imap-token", "support"],
    )
    ca_file: ConfigPath | None = key(
        "Certificates (PEM) to trust instead of those of the system, for a server with a certificate of your own.",
        None,
        example="/etc/mailgate/ca.pem",
    )
    mailbox: Text = key("Folder that is watched.", "INBOX")
    done: Annotated[str, BeforeValidator(parse_done)] = key(
        "What happens to a mail after it is stored: `keep`, `move:FOLDER` or `delete`.", "keep"
    )
    recipient: Address = key(
        "Our address that the mails of this mailbox count as sent to.", sample="support@example.org"
    )
    poll: Duration = key(
        "How often the mailbox is looked at where the server does not tell of new mail; else the longest wait.", "60s"
    )

    @property
    def effective_port(self) -> int:
        """The port, or what is usual for the kind of protection."""
        return self.port or (993 if self.tls is Tls.IMPLICIT else 143)


class Delivery(Table):
    """How outgoing mail leaves."""

    method: Method = key(
        "`maildir` writes each mail into a folder, to try things out; `smtp` hands it to your mail server.",
        "maildir",
        sample="maildir",
    )
    maildir: ConfigPath = key("Folder for the method `maildir`.", "var/outgoing", sample="var/outgoing")
    host: Host | None = key("Mail server that takes our mail (method `smtp`).", None, example="smtp.example.org")
    port: Port | None = key(
        "Its port. Without it: 587 with STARTTLS, 465 with implicit TLS, 25 without TLS.", None, example=587
    )
    tls: Tls = key("`starttls`, `implicit`, or `none` (towards loopback only). Certificates are checked.", "starttls")
    ca_file: ConfigPath | None = key(
        "Certificates (PEM) to trust instead of those of the system, for a server with a certificate of your own.",
        None,
        example="/etc/mailgate/ca.pem",
    )
    username: Text | None = key("Login name, where the server asks for one.", None, example="mailgate")
    password_file: SecretFile | None = key(
        "File that holds the password, readable by its owner only, or `credential:NAME`.",
        None,
        example="/etc/mailgate/smtp-password",
    )
    retry_for: Duration = key("How long a mail that the server puts off is tried again.", "5d")
    dkim_selector: Annotated[tuple[Selector, ...], BeforeValidator(one_or_more)] = key(
        """Selector of our DKIM key in DNS (RFC 6376 §3.1). With two keys, one RSA and one Ed25519, a list of two: each
        mail carries both signatures, for receivers old and new.""",
        [],
        example="mailgate",
    )
    dkim_key_file: Annotated[tuple[SecretFile, ...], BeforeValidator(one_or_more)] = key(
        """File that holds the private DKIM key (PEM; RSA of 2048 bits, or Ed25519), readable by its owner only, or
        `credential:NAME`; a list where there are several selectors. Without it mail leaves unsigned.""",
        [],
        example="/etc/mailgate/dkim.pem",
    )

    @property
    def effective_port(self) -> int:
        """The port, or what is usual for the kind of protection."""
        return self.port or {Tls.STARTTLS: 587, Tls.IMPLICIT: 465, Tls.NONE: 25}[self.tls]


class Dns(Table):
    """Who answers DNS questions."""

    nameservers: tuple[NameServer, ...] = key(
        "`host:port` of the name servers to ask. Empty: those of the system.", [], example=["127.0.0.1:53"]
    )


class LogLevel(StrEnum):
    """What is worth a line."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """How a line of the log looks."""

    PLAIN = "plain"
    JSON = "json"


class Log(Table):
    """The log, on standard error. It never holds the content of a mail."""

    level: LogLevel = key("Least weight of what is logged: `debug`, `info`, `warning` or `error`.", "info")
    format: LogFormat = key("`plain` for people, `json` for machines; one line an event.", "plain")


class Metrics(Table):
    """Counters for Prometheus."""

    listen: tuple[Listen, ...] = key(
        "Where counters are served. Empty: nowhere.", [], example=["127.0.0.1:9125"], planned=True
    )
