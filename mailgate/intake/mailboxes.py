"""From `[[imap]]` of the configuration to mailboxes that run."""

import asyncio
import subprocess
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

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
_PATIENCE = 5.0  # seconds that a server may keep us waiting at the end, before and after its connection is cut
_TOKEN_TIMEOUT = 60.0  # seconds


class Mailboxes:
    """The mailboxes that are fetched, each in a thread of its own.

    `accept` blocks until the mail is stored and synced.
    """

    def __init__(self, database: Database, accept: Callable[[Envelope], None]) -> None:
        self._database, self._accept = database, accept
        self._running: list[tuple[Imap, Mailbox]] = []

    async def use(self, settings: Settings) -> None:
        """Fetch what the configuration names. A mailbox that it names as before keeps its connection."""
        kept = [pair for pair in self._running if pair[0] in settings.imap]
        for item, mailbox in kept:
            mailbox.use(*self._told(settings, item))
        before, self._running = self._running, kept
        await _stop([mailbox for item, mailbox in before if item not in settings.imap])
        for item in settings.imap:
            if not any(item == known for known, _ in kept):
                mailbox = Mailbox(*self._told(settings, item), partial(Link, server_of(item)))
                mailbox.start()
                self._running.append((item, mailbox))

    async def stop(self) -> None:
        """End after the mail in hand, within ten seconds; a server that keeps us waiting is cut off."""
        before, self._running = self._running, []
        await _stop([mailbox for _, mailbox in before])

    def _told(self, settings: Settings, item: Imap) -> tuple[MailboxSettings, MailboxHooks]:
        return _told(settings, item, self._database, self._accept)


async def _stop(mailboxes: Sequence[Mailbox]) -> None:
    await asyncio.gather(*(asyncio.to_thread(mailbox.stop, _PATIENCE) for mailbox in mailboxes))


def _told(
    settings: Settings, item: Imap, database: Database, accept: Callable[[Envelope], None]
) -> tuple[MailboxSettings, MailboxHooks]:
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
    return told, hooks


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
