"""The support PIN of an account, for the operator's customer panel: the PIN of this hour and the otpauth URI."""

import base64
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from mailgate.core.desk.pin import DIGITS, STEP_SECONDS, pin_at, step_of
from mailgate.store.engine import Database
from mailgate.store.pins import keep_secret

_SECRET_BYTES = 20  # RFC 4226 §4 R6 asks for 16 at least and recommends 20


@dataclass(frozen=True, slots=True)
class SupportPin:
    """The PIN of now; it is taken until `valid_until` (the step after its own still takes it)."""

    pin: str
    valid_until: datetime
    otpauth: str


def support_pin(database: Database, number: str, desk: str, now: datetime) -> SupportPin | None:
    """The PIN of an account; its secret is made at the first call. None where there is no such account."""
    fresh = secrets.token_bytes(_SECRET_BYTES)
    secret = database.write(lambda session: keep_secret(session, number, fresh))
    if secret is None:
        return None
    step = step_of(now)
    until = datetime.fromtimestamp((step + 2) * STEP_SECONDS, UTC)
    return SupportPin(pin_at(secret, step), until, _uri(secret, desk, number))


def _uri(secret: bytes, desk: str, number: str) -> str:
    """What authenticator apps read from a QR code."""
    values = {
        "secret": base64.b32encode(secret).decode("ascii").rstrip("="),
        "issuer": desk,
        "algorithm": "SHA1",
        "digits": DIGITS,
        "period": STEP_SECONDS,
    }
    return f"otpauth://totp/{quote(f'{desk}:{number}')}?{urlencode(values, quote_via=quote)}"
