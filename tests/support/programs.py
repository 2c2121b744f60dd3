"""Answers as mail programs write them: Outlook, Gmail, Apple Mail, Thunderbird and a telephone, German and English.

Only the shapes matter: where the quote begins, how it is marked, what stands in HTML. `reply` gives header fields and
the body; the words and what is quoted come from the caller.
"""

import html
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default

_POLICY = default.clone(linesep="\r\n", cte_type="8bit", max_line_length=200)
DAYS = {
    "de": ("Mo.", "Di.", "Mi.", "Do.", "Fr.", "Sa.", "So."),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


@dataclass(frozen=True)
class Quoted:
    """The mail that is answered."""

    author: str
    address: str
    subject: str
    text: str
    to: str

    def marked(self):
        return "\n".join(f"> {line}".rstrip() for line in self.text.strip("\n").split("\n"))

    def as_html(self):
        return html.escape(self.text).replace("\n", "<br>\n")


def new(program, text):
    """A mail that answers nothing."""
    return _alternative(text, f"<p>{_lines(text)}</p>") if program in {"outlook", "gmail"} else _plain(text)


def reply(program, language, text, quoted, when):
    """An answer with what the program adds; `when` is the moment of the quoted mail."""
    return _PROGRAMS[program](language, text, quoted, when)


def _outlook(language, text, quoted, when):
    names = {
        "de": ("Von", "Gesendet", "An", "Betreff", f"{when:%d. %m %Y %H:%M}"),
        "en": ("From", "Sent", "To", "Subject", f"{when:%d %B %Y %H:%M}"),
    }[language]
    values = (f"{quoted.author} <{quoted.address}>", names[4], quoted.to, quoted.subject)
    head = list(zip(names[:4], values, strict=True))
    plain = f"{text}\n\n" + "\n".join(f"{name}: {value}" for name, value in head) + f"\n\n{quoted.text}"
    block = "<br>".join(f"<b>{name}:</b> {html.escape(value)}" for name, value in head)
    border = "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"
    marked = f'<div style="{border}"><p class=MsoNormal>{block}</p></div><p class=MsoNormal>{quoted.as_html()}</p>'
    return _alternative(plain, f"<div class=WordSection1><p class=MsoNormal>{_lines(text)}</p>{marked}</div>")


def _gmail(language, text, quoted, when):
    day = DAYS[language][when.weekday()]
    said = {
        "de": f"Am {day}, {when:%d. %b. %Y} um {when:%H:%M} Uhr schrieb {quoted.author} <{quoted.address}>:",
        "en": f"On {day}, {when.day} {when:%b %Y} at {when:%H:%M}, {quoted.author} <{quoted.address}> wrote:",
    }[language]
    block = f'<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">{quoted.as_html()}</blockquote>'
    marked = f'<div class="gmail_quote"><div dir="ltr" class="gmail_attr">{html.escape(said)}<br></div>{block}</div>'
    return _alternative(f"{text}\n\n{said}\n\n{quoted.marked()}\n", f'<div dir="ltr">{_lines(text)}</div><br>{marked}')


def _apple(language, text, quoted, when):
    said = {
        "de": f"Am {when:%d.%m.%Y} um {when:%H:%M} schrieb {quoted.author} <{quoted.address}>:",
        "en": f"On {when.day}. {when:%b %Y}, at {when:%H:%M}, {quoted.author} <{quoted.address}> wrote:",
    }[language]
    return _plain(f"{text}\n\n> {said}\n> \n{quoted.marked()}\n")


def _thunderbird(language, text, quoted, when):
    said = {
        "de": f"Am {when:%d.%m.%y} um {when:%H:%M} schrieb {quoted.author}:",
        "en": f"On {when:%d/%m/%Y} {when:%H:%M}, {quoted.author} wrote:",
    }[language]
    return _plain(f"{text}\n\n{said}\n{quoted.marked()}\n")


def _phone(language, text, quoted, when):
    sent = {"de": "Von meinem iPhone gesendet", "en": "Sent from my iPhone"}[language]
    said = {
        "de": f"Am {when:%d.%m.%Y} um {when:%H:%M} schrieb {quoted.author} <{quoted.address}>:",
        "en": f"On {when.day} {when:%b %Y}, at {when:%H:%M}, {quoted.author} <{quoted.address}> wrote:",
    }[language]
    return _plain(f"{text}\n\n{sent}\n\n> {said}\n> \n> \ufeff{quoted.marked().removeprefix('> ')}\n")


_PROGRAMS = {"outlook": _outlook, "gmail": _gmail, "apple": _apple, "thunderbird": _thunderbird, "phone": _phone}
PROGRAMS = tuple(_PROGRAMS)


def _lines(text):
    return html.escape(text).replace("\n", "<br>\n")


def _plain(text):
    mail = EmailMessage(policy=_POLICY)
    mail.set_content(text)
    return mail


def _alternative(text, markup):
    mail = _plain(text)
    mail.add_alternative(f"<html><body>{markup}</body></html>", subtype="html")
    mail.set_boundary("=_mixed_of_a_mail_program")
    return mail
