"""Explain: what would be done with a mail, and why. Reads the live database and changes nothing."""

from typing import Any

from mailgate.core.mail.envelope import Envelope
from mailgate.core.who.evidence import Assurance
from mailgate.service.assemble import Material, grade_of
from mailgate.service.brought import case_of
from mailgate.service.context import Context
from mailgate.service.explanation import explanation
from mailgate.service.process import judge, signed_copy
from mailgate.store import inbound
from mailgate.store.engine import Session
from mailgate.store.inbound import mail_key


def explain(context: Context, envelope: Envelope) -> dict[str, Any]:
    """The object of `message explain --json` for one mail. Raises TooComplex or ParseCrash as parsing does."""
    mail = context.parser.parse(envelope.raw)
    evidence = context.evidence.gather(envelope, mail)
    material = Material(envelope, mail, evidence)

    def look(session: Session) -> dict[str, Any]:
        key = mail_key(mail.message_id, material.author, mail.body_hash)
        refuted = grade_of(material, context).assurance is Assurance.REFUTED
        seen = inbound.find_seen(
            session,
            delivery_key=envelope.delivery_key,
            mail_key=key,
            signed=signed_copy(material),
            refuted=refuted,
        )
        now = context.now()
        case = case_of(session, context, material, seen, now)
        decision, plan, _ = judge(case, session, context, now)
        return explanation(case, decision, plan)

    return context.database.read(look)
