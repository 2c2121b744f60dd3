"""What raises a request, what never lowers it, and that each opinion tells why."""

import pytest

from mailgate.config.requests import request_rules
from mailgate.core.who.identity import Account, Product
from mailgate.core.who.ownership import attach_accounts
from mailgate.core.who.recognition import DepartmentRule, PhraseRule, RequestRules, recognise
from mailgate.core.who.references import ReferencePatterns, find_references
from mailgate.core.who.request import Request, RequestKind

HOUSE = (DepartmentRule("support", default=True), DepartmentRule("billing"), DepartmentRule("general"))
RULES = request_rules(HOUSE)


def ask(
    text: str,
    subject: str = "",
    *,
    to: str | None = "support",
    rules: RequestRules = RULES,
    account: Account | None = None,
    language: str | None = "de",
    author_domain: str | None = None,
) -> Request:
    references = find_references(subject, text, ReferencePatterns())
    references = attach_accounts(references, [account] if account else [], subject=subject, text=text)
    return recognise(
        subject=subject,
        text=text,
        language=language,
        recipient_department=to,
        author_domain=author_domain,
        rules=rules,
        account=account,
        references=references,
    )


@pytest.mark.parametrize(
    ("text", "kind", "department"),
    [
        ("Bietet ihr auch Webspace mit PHP 8.3 an? Ich vergleiche gerade Anbieter.", "general", "general"),
        ("Unsere Website schreinerei-muster.de zeigt seit heute nur Fehler 500, bitte prüfen.", "account", "support"),
        ("Auf meiner letzten Rechnung RE-2025-10001 fehlt die Umsatzsteuer, bitte korrigieren.", "account", "billing"),
        ("Hiermit kündige ich meinen Vertrag zum Monatsende. Kundennummer 10001", "sensitive", "billing"),
        ("Ich habe mein Passwort vergessen, bitte setzen Sie es zurück.", "sensitive", "support"),
        ("Please send me the auth code for muster-verein.org, we are moving away.", "sensitive", "support"),
        ("We have new bank details, please use DE12 5001 0517 0648 4898 90.", "sensitive", "billing"),
    ],
)
def test_plain_requests(text: str, kind: str, department: str) -> None:
    got = ask(text)
    assert (got.kind.value, got.department) == (kind, department)


def test_each_opinion_tells_why() -> None:
    got = ask("Hiermit kündige ich meinen Vertrag. Kundennummer 10001", to="support")
    assert "reference:customer 10001" in got.signals
    assert "recipient:support" in got.signals
    assert any(signal.startswith("phrase:sensitive") for signal in got.signals)
    assert any(signal.startswith("model:sensitive") for signal in got.signals)
    assert len(got.signals) <= 40


def test_phrases_of_the_operator_raise_in_their_language_only() -> None:
    rules = request_rules(HOUSE, [PhraseRule(RequestKind.SENSITIVE, ("blaue karte",), "de")])
    text = "Gibt es bei euch eigentlich die blaue Karte? Ich vergleiche Anbieter."
    assert ask(text, rules=rules).kind is RequestKind.SENSITIVE
    assert ask(text, rules=rules, language="en").kind is RequestKind.GENERAL
    assert ask(text).kind is RequestKind.GENERAL


def test_a_general_phrase_lowers_nothing() -> None:
    rules = request_rules(HOUSE, [PhraseRule(RequestKind.GENERAL, ("guten tag",))])
    assert ask("Guten Tag, hiermit kündige ich meinen Vertrag.", rules=rules).kind is RequestKind.SENSITIVE


@pytest.mark.parametrize("floor", [RequestKind.ACCOUNT, RequestKind.SENSITIVE])
def test_the_departments_kind_is_the_least(floor: RequestKind) -> None:
    rules = request_rules([DepartmentRule("info", request_kind=floor, default=True)])
    assert ask("Wie sind eure Öffnungszeiten an Feiertagen?", to="info", rules=rules).kind is floor


def test_the_departments_kind_never_lowers_sensitive() -> None:
    rules = request_rules([DepartmentRule("info", request_kind=RequestKind.ACCOUNT, default=True)])
    text = "Hiermit kündige ich meinen Vertrag zum Monatsende."
    assert ask(text, to="info", rules=rules).kind is RequestKind.SENSITIVE


ACCOUNT = Account("10001", "Muster", products=(Product("server", "hades"), Product("plan", "Turbopaket")))


def test_naming_an_own_product_is_account() -> None:
    text = "Gibt es ein Handbuch zu hades?"
    assert ask(text, account=ACCOUNT).kind is RequestKind.ACCOUNT
    assert "own server:hades" in ask(text, account=ACCOUNT).signals


def test_doubt_counts_as_account_for_strangers() -> None:
    without = RequestRules.build(departments=HOUSE)
    got = ask("Hallo", rules=without)
    assert got.kind is RequestKind.ACCOUNT
    assert any(signal.startswith("doubt:") for signal in got.signals)


def test_the_house_may_name_its_departments_otherwise() -> None:
    rules = request_rules([DepartmentRule("technik", default=True), DepartmentRule("buchhaltung")])
    assert ask("Bitte schickt mir die letzte Rechnung nochmal.", to="technik", rules=rules).department == "buchhaltung"
    single = request_rules([DepartmentRule("team", default=True)])
    assert ask("Bitte schickt mir die letzte Rechnung nochmal.", to=None, rules=single).department == "team"


@pytest.mark.parametrize(
    ("subject", "text", "product"),
    [
        ("[vServer 8000] Snapshot hängt", "", "vServer 8000"),
        ("Frage", "Wie viele Datenbanken sind bei Webhosting S dabei?", "Webhosting S"),
        ("[Root-Server L] Boot", "", "Root-Server L"),
        ("vServer", "mein vServer ist langsam", None),
        ("[#1042] Webhosting", "", None),
        ("[EXTERN] Hilfe", "", None),
        ("Frage", "Im Webhosting start ich neu", None),
    ],
)
def test_products_by_their_full_name(subject: str, text: str, product: str | None) -> None:
    assert ask(text, subject).product == product


def test_an_own_product_is_known_by_its_name() -> None:
    assert ask("Mein Turbopaket ist voll", account=ACCOUNT).product == "Turbopaket"


def test_a_critical_report_is_high_and_lists_what_is_missing() -> None:
    got = ask("Alle unsere Server sind komplett offline, nichts geht mehr!", "Totalausfall")
    assert got.priority.value == "high"
    assert got.missing == ("server", "service", "start-time", "diagnostics")
    full = ask(
        "srv-web-01 ist seit 05:50 Uhr MEZ komplett offline, weder SMTP noch SSH antworten, kein Ping, alles steht.",
        "Totalausfall srv-web-01",
    )
    assert full.priority.value == "high"
    assert full.missing == ()


def test_shouting_is_no_priority() -> None:
    got = ask("DRINGEND!!! SOFORT!!! Auf der Seite fehlt das Logo!!!!", "DRINGEND!!!!")
    assert got.priority.value == "normal"
    assert got.missing == ()


def test_the_authors_contact_line_is_no_reference() -> None:
    text = "Plant ihr einen Standort in Wien?\nMehr von uns:\nwww.muster-agentur.de\nDanke und bis bald im Herbst, meint unser ganzes Team!"
    assert ask(text, author_domain="muster-agentur.de").references == ()
    assert ask(text, author_domain="other.example").references != ()


def test_hostile_text_is_bounded() -> None:
    got = ask("kündige " * 50_000 + "!" * 50_000, "x" * 100_000)
    assert len(got.signals) <= 40
