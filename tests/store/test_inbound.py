import threading
from dataclasses import replace

import pytest
from support.rows import NOW, envelope, open_ticket, received

from mailgate.core.desk.case import Seen
from mailgate.core.mail.envelope import Transport
from mailgate.store.errors import BadValue, Conflict
from mailgate.store.inbound import (
    Attempt,
    MailFacts,
    Waiting,
    begin_attempt,
    cancel_attempt,
    claim_seen,
    fail,
    find_seen,
    finish,
    load_envelope,
    mail_key,
    requeue,
    store_received,
    suspect_all,
    waiting,
)
from mailgate.store.messages import show_message
from mailgate.store.tables.mail import InboundState

FACTS = MailFacts("first@kunde.example", "anna@kunde.example", "Störung", "b" * 64)


def finished(database, name, *, ticket=None, outcome="opened"):
    database.decide(
        lambda session: finish(
            session, name, outcome=outcome, reason="general-proved", ticket=ticket, explanation={}, facts=FACTS, now=NOW
        )
    )


def seen(database, mail, key="k"):
    return database.decide(lambda session: claim_seen(session, mail.id, delivery_key=mail.delivery_key, mail_key=key))


@pytest.mark.parametrize(
    "mail",
    [
        envelope(),
        envelope(client=None, transport=Transport.IMAP, transport_key="INBOX/7/42", reverse_path=""),
        envelope(raw=bytes(range(256)) * 10_000),
        envelope(raw=b"\0\xff\r\n" * 3, forward_path=("a@x.example", "bücher@x.example")),
    ],
)
def test_an_envelope_comes_back_as_it_was(database, mail):
    database.write(lambda session: store_received(session, mail))
    back = database.read(lambda session: load_envelope(session, "m1"))
    assert back == mail
    assert back.delivery_key == mail.delivery_key


def test_an_unknown_envelope_is_none(database):
    assert database.read(lambda session: load_envelope(session, "m1")) is None


def test_mails_wait_in_their_order(database):
    for name, seconds in (("c", 2), ("a", 3), ("b", 1)):
        received(database, name, seconds=seconds)
    assert database.read(lambda session: waiting(session, 10)) == [Waiting(name, alone=False) for name in "bca"]
    assert database.read(lambda session: waiting(session, 1)) == [Waiting("b", alone=False)]


def test_a_crowd_of_one_size_hides_no_other(database):
    for number in range(5):
        received(database, f"large {number}", raw=b"x" * 100, seconds=number)
        received(database, f"small {number}", raw=b"x" * 9, seconds=10 + number)
    names = [item.id for item in database.read(lambda session: waiting(session, 2, sizes=(10, 1000)))]
    assert names == ["small 0", "small 1", "large 0", "large 1"]


def test_cr_15_attempts_are_counted_before_the_work(database):
    received(database)
    assert database.write(lambda session: begin_attempt(session, "m1")) == Attempt(1, 0)
    assert database.write(lambda session: begin_attempt(session, "m1", alone=True)) == Attempt(2, 1)
    database.write(lambda session: cancel_attempt(session, "m1", alone=True))
    assert database.write(lambda session: begin_attempt(session, "m1", alone=True)) == Attempt(2, 1)


def test_no_attempt_at_a_mail_that_is_done(database):
    received(database)
    finished(database, "m1")
    assert database.write(lambda session: begin_attempt(session, "m1")) is None
    assert database.write(lambda session: begin_attempt(session, "unknown")) is None


def test_cr_11_mails_in_hand_at_a_crash_run_alone(database):
    for name in ("m1", "m2"):
        received(database, name)
    database.write(lambda session: begin_attempt(session, "m2"))
    assert database.write(suspect_all) == 1
    assert database.read(lambda session: waiting(session, 10)) == [
        Waiting("m1", alone=False),
        Waiting("m2", alone=True),
    ]


def test_finish_sets_down_what_was_decided(database):
    received(database)
    number = open_ticket(database)
    explanation = {"evidence": {"spf": None}, "trail": [{"rule": "spam", "hit": False}]}
    database.decide(
        lambda session: finish(
            session,
            "m1",
            outcome="opened",
            reason="general-proved",
            ticket=number,
            explanation=explanation,
            facts=FACTS,
            now=NOW,
        )
    )
    shown = database.read(lambda session: show_message(session, "m1"))
    assert (shown["state"], shown["outcome"], shown["reason"], shown["ticket"]) == (
        "done",
        "opened",
        "general-proved",
        number,
    )
    assert (shown["message_id"], shown["author"], shown["subject"]) == (FACTS.message_id, FACTS.author, "Störung")
    assert shown["trail"] == [{"rule": "spam", "hit": False}]
    assert database.read(lambda session: waiting(session, 10)) == []


def test_only_one_decision_counts(database):
    received(database)
    finished(database, "m1")
    with pytest.raises(Conflict):
        finished(database, "m1")
    with pytest.raises(Conflict):
        database.write(lambda session: fail(session, "m1", "late", now=NOW))


@pytest.mark.parametrize("state", [InboundState.FAILED, InboundState.QUARANTINED])
def test_a_failed_mail_keeps_its_bytes_and_can_be_replayed(database, state):
    mail = received(database)
    database.write(lambda session: begin_attempt(session, "m1"))
    database.write(lambda session: fail(session, "m1", "RuntimeError", now=NOW, state=state))
    assert database.read(lambda session: waiting(session, 10)) == []
    shown = database.read(lambda session: show_message(session, "m1"))
    assert (shown["state"], shown["outcome"], shown["reason"], shown["attempts"]) == (state, state, "RuntimeError", 1)
    assert database.read(lambda session: load_envelope(session, "m1")) == mail
    assert database.write(lambda session: requeue(session, "m1")) is True
    assert database.read(lambda session: waiting(session, 10)) == [Waiting("m1", alone=True)]
    assert database.write(lambda session: begin_attempt(session, "m1", alone=True)) == Attempt(1, 1)


