"""One mail by two ways, or by the same way again: one ticket, one receipt."""

from dataclasses import replace

import pytest
from support.desk import plain_mail
from support.post import OLGA, Post, change
from support.signing import ed25519_key, sign

from mailgate.core.desk.plan import StateChanged
from mailgate.core.desk.ticket import TicketState
from mailgate.core.mail.envelope import Transport
from mailgate.service.explain import explain
from mailgate.service.process import process

RAW = plain_mail(From=OLGA, Message_ID="<1@kunde.example>")
FETCHED = b"Delivered-To: support@example.org\r\nReceived: by mx.example.net; Mon, 02 Mar 2026 10:00:00 +0000\r\n" + RAW


@pytest.fixture
def post(tmp_path):
    made = Post(tmp_path)
    yield made
    made.close()


def by_smtp(post):
    return post.desk.envelope(RAW, sender=OLGA)


def by_imap(post, place="box/7/1"):
    made = post.desk.envelope(FETCHED, sender="", client=None, transport_key=place, arrived_at=post.desk.clock)
    return replace(made, transport=Transport.IMAP)


def outcomes(post, *envelopes):
    for envelope in envelopes:
        post.desk.store(envelope)
        process(post.desk.context, envelope.id, alone=False)
    return [(row["outcome"], row["ticket"]) for row in post.rows()]


@pytest.mark.parametrize("first", [by_smtp, by_imap])
def test_im_08_a_mail_that_comes_by_smtp_and_by_imap_is_one_ticket(post, first):
    second = by_imap if first is by_smtp else by_smtp
    assert [outcome for outcome, _ in outcomes(post, first(post), second(post))] == ["opened", "duplicate"]
    assert len(post.tickets()) == 1
    assert [row["to"] for row in post.outbox()] == [OLGA]


def test_im_02_a_mailbox_made_anew_brings_no_second_ticket(post):
    came = outcomes(post, by_imap(post, "box/7/1"), by_imap(post, "box/8/1"))
    assert came[0][0] == "opened"
    assert came[1] == ("duplicate", came[0][1])
    assert len(post.tickets()) == 1
    assert [row["to"] for row in post.outbox()] == [OLGA]


def signed_mail(name, *fields):
    """Olga's request, signed without its Message-ID unless that is among the fields."""
    raw = plain_mail("Kundennummer 10001: bitte srv-web-01 neu starten.\n", From=OLGA, Message_ID=f"<{name}@x.example>")
    return sign(raw, "kunde.example", "ed", ed25519_key(0), headers=("From", "To", "Subject", "Date", *fields))


@pytest.mark.parametrize(
    ("fields", "second"), [((), "duplicate"), (("Message-ID",), "opened")], ids=["id open to all", "id signed"]
)
def test_id_22_a_replay_under_another_message_id_is_a_copy_where_the_signature_leaves_it_open(post, fields, second):
    done = StateChanged(1001, TicketState.NEW, TicketState.CLOSED, "done")
    mails = [post.desk.envelope(signed_mail(name, *fields), sender=OLGA) for name in "ab"]
    assert outcomes(post, mails[0]) == [("opened", 1001)]
    change(post, done)
    post.desk.advance(hours=3)
    post.desk.keys.base = "second"
    assert (explain(post.desk.context, mails[1])["decision"]["action"] == "duplicate") == (second == "duplicate")
    assert outcomes(post, replace(mails[1], received_at=post.desk.clock))[-1][0] == second
