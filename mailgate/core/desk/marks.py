"""What a case shows about its author beside the grade: the flags of the ticket, and a number of somebody else."""

from mailgate.core.desk.case import Case
from mailgate.core.desk.ticket import Flag
from mailgate.core.who.address import canonical
from mailgate.core.who.evidence import Assurance
from mailgate.core.who.identity import AuthorKind
from mailgate.core.who.request import ReferenceType
from mailgate.core.who.rule import Standing


def marks(case: Case, standing: Standing) -> tuple[Flag, ...]:
    """What agents should see at a glance of who asks, and how sure we are."""
    flags = []
    if case.facts.identity.kind is AuthorKind.STRANGER:
        flags.append(Flag.STRANGER)
    if case.grade.assurance is not Assurance.PROVED or standing is Standing.UNPROVED:
        flags.append(Flag.UNPROVED)
    if case.facts.identity.lookalike_of is not None:
        flags.append(Flag.LOOKALIKE)
    return tuple(flags)


def names_another(case: Case) -> bool:
    """True where the mail gives the number of an account that its author is no contact of."""
    author = canonical(case.mail.author.address) if case.mail.author else None
    own = case.facts.identity.account
    given = {item.value for item in case.request.references if item.type is ReferenceType.CUSTOMER}
    others = (item for item in case.facts.named_accounts if own is None or item.number != own.number)
    return any(
        item.number in given and not any(contact.address == author for contact in item.contacts) for item in others
    )
