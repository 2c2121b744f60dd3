"""How the desk signs and addresses its mail, from the configuration."""

from mailgate.config import Settings
from mailgate.core.desk.guard import guard_of
from mailgate.render.compose import Desk


def desk_of(settings: Settings) -> Desk:
    """The desk as `compose` wants it: the first address of a department is its public one."""
    return Desk(
        name=settings.desk.name,
        domain=settings.desk.domain,
        timezone=settings.desk.timezone,
        subject_tag=settings.desk.subject_tag,
        delimiter=settings.desk.delimiter,
        addresses={item.name: item.addresses[0] for item in settings.departments},
        guard=guard_of(settings.policy()),
    )
