"""A Maildir: one file a mail, in `new` and `cur`. It is only read; a mail program may use it meanwhile."""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from mailgate.intake.history import TOO_LARGE, Found, NotAnArchive

_ALONE = re.compile(rb"(?<!\r)\n")
_FOLDERS = ("new", "cur")


class Maildir:
    """The mails of a folder, the oldest name first. `total` and the positions count mails."""

    def __init__(self, folder: Path, limit: int) -> None:
        """Raises NotAnArchive where the folder is none, OSError where it cannot be read."""
        if not all((folder / name).is_dir() for name in _FOLDERS):
            raise NotAnArchive(
                "no Maildir: it needs the folders `new` and `cur`; each subfolder is a Maildir by itself"
            )
        self._folder = folder
        self._limit = limit
        names = [(entry.name, part) for part in _FOLDERS for entry in os.scandir(folder / part) if not entry.is_dir()]
        self._names = sorted(item for item in names if not item[0].startswith("."))  # names begin with the time
        self.total = len(self._names)

    def __iter__(self) -> Iterator[Found]:
        """Files that are gone meanwhile are told of and left out; NotAnArchive where one may not be read."""
        for position, (name, part) in enumerate(self._names, 1):
            where = f"{part}/{name}"
            try:
                yield self._read(where, position)
            except PermissionError as error:
                raise NotAnArchive(f"{where} may not be read; root works as the owner of the database here") from error
            except OSError as error:
                yield Found(where, None, 0, position, f"it cannot be read: {error.strerror}")

    def _read(self, where: str, position: int) -> Found:
        handle = os.open(self._folder / where, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            told = os.fstat(handle)
            if not stat.S_ISREG(told.st_mode):
                return Found(where, None, 0, position, "it is no file")
            raw = _ALONE.sub(b"\r\n", file.read(self._limit + 1))
        if len(raw) > self._limit:
            return Found(where, None, max(told.st_size, len(raw)), position, TOO_LARGE)
        return Found(where, raw, len(raw), position)
