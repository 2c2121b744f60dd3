"""The inside of the jail: a process that reads mails from stdin and writes each as JSON to stdout, within limits.

Frames: 8 bytes of length and the mail in; one byte of outcome, 8 bytes of length and the payload out. Started by
`jail.Jail` as `python -m mailgate.parse.worker`; nothing else speaks to it.
"""

import os
import resource
import struct
import sys
from typing import BinaryIO, Final

from pydantic import TypeAdapter

from mailgate.core.mail.mail import ParsedMail
from mailgate.parse.errors import TooComplex
from mailgate.parse.message import parse

CPU_SECONDS: Final = 10  # for one mail
MEMORY_BYTES: Final = 512 * 1024 * 1024  # address space of the process
MAX_OUTPUT: Final = 32 * 1024 * 1024
LENGTH: Final = struct.Struct(">Q")
READ, REFUSED, EXHAUSTED, FAILED = b"r", b"c", b"m", b"x"
CODEC: Final[TypeAdapter[ParsedMail]] = TypeAdapter(ParsedMail)


def confine() -> None:
    """Bind this process for good: memory, no files to write, no core dumps, no further processes to its name."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))


def allow_cpu() -> None:
    """Give the next mail its time. Beyond it the kernel ends the process by SIGXCPU."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (used + CPU_SECONDS, hard))


def answer(raw: bytes) -> tuple[bytes, bytes]:
    """Outcome and payload for one mail."""
    try:
        payload = CODEC.dump_json(parse(raw))
    except TooComplex as error:
        return REFUSED, str(error).encode()
    except MemoryError:
        return EXHAUSTED, b"over the limit of memory"
    except Exception as error:  # noqa: BLE001 - handed to the caller, who counts the attempts
        return FAILED, f"{type(error).__name__}: {error}"[:500].encode("utf-8", "replace")
    if len(payload) > MAX_OUTPUT:
        return REFUSED, b"result too large"
    return READ, payload


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer mail after mail until the other side closes."""
    while True:
        head = source.read(LENGTH.size)
        if len(head) < LENGTH.size:
            return
        wanted = LENGTH.unpack(head)[0]
        allow_cpu()
        raw = source.read(wanted)
        if len(raw) < wanted:
            return
        outcome, payload = answer(raw)
        del raw
        sink.write(outcome + LENGTH.pack(len(payload)))
        sink.write(payload)
        sink.flush()


def main() -> None:
    """Serve on stdin and stdout; whatever else prints goes nowhere."""
    sink = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    confine()
    serve(sys.stdin.buffer, sink)


if __name__ == "__main__":
    main()
