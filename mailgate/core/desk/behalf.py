"""A proved agent who brings a customer's matter: the forwarded mail, or `!for 12345` for somebody on the telephone.

The ticket is the customer's, and so is the case that decides about it: `stand_in` puts the customer's words into the
place of the agent's. What an agent brings is never more than unproved, for the agent saw no proof either (AG-01).
"""

from dataclasses import replace

from mailgate.core.desk.case import Brought, Case, ThreadBy
from mailgate.core.desk.command import read_block
from mailgate.core.desk.pin import hide_pins
from mailgate.core.mail.mail import Mailbox
from mailgate.core.who.address import canonical
from mailgate.core.who.evidence import Assurance, Grade
from mailgate.core.who.identity import Account, AuthorKind, Contact, Role


def brought(case: Case) -> Brought | None:
    """What the mail brings, where a proved agent wrote it to a department and answers nothing of ours with it."""
    agent = case.policy.agent(case.facts.identity.agent or "")
    thread, mail = case.facts.thread, case.mail
    if case.facts.identity.kind is not AuthorKind.AGENT or agent is None or not _is_sure(case):
        return None
    answers = thread is not None and thread.by in {ThreadBy.KEY, ThreadBy.MESSAGE_ID}
    if answers or mail.automatic.is_automatic or mail.report is not None or not _is_to_department(case):
        return None
    block = read_block(hide_pins(mail.reply_text or mail.text))
    if not block.is_empty:
        return Brought(agent, block)
    author = _customer(case)
    if mail.forwarded is None or author is None:
        return None
    return Brought(agent, block, hide_pins(mail.reply_text).strip(), mail.forwarded, author)


def _is_sure(case: Case) -> bool:
    return case.grade.assurance in {Assurance.PROVED, Assurance.CONFIRMED} and case.grade.signed_to_us


def _is_to_department(case: Case) -> bool:
    """True where one of the addresses that the mail reached still takes tickets."""
    return any(
        department.retired_notice is None and set(department.addresses).intersection(case.recipients)
        for department in case.policy.departments
    )


def _customer(case: Case) -> Mailbox | None:
    """The author of the forwarded mail; None where that is nobody, one of us, or ourselves."""
    forwarded = case.mail.forwarded
    address = canonical(forwarded.author.address) if forwarded is not None and forwarded.author is not None else None
    if forwarded is None or forwarded.author is None or address is None:
        return None
    ours = address in case.policy.own_addresses or case.policy.agent_at(address) is not None
    return None if ours else Mailbox(forwarded.author.name, address)


def speaker(account: Account) -> Contact | None:
    """Who hears of a ticket that is opened for an account: the first owner, else the first contact."""
    owners = [item for item in account.contacts if item.role is Role.OWNER]
    return next(iter((*owners, *account.contacts)), None)


def stand_in(case: Case, what: Brought, author: Mailbox) -> Case:
    """The case as the customer's. Identity, request and budgets are the caller's to read anew.

    The mail gets an id of ours: the agent's own would tell customers, in References, where the agent writes from.
    """
    subject, text = _text(case, what)
    mail = replace(
        case.mail,
        message_id=f"{case.inbound}.brought@{case.policy.domain}",
        message_id_made_up=True,
        in_reply_to=(),
        references=(),
        author=author,
        author_doubt=(),
        subject=subject,
        text=text,
        reply_text=text,
        quoted_text="",
        signature="",
    )
    how = "forwarded" if what.forwarded is not None else "written down"
    grade = Grade(Assurance.UNPROVED, f"{how} by {what.agent.name}", signed_to_us=False)
    return replace(
        case, mail=mail, grade=grade, facts=replace(case.facts, thread=None, history=(), ticket_account=None)
    )


def _text(case: Case, what: Brought) -> tuple[str | None, str]:
    if what.forwarded is not None:
        return what.forwarded.subject, what.forwarded.text
    return case.mail.subject, what.block.rest
