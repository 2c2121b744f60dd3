"""From `[[imap]]` of the configuration to mailboxes that run."""

import subprocess
from collections.abc import Callable, Sequence
from datetime import timedelta

from mailgate.config import Settings
from mailgate.config.wire import Imap
from mailgate.core.mail.envelope import Envelope
from mailgate.intake.imap import Mailbox
from mailgate.intake.imap_link import Link, LoginRefused, Server, Tls
from mailgate.intake.imap_session import MailboxHooks, MailboxSettings
from mailgate.intake.setup import room_check
from mailgate.service.alarm import alarm
from mailgate.service.context import new_inbound_id, utc_now
from mailgate.service.holder import holder_name, is_gone
from mailgate.store.engine import Database, Session
from mailgate.store.inbound import taken_from_mailbox
from mailgate.store.work import take_lease

_LEASE = timedelta(minutes=3)
_TOKEN_TIMEOUT = 60.0  # seconds


def mailboxes(settings: Settings, database: Database, accept: Callable[[Envelope], None]) -> list[Mailbox]:
    """A mailbox for each `[[imap]]`, not started. `accept` blocks until the mail is stored and synced."""
    return [_mailbox(settings, item, database, accept) for item in settings.imap]


def _mailbox(settings: Settings, item: Imap, database: Database, accept: Callable[[Envelope], None]) -> Mailbox:
    name = f"{item.username}@{item.host}/{item.mailbox}"
    told = MailboxSettings(
        name=name,
        mailbox=item.mailbox,
        recipient=item.recipient,
        done=item.done,
        max_size=settings.smtp.max_message_size,
        poll=item.poll.total_seconds(),
    )
    hooks = MailboxHooks(
        accept=accept,
        taken=lambda prefix: database.read(lambda session: taken_from_mailbox(session, prefix)),
        renew=lambda: _renew(database, f"imap:{name}"),
        alarm=lambda what, why: alarm(settings, database, what, why, now=database.now()),
        new_id=lambda: new_inbound_id(utc_now()),
        now=utc_now,
        has_room=room_check(settings),
    )
    server = server_of(item)
    return Mailbox(told, hooks, lambda: Link(server))


def server_of(item: Imap) -> Server:
    """Where the mailbox is and how we log in."""
    return Server(
        host=item.host,
        port=item.effective_port,
        tls=Tls(item.tls.value),
        username=item.username,
        secret=_secret_of(item),
        by_token=item.password_file is None,
        ca_file=item.ca_file,
    )


def _secret_of(item: Imap) -> Callable[[], str]:
    if item.password_file is not None:
        return item.password_file.read
    return lambda: _token(item.token_command)


def _token(command: Sequence[str]) -> str:
    """What the command prints. Raises LoginRefused with what to look at; never shows what it printed."""
    try:
        done = subprocess.run(  # noqa: S603 - the operator's own command, without a shell
            list(command), capture_output=True, timeout=_TOKEN_TIMEOUT, check=False, text=True, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LoginRefused(f"token_command {command[0]} cannot be run: {type(error).__name__}") from None
    token = done.stdout.strip()
    if done.returncode or not token:
        raise LoginRefused(f"token_command {command[0]} gave no token (exit {done.returncode}); run it by hand")
    return token


def _renew(database: Database, lease: str) -> bool:
    """Take or prolong the lease of a mailbox; one whose holder died on this machine is free at once."""
    now = database.now()

    def work(session: Session) -> bool:
        return take_lease(session, lease, holder_name(), now, now + _LEASE, gone=is_gone) is not None

    return database.write(work)
