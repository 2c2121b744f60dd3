"""The inside of the jail."""

import io
import json
import resource
import subprocess
import sys

import pytest

from mailgate.parse import worker
from mailgate.parse.message import parse

MAIL = b"From: kim@customer.example\nSubject: Stra\xc3\x9fe\n\nThe server is down.\n"


@pytest.fixture(autouse=True)
def own_time():
    """The worker limits its process, which here is the test's."""
    before = resource.getrlimit(resource.RLIMIT_CPU)
    yield
    resource.setrlimit(resource.RLIMIT_CPU, before)


def frame(raw):
    return worker.LENGTH.pack(len(raw)) + raw


def test_mail_after_mail_is_answered_until_the_end():
    sink = io.BytesIO()
    worker.serve(io.BytesIO(frame(MAIL) + frame(b"Subject: " + b"a" * 100_000) + b"cut"), sink)
    data = sink.getvalue()
    size = worker.LENGTH.unpack(data[1:9])[0]
    assert data[:1] == worker.READ
    assert worker.CODEC.validate_json(data[9 : 9 + size]) == parse(MAIL)
    assert data[9 + size :][:1] == worker.REFUSED


def test_a_mail_that_is_cut_is_not_read():
    sink = io.BytesIO()
    worker.serve(io.BytesIO(frame(MAIL)[:-3]), sink)
    assert sink.getvalue() == b""


def test_what_breaks_is_told(monkeypatch):
    def broken(_):
        raise ZeroDivisionError("oops")

    def hungry(_):
        raise MemoryError

    monkeypatch.setattr(worker, "parse", broken)
    assert worker.answer(MAIL) == (worker.FAILED, b"ZeroDivisionError: oops")
    monkeypatch.setattr(worker, "parse", hungry)
    assert worker.answer(MAIL)[0] == worker.EXHAUSTED


def test_a_result_beyond_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(worker, "MAX_OUTPUT", 10)
    assert worker.answer(MAIL) == (worker.REFUSED, b"result too large")


def test_each_mail_gets_its_own_time():
    worker.allow_cpu()
    usage = resource.getrusage(resource.RUSAGE_SELF)
    left = resource.getrlimit(resource.RLIMIT_CPU)[0] - usage.ru_utime - usage.ru_stime
    assert 8 <= left <= worker.CPU_SECONDS


def test_the_process_binds_itself():
    code = (
        "import json, resource\nfrom mailgate.parse import worker\nworker.confine()\n"
        "names = ('RLIMIT_AS', 'RLIMIT_FSIZE', 'RLIMIT_CORE', 'RLIMIT_NOFILE')\n"
        "print(json.dumps({name: resource.getrlimit(getattr(resource, name)) for name in names}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert json.loads(done.stdout) == {
        "RLIMIT_AS": [worker.MEMORY_BYTES] * 2,
        "RLIMIT_FSIZE": [0, 0],
        "RLIMIT_CORE": [0, 0],
        "RLIMIT_NOFILE": [32, 32],
    }
