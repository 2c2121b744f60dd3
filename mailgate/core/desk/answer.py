"""What the first line of an answer says: yes, no, or something for people to read."""

import re

from mailgate.core.desk.decision import Answer

_YES = frozenset(
    "yes y ja j jo jawohl ok okay oki genehmigt bestätigt bestaetigt bestätige bestaetige einverstanden passt approve "
    "approved confirm confirmed agreed sure yep yeah stimmt freigegeben richtig korrekt correct".split()
)
_NO = frozenset("no n nein nee nö noe nicht never deny denied reject rejected ablehnen abgelehnt nope niemals".split())
_FILLER = frozenset(
    "das ist so in ordnung bitte danke vielen dank please thanks thank you i we it is that s ich wir es hiermit gerne "
    "alles klar auf jeden fall natürlich of course the request die anfrage den antrag to do go ahead".split()
)
_DOUBT = frozenset("aber but nur only wenn if sofern falls außer ausser except erst warten wait".split())
_WORD = re.compile(r"[^\W\d_]+")


def read_answer(reply_text: str) -> Answer:
    """Read the first line that holds words.

    Only a line made of nothing but the answer and courtesy counts; "ja, aber …", "no problem" and whole sentences go
    to people, for a wrong yes opens an account to a stranger.
    """
    for line in reply_text.split("\n"):
        words = _WORD.findall(line[:200].lower())
        if words:
            return _judge(words) if len(line) <= 80 and "?" not in line else Answer.OTHER
    return Answer.OTHER


def _judge(words: list[str]) -> Answer:
    yes = any(word in _YES for word in words)
    no = any(word in _NO for word in words)
    known = all(word in _YES or word in _NO or word in _FILLER for word in words)
    if not known or yes == no or _DOUBT.intersection(words):
        return Answer.OTHER
    return Answer.YES if yes else Answer.NO
