"""References are found from the text alone, and an account's own things beat patterns."""

import pytest
from support.cost import within

from mailgate.core.who.identity import Account, Product
from mailgate.core.who.ownership import attach_accounts
from mailgate.core.who.references import ReferencePatterns, find_references
from mailgate.core.who.request import Reference, ReferenceType

PATTERNS = ReferencePatterns.build(own_domains=["desk.example.org"])


def found(text: str, subject: str = "") -> list[tuple[str, str]]:
    return [(r.type.value, r.value) for r in find_references(subject, text, PATTERNS)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kundennummer 77215.", [("customer", "77215")]),
        ("KdNr. 28815, bitte prüfen", [("customer", "28815")]),
        ("Kd.-Nr.: 19004", [("customer", "19004")]),
        ("Unsere Kd.-Nr. lautet 63027.", [("customer", "63027")]),
        ("Kundennummer C-20918, danke", [("customer", "C-20918")]),
        ("Bitte ändern, Kunde 18-30466.", [("customer", "18-30466")]),
        ("auf RE/25/5530 fehlt etwas", [("invoice", "RE/25/5530")]),
        ("die Rechnung 2025/11/00381 fehlt", [("invoice", "2025/11/00381")]),
        ("auf Beleg 47-00213 steht", [("invoice", "47-00213")]),
        ("Customer no 44106. Thanks!", [("customer", "44106")]),
        ("cust# 66120", [("customer", "66120")]),
        ("Alles gleich geblieben. (12290)", [("customer", "12290")]),
        ("Please delete the second ticket. 60604", [("customer", "60604")]),
        ("Bestellung #440917 von gestern", [("order", "440917")]),
        ("Hi, order 301877 is wrong", [("order", "301877")]),
        ("Auftragsnummer 610044.", [("order", "610044")]),
        ("in der Auftragsbestätigung 660912 fehlt", [("order", "660912")]),
        ("INV-77310 covers a wrong period", [("invoice", "INV-77310")]),
        ("auf RE-2025-30117 steht", [("invoice", "RE-2025-30117")]),
        ("Rechnung Nr. 90341 ist bezahlt", [("invoice", "90341")]),
        ("srv-web-01 hängt, app-eu-1 auch", [("server", "srv-web-01"), ("server", "app-eu-1")]),
        ("der Snapshot von vs-nbg-204", [("server", "vs-nbg-204")]),
        ("blumen-seidenspinner.de zeigt Fragezeichen", [("domain", "blumen-seidenspinner.de")]),
        ("Siehe https://www.Example.com/pfad?x=1.", [("domain", "example.com")]),
        ("Postfach skipper@segelschule-poel.de anlegen", [("domain", "segelschule-poel.de")]),
        ("die Seite möbel-kranich.de", [("domain", "möbel-kranich.de")]),
        ("Kunde 48.210 und order no. 905 512", [("customer", "48.210"), ("order", "905 512")]),
        ("auf Ihrer RG 4471-26 fehlt etwas", [("invoice", "RG 4471-26")]),
        ("Kopie der 2024-1234 bitte", [("invoice", "2024-1234")]),
        ("app-03/app-04 und srv_web_01", [("server", "app-03"), ("server", "app-04"), ("server", "srv_web_01")]),
        ("der Server namens kolibri hängt", [("server", "kolibri")]),
        ("srv-web-01-Neustart", [("server", "srv-web-01")]),
        ("fake-bank[.]net auf 203.0.113[.]44", [("domain", "fake-bank.net"), ("ip", "203.0.113.44")]),
        ("die blumen-muster.de-Adresse", [("domain", "blumen-muster.de")]),
        ("Hallo, es geht.\n\nGruß\nJo Hall 44120", [("customer", "44120")]),
        ("für den Kundenzugang 95518", [("customer", "95518")]),
        ("KN 17755, bitte", [("customer", "17755")]),
        ("ging nicht :( nr 40090 glaub ich", [("customer", "40090")]),
        ("Kunden 10234 und 10235", [("customer", "10234"), ("customer", "10235")]),
        ("my number is 10234", [("customer", "10234")]),
        ("client no. 10234, 80331 München", [("customer", "10234")]),
        ("orders 440871, 440872 and 440873", [("order", "440871"), ("order", "440872"), ("order", "440873")]),
        ("Number's AB-2025-70031", [("order", "AB-2025-70031")]),
        ("PO-2026-00123 bitte auf die Rechnung", [("order", "PO-2026-00123")]),
        ("VAT on 2025-INV-00981", [("invoice", "2025-INV-00981")]),
        ("Mahnung zu RE-2025-08817, Zweck RE 08817", [("invoice", "RE-2025-08817")]),
        ("kvm-17b und core-ams-2 sind weg", [("server", "kvm-17b"), ("server", "core-ams-2")]),
        ("My order confirmation (B-2025-00815) says £4.99", [("order", "B-2025-00815")]),
        ("bei vs-1188-hh ausgesperrt", [("server", "vs-1188-hh")]),
        ("Es geht um den s18734012, nicht h2871123", [("server", "s18734012"), ("server", "h2871123")]),
        ("pgsql-main@db-osl-3:~$ systemctl status", [("server", "db-osl-3")]),
        ("the only key to nas-glasgow", [("server", "nas-glasgow")]),
        ("mail-gw.intern (198.51.100.250)", [("server", "mail-gw.intern"), ("ip", "198.51.100.250")]),
        ("2001:db8::/64 und [2001:db8::7]:443", [("ip", "2001:db8::"), ("ip", "2001:db8::7")]),
        ("(bäckerei-söhne.at)", [("domain", "bäckerei-söhne.at")]),
        ("Kundin: 12877, Kunde Nr.40119", [("customer", "12877"), ("customer", "40119")]),
        ("Kunde: Bäckerei Hollerbusch, 44871", [("customer", "44871")]),
        ("Hallo, 44871 hier", [("customer", "44871")]),
        ("44871 ist unsere Kundennummer", [("customer", "44871")]),
        ("One of us is wrong. UK-40772", [("customer", "UK-40772")]),
        ("It was delivered under #55918.", [("order", "55918")]),
        ("Vertrag 40.77.1182 und Auftrag 12/2026/443", [("order", "40.77.1182"), ("order", "12/2026/443")]),
        ("Auftragsbestätigung 7.118.204", [("order", "7.118.204")]),
        ("Wo bleibt die IP aus 881204? Bestellt im Mai", [("order", "881204")]),
        ("did our wire for 48213 ever arrive", [("invoice", "48213")]),
        ("Rechnung vom 03.05.2026, Nr. 90211", [("invoice", "90211")]),
        ("your ref 2026/INV/0042, ours is REM-9981", [("invoice", "2026/INV/0042")]),
        ("RE25-0012 bis RE25-0019", [("invoice", "RE25-0012"), ("invoice", "RE25-0019")]),
        ("AB 2026-3391 passt", [("order", "AB 2026-3391")]),
        ("203.0.113.16-203.0.113.23", [("ip", "203.0.113.16"), ("ip", "203.0.113.23")]),
        ("*.muster.de und _dmarc.beispiel.de", [("domain", "muster.de"), ("domain", "beispiel.de")]),
        ("Hostname: zeus, proxmox01, node-a", [("server", "zeus"), ("server", "proxmox01"), ("server", "node-a")]),
        ('the box you call "heron" hangs', [("server", "heron")]),
        ("PTR für 192.0.2.99 und 2001:db8:51::1 setzen", [("ip", "192.0.2.99"), ("ip", "2001:db8:51::1")]),
    ],
)
def test_each_type_is_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Bei web214 ist das Limit erreicht, web-5512 auch.",
        "Zu Ticket 88123 warte ich noch, [#1042] ebenso.",
        "Lieferschein 40098 liegt bei.",
        "Unsere IBAN: DE12 5001 0517 0648 4898 90.",
        "Tel. 0341 1234567 oder +49 170 1234567",
        "Das kostet 12345 Euro oder 40.000 €.",
        "Wir wohnen in 10115 Berlin.",
        "UTF-8, AES-256, TLS-1, ISO-8859-1 und E-Mail-2.",
        "Die index.php und config.py fehlen, z.B. main.sh.",
        "Version 8.3.12 läuft auf 127.0.0.1.",
        "PHP 8.3 geht nicht.Bitte prüfen",
        "Schreibt mir an jemand@gmail.com.",
        "Ich schrieb an support@desk.example.org.",
        "Die Datenbank usr_web214_2 und max_size_1, seit Version 7.4.2.1.",
        "Der Server hängt, der Host antwortet nicht.",
        "Seit 14:30 Uhr am 12.03.2025 ist alles langsam.",
        "Artikel Nr. 12345, Zählernummer 12346 und Hausnummer 12347",
        "Zwischen 10000 und 20000 Besuchern, unter 12345 Nutzern.",
        "Bitte die Datenbank db_shop zurückspielen.",
        "Sort code 20-45-77, account 53310927 from next month.",
        "Unser Zeichen: LB-33, BGP mit AS64496, HRB 112233",
        "Rechnung für 12500 Besucher, Vertrag seit 2014, Kunde seit 03.2020",
        "paid, transaction id 99827311",
        "Core-i7-8700, nas-system und backup-server gesucht",
    ],
)
def test_what_only_looks_like_a_reference_is_none(text: str) -> None:
    assert found(text) == []


