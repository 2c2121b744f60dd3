"""Forwarded mails, inline as programs write them and attached: author, subject and text, and the note above."""

import pytest

from mailgate.core.mail.mail import Mailbox
from mailgate.parse.body import read_body
from mailgate.parse.forward import mailbox_of, read_attached

NOTE = "Hallo,\n\nkönnt ihr das bitte prüfen?"
TEXT = "Sehr geehrte Damen und Herren,\n\nIhre Domain läuft ab.\n\nZahlen Sie 249 Euro."
WHO = Mailbox("Domain Service", "info@domain-service.example")
FROM = "Domain Service <info@domain-service.example>"

# {0} is the author as the program writes it.
INLINE = [
    # Gmail
    "---------- Forwarded message ---------\nVon: Domain Service <info@domain-service.example>\nDate: Do., 12. März 2026 um 10:15 Uhr\nSubject: Ihre Domain\nTo: <max@kunde.example>\n\n",
    "---------- Forwarded message ----------\nFrom: *Domain Service* <info@domain-service.example>\nDate: Thu, Mar 12, 2026 at 10:15 AM\nSubject: Ihre Domain\nTo: max@kunde.example\n\n\n",
    # Apple Mail, iPhone
    "Anfang der weitergeleiteten Nachricht:\n\nVon: Domain Service <info@domain-service.example>\nBetreff: Ihre Domain\nDatum: 12. März 2026 um 10:15:30 MEZ\nAn: max@kunde.example\n\n",
    'Begin forwarded message:\n\nFrom: "Domain Service" <info@domain-service.example>\nDate: 12 March 2026 at 10:15:30 GMT+1\nTo: max@kunde.example\nSubject: Ihre Domain\nReply-To: other@domain-service.example\n\n',
    # Thunderbird
    "-------- Weitergeleitete Nachricht --------\nBetreff: \tIhre Domain\nDatum: \tThu, 12 Mar 2026 10:15:30 +0100\nVon: \tDomain Service <info@domain-service.example>\nAn: \tmax@kunde.example\n\n\n\n",
    "-------- Forwarded Message --------\nSubject: \tIhre Domain\nDate: \tThu, 12 Mar 2026 10:15:30 +0100\nFrom: \tDomain Service <info@domain-service.example>\nTo: \tmax@kunde.example\n\n",
    # Outlook
    "-----Ursprüngliche Nachricht-----\nVon: Domain Service [mailto:info@domain-service.example] \nGesendet: Donnerstag, 12. März 2026 10:15\nAn: max@kunde.example\nBetreff: Ihre Domain\n\n",
    "Von: Domain Service <info@domain-service.example>\nGesendet: Donnerstag, 12. März 2026 10:15\nAn: max@kunde.example\nBetreff: Ihre Domain\nWichtigkeit: Hoch\n\n",
    "________________________________\nFrom: Domain Service <info@domain-service.example>\nSent: Thursday, March 12, 2026 10:15:30 AM\nTo: max@kunde.example <max@kunde.example>\nSubject: Ihre Domain\n\n",
    # Yahoo, GMX, web.de, T-Online, AOL
    '----- Weitergeleitete Mail ----\nVon: Domain Service <info@domain-service.example>\nAn: "max@kunde.example" <max@kunde.example>\nGesendet: Donnerstag, 12. März 2026, 10:15:30 MEZ\nBetreff: Ihre Domain\n\n',
    "----- Forwarded Message -----\nFrom: Domain Service <info@domain-service.example>\nTo: max@kunde.example\nSent: Thursday, March 12, 2026, 10:15:30 AM GMT+1\nSubject: Ihre Domain\n\n",
    'Gesendet: Donnerstag, 12. März 2026 um 10:15 Uhr\nVon: "Domain Service" <info@domain-service.example>\nAn: max@kunde.example\nBetreff: Ihre Domain\n\n',
    # Horde, mutt, Notes, K-9, Samsung
    "----- Weitergeleitete Nachricht von info@domain-service.example -----\n    Datum: Thu, 12 Mar 2026 10:15:30 +0100\n      Von: Domain Service <info@domain-service.example>\n  Betreff: Ihre Domain\n       An: max@kunde.example\n\n",
    "----- Forwarded message from Domain Service <info@domain-service.example> -----\n\nDate: Thu, 12 Mar 2026 10:15:30 +0100\nFrom: Domain Service <info@domain-service.example>\nTo: max@kunde.example\nSubject: Ihre Domain\n\n",
    "-------- Ursprüngliche Nachricht --------\nVon: Domain Service <info@domain-service.example>\nDatum: 12.03.26 10:15 (GMT+01:00)\nAn: max@kunde.example\nBetreff: Ihre Domain\n\n",
    # eM Client
    '------ Weitergeleitete Nachricht ------\nVon "Domain Service" <info@domain-service.example>\nAn max@kunde.example\nDatum 12.03.2026 10:15:30\nBetreff Ihre Domain\n\n',
    # other languages
    "---------- Message transféré ----------\nDe : Domain Service <info@domain-service.example>\nDate : jeu. 12 mars 2026 à 10:15\nObjet : Ihre Domain\nÀ : <max@kunde.example>\n\n",
    "Début du message réexpédié :\n\nDe : Domain Service <info@domain-service.example>\nDate : 12 mars 2026 à 10:15\nÀ : max@kunde.example\nObjet : Ihre Domain\n\n",
    "---------- Mensaje reenviado ----------\nDe: Domain Service <info@domain-service.example>\nFecha: jue, 12 mar 2026 a las 10:15\nAsunto: Ihre Domain\nPara: max@kunde.example\n\n",
    "---------- Mensagem encaminhada ---------\nDe: Domain Service <info@domain-service.example>\nData: 12 de março de 2026 10:15\nAssunto: Ihre Domain\nPara: max@kunde.example\n\n",
    "---------- Messaggio inoltrato ----------\nDa: Domain Service <info@domain-service.example>\nData: 12 marzo 2026 10:15\nOggetto: Ihre Domain\nA: max@kunde.example\n\n",
    "---------- Doorgestuurd bericht ----------\nVan: Domain Service <info@domain-service.example>\nDatum: 12 maart 2026 10:15\nOnderwerp: Ihre Domain\nAan: max@kunde.example\n\n",
    "---------- Vidarebefordrat meddelande ----------\nFrån: Domain Service <info@domain-service.example>\nDatum: 12 mars 2026 10:15\nÄmne: Ihre Domain\nTill: max@kunde.example\n\n",
    "---------- Przekazana wiadomość ----------\nOd: Domain Service <info@domain-service.example>\nData: 12 marca 2026 10:15\nTemat: Ihre Domain\nDo: max@kunde.example\n\n",
    "-------- Пересылаемое сообщение --------\nОт: Domain Service <info@domain-service.example>\nДата: 12.03.2026 10:15\nТема: Ihre Domain\nКому: max@kunde.example\n\n",
    "---------- 転送メッセージ ----------\n差出人: Domain Service <info@domain-service.example>\n日付: 2026年3月12日 10:15\n件名: Ihre Domain\n宛先: max@kunde.example\n\n",
]


