"""From the configuration to what a listener is told."""

import logging
import resource
from collections.abc import Callable
from pathlib import Path

from mailgate.config import Settings
from mailgate.core.desk.key import split_keyed
from mailgate.core.mail.envelope import Transport
from mailgate.core.who.address import canonical
from mailgate.intake.limits import ListenSettings, disk_room
from mailgate.intake.log import event

_OTHER_FILES = 120  # the database, the outgoing connection, pipes to the readers of mails
_FILES_A_CONNECTION = 2


def listen_settings(settings: Settings, transport: Transport = Transport.SMTP) -> ListenSettings:
    """The addresses and limits at the wire, as plain values. LMTP has the limits of SMTP, and no TLS."""
    smtp, path = settings.smtp, settings.database.sqlite_path
    lmtp = transport is Transport.LMTP
    domains = [settings.desk.domain, *sorted({address.rpartition("@")[2] for address in settings.own_addresses})]
    return ListenSettings(
        hostname=settings.smtp_hostname,
        domains=tuple(dict.fromkeys(domains)),
        listen=tuple(str(item) for item in (settings.lmtp.listen if lmtp else smtp.listen)),
        transport=transport,
        tls_certificate=None if lmtp else smtp.tls_certificate,
        tls_key_file=smtp.tls_key_file.path if smtp.tls_key_file is not None else None,
        trusted_networks=tuple(str(item) for item in smtp.trusted_networks),
        max_message_size=smtp.max_message_size,
        max_recipients=smtp.max_recipients,
        max_connections=affordable(smtp.max_connections),
        max_connections_per_address=smtp.max_connections_per_address,
        messages_per_minute=smtp.messages_per_minute,
        minimum_rate=smtp.minimum_rate,
        minimum_rate_after=smtp.minimum_rate_after.total_seconds(),
        idle_timeout=smtp.idle_timeout.total_seconds(),
        session_timeout=smtp.session_timeout.total_seconds(),
        spool_folder=path.parent if path is not None else None,
    )


def affordable(connections: int) -> int:
    """So many of `connections` as the limit of open files allows, after raising it as far as we may (threats CR-05).

    A connection may need a socket and a spool file. Beyond the limit nobody could even be told 421: nothing can be
    accepted, and nothing stored.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = _OTHER_FILES + _FILES_A_CONNECTION * connections
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        if soft < needed:
            fewer = max(1, (soft - _OTHER_FILES) // _FILES_A_CONNECTION)
            event("smtp.few-files", logging.WARNING, connections=fewer, wanted=connections, files=soft)
            return fewer
    return connections


def recipient_check(settings: Settings) -> Callable[[str], bool]:
    """Whether an address is ours: a department's, one of those with a key, or postmaster (RFC 5321 §4.5.1)."""
    known = settings.own_addresses | {f"postmaster@{settings.desk.domain}"}

    def recipient_known(address: str) -> bool:
        bare = canonical(split_keyed(address, settings.desk.delimiter)[0])
        return bare is not None and bare in known

    return recipient_known


def room_check(settings: Settings) -> Callable[[int], bool]:
    """The disk reserve (threats CR-04); a PostgreSQL server watches its own disk."""
    path = settings.database.sqlite_path
    if path is None:
        return lambda _size: True
    return disk_room(Path(path).parent, max(settings.smtp.disk_reserve, 2 * settings.smtp.max_message_size))
