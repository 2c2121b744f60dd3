"""The forms of numbers, names and addresses that the rules of `references.py` know, and what only looks like one.

All hold for one line of bounded length and have no nested repeats: linear in the text.
"""

import re

NUMBER_WORD = r"(?:[\s.:#-]{0,3}(?:nr|no|number|nummer|num|id)\b)?[\s.:#()=-]{0,4}"
CUSTOMER = (
    r"(?<![\w-])(?:kunden?|kundin|kd|kdn|kn|kund|knd|k(?=[.-]{0,2}nr)|customers?|cust|client|kto|account|acct|"
    r"(?:meine|unsere|my|our)(?= (?:nummer|number|nr|no|id)\b))"
    r"(?:[\s._-]{0,2}(?:nummer|number|nr|no|num|id|konto|zugang|kennung|login|account|reference|ref|code)){0,3}"
    r"(?:\.?\s(?:ist|lautet|is|war|die|the|meine|my)){0,3}[\s.:#()=№-]{0,4}"
    r"([A-Z]{1,3}-\d{4,7}|[1-9]\d{3,6}|[1-9]\d[. ]\d{3}|\d{2}-\d{4,6})(?![\w-]|\.\d)"
)
ORDER = (
    r"(?<![\w-])(?:orders?|purchase order|auftrag(?:s|es)?|auftragsbest(?:ä|ae)tigung|bestell(?:ung|bestätigung)|"
    r"bestellungen|bestell(?=-?n)|best\.?(?=-?nr)|serververtrag|contract order|order confirmation|po)"
    rf"(?:s?-?(?:nummer|nr|no|number|id)\b)?{NUMBER_WORD}((?!(?:19|20)\d\d(?!\d))[A-Z]{{0,4}}-?"
    r"(?:\d{4,10}|\d{3} \d{3}|\d{2,6}-\d{3,8}))(?![\w-]|\.\d)"
)
ORDER_CODE = (
    r"(?<![\w-])((?:(?:AB|AUF|SO) (?=\d[\d/-]{4})|(?:AB|AUF|BST|ORD|SO|PO)[-_/])(?:20\d\d[-_/])?\d{3,8})(?![\w-])"
)
HASH_ORDER = r"(?<![\w&/#])(?<!ticket \[)(?<!ticket )(?<!vorgang )#(\d{6,8})(?![\w-])"
INVOICE_CODE = (
    r"(?<![\w/-])((?:(?:INV|RE|RG) |(?:INV|RE|RG|RNR|RECH|R|GS|GUT|CN|BILL|IN|RN|ST|CR)[-_/]?)(?:20\d\d[-_/]?|\d\d/)?"
    r"\d{3,10}(?:[-/]\d{1,8})*)"
    r"(?![\w-])"
)
INVOICE_YEAR = (
    r"(?<![\w/.-])(?-i:(?<![A-Z] ))(20\d\d[-_/](?:(?:INV|RE|RG|R|GS|CN)[-_/]?\d{3,8}|(?<=-)\d{4,8}))(?![\w-])"
)
INVOICE = (
    r"(?<![\w-])(?:rechnung(?:en|s)?|re|rg|rechn|invoices?|inv|bill|beleg|gutschrift|stornorechnung|credit note|"
    r"zahlungserinnerung|mahnung)"
    rf"(?:s?-?(?:nummer|nr|no|number|id)\b)?{NUMBER_WORD}(?<!\w)((?!(?:19|20)\d\d(?![\d/-]))[A-Z]{{0,4}}[-_/]?(?:\d{{4,12}}|\d\d-\d{{4,8}})"
    r"(?:[-/]\d{1,8})*)(?![\w-]|\.\d)"
)
SERVER = r"(?<![\w.@-])([A-Za-z][A-Za-z0-9]{0,30}(?:[_-][A-Za-z0-9]{1,30}){0,5})(?![\w@-]|\.[A-Za-z0-9])"
NAMED_SERVER = (
    r"(?<!\w)(?:hostname(?:n|s|:| is| ist| lautet)? |(?:server|host|maschine|machine|vm|rechner|box|kiste|node)s?,? "
    r"(?:(?:namens|named|called|genannt|heißt) "
    r"[\"'\u201e\u201c\u201d]?|(?:(?:that )?(?:you|we|i) call(?:ed)? |(?:der|die) (?:bei (?:uns|euch|ihnen) )?)?"
    r"[\"'\u201e\u201c\u201d]))([a-z][a-z0-9]{2,20})(?![\w-]|\.\w)"
)
DOMAIN = (
    r"(?:(?<![\w.-])|(?<=\*\.))(?:(?:[\w-]{1,40}\.)?(?:_[a-z]{2,20}\.){1,2})?"
    r"((?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}(?:[^\W\d_]{2,24}|xn--[a-z0-9-]{2,58}))"
    r"(?!\w|(?-i:-[a-z0-9])|\.\w)"
)
IPV4 = r"(?:(?<![\w.])(?<![^\d\s]-)|(?<=\bIP))((?:\d{1,3}\.){3}\d{1,3})(?!\w|\.\d)"
IPV6 = r"(?<![\w:.])((?:[0-9A-Fa-f]{0,4}:){2,8}[0-9A-Fa-f]{0,4})(?![\w:])"

