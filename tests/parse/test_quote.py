"""New text and quotes apart, as mail programs write them. Each case: what was written above, the opener, the quote."""

import pytest

from mailgate.parse.body import read_body
from mailgate.parse.quote import context_of

ABOVE = "Guten Tag,\n\nja, bitte am Montag um 9 Uhr neu starten."
QUOTED = "> Guten Tag,\n>\n> wann dürfen wir den Server neu starten?\n>\n> Ihr Support"
PLAIN = "Guten Tag,\n\nwann dürfen wir den Server neu starten?\n\nIhr Support"

# Openers above a quote that is marked with ">".
MARKED = [
    "Am 12.03.2026 um 10:15 schrieb Hosting Support:",
    "Am 12.03.26 um 10:15 schrieb Hosting Support <support@hosting.example>:",
    "Am Do., 12. März 2026 um 10:15 Uhr schrieb Hosting Support <\nsupport@hosting.example>:",
    "Am Donnerstag, 12. März 2026, 10:15:30 MEZ hat Hosting Support <support@hosting.example> Folgendes geschrieben:",
    "Am 12. März 2026 10:15:30 MEZ schrieb Hosting Support <support@hosting.example>:",
    "Hosting Support <support@hosting.example> hat am 12.03.2026 10:15 geschrieben:",
    "Hosting Support schrieb am 12.03.2026 um 10:15:",
    "Hosting Support schrieb:",
    "Zitat von Hosting Support <support@hosting.example>:",
    "On 12 Mar 2026, at 10:15, Hosting Support <support@hosting.example> wrote:",
    "On Thu, Mar 12, 2026 at 10:15 AM Hosting Support <support@hosting.example>\nwrote:",
    "On Thu, Mar 12, 2026 at 10:15\u202fAM Hosting Support <\nsupport@hosting.example> wrote:",
    "On 3/12/26 10:15, Hosting Support wrote:",
    "On Thursday, March 12, 2026 10:15:30 AM CET Hosting Support wrote:",
    "On Thu, 12 Mar 2026 10:15:30 +0100\nHosting Support <support@hosting.example> wrote:",
    "* Hosting Support <support@hosting.example> [2026-03-12 10:15]:",
    "Hosting Support writes:",
    "---- Hosting Support wrote ----",
    "---- On Thu, 12 Mar 2026 10:15:30 +0100 Hosting Support <support@hosting.example> wrote ----",
    "Sent from Samsung Galaxy Hosting Support <support@hosting.example> wrote:",
    "Thu, 12 Mar 2026 10:15:30 +0100 от Hosting Support <support@hosting.example>:",
    "> Am 12.03.2026 um 10:15 schrieb Hosting Support <support@hosting.example>:",
    "Quoting Hosting Support <support@hosting.example>:",
    "Le jeu. 12 mars 2026 à 10:15, Hosting Support <support@hosting.example> a\nécrit :",
    "Le 12/03/2026 à 10:15, Hosting Support a écrit\u00a0:",
    "El jue, 12 mar 2026 a las 10:15, Hosting Support (<support@hosting.example>)\nescribió:",
    "El 12 mar 2026, a las 10:15, Hosting Support <support@hosting.example> escribió:",
    "Em qui., 12 de mar. de 2026 às 10:15, Hosting Support <\nsupport@hosting.example> escreveu:",
    "Il giorno gio 12 mar 2026 alle ore 10:15 Hosting Support <\nsupport@hosting.example> ha scritto:",
    "Il 12/03/2026 10:15, Hosting Support ha scritto:",
    "Op do 12 mrt 2026 om 10:15 schreef Hosting Support <support@hosting.example>:",
    "Op 12-03-2026 om 10:15 schreef Hosting Support:",
    "Den tors 12 mars 2026 kl 10:15 skrev Hosting Support <support@hosting.example>:",
    "12 mars 2026 kl. 10:15 skrev Hosting Support <support@hosting.example>:",
    "Den tor. 12. mar. 2026 kl. 10.15 skrev Hosting Support <\nsupport@hosting.example>:",
    "tor. 12. mar. 2026 kl. 10:15 skrev Hosting Support <support@hosting.example>:",
    "to 12. maalisk. 2026 klo 10.15 Hosting Support (support@hosting.example)\nkirjoitti:",
    "W dniu 12.03.2026 o 10:15, Hosting Support pisze:",
    "czw., 12 mar 2026 o 10:15 Hosting Support <support@hosting.example> napisał(a):",
    "čt 12. 3. 2026 v 10:15 odesílatel Hosting Support <support@hosting.example>\nnapsal:",
    "Dne 12. 03. 26 v 10:15 Hosting Support napsal(a):",
    "št 12. 3. 2026 o 10:15 Hosting Support <support@hosting.example> napísal(a):",
    "Hosting Support <support@hosting.example> ezt írta (időpont: 2026. márc.\n12., Cs, 10:15):",
    "În joi, 12 mar. 2026 la 10:15, Hosting Support <support@hosting.example> a\nscris:",
    "чт, 12 мар. 2026 г. в 10:15, Hosting Support <support@hosting.example>:",
    "12.03.2026 10:15, Hosting Support пишет:",
    "чт, 12 бер. 2026 р. о 10:15 Hosting Support <support@hosting.example> пише:",
    "Στις Πέμ 12 Μαρ 2026 στις 10:15, ο/η Hosting Support <support@hosting.example> έγραψε:",
    "Hosting Support <support@hosting.example>, 12 Mar 2026 Per, 10:15 tarihinde şunu\nyazdı:",
    "Vào Th 5, 12 thg 3, 2026 vào lúc 10:15 Hosting Support <support@hosting.example> đã\nviết:",
    "2026年3月12日(木) 10:15 Hosting Support <support@hosting.example>:",
    "Hosting Support <support@hosting.example> 于2026年3月12日周四 10:15写道：",
    "2026년 3월 12일 (목) 오전 10:15, Hosting Support <support@hosting.example>님이 작성:",
    "בתאריך יום ה׳, 12 במרץ 2026 ב-10:15 מאת Hosting Support <\u200fsupport@hosting.example\u200f>:",
    "V čet., 12. mar. 2026 ob 10:15 je oseba Hosting Support <support@hosting.example> napisala:",
    "El dj., 12 de març 2026, 10:15, Hosting Support <support@hosting.example> va escriure:",
]

