"""Laws of the text parts: nothing is lost, nothing is cut from a first mail, the time is linear (threat MB-13)."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.cost import growth

from mailgate.parse.body import Body, read_body

PIECES = [
    "",
    "Hallo zusammen,",
    "Ja, bitte am Montag.",
    "> Wann dürfen wir?",
    ">> und davor?",
    " > eingerückt",
    "Am 12.03.2026 um 10:15 schrieb Support <s@h.example>:",
    "On Thu, Mar 12, 2026 at 10:15 AM Support <",
    "s@h.example> wrote:",
    "Ja. Am 12.03.2026 um 10:15 schrieb Support <s@h.example>:",
    "-----Ursprüngliche Nachricht-----",
    "---------- Forwarded message ---------",
    "----- End forwarded message -----",
    "Begin forwarded message:",
    "Von: Support <s@h.example>",
    "Gesendet: Donnerstag, 12. März 2026 10:15",
    "An: Max",
    "Betreff: Neustart",
    "> Von: Support <s@h.example>",
    "> Betreff: Neustart",
    "________________________________",
    "##- Bitte über dieser Zeile antworten -##",
    "> ##- Please reply above this line -##",
    "-- ",
    "Mit freundlichen Grüßen",
    "Danke",
    "Max Muster",
    "Tel. 030 123456",
    "Von meinem iPhone gesendet",
    "Disclaimer",
    "\ufeff> Apple",
    "\u00a0",
    "x" * 300,
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=25).map("\n".join)
SUBJECTS = st.sampled_from([None, "Neustart", "AW: Neustart", "Re: x", "Fwd: x", "WG: Re: x", ":", ""])


def _words(text):
    return sorted(text.split())


def _parts(body: Body) -> str:
    return f"{body.reply_text}\n{body.quoted_text}\n{body.signature}"


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(TEXTS, st.booleans(), SUBJECTS)
def test_no_word_is_lost_or_doubled(text, is_reply, subject):
    body = read_body(text, None, is_reply=is_reply, subject=subject)
    assert body.text == text
    assert _words(_parts(body).replace("-", "")) == _words(text.replace("-", ""))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400), st.booleans(), SUBJECTS)
def test_any_text_is_read(text, is_reply, subject):
    body = read_body(text, None, is_reply=is_reply, subject=subject)
    assert "".join(_parts(body).split()) or not text.split()


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("<>/abdivpqulobcket=\"' &;\n"), max_size=300), st.booleans())
def test_any_html_is_read(html, is_reply):
    body = read_body(None, html, is_reply=is_reply, subject=None)
    assert _words(_parts(body)) == _words(body.text)


@settings(max_examples=300, deadline=None)
@given(TEXTS, SUBJECTS)
def test_reading_the_new_text_again_loses_nothing(text, subject):
    """A signature may stand at the end only now; no word goes or comes twice."""
    once = read_body(text, None, is_reply=True, subject=subject)
    again = read_body(once.reply_text, None, is_reply=False, subject="Neustart")
    assert _words(_parts(again).replace("-", "")) == _words(once.reply_text.replace("-", ""))


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.booleans(), SUBJECTS)
def test_line_ends_make_no_difference(text, is_reply, subject):
    assert read_body(text.replace("\n", "\r\n"), None, is_reply=is_reply, subject=subject) == read_body(
        text, None, is_reply=is_reply, subject=subject
    )


PROSE = st.lists(
    st.sampled_from(
        [
            "Der Server antwortet nicht mehr.",
            "Von hier aus geht es nicht, an der Leitung liegt es nicht.",
            "On Monday it was fine.",
            "Am Montag schrieb ich Ihnen schon:",
            "Betreff der Rechnung ist falsch:",
            "> show version",
            "12.03.2026 10:15 Fehler 500",
            "Das Problem: keine Verbindung",
            "----------",
            "Sie schrieben mir am 3. Mai, es sei erledigt.",
            "",
        ]
    ),
    max_size=15,
).map("\n".join)


@settings(max_examples=200, deadline=None)
@given(PROSE)
def test_a_first_mail_is_never_cut_down(text):
    body = read_body(text, None, is_reply=False, subject="Server antwortet nicht")
    assert body.quoted_text == ""
    assert body.forwarded is None
    assert _words(body.reply_text + " " + body.signature) == _words(text)


@pytest.mark.parametrize("empty", [None, "", " \n \n"])
def test_no_text(empty):
    body = read_body(empty, None, is_reply=True, subject=None)
    assert (body.reply_text, body.quoted_text, body.signature, body.forwarded) == ("", "", "", None)


HOSTILE = {
    "blank lines": lambda n: "\n" * n,
    "blank quoted lines": lambda n: ">\n" * n,
    "Am Am": lambda n: "Am " * n,
    "On x": lambda n: "On x" * n,
    "On x lines": lambda n: "On x\n" * n,
    "Von: a": lambda n: "Von: a\n" * n,
    "Von: a, Datum": lambda n: "Von: a\nDatum: b\n" * (n // 2),
    "header lines and blank": lambda n: "From: a\n\nTo: b\n\n" * (n // 4),
    "quotes": lambda n: "> Wann dürfen wir den Server neu starten?\n" * n,
    "quote and answer": lambda n: "> Wann?\nMontag\n" * (n // 2),
    "deeper and deeper": lambda n: "\n".join(">" * (i % 200) + " x" for i in range(n)),
    "one deep line": lambda n: ">" * n,
    "spaced deep line": lambda n: "> " * n,
    "wrote:": lambda n: "x wrote:\n" * n,
    "attributions": lambda n: "On 12.03.2026 10:15, a@b.example wrote:\n" * n,
    "open attributions": lambda n: "On 12.03.2026 10:15, a@b.example wrote\n" * n,
    "colons": lambda n: ":\n" * n,
    "one line of colons": lambda n: ": " * n,
    "wrote in one line": lambda n: "wrote " * n + ":",
    "dates": lambda n: "12.03.2026 10:15 " * n + ":",
    "rules": lambda n: "-----\n" * n,
    "one rule": lambda n: "-" * n,
    "forwards": lambda n: "---- Forwarded message ----\n" * n,
    "marked forwards": lambda n: "> ---- Forwarded message ----\n\n" * n,
    "markers": lambda n: "##- x\n" * n,
    "whole markers": lambda n: "> ##- x -##\n" * n,
    "delimiters": lambda n: "-- \n" * n,
    "closings": lambda n: "Viele Grüße\n" * n,
    "names": lambda n: "Max Muster\n\n" * n,
    "phones": lambda n: "Tel. 030 1234567\n" * n,
    "digits": lambda n: "1" * n + "\n" + "1 " * n,
    "sent from": lambda n: "Sent from my iPhone\n" * n,
    "notes": lambda n: "This e-mail is confidential\n" * n,
    "open brackets": lambda n: "> (\n)\n" * n,
    "carriage returns": lambda n: "\r" * n,
    "no-break spaces": lambda n: "\u00a0\n" * n,
    "words": lambda n: "Wort " * n,
    "commas": lambda n: "From: " + "a@b.example, " * n,
}


def _read(text):
    return read_body(text, None, is_reply=True, subject="Re: x")


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_mb_13_hostile_bodies_are_linear(name):
    assert growth(HOSTILE[name], _read, 1_500, 12_000) < 24  # eight times the input


def test_mb_13_a_megabyte_of_quotes_stays_quoted():
    quote = "> Wann dürfen wir den Server neu starten?\n" * 25_000
    body = read_body(
        f"Montag.\n\nAm 12.03.2026 um 10:15 schrieb Support:\n{quote}", None, is_reply=True, subject="AW: x"
    )
    assert body.reply_text == "Montag."
    assert body.quoted_text.count("neu starten") == 25_000


def test_nothing_is_lost_behind_the_lines_that_are_looked_at():
    tail = "".join(f"Zeile {number}\n" for number in range(30_000))
    body = read_body(
        f"Siehe unten.\n\n---- Forwarded message ----\nFrom: a@b.example\nSubject: Log\n\n{tail}",
        None,
        is_reply=False,
        subject="Fwd: Log",
    )
    assert body.reply_text == "Siehe unten."
    assert body.quoted_text.endswith("Zeile 29999")
    assert body.forwarded is not None
    assert body.forwarded.text.endswith("Zeile 29999")
    first = read_body(tail, None, is_reply=False, subject="Log")
    assert first.reply_text == tail.rstrip()
