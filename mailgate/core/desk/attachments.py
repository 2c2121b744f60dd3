"""Which attachments of a mail are taken, and which are sent on, to agents and to customers."""

from dataclasses import dataclass

from mailgate.core.desk.case import Case
from mailgate.core.desk.notice import Attached
from mailgate.core.desk.takes import SMALLEST_PICTURE, NotTaken, Refusal, Sorted, sort
from mailgate.core.mail.mail import Attachment
from mailgate.core.who.evidence import Assurance

MOST_ATTACHED = 18 * 1024 * 1024  # octets, so that the mail stays below 25 MiB in base64
_ABOUT_THE_AGENT = frozenset({"text/vcard", "text/x-vcard", "text/directory", "application/pgp-keys"})
_SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})


def name_of(item: Attachment) -> str:
    """The name of a part; one without has its place in the mail as its name."""
    return item.filename or f"part-{'.'.join(str(number) for number in item.part)}"


def sorted_for(case: Case, department: str) -> Sorted:
    """What the department takes of this mail.

    What agents bring and what programs report is no customer's: all of it is taken.
    """
    by_agent = case.facts.identity.agent is not None and case.grade.assurance is Assurance.PROVED
    if by_agent or case.facts.brought is not None or case.mail.report is not None:
        return Sorted(taken=case.mail.attachments)
    return sort(case.policy.department(department).attachments, case.mail.attachments)


def in_short(case: Case, department: str, item: NotTaken) -> dict[str, str]:
    """An attachment that was not taken and why, as the values of a notice: `limit` is the octets it went over."""
    takes = case.policy.department(department).attachments
    limit = str(takes.max_size) if takes is not None and item.why is Refusal.SIZE else ""
    return {"name": name_of(item.attachment), "refusal": item.why.value, "limit": limit}


def share(case: Case, items: tuple[Attachment, ...]) -> tuple[tuple[Attached, ...], tuple[Attachment, ...]]:
    """The parts that go along, in order, and those that would make the mail too large."""
    taken: list[Attached] = []
    left_out: list[Attachment] = []
    room = MOST_ATTACHED
    for item in items:
        if item.size <= room:
            room -= item.size
            taken.append(Attached(case.inbound, item.part, name_of(item), item.content_type, item.size))
        else:
            left_out.append(item)
    return tuple(taken), tuple(left_out)


@dataclass(frozen=True, slots=True)
class PassedOn:
    """Files of an agent's mail: those that go along, and the names of those that do not, which the agent has to hear.

    `too_large` would make the mail too large, `personal` tell who the agent is.
    """

    files: tuple[Attached, ...]
    too_large: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()


def passed_on(case: Case) -> PassedOn:
    """What an agent attached for the customer.

    Not what a mail program adds by itself: visiting cards, signatures and logos tell who the agent is, and pictures of
    the quoted mail are the customer's own.
    """
    known = {item.sha256 for entry in case.facts.history for item in entry.attachments}
    meant = tuple(item for item in case.mail.attachments if not _is_by_the_way(item, known))
    personal = tuple(name_of(item) for item in meant if _types(item) & _ABOUT_THE_AGENT)
    files, too_large = share(case, tuple(item for item in meant if not _types(item) & _ABOUT_THE_AGENT))
    return PassedOn(files, tuple(name_of(item) for item in too_large), personal)


def _types(item: Attachment) -> set[str]:
    return {item.content_type, item.detected_type or ""}


def _is_by_the_way(item: Attachment, known: set[str]) -> bool:
    """True for what nobody attached by hand: signatures over the mail, logos, pictures that were quoted."""
    if _types(item) & _SIGNATURES:
        return True
    return item.inline and (item.sha256 in known or item.size < SMALLEST_PICTURE)
