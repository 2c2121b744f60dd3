"""The questions that hold a request, as those who are asked read them: who asks, what for, and what happens if not."""

import pytest
from support.post import BERT, OLGA, PAT, THEO, Post, reply_address, to, words

from mailgate.core.who.identity import Account, Contact, Product, Role
from mailgate.store.accounts import import_accounts

LONG = tuple(f"sehr-lange-domain-nummer-{index}.example" for index in range(12))
CANCEL = "bitte kündigen Sie den Server srv-web-01.\n"


@pytest.fixture
def post(tmp_path):
    """A desk that nobody but customers writes to."""
    opened = Post(tmp_path)
    yield opened
    opened.close()


def test_many_domains_and_a_long_subject_stay_within_the_lines_of_a_mail(post):
    account = Account(
        "10005",
        "Viele GmbH",
        "de",
        None,
        (Contact("ole@kunde.example", "", Role.OWNER),),
        tuple(Product("domain", name) for name in LONG),
    )
    post.desk.database.write(lambda s: import_accounts(s, [account], replace=False, now=post.desk.clock))
    text = f"Bitte senden Sie mir die Auth-Codes von {', '.join(LONG)}.\n"
    _, out = post.send("ole@kunde.example", text, Subject="Auth-Codes " + "sehr schnell " * 15)
    body = to(out, "ole@kunde.example")[0].get_content()
    assert all(len(line) <= 78 for line in body.splitlines())
    assert all(f"              {name}" in body for name in LONG[1:10])


@pytest.mark.parametrize(
    ("author", "text", "signed", "said"),
    [
        (OLGA, CANCEL, True, "Ist diese Anfrage von Ihnen?"),
        (THEO, CANCEL, True, "Absender: theo@kunde.example"),
        (THEO, CANCEL, False, "Dass sie von der genannten Adresse kommt, ist nicht sicher."),
        (PAT, f"PIN {{}}\nKundennummer 10001: {CANCEL}", True, "nicht hinterlegt, die Support-PIN war richtig."),
        (PAT, f"Kundennummer 10001: {CANCEL}", True, "Absender: pat@visitor.example (nicht überprüft)"),
    ],
    ids=["herself", "colleague", "perhaps a colleague", "with a pin", "stranger"],
)
def test_the_owner_reads_who_asks_how_sure_that_is_and_what_no_answer_means(post, author, text, signed, said):
    _, out = post.send(author, text.format(post.pin("10001")), signed=signed)
    asked = words(to(out, OLGA)[0])
    assert said in asked
    assert "Antworten Sie nicht, geschieht nichts." in asked


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Kundennummer 10001: bitte starten Sie den Server neu, vielen Dank.\n", "Geben Sie Ihre Kundennummer an"),
        ("Please restart the server of customer number 10001, thank you.\n", "Give us your customer number"),
    ],
)
def test_whoever_does_what_the_rule_says_about_pins_is_served(post, text, said):
    _, out = post.send(PAT, text)
    assert said in words(to(out, PAT)[0])
    row, _ = post.send(PAT, f"{text}Thank you.\n", Subject=f"PIN {post.pin('10001')}")
    assert row["outcome"] == "opened"


def test_bs_05_a_customer_does_not_learn_which_numbers_of_others_exist(post):
    ask = "Kundennummer {}: bitte starten Sie den Server neu.\n"
    found = [post.send(BERT, ask.format(number), Subject=f"Neustart {number}") for number in ("10001", "10099")]
    assert [row["reason"] for row, _ in found] == ["other-account", "account-proved"]
    receipts = [words(to(out, BERT)[0]) for _, out in found]
    assert receipts[0].replace("1001", "1002") == receipts[1]


FORWARDED = (
    "---------- Forwarded message ---------\nFrom: Rita <rita@visitor.example>\nDate: Mon, 2 Mar 2026\n"
    "Subject: Kündigung\nTo: Theo <theo@kunde.example>\n\nHiermit kündigen wir den Server srv-web-01.\n"
)


@pytest.mark.parametrize("words", ["", "Bitte erledigen.", "FYI", "Please see to it, thank you."])
@pytest.mark.parametrize("brought", [FORWARDED, "> Hiermit kündigen wir den Server srv-web-01.\n"])
def test_id_25_what_a_first_mail_brings_is_asked_too(post, words, brought):
    row, out = post.send(THEO, f"{words}\n\n{brought}", Subject="Fwd: Kündigung")
    assert (row["outcome"], row["reason"]) == ("held", "sensitive-proved")
    assert to(out, OLGA)


def test_who_passes_on_a_doubtful_mail_asks_for_nothing_in_it(post):
    phishing = FORWARDED.replace("Hiermit kündigen wir", "Bitte bestätigen Sie Ihr Passwort, sonst kündigen wir")
    row, _ = post.send(OLGA, f"Ist diese Mail von Ihnen?\n\n{phishing}", Subject="Fwd: Ihr Passwort")
    assert row["outcome"] == "opened"


def test_an_answer_is_not_judged_by_what_it_quotes(post):
    _, out = post.send(OLGA, "Was kostet der kleinste Server?\n")
    quote = "\n".join(f"> {line}" for line in FORWARDED.splitlines())
    row, _ = post.send(OLGA, f"Danke!\n\n{quote}\n", to=reply_address(to(out, OLGA)[0]))
    assert (row["outcome"], row["reason"]) == ("followed-up", "reply")
