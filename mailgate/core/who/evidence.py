"""Evidence about a message, and the grade that it earns (docs/policy.md, "Assurance").

The auth room fills `Evidence`; `grade` is pure and the only place that turns it into an `Assurance`.
"""

from dataclasses import dataclass
from enum import StrEnum


class Assurance(StrEnum):
    """How sure we are that the author is who From says."""

    REFUTED = "refuted"
    UNPROVED = "unproved"
    PROVED = "proved"
    CONFIRMED = "confirmed"

    def exceeds(self, other: "Assurance") -> bool:
        """True where this grade is the surer one."""
        order = list(Assurance)
        return order.index(self) > order.index(other)


class Proof(StrEnum):
    """`[identity] proof`: what proves an author."""

    DKIM = "dkim"
    DMARC = "dmarc"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class AuthSettings:
    """What the gathering of evidence needs to know of the configuration.

    `authserv_ids` are the names under which our own border reports (RFC 8601); `received_above` is how many `Received:`
    fields of our own systems stand above its results; `timeout` is for all DNS queries of a message, in seconds.
    """

    authserv_ids: tuple[str, ...] = ()
    received_above: int = 0
    timeout: float = 10.0


@dataclass(frozen=True, slots=True)
class DkimResult:
    """One signature (RFC 6376). `result` as RFC 8601 §2.7.1; `counts` is True only where it verifies and proves.

    `why` says in one line what was wrong or why it does not count. `signed_fields` are the names in lower case of the
    header fields of which every instance is signed. `weak` marks a flaw (l=, t=y, SHA-1, a short key, expired, From
    not signed) for which it proves nothing, whoever verified it.
    """

    domain: str
    selector: str
    result: str
    aligned: bool
    counts: bool
    why: str = ""
    algorithm: str = ""
    signed_fields: tuple[str, ...] = ()
    weak: bool = False


@dataclass(frozen=True, slots=True)
class SpfResult:
    """RFC 7208 result for `domain`, taken from the reverse-path (`mailfrom`) or from HELO (`helo`)."""

    result: str
    domain: str
    scope: str
    aligned: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class DmarcResult:
    """RFC 9989. `result` is pass, fail, none, temperror or permerror; `policy` what the record asks for."""

    result: str
    domain: str
    policy: str | None
    record_domain: str | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class AuthservMethod:
    """One result of a trusted Authentication-Results field (RFC 8601 §2.2): method, result, properties.

    Names are `ptype.property`, as in `header.d`. `aligned` is True where the domain that was looked at is aligned
    with the author's (for `dmarc`: is the author's).
    """

    method: str
    result: str
    properties: tuple[tuple[str, str], ...] = ()
    aligned: bool = False

    def value(self, name: str) -> str | None:
        """The property of that name; "" where several values are stated: one of them was smuggled in."""
        stated = {value for key, value in self.properties if key == name}
        return "" if len(stated) > 1 else next(iter(stated), None)


@dataclass(frozen=True, slots=True)
class AuthservResult:
    """The results of one configured authserv-id, found inside our boundary."""

    authserv_id: str
    methods: tuple[AuthservMethod, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that was found out about who sent a message.

    `spf` is None where no client address is known; `dns_trouble` names lookups that gave neither yes nor no.
    `local` marks what came by the command line or `intake stdin`.
    """

    author_domain: str | None
    spf: SpfResult | None = None
    dkim: tuple[DkimResult, ...] = ()
    dmarc: DmarcResult | None = None
    authserv: AuthservResult | None = None
    dns_trouble: tuple[str, ...] = ()
    local: bool = False


@dataclass(frozen=True, slots=True)
class Grade:
    """The assurance of a message and its reason in one line.

    `signed_to_us`: our address stands in a signed To or Cc and Date is within seven days, so that a genuine mail was
    not replayed (threats ID-22).
    """

    assurance: Assurance
    why: str
    signed_to_us: bool = False
