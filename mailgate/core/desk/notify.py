"""Which notices say what: the values that templates get, and the gate before each automatic mail.

To an unproved address everything has fixed wording: no subject, no text and no link is taken from the mail.
"""

from dataclasses import replace
from datetime import datetime

from mailgate.core.desk.attachments import in_short, sorted_for
from mailgate.core.desk.case import Case, ThreadBy
from mailgate.core.desk.key import message_id, split_keyed
from mailgate.core.desk.notice import AutoSubmitted, Notice, Template, Value
from mailgate.core.desk.pin import hide_pins
from mailgate.core.desk.thread import without_numbers
from mailgate.core.desk.ticket import Ticket
from mailgate.core.mail.gate import Budget, GateAnswer, Pool, may_answer
from mailgate.core.mail.mail import Mailbox, ParsedMail
from mailgate.core.time.calendar import opens_at
from mailgate.core.who.address import canonical
from mailgate.core.who.evidence import Assurance, Grade
from mailgate.core.who.identity import AuthorKind, Identity

# Octets of what a mail may bring into one of ours.
_LONGEST_NAME = 80
_LONGEST_SUBJECT = 240
_MOST_REFERENCES = 400
_LONGEST_FILE_NAME = 36
_MOST_FILES_NAMED = 3
_PROVED = frozenset({Assurance.PROVED, Assurance.CONFIRMED})


def answer_pool(grade: Grade) -> Pool:
    """The budget of answers to an author of this grade."""
    return Pool.PROVED if grade.assurance in _PROVED else Pool.UNPROVED


def question_pool(identity: Identity, grade: Grade) -> Pool:
    """The budget of questions to registered contacts: about the own request of one, or about what a stranger asks."""
    if question_for(identity) is Template.APPROVE:
        return Pool.APPROVE
    return Pool.CONFIRM_PROVED if grade.assurance in _PROVED else Pool.CONFIRM_UNPROVED


def gate(case: Case) -> GateAnswer:
    """May an automatic mail go to the author of the case?"""
    if _answers_our_mail_by_number(case):
        return GateAnswer(allowed=False, reason="answers-ours")
    return _gate(case, answer_pool(case.grade), case.facts.budget)


def confirm_gate(case: Case, address: str) -> GateAnswer:
    """May a registered contact be asked to confirm? Counted apart from receipts, so that nobody can use those up."""
    pool = question_pool(case.facts.identity, case.grade)
    return _gate(case, pool, case.facts.confirmations.get(address, Budget()))


def _gate(case: Case, pool: Pool, used: Budget) -> GateAnswer:
    return may_answer(
        case.mail,
        reverse_path=case.reverse_path,
        assurance=case.grade.assurance,
        own_address=case.facts.identity.kind is AuthorKind.OURSELVES or _leads_to_us(case),
        pool=pool,
        limits=case.policy.receipts,
        used=used,
        old=case.old,
    )


def _leads_to_us(case: Case) -> bool:
    """Whether the answer to this mail, by whatever rule a program finds its address, would come to us (LO-07)."""
    mail, policy = case.mail, case.policy
    said = [case.reverse_path, *(item.address for item in (*mail.reply_to, *([mail.sender] if mail.sender else [])))]
    bare = (canonical(split_keyed(item, policy.delimiter)[0]) for item in said if item)
    return any(item in policy.own_addresses for item in bare)


def _answers_our_mail_by_number(case: Case) -> bool:
    """A responder that keeps our ticket number and nothing else (LO-03): one receipt to this author is enough.

    The number alone files nothing, but whoever has it in the subject, and is who we wrote to, has had our mail.
    """
    thread, author = case.facts.thread, case.mail.author
    if thread is None or author is None or thread.by is not ThreadBy.SUBJECT:
        return False
    ticket = thread.ticket
    return ticket.receipt_sent_at is not None and canonical(author.address) == ticket.requester.address


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
        to=Mailbox(_at_most(author.name, _LONGEST_NAME) if proved else "", canonical(author.address) or author.address),
        language=language(case),
        department=department,
        ticket=number,
        message_id=message_id(key, number, case.policy.domain),
        auto_submitted=AutoSubmitted.REPLIED,
        subject=_subject(case) if proved and template is Template.RECEIPT else None,
        in_reply_to=None if case.mail.message_id_made_up else case.mail.message_id,
        references=_references(case.mail),
        reply_key=key if number is not None else None,
        bounce_key=bounce if number is not None else None,
        pool=answer_pool(case.grade),
        values=_author_values(case, template, department, proved=proved, held=held),
    )


