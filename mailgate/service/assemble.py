"""From a parsed mail and its evidence to a case: the facts of the store are read here, in the caller's transaction."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mailgate.core.desk.case import Case, Facts, KeyFact, PinFact, Policy, Seen, ThreadBy, ThreadFact
from mailgate.core.desk.echo import SAME_WITHIN, Said, echoed
from mailgate.core.desk.key import split_keyed
from mailgate.core.desk.notify import answer_pool, question_pool
from mailgate.core.desk.outgoing import Reported
from mailgate.core.desk.pin import find_pin, hide_pins, without_pins
from mailgate.core.desk.spoken import new_words, own_subject, own_words, request_words
from mailgate.core.desk.thread import key_candidates, subject_numbers, thread_ids
from mailgate.core.desk.ticket import Purpose, Ticket, TicketState
from mailgate.core.desk.undelivered import other_addresses
from mailgate.core.mail.age import is_old
from mailgate.core.mail.delivery import stated_reverse_path
from mailgate.core.mail.envelope import Envelope, Transport
from mailgate.core.mail.gate import Budget
from mailgate.core.mail.mail import ParsedMail
from mailgate.core.who.address import canonical, domain_of, lookalike
from mailgate.core.who.evidence import Assurance, Evidence, Grade
from mailgate.core.who.grade import grade
from mailgate.core.who.identify import identify
from mailgate.core.who.identity import Account, AuthorKind, Identity
from mailgate.core.who.ownership import attach_accounts
from mailgate.core.who.recognition import recognise
from mailgate.core.who.references import find_references
from mailgate.core.who.request import Reference, Request
from mailgate.service.context import Context
from mailgate.service.pin import pin_fact
from mailgate.store import accounts, deliveries, facts
from mailgate.store.change import is_muted
from mailgate.store.engine import Session
from mailgate.store.facts import AnsweredMail
from mailgate.store.work import alarmed

_REPEAT_WITHIN = timedelta(hours=1)
_MOST_KEYS = 40
_WITHOUT_ENVELOPE = frozenset({Transport.IMAP, Transport.IMPORT})
_DELIVERY_FIELDS = ("delivered-to", "x-original-to")


@dataclass(frozen=True, slots=True)
class Material:
    """What is known of a mail before the store is asked."""

    envelope: Envelope
    mail: ParsedMail
    evidence: Evidence

    @property
    def author(self) -> str | None:
        """The canonical address of the author, None where there is none that could be anybody's."""
        return canonical(self.mail.author.address) if self.mail.author is not None else None


def assemble(session: Session, context: Context, material: Material, seen: Seen | None, now: datetime) -> Case:
    """Read the facts and put the case together."""
    policy, mail = context.policy, material.mail
    addressed, recipients = _recipients(material, policy)
    reported = _reported(session, material, policy, addressed, now)
    thread = _thread(session, material, policy, addressed, now, reported)
    answers = thread is not None
    references, named = named_in(session, context, mail, now, answers=answers)
    identity = identity_of(session, context, material.author, named, now)
    graded = grade_of(material, context)
    pin = _pin(session, material, identity, graded, named or _named_before(session, context, thread, now), now)
    identity, graded = _lift(identity, graded, pin)
    own = named if identity.account is None else (identity.account,)
    words = own_words(mail, answers=answers)
    references = attach_accounts(references, own, subject=own_subject(mail), text=words)
    request = request_of(context, mail, identity, references, recipients, answers=answers)
    echoes = _echoes(session, material, request, identity, now) if thread is None else None
    place = thread.ticket if thread is not None else echoes
    known = Facts(
        identity=identity,
        thread=thread,
        seen=seen,
        copied=_copied(session, seen),
        named_accounts=named,
        history=facts.history(session, place.number) if place is not None else (),
        unsent=facts.unsent(session, thread.ticket.number) if thread is not None else (),
        ticket_account=_ticket_account(session, thread, identity),
        repeats_text=_repeats(session, material, graded, now),
        echoes=echoes,
        pin=pin,
        muted=identity.kind is AuthorKind.STRANGER and is_muted(session, material.author or ""),
        reported=reported,
        other_addresses=_other_addresses(session, reported, thread, now),
        budget=_budget(session, material, graded, thread, now),
        confirmations=confirmations_of(session, identity, graded, named, now),
        alarmed=alarmed(session, now),
    )
    return Case(
        inbound=material.envelope.id,
        received_at=material.envelope.received_at,
        transport=material.envelope.transport,
        reverse_path=_reverse_path(material),
        recipients=recipients,
        mail=mail,
        evidence=material.evidence,
        grade=graded,
        request=request,
        facts=known,
        policy=policy,
        trusted_hop=material.envelope.from_trusted_hop,
        old=is_old(material.envelope, mail),
    )


