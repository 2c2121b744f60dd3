from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text
from support.rows import at, open_ticket

from mailgate.core.who.address import canonical
from mailgate.core.who.identity import Account, Contact, MailKind, Product, Role
from mailgate.core.who.request import Reference, ReferenceType
from mailgate.store.accounts import (
    ImportSummary,
    account_by_number,
    accounts_by_address,
    accounts_by_references,
    import_accounts,
    list_accounts,
    registered_domains,
    show_account,
)

TODAY = date(2026, 3, 2)
ANNA = Contact("anna@kunde.example", "Anna Müller", Role.OWNER, (MailKind.BILLING, MailKind.SUPPORT))
TOM = Contact("tom@kunde.example", "Tom", Role.TECHNICAL, (), date(2026, 3, 2))
FIRST = Account(
    "12345",
    "Kunde GmbH",
    "de",
    "gold",
    (ANNA, TOM),
    (Product("server", "srv-web-01"), Product("ip", "2001:DB8::7"), Product("order", "123456")),
)
SECOND = Account("777", "Other", None, None, (Contact("bob@other.example", "Bob", Role.OWNER),), ())


def load(database, *accounts, replace=False, seconds=0):
    return database.decide(lambda session: import_accounts(session, accounts, replace=replace, now=at(seconds)))


def by_address(database, address, today=TODAY):
    return database.read(lambda session: accounts_by_address(session, address, today))


def test_accounts_come_back_as_they_were(database):
    assert load(database, FIRST, SECOND) == ImportSummary(added=2)
    assert database.read(list_accounts) == [FIRST, SECOND]
    assert database.read(lambda session: show_account(session, "777")) == SECOND
    assert database.read(lambda session: show_account(session, "778")) is None


def test_importing_the_same_again_changes_nothing(database):
    load(database, FIRST, SECOND)
    assert load(database, FIRST, SECOND, replace=True) == ImportSummary(unchanged=2)


def test_an_update_keeps_what_the_list_lacks(database):
    load(database, FIRST, SECOND)
    newer = Account(
        "12345", "Kunde AG", "en", None, (replace(ANNA, role=Role.BILLING),), (Product("domain", "kunde.example"),)
    )
    assert load(database, newer) == ImportSummary(changed=1)
    found = database.read(lambda session: show_account(session, "12345"))
    assert (found.name, found.language, found.service_level) == ("Kunde AG", "en", None)
    assert found.contacts == (replace(ANNA, role=Role.BILLING), TOM)
    assert found.products == (*FIRST.products, Product("domain", "kunde.example"))
    assert database.read(lambda session: show_account(session, "777")) == SECOND


def test_replace_ends_what_the_list_lacks(database):
    load(database, FIRST, SECOND)
    summary = load(database, replace(FIRST, contacts=(ANNA,), products=FIRST.products[:1]), replace=True, seconds=5)
    assert summary == ImportSummary(changed=1, accounts_ended=1, contacts_ended=2)
    assert database.read(list_accounts) == [replace(FIRST, contacts=(ANNA,), products=FIRST.products[:1])]
    assert by_address(database, "tom@kunde.example") == ()
    assert by_address(database, "bob@other.example") == ()
    assert database.read(lambda s: s.connection().scalar(text("SELECT count(*) FROM contact"))) == 3


def test_what_ended_can_come_back(database):
    load(database, FIRST, SECOND)
    load(database, SECOND, replace=True)
    assert load(database, FIRST, SECOND) == ImportSummary(added=1, unchanged=1)
    assert database.read(list_accounts) == [FIRST, SECOND]


def test_an_ended_account_keeps_its_tickets(database):
    load(database, FIRST)
    open_ticket(database, account="12345")
    load(database, SECOND, replace=True)
    assert [account.number for account in database.read(list_accounts)] == ["777"]


def test_a_contact_is_found_by_its_address(database):
    load(database, FIRST, SECOND)
    assert by_address(database, "anna@kunde.example") == ((FIRST, ANNA),)
    assert by_address(database, "eve@kunde.example") == ()


def test_a_contact_speaks_up_to_its_last_day(database):
    load(database, FIRST)
    assert by_address(database, TOM.address) == ((FIRST, TOM),)
    assert by_address(database, TOM.address, date(2026, 3, 3)) == ()
    assert by_address(database, ANNA.address, date(2026, 3, 3)) == ((replace(FIRST, contacts=(ANNA,)), ANNA),)
    assert database.read(lambda session: account_by_number(session, "12345", date(2026, 3, 3))).contacts == (ANNA,)


