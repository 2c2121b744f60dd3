"""The breaker of automatic mail: the operator hears once that it opened, and once that it closed (threats BS-03). Pure.

These mails belong to no pool: the breaker cannot hold them back, and they are one an opening.
"""

from datetime import datetime

from mailgate.core.desk.case import Policy
from mailgate.core.desk.key import message_id
from mailgate.core.desk.notice import AutoSubmitted, Notice, Template
from mailgate.core.desk.plan import BreakerClosed, BreakerOpen
from mailgate.core.mail.gate import Pool
from mailgate.core.mail.mail import Mailbox

BREAKER = "breaker"


def opened(event: BreakerOpen, policy: Policy, key: str, now: datetime) -> tuple[Notice, ...]:
    """What the operator reads when the breaker of a pool opens; nothing where it was told of, or there is none."""
    return _notice(event.pool, policy, key, now, withheld=None) if event.first else ()


def closed(event: BreakerClosed, policy: Policy, key: str, now: datetime) -> tuple[Notice, ...]:
    """What the operator reads when nothing of a pool was withheld for an hour."""
    return _notice(event.pool, policy, key, now, withheld=event.withheld)


def _notice(pool: Pool, policy: Policy, key: str, now: datetime, *, withheld: int | None) -> tuple[Notice, ...]:
    if policy.operator is None:
        return ()
    what = "opened" if withheld is None else "closed"
    notice = Notice(
        effect=f"{BREAKER}:{pool}:{what}:{now:%Y-%m-%dT%H:%M:%S}",
        template=Template.BREAKER,
        to=Mailbox("", policy.operator),
        language=policy.languages[0],
        department=policy.default_department.name,
        ticket=None,
        message_id=message_id(key, None, policy.domain),
        auto_submitted=AutoSubmitted.GENERATED,
        values={
            "pool": pool.value,
            "closed": withheld is not None,
            "withheld": withheld,
            "limit": policy.receipts.desk_per_hour,
            "since": now.isoformat(),
        },
    )
    return (notice,)
