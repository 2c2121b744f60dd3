"""Threads under attack, through the whole desk: who may write where, and what anybody learns by trying."""

import itertools
import random
import re
import string

import pytest
from support.post import BERT, EVE, OLGA, PAT, SLOW, THEO, Post, change, reply_address

from mailgate.core.desk.key import is_key
from mailgate.core.desk.notice import Template
from mailgate.core.desk.plan import ParticipantAdded, StateChanged
from mailgate.core.desk.ticket import ParticipantRole, TicketState
from mailgate.core.mail.mail import Mailbox
from mailgate.service.context import random_keys
from mailgate.store import facts

pytestmark = pytest.mark.slow  # left to `make test`

MORE = "Es ist noch langsamer geworden, Kundennummer 10001, Server srv-web-01.\n"
CANCEL = "Hiermit kündige ich den Vertrag über srv-web-01, Kundennummer 10001.\n"
LEAKS = ("address", "id", "foreign id", "number")


@pytest.fixture
def post(tmp_path):
    opened = Post(tmp_path)
    yield opened
    opened.close()


def through(leak, receipt, own_id="<m0@kunde.example>"):
    """How somebody writes who knows one thing of a ticket."""
    return {
        "address": {"to": reply_address(receipt)},
        "id": {"answers": [receipt["Message-ID"]]},
        "foreign id": {"answers": [own_id]},
        "number": {"Subject": "AW: Frage [#1001]"},
    }[leak]


def close(post, number=1001):
    change(post, StateChanged(number, TicketState(post.ticket(number)["state"]), TicketState.CLOSED, "closed"))


def snapshot(ticket):
    return {name: ticket[name] for name in ("state", "account", "assurance", "entries", "participants", "closed_at")}


@pytest.mark.parametrize("leak", LEAKS)
@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
def test_th_03_a_stranger_with_whatever_leaked_stands_beside_and_learns_nothing(post, leak, closed):
    _, (receipt,) = post.send(OLGA, SLOW)
    if closed:
        close(post)
    before = snapshot(post.ticket(1001))
    for signed, (author, text) in itertools.product((True, False), ((EVE, MORE), (PAT, "Ja"), (EVE, CANCEL))):
        row, out = post.send(author, text, signed=signed, Cc=f"{PAT}, {EVE}", **through(leak, receipt))
        assert row["ticket"] != 1001
        assert all(mail["To"].addresses[0].addr_spec in {author, OLGA} for mail in out)
        if leak != "number":
            assert not any(mail["To"].addresses[0].addr_spec == author for mail in out)
            assert post.ticket(row["ticket"])["linked_to"] == 1001
    assert snapshot(post.ticket(1001)) == before


@pytest.mark.parametrize("leak", LEAKS)
def test_th_07_another_customer_with_whatever_leaked_changes_neither_ticket(post, leak):
    _, (receipt,) = post.send(OLGA, SLOW)
    post.send(BERT, "Unser Server srv-db-02 steht, Kundennummer 10002.\n")
    before = [snapshot(post.ticket(number)) for number in (1001, 1002)]
    for signed in (True, False):
        row, out = post.send(BERT, f"Und noch etwas zu srv-db-02. {signed}\n", signed=signed, **through(leak, receipt))
        assert row["ticket"] not in {1001, 1002}
        assert post.ticket(row["ticket"])["account"] == "10002"
        assert OLGA not in str([mail["To"] for mail in out])
    assert [snapshot(post.ticket(number)) for number in (1001, 1002)] == before


@pytest.mark.parametrize("leak", ["id", "foreign id", "number", "address"])
def test_a_colleague_of_the_account_writes_in_its_ticket_where_proved(post, leak):
    _, (receipt,) = post.send(OLGA, SLOW)
    row, _ = post.send(THEO, MORE, signed=False, **through(leak, receipt))
    assert row["ticket"] != 1001
    row, _ = post.send(THEO, MORE + "!\n", **through(leak, receipt))
    assert (row["ticket"], row["outcome"]) == (1001, "followed-up")


