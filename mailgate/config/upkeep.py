"""The tables that say what jobs keep: how long raw mails stay, and where backups go."""

from mailgate.config.base import Count, Table, key
from mailgate.config.values import ConfigPath, Duration


class Retention(Table):
    """How long bytes are kept (a job with the action `retention`). Tickets, entries and the log always stay."""

    closed: Duration = key("Raw mails of a ticket, and ours in it, are removed when it has been closed for.", "730d")
    unfiled: Duration = key("Raw mails that led to no ticket (ignored ones, say) are removed after.", "90d")


class Backup(Table):
    """Where the job with the action `backup` writes to."""

    folder: ConfigPath = key("Folder of the backups; better on another disk, and copied away from there.", "var/backup")
    keep: Count = key("So many of the newest stay; older ones of this desk are removed after a new one is whole.", 7)
