"""Which words are names of servers and which are domains, where no account says so."""

import re

import idna

_COUNTRIES = (
    "ac ad ae af ag ai al am ao ar as at au az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd cf cg ch "
    "ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg es et eu fi fj fm fo fr ga gd ge gf gg gh gi gl "
    "gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kr kw "
    "ky kz la lb lc li lk lr ls lt lu lv ly ma mc me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf "
    "ng ni nl no np nr nu nz om pa pe pf pg ph pk pm pn pr pt pw qa re ro ru rw sa sb sc sd se sg si sk sl sm sn sr ss "
    "st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye "
    "yt za zm zw"
)
_GENERIC = (
    "academy accountants actor aero africa agency amsterdam app architekt art asia attorney audio auto baby "
    "band bank bar barcelona bayern beer berlin bike bio biz blog boston boutique broker brussels build "
    "builders business bzh cab cafe camera camp capetown capital car cards care careers cars cash cat catering "
    "center chapel charity chat church city click clinic cloud club codes coffee college cologne com community "
    "company computer construction consulting cool coop credit creditcard cymru deals degree delivery democrat "
    "dental design dev diamonds digital directory discount doctor dog durban earth eco edu education email "
    "energy engineer engineering equipment estate eus events example exchange expert express family farm "
    "fashion film finance fish fit fitness flowers fm food football forum foundation fun fund gal gallery game "
    "games garden gent gift gifts global gmbh gold golf gov gratis green group guide guru hamburg handwerk "
    "haus health holiday holidays homes horse hospital host hosting hotel house immo immobilien inc industrial "
    "industries info ink institute insurance int internal international invalid irish jetzt jewelry jobs "
    "joburg kaufen kids kitchen kiwi koeln lan land law lawyer legal limo link live llc loan loans local "
    "london love ltd madrid market markets mba media melbourne miami mil mobi moda mom money mortgage museum "
    "music name net network news ninja nrw nyc one onion online org organic osaka page paris partners parts "
    "party pet photo photography photos pizza post press pro productions properties pub quebec radio recipes "
    "recruitment reise reisen rent rentals repair report restaurant review reviews rocks ruhr run saarland "
    "sale school schule science scot services shoes shop show site ski social software solar solutions space "
    "sport sports store studio supplies supply support surf surgery swiss sydney systems tax taxi team tech "
    "technology tel tennis test theater theatre tickets tips tirol today tokyo tools top tours town trading "
    "training travel tv university vacations vegas ventures versicherung vet video vip vlaanderen vote voyage "
    "wales web website wedding wien wiki wine work works world xxx xyz yoga zone zuerich"
)
TOP_LEVEL = frozenset((_COUNTRIES + " " + _GENERIC).split())
"""Top-level domains that a word may end in: the countries and the generic ones that people register.

Missing on purpose are those that rather end files or abbreviations (py, md, sh, rs, so, ps, pl, zip).
"""

_FILE_LIKE = frozenset({"pl", "sh", "rs", "so", "ps", "py", "md"})
_FILE_STEMS = frozenset(
    {"index", "config", "readme", "setup", "main", "script", "install", "test", "backup", "run", "build"}
)
_DOTTED_WORDS = frozenset(
    {"asp.net", "vb.net", "node.js", "z.b", "d.h", "i.d", "u.a", "e.g", "i.e", "a.m", "p.m", "o.ae"}
)


def domain_of_host(text: str) -> str | None:
    """The domain that a dotted word names, without `www.`, lower-case, None where it is a file or an abbreviation.

    >>> domain_of_host("WWW.Example.de")
    'example.de'
    """
    name = text.lower().strip(".").removeprefix("www.")
    labels = name.split(".")
    if len(labels) < 2 or name in _DOTTED_WORDS or len(name) > 253:
        return None
    end = labels[-1]
    filelike = end in _FILE_LIKE and labels[-2] not in _FILE_STEMS and len(labels[-2]) > 6
    if end not in TOP_LEVEL and not filelike and not end.startswith("xn--"):
        return None
    ending = text.rpartition(".")[2]
    if not ending.islower() and not text.isupper():
        return None  # "Ende.Es": a blank was forgotten
    if len(labels) == 2 and len(labels[0]) < 2:
        return None
    return name if _is_idna(name) else None


def _is_idna(name: str) -> bool:
    if name.isascii():
        return True
    try:
        idna.encode(name, uts46=True)
    except idna.IDNAError:
        return False
    return True


_KNOWN_FIRST = frozenset(
    "srv server svr host node vm vps vs kvm ded root db sql mysql pg postgres mongo redis web www app api mail "
    "mx smtp imap ns dns proxy lb cache cdn edge gw fw vpn nas san fs file storage backup bak bkp dev test "
    "stage staging prod live build ci git runner render worker master k8s k3s esx pve xen hv hyperv game gs mc "
    "ts voip pbx sip log mon monitor grafana elk search solr elastic queue mq rabbit kafka batch cron job jump "
    "bastion win linux ubuntu debian core compute gpu shop cms erp crm wiki cloud nextcloud media stream relay "
    "gateway router switch sw rtr cluster proxmox stor filer hypervisor docker jenkins gitlab ldap exchange "
    "zabbix nagios icinga ipa auth sso vault minio ceph osd haproxy nginx apache tomcat oracle mssql mariadb".split()
)
_NO_SERVER_FIRST = frozenset(
    "under over pre post non mid multi semi utf iso sha aes tls ssl ssh md cve rfc ddr php ipv http https id "
    "covid raid level cat din top kw nr no art abs para punkt teil schritt step option plan tarif paket "
    "version ver v release windows win11 fedora opensuse centos ubuntu usb hdmi rs en de at ch uk us eu inv re "
    "rg rnr cn po rack schrank cabinet row raum room etage halle x86 arm amd intel core xeon ryzen epyc gen "
    "typ type kategorie cat5 cat6 wlan wifi ac ax g lte phase tag day woche week monat month jahr year mp h "
    "vp9 av1 base sub part chapter kapitel seite page grad stufe tier rang platz rate a b c d e f j k l m n o "
    "p q r s t u w x y z ed25519 rsa ecdsa curve25519 hmac pbkdf2 fido2 oauth2 tel fax".split()
)
_MACHINES = frozenset("srv vm vps vs kvm node ded db svr nas san esx pve hyperv pbx rtr bastion gpu".split())
"""Words that name one machine where a plain word follows: `nas-glasgow`."""

