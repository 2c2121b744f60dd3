"""The support PIN, from the panel to the mail and back."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from support.desk import plain_mail

from mailgate.core.who.identity import Account, Contact, Product, Role
from mailgate.service.account_pin import support_pin
from mailgate.store.accounts import import_accounts
from mailgate.store.messages import list_messages
from mailgate.store.queries import show_ticket


@pytest.fixture
def customers(desk):
    accounts = [
        Account(
            number,
            f"Kunde {number}",
            "de",
            None,
            (Contact(f"o@k{number}.invalid", "Olga", Role.OWNER),),
            (Product("server", f"srv-{number}"),),
        )
        for number in ("10001", "10002")
    ]
    desk.database.decide(lambda session: import_accounts(session, accounts, replace=False, now=desk.clock))
    return desk


def write(desk, pin, text="Kunde 10001: unser Server srv-10001 ist weg, bitte neu starten!\n"):
    number = desk.count
    desk.receive(
        plain_mail(
            text.replace("weg", f"weg seit {number}"),
            Subject=f"Ausfall, PIN {pin}",
            From="olga@freemail.invalid",
            Message_ID=f"<{number}@f.invalid>",
        ),
        sender="olga@freemail.invalid",
    )
    return desk.database.read(list_messages)[-1]


def pin_of(desk, number="10001"):
    return support_pin(desk.database, number, "Example Hosting", desk.clock)


def test_the_pin_serves_once_from_any_address(customers):
    pin = pin_of(customers).pin
    first = write(customers, pin)
    assert (first["outcome"], first["reason"]) == ("opened", "account-proved")
    ticket = customers.database.read(lambda session: show_ticket(session, first["ticket"]))
    assert ticket["account"] == "10001"
    assert write(customers, pin)["outcome"] == "held"


def test_pr_05_the_pin_is_hidden_in_all_that_is_stored_as_text(customers):
    import json

    pin = pin_of(customers).pin
    row = write(customers, pin)
    ticket = customers.database.read(lambda session: show_ticket(session, row["ticket"]))
    assert pin not in json.dumps(ticket)
    assert pin not in json.dumps(customers.database.read(list_messages))


def test_a_pin_of_another_account_is_wrong(customers):
    assert write(customers, pin_of(customers, "10002").pin)["outcome"] == "held"


def test_after_five_wrong_ones_the_right_one_does_not_count_until_the_hour_is_over(customers):
    right = pin_of(customers).pin
    for number in range(5):
        assert write(customers, f"{(int(right) + 1 + number) % 10**8:08d}")["outcome"] == "held"
    assert write(customers, right)["outcome"] == "held"
    customers.advance(minutes=61)
    assert write(customers, pin_of(customers).pin)["outcome"] == "opened"


def test_a_sensitive_request_with_a_pin_still_waits_for_the_owner(customers):
    row = write(
        customers, pin_of(customers).pin, "Kunde 10001: hiermit kündige ich den Vertrag für srv-10001, weg damit.\n"
    )
    assert (row["outcome"], row["reason"]) == ("held", "sensitive-proved")


def test_the_pin_is_taken_in_its_hour_and_the_next(customers):
    made = pin_of(customers)
    assert made.valid_until - customers.clock <= timedelta(hours=2)
    assert made.valid_until - customers.clock > timedelta(hours=1)
    assert pin_of(customers) == made
    customers.clock = made.valid_until - timedelta(seconds=1)
    assert write(customers, made.pin)["outcome"] == "opened"


def test_the_otpauth_uri_says_how_the_pin_is_made(customers):
    parts = urlsplit(pin_of(customers).otpauth)
    values = parse_qs(parts.query)
    assert (parts.scheme, parts.netloc, parts.path) == ("otpauth", "totp", "/Example%20Hosting%3A10001")
    assert (values["digits"], values["period"], values["algorithm"]) == (["8"], ["3600"], ["SHA1"])
    assert len(values["secret"][0]) == 32
    assert pin_of(customers, "99999") is None


def test_a_pin_in_answer_to_the_notice_of_the_rule_releases_the_held_ticket(customers):
    import asyncio

    held = write(customers, "00000000")
    asyncio.run(customers.deliver())
    notice = next(parcel for parcel in customers.courier.parcels if parcel.recipient == "olga@freemail.invalid")
    raw = plain_mail(
        f"PIN {pin_of(customers).pin}\nKunde 10001\n",
        From="olga@freemail.invalid",
        Subject="AW: Ihre Anfrage",
        Message_ID="<again@f.invalid>",
        In_Reply_To=f"<{notice.message_id}>",
    )
    customers.receive(raw, sender="olga@freemail.invalid")
    assert customers.database.read(lambda session: show_ticket(session, held["ticket"]))["state"] == "new"
