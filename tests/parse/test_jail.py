"""The pool of parser processes: what its walls hold, and that it goes on."""

import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from mailgate.parse.errors import ParseCrash, TooComplex
from mailgate.parse.jail import Jail
from mailgate.parse.message import parse

MAIL = b"From: kim@customer.example\nSubject: hi\n\nThe server is down.\n"
WHOLE = b"head = sys.stdin.buffer.read(8); sys.stdin.buffer.read(int.from_bytes(head, 'big'))"


def stand_in(code):
    """A worker of our own making, to misbehave on order."""
    return (sys.executable, "-c", "import sys, os, signal, time\n" + code)


def sleeper():
    return stand_in("time.sleep(60)")


@pytest.fixture(scope="module")
def jail():
    with Jail(workers=2) as pool:
        yield pool


def test_the_jail_reads_as_parse_does(jail):
    assert jail.parse(MAIL) == parse(MAIL)
    assert jail.parse(b"") == parse(b"")


def test_a_large_mail_goes_through_the_pipe(jail):
    raw = MAIL.replace(b"\n\n", b"\nContent-Type: application/x\n\n") + b"x" * 5_000_000
    assert jail.parse(raw).attachments[0].size > 5_000_000


def look(pool, count=1):
    """The idle processes of a pool."""
    workers = [pool._idle.get(timeout=60) for _ in range(count)]
    for worker in workers:
        pool._idle.put(worker)
    return [worker.process for worker in workers]


def test_limits_of_the_header_are_final_and_spare_the_worker():
    with Jail(workers=1) as pool:
        before = look(pool)
        for _ in range(3):
            with pytest.raises(TooComplex, match="header section"):
                pool.parse(b"Subject: " + b"a" * 100_000)
        assert look(pool) == before


def test_many_threads_share_the_workers(jail):
    mails = [MAIL + str(number).encode() for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(jail.parse, mails))
    assert [item.text.split("\n")[1] for item in found] == [str(number) for number in range(40)]


def test_a_worker_killed_between_two_mails_is_replaced_without_a_word():
    with Jail(workers=2) as pool:
        for process in look(pool, 2):
            process.kill()
            process.wait()
        for _ in range(4):
            assert pool.parse(MAIL).subject == "hi"


def test_a_worker_that_dies_over_a_mail_is_a_crash_and_the_next_mail_is_read():
    code = f"{WHOLE.decode()}\nos.kill(os.getpid(), signal.SIGSEGV)"
    with Jail(workers=1, command=stand_in(code)) as pool:
        for _ in range(2):
            with pytest.raises(ParseCrash, match="-11"):
                pool.parse(MAIL)


def test_a_worker_over_its_cpu_time_is_final():
    code = "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 2))\nwhile True: pass"
    with Jail(workers=1, command=stand_in(code)) as pool, pytest.raises(TooComplex, match="CPU"):
        pool.parse(MAIL)


def test_a_worker_over_its_time_is_final_and_ended():
    with Jail(workers=1, wall_seconds=0.3, command=sleeper()) as pool:
        (first,) = look(pool)
        with pytest.raises(TooComplex, match="time"):
            pool.parse(MAIL)
        assert first.returncode == -signal.SIGKILL


def test_a_worker_that_does_not_take_the_mail_is_over_its_time():
    with Jail(workers=1, wall_seconds=0.3, command=sleeper()) as pool, pytest.raises(TooComplex, match="time"):
        pool.parse(b"x" * 5_000_000)


@pytest.mark.parametrize(
    "answer",
    [
        "b'r' + (3).to_bytes(8, 'big') + b'{}x'",
        "b'r' + (2).to_bytes(8, 'big') + b'{}'",
        "b'?' + (0).to_bytes(8, 'big')",
        "b'r' + (1 << 40).to_bytes(8, 'big')",
        "b'x' + (4).to_bytes(8, 'big') + b'oops'",
        "b'r'",
    ],
)
def test_nonsense_from_a_worker_is_a_crash(answer):
    code = f"{WHOLE.decode()}\nsys.stdout.buffer.write({answer}); sys.stdout.flush()"
    with Jail(workers=1, command=stand_in(code)) as pool, pytest.raises(ParseCrash):
        pool.parse(MAIL)


def test_memory_is_limited_and_the_worker_is_replaced():
    code = f"{WHOLE.decode()}\nsys.stdout.buffer.write(b'm' + (6).to_bytes(8, 'big') + b'memory'); sys.stdout.flush()"
    with Jail(workers=1, command=stand_in(code)) as pool:
        before = look(pool)
        with pytest.raises(TooComplex, match="memory"):
            pool.parse(MAIL)
        assert look(pool) != before


def test_workers_are_recycled_after_their_share():
    with Jail(workers=1, mails_per_worker=2) as pool:
        seen = set()
        for _ in range(4):
            seen.add(look(pool)[0].pid)
            pool.parse(MAIL)
        assert len(seen) == 2


def test_nothing_of_ours_is_inherited(tmp_path, monkeypatch):
    monkeypatch.setenv("MAILGATE_SECRET", "x")
    secret = (tmp_path / "db").open("w")
    os.set_inheritable(secret.fileno(), True)
    code = (
        f"{WHOLE.decode()}\n"
        "text = ' '.join(sorted(os.listdir('/proc/self/fd'), key=int)[:-1] + list(os.environ)).encode()\n"
        "sys.stdout.buffer.write(b'c' + len(text).to_bytes(8, 'big') + text); sys.stdout.flush()"
    )
    with secret, Jail(workers=1, command=stand_in(code)) as pool:
        with pytest.raises(TooComplex) as refused:
            pool.parse(MAIL)
        ours = {str(secret.fileno()), "MAILGATE_SECRET"}
    words = str(refused.value).split()
    assert words[:3] == ["0", "1", "2"]
    assert not ours & set(words)


def test_a_closed_jail_says_so_and_leaves_no_process():
    pool = Jail(workers=2)
    processes = look(pool, 2)
    pool.close()
    pool.close()
    assert all(process.poll() is not None for process in processes)
    with pytest.raises(RuntimeError, match="closed"):
        pool.parse(MAIL)


def test_where_no_process_can_be_started_the_place_in_the_pool_stays(monkeypatch):
    def refuse(*_, **__):
        raise OSError("no more processes")

    with Jail(workers=1, mails_per_worker=1) as pool:
        with monkeypatch.context() as patch:
            patch.setattr("mailgate.parse.jail.subprocess.Popen", refuse)
            assert pool.parse(MAIL).subject == "hi"
            for _ in range(2):
                with pytest.raises(OSError, match="no more"):
                    pool.parse(MAIL)
        assert pool.parse(MAIL).subject == "hi"


def test_closing_frees_those_who_wait():
    pool = Jail(workers=1, wall_seconds=20, command=sleeper())
    outcomes = []

    def ask():
        try:
            pool.parse(MAIL)
        except (RuntimeError, TooComplex) as error:
            outcomes.append(type(error))

    worker = pool._idle.get()
    waiting = threading.Thread(target=ask)
    waiting.start()
    pool.close()
    waiting.join(timeout=60)
    worker.end()
    assert outcomes == [RuntimeError]
