"""The support PIN: RFC 6238 with eight digits and a step of one hour, for customers whose own mail is down.

`PIN 12345678` in the subject or the first lines. The PIN is hidden in everything that is stored as text or goes out.
"""

import hashlib
import hmac
import re
from datetime import datetime

STEP_SECONDS = 3600
DIGITS = 8
_FIRST_LINES = 10
_PIN = re.compile(r"\bpin\b[ \t]{0,3}[:=#]?[ \t]{0,3}(\d{4}[ \t-]?\d{4})\b", re.IGNORECASE)
HIDDEN = "PIN ********"


def find_pin(subject: str | None, text: str) -> str | None:
    """The eight digits of the first PIN in the subject or the first ten lines; None where there is none."""
    lines = [(subject or "")[:1000], *(line[:1000] for line in text.split("\n", _FIRST_LINES)[:_FIRST_LINES])]
    for line in lines:
        if found := _PIN.search(line):
            return re.sub(r"[ \t-]", "", found.group(1))
    return None


def hide_pins(text: str) -> str:
    """The text with every PIN replaced, wherever it stands: quotes and subjects carry it on."""
    return _PIN.sub(HIDDEN, text)


def pin_at(secret: bytes, step: int) -> str:
    """The PIN of a time step (RFC 6238 §4.2, RFC 4226 §5.3; HMAC-SHA-1 as authenticator apps have it)."""
    digest = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def step_of(moment: datetime) -> int:
    """The time step that a moment lies in."""
    return int(moment.timestamp()) // STEP_SECONDS


def matching_step(pin: str, secret: bytes, moment: datetime) -> int | None:
    """The step whose PIN it is, of this hour or the one before; None where it is wrong. Compared in constant time."""
    now = step_of(moment)
    for step in (now, now - 1):
        if hmac.compare_digest(pin, pin_at(secret, step)):
            return step
    return None
