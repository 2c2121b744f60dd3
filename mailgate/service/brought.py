"""The case of a mail: the author's, or the customer's where a proved agent brings a customer's matter."""

from dataclasses import replace
from datetime import datetime

from mailgate.core.desk.behalf import brought, speaker, stand_in
from mailgate.core.desk.case import Brought, Case, Seen
from mailgate.core.desk.command import read_block
from mailgate.core.desk.notify import answer_pool
from mailgate.core.desk.pin import hide_pins
from mailgate.core.desk.spoken import own_subject, own_words
from mailgate.core.mail.envelope import Transport
from mailgate.core.mail.mail import Mailbox
from mailgate.core.who.identity import Account, AuthorKind, Contact, Identity
from mailgate.core.who.ownership import attach_accounts
from mailgate.service.assemble import (
    Material,
    assemble,
    confirmations_of,
    identity_of,
    named_in,
    request_of,
)
from mailgate.service.context import Context
from mailgate.service.known import look_up
from mailgate.service.overtaken import with_its_answer
from mailgate.store import facts
from mailgate.store.change import is_muted
from mailgate.store.engine import Session


def case_of(session: Session, context: Context, material: Material, seen: Seen | None, now: datetime) -> Case:
    """Read the facts and put the case together; run it in the deciding transaction."""
    case = with_its_answer(session, assemble(session, context, material, seen, now))
    what = brought(case) if case.transport is not Transport.IMPORT else None
    if what is None:
        return _with_commands(session, context, case, now)
    known = look_up(session, None, what.block.commands, context.policy, now)
    case = replace(case, facts=replace(case.facts, brought=what, known=known))
    if what.author is not None:
        return _of_customer(session, context, case, what, what.author, now)
    account = known.accounts.get(what.account or "")
    contact = speaker(account) if account is not None else None
    if account is None or contact is None or what.block.errors:
        return case
    return _of_account(session, context, case, what, account, contact, now)


def _with_commands(session: Session, context: Context, case: Case, now: datetime) -> Case:
    """What the commands of an agent's answer name."""
    thread = case.facts.thread
    if case.transport is Transport.IMPORT:
        return case
    if case.facts.identity.kind is not AuthorKind.AGENT or thread is None or thread.key is None:
        return case
    commands = read_block(hide_pins(case.mail.reply_text)).commands
    if not commands:
        return case
    known = look_up(session, thread.ticket, commands, context.policy, now)
    return replace(case, facts=replace(case.facts, known=known))


def _of_customer(session: Session, context: Context, case: Case, what: Brought, author: Mailbox, now: datetime) -> Case:
    """The author of a forwarded mail is who the address says, and nothing of it is proved."""
    case = stand_in(case, what, author)
    _, named = named_in(session, context, case.mail, now, answers=False)
    return _told(session, context, case, identity_of(session, context, author.address, named, now), now)


def _of_account(
    session: Session, context: Context, case: Case, what: Brought, account: Account, contact: Contact, now: datetime
) -> Case:
    """The ticket is that of the account, whatever else the contact's address stands for."""
    case = stand_in(case, what, Mailbox(contact.name, contact.address))
    identity = Identity(AuthorKind.REGISTERED, account=account, contact=contact)
    return _told(session, context, case, identity, now)


def _told(session: Session, context: Context, case: Case, identity: Identity, now: datetime) -> Case:
    """The case with all that is read of its author: request, budgets, accounts that are named."""
    mail, author = case.mail, case.mail.author.address if case.mail.author is not None else ""
    if identity.account is not None and identity.account.language is not None:
        mail = replace(mail, language=identity.account.language)
    references, named = named_in(session, context, mail, now, answers=False)
    own = named if identity.account is None else (identity.account,)
    references = attach_accounts(references, own, subject=own_subject(mail), text=own_words(mail, answers=False))
    known = replace(
        case.facts,
        identity=identity,
        named_accounts=named,
        muted=identity.kind is AuthorKind.STRANGER and is_muted(session, author),
        budget=facts.budget(session, answer_pool(case.grade), author, now),
        confirmations=confirmations_of(session, identity, case.grade, named, now),
    )
    return replace(
        case,
        mail=mail,
        request=request_of(context, mail, identity, references, case.recipients, answers=False),
        facts=known,
    )
