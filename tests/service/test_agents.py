"""Agents answer from their mail client, through the whole desk: what goes out, what stays inside, and who may not."""

import random

import pytest
from support.post import (
    ANNA,
    BEN,
    BERT,
    CARA,
    EVE,
    OLGA,
    PAT,
    SLOW,
    TEAM,
    THEO,
    Post,
    change,
    later,
    note_address,
    reply_address,
    to,
)

from mailgate.core.desk.plan import ParticipantAdded, Plan, Stamp, StateChanged
from mailgate.core.desk.recall import latest_of, recall
from mailgate.core.desk.ticket import ParticipantRole, TicketState
from mailgate.core.mail.mail import Mailbox
from mailgate.store import facts
from mailgate.store.apply import apply_plan

ANSWER = "Guten Tag,\n\nder Server läuft wieder. Bitte sehen Sie nach.\n\nViele Grüße\nAnna\n"


def snapshot(post):
    kept = ("state", "entries", "participants", "acknowledged_at", "responded_at", "assignee")
    return [{name: post.ticket(row["number"])[name] for name in kept} for row in post.tickets()[:1]]


def test_an_answer_reaches_the_customer_from_the_department_and_stops_the_clocks(post, news):
    text = f"{ANSWER}\n-- \nAnna Beispiel | {ANNA}\n\nAm 2.3.2026 schrieb Example Hosting:\n> ##- Ihre Antwort -##\n> {SLOW}"
    row, out = post.send(ANNA, text, to=reply_address(news[ANNA]), Subject="AW: Server langsam [#1001]")
    assert (row["outcome"], row["reason"], row["ticket"]) == ("replied", "agent-answers", 1001)
    assert to(out, OLGA) == []
    (answer,) = later(post)
    assert answer["To"].addresses[0].addr_spec == OLGA
    assert answer["From"].addresses[0].addr_spec == "support@example.org"
    assert answer["Subject"] == "Re: Server langsam [#1001]"
    assert answer["In-Reply-To"] == "<m0@kunde.example>"
    assert answer["References"] == "<m0@kunde.example>"
    assert answer["Auto-Submitted"] is None
    text = answer.get_content().replace("\r\n", "\n")
    assert text.startswith("Guten Tag,\n\nder Server läuft wieder. Bitte sehen Sie nach.\n\nViele Grüße\nAnna\n\n-- \n")
    assert "Vorgang 1001" in text
    assert "anna@" not in answer.as_string()
    assert SLOW not in text
    ticket = post.ticket(1001)
    assert ticket["state"] == "waiting"
    assert ticket["acknowledged_at"]
    assert ticket["responded_at"]
    assert [entry["kind"] for entry in ticket["entries"]] == ["customer", "agent"]


def test_the_agent_and_the_colleagues_hear_of_the_answer(post, news):
    _, out = post.send(ANNA, ANSWER, to=reply_address(news[ANNA]), Cc="Freund <freund@elsewhere.example>")
    (result,), (copy,) = to(out, ANNA), to(out, BEN)
    text = result.get_content()
    assert "Ihre Antwort in Vorgang 1001 geht an: olga@kunde.example" in text
    assert "!stop" in text
    assert "freund@elsewhere.example" in text
    assert "anna has answered in ticket 1001" in copy.get_content()
    assert "der Server läuft wieder" in copy.get_content()
    assert (
        post.ticket(1001)["participants"] == [{"address": OLGA, "name": "", "role": "requester", "added_by": ""}]
        or len(post.ticket(1001)["participants"]) == 1
    )


def test_a_note_stays_inside(post, news):
    row, out = post.send(BEN, "Der Kunde zahlt seit drei Monaten nicht.\n", to=note_address(news[BEN]))
    assert (row["outcome"], row["reason"]) == ("noted", "agent-notes")
    assert "Kunde zahlt" in to(out, ANNA)[0].get_content()
    assert all("kunde.example" not in mail["To"] for mail in [*out, *later(post)])
    ticket = post.ticket(1001)
    assert ticket["state"] == "open"
    assert ticket["acknowledged_at"]
    assert ticket["responded_at"] is None
    assert ticket["entries"][-1]["kind"] == "note"


