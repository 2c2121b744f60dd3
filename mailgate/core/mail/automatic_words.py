"""Words by which responders give themselves away where no header field does: data for `automatic`.

All are casefolded with single spaces and straight apostrophes.
"""

from typing import Final

# The whole subject, or its beginning up to a colon, dash or bracket.
ABSENCE_SUBJECTS: Final = frozenset(
    {
        "out of office", "out of the office", "out-of-office", "ooo", "out of office autoreply", "out of office reply",
        "out of office auto-reply", "out of office auto reply", "out of office message", "out of office notification",
        "out of office response", "out of office automatic reply", "i am out of office", "i am out of the office",
        "i'm out of office", "i'm out of the office", "i am currently out of the office", "away from my mail",
        "i am currently out of office", "i'm currently out of the office", "currently out of office",
        "currently out of the office", "away from office", "away from the office", "on vacation", "i am on vacation",
        "vacation reply", "vacation message", "vacation autoreply", "vacation response", "vacation notice",
        "vacation auto-reply", "holiday autoreply", "on holiday", "on annual leave", "annual leave", "maternity leave",
        "on leave", "abwesenheit", "abwesenheitsnotiz", "abwesenheitsnachricht", "abwesenheitsmeldung",
        "abwesenheitsbenachrichtigung", "abwesenheitshinweis", "abwesenheitsassistent", "abwesend", "ich bin abwesend",
        "abwesenheitsinfo", "bin abwesend", "derzeit abwesend", "zur zeit abwesend", "zurzeit abwesend",
        "momentan abwesend", "nicht im büro", "nicht im buero", "ich bin nicht im büro", "bin nicht im büro",
        "nicht am arbeitsplatz", "urlaubsnotiz", "urlaubsbenachrichtigung", "urlaubsmeldung", "urlaubsnachricht",
        "ich bin im urlaub", "im urlaub", "bin im urlaub", "abwesenheitsagent", "autom. abwesenheitsnotiz",
        "automatische abwesenheitsnotiz", "absence du bureau", "absent du bureau", "absence", "message d'absence",
        "fuori ufficio", "fuori sede", "assente", "fuera de la oficina", "fuera de oficina", "ausente",
        "fora do escritório", "ausência", "afwezig", "afwezigheid", "afwezigheidsbericht", "niet aanwezig",
        "ikke på kontoret", "ej på kontoret", "frånvaro", "frånvarande", "fravær", "poissa", "poissaoloviesti",
        "poza biurem", "nieobecność", "mimo kancelář", "нет на месте", "не в офисе", "отсутствую", "不在",
    }
)  # fmt: skip

REPLY_SUBJECTS: Final = frozenset(
    {
        "automatic reply", "automatic response", "automatic answer", "automated reply", "automated response",
        "auto-reply", "auto reply", "autoreply", "auto-response", "auto response", "autoresponse", "auto-responder",
        "autoresponder", "auto responder", "autoanswer", "auto-answer", "automatic acknowledgement",
        "automatische antwort", "automatische antwort auf", "automatisch erstellte antwort", "automatisierte antwort",
        "automatische rückantwort", "automatische rückmeldung", "automatische nachricht", "automatische e-mail",
        "automatische mail", "automatische eingangsbestätigung", "automatische empfangsbestätigung",
        "automatische bestätigung", "autom. antwort", "automatisch generierte antwort", "autoantwort", "auto-antwort",
        "eingangsbestätigung", "empfangsbestätigung", "réponse automatique", "reponse automatique",
        "respuesta automática", "respuesta automatica", "risposta automatica", "resposta automática",
        "automatisch antwoord", "automatische beantwoording", "automatisk svar", "automatiskt svar", "autosvar",
        "automaattinen vastaus", "odpowiedź automatyczna", "automatyczna odpowiedź", "automatická odpověď",
        "automatikus válasz", "răspuns automat", "автоответ", "автоматический ответ",
        "自動返信", "自动回复", "自动答复", "自動回覆", "자동 회신",
    }
)  # fmt: skip

CALENDAR_SUBJECTS: Final = frozenset(
    {
        "accepted", "declined", "tentative", "tentatively accepted", "zugesagt", "zusage", "abgelehnt", "absage",
        "mit vorbehalt", "unter vorbehalt", "mit vorbehalt zugesagt", "vorläufig zugesagt", "angenommen",
        "meeting forward notification", "besprechungsweiterleitungsbenachrichtigung",
    }
)  # fmt: skip

CHALLENGE_SUBJECTS: Final = (
    "please confirm your message", "please confirm your email to", "please verify your email to",
    "verification required for", "confirmation required for your", "action required: please verify your message",
    "your message requires confirmation", "your email requires verification",
    "bitte bestätigen sie ihre nachricht", "bitte bestätigen sie ihre e-mail an", "[verification required]",
)  # fmt: skip

# What stands in a subject that begins with "AUTO:", as Lotus Notes writes it.
NOTES_WORDS: Final = ("out of the office", "out of office", "returning", "abwesend", "außer haus", "zurück", "rückkehr")

