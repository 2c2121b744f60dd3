"""What agents are told of a ticket, through the whole desk; what they do then is in test_agents.py."""

from support.post import ANNA, BEN, BERT, CARA, OLGA, PAT, SLOW, reply_address, to


def test_a_new_ticket_is_told_to_each_agent_of_the_department_in_their_language(post):
    _, out = post.send(OLGA, SLOW, Subject="Server langsam")
    assert sorted(mail["To"].addresses[0].addr_spec for mail in out) == [ANNA, BEN, OLGA]
    (anna,), (ben,) = to(out, ANNA), to(out, BEN)
    assert "Neuer Vorgang 1001 (support) von olga@kunde.example" in anna.get_content()
    assert "New ticket 1001 (support) from olga@kunde.example" in ben.get_content()
    assert "10001 Kunde GmbH" in anna.get_content()
    assert "server srv-web-01" in anna.get_content()
    assert SLOW.strip() in anna.get_content()
    assert reply_address(anna) != reply_address(ben)
    assert anna["From"].addresses[0].addr_spec == "support@example.org"
    assert {anna["Subject"], ben["Subject"]} == {"Server langsam [#1001]"}


def test_a_follow_up_is_told_with_what_was_said_before(post):
    _, out = post.send(OLGA, SLOW)
    (receipt,) = to(out, OLGA)
    _, out = post.send(OLGA, "Jetzt steht er ganz.\n", answers=[receipt["Message-ID"]], Subject="AW: Frage")
    (anna,) = to(out, ANNA)
    text = anna.get_content()
    assert "Neue Nachricht in Vorgang 1001" in text
    assert text.index("Jetzt steht er ganz.") < text.index("> Unser Server srv-web-01")
    assert anna["References"] == "<ticket-1001@example.org>"


def test_a_held_ticket_is_told_with_why_and_what_to_do_and_its_release_too(post):
    _, out = post.send(OLGA, SLOW, signed=False)
    (question,), (anna,) = to(out, OLGA), to(out, ANNA)
    text = anna.get_content()
    assert text.startswith("##- Angehalten: Eine Antwort hierauf geht an niemanden. -##")
    assert "Angehalten, weil: Es geht um ein Kundenkonto, und der Absender ist nicht erwiesen" in text
    assert all(command in text for command in ("!freigeben", "!bestätigen", "!ablehnen"))
    _, out = post.send(OLGA, "Ja\n", signed=False, to=reply_address(question))
    assert "Vorgang 1001 (support) ist jetzt frei" in to(out, ANNA)[0].get_content()


def test_nobody_is_told_of_forged_mail_and_of_robots(post):
    _, out = post.send("ida@strict.example", SLOW, signed=False)
    assert out == []
    _, out = post.send(PAT, "Was kostet ein Server?\n")
    robot = {"Auto_Submitted": "auto-replied", "Subject": "Abwesend", "answers": [to(out, PAT)[0]["Message-ID"]]}
    row, out = post.send(PAT, "Ich bin im Urlaub.\n", sender="", **robot)
    assert row["ticket"] == 1002
    assert out == []


def test_news_count_in_no_budget(post):
    for number in range(12):
        post.desk.advance(minutes=1)
        _, out = post.send(BERT, f"Frage {'x' * number} zu srv-db-02, Kundennummer 10002.\n", Subject="F" * number)
        assert len(to(out, ANNA)) == 1
    assert len([row for row in post.outbox() if row["kind"] == "receipt"]) == 5


def test_each_department_has_its_own_agents(post):
    _, out = post.send(BERT, "Frage zur Rechnung, Kundennummer 10002.\n", to="billing@example.org")
    assert sorted(mail["To"].addresses[0].addr_spec for mail in out) == [BEN, BERT, CARA]
