"""Records of the desk (`core/desk/memo.py`) in the language of whoever reads them."""

from collections.abc import Callable, Mapping

from mailgate.core.desk.memo import Memo, filled, read

_AFTER_UNREAD = (
    "ist angekommen und war nicht zu verarbeiten: {reason}.\n"
    "Sie liegt, wie sie kam. Mit Vorsicht ansehen: mailgate message export {id} > mail.eml\n"
    "Noch einmal verarbeiten, nach einer Aktualisierung etwa: mailgate message replay {id}\n"
)
_UNDELIVERED = "Die Mail an {recipient} ({template}) kam nicht an: {why}.\n"
SENTENCES: Mapping[str, Mapping[Memo, str]] = {
    "de": {
        Memo.CALLED_BACK: "Die Antwort an {people} wurde zurückgerufen, bevor sie hinausging.",
        Memo.MERGED: "#{number} ist Teil dieses Vorgangs geworden",
        Memo.OVERTAKEN: (
            "#{number} ist Teil dieses Vorgangs geworden: Eine Mail darin antwortet auf eine, die erst jetzt ankam"
        ),
        Memo.RELEASED: "freigegeben: {reason}",
        Memo.CONFIRMED: "bestätigt: {reason}",
        Memo.DENIED: "abgelehnt: {reason}",
        Memo.UNDELIVERED: _UNDELIVERED + "Eine andere Adresse, an die zu schreiben wäre, ist nicht bekannt.",
        Memo.UNDELIVERED_OTHERS: _UNDELIVERED + "Andere Adressen des Kundenkontos: {others}.",
        Memo.UNREAD_NULL: "Eine Mail mit leerem Absender, wie bei Zustellberichten, " + _AFTER_UNREAD,
        Memo.UNREAD: "Eine Mail von {sender} " + _AFTER_UNREAD,
        Memo.RUN_AGAIN: "Die Mail wurde noch einmal verarbeitet: {outcome}; sie hat keinen Vorgang.",
        Memo.RUN_AGAIN_IN: "Die Mail wurde noch einmal verarbeitet: {outcome}; sie steht jetzt in Vorgang {number}.",
        Memo.CUT: (
            "Diese Mail hat {size} MiB, mehr als angenommen wird. Hier steht nur ihr Anfang; die ganze Mail liegt noch "
            "im Postfach, an das sie ging. Was im Text oder unter den Anhängen fehlt, ist dort zu lesen."
        ),
    },
}


def memo_in_words(text: str, language: str, in_words: Callable[[str], str]) -> str:
    """A memo as somebody with that language reads it; `in_words` gives our words for a kind of mail."""
    found = read(text)
    sentences = SENTENCES.get(language)
    if found is None or sentences is None:
        return text
    memo, values = found
    if "template" in values:
        values["template"] = in_words(f"mail-{values['template']}")
    if memo is Memo.CUT and language == "de":
        values["size"] = values["size"].replace(".", ",")
    return filled(sentences[memo], values)