# One of these in the first lines of a short text that asks nothing, and one of the hints: an answer of absence.
ABSENCE_WORDS: Final = (
    "i am out of office", "i am out of the office", "i'm out of office", "i'm out of the office",
    "i am currently out of", "i'm currently out of", "i will be out of", "i'll be out of", "am away from the office",
    "i am away until", "i am currently away", "i'm currently away", "i am on vacation", "i'm on vacation",
    "i am currently on vacation", "i am on holiday", "i'm on holiday", "i am on annual leave",
    "i am currently on leave", "i am on leave", "i am on parental leave", "i am on maternity leave",
    "i am not in the office", "i'm not in the office", "i am currently not in the office",
    "out of the office until", "out of office until", "out of the office from", "out of office from",
    "ich bin nicht im büro", "ich bin nicht im haus", "ich bin derzeit nicht im", "ich bin zur zeit nicht im",
    "ich bin zurzeit nicht im", "ich bin momentan nicht im", "ich bin aktuell nicht im", "bin ich nicht im büro",
    "bin ich nicht im haus", "bin ich leider nicht im", "ich bin leider nicht im", "ich bin im urlaub",
    "ich bin derzeit im urlaub", "ich bin zur zeit im urlaub", "ich bin zurzeit im urlaub", "nicht im hause",
    "ich bin aktuell im urlaub", "bin ich im urlaub", "befinde mich im urlaub", "befinde mich derzeit im urlaub",
    "befinde mich zur zeit im urlaub", "bin ich abwesend", "ich bin abwesend", "ich bin derzeit abwesend",
    "ich bin zur zeit abwesend", "ich bin zurzeit abwesend", "ich bin aktuell abwesend", "ich bin außer haus",
    "bin ich nicht erreichbar", "ich bin nicht erreichbar", "ich bin derzeit nicht erreichbar",
    "ich bin zurzeit nicht erreichbar", "ich bin zur zeit nicht erreichbar", "nicht persönlich erreichbar",
    "bin ich nicht am arbeitsplatz", "ich bin nicht am arbeitsplatz", "ich bin in elternzeit",
    "ich bin im mutterschutz",
)  # fmt: skip

ABSENCE_HINTS: Final = (
    "will be back", "i'll be back", "be back on", "back in the office", "i will return", "i'll return",
    "returning on", "upon my return", "on my return", "when i return", "after my return", "limited access to",
    "no access to", "without access to", "will not be forwarded", "will not be read", "in urgent cases",
    "urgent matters", "for urgent", "if urgent", "in case of emergency", "if your message is urgent",
    "if it is urgent", "in my absence", "during my absence", "please contact my", "wieder im büro",
    "wieder erreichbar", "wieder im haus", "bin zurück", "wieder zurück", "nach meiner rückkehr", "nach rückkehr",
    "nach meinem urlaub", "nicht weitergeleitet", "nicht automatisch weitergeleitet", "nicht gelesen",
    "keinen zugriff auf", "keinen zugang zu", "nur sporadisch", "in dringenden", "bei dringenden", "dringende anfragen",
    "in eiligen fällen", "meine vertretung", "vertritt mich", "meiner abwesenheit",
)  # fmt: skip

# One of these in the first or last lines is enough: the mail speaks of itself.
MACHINE_WORDS: Final = (
    "this is an automated reply", "this is an automatic reply", "this is an automated response",
    "this is an automatic response", "this is an auto-reply", "this is an autoreply", "this is an automated message",
    "this is an automatic message", "this is an automatically generated", "this message was generated automatically",
    "this message was automatically generated", "this message has been automatically generated",
    "this message is automatically generated", "this message has been generated automatically",
    "this email was automatically generated", "this e-mail was automatically generated",
    "this email is automatically generated", "this mail was generated automatically", "this is an automated email",
    "this is an automated e-mail", "this is an automated notification", "this is an auto-generated",
    "this is an auto generated", "this is a system generated", "this is a system-generated",
    "dies ist eine automatische", "dies ist eine automatisch", "dies ist eine autoantwort",
    "das ist eine automatische antwort", "das ist eine automatisch generierte",
    "diese nachricht wurde automatisch erstellt", "diese nachricht wurde automatisch generiert",
    "diese nachricht wurde automatisch erzeugt", "diese nachricht wurde automatisch vers",
    "diese e-mail wurde automatisch erstellt", "diese e-mail wurde automatisch generiert",
    "diese e-mail wurde automatisch erzeugt", "diese e-mail wurde automatisch vers",
    "diese email wurde automatisch erstellt", "diese email wurde automatisch generiert",
    "diese mail wurde automatisch erstellt", "diese mail wurde automatisch generiert",
    "ceci est une réponse automatique", "ceci est un message automatique", "esta es una respuesta automática",
    "este es un mensaje automático", "questa è una risposta automatica", "questo è un messaggio automatico",
    "dit is een automatisch", "esta é uma resposta automática", "esta é uma mensagem automática",
)  # fmt: skip
