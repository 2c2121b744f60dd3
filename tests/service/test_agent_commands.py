"""Agents command by mail, through the whole desk: done whole and told, or nothing at all and explained."""

import pytest
from support.post import (
    ANNA,
    BEN,
    CARA,
    EVE,
    OLGA,
    PAT,
    SLOW,
    TEAM,
    THEO,
    Post,
    later,
    note_address,
    reply_address,
    to,
    words,
)

from mailgate.service.context import random_keys
from mailgate.service.sweep import sweep

ANSWER = "Guten Tag,\n\nder Server läuft wieder.\n\nViele Grüße\nAnna\n"


def kept(post, number=1001):
    names = ("state", "entries", "participants", "assignee", "priority", "department", "account", "due", "closed_at")
    return {name: post.ticket(number)[name] for name in names}


def test_commands_without_an_answer_are_done_and_told(post, news):
    row, out = post.send(ANNA, "!take\n!priority high\n!wait 3d\n", to=reply_address(news[ANNA]))
    assert (row["outcome"], row["reason"]) == ("command", "agent-answers")
    ticket = post.ticket(1001)
    assert (ticket["assignee"], ticket["priority"], ticket["state"]) == ("anna", "high", "waiting")
    assert ticket["wait_until"] == "2026-03-05T10:00:00Z"
    assert ticket["acknowledged_at"]
    assert ticket["responded_at"] is None
    (result,) = out
    for line in ("Zugewiesen an anna.", "Die Priorität ist jetzt hoch.", "wartet bis 05.03.2026, 11:00 Uhr"):
        assert line in words(result)
    assert later(post) == []


def test_a_ticket_that_was_put_off_is_open_again_when_the_time_is_over(post, news):
    post.send(ANNA, "!take\n!wait 3d\n", to=reply_address(news[ANNA]))
    keys, desk = iter(random_keys(500)), post.desk

    def swept():
        return sweep(
            desk.database, desk.context.policy, desk.clock, lambda count: tuple(next(keys) for _ in range(count))
        )

    desk.advance(days=2, hours=23)
    assert swept().woken == 0
    assert post.ticket(1001)["state"] == "waiting"
    desk.advance(hours=1)
    assert swept().woken == 1
    assert swept().woken == 0
    ticket = post.ticket(1001)
    assert (ticket["state"], ticket["wait_until"]) == ("open", None)
    told = [mail for mail in later(post) if "Wartezeit" in mail.get_content()]
    assert [mail["To"].addresses[0].addr_spec for mail in told] == [ANNA]
    row, _ = post.send(ANNA, ANSWER, to=reply_address(told[0]))
    assert row["outcome"] == "replied"


def test_commands_above_an_answer_are_done_and_the_answer_goes_out_without_them(post, news):
    row, out = post.send(ANNA, f"!close\n!note zahlt schlecht\n\n{ANSWER}", to=reply_address(news[ANNA]))
    assert row["outcome"] == "replied"
    (answer,) = to(later(post), OLGA)
    assert answer.get_content().startswith("Guten Tag,")
    assert "close" not in answer.get_content()
    assert "zahlt" not in answer.get_content()
    assert post.ticket(1001)["state"] == "closed"
    text = words(to(out, ANNA)[0])
    assert "Der Vorgang ist geschlossen." in text
    assert "geht an: olga@kunde.example" in text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("!take\n!clsoe\n", "!clsoe: den Befehl !clsoe gibt es nicht; meinten Sie !close?"),
        ("!ack\n!assign xyz\n", "!assign xyz: hier arbeitet niemand mit dem Namen „xyz“; es gibt anna, ben, cara"),
        ("!take\n!merge 4711\n", "den Vorgang #4711 gibt es nicht"),
        ("!priority high\n!account 99999\n", "!account 99999: den Kunden 99999 gibt es nicht"),
        ("!close\n!open\n", "!open: das verträgt sich nicht mit !close"),
        ("!take\n!release bitte\n", "#1001 ist nicht angehalten"),
        ("!take\n!stop\n", "es ist keine Antwort mehr da"),
        ("!cc support@example.org\n", "support@example.org ist eine unserer eigenen Adressen"),
        ("!for 10001\n", "nur in der ersten Zeile einer neuen Mail"),
    ],
)
def test_ag_02_a_block_with_one_bad_line_changes_nothing_and_comes_back_explained(post, news, text, said):
    before = kept(post)
    row, out = post.send(ANNA, text + "\n" + ANSWER, to=reply_address(news[ANNA]))
    assert row["outcome"] == "returned"
    assert kept(post) == before
    assert [mail["To"].addresses[0].addr_spec for mail in out] == [ANNA]
    assert said in words(out[0])
    assert "der Server läuft wieder" in out[0].get_content()
    assert later(post) == []