NEVER = (
    re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![A-Za-z0-9])"),  # IBAN
    re.compile(r"\[#\d{1,10}\]"),  # a ticket's tag
    re.compile(r"(?<![\w-])web-?[1-9]\d{2,6}(?![\w-])", re.IGNORECASE),
)
PATH = re.compile(r"(?::\d{1,5})?[/?][^\s<>\"]{0,500}")
"""What follows the domain in a link."""
ABBREVIATED = re.compile(r"[^\W\d_]{1,12}\.(?:nr|no|id)", re.IGNORECASE)
NUMBER_FOLLOWS = re.compile(r"\.?[\s:#=-]{1,3}[A-Z]{0,4}[\s-]?\d")
"""What looks like a domain and is a number's name: "kd.nr 7 12 18", "acc.no: 4471"."""
TAG = re.compile(r"(?:\[#|\bticket ?# ?)(\d{4,16})(?!\d)", re.IGNORECASE)
MOST_TAGS = 5
BLANKED: tuple[re.Pattern[str], ...] = (
    re.compile(r"(?<![\w/])\d{2,3}/\d{3}/\d{4,5}(?![\w/])"),  # a German tax number
    re.compile(
        r"\b(?:ticket|vorgang|vorgangs|case|anfrage|issue|incident|fall|lieferschein|sendung|delivery note|pr|cve|rfc|"
        r"error|fehler|fehlercode|port|ports|code|job|aktenzeichen|az|rma|seriennummer|serial)"
        r"(?:[ -]?(?:nummer|number|nr\.?|no\.?|id))?[\s:#-]{0,4}\d[\d/-]{1,20}",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?:unser|mein|our|my) (?:zeichen|ref(?:erence)?)\b[\s.:]{0,3}[A-Z\d][\w/-]{1,30}", re.IGNORECASE),
    re.compile(r"\b(?:version|php|v)[\s.:]{0,2}\d{1,4}(?:\.\d{1,4}){1,4}", re.IGNORECASE),
    re.compile(r"\b(?:tel|telefon|fon|phone|fax|mobil|mobile|handy)[\s.:-]{0,4}\+?\d[\d ()/-]{3,20}", re.IGNORECASE),
    re.compile(r"(?<!\w)(?:\+|00)\d[\d ()/-]{6,20}\d"),  # telephone with country code
    re.compile(r"(?<![\w#-])0\d{2,5}[ /-]\d[\d -]{3,14}\d"),  # telephone with area code
    re.compile(r"(?:€|£|\$|eur|euro|usd|gbp|chf)\s?\d[\d.,]{0,14}", re.IGNORECASE),
    re.compile(
        r"\d[\d.,]{0,14}\s?(?:€|£|\$|%|eur\b|euro\b|usd\b|gbp\b|chf\b|gb\b|mb\b|tb\b|kb\b|mbit|gbit|ms\b)",
        re.IGNORECASE,
    ),
)
AND_NEXT = re.compile(
    r"(?:\s?[,/&+]|\s(?:und|and|sowie|or|oder|bzw\.?))\s?(?:#|nr\.?\s|no\.?\s)?(\d{4,10})(?![\w-]|[.,]\d|\s[A-ZÄÖÜ][a-zäöü])"
)
"""What goes on behind a number: "orders 440871 and 440872", "Kunden 10001, 10002"."""
SAID_NUMBER = re.compile(
    r"(?:[,;:!?()\u2013|]\s?|(?:^|\s)(?:unter|meine|unsere|ist|my|our|is|as|under|mit|with|von|of|für|for)\s)"
    r"(?:nr\.?|no\.?|number|nummer)\s?([1-9]\d{4})(?![\w-]|[.,]\d)",
    re.IGNORECASE,
)
"""A number of five digits that is called one: "meine Nummer 12345", "…, nr 12345 glaub ich"."""
UNDER_NUMBER = re.compile(r"(?:^|\s)(?:unter|under)\s([1-9]\d{4})(?=[.!?]?\s*$|[.!?,;)]\s)", re.IGNORECASE)
BARE_NUMBER = re.compile(
    r"(?:^|(?<![nN][rRoO])[.!?:;,)] +|[(/|·,\u2013] ?|- )(?:[Nn]r\.? ?|[Nn]o\.? ?|#)?([1-9]\d{4,7})"
    r"(?=\)|[.!?]?\s*$|[.!?](?:\s|$)|\s?[|·/,\u2013]| -)"
)
NAME_AND_NUMBER = re.compile(r"^[^\W\d][^\d]{1,40}[\s,/|]([1-9]\d{4,7})\s*$")
INTERNAL = re.compile(
    r"(?<![\w.@-])((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,4}(?:intern|lan|corp|localdomain|home\.arpa))(?![\w-]|\.\w)",
    re.IGNORECASE,
)
"""Names of machines below a domain that exists inside a network only."""
PROMPT = re.compile(r"(?<![\w.-])[a-z_][\w-]{0,31}@([A-Za-z][\w-]{1,40}):[~/][\w/.~-]{0,80}[#$](?!\w)")
"""A shell's prompt, as people paste it: "root@db-osl-3:~$"."""
DEFANGED = re.compile(r" ?[\[(](?:\.|dot|punkt)[\])] ?", re.IGNORECASE)  # "example[.]net", as reports write it
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@((?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24})(?![\w-])")
MAILBOX_HOSTS = frozenset(
    {
        "gmail.com", "googlemail.com", "gmx.de", "gmx.net", "gmx.at", "gmx.ch", "web.de", "t-online.de", "freenet.de",
        "outlook.com", "outlook.de", "hotmail.com", "hotmail.de", "hotmail.co.uk", "live.com", "yahoo.com", "yahoo.de",
        "yahoo.co.uk", "icloud.com", "me.com", "aol.com", "proton.me", "protonmail.com", "posteo.de", "mailbox.org",
        "arcor.de", "bluewin.ch", "btinternet.com",
    }
)  # fmt: skip
NO_MACHINE = re.compile(
    r"\b(?:database|datenbank|tabelle|table|schema|user|benutzer|bucket|branch|plugin|package|db)\s$", re.IGNORECASE
)
COMPOUND = re.compile(r"-[A-Z][a-z]{2,30}$")  # "srv-web-01-Neustart"
