"""The kinds of value that config.toml knows: durations, sizes, addresses, networks, files, secrets.

Each kind is an annotated type: it reads what people write, says what is wrong in their words, and writes itself back
as TOML would have it. Relative paths are resolved against the folder of the config file (validation context `base`).
"""

import errno
import ipaddress
import os
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from email_validator import EmailNotValidError, validate_email
from pydantic import BeforeValidator, PlainSerializer, ValidationInfo, WithJsonSchema

from mailgate.config.problems import quoted
from mailgate.core.who.address import canonical, canonical_domain

CREDENTIAL = "credential:"
_UNITS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_DURATION = re.compile(r"(?:[0-9]{1,9}[smhdw])+")
_SIZES = {
    "B": 1,
    "kB": 1_000,
    "KB": 1_000,
    "MB": 1_000_000,
    "GB": 1_000_000_000,
    "KiB": 1 << 10,
    "MiB": 1 << 20,
    "GiB": 1 << 30,
}
_SIZE = re.compile(r"([0-9]{1,12}) ?([A-Za-z]{1,3})")
_LONGEST = timedelta(days=3650)
_PORTS = range(1, 65_536)


def parse_duration(value: object) -> timedelta:
    """`"90s"`, `"1h"`, `"7d"`, `"1h30m"` as a timedelta of at most ten years; ValueError says what is wrong."""
    if isinstance(value, timedelta):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        raise ValueError(f'a duration needs a unit; did you mean "{value}s"')  # noqa: TRY004 - pydantic wants ValueError
    if not isinstance(value, str) or not _DURATION.fullmatch(value):
        raise ValueError('is no duration; write a number and s, m, h, d or w, like "90s", "1h" or "7d"')
    seconds = sum(int(number) * _UNITS[unit] for number, unit in re.findall(r"([0-9]+)([smhdw])", value))
    if timedelta(seconds=min(seconds, 10**10)) > _LONGEST:
        raise ValueError('is longer than ten years ("3650d")')
    return timedelta(seconds=seconds)


def format_duration(value: timedelta) -> str:
    """A timedelta in the largest unit that it is a whole number of: `"90s"`, `"1h"`, `"7d"`."""
    seconds = int(value.total_seconds())
    for unit in ("d", "h", "m"):
        if seconds and seconds % _UNITS[unit] == 0:
            return f"{seconds // _UNITS[unit]}{unit}"
    return f"{seconds}s"


def parse_size(value: object) -> int:
    """`"25 MiB"`, `"200 MB"`, `"500 B"` as a number of bytes; ValueError says what is wrong."""
    if isinstance(value, int) and not isinstance(value, bool):
        raise ValueError(f'a size needs a unit; did you mean "{value} B"')  # noqa: TRY004 - pydantic wants ValueError
    match = _SIZE.fullmatch(value) if isinstance(value, str) else None
    if match is None or match[2] not in _SIZES:
        raise ValueError('is no size; write a number and B, KB, MB, GB, KiB, MiB or GiB, like "25 MiB"')
    return int(match[1]) * _SIZES[match[2]]


def format_size(value: int) -> str:
    """Bytes in the largest unit that they are a whole number of: `"25 MiB"`, `"200 MB"`."""
    for unit in ("GiB", "MiB", "KiB", "GB", "MB", "KB"):
        if value and value % _SIZES[unit] == 0:
            return f"{value // _SIZES[unit]} {unit}"
    return f"{value} B"


def parse_address(value: object) -> str:
    """An address that people type, in its canonical form; nothing is looked up. ValueError says what is wrong."""
    if not isinstance(value, str):
        raise ValueError("is no mail address; write it in quotes")  # noqa: TRY004 - pydantic wants ValueError
    try:
        validate_email(value, check_deliverability=False, allow_smtputf8=False, test_environment=True, strict=True)
    except EmailNotValidError as error:
        raise ValueError(f"{quoted(value)} is no mail address: {error}") from error
    found = canonical(value)
    if found is None:
        raise ValueError(f"{quoted(value)} is no mail address: its domain has no IDNA2008 form")
    return found


def parse_domain(value: object) -> str:
    """A domain name as A-labels in lower case (IDNA2008); ValueError says what is wrong."""
    found = canonical_domain(value) if isinstance(value, str) and "." in value else None
    if found is None:
        raise ValueError(f'{quoted(value)} is no domain name; write it like "example.org"')
    return found


