"""The composition root: from the configuration to running objects, and back down in order.

    listener ─► acceptor ─► writer ─► (250) ─► worker ─► outbox ─► courier

Start: database, jail, worker, outgoing mail, and last the listeners. SIGTERM or SIGINT: first the listeners (no new
mail), then the writer (what was taken is stored), the worker and the outbox (what is in hand is finished).
SIGHUP: the configuration is read again, and used where it is right; the running one goes on where it is not.
"""

import asyncio
import logging
import signal
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress

from mailgate.config import ConfigError, Settings
from mailgate.config.wire import Method
from mailgate.core.mail.envelope import Envelope
from mailgate.core.reply import FAILS_DMARC, Reply
from mailgate.courier.courier import Courier
from mailgate.courier.maildir import MaildirCourier
from mailgate.courier.smtp import NextHop, SmtpCourier, Tls
from mailgate.intake.activation import handed_in
from mailgate.intake.listener import Listener, listen
from mailgate.intake.mailboxes import Mailboxes
from mailgate.intake.reception import Hooks, room_of
from mailgate.intake.setup import listen_settings, recipient_check, room_check
from mailgate.jobs.scheduler import Ticker
from mailgate.jobs.table import ACTIONS
from mailgate.parse.jail import Jail
from mailgate.render.environment import environment
from mailgate.service.accept import Acceptor
from mailgate.service.backlog import Backlog
from mailgate.service.border import fails_dmarc
from mailgate.service.context import new_inbound_id, random_keys, utc_now
from mailgate.service.deliver import Mailer, deliver_due
from mailgate.service.desk import desk_of
from mailgate.service.holder import holder_name
from mailgate.service.jobs import Desk as JobsDesk
from mailgate.service.jobs import jobs_desk, run_due
from mailgate.service.parts import context_of, open_store
from mailgate.service.signing import signer_of, signing_doubts
from mailgate.service.steady import SteadyClock
from mailgate.service.sweep import Sweeper
from mailgate.service.worker import Worker
from mailgate.store.engine import Database
from mailgate.store.errors import StoreError
from mailgate.store.next_hop import probe_now
from mailgate.store.outbox import next_due
from mailgate.store.writer import Writer
from mailgate.telemetry import log, systemd

_LOG = logging.getLogger(__name__)
_LOOK = 10.0  # seconds
_JUDGE = 20.0  # seconds that DMARC may take within a session
_SOON = 10.0  # seconds; what is due later is seen by a tick
_DRAIN = 28.0  # seconds that all sessions have to finish: clients hear 421 within 30 (threats CR-03)
_WRITE = 5.0  # seconds for what they handed in last, at least
_FINISH = 28.0  # seconds for what is in hand behind them: decisions, deliveries, a job, a sweep


def run(
    settings: Settings,
    *,
    load: Callable[[], Settings] | None = None,
    started: Callable[["Daemon"], None] | None = None,
) -> None:
    """Run the daemon until SIGTERM or SIGINT.

    `load` reads the configuration again, at SIGHUP; `started` is called when the daemon takes mail. Raises StoreError
    where the database cannot be used, OSError where a listener cannot be bound.
    """
    log.setup(settings.log.level, settings.log.format)
    asyncio.run(_run(settings, load or (lambda: settings), started))


async def _run(settings: Settings, load: Callable[[], Settings], started: Callable[["Daemon"], None] | None) -> None:
    stop, again = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, again.set)
    daemon = Daemon(settings)
    try:
        await daemon.start()
        systemd.notify(systemd.READY, systemd.status("takes mail"))
        if started is not None:
            started(daemon)
        await daemon.wait(stop, again, load)
    finally:
        systemd.notify(systemd.STOPPING)
        await daemon.stop()