def test_the_message_id_of_the_own_notice_is_enough_where_addresses_lose_their_key(post, news):
    row, _ = post.send(ANNA, ANSWER, answers=[news[ANNA]["Message-ID"]], Subject="AW: Server langsam")
    assert row["outcome"] == "replied"
    assert [mail["To"].addresses[0].addr_spec for mail in later(post)] == [OLGA]


def test_what_goes_to_the_note_address_too_stays_inside(post, news):
    post.send(ANNA, ANSWER, to=(reply_address(news[ANNA]), note_address(news[ANNA])))
    assert [entry["kind"] for entry in post.ticket(1001)["entries"]] == ["customer", "note"]
    assert later(post) == []


def test_an_alias_of_the_agent_is_the_agent(post, news):
    row, _ = post.send("Anna <a.n@example.org>", ANSWER, to=reply_address(news[ANNA]))
    assert row["outcome"] == "replied"
    (answer,) = later(post)
    assert "a.n@example.org" not in answer.as_string()


def test_all_who_take_part_get_their_own_mail(post, news):
    change(post, ParticipantAdded(1001, Mailbox("Theo", THEO), ParticipantRole.CONTACT, "ben"))
    post.send(ANNA, f"Bitte schreiben Sie an {ANNA} oder {ANNA.upper()}.\n", to=reply_address(news[ANNA]))
    answers = later(post)
    assert sorted(mail["To"].addresses[0].addr_spec for mail in answers) == [OLGA, THEO]
    assert len({reply_address(mail) for mail in answers}) == 2
    assert all("an support@example.org oder support@example.org." in mail.get_content() for mail in answers)
    assert to(answers, THEO)[0]["References"] == "<ticket-1001@example.org>"


OUTSIDE = ("x@evil.example", "y@visitor.example", "Z <z@evil.example>", BERT)
FIELDS = ("Cc", "Bcc", "Reply_To", "Resent_To", "Resent_Cc", "X_Original_To", "Delivered_To")


@pytest.mark.parametrize("seed", range(4))
def test_bs_06_an_agents_mail_goes_to_those_who_take_part_and_to_nobody_else(post, news, seed):
    """Whoever stands in the header or the envelope beside us: what goes out is what the ticket says."""
    change(post, ParticipantAdded(1001, Mailbox("Theo", THEO), ParticipantRole.CONTACT, "ben"))
    draw = random.Random(seed)
    key = reply_address(news[ANNA])
    for number in range(5):
        fields = {name: ", ".join(draw.sample(OUTSIDE, draw.randint(1, 4))) for name in draw.sample(FIELDS, 4)}
        row, out = post.send(ANNA, f"Antwort {number}.\n", to=(key, *draw.sample(OUTSIDE, 2)), **fields)
        assert row["reason"] in {"agent-answers", "agent-guard"}, fields
        told = {mail["To"].addresses[0].addr_spec for mail in [*out, *later(post)]}
        assert told <= {OLGA, THEO, ANNA, BEN}, fields
        assert (row["reason"] == "agent-guard") or {OLGA, THEO} <= told
    assert {item["address"] for item in post.ticket(1001)["participants"]} == {OLGA, THEO}
    assert {item["to"] for item in post.outbox()} == {OLGA, THEO, ANNA, BEN}


def test_bs_06_no_more_than_ten_people_take_part_and_hear(post, news):
    key = reply_address(news[ANNA])
    row, _ = post.send(ANNA, "!cc " + ", ".join(f"p{number}@visitor.example" for number in range(9)) + "\n", to=key)
    assert row["reason"] == "agent-answers"
    row, out = post.send(ANNA, f"!cc {PAT}\n\nGuten Tag.\n", to=key)
    assert row["reason"] == "agent-command"
    assert "höchstens 10 beteiligt" in to(out, ANNA)[0].get_content()
    assert later(post) == []
    for number in range(3):  # contacts of the account come in by `!merge`, whatever their number
        change(post, ParticipantAdded(1001, Mailbox("", f"q{number}@kunde.example"), ParticipantRole.CONTACT, "ben"))
    row, told = post.send(ANNA, ANSWER, to=key)
    got = [mail["To"].addresses[0].addr_spec for mail in later(post)]
    assert row["reason"] == "agent-answers"
    assert len(got) == 10
    assert OLGA in got
    left_out = {item["address"] for item in post.ticket(1001)["participants"]} - set(got)
    assert len(left_out) == 3
    assert all(address in to(told, ANNA)[0].get_content() for address in left_out)


