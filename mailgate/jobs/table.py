"""Which use case does the work of which `action` of `[[jobs]]`."""

from collections.abc import Mapping
from types import MappingProxyType

from mailgate.config.desk import JobAction
from mailgate.service.backup import make_backup
from mailgate.service.digest import digest
from mailgate.service.holds import expire_holds
from mailgate.service.jobs import Action
from mailgate.service.retention import retain
from mailgate.service.sweep import sweep_now
from mailgate.service.waiting import close_waiting, remind

ACTIONS: Mapping[JobAction, Action] = MappingProxyType(
    {
        JobAction.DIGEST: digest,
        JobAction.REMIND: remind,
        JobAction.CLOSE_WAITING: close_waiting,
        JobAction.EXPIRE_HOLDS: expire_holds,
        JobAction.RETENTION: retain,
        JobAction.BACKUP: make_backup,
        JobAction.SWEEP: sweep_now,
    }
)