@pytest.mark.parametrize("text", ["!close\n", "!assign ben\n", "!help\n", "!stop\n"])
def test_ag_01_a_forged_agent_commands_nothing(post, news, text):
    before = kept(post)
    for signed, author, way in (
        (False, ANNA, {"to": reply_address(news[ANNA])}),  # forged
        (True, BEN, {"to": reply_address(news[ANNA])}),  # another agent's key
        (True, EVE, {"to": reply_address(news[ANNA])}),  # a key that leaked
        (True, OLGA, {"to": reply_address(news[OLGA])}),  # the customer
        (True, ANNA, {"Subject": "AW: Server langsam [#1001]"}),  # the agent without a key
    ):
        if text == "!help\n" and "Subject" in way:
            continue  # an agent who proves to be one is answered without a key, too
        row, out = post.send(author, text, signed=signed, **way)
        assert row["outcome"] not in {"command", "replied", "noted"}
        assert not any("SO ARBEITEN" in mail.get_content() for mail in to(out, author))
    after = kept(post)
    customers = [item for item in after["entries"] if item["author"] == OLGA]
    assert customers == after["entries"]  # the customer's own words are text
    assert {**after, "entries": before["entries"]} == before


def test_ag_03_a_leak_below_commands_takes_them_with_it(post, news):
    before = kept(post)
    secret = reply_address(news[BEN])
    row, out = post.send(ANNA, f"!close\n\nSchreiben Sie an {secret}.\n", to=reply_address(news[ANNA]))
    assert row["outcome"] == "returned"
    assert kept(post) == before
    assert later(post) == []
    assert "!close: nicht ausgeführt" in words(out[0])


def test_an_answer_in_a_held_ticket_takes_the_commands_with_it_unless_they_release_it(post):
    _, out = post.send(OLGA, SLOW, signed=False)
    address = reply_address(to(out, ANNA)[0])
    row, out = post.send(ANNA, f"!take\n\n{ANSWER}", to=address)
    assert row["outcome"] == "returned"
    assert post.ticket(1001)["assignee"] is None
    assert "!take: nicht ausgeführt" in words(to(out, ANNA)[0])
    row, _ = post.send(ANNA, f"!take\n!release zurückgerufen\n\n{ANSWER}", to=address)
    assert row["outcome"] == "replied"
    assert [mail["To"].addresses[0].addr_spec for mail in later(post)] == [OLGA]
    ticket = post.ticket(1001)
    assert (ticket["assignee"], ticket["state"], ticket["assurance"]) == ("anna", "waiting", "unproved")


@pytest.mark.parametrize(
    ("text", "state", "assurance"),
    [
        ("!release angerufen", "new", "unproved"),
        ("!confirm angerufen", "new", "confirmed"),
        ("!deny", "closed", "unproved"),
    ],
)
def test_held_tickets_are_released_confirmed_denied(post, text, state, assurance):
    _, out = post.send(OLGA, SLOW, signed=False)
    row, out = post.send(ANNA, text, to=reply_address(to(out, ANNA)[0]))
    assert row["outcome"] == "command"
    ticket = post.ticket(1001)
    assert (ticket["state"], ticket["assurance"]) == (state, assurance)
    assert to(out, OLGA) == []


