"""What `[smtp] reject_dmarc` asks before 250: whether the mail fails DMARC, so that its sender hears of it at once."""

from mailgate.core.mail.envelope import Envelope
from mailgate.core.who.evidence import Assurance
from mailgate.parse.errors import ParseCrash, TooComplex
from mailgate.service.assemble import Material, grade_of
from mailgate.service.context import Context


def fails_dmarc(context: Context, envelope: Envelope) -> bool:
    """True where the author's domain disowns the mail beyond doubt (RFC 9989 §5.3); asks DNS, writes nothing.

    Mail of our own servers passes: they took it from somebody, and a refusal would make them write to a forged address.
    What cannot be read, or not be said for certain because of DNS, passes too: it is decided after 250.
    """
    if envelope.client is None or envelope.client.trusted:
        return False
    try:
        mail = context.parser.parse(envelope.raw)
    except (TooComplex, ParseCrash):
        return False
    evidence = context.evidence.gather(envelope, mail)
    if evidence.dns_trouble or evidence.dmarc is None or evidence.dmarc.result != "fail":
        return False
    return grade_of(Material(envelope, mail, evidence), context).assurance is Assurance.REFUTED
