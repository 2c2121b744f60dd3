"""What a number or a name is, the words around it say, whatever its form; the model has the last word."""

import pytest
from support.cost import growth

from mailgate.config.requests import default_reference_model
from mailgate.core.who.candidates import MAX_CANDIDATES, candidates
from mailgate.core.who.references import ReferencePatterns, find_references

PATTERNS = ReferencePatterns.build(model=default_reference_model())
FORMS = [
    "48 20 117",
    "118.204",
    "K-30118",
    "66-0447",
    "9/20447",
    "20417",
    "7-118-22",
    "D204471",
    "5507 1192",
    "0044812",
]


def found(text, subject="", patterns=PATTERNS):
    return [(r.type.value, r.value) for r in find_references(subject, text, patterns)]


@pytest.mark.parametrize("value", FORMS)
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Guten Tag, unsere Kundennummer ist {}. Bitte rufen Sie zurück.", "customer"),
        ("Hello,\nplease reset my password.\n\nCustomer ID: {}", "customer"),
        ("Die Bestellung Nr. {} ist noch nicht da.", "order"),
        ("Please send invoice no. {} again.", "invoice"),
    ],
)
def test_the_same_words_tell_the_type_of_each_form(text, kind, value):
    assert found(text.format(value)) == [(kind, value)]


@pytest.mark.parametrize("value", ["bm-2207.rz4", "node-b-17", "kasse-fra-3", "titan4-2", "st-hel-0419"])
def test_names_of_machines_have_many_forms(value):
    assert found(f"Guten Tag, seit heute früh ist unser Server {value} nicht erreichbar.") == [("server", value)]


@pytest.mark.parametrize(
    "text",
    [
        "Unsere Kostenstelle 4711-20 bitte auf alle Belege drucken.",
        "Amtsgericht Jena, HRB 508812, USt-IdNr. DE 266 118 904",
        "Unser Aktenzeichen 412 Js 11804/26, Rückfragen unter 0511 5550-448.",
        "Thanks for looking into [#884120]. Is #884120 still open?",
        "The disk has serial number WD-WCC4N0448812 and error 0x80070035.",
        "Ihr Paket 00340434161094447188 liegt an der Packstation 118.",
        "See https://shop.invalid/order/4471182?id=20447118",
    ],
)
def test_numbers_of_other_things_are_no_references(text):
    assert [item for item in found(text) if item[0] != "domain"] == []


@pytest.mark.parametrize("value", ["KD7710442", "UK-40772", "40008841", "VP-1427"])
def test_a_number_alone_in_its_sentence_is_the_customers(value):
    assert found(f"Das Menü für den Spamschutz finde ich seit Version 7.4 nicht mehr. {value}.") == [
        ("customer", value)
    ]


def test_what_looks_like_a_sure_one_of_the_same_mail_is_of_its_type():
    text = "Ihre Rechnung F2026-55102 wird die letzte sein. Im Vorjahr war es mit Rabatt die Hälfte (F2025-48810)."
    assert found(text) == [("invoice", "F2026-55102"), ("invoice", "F2025-48810")]


def test_a_number_is_no_part_of_a_domain():
    assert found("kd.nr 7 12 18 bitte verlängern") == [("customer", "7 12 18")]


def test_a_full_name_below_a_site_is_a_server_and_a_mail_host_is_a_domain():
    assert found("Bitte s2-40771.dc3.hoster.example neu aufsetzen") == [("server", "s2-40771.dc3.hoster.example")]
    assert found("Rebuild auf db2.ffm.hoster.example steht") == [("server", "db2.ffm.hoster.example")]
    assert found("PTR auf mx2.lorch.example bitte") == [("domain", "mx2.lorch.example")]


def test_patterns_of_the_operator_are_the_only_ones_of_their_type():
    patterns = ReferencePatterns.build({"customer_number": r"\bK(\d{4})\b"}, model=default_reference_model())
    text = "K1234 hier, früher Kundennummer 77215. Rechnung RE-2025-00817 fehlt."
    assert found(text, patterns=patterns) == [("customer", "1234"), ("invoice", "RE-2025-00817")]


def test_each_decision_is_explained():
    (reference,) = find_references("", "Unsere Kundennummer lautet 48 20 117.", PATTERNS)
    chance, _, reasons = reference.why.partition(" by ")
    assert 0.5 <= float(chance) <= 1
    assert len(reasons.split(", ")) == 3


def test_candidates_overlap_and_are_bounded():
    values = [item.value for item in candidates("AB 26-4190 und 48 20 117, am 3.11.2026 um 14:30")]
    assert values == ["26-4190", "AB 26-4190", "48 20 117"]
    assert len(candidates("ab-12 " * 5_000)) <= MAX_CANDIDATES + 4


@pytest.mark.parametrize(
    "piece", ["aZ19-./ #:@_\u00a0", "AB 12345 ", "[#123456] ", "kunde 1-", "a-b/", "1 ", "ab-12\n"]
)
def test_time_is_linear_in_the_text(piece):
    assert growth(lambda size: (piece * size)[:size], found, 1_500, 18_000) < 40
    assert len(found(piece * 3_000)) <= 50