def test_the_authors_signature_names_no_domain_but_a_customer_number() -> None:
    text = "Unterstützt ihr HTTP/3?\n\nViele Grüße\nFalk Stein\nKdNr 14482\nfalk@stein-werbung.de\nwww.stein-werbung.de"
    assert found(text) == [("customer", "14482")]


def test_each_reference_comes_once_and_in_order() -> None:
    assert found("db-01, dann app-02, dann DB-01 und db-01", subject="app-02") == [
        ("server", "app-02"),
        ("server", "db-01"),
        ("server", "DB-01"),
    ]


def test_patterns_of_the_operator_replace_the_defaults() -> None:
    patterns = ReferencePatterns.build({"customer_number": r"\bK(\d{4})\b", "server": r"\bkiste[a-z]{1,20}\b"})
    hits = find_references("", "K1234 hat kisteblau, nicht srv-web-01 oder Kundennummer 77215. 60604", patterns)
    assert [(r.type.value, r.value) for r in hits] == [("customer", "1234"), ("server", "kisteblau")]


@pytest.mark.parametrize("pattern", ["(a+)+b", r"(\d*)*", r"(x)\1", "a" * 501, "(", "(a|b)*c", "(?:ab){1,9}{2,}"])
def test_patterns_that_may_take_exponential_time_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="order"):
        ReferencePatterns.build({"order": pattern})