def test_bs_07_of_five_hundred_in_copy_nobody_takes_part(post):
    """An agent's program may answer all of them; what goes out goes to the customer."""
    crowd = [f"c{number}@evil.example" for number in range(500)]
    _, out = post.send(OLGA, SLOW, Cc=",\r\n ".join(crowd))
    (news,) = to(out, ANNA)
    assert "evil.example" not in str(news["To"]) + str(news["Cc"]) + str(news["Reply-To"])
    row, told = post.send(ANNA, ANSWER, to=reply_address(news), Cc=",\r\n ".join([OLGA, *crowd]))
    assert row["reason"] == "agent-answers"
    assert "c0@evil.example" in to(told, ANNA)[0].get_content(), "the agent hears who was left out"
    assert [mail["To"].addresses[0].addr_spec for mail in later(post)] == [OLGA]
    assert {item["to"] for item in post.outbox()} == {OLGA, ANNA, BEN}
    assert {item["address"] for item in post.ticket(1001)["participants"]} == {OLGA}


@pytest.mark.parametrize("address", ["reply", "note", "id"])
def test_ag_01_a_forged_agent_executes_nothing(post, news, address):
    """Neither the own key nor a valid address is enough alone: unproved, refuted, and a stranger with the key."""
    before = snapshot(post)
    for author, signed, reason in (
        (ANNA, False, "agent-unproved"),
        (EVE, True, "agent-foreign-key"),
        (PAT, False, None),
    ):
        where = {
            "reply": {"to": reply_address(news[ANNA])},
            "note": {"to": note_address(news[ANNA])},
            "id": {"answers": [news[ANNA]["Message-ID"]]},
        }[address]
        for text in (f"!close\n\nVorgang von {author} erledigt.\n", f"Ihr Passwort lautet anders, {author}.\n"):
            row, out = post.send(author, text, signed=signed, **where)
            assert row["outcome"] == "held"
            assert row["ticket"] != 1001
            assert reason in {None, row["reason"]}
            assert {mail["To"].addresses[0].addr_spec for mail in [*out, *later(post)]} <= {ANNA, BEN}
    assert snapshot(post) == before


def test_ag_01_a_refuted_agent_is_held_in_silence(post, news):
    raw_from = f"Anna <{ANNA}>, Eve <{EVE}>"
    row, out = post.send(raw_from, "!close\n", signed=False, to=reply_address(news[ANNA]), sender=EVE)
    assert (row["outcome"], row["reason"], out) == ("held", "refuted", [])


def test_ag_01_another_agents_key_is_no_key(post, news):
    before = snapshot(post)
    row, out = post.send(BEN, ANSWER, to=reply_address(news[ANNA]))
    assert (row["outcome"], row["reason"]) == ("held", "agent-foreign-key")
    assert "Somebody answered a mail that went to an agent" in to(out, BEN)[0].get_content()
    assert later(post) == []
    assert snapshot(post) == before


def test_ag_01_a_replayed_mail_of_an_agent_does_nothing(post, news):
    """A genuine, signed mail of the agent to somebody else, sent again to a key that leaked."""
    row, _ = post.send(ANNA, "!close\n", to=reply_address(news[ANNA]), To="liste@elsewhere.example")
    assert (row["outcome"], row["reason"]) == ("held", "agent-unproved")


def test_ag_02_commands_in_customers_text_and_in_quotes_are_text(post, news):
    post.send(OLGA, "!spam\n!deny\n", answers=[news[OLGA]["Message-ID"]])
    assert post.ticket(1001)["state"] == "new"
    text = "Danke, ich sehe nach.\n\nAm 2.3. schrieb Olga:\n> !close\n> !spam\n"
    row, _ = post.send(ANNA, text, to=reply_address(news[ANNA]))
    assert row["outcome"] == "replied"
    assert post.ticket(1001)["state"] == "waiting"


