"""Delivery reports and their kin: what a report says, as a value (RFC 3464, RFC 6522, RFC 8098, RFC 5965).

Machine-readable parts come first, header fields of the trade next, prose last. Everything is hostile: bounded, in
linear time, without raising.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from mailgate.core.mail.mail import HeaderField, Report, ReportKind, ReportRecipient
from mailgate.parse import dsn_prose as prose
from mailgate.parse.bounds import read_header
from mailgate.parse.dsn_parts import Fields, addresses, blocks, gather, parameter
from mailgate.parse.dsn_words import (
    DAEMON_NAMES,
    DAEMONS,
    FAILED_ENDINGS,
    FAILED_SUBJECTS,
    FAILED_WORDS,
    MAILER_DAEMONS,
    READ_SUBJECTS,
    READ_WORDS,
    SUCCESS_SUBJECTS,
)
from mailgate.parse.errors import TooComplex
from mailgate.parse.mime import Part, walk

_TITLES: Final = FAILED_SUBJECTS + SUCCESS_SUBJECTS + READ_SUBJECTS
_DONE: Final = frozenset({"delivered", "relayed", "expanded", "deliverable"})
_ACTIONS: Final = {"failure": "failed", "fail": "failed", "delay": "delayed", "success": "delivered"}
_CLASS_ACTION: Final = {"5": "failed", "4": "delayed", "2": "delivered"}
_WORD: Final = re.compile(r"[ \t]*[a-z]*")
_IDENTIFYING: Final = frozenset({"original-recipient", "final-recipient", "x-actual-recipient", "reporting-mta"})
_FIRST_LINES: Final = 12  # a notice says early that it is one
_GREETINGS: Final = ("hello", "hallo", "hi ", "hi,", "dear ", "sehr geehrte", "guten tag", "liebe", "moin", "servus")


def read_report(parts: Sequence[Part], subject: str | None, text: str, fields: Iterable[HeaderField]) -> Report | None:
    """The delivery, disposition or feedback report that the mail with these leaf parts is; None where it is none.

    `subject` and `text` are decoded, `fields` are those of the mail's own header.
    """
    return _Reading(parts, subject or "", text, fields).report()


class _Reading:
    """One mail while it is read."""

    def __init__(self, parts: Sequence[Part], subject: str, text: str, fields: Iterable[HeaderField]) -> None:
        self.parts = gather(parts)
        self.subject = prose.flat(subject)
        self.text = text
        self.head = _first_values(fields)
        kind = self.head.get("content-type", "").lower()
        self.is_report = kind.lstrip().startswith("multipart/report")
        self.report_type = parameter(kind, "report-type")
        self.notice: list[str] = []
        self.tail: list[str] = []
        self.words = ""
        self.own: frozenset[str] = frozenset()

    def report(self) -> Report | None:
        """What it reports."""
        if self.parts.feedback is not None:
            return self._feedback(self.parts.feedback)
        if self.parts.disposition is not None:
            return self._disposition(self.parts.disposition)
        if not self._may_be_notice():
            return None
        self._take_apart()
        listed = _listed(self.parts.status or "")
        if listed and (self.is_report or self.report_type):
            return self._delivery(listed)
        if not self._is_notice():
            return None
        listed = listed or _listed(self.text if "final-recipient:" in self.text[: prose.MAX_NOTICE].lower() else "")
        if listed:
            return self._delivery(listed)
        return self._attached() or self._told()

    def _may_be_notice(self) -> bool:
        """Whether the header gives a reason to look closer; most mails end here."""
        if self.is_report or self.report_type or self.parts.status is not None:
            return True
        return self._is_titled() or self._is_system_mail() or "x-failed-recipients" in self.head

    def _take_apart(self) -> None:
        """Divide the notice from the original, and note whom the report was sent to."""
        self.notice, self.tail = prose.cut_notice(self.text)
        self.own = frozenset(
            address.lower()
            for name in ("to", "cc", "from", "sender", "reply-to")
            for _, _, address in addresses(self.head.get(name, "")[:2000])
        )

    def _attached(self) -> Report | None:
        """The report that a gateway has wrapped in a message of its own."""
        if self.parts.attached is None or self.parts.status is not None:
            return None
        try:
            header = read_header(self.parts.attached)
        except TooComplex:
            return None
        kind = header.first("content-type")
        if kind is None or not kind.text().lower().lstrip().startswith("multipart/report"):
            return None
        found = gather(walk(self.parts.attached, header).parts)
        listed = _listed(found.status or "")
        self.parts.original = found.original
        return self._delivery(listed) if listed else None

    def _feedback(self, text: str) -> Report:
        """RFC 5965 §3: whom the complaint is about, where it says so."""
        found = [
            ReportRecipient(address, None, None, None)
            for group in blocks(text)
            for _, _, address in addresses(group.get("original-rcpt-to", ""))
        ]
        return Report(ReportKind.FEEDBACK, tuple(found), self._original_id())

    def _disposition(self, text: str) -> Report:
        """RFC 8098 §3.2: the recipient that has seen or removed the mail."""
        said: Fields = {}
        for group in blocks(text):
            said = {**group, **said}
        stated = _typed(said.get("final-recipient", "")) or _typed(said.get("original-recipient", ""))
        found = (ReportRecipient(stated, None, None, None),) if stated else ()
        original = _message_id(said.get("original-message-id", "")) or self._original_id()
        return Report(ReportKind.DISPOSITION, found, original)

    def _delivery(self, listed: list[ReportRecipient]) -> Report:
        """Recipients of the machine-readable part; those that were reached only where nobody was missed."""
        missed = [self._judged(item) for item in listed if item.action not in _DONE]
        if missed:
            return Report(ReportKind.DELIVERY, _once(missed), self._original_id())
        return Report(ReportKind.SUCCESS, _once(listed), self._original_id())

    def _judged(self, item: ReportRecipient) -> ReportRecipient:
        """Action is required (RFC 3464 §2.3.3); where it is missing, subject and prose say what became of the mail."""
        if item.action is not None:
            return item
        delayed = prose.is_delay(self.subject, prose.flat("\n".join(self.notice)))
        return replace(item, action="delayed" if delayed else "failed", permanent=not delayed)

    def _is_notice(self) -> bool:
        """Whether the mail without usable status fields is a report nevertheless."""
        if self.report_type == "delivery-status":
            return True
        structured = self.is_report or self.report_type or self.parts.status is not None
        if (structured and self._is_system_mail()) or self.head.get("x-failed-recipients"):
            return True
        titled = self._is_titled()
        system = self._is_system_mail()
        if not (titled or system):
            return False
        self.words = prose.flat("\n".join(self.notice))
        if system:
            return (
                titled or prose.has_any(self.words, FAILED_WORDS) or (self._is_mailer_daemon() and bool(self._named()))
            )
        return titled and self._reads_like_a_notice()

    def _is_titled(self) -> bool:
        titled = self.subject.startswith(_TITLES)
        return titled or self.subject.endswith(FAILED_ENDINGS)

    def _is_mailer_daemon(self) -> bool:
        """Whose mails are reports in whatever language, where they name anybody."""
        return any(a.lower().startswith(MAILER_DAEMONS) for _, _, a in addresses(self.head.get("from", "")[:500]))

    def _is_system_mail(self) -> bool:
        """Whether a mail system wrote it: by its address, its name, or because it wants no answer."""
        author = self.head.get("from", "").lower()[:500]
        found = addresses(author)
        local = found[-1][2].rpartition("@")[0].strip('"') if found else author.strip().strip("<>")
        name = author.partition("<")[0]
        if local in DAEMONS or (name.strip() and prose.has_any(name, DAEMON_NAMES)):
            return True
        return self.head.get("return-path", "?").strip() == "<>" or (not found and "<>" in author)

    def _reads_like_a_notice(self) -> bool:
        """A person may write about a report: who greets, quotes or tells late is no mail system."""
        first = [line for line in self.notice if line.strip(" -=*#_|")][:_FIRST_LINES]
        said = prose.flat("\n".join(first))
        if said.startswith(_GREETINGS) or not (prose.has_any(said, FAILED_WORDS) or prose.has_refusal(first)):
            return False
        return not any(line.startswith(">") and "@" not in line for line in first)

    def _told(self) -> Report:
        """A report by its prose."""
        self.words = self.words or prose.flat("\n".join(self.notice))
        if self.subject.startswith(READ_SUBJECTS) and prose.has_any(self.words, READ_WORDS):
            return Report(ReportKind.DISPOSITION, (), self._original_id())
        success = self.subject.startswith(SUCCESS_SUBJECTS) and not prose.has_any(self.words, FAILED_WORDS)
        kind = ReportKind.SUCCESS if success else ReportKind.DELIVERY
        action = "delivered" if success else "delayed" if prose.is_delay(self.subject, self.words) else "failed"
        named = self._named()
        found = [self._recipient(item, action, alone=len(named) == 1) for item in named]
        return Report(kind, _once(found), self._original_id())

    def _recipient(self, item: prose.Found, action: str, *, alone: bool) -> ReportRecipient:
        status, reply = prose.status_of(item.words)
        if status is None and alone:
            everywhere = prose.status_of(self.notice)
            status, reply = everywhere[0], reply or everywhere[1]
        told = (status or reply or "")[:1]
        permanent = told == "5" if told in {"4", "5"} and action != "delayed" else action == "failed"
        return ReportRecipient(item.address, action, status, permanent)

    def _named(self) -> list[prose.Found]:
        """Whom the mail names as not reached, by the plainest of its words."""
        told = prose.recipients(self.notice, self.own, frozenset(a.lower() for a in self._original_addresses()))
        stated = [address for _, _, address in addresses(self.head.get("x-failed-recipients", "")[:20_000])]
        if stated:
            known = {item.address.lower(): item for item in told}
            return [known.get(address.lower(), prose.Found(address)) for address in stated]
        if told:
            return told
        by_subject = prose.recipients([f"recipient: {self.subject}"], self.own)
        weaker = self._completed() or prose.mentioned(self.notice, self.own)
        return by_subject or weaker or self._original_recipient()

    def _completed(self) -> list[prose.Found]:
        """Bare names, with the domain of the original's recipient or else of the system that reports."""
        names = prose.bare_names(self.notice)
        if not names:
            return []
        known = {a.rpartition("@")[0].lower(): a for a in self._original_addresses()}
        author = addresses(self.head.get("from", ""))
        domain = author[-1][2].rpartition("@")[2].lower() if author else ""
        made = [known.get(name.lower()) or (f"{name}@{domain}" if domain else "") for name in names]
        return [prose.Found(address) for address in made if address]

    def _original_recipient(self) -> list[prose.Found]:
        """The only recipient of the original mail, where the notice names none."""
        found = {address.lower(): address for address in self._original_addresses() if address.lower() not in self.own}
        return [prose.Found(address) for address in found.values()] if len(found) == 1 else []

    def _original_lines(self) -> list[str]:
        if self.parts.original is None:
            return self.tail[:500]
        return self.parts.original.lstrip("\n").partition("\n\n")[0].split("\n")[:500]

    def _original_addresses(self) -> list[str]:
        """Addresses of To and of `for` in Received of the original mail (RFC 5321 §4.4)."""
        found: list[str] = []
        for line in self._original_lines():
            low = line.lower().lstrip("> \t")
            if low.startswith(("to:", "x-receiver:", "delivered-to:", "x-original-to:", "for ")) or " for <" in low:
                begin = max(low.find("for "), 0) if not low.startswith(("to:", "x-", "delivered")) else 0
                found += [address for _, _, address in addresses(line.lstrip("> \t")[begin:])]
        return found

    def _original_id(self) -> str | None:
        """Message-ID of the original: of its head, of the prose, or of what the report says it answers."""
        for line, following in _pairs([*self._original_lines(), *self.notice]):
            name, _, value = line.lstrip("> \t*").partition(":")
            if name.strip().lower() in {"message-id", "original-message-id", "x-original-message-id"}:
                found = _message_id(value) or _message_id(following)
                if found:
                    return found
        stated = _message_id(self.head.get("in-reply-to", ""))
        return stated or _message_id("<" + self.head.get("references", "").rpartition("<")[2])