def test_what_stands_below_spam_is_a_note(tmp_path):
    post = Post(tmp_path, config=TEAM.replace('"general"\nagents = ["ben"]\n', '"general"\nagents = ["anna"]\n'))
    _, out = post.send(PAT, "Was kostet ein Server?\n")
    row, _ = post.send(ANNA, "!spam\n\nLästig.\n", to=reply_address(to(out, ANNA)[0]))
    assert row["outcome"] == "noted"
    assert to(later(post), PAT) == []
    assert post.ticket(1001)["state"] == "closed"
    row, out = post.send(PAT, "Und noch etwas.\n")
    assert (row["reason"], out) == ("muted", [])
    post.close()


def test_colleagues_hear_of_what_concerns_them_once(post, news):
    _, out = post.send(ANNA, "!assign cara\n!department billing\n!note schnell\n", to=reply_address(news[ANNA]))
    assert sorted(mail["To"].addresses[0].addr_spec for mail in out) == [ANNA, BEN, CARA]
    assert "anna hat Ihnen Vorgang 1001 (billing) zugewiesen" in words(to(out, CARA)[0])
    assert "anna has given ticket 1001 to your department (billing)" in words(to(out, BEN)[0])
    assert "schnell" in words(to(out, BEN)[0])
    row, _ = post.send(CARA, ANSWER.replace("Anna", "Cara"), to=reply_address(to(out, CARA)[0]))
    assert row["outcome"] == "replied"
    (answer,) = to(later(post), OLGA)
    assert answer["From"].addresses[0].addr_spec == "billing@example.org"


def test_th_04_who_is_added_gets_the_answer_below_and_nothing_from_before(post, news):
    post.send(ANNA, f"!cc Pat <{PAT}>\n\n{ANSWER}", to=reply_address(news[ANNA]))
    out = later(post)
    assert sorted(mail["To"].addresses[0].addr_spec for mail in out) == [OLGA, PAT]
    (answer,) = to(out, PAT)
    assert "srv-web-01" not in answer.as_string()
    assert reply_address(answer) != reply_address(to(out, OLGA)[0])
    row, _ = post.send(PAT, "Danke, bei mir auch.\n", to=reply_address(answer))
    assert (row["ticket"], row["outcome"]) == (1001, "followed-up")


def test_stop_calls_back_the_own_answer_and_only_while_it_is_there(post, news):
    _, out = post.send(ANNA, f"!close\n\n{ANSWER}", to=reply_address(news[ANNA]))
    address = reply_address(to(out, ANNA)[0])
    row, out = post.send(BEN, "!stop\n", to=reply_address(news[BEN]))
    assert row["outcome"] == "returned"
    row, out = post.send(ANNA, "!stop\n", to=address)
    assert row["outcome"] == "command"
    assert "Ihre letzte Antwort ist zurückgerufen; olga@kunde.example bekommt sie nicht." in words(to(out, ANNA)[0])
    assert "was called back" in words(to(out, BEN)[0])
    assert later(post) == []
    assert post.ticket(1001)["state"] == "open"
    post.send(ANNA, ANSWER, to=address)
    assert len(later(post)) == 1
    row, _ = post.send(ANNA, "!stop\n", to=address)
    assert row["outcome"] == "returned"


def test_stop_with_a_better_answer_below(post, news):
    post.send(ANNA, "Guten Tag, das ist flasch.\n", to=reply_address(news[ANNA]))
    row, _ = post.send(ANNA, f"!stop\n\n{ANSWER}", to=reply_address(news[ANNA]))
    assert row["outcome"] == "replied"
    (answer,) = later(post)
    assert "der Server läuft wieder" in answer.get_content()


def test_commands_to_the_note_address_and_the_rest_stays_inside(post, news):
    row, _ = post.send(ANNA, "!take\n\nNur für uns.\n", to=note_address(news[ANNA]))
    assert row["outcome"] == "noted"
    assert post.ticket(1001)["assignee"] == "anna"
    assert later(post) == []


