import io
import json
import logging
from concurrent.futures import ThreadPoolExecutor

import pytest

from mailgate.telemetry import log

HOSTILE = [
    "a\nFAKE level=error",
    "\x1b[2J\x1b]0;owned\x07",
    "x\r\ny",
    "\u202egnp.exe",
    "\x9b31m",
    "z" * 5000,
    "é" * 900,
    "\ud800",
]


@pytest.fixture(params=["plain", "json"])
def start(request):
    """Call it to set the log up on a stream; it gives a function that reads the lines.

    Within the test, and not before, so that pytest's own handler is put aside: what it keeps of a lone surrogate
    cannot be sent from one process of a test run to another.
    """
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()

    def started():
        log.setup("debug", request.param, stream)
        return lambda: stream.getvalue().split("\n")[:-1]

    yield started
    logging.captureWarnings(False)
    root.handlers[:], root.level = before


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_in_06_one_event_is_one_safe_line(start, text):
    lines = start()
    logging.getLogger("mailgate.test").warning("seen %s", text, extra={"fields": {"helo": text, text: 1}})
    (line,) = lines()
    assert line.isprintable()
    assert len(line.encode()) < 3 * log.MAX_VALUE + 300


def test_in_06_values_are_cut_at_1024_bytes(start):
    lines = start()
    logging.getLogger("mailgate.test").warning("e", extra={"fields": {"v": "ü" * 4000}})
    (line,) = lines()
    assert line.count("ü") == 510  # 1020 bytes, and an ellipsis of three
    assert line.count("…") == 1


def test_many_fields_do_not_make_a_long_line(start):
    lines = start()
    logging.getLogger("mailgate.test").warning("e", extra={"fields": {f"k{n}": n for n in range(500)}})
    (line,) = lines()
    assert f"k{log.MAX_FIELDS - 1}" in line
    assert f"k{log.MAX_FIELDS}" not in line


def test_the_mail_in_hand_is_named_in_its_own_thread_only(start):
    lines = start()
    with log.inbound("m1"):
        logging.getLogger("mailgate.a").info("inside")
        with ThreadPoolExecutor(1) as pool:
            pool.submit(logging.getLogger("mailgate.b").info, "elsewhere").result()
    logging.getLogger("mailgate.a").info("after")
    inside, elsewhere, after = lines()
    assert "m1" in inside
    assert "m1" not in elsewhere
    assert "m1" not in after


def test_pr_05_talkative_libraries_are_silent_below_warning(start):
    lines = start()
    canary = "canary-of-a-mail-body"
    for name in ("mail.log", "mail.debug", "aiosmtplib", "apscheduler.scheduler", "sqlalchemy.engine.Engine"):
        logging.getLogger(name).info(canary)
        logging.getLogger(name).debug(canary)
    assert lines() == []
    logging.getLogger("mail.log").warning("trouble")
    assert len(lines()) == 1


def test_an_error_comes_with_its_trace_on_one_line(start):
    lines = start()
    try:
        int("line one\nline two")
    except ValueError:
        logging.getLogger("mailgate.test").exception("failed")
    (line,) = lines()
    assert "ValueError" in line
    assert "line one" in line


def test_json_lines_are_json():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(log.JsonFormatter())
    record = logging.LogRecord("x", logging.INFO, "f", 1, "accepted", (), None)
    record.fields = {"size": 3, "trusted": True, "helo": "a\nb", "nothing": None}
    handler.emit(record)
    found = json.loads(stream.getvalue())
    assert found["event"] == "accepted"
    assert (found["size"], found["trusted"], found["helo"], found["nothing"]) == (3, True, "a\\nb", None)
    assert found["at"].endswith("Z")
