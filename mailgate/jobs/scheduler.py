"""The scheduler only ticks. What a tick finds to do is in the database, so a restart or a second node loses nothing."""

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

# A run that takes longer than its interval makes APScheduler warn at every tick; we hear of slow work elsewhere.
logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
logging.getLogger("apscheduler.executors.default").setLevel(logging.ERROR)


class Ticker:
    """Calls coroutines at intervals in the running event loop; a slow one never runs beside itself."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    def every(self, interval: timedelta, name: str, work: Callable[[], Awaitable[object]]) -> None:
        """Call `work` now and then every `interval`; late ticks are taken together, none is skipped for lateness."""
        self._scheduler.add_job(
            work,
            "interval",
            seconds=max(interval.total_seconds(), 0.05),
            id=name,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
            next_run_time=datetime.now(UTC),
        )

    def start(self) -> None:
        """Begin to tick; needs a running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Tick no more. Call it when what the ticks started is done: running work would be cancelled."""
        self._scheduler.shutdown(wait=False)
