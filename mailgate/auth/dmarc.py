"""DMARC by RFC 9989: record, organisational domain by tree walk, alignment, result.

There is no list of public suffixes here: the domain owners say in DNS where an organisation ends (§4.10). A domain
without any record is its own organisation, so only the very same domain is aligned with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from mailgate.auth.resolver import DnsTroubleError, Lookups
from mailgate.core.who.address import is_shared_domain
from mailgate.core.who.evidence import DkimResult, DmarcResult, SpfResult

MAX_WALK = 8  # queries of one walk, RFC 9989 §4.10
MAX_RECORD = 4096  # octets; more is no policy record
_POLICIES = ("none", "quarantine", "reject")


@dataclass(frozen=True, slots=True)
class Record:
    """One policy record (§4.7), read for the domain that publishes it. `policy` is p=, never None: see `parse`."""

    domain: str
    policy: str
    subdomains: str | None
    nonexistent: str | None
    strict_dkim: bool
    strict_spf: bool
    public_suffix: str  # y, n or u
    test: bool


@dataclass(frozen=True, slots=True)
class Discovery:
    """What DNS says about the author's domain. `record` is None where DMARC does not apply.

    After DNS trouble `trouble` is True and nothing else is known: only the same domain is then aligned.
    """

    domain: str
    organisation: str
    record: Record | None = None
    policy: str | None = None
    trouble: bool = False


def parse(domain: str, text: bytes) -> Record | None:
    """A policy record, None where the text is none or may not be applied (§4.7, §4.8).

    A record whose p=, sp= or np= is missing or wrong counts as p=none where it asks for reports, and else not at all.
    """
    tags = _tags(text)
    if tags is None:
        return None
    policy, sub, missing = tags.get("p", ""), tags.get("sp"), tags.get("np")
    if policy not in _POLICIES or any(p is not None and p not in _POLICIES for p in (sub, missing)):
        if "mailto:" not in tags.get("rua", "") and "https:" not in tags.get("rua", ""):
            return None
        policy, sub, missing = "none", None, None
    suffix = tags.get("psd", "u")
    return Record(
        domain=domain,
        policy=policy,
        subdomains=sub,
        nonexistent=missing,
        strict_dkim=tags.get("adkim") == "s",
        strict_spf=tags.get("aspf") == "s",
        public_suffix=suffix if suffix in ("y", "n") else "u",
        test=tags.get("t") == "y",
    )


def _tags(text: bytes) -> dict[str, str] | None:
    """Names and values in lower case, the first of a name counting; None for what is no DMARC record at all."""
    version, _, rest = text[:MAX_RECORD].decode("ascii", "replace").partition(";")
    name, _, value = version.partition("=")
    if name.strip() != "v" or value.strip() != "DMARC1":  # case matters here, §4.8
        return None
    tags: dict[str, str] = {}
    for item in rest.split(";"):
        key, equals, content = item.partition("=")
        if equals:
            tags.setdefault(key.strip().lower(), content.strip().lower())
    return tags


def walk(domain: str, lookups: Lookups) -> tuple[Record, ...]:
    """The records from the domain upwards, the longest name first (§4.10). Raises `DnsTroubleError`."""
    labels = domain.split(".")
    names = [domain]
    names += [".".join(labels[-count:]) for count in range(min(len(labels) - 1, MAX_WALK - 1), 0, -1)]
    found: list[Record] = []
    for name in names:
        texts = lookups.txt(f"_dmarc.{name}")
        records = [record for record in (parse(name, text) for text in texts) if record is not None]
        if len(records) == 1:  # several are none
            found.append(records[0])
            if records[0].public_suffix != "u":
                break
    return tuple(found)


def organisation(domain: str, records: Iterable[Record]) -> str:
    """The organisational domain of `domain`, from the records of its walk (§4.10.2)."""
    chosen = domain
    for record in records:
        if record.public_suffix == "n":
            return record.domain
        if _is_public_suffix(record) and record.domain != domain:
            below = domain.removesuffix("." + record.domain).rpartition(".")[2]
            return f"{below}.{record.domain}"
        chosen = record.domain
    return chosen


def _is_public_suffix(record: Record) -> bool:
    """Whether strangers have the names below: it says so, or everybody knows although it does not.

    Otherwise all customers of such a domain were one organisation as soon as it published a policy.
    """
    return record.public_suffix == "y" or (record.public_suffix == "u" and is_shared_domain(record.domain))


def discover(domain: str, lookups: Lookups) -> Discovery:
    """The policy that applies to an author's domain (§4.10.1). DNS trouble is a value here."""
    try:
        records = walk(domain, lookups)
        org = organisation(domain, records)
        record = _applicable(domain, org, records)
        policy = None if record is None else _policy(domain, record, lookups)
    except DnsTroubleError:
        return Discovery(domain, domain, trouble=True)
    return Discovery(domain, org, record, policy)