def test_unknown_names_of_patterns_are_refused() -> None:
    with pytest.raises(ValueError, match="tracking"):
        ReferencePatterns.build({"tracking": r"\d+"})


@pytest.mark.parametrize(
    "text",
    [
        "1." * 30_000,
        "a-" * 30_000,
        "a.b" * 30_000,
        ":" * 60_000,
        "kunden" * 20_000,
        "@" * 60_000,
        "1 " * 40_000,
        "kunde 1-" * 9_000,
        "A1-" * 20_000,
        "Rechnung Nr. " * 5_000,
        "DE12 " * 20_000,
        ("x" * 999 + "\n") * 60,
    ],
)
def test_hostile_text_takes_little_time(text: str) -> None:
    assert len(within(300, lambda: find_references(text[:5_000], text, PATTERNS))) <= 50


ACCOUNT = Account(
    "77215",
    "Albers",
    products=(Product("server", "hades"), Product("domain", "albers.example"), Product("server", "srv-web-01")),
)


def test_references_learn_their_account() -> None:
    refs = find_references("", "srv-web-01 und www2.albers.example, Kundennummer 77215, app-09", PATTERNS)
    owned = {r.value: r.account for r in attach_accounts(refs, [ACCOUNT])}
    assert owned == {"srv-web-01": "77215", "www2.albers.example": "77215", "77215": "77215", "app-09": None}


def test_a_grouped_number_is_the_accounts_joined_or_not() -> None:
    refs = find_references("", "Kunde 77.215 hier", PATTERNS)
    assert attach_accounts(refs, [ACCOUNT]) == (Reference(ReferenceType.CUSTOMER, "77.215", "77215"),)
    grouped = Account("48.210", "Grouped")
    assert [r.account for r in attach_accounts(find_references("", "Kunde 48.210", PATTERNS), [grouped])] == ["48.210"]


def test_an_own_name_is_a_reference_where_no_pattern_takes_it() -> None:
    found_refs = attach_accounts((), [ACCOUNT], subject="Hades hängt", text="seit heute")
    assert found_refs == (Reference(ReferenceType.SERVER, "hades", "77215"),)
    assert attach_accounts((), [ACCOUNT], subject="Schadesteuer", text="shadeshop") == ()


def test_own_things_beat_patterns() -> None:
    odd = Account("10001", "Odd", products=(Product("order", "web-07"),))
    refs = attach_accounts(find_references("", "node-07 und app-07", PATTERNS), [odd], text="web-07")
    assert Reference(ReferenceType.ORDER, "web-07", "10001") in refs
    clash = Account("10002", "Clash", products=(Product("order", "app-07"),))
    refs = attach_accounts(find_references("", "app-07", PATTERNS), [clash], text="app-07")
    assert refs == (Reference(ReferenceType.ORDER, "app-07", "10002"),)


def test_id_18_what_two_accounts_share_belongs_to_neither() -> None:
    twins = [Account(n, n, products=(Product("domain", "shared.example"),)) for n in ("1", "2")]
    refs = attach_accounts(find_references("", "shared.example", PATTERNS), twins, text="shared.example")
    assert refs == (Reference(ReferenceType.DOMAIN, "shared.example", None),)
