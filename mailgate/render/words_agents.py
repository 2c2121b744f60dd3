"""What agents read about a ticket, in their language: grades, reasons, flags, sizes, and what was said before."""

from collections.abc import Mapping

from mailgate.core.desk.carry_out import Deed
from mailgate.core.desk.command_kinds import BadLine, Wrong
from mailgate.core.desk.notice import Value
from mailgate.render.command_words import deed_in_words, problem_in_words
from mailgate.render.header import clean_header
from mailgate.render.words import local_time
from mailgate.render.words_files import why_not_taken
from mailgate.render.words_grade import grade_in_words
from mailgate.render.words_memos import memo_in_words

_WORDS: Mapping[str, Mapping[str, str]] = {
    "de": {
        "refuted": "GEFÄLSCHT oder nicht eindeutig",
        "unproved": "NICHT erwiesen",
        "proved": "erwiesen",
        "confirmed": "erwiesen und bestätigt",
        "normal": "normal",
        "high": "HOCH",
        "owner": "Inhaber",
        "technical": "Technik",
        "billing": "Buchhaltung",
        "contact": "Kontakt",
        "stranger": "keinem Kundenkonto bekannt",
        "lookalike": "Domain sieht einer registrierten ähnlich",
        "receipt-overdue": "Eingang nicht bestätigt",
        "unacknowledged": "nicht rechtzeitig gesehen",
        "response-overdue": "nicht rechtzeitig beantwortet",
        "held-too-long": "zu lange angehalten",
        "undelivered": "eine unserer Mails kam nicht an",
        "mail-receipt": "Eingangsbestätigung",
        "mail-rule": "Hinweis auf die Regel",
        "mail-confirm": "Bitte um Bestätigung",
        "mail-approve": "Bitte um Zustimmung",
        "mail-reply": "Antwort",
        "mail-reminder": "Erinnerung",
        "mail-news": "Nachricht an einen Bearbeiter",
        "customer": "Kunde",
        "agent": "Antwort",
        "note": "Notiz",
        "aside": "Rückmeldung (intern)",
        "system": "Vermerk",
        "priority-high": "DRINGEND",
        "waiting": "wartet auf den Kunden",
        "held": "angehalten",
        "agent-address": "Adresse eines Bearbeiters",
        "key": "Schlüssel eines anderen",
        "spam": "vom eigenen Server als Spam markiert",
    },
    "en": {
        "refuted": "FORGED, or not one clear address",
        "unproved": "NOT proved",
        "proved": "proved",
        "confirmed": "proved and confirmed",
        "normal": "normal",
        "high": "HIGH",
        "owner": "owner",
        "technical": "technical contact",
        "billing": "billing contact",
        "contact": "contact",
        "stranger": "not known to any account",
        "lookalike": "domain resembles a registered one",
        "receipt-overdue": "receipt overdue",
        "unacknowledged": "not seen in time",
        "response-overdue": "not answered in time",
        "held-too-long": "held too long",
        "undelivered": "a mail of ours did not arrive",
        "mail-receipt": "receipt",
        "mail-rule": "notice of the rule",
        "mail-confirm": "question to confirm",
        "mail-approve": "question to approve",
        "mail-reply": "answer",
        "mail-reminder": "reminder",
        "mail-news": "news for an agent",
        "customer": "customer",
        "agent": "answer",
        "note": "note",
        "aside": "reply to the desk (internal)",
        "system": "record",
        "priority-high": "URGENT",
        "waiting": "waits for the customer",
        "held": "held",
        "agent-address": "an agent's address",
        "key": "somebody else's key",
        "spam": "marked as spam by your own server",
    },
}

# Why a ticket is held, for the reasons of docs/policy.md; others are shown as they stand there.
_HELD: Mapping[str, Mapping[str, str]] = {
    "de": {
        "account-unproved": "Es geht um ein Kundenkonto, und der Absender ist nicht erwiesen",
        "account-unregistered": "Es geht um ein Kundenkonto, und die Adresse gehört zu keinem",
        "sensitive-proved": "Besonders geschützt: Der Kunde muss es noch einmal bestätigen",
        "sensitive-unproved": "Besonders geschützt, und der Absender ist nicht erwiesen",
        "sensitive-unregistered": "Besonders geschützt, und die Adresse gehört zu keinem Kundenkonto",
        "ambiguous-account": "Die Adresse gehört zu mehreren Kundenkonten",
        "role": "Dieser Kontakt darf das nicht allein; ein Inhaber ist gefragt",
        "confirm-foreign": "Jemand anderes hat auf unsere Rückfrage geantwortet",
        "agent-without-key": "Absender ist ein Bearbeiter, aber es ist keine Antwort auf eine Mail an ihn",
        "agent-foreign-key": "Jemand hat auf eine Mail geantwortet, die an einen Bearbeiter ging",
        "agent-expired-key": "Die Antwort gilt einer Mail von vor mehr als 180 Tagen; bitte auf eine neuere antworten",
        "agent-unproved": "Absender ist die Adresse eines Bearbeiters, aber das ist nicht erwiesen",
        "no-rule": "Keine Regel passt",
    },
    "en": {
        "account-unproved": "It concerns an account, and the sender is not proved",
        "account-unregistered": "It concerns an account, and the address belongs to none",
        "sensitive-proved": "Specially protected: the customer has to confirm it once more",
        "sensitive-unproved": "Specially protected, and the sender is not proved",
        "sensitive-unregistered": "Specially protected, and the address belongs to no account",
        "ambiguous-account": "The address belongs to several accounts",
        "role": "This contact may not ask for it alone; an owner is asked",
        "confirm-foreign": "Somebody else answered our question",
        "agent-without-key": "It comes from an agent's address, but answers no mail to that agent",
        "agent-foreign-key": "Somebody answered a mail that went to an agent",
        "agent-expired-key": "The mail that was answered is more than 180 days old; answer a newer one",
        "agent-unproved": "It comes from an agent's address, but that is not proved",
        "no-rule": "No rule fits",
    },
}
_TIMES = ("acknowledge_by", "respond_by", "leaves_at")
_SAID_LATER: Mapping[str, Value] = {  # mails that an older version owed do not say it
    "withheld": [],
    "joined": None,
    "alone": [],
    "too_large": [],
    "personal": [],
    "then": None,
    "note": "",
}
_NAMES = ("assurance", "priority", "role", "mail")


