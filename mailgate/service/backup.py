"""The job `backup`: a new file in `[backup] folder`, checked and synced; then the oldest ones go."""

from pathlib import Path

from mailgate.service.jobs import JobError, Run
from mailgate.store.backup import BackupFailed, backup

_PREFIX = "mailgate-"


def make_backup(run: Run) -> str:
    """Copy the database to a file named after the time. Raises JobError where that does not work."""
    desk, keep = run.desk, run.desk.settings.backup
    suffix = ".dump" if desk.database.is_postgres else ".db"
    target = keep.folder / f"{_PREFIX}{desk.now():%Y%m%dT%H%M%SZ}{suffix}"
    try:
        keep.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        size = backup(desk.settings.database.connection_url(), target, alive=run.keep)
        removed = _thin_out(keep.folder, suffix, keep.keep)
    except (BackupFailed, OSError) as error:
        raise JobError(str(error)) from error
    return f"{target.name}, {size / 1_000_000:.1f} MB; {removed} older ones removed"


def _thin_out(folder: Path, suffix: str, keep: int) -> int:
    """Remove all but the newest; the names sort by time, and nothing else in the folder is touched."""
    ours = sorted(folder.glob(f"{_PREFIX}????????T??????Z{suffix}"), reverse=True)
    for path in ours[keep:]:
        path.unlink()
    return len(ours[keep:])