# Openers above a quote without marks: everything below is the quote.
UNMARKED = [
    "Von: Hosting Support <support@hosting.example>\nGesendet: Donnerstag, 12. März 2026 10:15\nAn: Max Muster <max@kunde.example>\nBetreff: Neustart",
    "________________________________\nVon: Hosting Support <support@hosting.example>\nGesendet: Donnerstag, 12. März 2026 10:15:30\nAn: Max Muster\nBetreff: Neustart",
    "-----Ursprüngliche Nachricht-----\nVon: Hosting Support <support@hosting.example>\nGesendet: Donnerstag, 12. März 2026 10:15\nAn: Max Muster\nBetreff: Neustart",
    'Gesendet: Donnerstag, 12. März 2026 um 10:15 Uhr\nVon: "Hosting Support" <support@hosting.example>\nAn: max@kunde.example\nBetreff: Neustart',
    "-------- Ursprüngliche Nachricht --------\nVon: Hosting Support <support@hosting.example>\nDatum: 12.03.26 10:15 (GMT+01:00)\nAn: max@kunde.example\nBetreff: Neustart",
    "-------- Original-Nachricht --------\nDatum: Thu, 12 Mar 2026 10:15:30 +0100\nVon: support@hosting.example\nAn: max@kunde.example\nBetreff: Neustart",
    '-----Original-Nachricht-----\nBetreff: Neustart\nDatum: 2026-03-12T10:15:30+0100\nVon: "Hosting Support" <support@hosting.example>\nAn: "max@kunde.example" <max@kunde.example>',
    "From: Hosting Support <support@hosting.example>\nSent: Thursday, March 12, 2026 10:15 AM\nTo: Max Muster <max@kunde.example>\nCc: Erika Muster <erika@kunde.example>;\n Otto Muster <otto@kunde.example>\nSubject: Neustart",
    "*From:* Hosting Support [mailto:support@hosting.example]\n*Sent:* Thursday, March 12, 2026 10:15 AM\n*To:* max@kunde.example\n*Subject:* Neustart",
    "-----Original Message-----\nFrom: Hosting Support <support@hosting.example>\nTo: max@kunde.example\nSent: Thu, Mar 12, 2026 10:15 am\nSubject: Neustart",
    "On Thursday, 12 March 2026, 10:15:30 CET, Hosting Support <support@hosting.example> wrote:",
    "Am Donnerstag, 12. März 2026, 10:15:30 MEZ hat Hosting Support <support@hosting.example> Folgendes geschrieben:",
    "De : Hosting Support <support@hosting.example>\nEnvoyé : jeudi 12 mars 2026 10:15\nÀ : max@kunde.example\nObjet : Neustart",
    "De: Hosting Support <support@hosting.example>\nEnviado el: jueves, 12 de marzo de 2026 10:15\nPara: max@kunde.example\nAsunto: Neustart",
    "De: Hosting Support <support@hosting.example>\nEnviada em: quinta-feira, 12 de março de 2026 10:15\nPara: max@kunde.example\nAssunto: Neustart",
    "Da: Hosting Support <support@hosting.example>\nInviato: giovedì 12 marzo 2026 10:15\nA: max@kunde.example\nOggetto: Neustart",
    "Van: Hosting Support <support@hosting.example>\nVerzonden: donderdag 12 maart 2026 10:15\nAan: max@kunde.example\nOnderwerp: Neustart",
    "Från: Hosting Support <support@hosting.example>\nSkickat: den 12 mars 2026 10:15\nTill: max@kunde.example\nÄmne: Neustart",
    "Fra: Hosting Support <support@hosting.example>\nSendt: 12. marts 2026 10:15\nTil: max@kunde.example\nEmne: Neustart",
    "Lähettäjä: Hosting Support <support@hosting.example>\nLähetetty: torstai 12. maaliskuuta 2026 10.15\nVastaanottaja: max@kunde.example\nAihe: Neustart",
    "Od: Hosting Support <support@hosting.example>\nWysłano: czwartek, 12 marca 2026 10:15\nDo: max@kunde.example\nTemat: Neustart",
    "Od: Hosting Support <support@hosting.example>\nOdesláno: čtvrtek 12. března 2026 10:15\nKomu: max@kunde.example\nPředmět: Neustart",
    "Feladó: Hosting Support <support@hosting.example>\nElküldve: 2026. március 12., csütörtök 10:15\nCímzett: max@kunde.example\nTárgy: Neustart",
    "От: Hosting Support <support@hosting.example>\nОтправлено: 12 марта 2026 г. 10:15\nКому: max@kunde.example\nТема: Neustart",
    "Kimden: Hosting Support <support@hosting.example>\nGönderilme Tarihi: 12 Mart 2026 Perşembe 10:15\nKime: max@kunde.example\nKonu: Neustart",
    "差出人: Hosting Support <support@hosting.example>\n送信日時: 2026年3月12日 10:15\n宛先: max@kunde.example\n件名: Neustart",
    "发件人: Hosting Support <support@hosting.example>\n发送时间: 2026年3月12日 10:15\n收件人: max@kunde.example\n主题: Neustart",
    "보낸 사람: Hosting Support <support@hosting.example>\n보낸 날짜: 2026년 3월 12일 목요일 오전 10:15\n받는 사람: max@kunde.example\n제목: Neustart",
    ">>> Hosting Support <support@hosting.example> 12.03.26 10.15 Uhr >>>",
    "________________________________\nPošiljatelj: Hosting Support <support@hosting.example>\nPoslano: četrtek, 12. marec 2026 10:15\nZa: Max\nZadeva: Neustart",
    '------ Originalnachricht ------\nVon "Hosting Support" <support@hosting.example>\nAn "Max" <max@kunde.example>\nDatum 12.03.2026 10:15:30\nBetreff Neustart',
    "---- Original message ----",
    "Op 12 mrt. 2026, om 10:15 heeft Hosting Support <support@hosting.example> het volgende geschreven:",
    "----- Nachricht von Hosting Support <support@hosting.example> ---------\n     Datum: Thu, 12 Mar 2026 10:15:30 +0100\n       Von: Hosting Support <support@hosting.example>\n   Betreff: Neustart\n        An: max@kunde.example",
]


