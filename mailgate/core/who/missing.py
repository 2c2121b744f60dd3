"""What a critical report lacks: server or order, service, start time with zone, diagnostics."""

import re
from collections.abc import Iterable

from mailgate.core.who.request import Reference, ReferenceType
from mailgate.core.who.words import bounded, folded, words

SERVER = "server"
SERVICE = "service"
START_TIME = "start-time"
TIME_ZONE = "time-zone"
DIAGNOSTICS = "diagnostics"
ALL_FACTS = (SERVER, SERVICE, START_TIME, TIME_ZONE, DIAGNOSTICS)
"""Every name that `missing_facts` may give, in its order."""

_TIME = re.compile(
    r"(?<!\d)(?:[01]?\d|2[0-3])[:.h][0-5]\d\b|\b(?:[01]?\d|2[0-4]) ?(?:uhr|am|pm)\b|\b\d{1,2}-\d{1,2} ?(?:uhr|am|pm)\b"
)
_RELATIVE = re.compile(
    r"\b(?:seit|vor|since|for|ago)\b.{0,30}\b(?:minute[ns]?|stunden?|hours?|min|mitternacht|midnight|mittag|noon)\b|"
    r"\b(?:minutes?|hours?) ago\b"
)
_ZONE = re.compile(
    r"\b(?:mez|mesz|cet|cest|utc|gmt|bst|wet|eet|est|edt|pst|pdt|cst|ist|ortszeit|local time|deutscher zeit|z)\b|"
    r"[+-]\d{2}:?\d{2}\b|(?<=\d)z\b"
)
_SERVICES = frozenset(
    "smtp imap pop3 mail mails email emails postfach web http https website webseite seite seiten site sites "
    "shop ssh ftp sftp rdp vpn dns ping datenbank database mysql postgres postgresql mariadb api konsole "
    "console netzwerk network netz uplink telefonie voip storage nfs smb backup kasse webmail panel docker "
    "kubernetes apache nginx port ports".split()
)
_DIAGNOSTIC = frozenset(
    "traceroute tracert mtr ping log logs logfile syslog dmesg journal journalctl fehlermeldung error "
    "screenshot curl telnet nslookup dig smartctl iperf tcpdump timeout refused unreachable panic konsole "
    "console exception stacktrace anbei attached anhang no route packet loss paketverlust".split()
)
_MACHINES = (ReferenceType.SERVER, ReferenceType.ORDER, ReferenceType.IP, ReferenceType.DOMAIN)


def missing_facts(subject: str, text: str, references: Iterable[Reference]) -> tuple[str, ...]:
    """The facts that subject and text do not hold, by the names of `ALL_FACTS`.

    A span ("for ten minutes") is a start time and needs no zone.
    """
    spoken = folded(f"{bounded(subject)}\n{bounded(text)}")
    present = set(words(spoken))
    lacking: list[str] = []
    if not any(reference.type in _MACHINES for reference in references):
        lacking.append(SERVER)
    if not present & _SERVICES:
        lacking.append(SERVICE)
    if _TIME.search(spoken):
        lacking += [] if _ZONE.search(spoken) else [TIME_ZONE]
    elif not _RELATIVE.search(spoken):
        lacking.append(START_TIME)
    if not present & _DIAGNOSTIC:
        lacking.append(DIAGNOSTICS)
    return tuple(lacking)
