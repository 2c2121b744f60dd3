"""Our own words for what is asked, in each language that ships; operators add languages by templates."""

from datetime import datetime
from zoneinfo import ZoneInfo

KINDS = {
    "de": {
        "general": "allgemeine Frage",
        "account": "Anfrage zu Diensten oder Daten des Kundenkontos",
        "sensitive": "besonders geschützte Änderung oder Auskunft",
    },
    "en": {
        "general": "general question",
        "account": "request about services or data of the account",
        "sensitive": "specially protected change or disclosure",
    },
}
MISSING = {
    "de": {
        "server": "um welchen Server oder welche Bestellung es geht",
        "service": "welcher Dienst betroffen ist (zum Beispiel Web, Mail, SSH)",
        "start-time": "seit wann die Störung besteht",
        "time-zone": "in welcher Zeitzone diese Uhrzeit gilt",
        "diagnostics": "was Sie sehen: Fehlermeldung, Ping, Traceroute oder Protokoll",
    },
    "en": {
        "server": "which server or order this is about",
        "service": "which service is affected (for example web, mail, SSH)",
        "start-time": "since when it has been down",
        "time-zone": "in which time zone that time is meant",
        "diagnostics": "what you see: error message, ping, traceroute or log",
    },
}
MARKERS = {
    "de": "##- Bitte über dieser Zeile antworten -##",
    "en": "##- Please reply above this line -##",
}
_ZONES_DE = {"CET": "MEZ", "CEST": "MESZ", "EET": "OEZ", "EEST": "OESZ", "WET": "WEZ", "WEST": "WESZ"}
_MONTHS = "January February March April May June July August September October November December".split()


def kind_in_words(kind: str, language: str) -> str:
    """The kind of a request as a customer would say it."""
    return KINDS.get(language, KINDS["en"]).get(kind, kind)


def missing_in_words(fact: str, language: str) -> str:
    """A fact that a critical report lacks, as something that a customer can tell us."""
    return MISSING.get(language, MISSING["en"]).get(fact, fact)


def marker(language: str) -> str:
    """The line above which people answer; the parser looks for it first."""
    return MARKERS.get(language, MARKERS["en"])


def local_time(iso: str, language: str, zone: str) -> str:
    """A UTC time as the desk's customers read it, with the zone's abbreviation."""
    moment = datetime.fromisoformat(iso).astimezone(ZoneInfo(zone))
    if language == "de":
        name = moment.tzname() or ""
        return f"{moment:%d.%m.%Y, %H:%M} Uhr ({_ZONES_DE.get(name, name)})"
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}, {moment:%H:%M} {moment.tzname()}"