def reply(text, **kwargs):
    return read_body(text, None, is_reply=kwargs.pop("is_reply", True), subject=kwargs.pop("subject", "Re: Neustart"))


@pytest.mark.parametrize("opener", MARKED)
def test_answer_above_a_marked_quote(opener):
    body = reply(f"{ABOVE}\n\n{opener}\n{QUOTED}\n")
    assert body.reply_text == ABOVE
    assert body.quoted_text == f"{opener}\n{QUOTED}"
    assert body.forwarded is None


@pytest.mark.parametrize("opener", MARKED)
def test_answer_below_a_marked_quote(opener):
    body = reply(f"{opener}\n{QUOTED}\n\n{ABOVE}\n")
    assert body.reply_text == ABOVE
    assert body.quoted_text == f"{opener}\n{QUOTED}"


@pytest.mark.parametrize("opener", MARKED)
def test_answers_within_a_marked_quote(opener):
    body = reply(
        f"Hallo,\n\n{opener}\n> Welcher Server?\n\nDer zweite, web02.\n\n> Wann?\nAm Montag um neun bitte.\n> Ihr Support\n"
    )
    assert body.reply_text == "Hallo,\n\nDer zweite, web02.\n\nAm Montag um neun bitte."
    assert "> Welcher Server?" in body.quoted_text
    assert "> Ihr Support" in body.quoted_text


