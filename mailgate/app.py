"""The composition root: from the configuration to running objects, and back down in order.

    listener ─► acceptor ─► writer ─► (250) ─► worker ─► outbox ─► courier

Start: database, jail, worker, outgoing mail, and last the listeners. SIGTERM or SIGINT: first the listeners (no new
mail), then the writer (what was taken is stored), the worker and the outbox (what is in hand is finished).
"""

import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from mailgate.config import Settings
from mailgate.config.wire import Method
from mailgate.core.desk.key import split_keyed
from mailgate.core.who.address import canonical
from mailgate.courier.courier import Courier
from mailgate.courier.maildir import MaildirCourier
from mailgate.courier.smtp import NextHop, SmtpCourier, Tls
from mailgate.intake.limits import ListenSettings, disk_room
from mailgate.intake.listener import Listener, listen
from mailgate.intake.reception import Hooks
from mailgate.jobs.scheduler import Ticker
from mailgate.jobs.table import ACTIONS
from mailgate.parse.jail import Jail
from mailgate.render.environment import environment
from mailgate.service.accept import Acceptor
from mailgate.service.context import new_inbound_id, utc_now
from mailgate.service.deliver import Mailer, deliver_due
from mailgate.service.desk import desk_of
from mailgate.service.holder import holder_name
from mailgate.service.jobs import jobs_desk, run_due
from mailgate.service.parts import context_of, open_store
from mailgate.service.signing import signer_of, signing_doubts
from mailgate.service.worker import Worker
from mailgate.store.engine import Database
from mailgate.store.errors import StoreError
from mailgate.store.next_hop import probe_now
from mailgate.store.writer import Writer
from mailgate.telemetry import log

_LOG = logging.getLogger(__name__)
_DRAIN = 30.0  # seconds that sessions and commits have to finish


def run(settings: Settings, *, started: Callable[["Daemon"], None] | None = None) -> None:
    """Run the daemon until SIGTERM or SIGINT. `started` is called when it takes mail.

    Raises StoreError where the database cannot be used, OSError where a listener cannot be bound.
    """
    log.setup(settings.log.level, settings.log.format)
    asyncio.run(_run(settings, started))


async def _run(settings: Settings, started: Callable[["Daemon"], None] | None) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    daemon = Daemon(settings)
    try:
        await daemon.start()
        if started is not None:
            started(daemon)
        await daemon.wait(stop)
    finally:
        await daemon.stop()


class Daemon:
    """All that runs, started and stopped in order."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.listeners: list[Listener] = []
        self._database: Database = open_store(settings, read_only=False)
        self._jail = Jail(workers=2)
        self._writer = Writer(self._database)
        self._loop = asyncio.get_running_loop()
        self._owed = asyncio.Event()
        self._worker = Worker(context_of(settings, self._database, self._jail, owed=self._wake_outbox))
        self._courier = courier_of(settings)
        self._mailer = mailer_of(settings, self._database, self._courier)
        self._jobs = jobs_desk(settings, self._database, owed=self._wake_outbox)
        self._ticker = Ticker()
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False

    async def start(self) -> None:
        """Take up what waits, then listen."""
        self._database.write(probe_now)
        self._tasks = [asyncio.create_task(self._worker.run()), asyncio.create_task(self._outgoing())]
        self._ticker.every(self.settings.clocks.sweep, "outbox", self._tick)
        if self.settings.jobs:
            self._ticker.every(self.settings.clocks.sweep, "jobs", self._run_jobs)
        self._doubts = asyncio.create_task(asyncio.to_thread(self._warn_of_signatures))
        self._ticker.start()
        acceptor = Acceptor(self._writer, self._worker.wake)
        hooks = Hooks(
            accept=acceptor.accept,
            recipient_known=recipient_check(self.settings),
            has_room=_room(self.settings),
            new_id=lambda: new_inbound_id(utc_now()),
        )
        self.listeners.append(await listen(listen_settings(self.settings), hooks))

    async def wait(self, stop: asyncio.Event) -> None:
        """Until `stop` is set, or a part ends that must not; its error is raised then."""
        waiting = asyncio.create_task(stop.wait())
        done, _ = await asyncio.wait({waiting, *self._tasks}, return_when=asyncio.FIRST_COMPLETED)
        for task in done - {waiting}:
            task.result()
            raise RuntimeError("a part of the daemon ended by itself")

    async def stop(self) -> None:
        """Take no more mail, finish what is in hand, close everything. Safe to call after a failed start."""
        self._stopping = True
        for listener in self.listeners:
            await listener.drain(_DRAIN)
        await asyncio.to_thread(self._writer.close, _DRAIN)
        self._worker.stop()
        self._owed.set()
        for task in self._tasks:
            with suppress(TimeoutError):
                await asyncio.wait_for(task, _DRAIN)
        if self._tasks:
            self._ticker.stop()
        await self._courier.close()
        await asyncio.to_thread(self._jail.close)
        self._database.close()

    def _warn_of_signatures(self) -> None:
        """Mail that receivers cannot verify goes out nevertheless; the operator hears of it at each start (OB-08)."""
        if (signer := signer_of(self.settings)) is not None:
            for doubt in signing_doubts(self.settings, signer):
                _LOG.warning("our signatures will not verify: %s", doubt)

    def _wake_outbox(self) -> None:
        """Called in worker threads after a commit that owes mail."""
        self._loop.call_soon_threadsafe(self._owed.set)

    async def _tick(self) -> None:
        """The scheduler's safety net: whatever is due is looked at again."""
        self._owed.set()
        self._worker.wake()

    async def _run_jobs(self) -> None:
        """What cron expressions of `[[jobs]]` have made due; the next tick waits for the end of this one."""
        if self._stopping:
            return
        try:
            await asyncio.to_thread(run_due, self._jobs, ACTIONS)
        except StoreError:
            _LOG.exception("the database is away; jobs wait")

    async def _outgoing(self) -> None:
        """One courier, one mail at a time; woken by commits and by the tick."""
        while not self._stopping:
            await self._owed.wait()
            self._owed.clear()
            try:
                await deliver_due(self._mailer)
            except StoreError:
                _LOG.exception("the database is away; outgoing mail waits")


