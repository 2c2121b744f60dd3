"""What work costs, as a ratio: in beats of this machine, or against the same work on less.

A second means another thing on each machine and beside each load, so no test asserts one. A beat is the CPU time of a fixed
piece of work of the usual kinds (expressions, strings, dictionaries), taken right beside what is measured; about 10 ms where
this was written. Both are the time of this thread alone, with the garbage collector at rest: what other tests left behind in
the process costs nothing here. What is over its bound is measured again, since noise only ever adds; a broken algorithm costs
the same each time.
"""

import gc
import re
import time
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
Given = TypeVar("Given")

_TEXT = "Sehr geehrte Damen und Herren, my order 2024-4711 of web server <a@b.example> is 12 days late.\r\n" * 1400
_WORDS = re.compile(r"[A-Za-z]+|\d+")
_TRIES = 3


def beat() -> float:
    """CPU seconds of the yardstick."""
    return _seconds(_yardstick)[0]


def within(beats: float, work: Callable[[], T], note: object = "") -> T:
    """What the work gives; fails where it costs more than so many beats in each of three tries (so it can be done again)."""
    costs = []
    for _ in range(_TRIES):
        unit = beat()
        cost, given = _seconds(work)
        costs.append(cost / unit)
        if costs[-1] <= beats:
            return given
    message = f"{note or work} cost {', '.join(f'{cost:.1f}' for cost in costs)} beats; {beats} are allowed"
    raise AssertionError(message)


def growth(build: Callable[[int], Given], work: Callable[[Given], object], small: int, large: int) -> float:
    """How much more the work costs on the large than on the small one: the least of three ratios, a small cost counting one
    beat at least, since below that the clock says little."""
    less, more = build(small), build(large)
    work(less)  # what is made once, tables and caches, is no growth
    return min(_ratio(lambda: work(less), lambda: work(more)) for _ in range(_TRIES))


def _ratio(small: Callable[[], object], large: Callable[[], object]) -> float:
    return _seconds(large)[0] / max(_seconds(small)[0], beat())


def _seconds(work: Callable[[], T]) -> tuple[float, T]:
    was = gc.isenabled()
    gc.disable()
    try:
        began = time.thread_time()
        given = work()
        return time.thread_time() - began, given
    finally:
        if was:
            gc.enable()


def _yardstick() -> int:
    words = Counter(word.lower() for word in _WORDS.findall(_TEXT))
    lines = [line.strip().replace("e", "E") for line in _TEXT.split("\r\n")]
    return sum(words.values()) + len("".join(sorted(lines)))