@pytest.mark.parametrize("opener", UNMARKED)
def test_answer_above_an_unmarked_quote(opener):
    body = reply(f"{ABOVE}\n\n{opener}\n\n{PLAIN}\n")
    assert body.reply_text == ABOVE
    assert body.quoted_text == f"{opener}\n\n{PLAIN}"
    assert body.forwarded is None


@pytest.mark.parametrize("opener", UNMARKED)
def test_header_block_within_marks(opener):
    marked = "\n".join(f"> {line}" for line in f"{opener}\n\n{PLAIN}".split("\n"))
    body = reply(f"{ABOVE}\n\n{marked}\n")
    assert body.reply_text == ABOVE


@pytest.mark.parametrize(
    "line",
    [
        "Am 12. März schrieb ich Ihnen schon einmal folgendes:",
        "On Monday I wrote to you about this:",
        "Am Montag um 10:15 ist der Server ausgefallen, Ihr Kollege schrieb dazu:",
        "On your server you can run:",
        "Am Ende steht dort:",
        "Von: hier bis dort",
        "An: und aus geht es nicht",
        "Das Datum: 12.03.2026",
        "Er hat mir geschrieben:",
        "> mein eigener Pfeil",
        ">>> bitte hier <<<",
        "-----",
        "--- Log ---",
        "Betreff: Rechnung 4711",
    ],
)
def test_first_mail_is_never_cut(line):
    text = f"Hallo,\n\n{line}\n\nBitte helfen Sie mir, das geht so nicht.\n\nZweiter Absatz."
    body = reply(text, is_reply=False, subject="Server antwortet nicht")
    assert body.reply_text == text
    assert body.quoted_text == ""
    assert body.forwarded is None