def _applicable(domain: str, org: str, records: tuple[Record, ...]) -> Record | None:
    """The author's domain's own record, else its organisation's, else that of the public suffix above."""
    by_name = {record.domain: record for record in records}
    suffix = next((record for record in records if _is_public_suffix(record)), None)
    return by_name.get(domain) or by_name.get(org) or suffix


def _policy(domain: str, record: Record, lookups: Lookups) -> str:
    """What the record asks for this domain; in test mode (t=y) one step less than it says (§4.7)."""
    asked = record.policy
    if record.domain != domain:
        asked = record.subdomains or record.policy
        if record.nonexistent is not None and not lookups.exists(domain):
            asked = record.nonexistent
    return _POLICIES[max(0, _POLICIES.index(asked) - 1)] if record.test else asked


class Alignment:
    """Whether authenticated domains are aligned with one author's (§4.4). Domains as canonical A-labels.

    `trouble` is True after DNS did not say to which organisation a domain belongs: it counts as not aligned then, but
    nothing may be held against the author.
    """

    def __init__(self, author: Discovery, lookups: Lookups) -> None:
        self.trouble = False
        self._author = author
        self._lookups = lookups
        self._organisations: dict[str, str | None] = {}

    def holds(self, identifier: str, *, strict: bool = False) -> bool:
        """Relaxed alignment needs one organisation: it stands above both, so a domain elsewhere is never asked for."""
        author = self._author
        if identifier == author.domain:
            return True
        if strict or author.trouble or not f".{identifier}".endswith(f".{author.organisation}"):
            return False
        if identifier not in self._organisations:
            self._organisations[identifier] = self._organisation_of(identifier)
        return self._organisations[identifier] == author.organisation

    def _organisation_of(self, identifier: str) -> str | None:
        try:
            return organisation(identifier, walk(identifier, self._lookups))
        except DnsTroubleError:
            self.trouble = True
            return None


def evaluate(
    author: Discovery, spf: SpfResult | None, signatures: tuple[DkimResult, ...], *, trouble: bool = False
) -> DmarcResult:
    """The DMARC result (§5.3). It fails only where SPF and DKIM were both evaluated and neither passed aligned.

    `spf` is None where no client address is known: then there is a pass by DKIM or no result. `trouble` is that of the
    alignment.
    """
    record = author.record
    domain, where = author.domain, None if record is None else record.domain
    if author.trouble:
        return DmarcResult("temperror", domain, None, None, "DNS gave no answer about the policy")
    if record is None:
        return DmarcResult("none", domain, None, None, "no policy is published")
    by_dkim = [one for one in signatures if one.aligned]
    if any(one.result == "pass" for one in by_dkim):
        return DmarcResult("pass", domain, author.policy, where, "an aligned signature passes")
    if spf is not None and spf.aligned and spf.result == "pass":
        return DmarcResult("pass", domain, author.policy, where, "aligned SPF passes")
    if trouble or any(one.result == "temperror" for one in by_dkim):
        return DmarcResult("temperror", domain, author.policy, where, "DNS gave no answer about a signing domain")
    if spf is None:
        return DmarcResult("none", domain, author.policy, where, "SPF could not be evaluated: no client address")
    if spf.aligned and spf.result == "temperror":
        return DmarcResult("temperror", domain, author.policy, where, "DNS gave no answer about SPF")
    return DmarcResult("fail", domain, author.policy, where, "neither an aligned signature nor aligned SPF passes")
