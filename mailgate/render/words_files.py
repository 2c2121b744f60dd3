"""Our own words for attachments that a department did not take, and for what it takes."""

from collections.abc import Callable, Mapping

from mailgate.core.desk.notice import Value
from mailgate.render.header import clean_header

_WHY = {
    "de": {"size": "größer als {limit}", "count": "zu viele Anhänge", "type": "diese Art nehmen wir nicht an"},
    "en": {"size": "larger than {limit}", "count": "too many attachments", "type": "not a kind that we take"},
}
_TYPES = {
    "de": {"image/*": "Bilder", "text/*": "Texte", "text/plain": "Textdateien", "message/rfc822": "E-Mails"},
    "en": {"image/*": "pictures", "text/*": "texts", "text/plain": "text files", "message/rfc822": "e-mails"},
}
_PROGRAMS = {
    "application/msword": "Word (doc)",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word (docx)",
    "application/vnd.ms-excel": "Excel (xls)",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel (xlsx)",
    "application/vnd.oasis.opendocument.text": "OpenDocument (odt)",
    "application/vnd.oasis.opendocument.spreadsheet": "OpenDocument (ods)",
}
_UNITS = ((2**30, "GB"), (2**20, "MB"), (2**10, "KB"), (10**9, "GB"), (10**6, "MB"), (10**3, "KB"))
_MOST_TYPES = 6
_LONGEST_TYPE = 24
_LONGEST_PLAIN = 6  # letters of a subtype that people know by itself: PDF, PNG, JPEG


def file_variables(values: Mapping[str, Value], language: str, cleaned: Callable[[str], str]) -> dict[str, Value]:
    """What a receipt says of attachments that were not taken; `cleaned` takes agents' addresses out of names."""
    named, size, types = values.get("not_taken"), values.get("takes_size"), values.get("takes_types")
    found: dict[str, Value] = {"not_taken": [], "not_taken_count": 0}  # receipts that an older version owed
    if isinstance(named, list):
        shown = [item for item in named if isinstance(item, dict)]
        found["not_taken"] = [
            f"{clean_header(cleaned(item['name']))} ({why_not_taken(item, language)})" for item in shown
        ]
    if isinstance(count := values.get("not_taken_count"), int):
        found["not_taken_count"] = count
    if isinstance(size, int):
        found["takes_size"] = _people_size(size)
    if isinstance(types, list):
        names = [kind_of_file(item, language) for item in types[:_MOST_TYPES] if isinstance(item, str)]
        found["takes_types"] = [*dict.fromkeys(names), *(["…"] if len(types) > _MOST_TYPES else [])]
    return found


def why_not_taken(item: Mapping[str, str], language: str) -> str:
    """Why an attachment was not taken: `larger than 10 MB`."""
    limit = _people_size(int(item["limit"])) if item["refusal"] == "size" else item["limit"]
    return _WHY.get(language, _WHY["en"])[item["refusal"]].format(limit=limit)


def kind_of_file(kind: str, language: str) -> str:
    """A MIME type as people call it: `PDF`, `pictures`."""
    known = _TYPES.get(language, _TYPES["en"]).get(kind) or _PROGRAMS.get(kind)
    subtype = kind.partition("/")[2]
    return known or (subtype.upper() if subtype.isalnum() and len(subtype) <= _LONGEST_PLAIN else kind[:_LONGEST_TYPE])


def _people_size(octets: int) -> str:
    """`10 MB` for 10 MiB: nobody but us tells them apart, and what is refused is larger than either."""
    for unit, name in _UNITS:
        if octets % unit == 0:
            return f"{octets // unit} {name}"
    return f"{octets} B"
