#!/usr/bin/env python3
"""Reads mutated mails and header values, and counts what must not happen: exceptions, and readings over a second.

    tools/torture.py                        200,000 mails and 100,000 values, on all cores
    tools/torture.py --slice 2000 --seed 7  a part: 2,000 mails and 1,000 values

Mutations are seeded: a number that is named as bad gives the same mail again with `--only NUMBER`.
Exit 0 where nothing happened, 1 where something did.
"""

import argparse
import contextlib
import multiprocessing
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "tests"))

from support import mutate  # noqa: E402 - the folder is known only now

from mailgate.core.mail.automatic import judge  # noqa: E402
from mailgate.core.mail.mail import HeaderField, ParsedMail  # noqa: E402
from mailgate.parse.dsn_parts import addresses, parameter  # noqa: E402
from mailgate.parse.errors import TooComplex  # noqa: E402
from mailgate.parse.message import parse  # noqa: E402

MAILS, VALUES = 200_000, 100_000
LIMIT = 1.0  # seconds of CPU that one reading may take
HANG = 30  # seconds after which a reading is given up
CHUNK = 500
_SHOWN = 20
_NAMES = (
    "From", "To", "Sender", "Reply-To", "Date", "Message-ID", "In-Reply-To", "References", "Subject", "Content-Type",
    "Content-Disposition", "Auto-Submitted", "List-Id", "Precedence", "X-Failed-Recipients",
    "Content-Transfer-Encoding",
)  # fmt: skip


@dataclass
class Tally:
    """What happened: counts, the slowest reading, and what was bad (kind, number, words)."""

    read: int = 0
    refused: int = 0
    slowest: float = 0.0
    slowest_at: str = ""
    bad: list[tuple[str, int, str]] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Join two tallies."""
        self.read += other.read
        self.refused += other.refused
        self.bad += other.bad
        if other.slowest > self.slowest:
            self.slowest, self.slowest_at = other.slowest, other.slowest_at


class Hung(BaseException):
    """A reading that does not end; no `except Exception` may catch it."""


def read_mail(number: int, seed: int) -> None:
    """Read one mutated mail and look at what comes out."""
    check(parse(mutate.mail(number, seed)))


def read_value(number: int, seed: int) -> None:
    """Read one mutated value in the place of several fields."""
    value = mutate.value(number, seed)
    name = _NAMES[number % len(_NAMES)]
    raw = value.encode("utf-8", "surrogatepass").replace(b"\r", b" ").replace(b"\n", b"\n ")
    check(parse(f"{name}: ".encode() + raw + b"\nFrom: kim@customer.example\n\nText\n"))
    judge((HeaderField(name.lower(), value),), subject=value, text=value, author=None, report=None)
    addresses(value)
    parameter(value, "charset")


def check(mail: ParsedMail) -> None:
    """What holds for every mail: an id, no NUL, no lone surrogate, nothing lost between the texts' types."""
    assert mail.message_id
    texts = [mail.message_id, mail.subject or "", mail.text, mail.reply_text, mail.quoted_text, mail.signature]
    texts += [item.filename or "" for item in mail.attachments] + [item.value for item in mail.fields]
    for text in texts:
        assert "\0" not in text, "NUL in a text"
        text.encode()


def run(kind: str, numbers: range, seed: int) -> Tally:
    """Read these numbers one after the other."""
    read = read_mail if kind == "mail" else read_value
    tally = Tally()
    for number in numbers:
        outcome, took = timed(read, number, seed)
        if took > LIMIT and outcome in {"", "refused"}:  # once may be the collector's time, or another process's
            took = min(took, timed(read, number, seed)[1])
        tally.read += 1
        tally.refused += outcome == "refused"
        if took > tally.slowest:
            tally.slowest, tally.slowest_at = took, f"{kind} {number}"
        if took > LIMIT and outcome in {"", "refused"}:
            outcome = f"took {took:.2f} s"
        if outcome not in {"", "refused"}:
            tally.bad.append((kind, number, outcome))
    return tally


def timed(read: Callable[[int, int], None], number: int, seed: int) -> tuple[str, float]:
    """How it went, and how many seconds of CPU it took."""
    begin = time.process_time()
    outcome = attempt(read, number, seed)
    return outcome, time.process_time() - begin


def attempt(read: Callable[[int, int], None], number: int, seed: int) -> str:
    """ "" where it went well, "refused" where a limit was overrun, else what went wrong."""
    try:
        with watched():
            read(number, seed)
    except TooComplex:
        return "refused"
    except Hung:
        return f"hung for {HANG} s"
    except Exception:  # noqa: BLE001 - to find what escapes is the purpose
        return traceback.format_exc(limit=-3)
    return ""


@contextlib.contextmanager
def watched() -> Iterator[None]:
    """Raise `Hung` in the block after `HANG` seconds of CPU; only in a main thread."""

    def stop(_signal: int, _frame: object) -> None:
        raise Hung

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, HANG)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def chunks(mails: int, values: int) -> list[tuple[str, range]]:
    """The work, in pieces."""
    return [
        (kind, range(start, min(start + CHUNK, total)))
        for kind, total in (("mail", mails), ("value", values))
        for start in range(0, total, CHUNK)
    ]


def _run(piece: tuple[str, range], seed: int) -> Tally:
    return run(*piece, seed)


def torture(mails: int, values: int, seed: int, jobs: int) -> Tally:
    """Read them all on `jobs` processes."""
    total = Tally()
    work = chunks(mails, values)
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        for done, tally in enumerate(pool.imap_unordered(partial(_run, seed=seed), work), 1):
            total.add(tally)
            if done % 20 == 0 or tally.bad:
                print(f"{done}/{len(work)} pieces, {len(total.bad)} bad, slowest {total.slowest:.3f} s", flush=True)
    return total


def main() -> int:
    """Run, and tell."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--slice", type=int, metavar="N", help="N mails and N/2 values instead of all")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    ask.add_argument("--only", type=int, metavar="NUMBER", help="read this mail alone and let errors out")
    given = ask.parse_args()
    if given.only is not None:
        read_mail(given.only, given.seed)
        return 0
    mails, values = (given.slice, given.slice // 2) if given.slice is not None else (MAILS, VALUES)
    begin = time.monotonic()
    total = torture(mails, values, given.seed, given.jobs)
    for kind, number, words in sorted(total.bad)[:_SHOWN]:
        print(f"{kind} {number}: {words}")
    print(
        f"{mails} mails, {values} values, seed {given.seed}: {total.read} read, {total.refused} refused as too complex,"
        f" {len(total.bad)} bad, slowest {total.slowest:.3f} s ({total.slowest_at}),"
        f" {time.monotonic() - begin:.0f} s in all"
    )
    return 1 if total.bad or total.read != mails + values else 0


if __name__ == "__main__":
    sys.exit(main())
