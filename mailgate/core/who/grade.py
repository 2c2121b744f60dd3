"""The grade of a message: how sure we are that its author is who From says (docs/policy.md, "Assurance").

Pure, and the only place where evidence becomes an assurance. `confirmed` is not given here: that takes an answer of the
registered address to a question of ours.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from mailgate.core.mail.mail import Mailbox, ParsedMail
from mailgate.core.who.address import canonical, domain_of, same
from mailgate.core.who.evidence import (
    Assurance,
    AuthservMethod,
    DkimResult,
    Evidence,
    Grade,
    Proof,
)

FRESH = timedelta(days=7)  # a mail whose Date is further away may be a replay (threats ID-22)


def grade(
    mail: ParsedMail,
    evidence: Evidence,
    *,
    proof: Proof,
    our_addresses: Collection[str],
    received_at: datetime,
    agents: Collection[str] = (),
    delimiter: str = "+",
) -> Grade:
    """The assurance of a message with its reason in one line.

    `our_addresses` are those of the departments, without keys (which stand behind `delimiter`); `agents` those of the
    agents: what a machine of ours submitted proves only them. Both in canonical form.
    """
    refuted = _refuted(mail, evidence)
    if refuted:
        return Grade(Assurance.REFUTED, refuted)
    assert mail.author is not None
    author = canonical(mail.author.address) or ""
    ours = _fields_to_us(mail, our_addresses, delimiter) if is_fresh(mail, received_at) else frozenset()
    for_us = {one for one in evidence.dkim if _is_signed_for_us(one, ours, has_subject=mail.subject is not None)}
    return (
        _by_own_signature(evidence, for_us)
        or _by_hop(evidence, proof, for_us, names_us=bool(ours) and not evidence.dkim)
        or _by_submission(evidence, author, agents)
        or _by_setting(evidence, proof)
        or Grade(Assurance.UNPROVED, _why_unproved(evidence))
    )


def _refuted(mail: ParsedMail, evidence: Evidence) -> str:
    """Why the author cannot be whom From names, or "". A good signature of the author's domain outweighs DMARC."""
    if mail.author is None:
        return "From names no author"
    if mail.author_doubt:
        return "From does not name one author beyond doubt: " + "; ".join(mail.author_doubt)[:200]
    domain = domain_of(mail.author.address)
    if domain is None:
        return "the address in From is none that anybody can have"
    if domain != evidence.author_domain:
        return "the evidence is about another author domain"
    if any(one.aligned and one.counts for one in evidence.dkim):
        return ""
    if evidence.spf is not None and evidence.dmarc is not None and evidence.dmarc.result == "fail":
        return f"DMARC of {domain} fails: {_checked(evidence)}"
    if _hop(evidence, "dmarc", "fail"):
        return f"our own mail server found that DMARC of {domain} fails"
    return ""


def _by_own_signature(evidence: Evidence, for_us: Collection[DkimResult]) -> Grade | None:
    proving = [one for one in evidence.dkim if one.aligned and one.counts]
    if not proving:
        return None
    fresh = any(one in for_us for one in proving)
    return Grade(Assurance.PROVED, f"signed by {proving[0].domain}{_replay(fresh)}", fresh)


def _by_hop(evidence: Evidence, proof: Proof, for_us: Collection[DkimResult], *, names_us: bool) -> Grade | None:
    """What our own border found (RFC 8601); a signature that we know to be weak does not get better by it.

    Where the border took the signatures out of the mail, it is enough that the mail `names_us`.
    """
    weak = any(one.weak and one.aligned for one in evidence.dkim)
    for method in _hop(evidence, "dkim", "pass"):
        theirs = _signatures_of(method, evidence.dkim)
        if not theirs or not all(one.weak for one in theirs):
            fresh = all(one in for_us for one in theirs) if theirs else names_us
            return Grade(Assurance.PROVED, f"our own mail server verified a signature{_replay(fresh)}", fresh)
    if proof is not Proof.DKIM and (_hop(evidence, "spf", "pass") or (_hop(evidence, "dmarc", "pass") and not weak)):
        return Grade(Assurance.PROVED, "our own mail server found that DMARC or aligned SPF passes", signed_to_us=True)
    return None


def _by_submission(evidence: Evidence, author: str, agents: Collection[str]) -> Grade | None:
    """Mail that its author handed to a machine of ours."""
    if evidence.authserv and any(_is_login(one, author, agents) for one in evidence.authserv.methods):
        return Grade(Assurance.PROVED, "the author logged in at our own mail server", signed_to_us=True)
    if evidence.local and author in agents:
        return Grade(Assurance.PROVED, "submitted on this machine by an agent", signed_to_us=True)
    return None