def forward(text, subject="Fwd: Ihre Domain", is_reply=False):
    return read_body(text, None, is_reply=is_reply, subject=subject)


@pytest.mark.parametrize("opener", INLINE)
@pytest.mark.parametrize("subject", ["Fwd: Ihre Domain", "WG: Ihre Domain", "Ihre Domain"])
def test_inline_forward_with_a_note(opener, subject):
    body = forward(f"{NOTE}\n\n{opener}{TEXT}\n", subject)
    assert body.forwarded is not None
    assert body.forwarded.author == WHO
    assert body.forwarded.subject == "Ihre Domain"
    assert body.forwarded.text == TEXT
    assert body.reply_text == NOTE
    assert TEXT in body.quoted_text


@pytest.mark.parametrize("opener", INLINE)
def test_inline_forward_without_a_note(opener):
    body = forward(f"{opener}{TEXT}\n")
    assert body.forwarded is not None
    assert (body.forwarded.author, body.forwarded.subject, body.forwarded.text) == (WHO, "Ihre Domain", TEXT)
    assert body.reply_text == ""


@pytest.mark.parametrize("opener", INLINE)
def test_inline_forward_within_marks_and_a_note_below(opener):
    marked = "\n".join(f"> {line}".rstrip() for line in f"{opener}{TEXT}".split("\n"))
    body = forward(f"{NOTE}\n\n{marked}\n\nViel Erfolg damit.\n")
    assert body.forwarded is not None
    assert (body.forwarded.author, body.forwarded.subject, body.forwarded.text) == (WHO, "Ihre Domain", TEXT)
    assert body.reply_text == f"{NOTE}\n\nViel Erfolg damit."


def test_gmail_marks_a_forward_as_an_answer():
    assert forward(f"{NOTE}\n\n{INLINE[0]}{TEXT}", is_reply=True).forwarded is not None


