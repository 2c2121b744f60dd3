"""Our words for what commands did, and for what was wrong with them, as agents read them in mails and terminals."""

from mailgate.core.desk.carry_out import Deed
from mailgate.core.desk.command_kinds import BadLine, Wrong
from mailgate.render.words import local_time

_DEEDS = {
    "de": {
        Deed.ACKNOWLEDGED: "Als gesehen vermerkt.",
        Deed.ASSIGNED: "Zugewiesen an {value}.",
        Deed.CLOSED: "Der Vorgang ist geschlossen.",
        Deed.OPENED: "Der Vorgang ist wieder offen.",
        Deed.HELD_AGAIN: "Der Vorgang ist wieder angehalten, denn er war abgelehnt; !freigeben gibt ihn frei.",
        Deed.WAITS: "Der Vorgang wartet auf den Kunden.",
        Deed.WAITS_UNTIL: "Der Vorgang wartet bis {value}.",
        Deed.NOTED: "Interne Notiz gespeichert; der Kunde sieht sie nicht.",
        Deed.PRIORITY: "Die Priorität ist jetzt {value}.",
        Deed.MOVED: "Zuständig ist jetzt die Abteilung {value}.",
        Deed.ACCOUNT: "Der Vorgang gehört zum Kunden {value}.",
        Deed.CONFIRMED: "Als bestätigt freigegeben.",
        Deed.RELEASED: "Freigegeben; was über den Absender bekannt ist, bleibt, wie es war.",
        Deed.DENIED: "Abgelehnt und geschlossen; der Absender erfährt nichts davon.",
        Deed.MERGED: "Der Vorgang gehört jetzt zu #{value}; weitere Mails dazu kommen dort an.",
        Deed.JOINED: "{value} bekommt ab jetzt mit, was an den Kunden geht, und darf schreiben.",
        Deed.SPAM_CLOSED: "Als Spam geschlossen.",
        Deed.MUTED: "Mails von {value} werden ab jetzt still angehalten; !öffnen nimmt das zurück.",
        Deed.NOT_MUTED: "{value} ist bei einem Kunden hinterlegt und wird deshalb nicht stummgeschaltet.",
        Deed.HEARD: "Mails von {value} kommen wieder an.",
        Deed.CALLED_BACK: "Ihre letzte Antwort ist zurückgerufen; {value} bekommt sie nicht. Der Vorgang ist offen.",
        Deed.BROUGHT: "Angelegt für {value}.",
        Deed.BROUGHT_HELD: "Angelegt für {value} und angehalten: Was verlangt wird, ist noch nicht erwiesen.",
        Deed.RECEIPT_TO: "{value} bekommt die Eingangsbestätigung.",
        Deed.RULE_TO: "{value} erfährt, dass so etwas von der hinterlegten Adresse kommen muss.",
        Deed.ASKED: "{value} wird um Bestätigung gebeten.",
    },
    "en": {
        Deed.ACKNOWLEDGED: "Marked as seen.",
        Deed.ASSIGNED: "Assigned to {value}.",
        Deed.CLOSED: "The ticket is closed.",
        Deed.OPENED: "The ticket is open again.",
        Deed.HELD_AGAIN: "The ticket is held again, for it had been denied; !release opens it.",
        Deed.WAITS: "The ticket waits for the customer.",
        Deed.WAITS_UNTIL: "The ticket waits until {value}.",
        Deed.NOTED: "Internal note kept; the customer does not see it.",
        Deed.PRIORITY: "The priority is {value} now.",
        Deed.MOVED: "The department {value} is in charge now.",
        Deed.ACCOUNT: "The ticket belongs to customer {value}.",
        Deed.CONFIRMED: "Released as confirmed.",
        Deed.RELEASED: "Released; what is known of the sender stays as it was.",
        Deed.DENIED: "Denied and closed; the sender is not told.",
        Deed.MERGED: "The ticket is part of #{value} now; further mail for it arrives there.",
        Deed.JOINED: "{value} gets what is sent to the customer from now on, and may write.",
        Deed.SPAM_CLOSED: "Closed as spam.",
        Deed.MUTED: "Mail from {value} is held in silence from now on; !open takes that back.",
        Deed.NOT_MUTED: "{value} is registered for a customer and is therefore not muted.",
        Deed.HEARD: "Mail from {value} is heard again.",
        Deed.CALLED_BACK: "Your last answer is called back; {value} does not get it. The ticket is open.",
        Deed.BROUGHT: "Opened for {value}.",
        Deed.BROUGHT_HELD: "Opened for {value} and held: what is asked for is not proved yet.",
        Deed.RECEIPT_TO: "{value} gets the receipt.",
        Deed.RULE_TO: "{value} is told that this has to come from the registered address.",
        Deed.ASKED: "{value} is asked to confirm.",
    },
}
_PRIORITIES = {"de": {"high": "hoch", "normal": "normal"}}

