"""A process is told by its name: whether it still runs, and no other that came to its number."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mailgate.service.holder import holder_name, is_gone

SAY_NAME = "from mailgate.service.holder import holder_name; print(holder_name(), flush=True); input()"


def test_who_runs_is_not_gone():
    assert not is_gone(holder_name())


@pytest.mark.parametrize("reaped", [False, True])
def test_who_was_killed_is_gone_even_before_its_parent_noticed(reaped):
    process = subprocess.Popen(
        [sys.executable, "-c", SAY_NAME],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    with process:
        name = process.stdout.readline().strip()
        assert name.split("/")[2] == str(process.pid)
        assert not is_gone(name)
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | (0 if reaped else os.WNOWAIT))
        assert is_gone(name)
        process.returncode = -9 if reaped else None


def test_a_number_that_came_again_is_another_process():
    host, namespace, number, began = holder_name().split("/")
    assert is_gone(f"{host}/{namespace}/{number}/{int(began) - 1}")


@pytest.mark.parametrize("part", [0, 1])
def test_of_another_host_or_container_nothing_is_known(part):
    words = holder_name().split("/")
    words[3] = "1"
    assert is_gone("/".join(words))
    words[part] = "other"
    assert not is_gone("/".join(words))


@pytest.mark.parametrize("name", ["", "vm:17", "node-1", "a/b/c/d", "HERE/17/", "HERE/x/1", "HERE/-1/1"])
def test_of_a_name_that_is_none_of_ours_nothing_is_known(name):
    here = "/".join(holder_name().split("/")[:2])
    assert not is_gone(name.replace("HERE", here))


def test_who_is_hidden_from_us_is_not_gone_while_the_number_is_taken(tmp_path, monkeypatch):
    """As under ProtectProc=invisible: two would send the same mail, or run the same job, at once."""
    (tmp_path / "self" / "ns").mkdir(parents=True)
    (tmp_path / "self/ns/pid").symlink_to(Path("/proc/self/ns/pid").readlink())
    holder = holder_name()
    with subprocess.Popen(["true"]) as process:
        pass
    monkeypatch.setattr("mailgate.service.holder._PROCESSES", tmp_path)
    assert not is_gone(holder)
    host, namespace, _, began = holder.split("/")
    assert is_gone(f"{host}/{namespace}/{process.pid}/{began}")
