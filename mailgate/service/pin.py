"""Support PINs: checked in the deciding transaction against the accounts that the mail can be about.

A PIN is tried for the author's own account and for those that the mail names, never for all: eight digits are few.
"""

from datetime import datetime, timedelta

from mailgate.core.desk.case import PinFact
from mailgate.core.desk.pin import STEP_SECONDS, matching_step
from mailgate.core.who.identity import Account, Identity
from mailgate.store.engine import Session
from mailgate.store.facts import pin_tries
from mailgate.store.pins import secret_of

_WINDOW = timedelta(hours=1)
_USABLE = timedelta(seconds=2 * STEP_SECONDS)
_MOST_PER_ACCOUNT = 5
_MOST_PER_DESK = 50
_MOST_ACCOUNTS = 3


def pin_fact(
    session: Session,
    pin: str | None,
    identity: Identity,
    named: tuple[Account, ...],
    *,
    came: datetime,
    now: datetime,
) -> PinFact | None:
    """What a PIN in the mail is worth; None where there is none. It has to be right for when the mail `came`.

    Five wrong ones an hour for an account, or fifty for the desk, and no PIN counts until the hour is over. One that
    was used before is worth nothing, but it is no guess either: whoever goes on from the own sent mail repeats it.
    """
    if pin is None:
        return None
    own = (identity.account,) if identity.account is not None else ()
    accounts = tuple({account.number: account for account in (*own, *named)}.values())[:_MOST_ACCOUNTS]
    if pin_tries(session, "", now - _WINDOW).desk_failures >= _MOST_PER_DESK:
        return PinFact(blocked=True)
    tried: tuple[str, ...] = ()
    blocked = False
    for account in accounts:
        if pin_tries(session, account.number, now - _WINDOW).account_failures >= _MOST_PER_ACCOUNT:
            blocked = True
            continue
        tried = (*tried, account.number)
        secret = secret_of(session, account.number)
        step = matching_step(pin, secret, came) if secret is not None else None
        if step is None:
            continue
        if step in pin_tries(session, account.number, came - _USABLE).used_steps:
            return PinFact(tried, spent=True)
        return PinFact(tried, account, step)
    return PinFact(tried, blocked=blocked)
