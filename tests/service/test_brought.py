"""Agents bring customers' matters: a forwarded mail, `!for` for somebody on the telephone; and nobody else does."""

import pytest
from support.post import ANNA, BEN, BERT, EVE, OLGA, PAT, SLOW, THEO, Post, reply_address, to

FORWARD = """Hallo zusammen, das kam bei mir an. Kunde ist nervös.

---------- Forwarded message ---------
Von: {author}
Date: Mo., 2. März 2026 um 10:15 Uhr
Subject: {subject}
To: <anna@example.org>

{text}
"""


def forwarded(author=f"Olga Owner <{OLGA}>", text=SLOW, subject="Frage zum Tarif"):
    return FORWARD.format(author=author, text=text, subject=subject)


def entries(post, number=1001):
    return [(item["kind"], item["author"]) for item in post.ticket(number)["entries"]]


def test_for_opens_a_ticket_of_the_customer_who_gets_the_receipt(post):
    row, out = post.send(ANNA, "!for 10001\n\nRuft an: Server srv-web-01 ist langsam.\n", Subject="Anruf")
    assert (row["outcome"], row["reason"]) == ("opened", "agent-brings")
    ticket = post.ticket(1001)
    assert (ticket["state"], ticket["account"], ticket["requester"]) == ("new", "10001", OLGA)
    assert (ticket["assurance"], ticket["department"], ticket["subject"]) == ("unproved", "support", "Anruf")
    assert entries(post) == [("customer", OLGA)]
    assert ticket["entries"][0]["text"] == "Ruft an: Server srv-web-01 ist langsam."
    assert {mail["To"].addresses[0].addr_spec for mail in out} == {OLGA, ANNA, BEN}
    text = to(out, ANNA)[0].get_content()
    assert "Angelegt für 10001." in text
    assert f"{OLGA} bekommt die Eingangsbestätigung." in text
    assert ticket["events"][0]["actor"] == ANNA


def test_ag_03_a_customer_hears_nothing_of_the_agent_who_brought_it(post):
    for text in ("!for 10001\n\nServer langsam.\n", forwarded()):
        _, out = post.send(ANNA, text, Subject="Fwd: Frage")
        for mail in to(out, OLGA):
            assert b"anna" not in mail.as_bytes().lower()
            assert "m0@example.org" not in str(mail["References"]) + str(mail["In-Reply-To"])
            assert "nervös" not in mail.get_content()
    stored = [item["message_id"] for number in (1001, 1002) for item in post.ticket(number)["entries"]]
    assert not any("m0@" in (item or "") or "m1@" in (item or "") for item in stored)


def test_the_customer_answers_the_receipt_as_in_any_ticket(post):
    _, out = post.send(ANNA, "!for 10001\n\nServer srv-web-01 langsam.\n")
    (receipt,) = to(out, OLGA)
    row, _ = post.send(OLGA, "Danke, hier noch die Uhrzeit: 9:30.\n", to=reply_address(receipt))
    assert (row["ticket"], row["outcome"]) == (1001, "followed-up")
    row, _ = post.send(THEO, "Ich bin der Techniker dazu.\n", answers=[receipt["Message-ID"]])
    assert row["ticket"] == 1001


def test_for_with_further_commands(post):
    text = f"!for 10001\n!priority high\n!department billing\n!take\n!note Rückruf unter 4711\n!cc {PAT}\n\nRechnung falsch.\n"
    row, out = post.send(ANNA, text)
    ticket = post.ticket(row["ticket"])
    assert (ticket["priority"], ticket["department"], ticket["assignee"]) == ("high", "billing", "anna")
    assert ticket["state"] == "open"
    assert [(item["kind"], item["text"]) for item in ticket["entries"]] == [
        ("customer", "Rechnung falsch."),
        ("note", "Rückruf unter 4711"),
    ]
    assert {item["address"] for item in ticket["participants"]} == {OLGA, PAT}
    assert {mail["To"].addresses[0].addr_spec for mail in out} == {OLGA, ANNA, BEN, "cara@example.org"}
    assert "4711" not in to(out, OLGA)[0].get_content()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("!for 99999\n\nText\n", "!for 99999: den Kunden 99999 gibt es nicht"),
        ("!for\n\nText\n", "!for: hier fehlt etwas; richtig ist zum Beispiel: !for N"),
        ("!for 10001\n!clsoe\n\nText\n", "!clsoe: den Befehl !clsoe gibt es nicht; meinten Sie !close?"),
        ("!for 10001\n!merge 1001\n\nText\n", "!merge 1001: !merge 1001 geht nur in der Antwort"),
        ("!for 10001\n!assign sma\n\nText\n", "hier arbeitet niemand mit dem Namen"),
        ("!close\n\nText\n", "!close: !close geht nur in der Antwort auf eine Mail zu einem Vorgang"),
        ("!for 10001\n", "In Ihrer Mail war kein eigener Text zu finden"),
    ],
)  # fmt: skip
def test_ag_02_a_bad_line_opens_nothing_and_comes_back_explained(post, text, said):
    row, out = post.send(ANNA, text)
    assert (row["outcome"], row["ticket"]) == ("returned", None)
    assert post.tickets() == []
    (mail,) = out
    assert mail["To"].addresses[0].addr_spec == ANNA
    assert said in " ".join(mail.get_content().split())
    assert mail["Reply-To"] is None