def test_a_mail_that_is_done_cannot_be_replayed(database):
    received(database)
    finished(database, "m1")
    assert database.write(lambda session: requeue(session, "m1")) is False
    assert database.write(lambda session: requeue(session, "unknown")) is False


def test_the_same_delivery_is_a_redelivery(database):
    first, again = received(database), received(database, "m2")
    assert seen(database, first) is None
    number = open_ticket(database)
    finished(database, "m1", ticket=number)
    assert seen(database, again) == Seen("m1", number, redelivery=True)


def test_th_08_a_forged_copy_that_came_first_makes_no_duplicate_of_the_genuine_mail(database):
    forged, genuine, again = received(database, "m1"), received(database, "m2"), received(database, "m3")

    def claimed(mail, *, refuted):
        return database.decide(lambda s: claim_seen(s, mail.id, delivery_key=mail.id, mail_key="k", refuted=refuted))

    assert claimed(forged, refuted=True) is None
    database.decide(
        lambda s: finish(s, "m1", outcome="held", reason="refuted", ticket=None, explanation={}, facts=FACTS, now=NOW)
    )
    assert claimed(genuine, refuted=False) is None
    finished(database, "m2")
    assert claimed(again, refuted=True).inbound == "m2"
    third = database.read(lambda s: find_seen(s, delivery_key="m9", mail_key="k"))
    assert third.inbound == "m2"


def test_a_copy_by_another_way_is_seen(database):
    first = received(database)
    copy = received(database, "m2", forward_path=("billing@desk.example",))
    assert seen(database, first) is None
    finished(database, "m1")
    assert seen(database, copy) == Seen("m1", None, redelivery=False)
    again = received(database, "m3", forward_path=("billing@desk.example",))
    assert seen(database, again) == Seen("m2", None, redelivery=True)


def test_th_08_the_same_id_with_other_content_is_another_mail(database):
    squatter = received(database)
    genuine = received(database, "m2", raw=b"Subject: y\r\n\r\nOther\r\n")
    squatted = mail_key("id@x.example", "anna@kunde.example", "1" * 64)
    assert seen(database, squatter, squatted) is None
    assert seen(database, genuine, mail_key("id@x.example", "anna@kunde.example", "2" * 64)) is None
    assert mail_key("id@x.example", "eve@evil.example", "1" * 64) != squatted


def test_a_mail_has_not_seen_itself(database):
    mail = received(database)
    assert seen(database, mail) is None
    assert seen(database, mail) is None


def test_a_claim_that_was_rolled_back_counts_for_nothing(database):
    first, second = received(database), received(database, "m2")

    def work(session):
        assert claim_seen(session, first.id, delivery_key=first.delivery_key, mail_key="k") is None
        raise KeyError

    with pytest.raises(KeyError):
        database.decide(work)
    assert seen(database, second) is None


def test_mails_without_a_second_key_are_told_apart_by_delivery(database):
    first, second = received(database), received(database, "m2", raw=b"other")
    assert seen(database, first, None) is None
    assert seen(database, second, None) is None


def test_the_unique_key_decides_between_threads(database):
    """Every copy is decided at the same time; whoever meets a conflict decides again."""
    copies = [received(database, f"m{number}", seconds=number) for number in range(6)]
    start = threading.Barrier(len(copies))
    results = {}

    def work(mail):
        start.wait(60)
        while mail.id not in results:
            try:
                results[mail.id] = seen(database, mail)
            except Conflict:
                continue

    threads = [threading.Thread(target=work, args=(mail,)) for mail in copies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    first = [name for name, result in results.items() if result is None]
    assert len(first) == 1
    others = [result for result in results.values() if result is not None]
    assert others == [Seen(first[0], None, redelivery=True)] * 5


@pytest.mark.parametrize("text", ["nul\0", "lone \udcff surrogate"])
def test_in_08_nul_and_surrogates_are_refused_alike(database, text):
    received(database)
    for facts in (replace(FACTS, subject=text), replace(FACTS, author=text)):
        with pytest.raises(BadValue):
            database.decide(
                lambda session, facts=facts: finish(
                    session, "m1", outcome="opened", reason="x", ticket=None, explanation={}, facts=facts, now=NOW
                )
            )
    for explanation in ({"a": [text]}, {text: 1}, {"a": {"b": (text,)}}):
        with pytest.raises(BadValue):
            database.decide(
                lambda session, explanation=explanation: finish(
                    session,
                    "m1",
                    outcome="opened",
                    reason="x",
                    ticket=None,
                    explanation=explanation,
                    facts=FACTS,
                    now=NOW,
                )
            )
    assert database.read(lambda session: show_message(session, "m1"))["state"] == "received"


@pytest.mark.parametrize("text", ["' OR 1=1 --", "%' ; DROP TABLE inbound; --", "\\", "Ünïcødé 🎉", "a\nb"])
def test_in_07_sql_in_texts_is_only_text(database, text):
    received(database)
    database.decide(
        lambda session: finish(
            session,
            "m1",
            outcome="opened",
            reason="x",
            ticket=None,
            explanation={"t": text},
            facts=replace(FACTS, subject=text),
            now=NOW,
        )
    )
    shown = database.read(lambda session: show_message(session, "m1"))
    assert shown["subject"] == text
    assert shown["t"] == text
    assert database.read(lambda session: show_message(session, text)) is None
