"""Numbers with their name right before them: "Kundennr. 0044-18823", "Client 22190/A", "agreement no. AGR/2021/3308".

The name says what it is, so that the number may have any shape, even that of a telephone number or of a version; only
dates, amounts, years and addresses are none. One look at each name, of bounded length: linear in the line.
"""

import ipaddress
import re
from collections.abc import Iterator

from mailgate.core.who.request import ReferenceType

Hit = tuple[int, int, ReferenceType | None, str]
"""Start and end of the number in the line, type and value."""

_NAMES = {
    ReferenceType.CUSTOMER: r"(?:vertrags|kunden)konto|kunden?|kundin|kdn?|customer|client|cust|account|acct|a/c",
    ReferenceType.ORDER: r"bestell(?:ung)?|auftrag|vertrag|order|contract|agreement",
    ReferenceType.INVOICE: r"(?:storno)?rechnung|rechn?|invoice|bill|beleg|gutschrift|credit\snote|mahnung|do[ck]ument",
}
_NUMBERED = r"s?[-\s.,]{0,2}(?:nummer|number|nr|num|no|id|konto|kennung|ref|reference|code)"
_OWN = (
    r"(?i:(?:my|our|his|her|their|meine|unsere|ihre|seine)\s(?:number|no|nr|nummer)(?![^\W_])\.?"
    r"(?:\s(?:is|was|ist|war|lautet|glaube|ich|i|think|with|you|bei|euch|ihnen|uns)){0,4}|(?:ours|mine)(?=:)|(?<=\.\s)id)"
)
"""What people call their customer number where they do not call it so: "our no. with you: 9017734"."""

_NAMED = re.compile(
    rf"(?<![\w-])(?:(?i:{'|'.join(f'(?P<{kind.value}>{names})' for kind, names in _NAMES.items())})"
    rf"(?P<numbered>(?i:{_NUMBERED})){{0,2}}|(?P<own>{_OWN}))(?![^\W\d_])[\s.:#=(]{{0,4}}"
    r"(?P<value>(?<=[:\s])\d{2,4}(?:\s\d{1,4}){1,3}|(?:[A-Z]{1,4}[-/.]?)?\d[\dA-Z]{0,14}(?:[-/.][\dA-Z]{1,12}){0,5})"
    r"(?![-/.,]?[^\W_]|@|\s?[%€$£])"
)
_DATE = re.compile(
    r"\d{1,2}[./-]\d{1,2}(?:[./-](?:(?:19|20)\d\d|\d\d))?|(?:19|20)\d\d(?:[./-]\d{1,2}){0,2}|\d{1,2}[./-](?:19|20)\d\d"
)
_AMOUNT = re.compile(r"\s(?:[A-ZÄÖÜ][a-zäöü]{2,}|(?i:eur|euros?|usd|gbp|chf|mails|gb|mb|tb|users|pounds))\b")
_AT_END = re.compile(r"[ .)]*\Z")
_BANK = re.compile(r"\b(?:bank|sort code|iban|bic|blz|swift)\b", re.IGNORECASE)
_USUAL = re.compile(r"[1-9]\d{3,6}|\d{1,3}(?:\.\d{3})+|\d{2,3} \d{3}")
"""What the patterns of `references.py` read; they know lists and what may stand between."""


def named_numbers(line: str) -> Iterator[Hit]:
    """The numbers whose name stands right before them and whose shape is not the usual one."""
    for match in _NAMED.finditer(line):
        value = match["value"]
        kind = next((kind for kind in _NAMES if match[kind.value]), ReferenceType.CUSTOMER)
        plain = match["numbered"] is None and match["own"] is None
        if plain and (_AMOUNT.match(line, match.end()) or (" " in value and not _AT_END.match(line, match.end()))):
            continue
        beside = line[max(0, match.start() - 40) : match.end() + 40]
        at_bank = match[ReferenceType.CUSTOMER.value] is not None and _BANK.search(beside) is not None
        if not at_bank and _is_number(value, own=match["own"] is not None):
            yield match.start("value"), match.end("value"), kind, value


def _is_number(value: str, *, own: bool) -> bool:
    digits = sum(character.isdigit() for character in value)
    if not 4 <= digits <= 16 or _DATE.fullmatch(value) or (not own and _USUAL.fullmatch(value)):
        return False
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return True
    return False
