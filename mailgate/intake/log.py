"""One line of the log for each event at the wire; never the content of a mail."""

import logging

LOG = logging.getLogger("mailgate.intake")
_LONGEST = 200


def event(name: str, level: int = logging.INFO, /, **values: object) -> None:
    """Log `name key=value …`. Texts of clients are quoted, so that they start no line of their own (threats IN-06)."""
    if not LOG.isEnabledFor(level):
        return
    line = " ".join((name, *(f"{key}={_shown(value)}" for key, value in values.items())))
    LOG.log(level, "%s", line, extra={"event": name, "values": values})


def _shown(value: object) -> str:
    if isinstance(value, int | float):
        return str(value)
    text = str(value)[:_LONGEST]
    return text if text.isascii() and text.isprintable() and not set(' "=') & set(text) and text else ascii(text)
