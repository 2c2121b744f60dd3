"""Whole mails: what one gets from bytes."""

import hashlib
from datetime import UTC, datetime

import pytest

from mailgate.core.mail.mail import Mailbox
from mailgate.parse.errors import TooComplex
from mailgate.parse.message import parse, part_bytes

HEAD = (
    "From: Kim M\u00fcller <kim@customer.example>\nTo: Desk <desk@support.example>\nSubject: =?utf-8?q?Stra=C3=9Fe?=\n"
    "Date: Mon, 2 Mar 2026 10:00:00 +0100\nMessage-ID: <a@customer.example>\n"
)


def mail(body="Guten Tag, der Server ist nicht erreichbar.\n", more=""):
    return (HEAD + more + "\n" + body).encode()


def crlf(raw):
    return raw.replace(b"\n", b"\r\n")


def test_a_plain_mail():
    found = parse(
        mail(more="In-Reply-To: <b@support.example>\nReferences: <c@support.example>\n <b@support.example>\n")
    )
    assert found.author == Mailbox("Kim M\u00fcller", "kim@customer.example")
    assert found.author_doubt == ()
    assert found.to == (Mailbox("Desk", "desk@support.example"),)
    assert found.subject == "Stra\u00dfe"
    assert found.date == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert (found.message_id, found.message_id_made_up) == ("a@customer.example", False)
    assert found.in_reply_to == ("b@support.example",)
    assert found.references == ("c@support.example", "b@support.example")
    assert found.text.strip() == "Guten Tag, der Server ist nicht erreichbar."
    assert found.language == "de"
    assert not found.has_html
    assert found.defects == ()
    assert found.header("MESSAGE-id") == ("<a@customer.example>",)


@pytest.mark.parametrize(
    "raw",
    [
        mail(),
        mail("a\n\nb\n", "Content-Type: text/plain; format=flowed\n"),
        mail(
            "--b\n\ntext\n--b\nContent-Type: a/b; name=x\n\nline\nline\n--b--\n",
            "Content-Type: multipart/mixed; boundary=b\n",
        ),
        mail(
            "--b\n\nt\n--b\nContent-Type: message/rfc822\n\nSubject: in\n\nx\n--b--\n",
            "Content-Type: multipart/mixed; boundary=b\n",
        ),
        mail(
            "J=C3=BC=\nrgen\n", "Content-Transfer-Encoding: quoted-printable\nContent-Type: text/plain; charset=utf-8\n"
        ),
        b"no header\nat all\n",
        b"From: x\n",
        b"",
    ],
)
def test_lf_and_crlf_give_the_same(raw):
    assert parse(raw) == parse(crlf(raw))


def test_bare_cr_alone_ends_lines_but_is_doubted():
    found = parse(mail().replace(b"\n", b"\r"))
    assert found.subject == "Stra\u00dfe"
    assert "bare-cr-in-header" in found.author_doubt


def test_the_body_hash_knows_words_and_files_not_how_they_travelled():
    body = "Hello  W\u00f6rld\n\n"
    plain = parse(mail(body)).body_hash
    assert plain == parse(mail(body.replace("  ", " ").rstrip("\n"))).body_hash
    assert plain == parse(mail("Hello W=C3=B6rld", "Content-Transfer-Encoding: quoted-printable\n")).body_hash
    assert plain != parse(mail(body + "more")).body_hash
    files = [
        parse(
            mail(
                f"--b\n\nt\n--b\nContent-Type: a/b; name=x\n\n{content}\n--b--",
                "Content-Type: multipart/mixed; boundary=b\n",
            )
        )
        for content in ("one", "two")
    ]
    assert files[0].body_hash != files[1].body_hash


