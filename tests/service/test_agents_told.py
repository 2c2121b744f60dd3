"""What agents are told of a ticket, through the whole desk; what they do then is in test_agents.py."""

import pytest
from support.post import ANNA, BEN, BERT, CARA, OLGA, PAT, SLOW, note_address, reply_address, to, words

ANSWER = "Guten Tag,\n\nder Server läuft wieder.\n\nViele Grüße\nBen\n"


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


@pytest.mark.parametrize(
    ("commands", "head"),
    [
        ("!assign anna\n", "ben hat Ihnen Vorgang 1001 (support) zugewiesen und darin geantwortet"),
        (
            "!note Platte war voll\n",
            "ben hat in Vorgang 1001 (support) eine Notiz geschrieben (intern) und geantwortet",
        ),
        (
            "!assign anna\n!note Platte war voll\n",
            "ben hat Ihnen Vorgang 1001 (support) zugewiesen und darin geantwortet",
        ),
    ],
)
def test_one_mail_tells_a_colleague_of_commands_and_of_the_answer_below_them(post, news, commands, head):
    _, out = post.send(BEN, f"{commands}\n{ANSWER}", to=reply_address(news[BEN]))
    (anna,) = to(out, ANNA)
    text = words(anna)
    assert head in text
    assert "der Server läuft wieder." in text.partition("- Nachricht -")[2]
    assert ("Platte war voll" in text.partition("- Notiz -")[2].partition("- Nachricht -")[0]) == ("!note" in commands)
    assert text.index("der Server läuft wieder.") < text.index("> Unser Server srv-web-01")
    row, _ = post.send(ANNA, "Ich sehe nach.\n", to=note_address(anna))
    assert row["outcome"] == "noted"


def test_who_is_not_concerned_by_the_commands_hears_of_the_answer_alone(post, news):
    _, out = post.send(ANNA, f"!assign cara\n\n{ANSWER}", to=reply_address(news[ANNA]))
    assert sorted(mail["To"].addresses[0].addr_spec for mail in out) == [ANNA, BEN, CARA]
    assert "anna has answered in ticket 1001 (support)" in words(to(out, BEN)[0])
    assert "anna hat Ihnen Vorgang 1001 (support) zugewiesen und darin geantwortet" in words(to(out, CARA)[0])


def test_commands_of_an_answer_that_cannot_go_out_are_told_to_nobody(post, news):
    _, out = post.send(
        BEN, f"!assign anna\n\nSchreiben Sie an {note_address(news[ANNA])}.\n", to=reply_address(news[BEN])
    )
    assert to(out, ANNA) == []


def test_one_mail_tells_of_a_move_and_of_the_note_below_it(post, news):
    _, out = post.send(ANNA, "!department billing\n\nBitte Rechnung prüfen.\n", to=note_address(news[ANNA]))
    (ben,) = to(out, BEN)
    assert "anna has given ticket 1001 to your department (billing) and written a note (internal)" in words(ben)
    assert "Bitte Rechnung prüfen." in words(ben)


def test_what_the_desk_notes_is_told_in_the_language_of_each_agent(post, news):
    """A record is kept in English; who reads German reads it in German."""
    post.send(BEN, ANSWER, to=reply_address(news[BEN]))
    _, out = post.send(BEN, "!stop\n", to=reply_address(news[BEN]))
    assert "Die Antwort an olga@kunde.example wurde zurückgerufen, bevor sie hinausging." in words(to(out, ANNA)[0])
    _, out = post.send(OLGA, "Hallo?\n", to=reply_address(news[OLGA]))
    anna, ben = words(to(out, ANNA)[0]), words(to(out, BEN)[0])
    assert "Vermerk: ben > Die Antwort an olga@kunde.example wurde zurückgerufen" in anna
    assert "was called back" not in anna
    assert "record: ben > The answer to olga@kunde.example was called back before it left." in ben


def test_a_note_and_an_answer_called_back_are_told_in_one_mail(post, news):
    post.send(BEN, ANSWER, to=reply_address(news[BEN]))
    _, out = post.send(BEN, f"!stop\n!note war falsch\n\n{ANSWER}", to=reply_address(news[BEN]))
    (anna,) = to(out, ANNA)
    text = words(anna).partition("- Notiz -")[2]
    assert text.index("wurde zurückgerufen") < text.index("war falsch") < text.index("der Server läuft wieder")
