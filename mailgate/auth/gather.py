"""Gathers the evidence about one message: SPF, DKIM, DMARC and what our own border says.

This asks DNS: call it in a worker thread and with no transaction open. All that it does for one message shares one
deadline and one budget of queries. It decides nothing; see `grade`.
"""

from dataclasses import replace

from mailgate.auth import authres, dkim, dmarc, spf
from mailgate.auth.resolver import Lookups, Resolver
from mailgate.core.mail.envelope import Envelope, Transport
from mailgate.core.mail.hops import count_hops
from mailgate.core.mail.mail import ParsedMail
from mailgate.core.who.address import canonical_domain, domain_of
from mailgate.core.who.evidence import (
    AuthservMethod,
    AuthservResult,
    AuthSettings,
    DkimResult,
    Evidence,
    SpfResult,
)
from mailgate.core.who.grade import is_fresh

__all__ = ["AuthSettings", "Gatherer"]


class Gatherer:
    """Gathers evidence with one resolver. Safe for use by several threads."""

    def __init__(self, settings: AuthSettings, resolver: Resolver) -> None:
        self._settings = settings
        self._resolver = resolver

    def gather(self, envelope: Envelope, mail: ParsedMail) -> Evidence:
        """The evidence about the author that `mail` names. Never raises on hostile input; DNS trouble is a value."""
        if envelope.transport is Transport.IMPORT and not is_fresh(mail, envelope.received_at):
            return Evidence(_author_domain(mail))  # too old to prove a request, so DNS is not asked for a whole archive
        lookups = self._resolver.lookups(self._settings.timeout)
        local = envelope.transport is Transport.STDIN and count_hops(envelope.raw) == 0  # a pipe brings the world too
        signatures = dkim.verify(envelope.raw, lookups, envelope.received_at)
        sender = _spf(envelope, lookups)
        hop = self._authserv(envelope)
        domain = _author_domain(mail)
        if domain is None:
            trouble = tuple(lookups.trouble)
            return Evidence(None, sender, signatures, None, hop, dns_trouble=trouble, local=local)
        author = dmarc.discover(domain, lookups)
        alignment = dmarc.Alignment(author, lookups)
        signatures = tuple(_aligned_signature(one, author, alignment) for one in signatures)
        sender = None if sender is None else _aligned_spf(sender, author, alignment)
        result = dmarc.evaluate(author, sender, signatures, trouble=alignment.trouble)
        hop = None if hop is None else _aligned_hop(hop, author, alignment)
        return Evidence(domain, sender, signatures, result, hop, dns_trouble=tuple(lookups.trouble), local=local)

    def _authserv(self, envelope: Envelope) -> AuthservResult | None:
        """What our border said. A client outside of it may write what it likes, so nothing of it is read."""
        if not envelope.from_trusted_hop:
            return None
        return authres.read(envelope.raw, self._settings.authserv_ids, self._settings.received_above)


def _author_domain(mail: ParsedMail) -> str | None:
    """The one author domain (RFC 9989 §5.3.1), None where there is any doubt about it."""
    return None if mail.author is None or mail.author_doubt else domain_of(mail.author.address)


def _spf(envelope: Envelope, lookups: Lookups) -> SpfResult | None:
    """SPF speaks about the client, so there must be one that is not a relay of ours."""
    if envelope.client is None or envelope.from_trusted_hop:
        return None
    return spf.check(envelope.client, envelope.reverse_path, lookups)


def _aligned_signature(one: DkimResult, author: dmarc.Discovery, alignment: dmarc.Alignment) -> DkimResult:
    strict = author.record is not None and author.record.strict_dkim
    return replace(one, aligned=bool(one.domain) and alignment.holds(one.domain, strict=strict))


def _aligned_spf(one: SpfResult, author: dmarc.Discovery, alignment: dmarc.Alignment) -> SpfResult:
    strict = author.record is not None and author.record.strict_spf
    return replace(one, aligned=bool(one.domain) and alignment.holds(one.domain, strict=strict))


def _aligned_hop(hop: AuthservResult, author: dmarc.Discovery, alignment: dmarc.Alignment) -> AuthservResult:
    return replace(hop, methods=tuple(_aligned_method(one, author, alignment) for one in hop.methods))


def _aligned_method(one: AuthservMethod, author: dmarc.Discovery, alignment: dmarc.Alignment) -> AuthservMethod:
    record = author.record
    if one.method == "dmarc":
        seen = one.value("header.from")
        return replace(one, aligned=seen is None or _domain(seen) == author.domain)
    if one.method == "dkim":
        stated = one.value("header.d")
        seen, strict = one.value("header.i") if stated is None else stated, record is not None and record.strict_dkim
    elif one.method == "spf":
        seen, strict = one.value("smtp.mailfrom"), record is not None and record.strict_spf  # HELO names no author
    else:
        return one
    domain = None if seen is None else _domain(seen)
    return replace(one, aligned=domain is not None and alignment.holds(domain, strict=strict))


def _domain(value: str) -> str | None:
    """The domain of a property that is an address or a domain."""
    return canonical_domain(value.strip().rpartition("@")[2])
