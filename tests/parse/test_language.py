"""German and English told apart on short support mails; other languages are neither."""

import json
from pathlib import Path

import pytest

from mailgate.parse.language import detect_language

GERMAN = [
    "Bitte um Rückruf.",
    "Server down, bitte dringend prüfen!",
    "Passt, danke.",
    "Der Webserver antwortet nicht mehr.",
    "Wie kündige ich meinen Vertrag?",
    "Ich brauche ein neues Passwort.",
    "Rechnung 4711 ist falsch, bitte korrigieren.",
    "Hallo, könnten Sie das Postfach info@kunde.example wieder freischalten? Danke",
    "Kundennummer 10023, Domain kunde.example bitte umziehen",
    "Mein Login geht nicht",
    "Seit heute Morgen kommt nur noch Error 500.",
    "Habe ich schon bezahlt!",
    "Ja, machen Sie das.",
    "Nein, das war nicht ich.",
    "ticket bitte schließen",
    "Koennen Sie mir die Zugangsdaten zuschicken? Gruesse aus Muenchen",
    "Wir ziehen um. Neue Adresse: Ahornallee 4, 12345 Berlin",
    "Anbei das Formular.",
    "Update des Kernels auf web01 und Reboot am Montag, bitte vorher Backup",
    "Sehr geehrte Damen und Herren, anbei erhalten Sie die Unterlagen.",
    "MfG Max",
    "The Server ist kaputt, was soll ich machen?",
]
ENGLISH = [
    "Please call me back.",
    "Server is down, please help!",
    "OK, thanks.",
    "The web server does not respond any more.",
    "How do I cancel my contract?",
    "I need a new password.",
    "Invoice 4711 is wrong, please correct it.",
    "Hi, could you unlock the mailbox info@kunde.example again? Thanks",
    "Customer 10023, please move the domain kunde.example",
    "My login doesn't work",
    "Since this morning we only get error 500.",
    "I have already paid!",
    "Yes, go ahead.",
    "No, that wasn't me.",
    "you can close this ticket",
    "We are moving. Our new address: 4 Ahornallee, 12345 Berlin",
    "Find the form attached.",
    "Kernel update on web01 and a reboot on Monday, but make a backup first",
    "Dear Sir or Madam, please find the documents attached.",
    "Mr. Müller from Düsseldorf asked about the Rechnung that you sent to us.",
]
OTHER = [
    "Bonjour, mon serveur ne répond plus depuis ce matin. Merci de vérifier.",
    "Je voudrais résilier mon contrat, s'il vous plaît.",
    "Hola, mi servidor no responde desde esta mañana. Gracias.",
    "Buongiorno, il mio server non risponde più da questa mattina. Grazie.",
    "Olá, o meu servidor não responde desde esta manhã. Obrigado.",
    "Hallo, mijn server reageert niet meer sinds vanmorgen. Kunt u dit nakijken? Bedankt",
    "Hej, min server svarar inte sedan i morse. Kan ni titta på det? Tack",
    "Hej, min server svarer ikke siden i morges. Vil I kigge på det? Tak",
    "Dzień dobry, mój serwer nie odpowiada od rana. Proszę o pomoc.",
    "Dobrý den, můj server od rána neodpovídá. Prosím o pomoc.",
    "Te\u015fekk\u00fcrler.",
    "D\u011bkuji, p\u0159\u00edt\u00ed t\u00fcden.",
    "Merhaba, sunucum bu sabahtan beri yanıt vermiyor. Lütfen kontrol edin.",
    "Здравствуйте, мой сервер не отвечает с утра.",
    "お世話になっております。サーバーが応答しません。",
    "您好，我的服务器从今天早上开始没有响应。",
]
NOTHING = [
    "",
    "   \n",
    "12345",
    "192.0.2.7",
    "https://example.org/the/and/is",
    "jo@example.org",
    ":+1:",
    "?!",
    "\0\ufffd",
    "web01.example",
]


@pytest.mark.parametrize("text", GERMAN)
def test_german(text):
    assert detect_language(text) == "de"


@pytest.mark.parametrize("text", ENGLISH)
def test_english(text):
    assert detect_language(text) == "en"


@pytest.mark.parametrize("text", OTHER)
def test_other_languages_are_neither(text):
    assert detect_language(text) is None


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_to_go_by(text):
    assert detect_language(text) is None


def test_labelled_requests():
    path = Path(__file__).parents[3] / "shared" / "requests-open.jsonl"
    if not path.exists():
        pytest.skip("../shared/requests-open.jsonl is not there")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    right = sum(detect_language(row["text"]) == row["language"] for row in rows)
    assert right >= 0.98 * len(rows)


def test_long_texts_are_read_in_part():
    assert detect_language("Der Server ist nicht erreichbar. " * 100_000) == "de"
