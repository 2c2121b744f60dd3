"""Why a grade is what it is, in an agent's language.

The reason is one line of English, kept with the mail (`core/who/grade.py`). What stands behind a colon, such as the
finding of a signature, are the terms of the standards and stays as it is.
"""

import re
from collections.abc import Mapping
from typing import Final

_ONE: Final = r"(\S+)"
_REST: Final = r"(.*)"
_GERMAN: Final[tuple[tuple[str, str], ...]] = (
    (r"From names no author", "From nennt keinen Autor"),
    (rf"From does not name one author beyond doubt: {_REST}", "From nennt nicht zweifelsfrei einen Autor: {}"),
    (r"the address in From is none that anybody can have", "die Adresse in From kann niemand haben"),
    (r"the evidence is about another author domain", "geprüft wurde eine andere Domain als die des Autors"),
    (rf"DMARC of {_ONE} fails: {_REST}", "DMARC von {} scheitert: {}"),
    (rf"our own mail server found that DMARC of {_ONE} fails", "DMARC von {} scheitert, sagt der eigene Mailserver"),
    (rf"signed by {_ONE}", "signiert von {}"),
    (r"our own mail server verified a signature", "der eigene Mailserver hat eine Signatur geprüft"),
    (
        r"our own mail server found that DMARC or aligned SPF passes",
        "DMARC oder SPF des Autors besteht, sagt der eigene Mailserver",
    ),
    (r"the author logged in at our own mail server", "der Autor war am eigenen Mailserver angemeldet"),
    (r"submitted on this machine by an agent", "von einem Bearbeiter auf dieser Maschine verschickt"),
    (rf"SPF of {_ONE} passes, which proof = {_ONE} accepts", "SPF von {} besteht, und proof = {} lässt das gelten"),
    (
        r"nothing refutes it, and proof = address asks for no more",
        "nichts spricht dagegen, und proof = address verlangt nicht mehr",
    ),
    (rf"DNS gave no answer: {_REST}", "DNS gab keine Antwort: {}"),
    (rf"the signature of {_ONE} proves nothing: {_REST}", "die Signatur von {} zeigt nichts: {}"),
    (
        rf"only SPF of {_ONE} passes, which other customers of the same host can pass too",
        "nur SPF von {} besteht, und das können auch andere Kunden desselben Hosters",
    ),
    (
        r"signed, but by another domain than the author's",
        "signiert, aber von einer anderen Domain als der des Autors",
    ),
    (
        rf"no signature of the author's domain verifies: {_REST}",
        "keine Signatur von der Domain des Autors ist gültig: {}",
    ),
    (r"there is no signature", "keine Signatur"),
    (rf"valid support PIN of account {_ONE}", "gültige Support-PIN des Kontos {}"),
    (rf"forwarded by {_REST}", "weitergeleitet von {}"),
    (rf"written down by {_REST}", "aufgeschrieben von {}"),
    (rf"confirmed by {_REST}", "bestätigt von {}"),
)
_REPLAY: Final = "; not signed for us within the last seven days, so it may be a replay"
_REPLAY_IN_GERMAN: Final = "; nicht für uns signiert oder älter als sieben Tage, also vielleicht nur wiederholt"
_PATTERNS: Final[Mapping[re.Pattern[str], str]] = {re.compile(english): german for english, german in _GERMAN}


def grade_in_words(why: str, language: str) -> str:
    """The reason of a grade in German; as it is in other languages, and where there is no better one."""
    if language != "de":
        return why
    core = why.removesuffix(_REPLAY)
    for pattern, german in _PATTERNS.items():
        if (found := pattern.fullmatch(core)) is not None:
            return german.format(*found.groups()) + (_REPLAY_IN_GERMAN if core != why else "")
    return why