def _by_setting(evidence: Evidence, proof: Proof) -> Grade | None:
    """What `[identity] proof` lets pass beyond signatures; neither can be replayed by others.

    SPF of HELO, which stands in where the reverse-path is null, names a machine: all its users are equal before it.
    """
    spf = evidence.spf
    by_path = spf is not None and spf.scope == "mailfrom" and spf.aligned and spf.result == "pass"
    if proof is not Proof.DKIM and spf is not None and by_path:
        return Grade(Assurance.PROVED, f"SPF of {spf.domain} passes, which proof = {proof} accepts", signed_to_us=True)
    if proof is Proof.ADDRESS:
        return Grade(Assurance.PROVED, "nothing refutes it, and proof = address asks for no more", signed_to_us=True)
    return None


def _is_login(method: AuthservMethod, author: str, agents: Collection[str]) -> bool:
    """Whether an `auth=pass` is the author's own: other customers log in at the same server.

    A result without a login proves agents only, and so does a login that is no address.
    """
    if (method.method, method.result) != ("auth", "pass"):
        return False
    login = method.value("smtp.auth")
    if login is not None and "@" in login:
        return same(login, author)
    return author in agents and (login is None or same(f"{login}@{author.rpartition('@')[2]}", author))


def _hop(evidence: Evidence, method: str, result: str) -> list[AuthservMethod]:
    """Aligned results of our border; the ones about another domain say nothing about the author."""
    methods = () if evidence.authserv is None else evidence.authserv.methods
    return [one for one in methods if one.aligned and (one.method, one.result) == (method, result)]


def _signatures_of(method: AuthservMethod, signatures: Iterable[DkimResult]) -> list[DkimResult]:
    """The signatures that a result may be about, and those that were not looked at."""
    stated = (method.value("header.d") or method.value("header.i") or "").rpartition("@")[2].lower()
    selector = method.value("header.s")
    return [
        one
        for one in signatures
        if not one.domain or (one.domain == stated and (selector is None or one.selector == selector))
    ]


def _is_signed_for_us(one: DkimResult, to_us: frozenset[str], *, has_subject: bool) -> bool:
    """A field that names us is signed, and Date and Subject too: what is unsigned, a replay can change."""
    signed = one.signed_fields
    return "date" in signed and not to_us.isdisjoint(signed) and ("subject" in signed or not has_subject)


def _fields_to_us(mail: ParsedMail, ours: Collection[str], delimiter: str) -> frozenset[str]:
    """Which of To and Cc hold an address of ours."""
    lists: tuple[tuple[str, tuple[Mailbox, ...]], ...] = (("to", mail.to), ("cc", mail.cc))
    return frozenset(name for name, boxes in lists if any(_is_ours(box.address, ours, delimiter) for box in boxes))


def _is_ours(address: str, ours: Collection[str], delimiter: str) -> bool:
    """Our address, plain or with a key of ours behind the delimiter."""
    whole = canonical(address)
    if whole is None:
        return False
    local, _, domain = whole.rpartition("@")
    return whole in ours or f"{local.partition(delimiter)[0]}@{domain}" in ours


def is_fresh(mail: ParsedMail, received_at: datetime) -> bool:
    """Whether Date is near enough to when the mail came for a signature to prove a request."""
    return mail.date is not None and abs(received_at - mail.date) <= FRESH


def _replay(to_us: bool) -> str:  # noqa: FBT001
    return "" if to_us else "; not signed for us within the last seven days, so it may be a replay"


def _checked(evidence: Evidence) -> str:
    spf = "not evaluated" if evidence.spf is None else evidence.spf.result
    found = sorted({one.result for one in evidence.dkim}) or ["none"]
    return f"SPF {spf}{_other(evidence.spf)}, DKIM {', '.join(found)}, none of them aligned and good"


def _other(spf: object) -> str:
    domain = getattr(spf, "domain", "")
    return f" for {domain}" if domain else ""


def _why_unproved(evidence: Evidence) -> str:
    aligned = [one for one in evidence.dkim if one.aligned]
    if evidence.dns_trouble:
        return f"DNS gave no answer: {evidence.dns_trouble[0]}"
    if aligned:
        return f"the signature of {aligned[0].domain} proves nothing: {aligned[0].why}"
    if evidence.spf is not None and evidence.spf.aligned and evidence.spf.result == "pass":
        return f"only SPF of {evidence.spf.domain} passes, which other customers of the same host can pass too"
    if any(one.counts for one in evidence.dkim):
        return "signed, but by another domain than the author's"
    if evidence.dkim:
        return f"no signature of the author's domain verifies: {evidence.dkim[0].why}"
    return "there is no signature"