@dataclass(frozen=True, slots=True)
class HostPort:
    """Where to listen or connect: an IP address or host name and a port, or the path of a unix socket."""

    host: str = ""
    port: int = 0
    unix: Path | None = None

    def __str__(self) -> str:
        """As config.toml writes it."""
        if self.unix is not None:
            return f"unix:{self.unix}"
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """True where only this machine can reach it."""
        return self.unix is not None or is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """True for `localhost` and the loopback addresses; a host name is not looked up."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def parse_host_port(value: object, default_port: int | None = None) -> HostPort:
    """`"127.0.0.1:8025"`, `"[::1]:8025"`, `"mail.example.org:25"`; the port may be left out where it has a default."""
    if isinstance(value, HostPort):
        return value
    if not isinstance(value, str) or not value:
        raise ValueError('is no address to listen on or connect to; write it like "127.0.0.1:8025"')
    if value.startswith("["):
        host, bracket, rest = value[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise ValueError(f'{quoted(value)}: an IPv6 address stands in brackets, like "[::1]:8025"')
        port = rest[1:]
    elif value.count(":") > 1:
        raise ValueError(f'{quoted(value)}: an IPv6 address stands in brackets, like "[::1]:8025"')
    else:
        host, _, port = value.partition(":")
    if not port and default_port is not None:
        port = str(default_port)
    if not host or not re.fullmatch(r"[0-9]{1,5}", port) or int(port) not in _PORTS:
        raise ValueError(f'{quoted(value)}: host and port (1 to 65535) are needed, like "127.0.0.1:8025"')
    return HostPort(_checked_host(host, in_brackets=value.startswith("[")), int(port))


def _checked_host(host: str, *, in_brackets: bool) -> str:
    if in_brackets or re.fullmatch(r"[0-9.]+", host):
        try:
            return str(ipaddress.ip_address(host))
        except ValueError as error:
            raise ValueError(f"{quoted(host)} is no IP address") from error
    if not re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})", host):
        raise ValueError(f"{quoted(host)} is no host name")
    return host.lower()


def parse_listen(value: object, info: ValidationInfo) -> HostPort:
    """Where to listen: host and port, or `"unix:/run/mailgate/smtp.sock"`."""
    if isinstance(value, str) and value.startswith("unix:"):
        name = value.removeprefix("unix:")
        if not name:
            raise ValueError('a unix socket needs a path, like "unix:/run/mailgate/lmtp.sock"')
        return HostPort(unix=_resolve(name, info))
    return parse_host_port(value)


def parse_nameserver(value: object) -> HostPort:
    """The IP address of a name server and its port (53 where it is left out): there is nobody yet to ask for a name."""
    found = parse_host_port(value, default_port=53)
    try:
        ipaddress.ip_address(found.host)
    except ValueError as error:
        raise ValueError(f'{quoted(value)}: a name server is given by its IP address, like "192.0.2.53:53"') from error
    return found


def parse_network(value: object) -> str:
    """`"192.0.2.0/24"` or one address; ValueError names host bits and the whole internet."""
    if not isinstance(value, str):
        raise ValueError('is no network; write it like "192.0.2.0/24"')  # noqa: TRY004 - pydantic wants ValueError
    try:
        network = ipaddress.ip_network(value)
    except ValueError as error:
        try:
            near = f'; did you mean "{ipaddress.ip_network(value, strict=False)}"'
        except ValueError:
            near = '; write it like "192.0.2.0/24"'
        raise ValueError(f"{quoted(value)} is no network{near}") from error
    if network.prefixlen == 0:
        raise ValueError(f"{quoted(value)} is the whole internet; name your own hosts")
    return str(network)


def _resolve(name: str, info: ValidationInfo) -> Path:
    base = (info.context or {}).get("base") if isinstance(info.context, dict | None) else None
    path = Path(name).expanduser()
    return path if path.is_absolute() or base is None else Path(base) / path


def parse_path(value: object, info: ValidationInfo) -> Path:
    """A path; a relative one is relative to the config file."""
    if isinstance(value, Path):
        return value
    if not isinstance(value, str) or not value or "\0" in value:
        raise ValueError("is no path; write it in quotes")
    return _resolve(value, info)


@dataclass(frozen=True, slots=True)
class Secret:
    """A file that holds a secret. `name` is what the configuration says; the secret is read when it is needed.

    `path` is None for a credential of systemd where systemd gives none: at a terminal.
    """

    name: str
    path: Path | None

    def read(self) -> str:
        """The secret, without the line end that editors add. OSError where the file is gone."""
        if self.path is None:
            raise FileNotFoundError(errno.ENOENT, no_credential(self.name.removeprefix(CREDENTIAL)))
        return self.path.read_text(encoding="utf-8").rstrip("\r\n")

    def __str__(self) -> str:
        """The name, never the secret."""
        return self.name


def parse_secret(value: object, info: ValidationInfo) -> Secret:
    """A path to a file only its owner reads, or `"credential:NAME"` for a systemd credential."""
    if isinstance(value, Secret):
        return value
    if not isinstance(value, str) or not value:
        raise ValueError('is no path of a secret file; write it in quotes, or "credential:NAME"')
    if not value.startswith(CREDENTIAL):
        return Secret(value, _resolve(value, info))
    name = value.removeprefix(CREDENTIAL)
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,100}", name):
        raise ValueError(f"{quoted(name)} is no name of a systemd credential")
    if folder is None:
        if not (info.context or {}).get("secrets", True):
            return Secret(value, None)
        raise ValueError(no_credential(name))
    return Secret(value, Path(folder) / name)


def no_credential(name: str) -> str:
    """What to tell whoever needs a credential that systemd does not give."""
    return f"there is no credential {quoted(name)}: systemd sets CREDENTIALS_DIRECTORY, see LoadCredential="


def _text(value: Any) -> str:
    return str(value)


_STRING = WithJsonSchema({"type": "string"})
Duration = Annotated[timedelta, BeforeValidator(parse_duration), PlainSerializer(format_duration), _STRING]
Size = Annotated[int, BeforeValidator(parse_size), PlainSerializer(format_size), _STRING]
Address = Annotated[str, BeforeValidator(parse_address), _STRING]
Domain = Annotated[str, BeforeValidator(parse_domain), _STRING]
Network = Annotated[str, BeforeValidator(parse_network), _STRING]
Listen = Annotated[HostPort, BeforeValidator(parse_listen), PlainSerializer(_text), _STRING]
ConfigPath = Annotated[Path, BeforeValidator(parse_path), PlainSerializer(_text), _STRING]
SecretFile = Annotated[Secret, BeforeValidator(parse_secret), PlainSerializer(_text), _STRING]
NameServer = Annotated[HostPort, BeforeValidator(parse_nameserver), PlainSerializer(_text), _STRING]
