"""Every scenario under faults: a step fails once, the work is taken up again, and the end is as if nothing had happened."""

import asyncio
import contextlib

import pytest
from support.database import new_sqlite
from support.scenario import Run, Scenario, compare, names

from mailgate.service.process import Done, process
from mailgate.service.replay import replay
from mailgate.store.errors import Conflict, StoreUnavailable

# Where: the name that the step is called by, and in which module. What: the error that it ends with.
IN_PROCESS = [
    ("mailgate.service.process.inbound.begin_attempt", StoreUnavailable("away")),
    ("mailgate.service.process.inbound.claim_seen", Conflict("faster")),
    ("mailgate.service.process.case_of", StoreUnavailable("away")),
    ("mailgate.service.process.apply.apply_plan", Conflict("faster")),
    ("mailgate.service.process.inbound.finish", StoreUnavailable("disk full")),
]
OURS = [
    ("mailgate.service.process.decide", RuntimeError("a fault of ours")),
    ("mailgate.service.process.make_plan", MemoryError()),
]
IN_DELIVERY = [
    ("mailgate.service.deliver.outbox.claim", StoreUnavailable("away")),
    ("mailgate.service.deliver.compose", RuntimeError("a fault of ours")),
    ("mailgate.service.deliver.outbox.store_body", StoreUnavailable("away")),
    ("mailgate.service.deliver.outbox.settle", StoreUnavailable("away")),
]


class FaultyRun(Run):
    """A run in which the step `name` fails at its first call for each mail."""

    def __init__(self, *args, monkeypatch, name, error, **more):
        super().__init__(*args, **more)
        self.monkeypatch, self.name, self.error, self.failed = monkeypatch, name, error, 0

    def _arm(self):
        module, _, step = self.name.rpartition(".")
        owner = __import__("pkgutil").resolve_name(module)
        real = getattr(owner, step)
        calls = []

        def once(*args, **kwargs):
            calls.append(1)
            if len(calls) > 1:
                return real(*args, **kwargs)
            self.failed += 1
            raise self.error

        self.monkeypatch.setattr(owner, step, once)

    def work(self, mail_id):
        if "deliver" in self.name:
            super().work(mail_id)
            return
        base = self.desk.keys.base
        with self.monkeypatch.context() as self.monkeypatch:
            self._arm()
            if (self.name, self.error) in OURS:
                self.desk.keys.base = f"{base}, put aside"  # its agents are told with keys of their own
            for _ in range(3):
                try:
                    result = process(self.desk.context, mail_id, alone=False)
                except StoreUnavailable:
                    continue
                break
        self.desk.keys.base = base
        if result.done is Done.LATER:
            super().work(mail_id)
        if result.done is Done.ASIDE:
            assert replay(self.desk.context, mail_id) is not None

    def deliver(self):
        if "deliver" not in self.name:
            super().deliver()
            return
        with self.monkeypatch.context() as self.monkeypatch:
            self._arm()
            for _ in range(3):
                with contextlib.suppress(
                    StoreUnavailable, RuntimeError
                ):  # the same worker takes up again what it let fall
                    asyncio.run(self.desk.deliver())


@pytest.fixture(params=names())
def scenario(request):
    return Scenario(request.param)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "error"),
    [*IN_PROCESS, *IN_DELIVERY],
    ids=lambda value: value.rpartition(".")[2] if isinstance(value, str) else type(value).__name__,
)
def test_cr_01_a_step_that_fails_once_changes_nothing_in_the_end(scenario, tmp_path, monkeypatch, name, error):
    run = FaultyRun(scenario, tmp_path, new_sqlite(tmp_path / "store"), monkeypatch=monkeypatch, name=name, error=error)
    with run:
        state = run.play()
        sent = {parcel.message_id: parcel.raw for parcel in run.desk.courier.parcels}
        repeats = [parcel.raw for parcel in run.desk.courier.parcels if sent[parcel.message_id] != parcel.raw]
    assert repeats == []
    assert run.failed > 0 or not state["outbox"]
    assert compare(scenario, state, list(sent.values())) is None


@pytest.mark.slow
@pytest.mark.parametrize(("name", "error"), OURS, ids=["decide", "make_plan"])
def test_cr_15_a_fault_of_ours_puts_a_mail_aside_and_replay_ends_as_without_it(
    scenario, tmp_path, monkeypatch, name, error
):
    """Each mail leaves the ticket behind that stood in for it; all else is as if nothing had happened."""
    import json

    expected = json.loads((scenario.folder / "expected.json").read_text("utf-8"))
    with FaultyRun(
        scenario, tmp_path, new_sqlite(tmp_path / "store"), monkeypatch=monkeypatch, name=name, error=error
    ) as run:
        state = run.play()
    stand_ins = [ticket for ticket in state["tickets"] if ticket["subject"].startswith("A mail could not be processed")]
    assert len(stand_ins) == len(scenario.mails)
    assert {ticket["state"] for ticket in stand_ins} == {"closed"}

    def without_numbers(mails):
        return [{key: value for key, value in mail.items() if key != "ticket"} for mail in mails]

    assert without_numbers(state["mails"]) == without_numbers(expected["mails"])
    assert [mail for mail in state["outbox"] if mail["kind"] != "unread"] == expected["outbox"]
    assert len(state["tickets"]) - len(stand_ins) == len(expected["tickets"])