def test_attachments_can_be_taken_out_again():
    raw = mail(
        "--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\nt\n--c--\n"
        "--b\nContent-Type: a/b\nContent-Transfer-Encoding: base64\n\naGVsbG8=\n"
        "--b\nContent-Type: message/rfc822\n\nSubject: x\n\nin\n--b--\n",
        "Content-Type: multipart/mixed; boundary=b\n",
    )
    for form in (raw, crlf(raw)):
        found = parse(form)
        assert [item.part for item in found.attachments] == [(2,), (3,)]
        for item in found.attachments:
            assert hashlib.sha256(part_bytes(form, item.part)).hexdigest() == item.sha256
        assert part_bytes(form, (2,)) == b"hello"
        with pytest.raises(KeyError):
            part_bytes(form, (9,))


def test_uuencoded_files_can_be_taken_out_again():
    raw = mail("see\nbegin 644 a\n#86)C\n`\nend\nand\nbegin 644 b\n#9&5F\n`\nend\n")
    found = parse(raw)
    assert [item.filename for item in found.attachments] == ["a", "b"]
    assert [part_bytes(raw, item.part) for item in found.attachments] == [b"abc", b"def"]
    with pytest.raises(KeyError):
        part_bytes(raw, (1, 3))


def test_only_limits_are_raised():
    with pytest.raises(TooComplex):
        parse(b"Subject: " + b"a" * 100_000)
    with pytest.raises(TooComplex):
        part_bytes(b"Subject: " + b"a" * 100_000, (1,))


def test_in_01_no_line_break_gets_out_of_a_header():
    found = parse(
        b"From: =?utf-8?q?Kim=0D=0ABcc=3A_x=40y=2Eexample?= <kim@customer.example>\n"
        b"To: =?utf-8?q?a=0Ab?= <desk@support.example>\nSubject: =?utf-8?b?YQ0KQmNjOiB4QHkuZXhhbXBsZQ==?=\n"
        b"Message-ID: <a\x0b@b>\n\n"
    )
    for text in (
        found.subject,
        found.author.name,
        found.to[0].name,
        found.message_id,
        *(item.value for item in found.fields),
    ):
        assert text.isprintable()


def test_in_08_no_nul_and_no_surrogate_anywhere():
    found = parse(b"From: K\0im <kim@customer.example>\nSubject: a\0\xed\xa0\x80b\nX-\xff: y\n\ntext\0more\xed\xa0\x80")
    assert "\0" not in repr(found)
    assert repr(found).encode()


def test_in_12_control_fields_are_only_fields():
    assert parse(mail(more="X-Mailgate-Ticket: 1\n")).header("x-mailgate-ticket") == ("1",)


def test_of_a_field_that_may_stand_once_the_first_counts():
    found = parse(mail(more="Subject: other\nContent-Type: text/html\nContent-Type: text/plain\n"))
    assert (found.subject, found.has_html) == ("Stra\u00dfe", True)
    assert [item.detail for item in found.defects if item.code == "field-repeated"] == ["subject", "content-type"]


def test_list_id():
    assert parse(mail(more="List-Id: Our list <list.customer.example>\n")).list_id == "list.customer.example"
    assert parse(mail(more="List-Id: list.customer.example\n")).list_id == "list.customer.example"
    assert parse(mail()).list_id is None


# Defects that were read in other help desks' source.


@pytest.mark.parametrize("author", ["", "From:\n", "From: <>\n", "From: nobody\n", "From: :;\n"])
def test_peer_01_peer_08_mail_without_author_is_read(author):
    found = parse(f"{author}Subject: help\n\nThe server is down.\n".encode())
    assert found.text == "The server is down.\n"
    assert found.author_doubt


def test_peer_02_auto_submitted_no_is_a_person():
    assert not parse(mail(more="Auto-Submitted: no\n")).automatic.is_automatic
    assert parse(mail(more="Auto-Submitted: auto-replied\n")).automatic.is_automatic


def test_peer_03_reply_to_is_not_the_author():
    found = parse(mail(more="Reply-To: other@elsewhere.example\n"))
    assert found.author.address == "kim@customer.example"
    assert found.reply_to[0].address == "other@elsewhere.example"


