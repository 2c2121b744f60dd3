"""Defects read in the sources of other desks: what each of them misread is read right here."""

import pytest

from mailgate.parse.message import parse

HEAD = "From: Kim Kunde <kim@kunde.invalid>\nTo: support@example.org\nSubject: Frage\nMessage-ID: <1@kunde.invalid>\n"


def read(head=HEAD, body="Guten Tag,\n\nwas kostet das?\n", *, fields="", charset="utf-8"):
    return parse((head + fields + "\n" + body).encode(charset))


@pytest.mark.parametrize("field", ["", "From:\n", "From: \n", "From: <>\n"])
def test_peers_without_an_author_a_mail_is_read_all_the_same(field):
    mail = read(HEAD.partition("\n")[2], fields=field)
    assert mail.author is None or mail.author_doubt
    assert "was kostet das?" in mail.text


@pytest.mark.parametrize(
    "field", ["Auto-Submitted: no", "auto-submitted: NO (a person)", "Precedence: first-class", "Precedence: normal"]
)
def test_peers_what_a_person_sends_is_not_automatic(field):
    assert not read(fields=f"{field}\n").automatic.is_automatic


def test_peers_reply_to_is_not_the_author():
    mail = read(fields="Reply-To: other@elsewhere.invalid\nSender: office@elsewhere.invalid\n")
    assert mail.author is not None
    assert mail.author.address == "kim@kunde.invalid"


@pytest.mark.parametrize("declared", ["", "Content-Type: text/plain\n", "Content-Type: text/plain; charset=utf-8\n"])
def test_peers_raw_latin_1_is_not_destroyed(declared):
    mail = read(body="Schöne Grüße aus Köln\n", fields=f"MIME-Version: 1.0\n{declared}", charset="latin-1")
    assert "Schöne Grüße aus Köln" in mail.text


def test_peers_bytes_that_nobody_can_read_are_not_dropped():
    fields = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
    mail = parse(f"{HEAD}{fields}\n".encode() + b"Preis: 5 \xe2\x82 im Monat, gr\xc3\xbc\xc3\x9fe \xff\xfe\n")
    assert mail.text.startswith("Preis: 5 ")
    assert "im Monat" in mail.text
    assert len(mail.text.strip()) >= len("Preis: 5 x im Monat, grüße xx")


@pytest.mark.parametrize("subject", ["re:", "Re: ", "AW: re: Frage", "re: 12345"])
def test_peers_a_reply_without_an_id_is_a_mail_like_any_other(subject):
    mail = read(HEAD.replace("Subject: Frage", f"Subject: {subject}"))
    assert mail.subject == subject.strip()
    assert "was kostet das?" in mail.reply_text


@pytest.mark.parametrize("size", [1, 2, 3, 20_000])
def test_peers_a_text_of_any_length_is_read(size):
    assert read(body="x" * size + "\n").text.strip() == "x" * size


def test_peers_a_mail_of_html_alone_has_a_text():
    fields = "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n"
    mail = read(body="<p>Guten Tag,</p><p>was kostet das?</p>", fields=fields)
    assert mail.text.split() == ["Guten", "Tag,", "was", "kostet", "das?"]


def test_peers_a_mail_without_a_message_id_has_a_stable_one():
    head = HEAD.replace("Message-ID: <1@kunde.invalid>\n", "")
    first, again, other = read(head), read(head), read(head, body="Etwas anderes.\n")
    assert first.message_id_made_up
    assert first.message_id == again.message_id != other.message_id


@pytest.mark.parametrize(
    "fields",
    [
        "MIME-Version: 1.0\nContent-Type: multipart/mixed\n",
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=never\n",
        "MIME-Version: 1.0\nContent-Transfer-Encoding: base64x\n",
        "MIME-Version: 1.0\nContent-Type: text\n",
        "A line that is no field\n",
    ],
)
def test_peers_a_mail_with_defects_is_read(fields):
    mail = read(fields=fields)
    assert "was kostet das?" in mail.text
    assert mail.author is not None


def test_peers_a_file_of_any_size_is_named():
    fields = 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n'
    part = "Content-Type: application/pdf\nContent-Disposition: attachment; filename=gross.pdf\n\n"
    mail = read(body=f"--b\n\nSiehe Anlage.\n--b\n{part}{'x' * 3_000_000}\n--b--\n", fields=fields)
    assert [(item.filename, item.size > 2_900_000) for item in mail.attachments] == [("gross.pdf", True)]
