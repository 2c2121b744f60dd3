"""Signatures: found where a mark, a closing, contact data or a name speak for them, left alone where nothing does."""

import pytest

from mailgate.parse.body import read_body

TEXT = "Hallo zusammen,\n\nmein Server web01 ist seit heute früh nicht erreichbar. Bitte prüfen."


def read(text, *, is_reply=False, subject="Server"):
    return read_body(text, None, is_reply=is_reply, subject=subject)


FOUND = [
    "-- \nMax Muster\nMuster GmbH",
    "--\nMax Muster",
    "Mit freundlichen Grüßen\nMax Muster",
    "Mit freundlichen Grüßen\n\nMax Muster",
    "Mit freundlichen Grüßen,\n\ni. A. Max Muster\nLeiter IT\n\nMuster GmbH\nAhornallee 4\n12345 Berlin\nTel.: +49 30 123456-0\nFax: +49 30 123456-99\nmax@muster.example\nwww.muster.example\n\nSitz der Gesellschaft: Berlin\nAmtsgericht Berlin HRB 12345\nGeschäftsführer: Max Muster",
    "Mit freundlichem Gruß\nErika Muster",
    "Freundliche Grüße aus Köln\nErika",
    "Viele Grüße\nmax",
    "Viele Grüße, Max",
    "Beste Grüße\nDas Team der Musterschule",
    "LG Max",
    "VG\nMax",
    "MfG\nM. Muster",
    "MfG Muster",
    "Gruß Max",
    "Danke und Gruß\nMax",
    "Vielen Dank\nMax",
    "Danke, Max",
    "Mit freundlichen Grüssen\nHans Meier",
    "Mit freundlichen Gruessen\nHans Mueller",
    "Vielen Dank im Voraus!\n\nMit freundlichen Grüßen\nMax Muster",
    "Max",
    "Max Muster",
    "- Max",
    "/Max",
    "Best regards,\nJo Doe",
    "Kind regards\n\nJo Doe\nHead of IT | Example Ltd.\nT: +44 20 7946 0958\nM: +44 7700 900123",
    "Thanks,\nJo",
    "Thanks!\n\nJo Doe",
    "Thanks. JD",
    "Cheers\nJo",
    "Sincerely,\n\nJo Doe, Ph.D.\nExample Research\njo@example.org",
    "Jo Doe\nExample Inc.\n(555) 555-0100",
    "Jo Doe\njo@example.org\nhttps://www.example.org",
    "Von meinem iPhone gesendet",
    "Gesendet von meinem Samsung Galaxy Smartphone.",
    "Von meinem Huawei-Mobiltelefon gesendet",
    "Gesendet mit der GMX Mail App",
    "Sent from my iPhone",
    "-----BEGIN PGP SIGNATURE-----\n\niQEzBAEBCgAdFiEE\n-----END PGP SIGNATURE-----",
    "Von Yahoo Mail auf dem iPhone gesendet",
    "Thanks for your help! Jo",
    "Sent from Outlook for Android",
    "Get Outlook for iOS<https://aka.ms/o0ukef>",
    "Holen Sie sich Outlook für iOS<https://aka.ms/o0ukef>",
    "Max\n\nVon meinem iPhone gesendet",
    "Viele Grüße\nMax\n\nVon meinem iPhone gesendet",
    "Mit freundlichen Grüßen\nMax Muster\n\n-- \nMuster GmbH\nAhornallee 4",
    "Mit freundlichen Grüßen\nMax Muster\n\nDiese E-Mail enthält vertrauliche und/oder rechtlich geschützte Informationen. Wenn Sie nicht der richtige Adressat sind,\nvernichten Sie bitte diese E-Mail.",
    "Jo\n\nThis e-mail is confidential and intended solely for the use of the individual to whom it is addressed.",
    "Disclaimer\n\nThe information contained in this communication is for its reader.\n\nIt has been scanned by somebody.",
    "_______________________________________________\nusers mailing list\nusers@lists.example.org\nhttps://lists.example.org/users",
    "Med venlig hilsen\nAnders Andersen",
    "Met vriendelijke groet,\nJan Jansen",
    "Cordialement,\nJean Dupont",
    "Saludos,\nJuan",
    "Cordiali saluti\nMario Rossi",
    "Pozdrawiam,\nJan Kowalski",
    "С уважением,\nИван Петров",
]