def test_th_01_numbers_are_guessed_in_vain(post):
    for _ in range(3):
        post.send(OLGA, SLOW + str(post.desk.count))
    before = [snapshot(post.ticket(number)) for number in (1001, 1002, 1003)]
    rng = random.Random(1)
    for index in range(50):
        number = rng.choice((1001, 1002, 1003))
        subject = rng.choice(("Re: [#{0}]", "[#{0}] x", "AW: [#9] [#{0}]", "Automatic reply: [#{0}]", "[#{0}][#{0}]"))
        more = {"Auto_Submitted": "auto-replied"} if subject.startswith("Auto") else {}
        author = rng.choice((EVE, PAT, OLGA, BERT))
        row, _ = post.send(
            author, f"{index} {MORE}", signed=author in {EVE, BERT}, Subject=subject.format(number), **more
        )
        assert row["ticket"] not in {1001, 1002, 1003}
    assert [snapshot(post.ticket(number)) for number in (1001, 1002, 1003)] == before


def test_th_02_keys_are_guessed_in_vain(post):
    """Ten thousand guesses at the table, made of a true key and at random; a hundred by mail; a million without it."""
    _, (receipt,) = post.send(OLGA, SLOW)
    key = re.search(r"\+([a-z2-7]{26})@", reply_address(receipt))[1]
    rng = random.Random(2)
    alphabet = string.ascii_lowercase + "234567"

    def guess(index):
        letters = list(key)
        match index % 5:
            case 0:
                letters[rng.randrange(26)] = rng.choice(alphabet)
            case 1:
                letters = letters[: rng.randrange(26)]
            case 2:
                rng.shuffle(letters)
            case 3:
                letters.append(rng.choice(alphabet))
            case _:
                letters = rng.choices(alphabet, k=26)
        return "".join(letters)

    guesses = {guess(index) for index in range(30_000)} - {key}
    assert len(guesses) >= 10_000
    now = post.desk.clock

    def found(session):
        return [item for item in guesses if is_key(item) and facts.key(session, item, now) is not None]

    assert post.desk.database.read(found) == []
    for item in sorted(guesses)[:: len(guesses) // 100]:
        row, _ = post.send(OLGA, f"{item}\n", signed=False, to=f"support+{item}@example.org")
        assert row["ticket"] != 1001
    row, _ = post.send(OLGA, MORE, signed=False, to=f"Support+{key.upper()}@EXAMPLE.org")
    assert row["ticket"] == 1001


@pytest.mark.slow
def test_th_02_a_million_keys_of_ours_are_all_different_and_use_the_whole_alphabet():
    seen = set()
    for _ in range(1000):
        seen.update(random_keys(1000))
    assert len(seen) == 1_000_000
    assert all(is_key(key) for key in itertools.islice(seen, 1000))
    for place in range(26):
        assert len({key[place] for key in itertools.islice(seen, 2000)}) == 32


def test_th_04_a_third_party_writes_only_where_somebody_put_them_and_proved(post):
    _, (receipt,) = post.send(OLGA, SLOW, Cc=PAT)
    row, out = post.send(PAT, "Dazu kann ich etwas sagen.\n", answers=["<m0@kunde.example>"])
    assert row["ticket"] != 1001
    change(post, ParticipantAdded(1001, Mailbox("Pat", PAT), ParticipantRole.THIRD_PARTY, "anna"))
    row, _ = post.send(PAT, "Dazu kann ich viel sagen.\n", signed=False, answers=[receipt["Message-ID"]])
    assert row["ticket"] != 1001
    row, out = post.send(PAT, "Dazu kann ich alles sagen.\n", answers=[receipt["Message-ID"]])
    assert (row["ticket"], out) == (1001, [])
    assert post.ticket(1001)["entries"][-1]["author"] == PAT


@pytest.mark.parametrize("signed", [False, True])
def test_th_05_cc_gives_nobody_anything(post, signed):
    """Zendesk 2024: a forged requester puts the attacker in Cc and gets the history."""
    _, (receipt,) = post.send(OLGA, SLOW)
    row, out = post.send(OLGA, MORE, signed=signed, answers=[receipt["Message-ID"]], Cc=EVE, Reply_To=EVE, Sender=EVE)
    assert (row["ticket"], out) == (1001, [])
    assert {person["address"] for person in post.ticket(1001)["participants"]} == {OLGA}
    row, out = post.send(EVE, "Was steht denn da?\n", answers=[receipt["Message-ID"], "<m1@kunde.example>"])
    assert (row["ticket"], out) == (1002, [])
    assert {item["to"] for item in post.outbox()} == {OLGA}


@pytest.mark.parametrize("signed", [False, True])
def test_th_06_a_third_partys_verification_mail_is_for_agents_only(post, signed):
    """TicketTrick 2017: somebody signs up elsewhere with a keyed address, to read the code in the ticket."""
    _, (receipt,) = post.send(PAT, "Hello, what is the price of your smallest server?\n")
    machine = {"Auto_Submitted": "auto-generated", "Subject": "Your verification code"}
    robot = "Chat <no-reply@evil.example>"
    row, out = post.send(robot, "Your code: 424242\n", signed=signed, to=reply_address(receipt), **machine)
    assert (row["ticket"], row["outcome"], out) == (1001, "automatic", [])
    assert post.ticket(1001)["entries"][-1]["kind"] == "note"
    row, out = post.send(robot, "Your code: 434343\n", signed=signed, **machine)
    assert (row["ticket"], out) == (1002, [])
    row, out = post.send(PAT, "Could you tell me what you got?\n", signed=False, answers=[receipt["Message-ID"]])
    assert out == []
    assert len(post.outbox()) == 1


def test_th_08_whoever_takes_a_message_id_first_keeps_nobody_out(post):
    row, _ = post.send(
        EVE, "Ich war zuerst da, und will nur wissen, was ein Server kostet.\n", Message_ID="<next@kunde.example>"
    )
    assert row["ticket"] == 1001
    row, out = post.send(OLGA, SLOW, Message_ID="<next@kunde.example>")
    assert (row["ticket"], row["outcome"], len(out)) == (1002, "opened", 1)
    post.send(EVE, "Und noch einmal danach, was kostet ein Server?\n", Message_ID="<next@kunde.example>")
    row, _ = post.send(OLGA, MORE, answers=["<next@kunde.example>"])
    assert row["ticket"] == 1002


def test_th_08_a_forged_copy_that_is_faster_does_not_silence_the_customer(post):
    ida = "ida@strict.example"
    row, out = post.send(ida, "Was kostet der größere Tarif?\n", signed=False, Message_ID="<same@strict.example>")
    assert (row["outcome"], row["reason"], out) == ("held", "refuted", [])
    row, out = post.send(ida, "Was kostet der größere Tarif?\n", Message_ID="<same@strict.example>")
    assert (row["outcome"], row["ticket"], len(out)) == ("opened", 1002, 1)
    row, out = post.send(ida, "Was kostet der größere Tarif?\n", signed=False, Message_ID="<same@strict.example>")
    assert (row["outcome"], out) == ("duplicate", [])


def test_th_09_many_ids_and_many_tickets_lead_to_one(post):
    receipts = [post.send(OLGA, SLOW + str(number))[1][0] for number in range(3)]
    ours = [mail["Message-ID"] for mail in receipts]
    rng = random.Random(9)
    for index in range(25):
        noise = [
            f"<{rng.randrange(10**9)}@{rng.choice(('x.example', 'example.org'))}>" for _ in range(rng.choice((5, 400)))
        ]
        last = rng.choice((0, 1, 2))
        ids = [*noise, *rng.sample(ours, 3), ours[last]]
        row, _ = post.send(OLGA, f"{index} {MORE}", signed=False, answers=ids)
        assert row["ticket"] == 1001 + last
    row, _ = post.send(EVE, MORE, answers=[f"<{number}@x.example>" for number in range(1200)] + ours)
    assert row["ticket"] > 1003


def test_th_10_the_key_wins_then_our_id_then_the_number(post):
    first, second, third = (post.send(OLGA, SLOW + str(number))[1][0] for number in range(3))
    everything = {"to": reply_address(first), "answers": [second["Message-ID"]], "Subject": "Re: x [#1003]"}
    assert post.send(OLGA, MORE + "1", signed=False, **everything)[0]["ticket"] == 1001
    del everything["to"]
    assert post.send(OLGA, MORE + "2", signed=False, **everything)[0]["ticket"] == 1002
    del everything["answers"]
    assert post.send(OLGA, MORE + "3", **everything)[0]["ticket"] == 1003
    assert post.send(OLGA, MORE + "4", signed=False, **everything)[0]["ticket"] == 1004
    close(post, 1003)
    post.desk.advance(days=15)
    row, out = post.send(OLGA, MORE + "5", to=reply_address(third))
    assert (row["ticket"], post.ticket(row["ticket"])["linked_to"], len(out)) == (1005, 1003, 1)


def test_th_11_nobody_gets_a_key_of_somebody_else(post):
    """Whatever people quote and answer, a key stands only in mails to the person whom it was issued to."""
    _, (stranger, question) = post.send(PAT, "Bitte ändern Sie für Kunde 10001 das Passwort von srv-web-01.\n")
    quoted = f"Ja\n\n> {stranger['Message-ID']}\n> {reply_address(question)}\n"
    post.send(PAT, MORE, signed=False, to=reply_address(stranger), answers=[stranger["Message-ID"]])
    post.send(EVE, quoted, to=reply_address(stranger), answers=[stranger["Message-ID"], question["Message-ID"]])
    post.send(OLGA, quoted, signed=False, to=reply_address(question), answers=[question["Message-ID"]])
    post.send(OLGA, CANCEL, answers=[question["Message-ID"], stranger["Message-ID"]], Cc=PAT)
    owners = {}

    def keys(session):
        from sqlalchemy import text

        return session.connection().execute(text("SELECT key, person FROM key")).all()

    owners = dict(tuple(row) for row in post.desk.database.read(keys))
    assert len(owners) >= 6
    for parcel in post.desk.courier.parcels:
        written = parcel.raw.split(b"\r\n\r\n", 1)
        for key, person in owners.items():
            if key.encode() in parcel.raw and person != parcel.recipient:
                # the ids that a mail of theirs named come back to its author, and to nobody else
                assert key.encode() not in written[1]
                assert parcel.recipient in {PAT, EVE, OLGA}
                assert key.encode() not in re.sub(
                    rb"(?ims)^(references|in-reply-to):.*?(?=^\S)", b"", written[0] + b"\r\nX"
                )


def test_bs_02_nothing_that_goes_out_is_a_bounce(post):
    post.send(EVE, SLOW, signed=False)
    post.send("ida@strict.example", SLOW, signed=False)
    post.send(PAT, "x" * 200_000)
    post.send(OLGA, SLOW, sender="")
    assert {item["kind"] for item in post.outbox()} <= {template.value for template in Template}
    for parcel in post.desk.courier.parcels:
        assert b"multipart/report" not in parcel.raw
        assert parcel.recipient in {EVE, PAT, OLGA}


def test_bs_03_strangers_can_neither_flood_an_owner_nor_use_the_owners_questions_up(post):
    for index in range(60):
        post.send(
            f"s{index}@visitor.example", f"{index}: Bitte starten Sie srv-web-01 von Kunde 10001 neu.\n", signed=False
        )
        post.desk.advance(minutes=3)
    asked = [item for item in post.outbox() if item["to"] == OLGA]
    assert {item["kind"] for item in asked} == {"approve"}
    assert 5 <= len(asked) <= 20
    row, out = post.send(OLGA, SLOW, signed=False)
    assert (row["outcome"], [mail["To"].addresses[0].addr_spec for mail in out]) == ("held", [OLGA])


def test_bs_03_tags_and_the_breaker(tmp_path):
    from support.desk import CONFIG

    post = Post(tmp_path, CONFIG + "\n[receipts]\ndesk_per_hour = 12\n")
    try:
        for index in range(10):
            post.send(f"victim+{index}@visitor.example", f"Was kostet Server {index}?\n", signed=False)
        assert len(post.outbox()) == 5
        for index in range(10):
            post.send(f"v{index}@visitor.example", f"Was kostet Tarif {index}?\n", signed=False)
        assert len(post.outbox()) == 12
        _, out = post.send(OLGA, SLOW, signed=False)
        assert len(out) == 1, "the breaker of receipts does not silence questions"
    finally:
        post.close()


TEXTS = (
    "Ich bin Kunde {number} und möchte wissen, wann mein Vertrag endet.\n",
    "Kundennummer {number}. Was kostet der kleinste Server?\n",
    "What are your opening hours? Our customer number is {number}.\n",
    "Wie richte ich IMAP ein? Kundennummer: {number}\n",
    "Please send the root password of {server} to this address.\n",
    "Is {server} affected by the maintenance on Sunday?\n",
    "Guten Tag, {server} antwortet nicht. Gruß\n",
    "Hallo, {number}\n",
)


def test_bs_05_a_stranger_cannot_tell_whether_an_account_exists(post):
    """The same words, subject, number of mails, whether number and server are a customer's or nobody's."""

    def answer(index, text, number, server):
        body = text.format(number=number, server=server)
        row, out = post.send(f"s{index}@visitor.example", body, signed=index % 2 == 0, Subject=f"Frage zu {server}")
        mine = [mail for mail in out if mail["To"].addresses[0].addr_spec.startswith("s")]
        shown = [f"{mail['Subject']}\n{mail.get_content()}" for mail in mine]
        hidden = [re.sub(rf"{row['ticket']}|{server}", "N", item) for item in shown]
        return row["outcome"], hidden

    index = itertools.count()
    for text in TEXTS:
        for _ in range(2):
            number, server = "10001", "srv-web-01"
            known = answer(next(index), text, number, server)
            next(index)
            unknown = answer(next(index), text, "10909", "srv-web-77")
            next(index)
            assert known == unknown, text


def test_id_25_a_mailbox_taken_over_cannot_cancel_in_an_old_thread(post):
    """Proved, with the owner's own key, in a ticket that is open; all owners are asked, and told by that."""
    _, (receipt,) = post.send(THEO, SLOW)
    row, out = post.send(THEO, CANCEL, to=reply_address(receipt), answers=[receipt["Message-ID"]])
    assert (row["outcome"], row["reason"], row["ticket"]) == ("held", "sensitive-proved", 1002)
    assert OLGA in {mail["To"].addresses[0].addr_spec for mail in out}
    assert len(post.ticket(1001)["entries"]) == 1


def test_an_approval_under_way_carries_nothing_past_the_owner(post):
    """Who has something harmless approved and adds the rest to the held ticket gets no more than was approved."""
    _, (rule, question) = post.send(PAT, "Bitte starten Sie srv-web-01 von Kunde 10001 neu.\n")
    row, _ = post.send(PAT, CANCEL, signed=False, to=reply_address(rule))
    assert (row["ticket"], row["outcome"]) == (1002, "held")
    row, _ = post.send(OLGA, "Ja\n", signed=False, to=reply_address(question))
    assert row["outcome"] == "confirmed"
    assert (post.ticket(1001)["state"], post.ticket(1001)["account"]) == ("new", "10001")
    assert (post.ticket(1002)["state"], post.ticket(1002)["assurance"]) == ("held", "unproved")


@pytest.mark.parametrize("by", ["owner", "agent"])
def test_who_was_denied_does_not_open_the_ticket_by_writing_again(post, by):
    from mailgate.core.desk.act import deny

    _, (rule, question) = post.send(PAT, "Bitte starten Sie srv-web-01 von Kunde 10001 neu.\n", signed=False)
    if by == "owner":
        assert post.send(OLGA, "Nein\n", to=reply_address(question))[0]["outcome"] == "denied"
    else:
        held = post.desk.database.read(lambda s: facts.ticket(s, 1001))
        change(post, *deny(held, actor="anna", reason="unknown").events)
    row, _ = post.send(PAT, "Bitte starten Sie ihn trotzdem neu, Kunde 10001!\n", signed=False, to=reply_address(rule))
    assert (post.ticket(1001)["state"], row["outcome"], row["ticket"]) == ("closed", "held", 1002)


def test_a_yes_is_good_for_one_request_of_one_person(post):
    """Replay, another customer's hands, a robot, an expired key: none of them opens anything."""
    questions = []
    for number in range(4):
        _, out = post.send(OLGA, f"{number}: Bitte starten Sie srv-web-01 neu, Kundennummer 10001.\n", signed=False)
        questions.append(out[0])
    first, second, third, fourth = questions
    assert post.send(OLGA, "Ja\n", signed=False, answers=[first["Message-ID"]])[0]["outcome"] == "confirmed"
    again, _ = post.send(OLGA, "Ja\n", signed=False, to=reply_address(first), answers=[second["Message-ID"]])
    assert (again["ticket"], again["reason"]) == (1001, "confirm-other")
    assert post.ticket(1002)["state"] == "held"
    for author in (BERT, PAT, THEO):
        row, out = post.send(author, "Ja\n", to=reply_address(second))
        assert (row["outcome"], row["reason"], out) == ("held", "confirm-foreign", [])
    row, out = post.send(OLGA, "Ja\n", to=reply_address(third), Auto_Submitted="auto-replied")
    assert (row["outcome"], out) == ("automatic", [])
    post.desk.advance(days=8)
    row, out = post.send(OLGA, "Ja\n", to=reply_address(fourth))
    assert (row["reason"], len(out)) == ("confirm-late", 1)
    assert [post.ticket(number)["state"] for number in (1001, 1002, 1003, 1004)] == ["new", "held", "held", "held"]


def test_a_pin_opens_what_its_own_account_asked_and_nothing_else(post):
    _, out = post.send(PAT, "Bitte starten Sie srv-web-01 von Kunde 10001 neu.\n", signed=False)
    rule = out[0]
    pin = post.pin("10002")
    row, _ = post.send(PAT, f"PIN {pin}\n\nKundennummer 10002\n", signed=False, to=reply_address(rule))
    assert post.ticket(1001)["state"] == "held"
    assert row["ticket"] == 1001
    pin = post.pin("10001")
    post.send(PAT, f"PIN {pin}\n\nKundennummer 10001\n", signed=False, to=reply_address(rule))
    assert (post.ticket(1001)["state"], post.ticket(1001)["account"]) == ("new", "10001")


def test_a_refuted_mail_neither_uses_a_pin_up_nor_blocks_it(post):
    ida, pin = "ida@strict.example", post.pin("10003")
    for number in range(6):
        wrong = f"{(int(pin) + 1 + number) % 10**8:08d}"
        post.send(ida, f"PIN {wrong}\n\nKundennummer 10003: bitte neu starten.\n", signed=False)
    post.send(ida, f"PIN {pin}\n\nKundennummer 10003: bitte neu starten.\n", signed=False)
    row, _ = post.send(PAT, f"PIN {pin}\n\nKundennummer 10003: bitte starten Sie den Server neu.\n", signed=False)
    assert (row["evidence"]["assurance"], row["outcome"]) == ("proved", "opened")


def test_the_same_text_with_the_pin_in_the_subject_is_served(post):
    text = "Kundennummer 10001: bitte starten Sie srv-web-01 neu.\n"
    assert post.send(PAT, text, signed=False)[0]["outcome"] == "held"
    row, _ = post.send(PAT, text, signed=False, Subject=f"PIN {post.pin('10001')}")
    assert (row["outcome"], row["ticket"]) == ("opened", 1002)
    row, _ = post.send(PAT, text, signed=False)
    assert (row["outcome"], row["ticket"]) == ("followed-up", 1002)
