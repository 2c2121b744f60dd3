"""Does what the configuration names work? Templates are rendered, name servers asked, the way out is tried.

Nothing is sent, stored or changed. Each thing that does not work is one `Fault`; no fault means that all works.
"""

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from mailgate.auth.resolver import DnsTroubleError, Resolver
from mailgate.config import Settings
from mailgate.config.problems import nearest
from mailgate.config.wire import Method
from mailgate.core.desk.notice import AutoSubmitted, Notice, Template, Value
from mailgate.core.mail.mail import Mailbox
from mailgate.core.who.request import RequestKind
from mailgate.render.compose import BrokenTemplate, compose
from mailgate.render.environment import environment
from mailgate.service.desk import desk_of
from mailgate.service.signing import UnusableKey, signer_of, signing_doubts

_MOMENT = datetime(2026, 1, 31, 8, 15, tzinfo=UTC)
_KEY = "a" * 26


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not work: the key or file that names it, and why."""

    what: str
    why: str


_FOR_AGENTS = frozenset(
    {Template.NEWS, Template.RESULT, Template.HELP, Template.ESCALATION, Template.UNDELIVERED, Template.UNREAD}
)


def probe(settings: Settings, *, online: bool) -> tuple[Fault, ...]:
    """Try everything; `online` allows questions to DNS and connections to the mail server."""
    faults = [*_templates(settings), *_maildir(settings), *_keys(settings)]
    if online:
        faults += _dns(settings)
        faults += asyncio.run(_login(settings))
    return tuple(faults)


def doubts(settings: Settings) -> tuple[str, ...]:
    """What works and should be looked at nevertheless: signatures that DNS does not bear out. Asks DNS."""
    try:
        signer = signer_of(settings)
    except UnusableKey:
        return ()
    return () if signer is None else tuple(signing_doubts(settings, signer))


def _keys(settings: Settings) -> Iterator[Fault]:
    try:
        signer_of(settings)
    except UnusableKey as error:
        what, _, why = str(error).partition(": ")
        yield Fault(what, why)


def _templates(settings: Settings) -> Iterator[Fault]:
    """Every notice in every language, once with all that may be known and once with the least."""
    folder = settings.desk.templates
    if folder is not None:
        yield from _stray(folder, settings.desk.languages)
    loaded, desk = environment(folder), desk_of(settings)
    for language in settings.desk.languages:
        for template in Template:
            for rich in (True, False):
                try:
                    compose(_example(template, language, settings, rich=rich), desk, loaded, _MOMENT)
                except BrokenTemplate as error:
                    yield Fault("desk.templates", str(error))
                    break


def _stray(folder: Path, languages: tuple[str, ...]) -> Iterator[Fault]:
    """Files of the operator that stand in for no template: their texts would never be sent."""
    names = {f"mail/{language}/{template}.txt" for language in languages for template in Template}
    for path in sorted(item for item in folder.rglob("*.txt") if item.is_file()):
        name = path.relative_to(folder).as_posix()
        if name not in names:
            why = f"{path} stands in for no template{nearest(name, names)}; rename it, or take it out"
            yield Fault("desk.templates", why)


def _example(template: Template, language: str, settings: Settings, *, rich: bool) -> Notice:
    department = settings.departments[0].name
    return Notice(
        effect=f"probe:{template}",
        template=template,
        to=Mailbox("Erika Müller" if rich else "", "erika@example.org"),
        language=language,
        department=department,
        ticket=1042,
        message_id=f"{_KEY}.1042@{settings.desk.domain}",
        auto_submitted=AutoSubmitted.REPLIED,
        subject="Größe ändern" if rich else None,
        reply_key=_KEY,
        bounce_key=_KEY,
        values=example_values(rich=rich),
        agent="alex" if template in _FOR_AGENTS else None,
        note_key=_KEY if rich else None,
    )


def example_values(*, rich: bool) -> dict[str, Value]:
    """The variables of every template together (the head comment of each names its own)."""
    moment = _MOMENT.isoformat()
    return {
        "held": rich,
        "missing": ["server"] if rich else [],
        "priority": "high" if rich else "normal",
        "kind": RequestKind.ACCOUNT.value,
        "received_at": moment,
        "answered_at": moment if rich else None,
        "state": "waiting" if rich else "closed",
        "since": moment,
        "part": "support@example.org/INBOX",
        "why": "the server refuses the login of support@example.org",
        "pool": "unproved",
        "limit": 1000,
        "withheld": 12,
        "closes_at": moment if rich else None,
        "reopen_until": moment,
        "due_at": moment,
        "opens_at": moment if rich else None,
        "by_agent": rich,
        "not_taken": [{"name": "film.mp4", "refusal": "size", "limit": "1000"}] if rich else [],
        "not_taken_count": 2 if rich else 0,
        "takes_count": 1,
        "takes_size": 1000,
        "takes_types": ["image/*", "application/pdf"] if rich else [],
        "opened_at": moment,
        "further": rich,
        "expires_at": moment,
        "references": ["srv-web-01"] if rich else [],
        "requester": "erika@example.org" if rich else None,
        "by_pin": rich,
        "proved": rich,
        "notice": "https://example.org/",
        "reason": "denied",
        **_for_agents(rich=rich),
    }


def _for_agents(*, rich: bool) -> dict[str, Value]:
    """The variables of the notices that agents get."""
    moment = _MOMENT.isoformat() if rich else None
    some = ["erika@example.org"] if rich else []
    row = dict.fromkeys(("subject", "requester", "department", "priority", "state", "held_reason", "flags", "due"), "")
    row |= {"section": "mine", "number": "1042", "since": _MOMENT.isoformat(), "more": "2" if rich else ""}
    said = {"kind": "customer", "author": "erika@example.org", "at": _MOMENT.isoformat(), "text": "Hallo"}
    file = {"name": "bild.png", "type": "image/png", "size": "1200"}
    return {
        "rows": [row],
        "total": 1,
        "late": 1 if rich else 0,
        "mail": "mail-reply",
        "to": "erika@example.org",
        "others": some,
        "reopened": rich,
        "what": "follow-up" if rich else "opened",
        "held_reason": "account-unproved" if rich else None,
        "closed": rich,
        "author": "Erika Müller <erika@example.org>",
        "author_kind": "registered",
        "role": "owner" if rich else None,
        "assurance": "proved",
        "why": "signed by example.org",
        "lookalike_of": "example.com" if rich else None,
        "account": "10001" if rich else None,
        "account_name": "Beispiel GmbH" if rich else "",
        "products": ["server srv-web-01"] if rich else [],
        "named": [] if rich else ["10002"],
        "flags": ["unproved"] if rich else [],
        "linked_to": 1001 if rich else None,
        "joined": 1003 if rich else None,
        "assignee": "alex" if rich else None,
        "acknowledge_by": moment,
        "respond_by": moment,
        "leaves_at": moment,
        "recipients": some,
        "departments": ["support", "billing"] if rich else [],
        "agents": ["alex", "sam"] if rich else [],
        "agent": "alex",
        "text": "Guten Tag",
        "cut": rich,
        "files": [file] if rich else [],
        "left_out": ["film.mp4"] if rich else [],
        "withheld": [file | {"refusal": "size", "limit": "1000"}] if rich else [],
        "history": [said] if rich else [],
        "problem": None if rich else "guard",
        "details": [] if rich else ["alex@example.org"],
        "note": False,
        "ignored": some,
        "mail_id": "m001",
        "sender": "kim@example.com" if rich else "",
        "detail": "too-complex: 600 parts",
        "beyond": some,
        "alone": some,
        "too_large": some,
        "personal": some,
        "done": ["!ack"] if rich else [],
    }


def _maildir(settings: Settings) -> Iterator[Fault]:
    """The folder of the method `maildir`, or the nearest one above it, has to be writable."""
    if settings.delivery.method is not Method.MAILDIR:
        return
    path = settings.delivery.maildir
    there = next(item for item in (path, *path.absolute().parents) if item.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        yield Fault("delivery.maildir", f"{there} cannot be written to")


def _dns(settings: Settings) -> Iterator[Fault]:
    """Each name server has to answer a question about our own domain, whatever the answer is."""
    servers = [str(item) for item in settings.dns.nameservers]
    for server in servers or [""]:
        try:
            Resolver([server] if server else []).lookups().exists(settings.desk.domain)
        except DnsTroubleError as error:
            yield Fault("dns.nameservers", f"{server or 'the name servers of this system'}: no answer ({error})")


async def _login(settings: Settings) -> list[Fault]:
    """Connect to the mail server, secure the connection, log in, leave."""
    delivery = settings.delivery
    if delivery.method is not Method.SMTP or delivery.host is None:
        return []
    from mailgate.courier.smtp import NextHop, SmtpCourier, Tls  # noqa: PLC0415 - only where it is used

    password = delivery.password_file.read() if delivery.password_file is not None else None
    hop = NextHop(
        host=delivery.host,
        port=delivery.effective_port,
        tls=Tls(delivery.tls.value),
        hello=settings.smtp_hostname,
        username=delivery.username,
        password=password,
        ca_file=str(delivery.ca_file) if delivery.ca_file is not None else None,
        timeout=15.0,
    )
    why = await SmtpCourier(hop).probe()
    return [] if why is None else [Fault("delivery.host", f"{delivery.host}:{delivery.effective_port}: {why}")]
