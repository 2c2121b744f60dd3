"""Numbers whose name stands right before them may have any shape; dates, amounts and addresses are none."""

import pytest
from support.cost import growth

from mailgate.core.who.named import named_numbers
from mailgate.core.who.references import ReferencePatterns, find_references
from mailgate.core.who.request import ReferenceType

CUSTOMER, ORDER, INVOICE = ReferenceType.CUSTOMER, ReferenceType.ORDER, ReferenceType.INVOICE


@pytest.mark.parametrize(
    ("line", "kind", "value"),
    [
        ("Account 0044-18823", CUSTOMER, "0044-18823"),
        ("bitte sofort!! kd-nr: 3.11.9072", CUSTOMER, "3.11.9072"),
        ("Client 22190/A. Thanks", CUSTOMER, "22190/A"),
        ("Cust ref K/88120 please", CUSTOMER, "K/88120"),
        ("Pfarrbüro, Kd. 20 44 71", CUSTOMER, "20 44 71"),
        ("Vertragskonto 0815-4711-3.", CUSTOMER, "0815-4711-3"),
        ("Our no. with you: 9017734", CUSTOMER, "9017734"),
        ("Meine Nummer war glaube ich 014-55872, denke ich", CUSTOMER, "014-55872"),
        ("Everything else stays. ID 9920-4418-1.", CUSTOMER, "9920-4418-1"),
        ("(their contract, ours: 410-77-5) at month end", CUSTOMER, "410-77-5"),
        ("agreement no. AGR/2021/3308 (managed)", ORDER, "AGR/2021/3308"),
        ("Order 2024-000917/3", ORDER, "2024-000917/3"),
        ("Bestellnr 7F3-00291-DE, Geld ist weg", ORDER, "7F3-00291-DE"),
        ("die Rechnung R-4471.25 IST BEZAHLT", INVOICE, "R-4471.25"),
        ("Account no. 8812 0447. Thanks.", CUSTOMER, "8812 0447"),
        ("The last bill, no. 0007732-26, is wrong", INVOICE, "0007732-26"),
        ("Document no.: 250-33-19287", INVOICE, "250-33-19287"),
    ],
)
def test_a_number_is_what_its_name_says(line, kind, value):
    found = [(hit[2], hit[3]) for hit in named_numbers(line)]
    assert found == [(kind, value)]
    start, end, _, _ = next(named_numbers(line))
    assert line[start:end] == value
    read = [(item.type, item.value) for item in find_references("", line, ReferencePatterns.build({}, set()))]
    assert read == [(kind, value)]


@pytest.mark.parametrize(
    "line",
    [
        "Rechnung 14.08.2025", "Rechnung 11/2025", "die Rechnung 2025 fehlt", "Order 14/08", "Invoice 119.90 EUR", "Bill 1.500 €",
        "Kunde 198.51.100.17", "Account 2001:db8::1", "Vertrag 24-36 Monate", "order 5000-10000 users", "Rechnungen 12-34567",
        "the order of 12-34567", "account 12-34-5678 at the bank", "my number of mails 12-34567", "Auftraggeber 12-34567",
        "Message ID 4711-0815", "Steuernr. 143/517/20931", "Reg. in Ireland No. 541882-1",
        "Kundendienst 0800-123456", "Kunde 1.2", "Kunde 0941 20 44 71 oder so",
    ],
)  # fmt: skip
def test_what_is_none(line):
    assert list(named_numbers(line)) == []


def test_a_line_full_of_names_is_read_in_linear_time():
    line = "Kundennummer nr no id Rechnung 1-2-3-4-5-6 our number is is is "
    assert growth(lambda size: line * size, lambda text: list(named_numbers(text)), 100, 800) < 24
