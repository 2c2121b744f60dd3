"""Files in agents' mails: which reach the customer or the colleagues, and what the agent hears of the rest."""

import base64

import pytest
from support.post import ANNA, BEN, OLGA, SLOW, later, note_address, reply_address, to, words

from mailgate.core.desk.attachments import MOST_ATTACHED


def with_files(*files, text="Anbei der Bericht.\n"):
    """The text and field of a mail with files: name, type, bytes, further fields."""
    parts = [f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}"]
    for name, kind, content, *more in files:
        coded = base64.encodebytes(content).decode("ascii")
        fields = "".join(f"{field}\r\n" for field in more) or f'Content-Disposition: attachment; filename="{name}"\r\n'
        parts.append(f'Content-Type: {kind}; name="{name}"\r\n{fields}Content-Transfer-Encoding: base64\r\n\r\n{coded}')
    body = "".join(f"--frontier\r\n{part}\r\n" for part in parts) + "--frontier--\r\n"
    return {"text": body.replace("\r\n", "\n"), "Content_Type": 'multipart/mixed; boundary="frontier"'}


REPORT = ("bericht.txt", "text/plain", b"alles gut\r\n")
CARD = ("anna.vcf", "text/vcard", b"BEGIN:VCARD\r\nEMAIL:anna@example.org\r\nEND:VCARD\r\n")
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 100
LOGO = ("logo.png", "image/png", PICTURE[:3000], "Content-ID: <logo>", "Content-Disposition: inline")


def files_of(mail):
    return [(part.get_filename(), part.get_content_type(), part.get_content()) for part in mail.iter_attachments()]


def test_attachments_reach_agents_and_customers_byte_for_byte(post):
    mail = with_files(("Größe.png", "image/png", PICTURE), text=SLOW)
    _, out = post.send(OLGA, mail.pop("text"), **mail)
    (anna,) = to(out, ANNA)
    assert files_of(anna) == [("Größe.png", "image/png", PICTURE)]
    assert "Größe.png (image/png, 26 KB)" in anna.get_body().get_content()
    assert files_of(to(out, OLGA)[0]) == []
    mail = with_files(REPORT, LOGO, CARD)
    _, out = post.send(ANNA, mail.pop("text"), to=reply_address(anna), **mail)
    assert "bericht.txt (text/plain, 11 B)" in to(out, ANNA)[0].get_content()
    (answer,) = later(post)
    assert [name for name, *_ in files_of(answer)] == ["bericht.txt"]
    assert files_of(answer)[0][2] == "alles gut\r\n"


def test_ag_03_th_11_a_file_that_holds_a_key_or_an_address_is_withheld_and_the_ticket_says_so(post, news):
    inside = f"To: {ANNA}\r\nReply-To: {reply_address(news[BEN])}\r\n\r\nintern\r\n".encode()
    mail = with_files(("alt.eml", "application/octet-stream", inside))
    post.send(ANNA, mail.pop("text"), to=reply_address(news[ANNA]), **mail)
    assert to(later(post), OLGA) == []
    (held,) = [row for row in post.outbox() if row["kind"] == "reply"]
    assert held["state"] == "held"
    assert "must stay inside" in held["last_reply"]
    assert "undelivered" in post.ticket(1001)["flags"]


def test_files_below_commands_alone_are_not_sent_and_the_agent_hears_it(post, news):
    mail = with_files(REPORT, LOGO, text="!take\n!wait 3d\n")
    row, out = post.send(BEN, mail.pop("text"), to=reply_address(news[BEN]), **mail)
    assert row["outcome"] == "command"
    assert "NOT SENT, for there is no answer with it: bericht.txt To send" in words(to(out, BEN)[0])
    assert to(later(post), OLGA) == []
    assert post.ticket(1001)["assignee"] == "ben"


def test_a_mail_with_a_logo_and_commands_is_no_matter(post, news):
    mail = with_files(LOGO, text="!take\n")
    _, out = post.send(BEN, mail.pop("text"), to=reply_address(news[BEN]), **mail)
    assert "NOT SENT" not in words(to(out, BEN)[0])
    assert "logo" not in words(to(out, BEN)[0])


def test_files_with_commands_and_an_answer_go_with_the_answer(post, news):
    mail = with_files(REPORT, text="!close\n\nAnbei der Bericht.\n")
    _, out = post.send(ANNA, mail.pop("text"), to=reply_address(news[ANNA]), **mail)
    assert "Anhänge: bericht.txt" in words(to(out, ANNA)[0])
    (answer,) = to(later(post), OLGA)
    assert [name for name, *_ in files_of(answer)] == ["bericht.txt"]


@pytest.mark.parametrize(
    ("text", "by_address"),
    [
        ("!note siehe Datei\n", False),
        ("!note\nsiehe Datei\n", False),
        ("siehe Datei\n", True),
        ("!ack\n", True),
        ("", True),
    ],
)
def test_ag_03_files_of_a_note_stay_inside_and_reach_the_colleagues(post, news, text, by_address):
    mail = with_files(REPORT, text=text)
    where = note_address(news[ANNA]) if by_address else reply_address(news[ANNA])
    _, out = post.send(ANNA, mail.pop("text"), to=where, **mail)
    assert "bericht.txt" in words(to(out, ANNA)[0])
    assert "NICHT VERSCHICKT" not in words(to(out, ANNA)[0])
    (colleague,) = to(out, BEN)
    assert [name for name, *_ in files_of(colleague)] == ["bericht.txt"]
    assert "bericht.txt" in colleague.get_body().get_content()
    kept = post.ticket(1001)["entries"][-1]
    assert (kept["kind"], [item["filename"] for item in kept["attachments"]]) == ("note", ["bericht.txt"])
    assert to(later(post), OLGA) == []


def test_ag_03_files_below_a_note_and_an_answer_go_with_the_answer_and_the_agent_hears_it(post, news):
    mail = with_files(REPORT, text="!note intern\n\nAnbei der Bericht.\n")
    _, out = post.send(ANNA, mail.pop("text"), to=reply_address(news[ANNA]), **mail)
    assert "geht an: olga@kunde.example" in words(to(out, ANNA)[0])
    assert "Anhänge: bericht.txt" in words(to(out, ANNA)[0])
    assert [name for name, *_ in files_of(to(later(post), OLGA)[0])] == ["bericht.txt"]


def test_what_does_not_go_along_is_named(post, news):
    large = ("film.bin", "application/octet-stream", b"x" * (MOST_ATTACHED + 1))
    mail = with_files(REPORT, CARD, large)
    _, out = post.send(ANNA, mail.pop("text"), to=reply_address(news[ANNA]), **mail)
    told = words(to(out, ANNA)[0])
    assert "NICHT VERSCHICKT, weil die Mail zu groß würde: film.bin" in told
    assert "verrät, wer Sie sind: anna.vcf" in told
    assert [name for name, *_ in files_of(to(later(post), OLGA)[0])] == ["bericht.txt"]


def test_files_of_a_mail_that_comes_back_are_named_too(post, news):
    mail = with_files(REPORT, text="!clsoe\n\nAnbei.\n")
    _, out = post.send(ANNA, mail.pop("text"), to=reply_address(news[ANNA]), **mail)
    assert "Auch nicht verschickt, bitte noch einmal anhängen: bericht.txt" in words(to(out, ANNA)[0])
    assert later(post) == []