def _copied(session: Session, seen: Seen | None) -> Ticket | None:
    """The ticket of the mail that this one is a second copy of; a redelivery of the same transaction is none."""
    if seen is None or seen.redelivery or seen.ticket is None:
        return None
    return facts.place(session, seen.ticket)


def _reverse_path(material: Material) -> str:
    if material.envelope.transport in _WITHOUT_ENVELOPE:
        return stated_reverse_path(material.mail)
    return material.envelope.reverse_path


def _recipients(material: Material, policy: Policy) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The addresses that the mail reached, as they were written and as our canonical ones without keys.

    Where the transport has no envelope (IMAP, import) the header fields of the delivery stand in.
    """
    addressed = list(material.envelope.forward_path)
    if material.envelope.transport in _WITHOUT_ENVELOPE:
        mail = material.mail
        addressed += [value for name in _DELIVERY_FIELDS for value in mail.header(name)]
        addressed += [item.address for item in (*mail.to, *mail.cc)]
    bare = (canonical(split_keyed(item, policy.delimiter)[0]) for item in addressed)
    return tuple(addressed), tuple(dict.fromkeys(item for item in bare if item is not None))


def named_in(
    session: Session, context: Context, mail: ParsedMail, now: datetime, *, answers: bool
) -> tuple[tuple[Reference, ...], tuple[Account, ...]]:
    """The references in the author's own words, and the accounts that they name."""
    found = find_references(own_subject(mail), own_words(mail, answers=answers), context.patterns)
    return accounts.accounts_by_references(session, found, now.date())


def _named_before(session: Session, context: Context, thread: ThreadFact | None, now: datetime) -> tuple[Account, ...]:
    """The accounts that the first mail of a held ticket named: who sends the PIN after it need not repeat them."""
    if thread is None or thread.ticket.state is not TicketState.HELD:
        return ()
    first = facts.history(session, thread.ticket.number)[:1]
    found = find_references(thread.ticket.subject, "\n".join(entry.text for entry in first), context.patterns)
    return accounts.accounts_by_references(session, found, now.date())[1]


def identity_of(
    session: Session, context: Context, author: str | None, named: tuple[Account, ...], now: datetime
) -> Identity:
    """Whom the canonical address belongs to."""
    if author is None:
        return identify(None, own=False, agent=None, registered=(), named=(), lookalike_of=None)
    registered = accounts.accounts_by_address(session, author, now.date())
    domain = domain_of(author)
    resembles = None
    if not registered and domain is not None:
        resembles = lookalike(domain, accounts.registered_domains(session))
    return identify(
        author,
        own=author in context.policy.own_addresses,
        agent=context.agents.get(author),
        registered=registered,
        named=named,
        lookalike_of=resembles,
    )


def grade_of(material: Material, context: Context) -> Grade:
    """The grade of the message; the store is not asked for it."""
    policy = context.policy
    return grade(
        material.mail,
        material.evidence,
        proof=policy.proof,
        our_addresses=policy.own_addresses,
        received_at=material.envelope.received_at,
        agents=frozenset(context.agents),
        delimiter=policy.delimiter,
    )


def _pin(
    session: Session,
    material: Material,
    identity: Identity,
    graded: Grade,
    named: tuple[Account, ...],
    now: datetime,
) -> PinFact | None:
    """A PIN is for customers: a refuted author, an agent or ourselves can neither use one up nor have one blocked."""
    if material.envelope.transport is Transport.IMPORT:
        return None  # history proves nothing, and uses nothing up
    if graded.assurance is Assurance.REFUTED or identity.kind not in {AuthorKind.REGISTERED, AuthorKind.STRANGER}:
        return None
    pin = find_pin(material.mail.subject, new_words(material.mail))
    return pin_fact(session, pin, identity, named, came=material.envelope.received_at, now=now)