def _pairs(lines: list[str]) -> Iterable[tuple[str, str]]:
    return zip(lines, [*lines[1:], ""], strict=False)  # no line at all has none behind it


def _first_values(fields: Iterable[HeaderField]) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in fields:
        found.setdefault(item.name, item.value)
    return found


def _message_id(value: str) -> str | None:
    """The identifier between the first angle brackets, without them."""
    inner, closed, _ = value.partition("<")[2].partition(">")
    inner = "".join(inner[:998].split())
    return inner if closed and inner else None


def _listed(text: str) -> list[ReportRecipient]:
    """Recipients of the machine-readable part (RFC 3464 §2.3); the address the mail was sent to comes first."""
    found: list[ReportRecipient] = []
    for group in _whole(blocks(text)):
        stated = _typed(group.get("original-recipient", "")) or _typed(group.get("final-recipient", ""))
        stated = stated or _typed(group.get("x-actual-recipient", ""))
        if stated and len(found) < prose.MAX_RECIPIENTS:
            found.append(_of_group(stated, group))
    return found


def _whole(groups: Iterable[Fields]) -> list[Fields]:
    """Groups of which a blank line within one has made two are put together."""
    whole: list[Fields] = []
    for group in groups:
        if whole and not _IDENTIFYING & group.keys() and "action" not in whole[-1].keys() & group.keys():
            for name, value in group.items():
                whole[-1].setdefault(name, value)
        else:
            whole.append(group)
    return whole