def agent_variables(values: Mapping[str, Value], language: str, zone: str) -> dict[str, Value]:
    """Those of `values` that are words, times or lists of ours, as an agent reads them."""
    found: dict[str, Value] = {}
    for name in (*_TIMES, *_NAMES, "held_reason"):
        if isinstance(value := values.get(name), str):
            found[name] = local_time(value, language, zone) if name in _TIMES else in_words(value, language)
    if isinstance(why := values.get("why"), str):
        found["why"] = clean_header(grade_in_words(why, language))
    found |= {name: empty for name, empty in _SAID_LATER.items() if name not in values}
    for name, show in (("flags", _flag), ("files", _file), ("withheld", _withheld)):
        if isinstance(items := values.get(name), list):
            found[name] = [show(item, language) for item in items]
    if isinstance(done := values.get("done"), list):
        found["done"] = [_deed(item, language, zone) for item in done]
    if isinstance(details := values.get("details"), list):
        found["details"] = [_problem(item, language) for item in details]
    if isinstance(history := values.get("history"), list):
        found["history"] = [_said(item, language, zone) for item in history if isinstance(item, dict)]
    found |= _with_memos(values, language)
    if isinstance(rows := values.get("rows"), list):
        found["rows"] = [_row(item, language, zone) for item in rows if isinstance(item, dict)]
    return found


def _row(item: Mapping[str, str], language: str, zone: str) -> dict[str, str]:
    """One ticket of a digest: what is to be noted about it stands in `note`."""
    notes = [in_words(word, language) for word in item["flags"].split()]
    if item["priority"] == "high":
        notes.insert(0, in_words("priority-high", language))
    if item["state"] in {"waiting", "held"}:
        notes.append(in_words(item["held_reason"] or item["state"], language))
    shown = {
        name: clean_header(item[name]) for name in ("section", "number", "subject", "requester", "department", "more")
    }
    times = {name: local_time(item[name], language, zone) if item[name] else "" for name in ("since", "due")}
    return {**shown, **times, "note": "; ".join(notes)}


def in_words(word: str, language: str) -> str:
    """A word of ours in the agent's language; itself where there is no better one."""
    found = _of(_WORDS, language).get(word) or _of(_HELD, language).get(word)
    return found or clean_header(word.removeprefix("mail-"))


def _of(words: Mapping[str, Mapping[str, str]], language: str) -> Mapping[str, str]:
    return words.get(language, words["en"])


def _flag(item: object, language: str) -> str:
    return in_words(str(item), language)


def _deed(item: object, language: str, zone: str) -> str:
    if not isinstance(item, dict):
        return clean_header(str(item))
    return clean_header(deed_in_words(Deed(item["deed"]), item["value"], language, zone))


def _problem(item: object, language: str) -> str:
    """A line of an agent's mail, and what is wrong with it."""
    if not isinstance(item, dict):
        return clean_header(str(item))
    if "leak" in item:
        return clean_header(f"{in_words(item['leak'], language)}: {item['value']}")
    bad = BadLine(item["line"], Wrong(item["wrong"]), item["value"], item["hint"])
    return clean_header(bad.line) + ": " + clean_header(problem_in_words(bad, language))


def _file(item: object, language: str) -> str:
    """`report.pdf (application/pdf, 12 KB)`."""
    if not isinstance(item, dict):
        return clean_header(str(item))
    return f"{clean_header(item['name'])} ({clean_header(item['type'])}, {_size(int(item['size']), language)})"


def _withheld(item: object, language: str) -> str:
    """`film.mp4 (video/mp4, 12 MB): larger than 10 MB`."""
    shown = _file(item, language)
    return f"{shown}: {why_not_taken(item, language)}" if isinstance(item, dict) else shown


def _size(octets: int, language: str) -> str:
    if octets < 1000:
        return f"{octets} B"
    if octets < 1_000_000:
        return f"{round(octets / 1000)} KB"
    shown = f"{octets / 1_000_000:.1f} MB"
    return shown.replace(".", ",") if language == "de" else shown


def _with_memos(values: Mapping[str, Value], language: str) -> dict[str, Value]:
    """What the desk notes itself stands above what the agent noted, and above the text where nothing was said."""
    memos = values.get("memos")
    if not isinstance(memos, list) or not memos:
        return {}
    name = "note" if values.get("then") else "text"
    said = [*(_memo(item, language) for item in memos), str(values[name])]
    return {name: "\n\n".join(item for item in said if item)}


def _memo(item: object, language: str) -> str:
    return memo_in_words(str(item), language, lambda word: in_words(word, language))


def _said(item: Mapping[str, str], language: str, zone: str) -> dict[str, str]:
    """One earlier entry: a line that says whose it is, and its text, quoted so that mail programs fold it."""
    text = _memo(item["text"], language) if item["kind"] == "system" else item["text"]
    quoted = "\n".join(f"> {line}".rstrip() for line in text.strip("\n").split("\n"))
    head = (
        f"{local_time(item['at'], language, zone)}, {in_words(item['kind'], language)}: {clean_header(item['author'])}"
    )
    return {"head": head, "quoted": quoted}