def _lift(identity: Identity, graded: Grade, pin: PinFact | None) -> tuple[Identity, Grade]:
    """A valid support PIN proves its account from any address; it never reaches `confirmed`."""
    if pin is None or pin.step is None or pin.account is None:
        return identity, graded
    own = identity.account is not None and identity.account.number == pin.account.number
    lifted = Identity(AuthorKind.REGISTERED, account=pin.account, contact=identity.contact if own else None)
    return lifted, Grade(Assurance.PROVED, f"valid support PIN of account {pin.account.number}", signed_to_us=True)


def request_of(
    context: Context,
    mail: ParsedMail,
    identity: Identity,
    references: tuple[Reference, ...],
    recipients: tuple[str, ...],
    *,
    answers: bool,
) -> Request:
    """What the author asks for, and of which department."""
    department = next(
        (item.name for item in context.policy.departments if set(item.addresses).intersection(recipients)), None
    )
    request = recognise(
        subject=without_pins(mail.subject or ""),
        text=without_pins(request_words(mail, answers=answers)),
        language=mail.language,
        recipient_department=department,
        author_domain=domain_of(mail.author.address) if mail.author is not None else None,
        rules=context.rules,
        account=identity.account,
        references=references,
    )
    known = {item.name for item in context.policy.departments}
    if request.department in known:
        return request
    return replace(request, department=department or context.policy.default_department.name)


def _reported(
    session: Session, material: Material, policy: Policy, addressed: tuple[str, ...], now: datetime
) -> Reported | None:
    """The mail of ours that a delivery report speaks of, where it knows a key or a Message-ID of ours."""
    report = material.mail.report
    if report is None:
        return None
    texts = dict.fromkeys(split_keyed(item, policy.delimiter)[1] for item in addressed[:_MOST_KEYS])
    keys = [facts.key(session, text, now) for text in texts if text is not None]
    return deliveries.reported(session, [key for key in keys if key is not None], report.original_message_id)


def _other_addresses(
    session: Session, reported: Reported | None, thread: ThreadFact | None, now: datetime
) -> tuple[str, ...]:
    if reported is None or thread is None or thread.ticket.account is None:
        return ()
    account = accounts.account_by_number(session, thread.ticket.account, now.date())
    return other_addresses(account, reported.mail.recipient)


def _thread(
    session: Session,
    material: Material,
    policy: Policy,
    addressed: tuple[str, ...],
    now: datetime,
    reported: Reported | None,
) -> ThreadFact | None:
    """Find the ticket that the mail belongs beside, by the strongest signal that it carries."""
    mail = material.mail
    if reported is not None and reported.mail.ticket is not None:
        ticket = facts.place(session, reported.mail.ticket)
        if ticket is not None:
            return ThreadFact(ticket, ThreadBy.KEY if reported.by_key else ThreadBy.MESSAGE_ID)
    answered = facts.answered_mail(session, thread_ids(mail), material.author)
    addressed_keys = {split_keyed(item, policy.delimiter)[1] for item in addressed}
    for candidate in key_candidates(addressed, mail, policy.delimiter, policy.domain)[:_MOST_KEYS]:
        key = facts.key(session, candidate, now)
        ticket = facts.place(session, key.ticket) if key is not None else None
        if ticket is not None:
            by = ThreadBy.KEY if candidate in addressed_keys else ThreadBy.MESSAGE_ID
            key = _note_key(session, addressed_keys, key, now) if by is ThreadBy.KEY else key
            return _thread_fact(session, ticket, by, key, answered)
    if answered is not None and (ticket := facts.place(session, answered.ticket)) is not None:
        return _thread_fact(session, ticket, answered.by, None, answered)
    for number in subject_numbers(mail.subject, policy.subject_tag)[:3]:
        if (ticket := facts.place(session, number)) is not None:
            return _thread_fact(session, ticket, ThreadBy.SUBJECT, None, None)
    return None