@pytest.mark.parametrize(
    "marker", ["##- Bitte über dieser Zeile antworten -##", "##- Please reply above this line -##", "##- irgendwas -##"]
)
@pytest.mark.parametrize(
    "above",
    ["", "X Y kirjutas <support@hosting.example>:\n", "Pošiljatelj: support@hosting.example\nZadeva: Neustart\n"],
)
@pytest.mark.parametrize("mark", ["", "> ", ">", "> > "])
def test_our_marker_cuts_whatever_the_program_writes(marker, above, mark):
    body = reply(f"{ABOVE}\n\n{above}{mark}{marker}\n{mark}\n{mark}Guten Tag, wann dürfen wir?\n")
    assert body.reply_text == ABOVE
    assert "wann dürfen wir?" in body.quoted_text


def test_new_text_below_our_marked_marker_is_shown():
    body = reply("> ##- Please reply above this line -##\n> May we restart?\n\nYes, on Monday.\n")
    assert body.reply_text == "Yes, on Monday."


def test_marker_at_the_top_without_marks_hides_nothing():
    text = "##- Please reply above this line -##\nMay we restart? Yes, on Monday."
    assert reply(text).reply_text == text


def test_quote_before_the_opener_is_the_authors_own():
    body = reply("> Wann?\n\nAm Montag.\n\nAm 12.03.2026 um 10:15 schrieb Support:\n> Wann?\n> Ihr Support\n")
    assert body.reply_text == "> Wann?\n\nAm Montag."


def test_opener_behind_the_answer_on_the_same_line():
    body = reply("Ja bitte. Am 12.03.2026 um 10:15 schrieb Support <support@hosting.example>:\n> Wann?\n")
    assert body.reply_text == "Ja bitte."
    assert body.quoted_text == "Am 12.03.2026 um 10:15 schrieb Support <support@hosting.example>:\n> Wann?"


def test_header_block_at_the_top_of_an_answer_is_its_text():
    text = "Von: Max\nDatum: 12.03.2026 10:15\nAn: Support\nBetreff: Neustart\n\nJa bitte am Montag."
    assert reply(text).reply_text == text


def test_wrapped_quote_lines_stay_quoted():
    body = reply(
        "Ja.\n\nAm 12.03.2026 um 10:15 schrieb Support:\n> Siehe (https://hosting.example/a\n_b=1)\n> Ihr Support\n"
    )
    assert body.reply_text == "Ja."


def test_a_sentence_above_a_quote_is_the_authors():
    body = reply("Auf die Mail an max@kunde.example kam das hier:\n> Postfach voll\n")
    assert body.reply_text == "Auf die Mail an max@kunde.example kam das hier:"


def test_mbox_escape_is_no_quote():
    text = "Hallo,\n>From Monday on it is broken.\nBye for now, all of you."
    assert reply(text).reply_text == text


def test_empty_answer_above_a_quote_stays_empty():
    body = reply(f"Am 12.03.2026 um 10:15 schrieb Support:\n{QUOTED}")
    assert body.reply_text == ""
    assert body.quoted_text


@pytest.mark.parametrize(
    ("subject", "answers", "forwards"),
    [
        ("Re: x", True, False),
        ("AW: x", True, False),
        ("Re[2]: x", True, False),
        ("[desk #12] Re: x", True, False),
        ("[a] [b] WG: x", False, True),
        ("Antwort: x", True, False),
        ("RE：x", True, False),
        ("Fwd: Re: x", False, True),
        ("Re: Fwd: x", True, False),
        ("Ref: 4711", False, False),
        ("Rechnung: falsch", False, False),
        ("[", False, False),
        ("", False, False),
        (None, False, False),
    ],
)
def test_what_the_subject_says(subject, answers, forwards):
    context = context_of(is_reply=False, subject=subject)
    assert (context.answers, context.forwards) == (answers, forwards)
