"""What a reply of the next hop means for a mail, and for all others. Pure."""

import re

from mailgate.courier.courier import Deferred, Failed, Outcome, Sent, Stopped, Unreachable

_LOGIN = frozenset({530, 534, 535, 538})  # RFC 4954 §6: about our login, not about this mail
_CLOSING = 421  # RFC 5321 §3.8: the server ends the session
_ABOUT_THIS_MAIL = frozenset({552, 555})  # at MAIL: too large, a parameter that is not known
_STATUS = re.compile(r"[245]\.([0-9]{1,3})\.[0-9]{1,3}\b")  # RFC 3463 §2; §3.8: x.7.x is policy
_POLICY = "7"
# What servers without enhanced status codes write when they refuse a sender, not a recipient or a text.
_WORDS = ("policy", "blocked", "blacklist", "blocklist", "relay", "not allowed", "not authorized", "authentication")


def of_reply(stage: str, code: int, message: str) -> Outcome:
    """The outcome of a reply to `stage`: "MAIL", "RCPT", "DATA", or "." after the text."""
    text = line(f"{code} {message}")
    if code in _LOGIN:
        return Stopped(text)
    if code == _CLOSING:
        return Unreachable(text) if stage == "MAIL" else Deferred(text)
    if 500 <= code < 600:
        return Failed(text, about_us=_speaks_of_us(stage, code, message))
    if stage == "." and 200 <= code < 300:
        return Sent(text)
    return Deferred(text)


def _speaks_of_us(stage: str, code: int, message: str) -> bool:
    if stage == "MAIL" and code not in _ABOUT_THIS_MAIL:
        return True
    status = _STATUS.match(message)
    if status is not None:
        return status[1] == _POLICY
    lower = message[:1000].lower()
    return any(word in lower for word in _WORDS)


def of_greeting(code: int, message: str) -> Outcome:
    """The outcome of a refusal before any mail: 5xx says that nothing of ours is wanted (RFC 5321 §3.1)."""
    text = line(f"the next hop does not talk to us: {code} {message}")
    return Stopped(text) if 500 <= code < 600 else Unreachable(text)


def line(text: str) -> str:
    """A reply as one line without controls, for the outbox row and the log."""
    return " ".join("".join(char if char.isprintable() else " " for char in text[:1000]).split())