def test_id_18_one_address_of_two_accounts_gives_both(database):
    shared = replace(SECOND, contacts=(Contact(ANNA.address, "Anna", Role.CONTACT),))
    load(database, FIRST, shared)
    assert [account.number for account, _ in by_address(database, ANNA.address)] == ["12345", "777"]


COLLISIONS = [
    ("mike@kunde.example", "mıke@kunde.example"),
    ("kevin@kunde.example", "\u212aevin@kunde.example"),
    ("strasse@kunde.example", "straße@kunde.example"),
    ("office@kunde.example", "o\ufb03ce@kunde.example"),
    ("rene\u0301@kunde.example", "ren\u00e9@kunde.example"),
    ("istanbul@kunde.example", "\u0130stanbul@kunde.example"),
    ("anna@kunde.example", "anna@kunde.example "),
    ("anna@kunde.example", "\uff41nna@kunde.example"),
    ("müller@kunde.example", "mueller@kunde.example"),
]


@pytest.mark.parametrize(("one", "other"), COLLISIONS)
def test_id_07_addresses_that_look_alike_are_different(database, one, other):
    for address in (one, other):
        load(database, Account(address, "x", contacts=(Contact(address, "x", Role.OWNER),)))
    assert [account.number for account, _ in by_address(database, one)] == [one]
    assert [account.number for account, _ in by_address(database, other)] == [other]


@pytest.mark.parametrize(("one", "other"), COLLISIONS[:3])
def test_id_07_both_can_be_contacts_of_one_account(database, one, other):
    contacts = (Contact(one, "1", Role.OWNER), Contact(other, "2", Role.OWNER))
    load(database, replace(SECOND, contacts=contacts))
    assert by_address(database, one) == ((replace(SECOND, contacts=contacts), contacts[0]),)
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize("address", ["anna@kunde.exampl_", "%", "anna%", "' OR ''='", "anna@kunde.example'--", ""])
def test_in_07_no_pattern_or_quote_finds_anybody(database, address):
    load(database, FIRST, SECOND)
    assert by_address(database, address) == ()
    assert database.read(lambda session: show_account(session, address)) is None


def references(database, *items):
    return database.read(lambda session: accounts_by_references(session, items, TODAY))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (ReferenceType.CUSTOMER, "12345"),
        (ReferenceType.CUSTOMER, "12.345"),
        (ReferenceType.CUSTOMER, "12 345"),
        (ReferenceType.SERVER, "SRV-WEB-01"),
        (ReferenceType.IP, "2001:db8:0:0::7"),
        (ReferenceType.ORDER, "#123456"),
    ],
)
def test_references_name_their_account(database, kind, value):
    load(database, FIRST, SECOND)
    reference = Reference(kind, value)
    assert references(database, reference) == ((replace(reference, account="12345"),), (FIRST,))


@pytest.mark.parametrize(
    "reference",
    [
        Reference(ReferenceType.CUSTOMER, "1234"),
        Reference(ReferenceType.DOMAIN, "srv-web-01"),
        Reference(ReferenceType.IP, "x"),
    ],
)
def test_a_reference_to_nothing_stays_open(database, reference):
    load(database, FIRST)
    assert references(database, reference) == ((reference,), ())


def test_references_to_two_accounts_name_both(database):
    load(database, FIRST, replace(SECOND, products=(Product("server", "srv-web-01"),)))
    server, customer = Reference(ReferenceType.SERVER, "srv-web-01"), Reference(ReferenceType.CUSTOMER, "777")
    marked, accounts = references(database, server, customer)
    assert marked == (server, replace(customer, account="777"))
    assert [account.number for account in accounts] == ["12345", "777"]


def test_ended_accounts_are_not_named(database):
    load(database, FIRST, SECOND)
    load(database, SECOND, replace=True)
    items = (Reference(ReferenceType.CUSTOMER, "12345"), Reference(ReferenceType.SERVER, "srv-web-01"))
    assert references(database, *items) == (items, ())
    assert references(database) == ((), ())


def test_registered_domains_are_those_of_live_contacts(database):
    load(database, FIRST, SECOND)
    assert database.read(registered_domains) == {"kunde.example", "other.example"}
    load(database, SECOND, replace=True)
    assert database.read(registered_domains) == {"other.example"}


def test_a_large_list_is_taken_over(sqlite_database):
    accounts = [
        Account(str(number), f"Kunde {number}", contacts=(Contact(f"k{number}@kunde.example", "K", Role.OWNER),))
        for number in range(10000, 10400)
    ]
    assert load(sqlite_database, *accounts) == ImportSummary(added=400)
    assert load(sqlite_database, *accounts[:-1], replace=True) == ImportSummary(
        unchanged=399, accounts_ended=1, contacts_ended=1
    )
