"""Shows with strace that 250 is said only after the sync that covers the mail; run by hand.

    python benchmarks/sync_before_250.py [200]

The daemon runs under strace with a database in a temporary folder, and gets so many mails over four connections at a
time. For each reply "250 2.6.0 accepted as ID" the trace must hold, in this order: a write of a page with that ID to
the write-ahead log, a sync of that log that began after the write, its end, and only then the reply.
"""

import concurrent.futures
import os
import re
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.daemon import DaemonProcess  # noqa: E402

CALL = re.compile(r"([0-9.]+) (\w+)\((.*)<([0-9.]+)>$")
SAID = re.compile(r"250 2\.6\.0 accepted as (m\w+)")
TRACED = "trace=fdatasync,fsync,pwrite64,sendto,write"


class Traced(DaemonProcess):
    """The daemon, and each of its system calls that matter in a file a thread."""

    def command(self, *words):
        """`mailgate run` under strace, anything else as it is."""
        plain = super().command(*words)
        if words != ("run",):
            return plain
        trace = ["strace", "-ff", "-ttt", "-T", "-y", "-s", "4200", "-e", TRACED, "-o", str(self.folder / "trace")]
        return [*trace, *plain]


def calls(folder):
    """Every traced call: when it began and ended, its name, its arguments."""
    for path in folder.glob("trace.*"):
        for line in path.read_text(errors="replace").splitlines():
            if match := CALL.match(line):
                began = float(match[1])
                yield began, began + float(match[4]), match[2], match[3]


def judge(folder, accepted):
    """The margins in seconds between the end of the covering sync and the reply, and what is wrong."""
    traced = sorted(calls(folder))
    syncs = [(began, ended) for began, ended, name, args in traced if name.endswith("sync") and "-wal>" in args]
    writes = [(ended, args) for _, ended, name, args in traced if name == "pwrite64" and "-wal>" in args]
    replies = {}
    for began, _, name, args in traced:
        if name in {"sendto", "write"} and (match := SAID.search(args)) and "socket:" in args:
            replies.setdefault(match[1], began)
    margins, wrong = [], [f"{name}: no reply in the trace" for name in accepted - replies.keys()]
    for name in accepted & replies.keys():
        written = [at for at, args in writes if name in args and at <= replies[name]]
        covering = [end for begin, end in syncs if written and begin >= written[0] and end <= replies[name]]
        if covering:
            margins.append(replies[name] - max(covering))
        else:
            wrong.append(f"{name}: no sync between its write and its reply")
    return margins, wrong, len(syncs)


def main():
    """Send, judge, print; exit 1 where a reply came too early."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    if shutil.which("strace") is None:
        sys.exit("strace is not installed: apt-get install strace")
    folder = Path(tempfile.mkdtemp(prefix="mailgate-strace-"))
    daemon = Traced(folder, smtp="messages_per_minute = 100000")
    daemon.start(120)
    mail = b"From: kim@kunde.invalid\r\nMessage-ID: <%d@kunde.invalid>\r\nSubject: x\r\n\r\nWas kostet das?\r\n"
    started = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        accepted = set(pool.map(lambda number: daemon.send(mail % number), range(count)))
    seconds = time.monotonic() - started
    tracer = daemon.process.pid
    daemon_pid = int(Path(f"/proc/{tracer}/task/{tracer}/children").read_text().split()[0])
    os.kill(daemon_pid, signal.SIGTERM)
    daemon.process.wait(120)
    margins, wrong, syncs = judge(folder, accepted)
    shutil.rmtree(folder)
    print(f"{len(accepted)} accepted in {seconds:.1f} s with {syncs} syncs; {len(margins)} replies after theirs")
    if margins:
        least, most = min(margins) * 1e6, max(margins) * 1e3
        print(f"from the end of the sync to the reply: least {least:.0f} us, most {most:.1f} ms")
    for text in wrong:
        print(text)
    sys.exit(bool(wrong) or len(margins) != count)


if __name__ == "__main__":
    main()
