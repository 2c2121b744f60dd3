"""Who holds a lease: a name by which another process on the same machine can see that its holder is gone.

A lease has to outlast the slowest next hop. After kill -9 nobody may wait that long for a receipt: the next daemon asks
whether the process that the name stands for still runs.
"""

import os
import socket
from pathlib import Path
from typing import Final

_PROCESSES: Final = Path("/proc")
_STATE_AND_START: Final = (0, 19)  # of the fields of /proc/PID/stat after the command's name: proc(5), 3 and 22


def holder_name() -> str:
    """This process: host, process namespace (containers share hosts), id, and when it began (ids come again)."""
    number = os.getpid()
    return f"{_here()}/{number}/{_began(number) or ''}"


def is_gone(holder: str) -> bool:
    """True only where the holder certainly runs no more: it was a process here, and there is none of that beginning."""
    here, _, rest = holder.rpartition("/")[0].rpartition("/")
    began = holder.rpartition("/")[2]
    if here != _here() or not rest.isdecimal() or not began:
        return False
    return _began(int(rest)) not in {began, None}


def _here() -> str:
    try:
        namespace = (_PROCESSES / "self/ns/pid").readlink().name.strip("pid:[]")
    except OSError:
        namespace = ""
    return f"{socket.gethostname()}/{namespace}"


def _began(number: int) -> str | None:
    """When a process began, in ticks since boot; "" where none of that number runs, None where nobody tells.

    A service of systemd sees no process of others, nor of its own user in another unit (ProtectProc=, PrivateUsers=):
    what is not to be seen may run all the same. Whether a number is taken can always be asked.
    """
    try:
        text = (_PROCESSES / str(number) / "stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None if _is_taken(number) else ""
    fields = text.rpartition(")")[2].split()
    state, start = (fields[index] for index in _STATE_AND_START)
    return "" if state in "ZX" else start  # a zombie holds nothing any more


def _is_taken(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # somebody else's
    return True