@pytest.mark.parametrize(
    ("leak", "shown"),
    [
        ("Intern: der Kunde zahlt seit drei Monaten nicht und gilt als schwierig.", "Notiz"),
        ("Schreiben Sie an support+{key}@example.org.", "Schlüssel eines anderen"),
        ("Siehe <{key}.1001@example.org>.", "Schlüssel eines anderen"),
    ],
)
def test_ag_03_th_11_what_must_stay_inside_is_not_sent_and_the_agent_is_told(post, news, leak, shown):
    note = "Der Kunde zahlt seit drei\nMonaten nicht und gilt als schwierig."
    post.send(BEN, note, to=note_address(news[BEN]))
    key = reply_address(news[BEN]).partition("+")[2].partition("@")[0]
    text = f"Guten Tag,\n\n{leak.format(key=key)}\n"
    row, out = post.send(ANNA, text, to=reply_address(news[ANNA]))
    assert (row["outcome"], row["reason"]) == ("returned", "agent-guard")
    assert f"  - {shown}: " in to(out, ANNA)[0].get_content()
    assert later(post) == []
    assert post.ticket(1001)["responded_at"] is None


def test_ag_04_an_agents_vacation_never_reaches_the_customer(post, news):
    robot = {"Auto_Submitted": "auto-replied", "Subject": "Abwesend", "to": reply_address(news[ANNA])}
    row, out = post.send(ANNA, "Ich bin im Urlaub.\n", sender="", **robot)
    assert (row["reason"], out, later(post)) == ("automatic-on-ticket", [], [])
    ticket = post.ticket(1001)
    assert (ticket["state"], ticket["acknowledged_at"]) == ("new", None)


def test_ag_04_nor_one_that_only_its_null_reverse_path_gives_away(post, news):
    row, out = post.send(ANNA, "Ich bin im Urlaub.\n", sender="", Subject="Abwesend", to=reply_address(news[ANNA]))
    assert row["reason"] == "automatic-on-ticket"
    assert to([*out, *later(post)], OLGA) == []
    assert post.ticket(1001)["acknowledged_at"] is None


def test_ag_05_an_agent_who_was_taken_out_is_a_stranger_at_once(post, news, tmp_path):
    gone = TEAM.replace('agents = ["anna", "ben"]', 'agents = ["ben"]').replace(
        '[[agents]]\nname = "anna"\naddress = "anna@example.org"\naliases = ["a.n@example.org"]\n', ""
    )
    gone = gone.replace('agents = ["anna"]\n', "")
    later_desk = Post(tmp_path / "later", config=gone)
    object.__setattr__(post.desk.context, "policy", later_desk.desk.context.policy)
    object.__setattr__(post.desk.context, "agents", later_desk.desk.context.agents)
    later_desk.close()
    before = snapshot(post)
    row, _ = post.send(ANNA, ANSWER, to=reply_address(news[ANNA]))
    assert "stranger" in post.ticket(row["ticket"])["flags"]
    assert row["ticket"] != 1001
    assert snapshot(post) == before
    assert to(later(post), OLGA) == []


def test_an_expired_key_is_held_and_says_so(post, news):
    post.desk.advance(days=181)
    row, out = post.send(ANNA, ANSWER, to=reply_address(news[ANNA]))
    assert (row["outcome"], row["reason"]) == ("held", "agent-expired-key")
    assert to(out, OLGA) == []


def test_a_held_ticket_answers_nobody_and_the_text_comes_back(post):
    _, out = post.send(OLGA, SLOW, signed=False)
    row, out = post.send(ANNA, ANSWER, to=reply_address(to(out, ANNA)[0]))
    assert (row["outcome"], row["reason"]) == ("returned", "agent-held")
    assert "!freigeben GRUND" in to(out, ANNA)[0].get_content()
    assert "der Server läuft wieder" in to(out, ANNA)[0].get_content()
    assert later(post) == []
    assert [entry["kind"] for entry in post.ticket(1001)["entries"]] == ["customer"]
    assert post.ticket(1001)["acknowledged_at"] is None


