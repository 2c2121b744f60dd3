"""Which notices say what: the values that templates get, and the gate before each automatic mail.

To an unproved address everything has fixed wording: no subject, no text and no link is taken from the mail.
"""

from datetime import datetime

from mailgate.core.desk.case import Budget, Case
from mailgate.core.desk.key import message_id
from mailgate.core.desk.notice import AutoSubmitted, Notice, Template, Value
from mailgate.core.desk.pin import hide_pins
from mailgate.core.desk.ticket import Ticket
from mailgate.core.mail.gate import GateAnswer, Limits, may_answer
from mailgate.core.mail.mail import Mailbox
from mailgate.core.who.address import canonical
from mailgate.core.who.evidence import Assurance
from mailgate.core.who.identity import AuthorKind, Identity

_PROVED = frozenset({Assurance.PROVED, Assurance.CONFIRMED})


def gate(case: Case) -> GateAnswer:
    """May an automatic mail go to the author of the case?"""
    return _gate(case, case.facts.budget)


def confirm_gate(case: Case, address: str) -> GateAnswer:
    """May a registered contact be asked to confirm? Counted apart from receipts, so that nobody can use those up."""
    return _gate(case, case.facts.confirmations.get(address, Budget()))


def _gate(case: Case, used: Budget) -> GateAnswer:
    policy = case.policy
    limits = Limits(
        enabled=policy.receipts_enabled,
        per_hour=policy.receipts_per_hour,
        per_day=policy.receipts_per_day,
        per_ticket=policy.receipts_per_ticket,
        desk_per_hour=policy.desk_per_hour,
        used_hour=used.address_hour,
        used_day=used.address_day,
        used_ticket=used.ticket_life,
        used_desk=used.desk_hour,
    )
    return may_answer(
        case.mail,
        reverse_path=case.reverse_path,
        assurance=case.grade.assurance,
        own_address=case.facts.identity.kind is AuthorKind.OURSELVES,
        limits=limits,
    )


def language(case: Case) -> str:
    """Of the text where recognised and offered, else the account's, else the first of the desk's languages."""
    account = case.facts.identity.account
    wishes = (case.mail.language, case.request.language, account.language if account is not None else None)
    return next((item for item in wishes if item in case.policy.languages), case.policy.languages[0])


def to_author(
    case: Case, template: Template, number: int | None, department: str, key: str, bounce: str, *, held: bool = False
) -> Notice:
    """A receipt, the rule, or the notice of a retired address, for the author of the mail."""
    author = case.mail.author
    assert author is not None
    proved = case.grade.assurance in _PROVED
    return Notice(
        effect=f"{case.inbound}:{template}:author",
        template=template,
        to=Mailbox(author.name if proved else "", canonical(author.address) or author.address),
        language=language(case),
        department=department,
        ticket=number,
        message_id=message_id(key, number, case.policy.domain),
        auto_submitted=AutoSubmitted.REPLIED,
        subject=hide_pins(case.mail.subject or "") if proved and template is Template.RECEIPT else None,
        in_reply_to=None if case.mail.message_id_made_up else case.mail.message_id,
        references=() if case.mail.message_id_made_up else (*case.mail.references[-9:], case.mail.message_id),
        reply_key=key if number is not None else None,
        bounce_key=bounce if number is not None else None,
        values=_author_values(case, template, department, proved=proved, held=held),
    )


def _author_values(case: Case, template: Template, department: str, *, proved: bool, held: bool) -> dict[str, Value]:
    values: dict[str, Value] = {"proved": proved, "held": held}
    if template is Template.RECEIPT:
        values["missing"] = list(case.request.missing)
        values["priority"] = case.request.priority.value
    if template is Template.RETIRED:
        texts = case.policy.department(department).retired_notice or {}
        chosen = language(case)
        values["notice"] = texts.get(chosen) or next(iter(texts.values()), "")
    return values


def question_for(identity: Identity) -> Template:
    """The registered author is asked whether it was them; owners are asked to approve what somebody else wants."""
    return Template.APPROVE if identity.kind is not AuthorKind.REGISTERED else Template.CONFIRM


def question(
    case: Case,
    template: Template,
    person: Mailbox,
    asked_account: str | None,
    *,
    number: int,
    now: datetime,
    keys: tuple[str, str],
) -> Notice:
    """Ask a registered contact of `asked_account`; `keys` are the confirm key and the bounce key.

    What is asked stands in our words, with the account's own references alone; a stranger's address is named, never
    their text.
    """
    account = case.facts.identity.account
    names = [
        item.value for item in case.request.references if item.account is not None and item.account == asked_account
    ]
    author = canonical(case.mail.author.address) if case.mail.author else None
    values: dict[str, Value] = {
        "kind": case.request.kind.value,
        "received_at": case.received_at.isoformat(),
        "expires_at": (now + case.policy.confirm_within).isoformat(),
        "proved": case.grade.assurance in _PROVED,
        "references": names[:10],
        "requester": _shown(author) if author is not None and author != person.address else None,
    }
    proved = case.grade.assurance in _PROVED
    return Notice(
        effect=f"{case.inbound}:{template}:{person.address}",
        template=template,
        to=person,
        language=(account.language if account is not None else None) or language(case),
        department=case.request.department,
        ticket=number,
        message_id=message_id(keys[0], number, case.policy.domain),
        auto_submitted=AutoSubmitted.GENERATED,
        subject=hide_pins(case.mail.subject or "") if proved else None,
        reply_key=keys[0],
        bounce_key=keys[1],
        values=values,
    )


def _shown(address: str) -> str:
    """An address as it may be named to others: between quotes a stranger could write them whole sentences."""
    return f"…@{address.rpartition('@')[2]}" if address.startswith('"') else address


def to_confirmer(case: Case, template: Template, ticket: Ticket, key: str, bounce: str) -> Notice:
    """Tell the contact who answered our question what followed; by the registered name, not by that of the mail."""
    author, contact = case.mail.author, case.facts.identity.contact
    assert author is not None
    return Notice(
        effect=f"{case.inbound}:{template}:confirmer",
        template=template,
        to=Mailbox(contact.name if contact is not None else "", canonical(author.address) or author.address),
        language=language(case) if case.mail.language else ticket.language,
        department=ticket.department,
        ticket=ticket.number,
        message_id=message_id(key, ticket.number, case.policy.domain),
        auto_submitted=AutoSubmitted.REPLIED,
        in_reply_to=None if case.mail.message_id_made_up else case.mail.message_id,
        references=() if case.mail.message_id_made_up else (*case.mail.references[-9:], case.mail.message_id),
        reply_key=key,
        bounce_key=bounce,
        values={},
    )