def _subject(case: Case) -> str:
    plain = without_numbers(hide_pins(case.mail.subject or ""), case.policy.subject_tag)
    return _at_most(plain, _LONGEST_SUBJECT)


def _at_most(text: str, octets: int) -> str:
    """The beginning of a text: what the sender chose must not make a receipt larger than 4 KB."""
    return text.encode("utf-8", "ignore")[:octets].decode("utf-8", "ignore")


def _references(mail: ParsedMail) -> tuple[str, ...]:
    """The mail that is answered, and of those before it the newest that find room (RFC 5322 §3.6.4)."""
    if mail.message_id_made_up:
        return ()
    kept, room = [mail.message_id], _MOST_REFERENCES
    for identifier in reversed(mail.references[-9:]):
        room -= len(identifier)
        if room < 0:
            break
        kept.insert(0, identifier)
    return tuple(kept)


def _author_values(case: Case, template: Template, department: str, *, proved: bool, held: bool) -> dict[str, Value]:
    values: dict[str, Value] = {"proved": proved, "held": held}
    if template is Template.RECEIPT:
        values["missing"] = list(case.request.missing)
        values["priority"] = case.request.priority.value
        values["opens_at"] = _opens_at(case, department)
        values["by_agent"] = case.facts.brought is not None and case.facts.brought.forwarded is None
        values |= _not_taken(case, department, proved=proved)
    if template is Template.RETIRED:
        texts = case.policy.department(department).retired_notice or {}
        chosen = language(case)
        values["notice"] = texts.get(chosen) or next(iter(texts.values()), "")
    return values


def _not_taken(case: Case, department: str, *, proved: bool) -> dict[str, Value]:
    """How many attachments the department did not take, and what it takes; names only for a proved author."""
    takes = case.policy.department(department).attachments
    refused = sorted_for(case, department).refused
    if takes is None or not refused:
        return {}
    named = [in_short(case, department, item) for item in refused[:_MOST_FILES_NAMED] if proved]
    return {
        "not_taken": [item | {"name": _at_most(hide_pins(item["name"]), _LONGEST_FILE_NAME)} for item in named],
        "not_taken_count": len(refused),
        "takes_count": takes.max_count,
        "takes_size": takes.max_size,
        "takes_types": list(takes.types),
    }


def status(case: Case, ticket: Ticket, key: str, bounce: str) -> Notice:
    """Tell the customer how far a ticket is: its state and times, nothing that was said in it."""
    notice = to_author(case, Template.STATUS, ticket.number, ticket.department, key, bounce)
    values: dict[str, Value] = {
        "state": ticket.state.value,
        "received_at": ticket.created_at.isoformat(),
        "answered_at": ticket.responded_at.isoformat() if ticket.responded_at is not None else None,
    }
    spoken = ticket.language if ticket.language in case.policy.languages else notice.language
    return replace(notice, language=spoken, values=notice.values | values)


def _opens_at(case: Case, department: str) -> str | None:
    """When somebody is there again; None while the desk is open."""
    opens = opens_at(case.received_at, case.policy.department(department).calendar)
    return opens.isoformat() if opens > case.received_at else None


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
    known = (case.facts.identity.account, *case.facts.named_accounts)
    account = next((item for item in known if item is not None and item.number == asked_account), None)
    names = [
        item.value for item in case.request.references if item.account is not None and item.account == asked_account
    ]
    author = canonical(case.mail.author.address) if case.mail.author else None
    values: dict[str, Value] = {
        "kind": case.request.kind.value,
        "received_at": case.received_at.isoformat(),
        "expires_at": (now + case.policy.confirm_within).isoformat(),
        "proved": case.grade.assurance in _PROVED,
        "by_pin": case.facts.pin is not None and case.facts.pin.step is not None,
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
        subject=_subject(case) if proved else None,
        reply_key=keys[0],
        bounce_key=keys[1],
        pool=question_pool(case.facts.identity, case.grade),
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
        references=_references(case.mail),
        reply_key=key,
        bounce_key=bounce,
        pool=answer_pool(case.grade),
        values={},
    )
