"""What goes along with a mail of ours, and the last look at all of it before its bytes are stored."""

from collections.abc import Sequence

from mailgate.core.desk.guard import Guard
from mailgate.core.desk.notice import Notice
from mailgate.parse.errors import TooComplex
from mailgate.parse.message import part_bytes
from mailgate.render.compose import Enclosure
from mailgate.store import inbound
from mailgate.store.engine import Database


class Withheld(Exception):
    """A mail that must not go out as it is; the message says why, and what to do."""


def enclosures(database: Database, notice: Notice) -> tuple[Enclosure, ...]:
    """The attachments of a notice, taken from the raw mails that they came with. Raises Withheld where one is gone."""
    names = dict.fromkeys(item.inbound for item in notice.attachments)
    raws = database.read(lambda session: {name: inbound.load_envelope(session, name) for name in names})
    found = []
    for item in notice.attachments:
        envelope = raws[item.inbound]
        try:
            content = part_bytes(envelope.raw, item.part) if envelope is not None else None
        except (KeyError, TooComplex):
            content = None
        if content is None:
            raise Withheld(f"the attachment {item.filename} is not there any more; `outbox drop`, and write once more")
        found.append(Enclosure(item.filename, item.content_type, content))
    return tuple(found)


def check_leaks(guard: Guard, notice: Notice, text: str, files: Sequence[Enclosure]) -> None:
    """The guard over a finished mail to somebody outside the desk: its text, and the files that go along.

    Raises Withheld where something would leave that must stay inside.
    """
    if notice.agent is not None:
        return
    allowed = {key for key in (notice.reply_key, notice.bounce_key) if key is not None}
    looked_at = [text, *(item.filename for item in files), *(item.content.decode("latin-1") for item in files)]
    found = [leak for one in looked_at for leak in guard.leaks(one, allowed=allowed)]
    if found:
        what = ", ".join(dict.fromkeys(f"{leak.secret.value} {leak.shown}" for leak in found))
        raise Withheld(f"it would let out what must stay inside ({what}); `outbox drop`, and write once more")