_NO_NAMES = frozenset(
    "server servers system systems backup backups box boxes key keys user users name names port ports client clients "
    "cluster host hosts image images disk disks level type based only side storage dump dumps login access".split()
)
_SHORT = re.compile(r"([a-z]{2,10})\d{1,5}")
_RENTED = re.compile(r"[hsv]\d{5,8}")
"""As large hosts name what they rent out: `h2871123`."""

_ZERO_NUMBERED = re.compile(
    r"(?!(?:user|usr|test|part|page|seite|tag|day|week|woche|band|top|teil|bild|img|foto)0)[a-z]{3,12}0\d"
)
"""A name that counts with two digits ("kolibri02", "web05") is one of several machines."""
_NO_SHORT = frozenset(
    "web www win windows linux ubuntu debian shop cloud root sw dev test live wiki log php job".split()
)
_PRODUCTLIKE = re.compile(r"v?server-?\d{3,5}|server-?\d", re.IGNORECASE)


def is_server_name(text: str) -> bool:
    """True for names as people give to machines: `srv-web-01`, `render-07`, `app-eu-1`, `db03`.

    A web number (`web214`), a standard (`UTF-8`, `AES-256`) and a word with a hyphen (`E-Mail`) are none.
    """
    parts = text.lower().replace("_", "-").split("-")
    if len(parts) == 1:
        short = _SHORT.fullmatch(text.lower())
        known = short is not None and short.group(1) in _KNOWN_FIRST - _NO_SHORT
        counted = _ZERO_NUMBERED.fullmatch(text.lower()) or _RENTED.fullmatch(text)
        return (known or counted is not None) and not _PRODUCTLIKE.fullmatch(text)
    if "_" in text and parts[0] not in _KNOWN_FIRST:
        return False
    placed = len(parts) > 2 and parts[0] in _KNOWN_FIRST and parts[1].isalpha()  # core-ams-2, but Core-i7-8700
    if (parts[0] in _NO_SERVER_FIRST and not placed) or not parts[0][0].isalpha():
        return False
    known = parts[0] in _KNOWN_FIRST or (len(parts) > 2 and parts[1] in _KNOWN_FIRST)
    has_digit = any(any(ch.isdigit() for ch in part) for part in parts[1:]) or (known and parts[0][-1].isdigit())
    lower = text == text.lower()
    if known and len(parts) == 2 and parts[1].isalpha():
        return lower and parts[0] in _MACHINES and parts[1] not in _NO_NAMES
    if not has_digit:
        return lower and parts[0] in {"srv", "vm", "vps", "vs", "kvm", "svr"}
    if lower and parts[0] in _MACHINES and any(part.isdigit() for part in parts[1:]):
        return True  # vs-1188-hh
    last = parts[-1]
    numbered = (last.isdigit() and len(last) <= 4) or any(_ends_numbered(part) for part in parts[1:])
    return numbered and (lower or (text == text.upper() and known) or known)


_SITE = re.compile(
    r"(?:dc|rz|az|zone|site|pop|rack|pod|[a-z]{2,4})\d{1,3}|intern|internal|int|lan|local|hosts?|nodes?|servers?|vps|vm|ded|cust|kunden"
)
"""The label of a place or of a kind of machine, as hosts put it between a machine's name and their own domain."""

_RENTED_HOST = re.compile(r"[a-z]{1,6}\d{3,9}|[a-z][a-z0-9]{0,9}(?:-[a-z0-9]{1,9}){0,3}-\d{3,9}")
_ROLE = re.compile(
    r"(?:mx|ns|dns|mail|smtp|imap|pop|pop3|ftp|www|shop|store|forum|cloud|news|lists?|img|static|cdn|wiki|blog|api)[\d-]*"
)
"""Hosts that stand for a service of a domain: the domain is what the mail names."""


def is_machine_host(name: str) -> bool:
    """True for the full name of one machine, `db2.ffm.example`; a service of a domain, `mx1.beet.example`, is none."""
    labels = name.lower().split(".")
    first = labels[0]
    if len(labels) < 3 or _ROLE.fullmatch(first) or not any(character.isdigit() for character in first):
        return len(labels) > 2 and "-" in first and _SITE.fullmatch(labels[1]) is not None and is_server_name(first)
    placed = "-" in first and _SITE.fullmatch(labels[1]) is not None
    known = first.rstrip("0123456789") in _KNOWN_FIRST
    return placed or known or is_server_name(first) or _RENTED_HOST.fullmatch(first) is not None


def _ends_numbered(part: str) -> bool:
    if len(part) > 1 and part[-1] in "abcd" and part[:-1].isdigit():
        return len(part) <= 4  # kvm-17b
    letters = part.rstrip("0123456789")
    return 1 <= len(letters) < len(part) and letters.isalpha() and len(part) - len(letters) <= 3
