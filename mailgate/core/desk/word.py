"""A customer's word in the first line of an answer: it is settled, or how far is it?"""

import re

from mailgate.core.desk.case import Case, ThreadFact
from mailgate.core.desk.decision import Word
from mailgate.core.desk.ticket import Purpose
from mailgate.core.who.address import canonical
from mailgate.core.who.evidence import Assurance

_WORDS = {
    Word.CLOSE: "close closed erledigt gelöst geloest solved resolved",
    Word.STATUS: "status stand",
}
_WORD = {text: word for word, texts in _WORDS.items() for text in texts.split()}
_COURTESY = frozenset(
    "bitte danke dankeschön vielen herzlichen dank ist hat sich das schon bereits thank thanks you please it is has "
    "been this ticket vorgang der den wie the what s".split()
)
_LETTERS = re.compile(r"[^\W\d_]+")
_LONGEST = 60  # characters: a word and courtesy, no sentence
_MOST_BELOW = 400  # characters: a greeting and a signature, no further matter


def word_of(case: Case, thread: ThreadFact) -> Word | None:
    """The word that the mail says to its ticket; the author may write there.

    It is the requester's or a contact's to say; people who were added alone read and write (threats TH-04). Closing
    needs the own key, or proof.
    """
    author = canonical(case.mail.author.address) if case.mail.author else None
    ticket, account, key = thread.ticket, case.facts.identity.account, thread.key
    own = author == canonical(ticket.requester.address)
    if author is None or not (own or (account is not None and account.number == ticket.account)):
        return None
    word = read_word(case.mail.reply_text)
    with_key = key is not None and key.person == author and key.purpose is Purpose.REPLY and not key.expired
    proved = case.grade.assurance in {Assurance.PROVED, Assurance.CONFIRMED} and case.grade.signed_to_us
    return word if word is not Word.CLOSE or with_key or proved else None


def read_word(reply_text: str) -> Word | None:
    """The word in the first line with letters, where that holds nothing but the word and courtesy.

    "The problem is not solved" and "close port 25 please" are for people, and so is a further question below the word:
    a wrong guess would close what is open.
    """
    lines = reply_text.split("\n")
    for number, line in enumerate(lines):
        words = _LETTERS.findall(line[: 2 * _LONGEST].lower())
        if words:
            found = {_WORD[word] for word in words if word in _WORD}
            known = len(line.strip()) <= _LONGEST and all(word in _WORD or word in _COURTESY for word in words)
            word = (
                next(iter(found))
                if known and len(found) == 1 and not line.lstrip().startswith((">", "|", "!"))
                else None
            )
            return None if word is Word.CLOSE and _goes_on("\n".join([line, *lines[number + 1 :]])) else word
    return None


def _goes_on(text: str) -> bool:
    return len(text) > _MOST_BELOW or "?" in text
