"""Four nodes on one PostgreSQL: a job goes on where a killed or paused node left it, and each effect is there once."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, text
from support.daemon import ENVIRONMENT, ROOT
from support.desk import CONFIG
from support.postgres import required_cluster

from mailgate.store import jobs
from mailgate.store.engine import open_database
from mailgate.store.errors import StoreError
from mailgate.store.tables.base import table_of
from mailgate.store.tables.desk import EventRow, TicketRow

pytestmark = [pytest.mark.slow, pytest.mark.e2e]
DUE = 2000
NODES = 4
MORE = """
[receipts]
desk_per_hour = 100000

[[jobs]]
name = "close"
cron = "0 0 1 1 *"
action = "close-waiting"
"""


@pytest.fixture
def database(tmp_path):
    cluster = required_cluster()
    name = cluster.create_migrated()
    config = CONFIG + MORE + f'[database]\nurl = "{cluster.url(name)}"\n'
    (tmp_path / "config.toml").write_text(config)
    opened = open_database(cluster.url(name), base=None)
    yield opened
    opened.close()
    cluster.drop(name)


def fill(session):
    """Tickets that have waited for a month, each of another customer, and a firing that nobody has run."""
    since = datetime.now(UTC) - timedelta(days=30)
    same = {
        "state": "waiting", "subject": "Frage", "department": "support", "priority": "normal", "language": "de",
        "requester_name": "", "assurance": "proved", "request_kind": "general", "created_at": since,
    }  # fmt: skip
    numbers = range(1001, 1001 + DUE)
    session.connection().execute(
        insert(table_of(TicketRow)), [{**same, "number": n, "requester": f"kunde{n}@example.net"} for n in numbers]
    )
    waits = {"at": since, "kind": "state-changed", "actor": "anna", "detail": {"before": "open", "after": "waiting"}}
    session.connection().execute(insert(table_of(EventRow)), [{**waits, "ticket": n} for n in numbers])
    plan = "0 0 1 1 * Europe/Berlin close-waiting"
    jobs.plan(session, "close", plan, since - timedelta(days=3650), since)


HANGS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND state LIKE 'idle in transaction%' AND state_change < now() - interval '3 s'
"""


def hang_up(database):
    """What PostgreSQL does with a session that hangs in a transaction for a minute. It may begin to hang any moment."""
    database.write(lambda s: s.connection().execute(text(HANGS)))


def expire(database):
    """End the lease; False while somebody holds the row."""
    hang_up(database)
    try:
        database.write(lambda s: s.connection().execute(text("UPDATE job SET lease_until = now() - interval '1 s'")))
    except StoreError:
        return False
    return True


class Nodes:
    """Processes that run jobs on one database."""

    def __init__(self, config, log):
        command = [sys.executable, "-m", "support.job_node", str(config)]
        environment = {**ENVIRONMENT, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
        self.log = log
        with log.open("wb") as stream:
            self.processes = {
                process.pid: process
                for process in (
                    subprocess.Popen(command, stdin=subprocess.PIPE, stdout=stream, stderr=stream, env=environment)
                    for _ in range(NODES)
                )
            }

    def end(self):
        """End those that still run, each by its own id."""
        for process in self.processes.values():
            process.stdin.close()
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
        return [process.wait(60) for process in self.processes.values()]


def until(condition, what, nodes, seconds=600):
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end and any(process.poll() is None for process in nodes.processes.values()), (
            f"{what} did not happen: {nodes.log.read_text()[-2000:]}"
        )
        time.sleep(0.02)
    return found


def test_cr_14_two_thousand_effects_once_with_a_node_killed_and_one_paused_in_the_middle(database, tmp_path):
    database.write(fill)

    def ask(statement):
        return database.read(lambda session: session.connection().execute(text(statement)).all())

    def holder(above):
        """The process that works, once so many are closed."""
        ((owner, closed),) = ask(
            "SELECT job.owner, (SELECT count(*) FROM ticket WHERE state = 'closed') FROM job WHERE job.name = 'close'"
        )
        return int(owner.split("/")[-2]) if owner and closed >= above else None

    def is_taken_over(stopped):
        hang_up(database)
        return holder(0) not in {stopped, None} or not ask("SELECT 1 FROM job WHERE owner IS NOT NULL")

    nodes = Nodes(tmp_path / "config.toml", tmp_path / "nodes.log")
    try:
        first = until(lambda: holder(100), "work", nodes)
        os.kill(first, signal.SIGKILL)
        nodes.processes[first].wait(30)
        second = until(lambda: (pid := holder(250)) != first and pid, "another node's work", nodes)
        os.kill(second, signal.SIGSTOP)
        until(lambda: expire(database), "the end of the lease", nodes)
        until(lambda: is_taken_over(second), "third", nodes)
        os.kill(second, signal.SIGCONT)
        until(lambda: ask("SELECT 1 FROM job WHERE owner IS NULL AND last_result IS NOT NULL"), "the end", nodes)
    finally:
        codes = nodes.end()
    assert sorted(codes) == [-signal.SIGKILL, 0, 0, 0]
    closed = Counter(
        row.ticket for row in ask("SELECT ticket FROM event WHERE kind = 'state-changed' AND actor = 'job close'")
    )
    assert len(closed) == DUE
    assert set(closed.values()) == {1}
    mails = Counter(row.ticket for row in ask("SELECT ticket FROM outbox WHERE kind = 'closed'"))
    assert mails == closed
    assert ask("SELECT count(*) FROM ticket WHERE state = 'closed'") == [(DUE,)]
    ((fence,),) = ask("SELECT fence FROM job")
    assert fence == 3
