"""A decision as JSON: what was seen, which rule hit, what followed. Kept with each mail, and printed by `explain`."""

import re
from typing import Any

from mailgate.core.desk.case import Case
from mailgate.core.desk.decision import Decision
from mailgate.core.desk.plan import Plan
from mailgate.core.desk.thread import may_write
from mailgate.store import values

_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SECRET = frozenset({"key", "reply_key", "bounce_key", "text"})


def explanation(case: Case, decision: Decision, plan: Plan) -> dict[str, Any]:
    """The object of `message explain --json`. Keys and texts of entries are left out: neither is needed to explain."""
    return {
        "evidence": _evidence(case),
        "author": _author(case),
        "thread": _thread(case),
        "request": as_json(case.request),
        "decision": {"action": name_of(decision.action), "reason": decision.reason},
        "trail": [{"rule": step.rule, "hit": step.hit} for step in decision.trail],
        "plan": {
            "outcome": plan.outcome,
            "events": [{"event": name_of(event), **as_json(event)} for event in plan.events],
            "notices": [{"template": item.template.value, "to": item.to.address} for item in plan.notices],
        },
    }


def _evidence(case: Case) -> dict[str, Any]:
    evidence, grade = case.evidence, case.grade
    return {
        "assurance": grade.assurance.value,
        "why": grade.why,
        "signed_to_us": grade.signed_to_us,
        "spf": as_json(evidence.spf),
        "dkim": as_json(evidence.dkim),
        "dmarc": as_json(evidence.dmarc),
        "authserv": as_json(evidence.authserv),
        "dns_trouble": list(evidence.dns_trouble),
        "author_doubt": list(case.mail.author_doubt),
    }


def _author(case: Case) -> dict[str, Any]:
    identity, author = case.facts.identity, case.mail.author
    return {
        "kind": identity.kind.value,
        "address": author.address if author is not None else None,
        "account": identity.account.number if identity.account is not None else None,
        "role": identity.contact.role.value if identity.contact is not None else None,
        "agent": identity.agent,
        "ambiguous": identity.ambiguous,
        "lookalike_of": identity.lookalike_of,
    }


def _thread(case: Case) -> dict[str, Any] | None:
    thread = case.facts.thread
    if thread is None:
        return None
    return {
        "ticket": thread.ticket.number,
        "by": thread.by.value,
        "may_write": may_write(case, thread),
        "answers": thread.answers,
    }


def name_of(value: object) -> str:
    """The name of a member of a closed union, as `ticket-opened` for TicketOpened."""
    return _WORD.sub("-", type(value).__name__).lower()


def as_json(value: object) -> Any:
    """A value of the core as JSON types, as the store writes them. Keys and message texts are left out."""
    return _without_secrets(values.as_json(value))


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_secrets(item) for name, item in value.items() if name not in _SECRET}
    return [_without_secrets(item) for item in value] if isinstance(value, list) else value
