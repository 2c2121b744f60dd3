from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from support.database import new_sqlite
from support.jobs import make_desk

from mailgate.config.desk import JobAction
from mailgate.service.jobs import JobError, NoSuchJob, run_due, run_one
from mailgate.store import jobs
from mailgate.store.errors import LeaseLost, StoreUnavailable

JOBS = """
[[jobs]]
name = "morning"
cron = "0 8 * * *"
action = "remind"
"""


@pytest.fixture
def desk(database_url, tmp_path):
    opened = make_desk(tmp_path, database_url, JOBS)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_desk(tmp_path):
    opened = make_desk(tmp_path, new_sqlite(tmp_path / "store"), JOBS)
    yield opened
    opened.close()


class Recorder:
    """An action that notes its firings."""

    def __init__(self, work=lambda run: "ok"):
        self.firings, self.work = [], work

    def __call__(self, run):
        self.firings.append(run.claim.firing)
        return self.work(run)

    @property
    def actions(self):
        return {JobAction.REMIND: self}


def test_a_new_job_waits_for_its_time(desk):
    recorder = Recorder()
    assert run_due(desk.work, recorder.actions) == 0  # 11:00 in Berlin, 08:00 is over
    assert desk.job("morning")["next_run"] == datetime(2026, 3, 3, 7, 0, tzinfo=UTC)
    desk.advance(hours=21)
    assert run_due(desk.work, recorder.actions) == 1
    assert run_due(desk.work, recorder.actions) == 0
    assert recorder.firings == [datetime(2026, 3, 3, 7, 0, tzinfo=UTC)]
    found = desk.job("morning")
    assert (found["last_run"], found["last_result"]) == ("2026-03-03T07:00:00Z", "ok")
    assert found["next_run"] == datetime(2026, 3, 4, 7, 0, tzinfo=UTC)


def test_missed_firings_are_caught_up_once(desk):
    recorder = Recorder()
    run_due(desk.work, recorder.actions)
    desk.advance(days=10)
    assert run_due(desk.work, recorder.actions) == 1
    assert run_due(desk.work, recorder.actions) == 0
    assert recorder.firings == [datetime(2026, 3, 12, 7, 0, tzinfo=UTC)]


def test_a_changed_expression_does_not_fire_for_times_that_are_over(sqlite_desk):
    recorder = Recorder()
    run_due(sqlite_desk.work, recorder.actions)
    sqlite_desk.advance(hours=20)
    earlier = sqlite_desk.settings.jobs[0].model_copy(update={"cron": "0 1 * * *"})
    changed = sqlite_desk.settings.model_copy(update={"jobs": (earlier,)})
    assert run_due(replace(sqlite_desk.work, settings=changed), recorder.actions) == 0
    sqlite_desk.advance(days=1)
    assert run_due(replace(sqlite_desk.work, settings=changed), recorder.actions) == 1


def test_a_run_by_hand_is_now_and_counts_for_what_was_missed(desk):
    recorder = Recorder()
    run_due(desk.work, recorder.actions)
    desk.advance(days=2, seconds=30)
    assert run_one(desk.work, "morning", recorder.actions) == {"name": "morning", "done": True, "detail": "ok"}
    assert run_one(desk.work, "morning", recorder.actions)["done"] is True
    assert run_due(desk.work, recorder.actions) == 0
    assert recorder.firings == [desk.clock.replace(second=0)] * 2


def test_an_unknown_job(sqlite_desk):
    with pytest.raises(NoSuchJob):
        run_one(sqlite_desk.work, "evening", Recorder().actions)


def test_what_fails_is_noted_and_the_next_firing_tries_again(sqlite_desk):
    desk = sqlite_desk

    def fail(run):
        raise JobError("there is no folder /backup")

    recorder = Recorder(fail)
    assert run_one(desk.work, "morning", recorder.actions) == {
        "name": "morning",
        "done": False,
        "detail": "there is no folder /backup",
    }
    assert desk.job("morning")["last_result"] == "failed: there is no folder /backup"
    assert run_due(desk.work, recorder.actions) == 0
    desk.advance(days=1)
    assert run_due(desk.work, recorder.actions) == 1


