"""Replay: a mail that failed or was quarantined is decided again by the present code."""

from typing import Any

from mailgate.service.context import Context
from mailgate.service.process import process
from mailgate.store import inbound
from mailgate.store.messages import show_message


def replay(context: Context, mail_id: str) -> dict[str, Any] | None:
    """Run one mail again, alone; returns its row as `message show` has it, None where there is no such mail to replay.

    Only mail that was put aside is run: what was decided once stays decided, or a customer would hear twice.
    """
    if not context.database.write(lambda session: inbound.requeue(session, mail_id)):
        return None
    process(context, mail_id, alone=True)
    return context.database.read(lambda session: show_message(session, mail_id))
