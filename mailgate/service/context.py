"""What the use cases work with. Made once by `app.py`; tests make their own with a fixed clock and seeded keys."""

import base64
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from mailgate.core.desk.case import Policy
from mailgate.core.desk.inform import KEYS_AN_AGENT
from mailgate.core.desk.key import KEY_LENGTH
from mailgate.core.mail.envelope import Envelope
from mailgate.core.mail.mail import ParsedMail
from mailgate.core.who.evidence import Evidence
from mailgate.core.who.recognition import RequestRules
from mailgate.core.who.references import ReferencePatterns
from mailgate.store.engine import Database

_KEYS_FOR_CUSTOMERS = 96  # two for each notice: ten owners asked, or twenty participants answered, and room


class Parser(Protocol):
    """Bytes to a value; see `parse.jail.Jail`."""

    def parse(self, raw: bytes) -> ParsedMail:
        """Raises TooComplex or ParseCrash."""
        ...


class EvidenceSource(Protocol):
    """Who sent it; see `auth.gather.Gatherer`."""

    def gather(self, envelope: Envelope, mail: ParsedMail) -> Evidence:
        """Asks DNS; called outside any transaction."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """The parts that a use case needs. `agents` maps canonical addresses to names; `owed` wakes the outbox."""

    database: Database
    parser: Parser
    evidence: EvidenceSource
    policy: Policy
    rules: RequestRules
    patterns: ReferencePatterns
    agents: Mapping[str, str]
    now: Callable[[], datetime]
    keys: Callable[[int], tuple[str, ...]]
    owed: Callable[[], None]


def keys_of_a_plan(policy: Policy) -> int:
    """How many fresh keys a plan may need: each agent may be told twice, of what happened and of what came of it."""
    return _KEYS_FOR_CUSTOMERS + 2 * KEYS_AN_AGENT * len(policy.agents)


def keys_for_agents(policy: Policy) -> int:
    """How many fresh keys a notice to the agents of a ticket may need."""
    return KEYS_AN_AGENT * len(policy.agents)


def utc_now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


def random_keys(count: int) -> tuple[str, ...]:
    """Fresh keys: 130 random bits each, as 26 base32 characters in lower case."""
    return tuple(_key() for _ in range(count))


def _key() -> str:
    return base64.b32encode(secrets.token_bytes(17)).decode("ascii").lower()[:KEY_LENGTH]


def new_inbound_id(now: datetime) -> str:
    """An id for a mail: sorts by time to the second, ends in 50 random bits; eighteen characters."""
    stamp = int(now.timestamp()).to_bytes(5, "big")
    return f"m{base64.b32hexencode(stamp).decode('ascii').lower()[:8]}{_key()[:10]}"