def test_help_to_a_department_is_answered_in_the_language_of_the_agent(post):
    _, out = post.send(ANNA, "!hilfe\n")
    assert [mail["To"].addresses[0].addr_spec for mail in out] == [ANNA]
    assert "SO ARBEITEN SIE PER MAIL" in out[0].get_content()
    assert "Abteilungen: support, billing, general" in out[0].get_content()
    _, out = post.send(BEN, "!help\n")
    assert "HOW TO WORK BY MAIL" in out[0].get_content()
    assert post.tickets() == []


def test_a_forwarded_mail_of_a_customer_is_the_customers_and_unproved(post):
    row, out = post.send(ANNA, forwarded(text="Welche Tarife gibt es bei Ihnen?"), Subject="Fwd: Frage zum Tarif")
    ticket = post.ticket(row["ticket"])
    assert (ticket["requester"], ticket["account"], ticket["assurance"]) == (OLGA, "10001", "unproved")
    assert (ticket["state"], ticket["subject"]) == ("new", "Frage zum Tarif")
    assert entries(post) == [("customer", OLGA), ("note", ANNA)]
    assert ticket["entries"][1]["text"] == "Hallo zusammen, das kam bei mir an. Kunde ist nervös."
    assert to(out, OLGA)
    assert f"Angelegt für {OLGA}." in to(out, ANNA)[0].get_content()


def test_a_forwarded_request_is_held_until_the_registered_address_confirms(post):
    row, out = post.send(ANNA, forwarded(), Subject="Fwd: Frage")
    assert (row["outcome"], row["reason"]) == ("held", "account-unproved")
    text = to(out, ANNA)[0].get_content()
    assert "und angehalten" in text
    assert f"{OLGA} wird um Bestätigung gebeten." in text
    (question,) = to(out, OLGA)
    post.send(OLGA, "Ja\n", signed=False, to=reply_address(question))
    assert post.ticket(1001)["state"] == "new"


def test_a_forwarded_stranger_who_names_an_account_is_told_the_rule(post):
    row, out = post.send(ANNA, forwarded(author=f"Pat <{PAT}>"), Subject="WG: Frage")
    assert row["reason"] == "account-unregistered"
    assert post.ticket(1001)["account"] is None
    assert to(out, PAT)
    assert to(out, OLGA)
    assert "erfährt, dass so etwas von der hinterlegten Adresse kommen muss" in to(out, ANNA)[0].get_content()


@pytest.mark.parametrize("text", ["!for 10001\n\nBitte neues Passwort an mich.\n", forwarded(), "!help\n"])
@pytest.mark.parametrize("author", [ANNA, EVE, OLGA, BERT])
def test_ag_01_nobody_but_a_proved_agent_brings_anything(post, text, author):
    row, out = post.send(author, text, signed=author != ANNA, Subject="Fwd: Frage")
    assert row["reason"] != "agent-brings"
    assert all(item["requester"] == author for item in post.tickets())
    assert not any("HOW TO WORK" in mail.get_content() or "SO ARBEITEN" in mail.get_content() for mail in out)
    if author == ANNA:
        assert (row["reason"], post.tickets()[0]["state"]) == ("agent-without-key", "held")


def test_ag_04_an_agents_vacation_brings_nothing(post):
    row, out = post.send(ANNA, forwarded(), Subject="Abwesend", Auto_Submitted="auto-replied")
    assert row["reason"] != "agent-brings"
    assert to(out, OLGA) == []


def test_ag_05_a_removed_agent_is_a_stranger(tmp_path):
    opened = Post(tmp_path)
    try:
        row, _ = opened.send(BEN, "!for 10001\n\nBitte neues Passwort.\n")
        assert row["reason"] != "agent-brings"
        assert opened.ticket(row["ticket"])["requester"] == BEN
    finally:
        opened.close()


@pytest.mark.parametrize("author", [ANNA, BEN, "support@example.org"])
def test_a_forward_of_our_own_mail_is_nobodys(post, author):
    row, _ = post.send(ANNA, forwarded(author=author), Subject="Fwd: x")
    assert row["reason"] == "agent-without-key"
    assert post.ticket(row["ticket"])["state"] == "held"


def test_the_same_forward_twice_is_one_ticket(post):
    post.send(ANNA, forwarded(), Subject="Fwd: Frage", Message_ID="<same@example.org>")
    row, out = post.send(ANNA, forwarded(), Subject="Fwd: Frage", Message_ID="<same@example.org>")
    assert (row["outcome"], row["ticket"], out) == ("duplicate", 1001, [])