def _of_group(stated: str, group: Fields) -> ReportRecipient:
    said = _WORD.match(group.get("action", "").lower())
    word = said[0].strip() if said else ""
    diagnosis = f"{group.get('status', '')} {group.get('diagnostic-code', '')}"
    status, _ = prose.status_of([group.get("status", "")])
    if status is None:
        status, reply = prose.status_of([diagnosis])
        if group.get("status", "").startswith("2.") and not word:
            reply = "2"
    else:
        reply = None
    told = (status or reply or "")[:1]
    action = _ACTIONS.get(word, word) or _CLASS_ACTION.get(told)
    permanent = (
        told == "5"
        if told in {"4", "5"} and action == "failed"
        else {"failed": True, "delayed": False}.get(action or "")
    )
    return ReportRecipient(stated, action, status, permanent)


def _typed(value: str) -> str:
    """The address of a typed field (RFC 3464 §2.1.2): `rfc822; user@example.com`, "" for other systems' names."""
    kind, semicolon, stated = value.partition(";")
    if semicolon and kind.strip().lower() == "x400":
        return ""
    found = addresses(stated if semicolon else value)
    return found[0][2] if found else ""


def _once(found: Iterable[ReportRecipient]) -> tuple[ReportRecipient, ...]:
    kept: dict[str, ReportRecipient] = {}
    for item in found:
        kept.setdefault(item.address.lower(), item)
    return tuple(kept.values())