def _note_key(
    session: Session, addressed: Collection[str | None], found: KeyFact | None, now: datetime
) -> KeyFact | None:
    """What went to an agent's note address too stays inside, whatever other address stands beside it."""
    if found is None or found.purpose is not Purpose.REPLY or len(addressed) == 1:
        return found
    others = (facts.key(session, text, now) for text in sorted(item for item in addressed if item)[:_MOST_KEYS])
    same = (one for one in others if one is not None and (one.ticket, one.person) == (found.ticket, found.person))
    return next((one for one in same if one.purpose is Purpose.NOTE), found)


def _thread_fact(
    session: Session, ticket: Ticket, by: ThreadBy, key: KeyFact | None, answered: AnsweredMail | None
) -> ThreadFact:
    """`answers` names the mail of ours that is answered, where that belongs to the same ticket."""
    asked = facts.asked(session, ticket.number) if ticket.state is TicketState.HELD else ()
    if answered is None or not _is_of(session, answered.ticket, ticket):
        return ThreadFact(ticket, by, key, asked=asked)
    return ThreadFact(ticket, by, key, answers=answered.template, answers_automatic=answered.automatic, asked=asked)


def _is_of(session: Session, number: int, ticket: Ticket) -> bool:
    """True where the number is that of the ticket, or of one that became part of it."""
    if number == ticket.number:
        return True
    home = facts.place(session, number)
    return home is not None and home.number == ticket.number


def _ticket_account(session: Session, thread: ThreadFact | None, identity: Identity) -> Account | None:
    number = thread.ticket.account if thread is not None else None
    if number is None or (identity.account is not None and identity.account.number == number):
        return None if number is None else identity.account
    return accounts.show_account(session, number)


def _repeats(session: Session, material: Material, graded: Grade, now: datetime) -> int | None:
    """The ticket whose text is repeated.

    None where nothing is said, for then the subject says it all, and where this mail is surer than that ticket: a
    support PIN in the subject, a good signature, or the genuine mail after a forged one, must not end in a held ticket.
    """
    imported = material.envelope.transport is Transport.IMPORT  # an archive comes all at once, whenever it was written
    if imported or material.author is None or not material.mail.text.strip():
        return None
    number = facts.repeats_text(
        session,
        material.author,
        material.mail.body_hash,
        now - _REPEAT_WITHIN,
        except_for=material.envelope.id,
    )
    earlier = facts.place(session, number) if number is not None else None
    return None if earlier is None or graded.assurance.exceeds(earlier.assurance) else earlier.number


def _echoes(session: Session, material: Material, request: Request, identity: Identity, now: datetime) -> Ticket | None:
    """The ticket with which the mail goes on as programs do, where it keeps nothing of a thread."""
    mail = material.mail
    if material.envelope.transport is Transport.IMPORT or material.author is None:
        return None
    earlier = facts.answered_mails(session, material.author, now - SAME_WITHIN)
    said = Said(
        hide_pins(mail.subject or ""),
        hide_pins(mail.text),
        mail.body_hash,
        named=tuple(item.value for item in request.references if item.account is not None),
        files=bool(mail.attachments),
    )
    stranger = identity.kind is AuthorKind.STRANGER
    number = echoed(said, material.envelope.received_at, earlier, stranger=stranger)
    return facts.place(session, number) if number is not None else None


def _budget(session: Session, material: Material, graded: Grade, thread: ThreadFact | None, now: datetime) -> Budget:
    number = thread.ticket.number if thread is not None else None
    text = material.mail.body_hash if material.mail.text.strip() else None
    return facts.budget(session, answer_pool(graded), material.author or "", now, ticket=number, body_hash=text)


def confirmations_of(
    session: Session, identity: Identity, graded: Grade, named: tuple[Account, ...], now: datetime
) -> dict[str, Budget]:
    """What is used up for each contact who might be asked."""
    asked = [item for item in (identity.account, *named) if item is not None]
    addresses = dict.fromkeys(contact.address for account in asked for contact in account.contacts)
    pool = question_pool(identity, graded)
    return {address: facts.budget(session, pool, address, now) for address in list(addresses)[:50]}
