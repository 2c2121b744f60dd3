"""The Maildir courier: outgoing mail as files, for trying out and for hosts that pick mail up by themselves.

The file name is made from the Message-ID, so that a repeat after a crash replaces its first copy instead of adding one.
"""

import asyncio
import hashlib
import os
from pathlib import Path

from mailgate.courier.courier import Outcome, Parcel, Sent, Unreachable


class MaildirCourier:
    """Writes each parcel to `tmp/`, syncs it, and moves it to `new/`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, parcel: Parcel) -> Outcome:
        """Store a parcel durably; a full or missing disk is waited for."""
        return await asyncio.to_thread(self._store, parcel)

    async def close(self) -> None:
        """Nothing is held open."""

    def _store(self, parcel: Parcel) -> Outcome:
        name = f"{hashlib.sha256(parcel.message_id.encode()).hexdigest()[:32]}.mailgate"
        head = f"Return-Path: <{parcel.reverse_path}>\r\nDelivered-To: {parcel.recipient}\r\n".encode()
        try:
            for part in ("tmp", "new", "cur"):
                (self._folder / part).mkdir(parents=True, exist_ok=True, mode=0o700)
            draft, final = self._folder / "tmp" / name, self._folder / "new" / name
            _write_synced(draft, head + parcel.raw)
            draft.replace(final)
            _sync_folder(self._folder / "new")
        except OSError as error:
            return Unreachable(f"the Maildir {self._folder} cannot be written: {error.strerror}")
        return Sent(f"stored as new/{name}")


def _write_synced(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