class Daemon:
    """All that runs, started and stopped in order."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.listeners: list[Listener] = []
        self._loop = asyncio.get_running_loop()
        self._owed = asyncio.Event()
        self._job = asyncio.Lock()
        self._ticker = Ticker()
        self._tasks: list[asyncio.Task[None]] = []
        self._sending = asyncio.Lock()
        self._sweeping = asyncio.Lock()
        self._stopping = False
        with ExitStack() as undo:  # what cannot be used of the configuration shows here, and nothing may stay open
            self._open(settings, undo)
            undo.pop_all()

    def _open(self, settings: Settings, undo: ExitStack) -> None:
        self._database: Database = open_store(settings, read_only=False)
        undo.callback(self._database.close)
        self._jail = Jail(workers=2)
        undo.callback(self._jail.close)
        self._writer = Writer(self._database)
        undo.callback(self._writer.close, _WRITE)
        self._mailboxes = Mailboxes(self._database, self._accept_blocking)
        self._worker = Worker(context_of(settings, self._database, self._jail, owed=self._wake_outbox))
        self._courier = courier_of(settings)
        self._mailer = mailer_of(settings, self._database, self._courier)
        self._steady = SteadyClock(self._database.now)
        self._jobs = self._jobs_of(settings)
        self._sweeper = Sweeper(self._database, settings.policy(), random_keys, self._steady)
        self._backlog = Backlog(settings, self._database)

    async def start(self) -> None:
        """Take up what waits, then listen."""
        self._database.write(probe_now)
        self._tasks = [asyncio.create_task(self._worker.run()), asyncio.create_task(self._outgoing())]
        self._ticker.every(self.settings.clocks.sweep, "outbox", self._tick)
        self._ticker.every(self.settings.clocks.sweep, "clocks", self._sweep)
        self._ticker.every(self.settings.clocks.sweep, "jobs", self._run_jobs)
        self._doubts = asyncio.create_task(asyncio.to_thread(self._warn_of_signatures))
        self._ticker.start()
        await self._listen()
        await self._mailboxes.use(self.settings)

    async def _listen(self) -> None:
        """SMTP and LMTP, on the sockets that the service manager opened, else where the configuration says."""
        given, room = handed_in(), room_of(listen_settings(self.settings))
        for transport, sockets in given.items():
            told = listen_settings(self.settings, transport)
            if sockets or told.listen:
                self.listeners.append(await listen(told, self._hooks(self.settings), sockets=sockets, room=room))

    def _accept_blocking(self, envelope: Envelope) -> None:
        """For threads: returns when the mail is stored and synced. Raises StoreError."""
        self._writer.submit(envelope).result()
        self._loop.call_soon_threadsafe(self._worker.wake)

    def _hooks(self, settings: Settings) -> Hooks:
        return Hooks(
            accept=Acceptor(self._writer, self._worker.wake).accept,
            recipient_known=recipient_check(settings),
            has_room=room_check(settings),
            new_id=lambda: new_inbound_id(utc_now()),
            judge=self._judge if settings.smtp.reject_dmarc else _passes,
        )

    async def _judge(self, envelope: Envelope) -> Reply | None:
        """Refuse what fails DMARC; where that does not become clear in time, the mail is stored and decided later."""
        try:
            async with asyncio.timeout(_JUDGE):
                refused = await asyncio.to_thread(fails_dmarc, self._worker.context, envelope)
        except Exception as error:  # noqa: BLE001 - no fault of the mail
            _LOG.warning("DMARC was not checked before 250", extra={"fields": {"error": repr(error)}})
            return None
        return FAILS_DMARC if refused else None

    async def wait(self, stop: asyncio.Event, again: asyncio.Event, load: Callable[[], Settings]) -> None:
        """Until `stop` is set, or a part ends that must not; its error is raised then. At `again` settings are read."""
        stopped = asyncio.create_task(stop.wait())
        reload, watch = asyncio.create_task(self._reload_at(again, load)), asyncio.create_task(self._stay_watched())
        running: set[asyncio.Task[None]] = {reload, watch, *self._tasks}
        try:
            done, _ = await asyncio.wait({stopped, *running}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            reload.cancel()
            watch.cancel()
        for task in done & running:
            task.result()
            raise RuntimeError("a part of the daemon ended by itself")

    async def _stay_watched(self) -> None:
        """Give signs of life while the event loop turns and the writer's thread lives (systemd's WatchdogSec=)."""
        seconds = systemd.watchdog_seconds()
        while True:
            await asyncio.sleep(_LOOK if seconds is None else seconds / 3)
            if self._writer.is_alive:
                systemd.notify(systemd.WATCHDOG)

    async def _reload_at(self, again: asyncio.Event, load: Callable[[], Settings]) -> None:
        while True:
            await again.wait()
            again.clear()
            systemd.notify("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")
            systemd.notify(systemd.READY, systemd.status(await self._reload(load)))

    async def _reload(self, load: Callable[[], Settings]) -> str:
        """Read the configuration and use it; a wrong one leaves all as it is (threats CR-16). Says how it went."""
        try:
            await self.use(await asyncio.to_thread(load))
        except ConfigError as error:
            for problem in error.problems:
                shown = {"problem": problem.show(error.file)}
                _LOG.error("the configuration is wrong, the running one stays", extra={"fields": shown})
            return "the configuration on disk is wrong; goes on with the one before"
        except Exception as error:  # noqa: BLE001 - whatever it is, mail goes on
            shown = {"problem": str(error)}
            _LOG.error("the configuration cannot be used, the running one stays", extra={"fields": shown})
            return "the configuration on disk cannot be used; goes on with the one before"
        _LOG.info("the configuration was read again")
        return "takes mail"

    async def use(self, settings: Settings) -> None:
        """Work by other settings from now on. OSError where a file that they name cannot be used: nothing changed then.

        Listening addresses and the database stay as they are until the next start.
        """
        for name, old, new in _until_restart(self.settings, settings):
            if old != new:
                _LOG.warning("a change counts from the next start on", extra={"fields": {"key": name}})
        context = context_of(settings, self._database, self._jail, owed=self._wake_outbox)
        courier = courier_of(settings)
        mailer = mailer_of(settings, self._database, courier)
        for listener in self.listeners:
            listener.use(listen_settings(settings, listener.transport), self._hooks(settings))
        log.setup(settings.log.level, settings.log.format)
        self.settings = settings
        self._worker.use(context)
        self._sweeper.use(context.policy)
        self._jobs = self._jobs_of(settings)
        self._backlog = Backlog(settings, self._database)
        await self._mailboxes.use(settings)
        async with self._sending:
            before, self._courier, self._mailer = self._courier, courier, mailer
        await before.close()

    async def stop(self) -> None:
        """Take no more mail, finish what is in hand, close everything. Safe to call after a failed start."""
        self._stopping = True
        end = self._loop.time() + _DRAIN
        await asyncio.gather(self._mailboxes.stop(), *(listener.drain(_DRAIN) for listener in self.listeners))
        await asyncio.to_thread(self._writer.close, max(_WRITE, end - self._loop.time()))
        self._worker.stop()
        self._owed.set()
        failed = await self._finish()
        if self._tasks:
            self._ticker.stop()
        await self._courier.close()
        await asyncio.to_thread(self._jail.close)
        self._database.close()
        if failed:
            raise failed[0]

    async def _finish(self) -> list[Exception]:
        """Wait for what is in hand: a job breaks off at its next transaction, a sweep comes to its end. What failed."""
        in_hand = asyncio.gather(*self._tasks, self._job.acquire(), self._sweeping.acquire(), return_exceptions=True)
        with suppress(TimeoutError):
            async with asyncio.timeout(_FINISH):
                return [item for item in await in_hand if isinstance(item, Exception)]
        return []

    def _warn_of_signatures(self) -> None:
        """Mail that receivers cannot verify goes out nevertheless; the operator hears of it at each start (OB-08)."""
        if (signer := signer_of(self.settings)) is not None:
            for doubt in signing_doubts(self.settings, signer):
                _LOG.warning("receivers may not verify our signatures: %s", doubt)

    def _wake_outbox(self) -> None:
        """Called in worker threads after a commit that owes mail."""
        self._loop.call_soon_threadsafe(self._owed.set)

    async def _tick(self) -> None:
        """The scheduler's safety net: whatever is due is looked at again."""
        self._owed.set()
        self._worker.wake()

    def _jobs_of(self, settings: Settings) -> JobsDesk:
        return jobs_desk(
            settings, self._database, owed=self._wake_outbox, now=self._steady, stopping=lambda: self._stopping
        )

    async def _run_jobs(self) -> None:
        """What cron expressions of `[[jobs]]` have made due; the next tick waits for the end of this one."""
        async with self._job:
            if self._stopping or not self.settings.jobs:
                return
            try:
                await asyncio.to_thread(run_due, self._jobs, ACTIONS)
            except StoreError:
                _LOG.exception("the database is away; jobs wait")

    async def _sweep(self) -> None:
        """What clocks have made due; mail that it owes goes out at once."""
        async with self._sweeping:
            if self._stopping:
                return
            try:
                swept = await asyncio.to_thread(self._sweeper.run)
                late = await asyncio.to_thread(lambda: self._backlog.look(self._steady()))
            except StoreError:
                _LOG.exception("the database is away; clocks wait")
                return
        if swept.owes or late:
            self._owed.set()

    async def _outgoing(self) -> None:
        """One courier, one mail at a time; woken by commits and by the tick."""
        while not self._stopping:
            await self._owed.wait()
            self._owed.clear()
            try:
                async with self._sending:
                    await deliver_due(self._mailer)
                await self._wake_for_the_next()
            except StoreError:
                _LOG.exception("the database is away; outgoing mail waits")

    async def _wake_for_the_next(self) -> None:
        """Mail that waits for its moment leaves then, not at some tick afterwards; what is later, ticks see."""
        seconds = await asyncio.to_thread(self._seconds_to_next)
        if 0 < seconds < _SOON:
            asyncio.get_running_loop().call_later(seconds, self._owed.set)

    def _seconds_to_next(self) -> float:
        due = self._database.read(next_due)
        return (due - self._database.now()).total_seconds() if due else 0.0


async def _passes(_envelope: Envelope) -> None:
    return None


def _until_restart(old: Settings, new: Settings) -> list[tuple[str, object, object]]:
    return [
        ("[database]", old.database, new.database),
        ("[smtp] listen", old.smtp.listen, new.smtp.listen),
        ("[lmtp] listen", old.lmtp.listen, new.lmtp.listen),
        ("[clocks] sweep", old.clocks.sweep, new.clocks.sweep),
    ]


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
