"""What of a mail is its author's request: the new text of an answer, all that a first mail brings."""

import re

from mailgate.core.desk.pin import hide_pins
from mailgate.core.mail.mail import ParsedMail

# Who asks about a mail does not ask for what stands in it: customers pass phishing on to be told.
_ABOUT = re.compile(
    r"\b(?:phishing|spam|scam|fraud\w*|fake|hoax|betrug\w*|betrüg\w*|gefälscht|verdächtig\w*|seriös|suspicious|"
    r"genuine|legit\w*|von ihnen|von euch|from you)\b|\becht\s?\?",
    re.IGNORECASE,
)
_MOST_ASKED = 5_000  # characters of the new text that are looked at


def new_words(mail: ParsedMail) -> str:
    """All of a mail that quotes nothing, else the new text and the signature with its numbers."""
    if not mail.quoted_text or not mail.reply_text:
        return mail.text
    return f"{mail.reply_text}\n\n{mail.signature}"


def request_words(mail: ParsedMail, *, answers: bool) -> str:
    """What the request is read from: of an answer in a thread of ours the new words, else the whole mail.

    A request can stand in what is quoted or forwarded ("please see to it"), where agents read it too (threats ID-25).
    """
    if answers or _ABOUT.search(mail.reply_text[:_MOST_ASKED]):
        return new_words(mail)
    return mail.text


def own_words(mail: ParsedMail, *, answers: bool) -> str:
    """The same without support PINs: eight digits are no number of a customer or an order (threats PR-05)."""
    return hide_pins(request_words(mail, answers=answers))


def own_subject(mail: ParsedMail) -> str:
    """The subject without support PINs."""
    return hide_pins(mail.subject or "")
