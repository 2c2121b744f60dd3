"""Ten situations of an agent's first day, in the words of somebody who has read docs/agents.md and nothing else."""

import pytest
from support.post import ANNA, BEN, CARA, OLGA, PAT, THEO, later, note_address, reply_address, to, words

RESTART = "Bitte starten Sie srv-web-01 neu, Kundennummer 10001.\n"
FORWARDED = """Das kam direkt an mich, bitte darum kümmern.

---------- Forwarded message ---------
Von: Olga Owner <olga@kunde.example>
Date: Mo., 2. März 2026 um 09:15 Uhr
Subject: Frage zum Tarif
To: <anna@example.org>

Guten Tag, was kostet bei Ihnen der nächste Tarif?
"""


def says(post, author, text, mail, **more):
    """An agent answers a mail; returns the row and what that agent hears at once."""
    row, out = post.send(author, text, to=more.pop("where", None) or reply_address(mail), **more)
    return row, " ".join(words(one) for one in to(out, author))


def test_1_i_have_looked_but_somebody_else_shall_do_it(post, news):
    _, heard = says(post, BEN, "!ack\n\n-- \nBen\n", news[BEN])
    assert "Marked as seen." in heard
    ticket = post.ticket(1001)
    assert (ticket["state"], ticket["assignee"]) == ("open", None)


def test_2_i_take_it_answer_and_wait_for_the_customer(post, news):
    text = "!übernehmen\n!warten 3 Tage\n\nGuten Tag,\n\nbitte schicken Sie uns das Protokoll.\n\nGruß\nAnna\n"
    _, heard = says(post, ANNA, text, news[ANNA])
    assert "Zugewiesen an anna." in heard
    assert "geht an: olga@kunde.example" in heard
    (answer,) = to(later(post), OLGA)
    assert words(answer).startswith("Guten Tag, bitte schicken Sie uns das Protokoll. Gruß Anna -- Example Hosting")
    assert post.ticket(1001)["state"] == "waiting"


def test_3_a_word_to_my_colleagues(post, news):
    row, out = post.send(ANNA, "Die hatten das letzte Woche schon.\n", to=note_address(news[ANNA]))
    assert row["outcome"] == "noted"
    assert "letzte Woche" in words(to(out, BEN)[0])
    assert later(post) == []


def test_4_that_was_wrong_back_with_it(post, news):
    says(post, BEN, "It costs 50 EUR.\n", news[BEN])
    _, heard = says(post, BEN, "!stop\n\nKind regards\nBen\n", news[BEN])
    assert "called back" in heard
    assert to(later(post), OLGA) == []
    assert post.ticket(1001)["state"] == "open"


@pytest.mark.parametrize("gap", ["\n", ""], ids=["with an empty line", "without"])
def test_5_a_held_one_i_have_called_the_customer(post, gap):
    _, out = post.send(OLGA, RESTART, signed=False)
    text = f"!bestätigen Frau Owner angerufen\n{gap}Guten Tag,\n\nder Server ist neu gestartet.\n"
    _, heard = says(post, ANNA, text, to(out, ANNA)[0])
    if gap:
        assert "Als bestätigt freigegeben." in heard
        assert len(to(later(post), OLGA)) == 1
    else:
        assert "so lassen Sie davor eine Leerzeile" in heard
        assert post.ticket(1001)["state"] == "held"
        assert later(post) == []


def test_6_somebody_is_on_the_telephone(post):
    row, out = post.send(ANNA, "!für 10001\n\nDer Server srv-web-01 ist seit heute früh langsam.\n", Subject="Anruf")
    assert row["outcome"] == "opened"
    assert "Ihr Anliegen ist bei uns aufgenommen." in words(to(out, OLGA)[0])
    assert "olga@kunde.example bekommt die Eingangsbestätigung" in words(to(out, ANNA)[0])


def test_7_a_customer_wrote_to_me_instead_of_the_desk(post):
    row, out = post.send(ANNA, FORWARDED, Subject="Fwd: Frage zum Tarif")
    assert row["outcome"] == "opened"
    assert post.ticket(1001)["requester"] == OLGA
    assert post.ticket(1001)["entries"][-1]["text"] == "Das kam direkt an mich, bitte darum kümmern."
    assert "Ihre Nachricht ist bei uns eingegangen" in words(to(out, OLGA)[0])


def test_8_the_same_matter_twice(post, news):
    post.desk.advance(minutes=5)
    _, out = post.send(THEO, "Der Server srv-web-01 antwortet gar nicht mehr, Kundennummer 10001.\n", Subject="Ausfall")
    _, heard = says(post, ANNA, "!zusammenführen #1001\n", to(out, ANNA)[0])
    assert "gehört jetzt zu #1001" in heard
    row, _ = post.send(THEO, "Und?\n", to=reply_address(to(out, THEO)[0]))
    assert row["ticket"] == 1001


def test_9_it_is_for_the_other_department_and_a_third_person_shall_read_along(post, news):
    text = f"!abteilung billing\n!cc {PAT}\n!notiz es geht um die Rechnung\n\nUnsere Buchhaltung meldet sich.\n"
    row, out = post.send(ANNA, text, to=reply_address(news[ANNA]))
    assert row["outcome"] == "replied"
    assert "es geht um die Rechnung" in words(to(out, CARA)[0])
    assert {mail["To"].addresses[0].addr_spec for mail in later(post)} == {OLGA, PAT}


def test_10_spam_or_not(post):
    _, out = post.send(PAT, "Was kostet bei Ihnen ein kleiner Server?\n")
    mail = to(out, BEN)[0]
    _, heard = says(post, BEN, "!spam\n", mail)
    assert "held in silence" in heard
    _, heard = says(post, BEN, "!open\n", mail)
    assert "heard again" in heard


@pytest.mark.parametrize("last", ["!schließen", "!notiz zahlt schlecht", "! close", "**!close**"])
def test_ag_03_commands_below_the_answer_come_back_instead_of_going_to_the_customer(post, news, last):
    """What the page says once, a new agent forgets once."""
    row, heard = says(post, ANNA, f"Guten Tag,\n\nder Server läuft wieder.\n\n{last}\n", news[ANNA])
    assert row["outcome"] == "returned"
    assert "Befehle stehen ganz oben" in heard
    assert later(post) == []
    assert post.ticket(1001)["state"] == "new"


def test_an_exclamation_mark_in_an_answer_is_no_command(post, news):
    row, _ = says(post, ANNA, "Guten Tag,\n\n!important gehört in die CSS-Datei.\n!!! Bitte neu laden.\n", news[ANNA])
    assert row["outcome"] == "replied"


def test_the_first_question_is_answered(post):
    row, out = post.send(ANNA, "!hilfe\n", Subject="?")
    assert row["outcome"] == "helped"
    assert "SO ARBEITEN SIE PER MAIL" in to(out, ANNA)[0].get_content()