def test_a_fault_of_ours_stops_no_other_job(sqlite_desk):
    recorder = Recorder(lambda run: 1 / 0)
    result = run_one(sqlite_desk.work, "morning", recorder.actions)
    assert result["detail"] == "a fault of ours: ZeroDivisionError; the log has it"


def test_a_job_whose_database_went_away_is_begun_again(sqlite_desk):
    desk = sqlite_desk

    def away(run):
        raise StoreUnavailable("gone")

    broken, whole = Recorder(away), Recorder()
    run_due(desk.work, whole.actions)
    desk.advance(days=1)
    with pytest.raises(StoreUnavailable):
        run_due(desk.work, broken.actions)
    assert run_due(desk.work, whole.actions) == 1
    assert whole.firings == broken.firings


def test_cr_14_a_holder_that_was_paused_commits_nothing_after_another_took_over(desk):
    other = replace(desk.work, owner="other")
    second = Recorder()

    def pause(run):
        """While we are stopped the lease runs out, and the other node does the firing."""
        desk.advance(hours=2)
        assert run_due(other, second.actions) == 1
        with pytest.raises(LeaseLost):
            run.change(lambda session: session.connection().exec_driver_sql("DELETE FROM lease"))
        with pytest.raises(LeaseLost):
            run.keep()
        return "late"

    first = Recorder(pause)
    run_due(desk.work, first.actions)
    desk.advance(days=1)
    assert run_due(desk.work, first.actions) == 1
    assert second.firings == first.firings
    assert desk.job("morning")["last_result"] == "ok"


def test_what_another_node_works_on_is_left_to_it(desk):
    other = replace(desk.work, owner="other")
    recorder = Recorder()

    def meanwhile(run):
        assert run_due(other, recorder.actions) == 0
        assert run_one(other, "morning", recorder.actions)["done"] is False
        assert desk.job("morning")["running"] is True
        return "mine"

    run_due(desk.work, recorder.actions)
    desk.advance(days=1)
    assert run_due(desk.work, Recorder(meanwhile).actions) == 1
    assert recorder.firings == []
    assert desk.job("morning")["running"] is False


def test_cr_12_a_clock_ten_years_ahead_stops_no_job(desk):
    recorder = Recorder()
    run_due(desk.work, recorder.actions)
    desk.advance(days=3653)
    run_due(desk.work, recorder.actions)
    desk.advance(days=-3653)
    run_due(desk.work, recorder.actions)
    desk.advance(days=1)
    assert run_due(desk.work, recorder.actions) == 1
    assert recorder.firings[-1] == datetime(2026, 3, 3, 7, 0, tzinfo=UTC)


def test_effects_name_the_firing(sqlite_desk):
    names = []
    recorder = Recorder(lambda run: names.append(run.effect) or "ok")
    run_one(sqlite_desk.work, "morning", recorder.actions)
    sqlite_desk.clock += timedelta(minutes=1)
    run_one(sqlite_desk.work, "morning", recorder.actions)
    assert names == ["job:morning:20260302T1000", "job:morning:20260302T1001"]


def test_a_settled_claim_cannot_be_settled_again(desk):
    recorder = Recorder()
    claims = []
    recorder.work = lambda run: claims.append(run.claim) or "ok"
    run_one(desk.work, "morning", recorder.actions)
    with pytest.raises(LeaseLost):
        desk.database.write(lambda s: jobs.settle(s, claims[0], "twice", desk.clock, desk.clock))


def test_a_daemon_that_stops_breaks_its_job_off_and_goes_on_after_the_next_start(desk):
    recorder, after = Recorder(lambda run: run.change(lambda session: "done")), Recorder()
    run_due(desk.work, recorder.actions)
    desk.advance(days=1)
    run_due(replace(desk.work, stopping=lambda: True), recorder.actions)
    assert desk.job("morning")["last_result"] is None
    assert run_due(desk.work, after.actions) == 1
    assert after.firings == recorder.firings
