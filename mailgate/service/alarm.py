"""Tell the operator what is broken and will not mend itself: in the log, and by mail where `[desk] operator` is set."""

import logging
from collections.abc import Callable
from datetime import datetime

from mailgate.config import Settings
from mailgate.core.desk.key import message_id
from mailgate.core.desk.notice import AutoSubmitted, Notice, Template
from mailgate.core.desk.plan import Plan, Stamp
from mailgate.core.mail.mail import Mailbox
from mailgate.service.context import random_keys
from mailgate.store import apply
from mailgate.store.engine import Database
from mailgate.store.errors import StoreError

_LOG = logging.getLogger(__name__)


def alarm(
    settings: Settings,
    database: Database,
    what: str,
    why: str,
    *,
    now: datetime,
    keys: Callable[[int], tuple[str, ...]] = random_keys,
) -> None:
    """One mail an hour about the same thing. `what` names the part that is broken, `why` is one line of ours.

    Never raises for a database that is away: the log has it then.
    """
    _LOG.error("the operator has to look", extra={"fields": {"part": what, "why": why}})
    address = settings.desk.operator
    if address is None:
        return
    policy = settings.policy()
    notice = Notice(
        effect=f"alarm:{what}:{now:%Y-%m-%dT%H}",
        template=Template.ALARM,
        to=Mailbox("", address),
        language=policy.languages[0],
        department=policy.default_department.name,
        ticket=None,
        message_id=message_id(keys(1)[0], None, policy.domain),
        auto_submitted=AutoSubmitted.GENERATED,
        values={"part": what, "why": why, "since": now.isoformat()},
    )
    plan = Plan("alarm", why, None, notices=(notice,))
    stamp = Stamp(now, 0, ())
    try:
        database.decide(lambda session: apply.apply_plan(session, plan, inbound_id=None, stamp=stamp, actor="mailgate"))
    except StoreError:
        _LOG.exception("the operator could not be written to")
