"""Each bomb ends in a final state in the jail, within its time and memory (threats MB-04 to MB-13)."""

import os
from pathlib import Path

import pytest
from support.bombs import BOMBS

from mailgate.core.mail.mail import ParsedMail
from mailgate.parse.errors import TooComplex
from mailgate.parse.jail import Jail

pytestmark = pytest.mark.slow  # left to `make test`

CPU_SECONDS = 10
MEMORY_KB = 512 * 1024
_TICKS = os.sysconf("SC_CLK_TCK")


@pytest.fixture(scope="module")
def jail():
    with Jail(workers=1) as pool:
        yield pool


def worker_pid(jail) -> int:
    worker = jail._idle.get(timeout=60)
    jail._idle.put(worker)
    return worker.process.pid


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def peak_kb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmPeak:"))


def defuse(jail, raw):
    """Outcome, CPU seconds (None where the worker was ended) and peak of address space in KB."""
    pid = worker_pid(jail)
    before = cpu_seconds(pid)
    try:
        outcome: ParsedMail | TooComplex = jail.parse(raw)
    except TooComplex as error:
        outcome = error
    alive = worker_pid(jail) == pid
    return outcome, cpu_seconds(pid) - before if alive else None, peak_kb(pid) if alive else None


PARAMETERS = [pytest.param(bomb, id=bomb.name, marks=[pytest.mark.slow] if bomb.slow else []) for bomb in BOMBS]


@pytest.mark.parametrize("bomb", PARAMETERS)
def test_mb_04_mb_05_mb_06_mb_11_a_bomb_ends_in_a_final_state(jail, bomb, record_property):
    raw = bomb.make()
    outcome, cpu, peak = defuse(jail, raw)
    record_property("cpu", cpu)
    if isinstance(outcome, ParsedMail):
        assert outcome.message_id
        assert "\0" not in outcome.text
    if cpu is not None:
        assert cpu <= CPU_SECONDS
        assert peak <= MEMORY_KB


def test_there_are_enough_bombs_of_every_kind():
    assert len(BOMBS) >= 60
    assert len({bomb.name for bomb in BOMBS}) == len(BOMBS)
    assert {bomb.name[:5] for bomb in BOMBS} == {f"MB-{n:02}" for n in range(4, 14)}


def test_mb_04_bombs_do_not_hurt_the_mail_after_them(jail):
    for bomb in [bomb for bomb in BOMBS if not bomb.slow][:5]:
        defuse(jail, bomb.make())
    outcome, _, _ = defuse(jail, b"From: kim@customer.example\nSubject: x\n\nHello\n")
    assert isinstance(outcome, ParsedMail)
    assert outcome.text.strip() == "Hello"