def courier_of(settings: Settings) -> Courier:
    """The courier of `[delivery]`. OSError where the password file cannot be read."""
    delivery = settings.delivery
    if delivery.method is Method.MAILDIR:
        return MaildirCourier(delivery.maildir)
    hop = NextHop(
        host=delivery.host or "localhost",
        port=delivery.effective_port,
        tls=Tls(delivery.tls.value),
        hello=settings.smtp_hostname,
        username=delivery.username,
        password=delivery.password_file.read() if delivery.password_file is not None else None,
        ca_file=str(delivery.ca_file) if delivery.ca_file is not None else None,
    )
    return SmtpCourier(hop)


def mailer_of(settings: Settings, database: Database, courier: Courier) -> Mailer:
    """What delivery works with; the owner of leases is this process. Raises UnusableKey."""
    return Mailer(
        database=database,
        courier=courier,
        desk=desk_of(settings),
        policy=settings.policy(),
        templates=environment(settings.desk.templates),
        owner=holder_name(),
        retry_for=settings.delivery.retry_for,
        now=database.now,
        signer=signer_of(settings),
    )


def recipient_check(settings: Settings) -> Callable[[str], bool]:
    """Whether an address is ours: a department's, one of those with a key, or postmaster (RFC 5321 §4.5.1)."""
    known = settings.own_addresses | {f"postmaster@{settings.desk.domain}"}

    def recipient_known(address: str) -> bool:
        bare = canonical(split_keyed(address, settings.desk.delimiter)[0])
        return bare is not None and bare in known

    return recipient_known


def listen_settings(settings: Settings) -> ListenSettings:
    """The limits at the wire, as plain values."""
    smtp, path = settings.smtp, settings.database.sqlite_path
    domains = [settings.desk.domain, *sorted({address.rpartition("@")[2] for address in settings.own_addresses})]
    return ListenSettings(
        hostname=settings.smtp_hostname,
        domains=tuple(dict.fromkeys(domains)),
        listen=tuple(str(item) for item in smtp.listen),
        tls_certificate=smtp.tls_certificate,
        tls_key_file=smtp.tls_key_file.path if smtp.tls_key_file is not None else None,
        trusted_networks=tuple(str(item) for item in smtp.trusted_networks),
        max_message_size=smtp.max_message_size,
        max_recipients=smtp.max_recipients,
        max_connections=smtp.max_connections,
        max_connections_per_address=smtp.max_connections_per_address,
        messages_per_minute=smtp.messages_per_minute,
        minimum_rate=smtp.minimum_rate,
        minimum_rate_after=smtp.minimum_rate_after.total_seconds(),
        idle_timeout=smtp.idle_timeout.total_seconds(),
        session_timeout=smtp.session_timeout.total_seconds(),
        spool_folder=path.parent if path is not None else None,
    )


def _room(settings: Settings) -> Callable[[int], bool]:
    """The disk reserve (threats CR-04); a PostgreSQL server watches its own disk."""
    path = settings.database.sqlite_path
    if path is None:
        return lambda _size: True
    return disk_room(Path(path).parent, max(settings.smtp.disk_reserve, 2 * settings.smtp.max_message_size))
