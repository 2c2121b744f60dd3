"""Which use case does the work of which `action` of `[[jobs]]`."""

from collections.abc import Mapping
from types import MappingProxyType

from mailgate.config.desk import JobAction
from mailgate.service.jobs import Action
from mailgate.service.waiting import close_waiting, remind

ACTIONS: Mapping[JobAction, Action] = MappingProxyType(
    {
        JobAction.REMIND: remind,
        JobAction.CLOSE_WAITING: close_waiting,
    }
)
