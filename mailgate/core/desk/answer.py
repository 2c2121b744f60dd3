"""What the first line of an answer says: yes, no, or something for people to read."""

import re

from mailgate.core.desk.decision import Answer

_YES = frozenset(
    "yes y ja j jo jap jep jup jawohl ok okay oki genehmigt bestätigt bestaetigt bestätige bestaetige einverstanden "
    "passt approved confirmed agree agreed sure yep yup yeah stimmt stimme freigegeben erteilt richtig korrekt".split()
)
_NO = frozenset(
    "no n nein nee nö noe nope nicht not nie niemals never keinesfalls keinen wasn isn didn don deny denied reject "
    "rejected lehne ablehnen abgelehnt".split()
)
# Yes where the author does it ("I confirm", "that is correct"); alone before "please" they ask something of us.
_VERBS = frozenset("confirm approve correct".split())
_FILLER = frozenset(
    "das dies diese dieser ist so in ordnung bitte danke vielen dank please thanks thank you i we it is this that s t "
    "ich wir es sie hiermit gerne gern alles klar auf jeden fall ab zu natürlich of course the request die anfrage den "
    "antrag freigabe to".split()
)
# What a yes may say more of itself; a no says the contrary by it ("nein, das war ich"), unless a "not" stands with it.
_OWN_DEED = frozenset(
    "war bin bins wars mir mich von me my from did send sent requested ausführen ausfuehren "
    "durchführen durchfuehren bearbeiten freigeben proceed do go ahead".split()
)
_NOT = frozenset("nicht not wasn isn didn don never nie niemals".split())
_DOUBT = frozenset(
    "aber jedoch allerdings doch but nur only wenn if sofern falls sobald nachdem bevor unless until außer ausser "
    "except erst warten wartet wait oder or".split()
)
_WORD = re.compile(r"[^\W\d_]+")
_SAYS = re.compile(r"[\w?¿؟]")  # a line of nothing but marks says nothing
_MOST = 80  # characters of a line that is an answer and nothing else


def read_answer(reply_text: str) -> Answer:
    """Read the first line that says anything.

    Only a line made of nothing but the answer and courtesy counts; "ja, aber …", "no problem" and whole sentences go
    to people, for a wrong yes opens an account to a stranger.
    """
    lines = iter(reply_text.split("\n"))
    first = next((line for line in lines if _SAYS.search(line)), "").strip()
    if len(first) > _MOST or "?" in first or first.startswith(">") or any(char.isdigit() for char in first):
        return Answer.OTHER
    answer = _judge(first, _WORD.findall(first.lower()))
    return Answer.OTHER if _goes_on(answer, first, next(lines, ""), next(lines, "")) else answer


def _judge(line: str, words: list[str]) -> Answer:
    yes = any(word in _YES for word in words) or _is_said_by_author(words)
    no = any(word in _NO for word in words)
    known = _FILLER if no and not _NOT.intersection(words) else _FILLER | _OWN_DEED
    if yes == no or not all(word in _YES | _NO | _VERBS | known or _is_was(word, words) for word in words):
        return Answer.OTHER
    if all(len(word) == 1 for word in words) and len(line.rstrip("!")) > 1:
        return Answer.OTHER  # "J." is a name
    return Answer.YES if yes else Answer.NO


def _is_said_by_author(words: list[str]) -> bool:
    return not _VERBS.isdisjoint(words) and (len(words) == 1 or not {"i", "we", "is", "s"}.isdisjoint(words))


def _is_was(word: str, words: list[str]) -> bool:
    """English in "that was me"; in German it asks."""
    return word == "was" and "me" in words


def _goes_on(answer: Answer, first: str, second: str, third: str) -> bool:
    """True where the next line sets a condition or says the contrary: a program broke the sentence there."""
    below = second if second.strip() or not first.endswith((",", "…", "..")) else third
    words = _WORD.findall(below[:_MOST].lower()) if not below.startswith(">") else []
    return bool(words) and words[0] in _DOUBT | (_NO if answer is Answer.YES else _YES)