def test_a_mail_without_words_of_its_own_comes_back(post, news):
    row, out = post.send(ANNA, "\nAm 2.3. schrieb Example Hosting:\n> Hallo\n", to=reply_address(news[ANNA]))
    assert (row["outcome"], row["reason"]) == ("returned", "agent-empty")
    assert "kein eigener Text" in to(out, ANNA)[0].get_content()
    assert post.ticket(1001)["state"] == "new"


def test_two_agents_who_answer_at_once_are_both_heard_and_know_of_one_another(post, news):
    post.send(ANNA, "Antwort von Anna.\n", to=reply_address(news[ANNA]))
    _, out = post.send(BEN, "Antwort von Ben.\n", to=reply_address(news[BEN]))
    assert "ben hat in Vorgang 1001 (support) geantwortet" in to(out, ANNA)[0].get_content()
    assert len(to(later(post), OLGA)) == 2
    assert post.ticket(1001)["state"] == "waiting"


def test_a_second_copy_of_an_answer_is_sent_once(post, news):
    post.send(ANNA, ANSWER, to=reply_address(news[ANNA]), Message_ID="<same@example.org>")
    again, out = post.send(ANNA, ANSWER, to="billing@example.org", Message_ID="<same@example.org>")
    assert (again["outcome"], to(out, OLGA)) == ("duplicate", [])
    assert len(to(later(post), OLGA)) == 1


def test_a_closed_ticket_can_be_answered_and_stays_closed(post, news):
    change(post, StateChanged(1001, TicketState.NEW, TicketState.CLOSED, "closed"))
    post.send(ANNA, "Noch ein Nachtrag.\n", to=reply_address(news[ANNA]))
    assert len(to(later(post), OLGA)) == 1
    assert post.ticket(1001)["state"] == "closed"


def test_a_customers_answer_reopens_and_winds_the_clock_up(post, news):
    post.send(ANNA, ANSWER, to=reply_address(news[ANNA]))
    (answer,) = later(post)
    row, out = post.send(OLGA, "Nein, er ist weiter langsam.\n", answers=[answer["Message-ID"]], Subject="AW: x")
    assert (row["outcome"], post.ticket(1001)["state"]) == ("followed-up", "open")
    text = to(out, ANNA)[0].get_content()
    assert "Antwort bis:" in text
    assert text.index("er ist weiter langsam") < text.index("> Guten Tag,") < text.index("> Unser Server")


def test_an_answer_is_called_back_within_the_minute(post, news):
    post.send(ANNA, ANSWER, to=reply_address(news[ANNA]))

    def call_back(session, agent):
        ticket, unsent = facts.ticket(session, 1001), facts.unsent(session, 1001)
        found = latest_of(unsent, agent)
        if found is None:
            return None
        stamp = Stamp(post.desk.clock, 0, ())
        apply_plan(session, Plan("", "", 1001, recall(ticket, found)), None, stamp, agent)
        return found.recipients

    assert post.desk.database.decide(lambda s: call_back(s, "ben")) is None
    assert post.desk.database.decide(lambda s: call_back(s, "anna")) == (OLGA,)
    assert later(post) == []
    ticket = post.ticket(1001)
    assert (ticket["state"], ticket["responded_at"]) == ("open", None)
    assert ticket["due"]["respond"]
    assert ticket["flags"] == []
    told = [(row["delivery"], row["reply"]) for row in ticket["deliveries"] if row["kind"] == "reply"]
    assert told == [("called back", "called back by anna")]
    post.send(ANNA, "Neuer Versuch.\n", to=reply_address(news[ANNA]))
    assert len(to(later(post), OLGA)) == 1
    assert post.desk.database.decide(lambda s: call_back(s, "anna")) is None
    assert CARA not in str(ticket)


def test_a_subject_with_an_agents_address_does_not_reach_others(post):
    _, out = post.send(OLGA, SLOW, Subject=f"{ANNA} antwortet nicht")
    assert to(out, OLGA)[0]["Subject"] == "Re: support@example.org antwortet nicht [#1001]"
    assert to(out, ANNA)[0]["Subject"] == "anna@example.org antwortet nicht [#1001]"
