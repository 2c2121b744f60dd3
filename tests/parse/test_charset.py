"""Text by its declared charset, by the one that was meant, and by the look of it."""

import pytest

from mailgate.parse.charset import codec_of, decode

GERMAN = "Gr\u00fc\u00dfe aus K\u00f6ln \u2013 \u201eja\u201c"
RUSSIAN = "\u0414\u043e\u0431\u0440\u044b\u0439 \u0434\u0435\u043d\u044c, \u043f\u0438\u0448\u0443 \u0432\u0430\u043c \u043f\u043e \u043f\u043e\u0432\u043e\u0434\u0443 \u0441\u0435\u0440\u0432\u0435\u0440\u0430. \u0421\u043f\u0430\u0441\u0438\u0431\u043e"


@pytest.mark.parametrize(
    ("data", "declared", "text"),
    [
        (b"hello", None, "hello"),
        (GERMAN.encode(), "utf-8", GERMAN),
        (GERMAN.encode("cp1252"), "windows-1252", GERMAN),
        (GERMAN.encode("cp1252"), "iso-8859-1", GERMAN),  # the Windows characters under the name of Latin-1
        (GERMAN.encode("cp1252"), None, GERMAN),
        (GERMAN.encode("cp1252"), "utf-8", GERMAN),
        (GERMAN.encode("cp1252"), "us-ascii", GERMAN),
        (GERMAN.encode("cp1252"), "x-unknown", GERMAN),
        (GERMAN.encode(), "iso-8859-1", GERMAN),
        (GERMAN.encode(), "us-ascii", GERMAN),
        (GERMAN.encode(), None, GERMAN),
        (GERMAN.encode("utf-7"), "utf-7", GERMAN),
        (GERMAN.encode("utf-7"), "unicode-1-1-utf-7", GERMAN),
        (b"\xef\xbb\xbf" + GERMAN.encode(), "utf-8", GERMAN),
        (GERMAN.encode("utf-16"), "utf-16", GERMAN),
        (GERMAN.encode("utf-16"), None, GERMAN),
        (RUSSIAN.encode("koi8-r"), "koi8-r", RUSSIAN),
        (RUSSIAN.encode("cp1251"), None, RUSSIAN),
        ("\u4e2d\u56fd\u9555".encode("gbk"), "gb2312", "\u4e2d\u56fd\u9555"),  # GBK under the name of GB2312
        ("\ud55c\uad6d\ub620\ubc29".encode("cp949"), "ks_c_5601-1987", "\ud55c\uad6d\ub620\ubc29"),
        ("\u3053\u3093".encode("iso-2022-jp"), "iso-2022-jp", "\u3053\u3093"),
        ("\u3053\u3093".encode("iso-2022-jp"), None, "\u3053\u3093"),
        (b"\x1b$B-!-j\x1b(B ok", "iso-2022-jp", "\u2460\u3231 ok"),  # the vendors' row 13
        (b"\x1b(I1\x1b(B", "iso-2022-jp", "\uff71"),
        ("\u3053\u2460".encode("cp932"), "shift_jis", "\u3053\u2460"),
        ("\u65e5\u672c".encode("euc-jp"), "x-euc-jp", "\u65e5\u672c"),
        (GERMAN.encode(), '"utf-8"; x', GERMAN),
        (GERMAN.encode(), "UTF8", GERMAN),
    ],
)
def test_decode(data, declared, text):
    assert decode(data, declared, detect=True)[0] == text


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("utf8mb4", "utf-8"),
        ("UTF-8-MAC", "utf-8"),
        ("unicode-1-1-utf-8", "utf-8"),
        ("win-1251", "cp1251"),
        ("x-windows-1250", "cp1250"),
        ("windows-1252http://example.com", "cp1252"),
        ("windows-28605", "iso8859-15"),
        ("windows-65001", "utf-8"),
        ("8859-1", "cp1252"),
        ("x-iso8859-2", "iso8859-2"),
        ("latin1_swedish_ci", "cp1252"),
        ("zh_tw-big5", "big5hkscs"),
        ("cn-gb", "gb18030"),
        ("gb_2312-80", "gb18030"),
        ("_iso-2022-jp$esc", "iso2022_jp"),
        ("koi8u", "koi8-u"),
        ("iso-10646-ucs-2", "utf-16"),
        ("iso-8859-99", None),
        ("cp99999", None),
        ("ebcdic", None),
    ],
)
def test_a_name_that_is_nobody_s_says_its_family(name, codec):
    assert codec_of(name) == codec


@pytest.mark.parametrize("declared", [None, "utf-8", "us-ascii", "utf-16", "ucs-2", "utf-16le", "utf-16be"])
@pytest.mark.parametrize("encoded", ["utf-16-le", "utf-16-be", "utf-16"])
def test_utf_16_without_its_mark_or_with_a_wrong_name(declared, encoded):
    assert decode(GERMAN.encode(encoded), declared)[0] == GERMAN
    assert decode("plain".encode(encoded), declared)[0].replace("\0", "") == "plain"


@pytest.mark.parametrize(
    "name", ["zip", "base64", "rot13", "idna", "punycode", "unicode_escape", "hex", "mbcs", "\0", "a" * 5000]
)
def test_mb_10_codecs_that_are_no_charset_are_not_used(name):
    assert codec_of(name) is None
    assert decode(b"eJwDAAAAAAE=", name)[0] == "eJwDAAAAAAE="


@pytest.mark.parametrize(
    "declared", [None, "utf-8", "utf-7", "utf-16", "gb18030", "iso-2022-jp", "euc-kr", "hz", "big5", "cp037"]
)
def test_mb_10_every_byte_decodes_to_something(declared):
    for data in (bytes(range(256)) * 3, b"\x1b$B\xff", b"+", b"\xff", b"\xff\xfe\x00", b"~{"):
        text, _ = decode(data, declared)
        assert isinstance(text, str)


def test_what_is_not_as_declared_is_told():
    assert decode(GERMAN.encode("cp1252"), "utf-8")[1] == "charset-wrong"
    assert decode(GERMAN.encode("cp1252"), "x-nonsense")[1] == "charset-unknown"
    assert decode(GERMAN.encode(), "utf-8")[1] is None


def test_utf_8_with_a_cut_character_is_utf_8_though_nobody_says_so():
    text, defect = decode("Gr\u00fc\u00dfe aus K\u00f6ln und M\u00fcnchen".encode() + b"\xc3")
    assert text == "Gr\u00fc\u00dfe aus K\u00f6ln und M\u00fcnchen\ufffd"
    assert defect == "charset-broken"


def test_a_cut_character_costs_only_itself():
    text, defect = decode((GERMAN * 3).encode()[:-1], "utf-8")
    assert text.startswith(GERMAN * 2)
    assert defect == "charset-broken"


def test_mb_10_guessing_is_asked_for():
    data = RUSSIAN.encode("cp1251")
    assert decode(data, None, detect=True)[0] == RUSSIAN
    assert decode(data)[0] == data.decode("cp1252", "replace")