def test_peer_09_peer_12_latin_1_bytes_are_not_destroyed():
    found = parse(
        "Subject: Gr\u00fc\u00dfe\nFrom: J\u00fcrgen <j@customer.example>\n\nK\u00f6ln \u2013 \u201eja\u201c\n".encode(
            "cp1252"
        )
    )
    assert found.subject == "Gr\u00fc\u00dfe"
    assert found.author.name == "J\u00fcrgen"
    assert found.text == "K\u00f6ln \u2013 \u201eja\u201c\n"


def test_peer_12_large_attachments_are_listed():
    found = parse(
        mail(
            "--b\n\nt\n--b\nContent-Type: a/b; name=x\n\n" + "x" * 3_000_000 + "\n--b--",
            "Content-Type: multipart/mixed; boundary=b\n",
        )
    )
    assert [item.size for item in found.attachments] == [3_000_000]


def test_peer_13_html_only_mail_has_text():
    found = parse(mail("<p>The server</p><p>is down</p>", "Content-Type: text/html\n"))
    assert found.text.split() == ["The", "server", "is", "down"]
    assert found.has_html


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: x\nContent-Type: multipart/mixed\n\nThe server is down.\n",
        b"Subject: x\nContent-Type: multipart/mixed; boundary=a\n\n--b\n\nThe server is down.\n",
        b"Subject: x\nContent-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type text/plain\n\nThe server is down.\n",
        b'Subject: x\nContent-Type: text/plain; charset="\nContent-Transfer-Encoding: x\n\nThe server is down.\n',
    ],
)
def test_peer_14_broken_mime_is_read(raw):
    assert "The server is down." in parse(raw).text


def test_peer_14_peer_15_mail_without_message_id_is_read_and_has_the_same_id_each_time():
    raw = b"From: kim@customer.example\nSubject: x\n\ntext\n"
    found = parse(raw)
    assert found.message_id_made_up
    assert found.message_id == parse(crlf(raw)).message_id
    assert found.message_id != parse(raw + b"more").message_id


def test_mb_10_unknown_charsets_and_garbage_cost_nothing_but_characters():
    found = parse(b"Content-Type: text/plain; charset=x-martian\nContent-Transfer-Encoding: base64\n\nR3L83/8A/w==\n")
    assert found.text.startswith("Gr\u00fc\u00df")
    assert "charset-unknown" in [item.code for item in found.defects]


def test_a_report_without_a_word_to_people_is_read():
    found = parse(
        b"Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n"
        b"--b\nContent-Type: message/disposition-notification\n\nDisposition: automatic-action; displayed\n--b--\n"
    )
    assert found.report is not None


def test_in_08_a_report_is_as_clean_as_the_rest():
    found = parse(
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nfailed\n"
        b"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x.example\n\n"
        b"Final-Recipient: rfc822; kim\x13@customer.example\nAction: fai\0led\nStatus: 5.1.1\n"
        b"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <a\x13b@c.example>\n--b--\n"
    )
    assert found.report is not None
    assert repr(found.report).isprintable()
    assert "\\x" not in repr(found.report)


def test_in_08_controls_spelled_as_entities_are_controls():
    found = parse(mail("<p>a&#1;b&#127;c&#0;d&#xd800;e</p><p>f</p>", "Content-Type: text/html\n"))
    assert all(char.isprintable() or char == "\n" for char in found.text + found.reply_text)
    assert found.text.startswith("a")
    assert "text-cut" not in [item.code for item in found.defects]


def test_in_08_a_forwarded_mail_is_as_clean_as_the_rest():
    found = parse(
        mail(
            "--b\n\nfyi\n--b\nContent-Type: message/rfc822\n\nFrom: K\x07im <kim@c.example>\nSubject: a\x07b\n\nt\x07t\n--b--\n",
            "Content-Type: multipart/mixed; boundary=b\n",
        ).replace(b"=?utf-8?q?Stra=C3=9Fe?=", b"Fwd: a")
    )
    assert "\\x07" not in repr(found)


def test_mb_12_html_that_was_cut_says_so():
    found = parse(mail("<p>word</p>" * 300_000, "Content-Type: text/html\n"))
    assert "text-cut" in [item.code for item in found.defects]
