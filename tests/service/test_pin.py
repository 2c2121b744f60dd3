"""Support PINs by mail: who is served, what counts as a guess, and that no PIN stays anywhere."""

import json

import pytest
from support.post import OLGA, PAT, TEAM, Post, reply_address, to

from mailgate.core.desk.pin import pin_at, step_of
from mailgate.service.process import process

ASK = "Kundennummer 10001: Bitte starten Sie den Server srv-web-01 neu.\n"


@pytest.fixture
def post(tmp_path):
    """A desk with agents, who are told of everything."""
    opened = Post(tmp_path, config=TEAM)
    yield opened
    opened.close()


def grouped(pin, gap):
    return pin[:4] + gap + pin[4:]


@pytest.mark.parametrize(
    "form",
    ["Support-PIN: {}", "Meine PIN lautet\n{}", "*PIN:* {}", "PIN #{}", "PIN für 10001: {}", "PIN\u00a0{}"],
)
@pytest.mark.parametrize("gap", ["", "\u00a0"])
def test_pr_05_a_pin_is_taken_as_people_write_it_and_stays_nowhere(post, form, gap):
    pin = post.pin("10001")
    said = form.format(grouped(pin, gap))
    row, out = post.send(PAT, f"{said}\n{ASK}", Subject="Server down")
    assert (row["outcome"], row["reason"]) == ("opened", "account-proved")
    kept = [row, post.ticket(row["ticket"]), post.rows(), post.outbox()]
    mails = [mail.get_body().get_content() + mail.as_string() for mail in out]
    assert to(out, PAT)
    assert len(mails) == 3
    for text in (*(json.dumps(item, default=str, ensure_ascii=False) for item in kept), *mails):
        assert pin not in text
        assert grouped(pin, gap) not in text


def test_pr_05_digits_of_another_script_are_no_pin_and_break_nothing(post):
    row, _ = post.send(PAT, f"PIN ١٢٣٤٥٦٧٨\n{ASK}")
    assert (row["state"], row["outcome"]) == ("done", "held")


def test_a_pin_is_measured_by_when_the_mail_came_not_by_when_we_got_round_to_it(post):
    desk = post.desk
    raw = f"From: {PAT}\r\nTo: support@example.org\r\nSubject: PIN {post.pin('10001')}\r\n\r\n{ASK}".encode()
    envelope = desk.envelope(raw, sender=PAT)
    desk.store(envelope)
    desk.advance(hours=5)
    assert process(desk.context, envelope.id, alone=False).plan.outcome == "opened"
    again, _ = post.send(PAT, f"PIN {pin_at(b'10001' * 4, step_of(envelope.received_at))}\n{ASK}")
    assert again["outcome"] == "held"


def test_the_same_pin_again_is_held_but_is_no_guess(post):
    subject = f"PIN {post.pin('10001')}"
    served, _ = post.send(PAT, ASK, Subject=subject)
    again = [post.send(PAT, f"{ASK}Nachtrag {index}.\n", Subject=subject)[0] for index in range(6)]
    assert served["outcome"] == "opened"
    assert {row["outcome"] for row in again} == {"held"}
    post.desk.advance(hours=1)
    fresh, _ = post.send(PAT, ASK + "Jetzt bitte.\n", Subject=f"PIN {post.pin('10001')}")
    assert fresh["outcome"] == "opened"


def test_what_comes_while_no_pin_counts_does_not_make_that_last_longer(post):
    right = post.pin("10001")
    wrong = f"{(int(right) + 1) % 10**8:08d}"
    for index in range(5):
        post.send(PAT, f"{ASK}Versuch {index}.\n", Subject=f"PIN {wrong}")
    post.desk.advance(minutes=50)
    blocked, _ = post.send(PAT, f"{ASK}Der richtige.\n", Subject=f"PIN {post.pin('10001')}")
    assert blocked["outcome"] == "held"
    post.desk.advance(minutes=11)
    row, _ = post.send(PAT, f"{ASK}Noch einmal.\n", Subject=f"PIN {post.pin('10001')}")
    assert row["outcome"] == "opened"


def test_a_pin_that_is_only_quoted_was_given_by_somebody_else(post):
    row, _ = post.send(PAT, f"{ASK}\nAm 02.03.2026 um 10:00 schrieb Olga:\n> PIN {post.pin('10001')}\n> {ASK}")
    assert row["outcome"] == "held"
    assert post.pin("10001") not in json.dumps(post.ticket(row["ticket"]), default=str)


def test_a_sensitive_request_with_a_pin_still_waits_for_the_owner(post):
    pin = post.pin("10001")
    row, out = post.send(PAT, "Kundennummer 10001: bitte kündigen Sie den Server srv-web-01.\n", Subject=f"PIN {pin}")
    assert (row["outcome"], row["reason"]) == ("held", "sensitive-proved")
    assert to(out, OLGA)
    assert not any(pin in mail.as_string() for mail in out)


def test_a_pin_in_answer_to_the_rule_needs_no_number_again(post):
    _, out = post.send(PAT, ASK)
    row, _ = post.send(PAT, f"PIN {post.pin('10001')}\n", to=reply_address(to(out, PAT)[0]))
    assert (row["ticket"], post.ticket(1001)["state"], post.ticket(1001)["account"]) == (1001, "new", "10001")


def test_a_pin_of_another_account_releases_nothing_in_the_thread(post):
    _, out = post.send(PAT, ASK)
    for text in (f"PIN {post.pin('10002')}\n", f"Kundennummer 10002, PIN {post.pin('10002')}\n"):
        post.send(PAT, text, to=reply_address(to(out, PAT)[0]))
        assert post.ticket(1001)["state"] == "held"