def test_help_lists_the_commands_in_the_language_of_the_agent_and_changes_nothing(post, news):
    before = kept(post)
    _, out = post.send(BEN, "!help\n", to=reply_address(news[BEN]))
    (page,) = [mail for mail in out if "HOW TO WORK BY MAIL" in mail.get_content()]
    assert page["To"].addresses[0].addr_spec == BEN
    assert page["Reply-To"] is None
    assert kept(post) == before


def test_merge_by_mail(post, news):
    _, out = post.send(THEO, "Unser Server srv-web-01 steht ganz, Kundennummer 10001.\n", Subject="Steht")
    row, _ = post.send(ANNA, "!merge 1001\n", to=reply_address(to(out, ANNA)[0]))
    assert row["outcome"] == "command"
    assert post.ticket(1002)["merged_into"] == 1001
    row, _ = post.send(ANNA, ANSWER, to=reply_address(to(out, ANNA)[0]))  # the key of the merged ticket
    assert row["ticket"] == 1001
    assert sorted(mail["To"].addresses[0].addr_spec for mail in later(post)) == [OLGA, THEO]


def test_a_second_copy_of_a_command_is_carried_out_once(post, news):
    raw = {"to": reply_address(news[ANNA]), "Message_ID": "<once@example.org>"}
    post.send(ANNA, "!note einmal\n", **raw)
    row, out = post.send(ANNA, "!note einmal\n", **raw)
    assert (row["outcome"], out) == ("duplicate", [])
    assert [item["text"] for item in post.ticket(1001)["entries"] if item["kind"] == "note"] == ["einmal"]


HABITS = {
    "outlook": "!take\r\n\r\n \r\n\r\nVon: Example Hosting <support@example.org>\r\nGesendet: Montag, 2. März 2026 10:00\r\nAn: anna\r\nBetreff: Server langsam\r\n\r\n!close\r\n",
    "gmail": "!take\n\nAm Mo., 2. März 2026 um 11:00 Uhr schrieb Example Hosting <support@example.org>:\n\n> ##- Ihre Antwort -##\n> !close\n",
    "apple": "!Take\n\n> Am 02.03.2026 um 11:00 schrieb Example Hosting <support@example.org>:\n> \n> !close\n",
    "thunderbird": "Am 02.03.26 um 11:00 schrieb Example Hosting:\n> !close\n> Neuer Vorgang\n\n!take\n\n-- \nAnna\n",
    "phone": "!take \n\nVon meinem iPhone gesendet\n\n> Am 02.03.2026 um 11:00 schrieb Example Hosting <support@example.org>:\n> \n> !close\n",
    "android": "\uff01take\n\n-------- Ursprüngliche Nachricht --------\nVon: Example Hosting <support@example.org>\nDatum: 02.03.26 11:00 (GMT+01:00)\nAn: anna\nBetreff: Server langsam\n\n!close\n",
}


@pytest.mark.parametrize("client", HABITS)
def test_ag_02_quoted_commands_are_no_commands_in_any_client(post, news, client):
    text = HABITS[client].replace("\r\n", "\n")
    row, _ = post.send(
        ANNA,
        text,
        to=reply_address(news[ANNA]),
        answers=[news[ANNA]["Message-ID"]],
        Subject="AW: Server langsam [#1001]",
    )
    assert row["outcome"] == "command"
    ticket = post.ticket(1001)
    assert (ticket["assignee"], ticket["state"]) == ("anna", "open")
    assert later(post) == []


def test_commands_in_html_mail(post, news):
    html = "<html><body><div>!take</div><div><b>!priority</b> high</div><div><br></div><div>Guten Tag, l&auml;uft.</div></body></html>"
    row, _ = post.send(ANNA, html, to=reply_address(news[ANNA]), Content_Type="text/html; charset=utf-8")
    assert row["outcome"] == "replied"
    ticket = post.ticket(1001)
    assert (ticket["assignee"], ticket["priority"]) == ("anna", "high")
    (answer,) = later(post)
    assert answer.get_content().startswith("Guten Tag, läuft.")