@pytest.mark.parametrize("signature", FOUND)
def test_signature_at_the_end(signature):
    body = read(f"{TEXT}\n\n{signature}\n")
    assert body.signature == signature
    assert body.reply_text == TEXT
    assert body.quoted_text == ""


@pytest.mark.parametrize("signature", FOUND)
def test_signature_above_a_quote(signature):
    body = read(
        f"{TEXT}\n\n{signature}\n\nAm 12.03.2026 um 10:15 schrieb Support:\n> Wie geht es?\n> -- \n> Support\n",
        is_reply=True,
    )
    assert body.signature == signature
    assert body.reply_text == TEXT


@pytest.mark.parametrize(
    "end",
    [
        "Danke",
        "Vielen Dank!",
        "Thanks",
        "Dankeschön",
        "Bitte dringend.",
        "Kündigung",
        "Ja",
        "OK",
        "Meine neue Anschrift:\n\nMax Muster\nAhornallee 4\n12345 Berlin",
        "Bitte rufen Sie an:\n\n0171 1234567",
        "Meine Nummer ist\n\n0171 1234567",
        "Neue Adresse ist:\nmax@muster.example",
        "Die Grüße an das Team bitte ausrichten.",
        "Bitte sagen Sie den Kollegen viele Grüße und bestellen Sie drei neue Server für uns, danke.",
        "srv-web-01\n192.0.2.7",
        "Error 500\nat line 12",
        "Sent from my desk, is much easier than my telephone here.",
        "-- das ist keine Signatur --",
        "1. Server\n2. Domain",
        "- Server\n- Domain",
        "Domain\nwww.kaputt.example",
        "https://www.kaputt.example/seite",
        "Rechnung 2026-118822\nVom 12.03.2026",
        "Special Comments\n-\nSee attached document",
        "Viele Grüße an alle!\nDer Server web01 ist down.\nBitte neu starten.",
        "Montag",
        "Fehlermeldung",
        "Bitte behandeln Sie das vertraulich und informieren Sie niemanden darüber.",
        "This is confidential, so please tell nobody about it.",
        "Der Server verschickt Malware, und avast schlägt an.",
        "Ich möchte die Mailing List nicht mehr bekommen, bitte austragen.",
        "Is the message scanned for viruses, and is that confidential?",
    ],
)
def test_text_is_no_signature(end):
    text = f"{TEXT}\n\n{end}"
    body = read(text)
    assert body.signature == ""
    assert body.reply_text == text


@pytest.mark.parametrize(
    "text",
    [
        "Max Muster",
        "Danke, Max",
        "Hallo Max",
        "Viele Grüße\nMax",
        "Max\nmax@muster.example",
        "Call Kim",
        "0171 1234567",
    ],
)
def test_a_mail_of_a_signature_alone_is_text(text):
    assert read(text).reply_text == text


@pytest.mark.parametrize(
    ("answer", "is_answer"), [("Passt.", True), ("Erledigt.", True), ("Hallo", False), ("Hi!", False)]
)
def test_a_word_with_a_full_stop_above_a_closing_is_an_answer_a_greeting_is_none(answer, is_answer):
    found = read(f"{answer}\n\nViele Gr\u00fc\u00dfe\nMax\n", is_reply=True)
    assert (found.reply_text.strip() == answer) is is_answer
    assert (found.signature == "Viele Gr\u00fc\u00dfe\nMax") is is_answer


def test_an_offer_of_an_app_behind_a_sign_that_cannot_be_seen_is_a_mark():
    found = read(f"{TEXT}\n\n\u2063BlueMail f\u00fcr Android herunterladen \u200b\n", is_reply=True)
    assert found.reply_text.strip() == TEXT
    assert "BlueMail" in found.signature


def test_post_script_is_text():
    text = f"{TEXT}\n\nViele Grüße\nMax\n\nPS: Es eilt sehr."
    assert "PS: Es eilt sehr." in read(text).reply_text


def test_short_answers_between_quotes_are_text():
    body = read(
        "On 3 May 2026 at 10:15, Support <s@h.example> wrote:\n> Which city?\n\nPortland\n\n> Name?\n\nMax Muster\n\n> Regards\n",
        is_reply=True,
    )
    assert body.reply_text == "Portland\n\nMax Muster"
    assert body.signature == ""


def test_long_text_below_two_dashes_is_text():
    tail = "\n".join(f"Zeile {number} mit etwas Text." for number in range(80))
    body = read(f"{TEXT}\n--\n{tail}")
    assert "Zeile 79" in body.reply_text
