"""Names for what came in: short, sorted by time, and not to be guessed."""

import base64
import os
import time

_RANDOM = 4


def new_id() -> str:
    """`m` and 16 letters and digits: 48 bits of milliseconds, 32 random bits, in an order-keeping base32."""
    return envelope_id(time.time_ns() // 1_000_000, os.urandom(_RANDOM))


def envelope_id(milliseconds: int, noise: bytes) -> str:
    """The id of a moment (since 1970) and four random bytes (RFC 4648 §7 keeps the order of the bytes)."""
    return "m" + base64.b32hexencode(milliseconds.to_bytes(6, "big") + noise).decode("ascii").lower()