_WRONGS = {
    "de": {
        Wrong.UNKNOWN_COMMAND: "den Befehl {value} gibt es nicht",
        Wrong.NO_VALUE: "hier fehlt etwas; richtig ist zum Beispiel: {hint}",
        Wrong.SURPLUS: "„{value}“ gehört nicht hierher; schreiben Sie jeden Befehl allein in eine Zeile",
        Wrong.BAD_SPAN: "„{value}“ ist keine Dauer bis zu einem Jahr; richtig ist zum Beispiel 3d, 4h oder 2 Wochen",
        Wrong.BAD_PRIORITY: "„{value}“ ist keine Priorität; es gibt hoch und normal",
        Wrong.BAD_NUMBER: "„{value}“ ist keine Nummer; richtig ist zum Beispiel {hint}",
        Wrong.BAD_ADDRESS: "„{value}“ ist keine Mailadresse; mehrere trennt ein Komma",
        Wrong.NO_GAP: "der Grund endet mit seiner Zeile; beginnt mit „{value}“ Ihre Antwort, "
        "so lassen Sie davor eine Leerzeile, gehört es zum Grund, so schreiben Sie ihn in eine Zeile",
        Wrong.TWICE: "{value} steht mehrmals da",
        Wrong.CONTRADICTS: "das verträgt sich nicht mit {value}",
        Wrong.NOT_FIRST: "dieser Befehl muss in der ersten Zeile stehen",
        Wrong.NOT_ON_TOP: "Befehle stehen ganz oben, über der Antwort; hier ginge die Zeile an den Kunden",
        Wrong.NOT_HERE: "{value} geht nur in der ersten Zeile einer neuen Mail an die Adresse einer Abteilung",
        Wrong.NOT_NEW: "{value} geht nur in der Antwort auf eine Mail zu einem Vorgang; neue Mails beginnen mit !für",
        Wrong.TOO_MANY: "mehr als {value} Befehle in einer Mail",
        Wrong.NO_AGENT: "hier arbeitet niemand mit dem Namen „{value}“",
        Wrong.NO_DEPARTMENT: "die Abteilung „{value}“ gibt es nicht",
        Wrong.NO_ACCOUNT: "den Kunden {value} gibt es nicht",
        Wrong.NO_CONTACT: "der Kunde {value} hat keine hinterlegte Adresse",
        Wrong.NO_TICKET: "den Vorgang #{value} gibt es nicht",
        Wrong.SAME_TICKET: "das ist dieser Vorgang selbst",
        Wrong.ALREADY_MERGED: "#{value} gehört schon zu #{hint}; schreiben Sie dort",
        Wrong.OTHER_ACCOUNT: "#{value} gehört zu einem anderen oder zu keinem Kunden; setzen Sie dort zuerst !konto",
        Wrong.OTHER_PERSON: "{value} darf #{hint} nicht lesen; wenn doch, schreiben Sie dort zuerst !cc {value}",
        Wrong.NOT_HELD: "#{value} ist nicht angehalten",
        Wrong.HELD: "#{value} ist angehalten: zuerst !bestätigen, !freigeben GRUND oder !ablehnen",
        Wrong.CLOSED: "#{value} ist geschlossen; !öffnen öffnet den Vorgang wieder",
        Wrong.NOT_CLOSED: "#{value} ist schon offen",
        Wrong.OWN_ADDRESS: "{value} ist eine unserer eigenen Adressen",
        Wrong.CROWD: "an einem Vorgang können außer uns höchstens {value} beteiligt sein",
        Wrong.NOTHING_TO_STOP: "es ist keine Antwort mehr da, die sich zurückrufen lässt",
        Wrong.NOT_DONE: "nicht ausgeführt, weil die Antwort darunter nicht hinausgehen konnte",
    },
    "en": {
        Wrong.UNKNOWN_COMMAND: "there is no command {value}",
        Wrong.NO_VALUE: "something is missing; write it like: {hint}",
        Wrong.SURPLUS: '"{value}" does not belong here; give each command a line of its own',
        Wrong.BAD_SPAN: '"{value}" is no time up to a year; write it like 3d, 4h or 2 weeks',
        Wrong.BAD_PRIORITY: '"{value}" is no priority; there are high and normal',
        Wrong.BAD_NUMBER: '"{value}" is no number; write it like {hint}',
        Wrong.BAD_ADDRESS: '"{value}" is no mail address; put a comma between several',
        Wrong.NO_GAP: 'the reason ends with its line; if your answer begins with "{value}", leave an empty line '
        "above it, if that is part of the reason, put all of it on one line",
        Wrong.TWICE: "{value} stands there more than once",
        Wrong.CONTRADICTS: "this contradicts {value}",
        Wrong.NOT_FIRST: "this command has to stand in the first line",
        Wrong.NOT_ON_TOP: "commands stand at the very top, above the answer; here the line would go to the customer",
        Wrong.NOT_HERE: "{value} works in the first line of a new mail to a department's address only",
        Wrong.NOT_NEW: "{value} works in a reply to a ticket's mail only; a new mail begins with !for",
        Wrong.TOO_MANY: "more than {value} commands in one mail",
        Wrong.NO_AGENT: 'nobody here has the name "{value}"',
        Wrong.NO_DEPARTMENT: 'there is no department "{value}"',
        Wrong.NO_ACCOUNT: "there is no customer {value}",
        Wrong.NO_CONTACT: "customer {value} has no registered address",
        Wrong.NO_TICKET: "there is no ticket #{value}",
        Wrong.SAME_TICKET: "that is this ticket itself",
        Wrong.ALREADY_MERGED: "#{value} is part of #{hint} already; write there",
        Wrong.OTHER_ACCOUNT: "#{value} belongs to another customer or to none; set !account there first",
        Wrong.OTHER_PERSON: "{value} may not read #{hint}; if they should, write !cc {value} there first",
        Wrong.NOT_HELD: "#{value} is not held",
        Wrong.HELD: "#{value} is held: first !confirm, !release REASON or !deny",
        Wrong.CLOSED: "#{value} is closed; !open opens it again",
        Wrong.NOT_CLOSED: "#{value} is open already",
        Wrong.OWN_ADDRESS: "{value} is one of our own addresses",
        Wrong.CROWD: "no more than {value} people beside us can take part in a ticket",
        Wrong.NOTHING_TO_STOP: "there is no reply left that could be called back",
        Wrong.NOT_DONE: "not carried out, for the answer below could not go out",
    },
}
_MEANT = {"de": "meinten Sie {hint}?", "en": "did you mean {hint}?"}
_THERE = {"de": "es gibt {hint}", "en": "there are {hint}"}
_NAMED = frozenset({Wrong.UNKNOWN_COMMAND, Wrong.NO_AGENT, Wrong.NO_DEPARTMENT})


def deed_in_words(deed: Deed, value: str, language: str, zone: str) -> str:
    """A sentence about what was done; times in the zone."""
    if deed is Deed.WAITS_UNTIL:
        value = local_time(value, language, zone)
    if deed is Deed.PRIORITY:
        value = _PRIORITIES.get(language, {}).get(value, value)
    return _DEEDS.get(language, _DEEDS["en"])[deed].format(value=value)


def problem_in_words(bad: BadLine, language: str) -> str:
    """What is wrong with a line, and what would be right; without the line itself."""
    words = _WRONGS.get(language, _WRONGS["en"])[bad.wrong].format(value=bad.value, hint=bad.hint)
    if bad.wrong in _NAMED and bad.hint:
        more = _THERE if "," in bad.hint else _MEANT
        words += "; " + more.get(language, more["en"]).format(hint=bad.hint)
    return words