def test_an_answer_to_a_forward_forwards_nothing():
    body = forward(f"Danke.\n\n{INLINE[7]}{TEXT}", subject="Re: Fwd: Ihre Domain", is_reply=True)
    assert body.forwarded is None
    assert body.reply_text == "Danke."


def test_a_forward_within_the_quote_is_not_this_mails():
    quoted = "\n".join(f"> {line}" for line in f"Siehe unten.\n\n{INLINE[0]}{TEXT}".split("\n"))
    body = forward(
        f"Danke.\n\nAm 12.03.2026 um 10:15 schrieb Max <max@kunde.example>:\n{quoted}\n", subject="Re: x", is_reply=True
    )
    assert body.forwarded is None
    assert body.reply_text == "Danke."


def test_text_below_the_end_of_a_forward_is_new():
    opener = INLINE[13]
    body = forward(f"{NOTE}\n\n{opener}{TEXT}\n\n----- End forwarded message -----\n\nEs eilt übrigens sehr.\n")
    assert body.forwarded is not None
    assert body.forwarded.text == TEXT
    assert body.reply_text == f"{NOTE}\n\nEs eilt übrigens sehr."


def test_subject_over_two_lines():
    text = "---------- Forwarded message ----------\nFrom: a@b.example\nSubject: A long subject that goes on and on and on over the end\nof its line\nTo: c@d.example\n\nText."
    assert forward(text).forwarded.subject == "A long subject that goes on and on and on over the end of its line"


def test_address_on_a_line_of_its_own():
    text = "-------- Forwarded Message --------\nSubject: \tx\nFrom: \tJo Doe\n<jo@example.org>\nTo: \tMax\n<max@example.org>\n\nText."
    found = forward(text).forwarded
    assert found.author == Mailbox("Jo Doe", "jo@example.org")
    assert found.text == "Text."


@pytest.mark.parametrize(
    ("value", "name", "address"),
    [
        ("Jo Doe <jo@example.org>", "Jo Doe", "jo@example.org"),
        ('"Doe, Jo" <jo@example.org>', "Doe, Jo", "jo@example.org"),
        ("Jo Doe [mailto:jo@example.org]", "Jo Doe", "jo@example.org"),
        ("Jo Doe <jo@example.org<mailto:jo@example.org>>", "Jo Doe", "jo@example.org"),
        ("jo@example.org [mailto:jo@example.org]", "", "jo@example.org"),
        ("jo@example.org", "", "jo@example.org"),
        ("<jo@example.org>", "", "jo@example.org"),
        ("jo@example.org (Jo Doe)", "Jo Doe", "jo@example.org"),
        ("Jo Doe (jo@example.org)", "Jo Doe", "jo@example.org"),
        ("*Jo Doe* <jo@example.org>", "Jo Doe", "jo@example.org"),
        ("'Jo Doe' via Desk <desk@example.org>", "Jo Doe' via Desk", "desk@example.org"),
        ("Jo Doe", "Jo Doe", ""),
    ],
)
def test_author_of_a_header_line(value, name, address):
    assert mailbox_of(value) == Mailbox(name, address)


def test_no_author():
    assert mailbox_of("") is None
    assert mailbox_of(" <> ") is None


def test_attached_mail():
    raw = (
        b"From: =?utf-8?q?J=C3=B6rg?= Muster <joerg@example.org>\r\nSubject: =?utf-8?b?R3LDvMOfZQ==?=\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n"
        b"Gr\xfc\xdfe aus K\xf6ln\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>Other</p>\r\n--x--\r\n"
    )
    body = read_body("Bitte prüfen.", None, is_reply=False, subject="Fwd: Grüße", attached_mail=raw)
    assert body.forwarded is not None
    assert body.forwarded.author == Mailbox("Jörg Muster", "joerg@example.org")
    assert body.forwarded.subject == "Grüße"
    assert body.forwarded.text == "Grüße aus Köln"
    assert body.reply_text == "Bitte prüfen."


def test_attached_mail_of_html_alone():
    raw = b"From: a@b.example\nSubject: x\nContent-Type: text/html\n\n<p>Hallo</p><p>Welt</p>\n"
    assert read_attached(raw).text == "Hallo\n\nWelt"


@pytest.mark.parametrize("raw", [b"", b"\0\xff" * 50, b"\n\n\n", b"no mail at all"])
def test_attached_bytes_that_are_no_mail(raw):
    assert read_attached(raw) is None
