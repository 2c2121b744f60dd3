"""A mail that comes after the answer to it: which ticket it joins, and which it must not."""

from support.post import BEN, EVE, OLGA, PAT, THEO, reply_address, to

PRICE = "Was kostet bei Ihnen ein kleiner Server im Monat?\n"
MORE = "Und was kostet bei Ihnen ein großer Server im Monat?\n"
RESTART = "Bitte starten Sie srv-web-01 neu, Kundennummer 10001.\n"


def test_a_mail_joins_the_ticket_that_its_answer_opened(post):
    post.send(PAT, MORE, Message_ID="<late-2@visitor.example>", answers=["<late-1@visitor.example>"])
    row, out = post.send(PAT, PRICE, Message_ID="<late-1@visitor.example>", Subject="Anfrage")
    assert (row["ticket"], row["outcome"]) == (1001, "followed-up")
    assert to(out, PAT) == []
    assert PRICE.strip() in to(out, BEN)[0].get_content()


def test_a_colleague_answers_faster_than_the_mail_that_was_sent_to_both(post):
    post.send(THEO, MORE, Message_ID="<theo@kunde.example>", answers=["<olga@kunde.example>"])
    row, _ = post.send(OLGA, PRICE, Message_ID="<olga@kunde.example>")
    assert (row["ticket"], row["outcome"]) == (1001, "followed-up")


def test_the_ticket_of_an_early_answer_becomes_part_of_the_one_where_its_mail_belongs(post):
    """Three mails, each with In-Reply-To alone; the last comes first."""
    post.send(
        PAT, "Was kosten bei Ihnen zehn Server?\n", Message_ID="<c@visitor.example>", answers=["<b@visitor.example>"]
    )
    post.send(PAT, PRICE, Message_ID="<a@visitor.example>")
    row, out = post.send(PAT, MORE, Message_ID="<b@visitor.example>", answers=["<a@visitor.example>"])
    assert row["ticket"] == 1002
    early, ticket = post.ticket(1001), post.ticket(1002)
    assert (early["state"], ticket["state"]) == ("closed", "new")
    assert "#1001" in ticket["entries"][-1]["text"]
    assert early["acknowledged_at"] is None
    assert "1001" in to(out, BEN)[0].get_content()
    row, _ = post.send(PAT, "Hallo?\n", answers=["<c@visitor.example>"])
    assert row["ticket"] == 1002


def test_what_a_human_has_seen_is_not_merged_behind_their_back(post):
    _, out = post.send(PAT, MORE, Message_ID="<c@visitor.example>", answers=["<b@visitor.example>"])
    post.send(BEN, "!ack\n", to=reply_address(to(out, BEN)[0]))
    post.send(PAT, PRICE, Message_ID="<a@visitor.example>")
    row, _ = post.send(PAT, "Ja?\n", Message_ID="<b@visitor.example>", answers=["<a@visitor.example>"])
    assert row["ticket"] == 1002
    assert post.ticket(1001)["state"] == "open"


def test_th_08_who_answers_a_mail_on_its_way_in_the_authors_name_is_not_released_by_it(post):
    """Eve has the mail in Cc, and is faster: what she asks in Olga's name stays held."""
    post.send(OLGA, RESTART, signed=False, sender=EVE, Message_ID="<e@x.example>", answers=["<olga@kunde.example>"])
    row, out = post.send(OLGA, PRICE, Message_ID="<olga@kunde.example>")
    assert (row["ticket"], row["outcome"]) == (1002, "opened")
    assert to(out, OLGA)
    assert post.ticket(1001)["state"] == "held"


def test_th_03_who_answers_a_mail_on_its_way_does_not_get_it(post):
    post.send(EVE, MORE, answers=["<pat@visitor.example>"])
    row, out = post.send(PAT, PRICE, signed=False, Message_ID="<pat@visitor.example>")
    assert (row["ticket"], row["outcome"]) == (1002, "opened")
    assert to(out, PAT)
    assert post.ticket(1002)["linked_to"] is None
