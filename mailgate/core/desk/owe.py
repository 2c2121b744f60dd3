"""Automatic mail to customers and strangers, as a plan owes it: each asks the gate first, and gets its keys here."""

from dataclasses import replace
from datetime import timedelta

from mailgate.core.desk import breaker, notify
from mailgate.core.desk.draft import Draft
from mailgate.core.desk.notice import Notice, Template
from mailgate.core.desk.plan import BreakerOpen, KeyIssued, NoticeWithheld
from mailgate.core.desk.ticket import Purpose, Ticket
from mailgate.core.mail.gate import Budget, GateAnswer, Pool
from mailgate.core.mail.mail import Mailbox

RULE_AFTER = timedelta(seconds=2)
"""How long after its arrival a mail is told the rule: a fixed moment, however much there was to do meanwhile.

Where the account exists its owner is asked too, and nobody shall learn that from when the answer comes. The question
waits as long, for the one courier takes what is due in the order of its writing: the answer first.
"""


def owe(draft: Draft, template: Template, number: int | None, department: str, *, held: bool = False) -> None:
    """Owe the author an automatic mail, if the gate lets it out."""
    case = draft.case
    answer = notify.gate(case)
    if not answer.allowed:
        author = case.mail.author.address if case.mail.author else ""
        _withhold(draft, number, template, author, answer, notify.answer_pool(case.grade), case.facts.budget)
        return
    send(draft, notify.to_author(case, template, number, department, draft.key(), draft.key(), held=held))


def ask(draft: Draft, number: int, person: Mailbox, account: str | None) -> None:
    """Ask a registered contact to confirm or deny; the question has budgets of its own."""
    case = draft.case
    answer = notify.confirm_gate(case, person.address)
    template = notify.question_for(case.facts.identity)
    if not answer.allowed:
        pool, used = notify.question_pool(case.facts.identity, case.grade), case.facts.confirmations
        _withhold(draft, number, template, person.address, answer, pool, used.get(person.address, Budget()))
        return
    keys = (draft.key(), draft.key())
    send(draft, notify.question(case, template, person, account, number=number, now=draft.stamp.now, keys=keys))


def tell_person(draft: Draft, template: Template, ticket: Ticket) -> None:
    """Thank the contact who answered: to the registered address, which just wrote to us by its own key."""
    case = draft.case
    answer = notify.gate(case)
    if answer.allowed:
        send(draft, notify.to_confirmer(case, template, ticket, draft.key(), draft.key()))
    else:
        person = case.mail.author.address if case.mail.author else ""
        _withhold(draft, ticket.number, template, person, answer, notify.answer_pool(case.grade), case.facts.budget)


def tell_status(draft: Draft, ticket: Ticket) -> None:
    """Say how far the ticket is, to the customer who asked."""
    case = draft.case
    answer = notify.gate(case)
    if answer.allowed:
        send(draft, notify.status(case, ticket, draft.key(), draft.key()))
    else:
        person = case.mail.author.address if case.mail.author else ""
        pool = notify.answer_pool(case.grade)
        _withhold(draft, ticket.number, Template.STATUS, person, answer, pool, case.facts.budget)


def _withhold(
    draft: Draft, number: int | None, template: Template, to: str, answer: GateAnswer, pool: Pool, used: Budget
) -> None:
    """Note why a mail stays unsent; an open breaker is told of, but once."""
    draft.events.append(NoticeWithheld(number, template.value, to, answer.reason))
    if answer.reason == breaker.BREAKER and not any(isinstance(item, BreakerOpen) for item in draft.events):
        event = BreakerOpen(pool, used.desk_hour, first=pool not in draft.case.facts.alarmed)
        draft.events.append(event)
        draft.notices.extend(breaker.opened(event, draft.case.policy, draft.key(), draft.stamp.now))


def send(draft: Draft, notice: Notice) -> None:
    """Issue the keys of a notice and owe it. Without a ticket (retired addresses) there is nothing to have keys for."""
    if notice.ticket is not None:
        question = notice.template in {Template.CONFIRM, Template.APPROVE}
        expires = draft.stamp.now + draft.case.policy.confirm_within if question else None
        purpose = Purpose.CONFIRM if question else Purpose.REPLY
        for key, what in ((notice.reply_key, purpose), (notice.bounce_key, Purpose.BOUNCE)):
            if key is not None:
                until = expires if what is Purpose.CONFIRM else None
                draft.events.append(KeyIssued(key, notice.ticket, notice.to.address, what, until))
    if notice.template in {Template.RULE, Template.APPROVE}:
        notice = replace(notice, not_before=draft.case.received_at + RULE_AFTER)
    draft.notices.append(notice)
