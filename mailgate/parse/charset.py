"""Bytes to text: the declared charset, its wider cousin, detection, and cp1252 at the end.

Senders name charsets loosely: `gb2312` holds GBK, `ISO-2022-JP` the vendors' extra rows, `iso-8859-1` the Windows
characters. Each name therefore stands for the widest codec that reads all the narrower ones write.
"""

import codecs
import re
from functools import lru_cache
from typing import Final

import charset_normalizer

_LATIN: Final = frozenset({"cp1252", "ascii"})
_SEVEN_BIT: Final = frozenset({"utf-7", "iso2022_jp", "iso2022_kr", "hz", "utf-16", "utf-16-le", "utf-16-be", "utf-32"})

_ALIASES: Final = {
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso2022_jp_1": "iso2022_jp",
    "iso2022_jp_2": "iso2022_jp",
    "iso2022_jp_3": "iso2022_jp",
    "iso2022_jp_ext": "iso2022_jp",
    "tis-620": "cp874",
    "iso8859-11": "cp874",
    "utf-8-sig": "utf-8",
    "utf-32-le": "utf-32",
    "utf-32-be": "utf-32",
}

# Names that Python does not know, as they stand in mails; compared without `-`, `_`, `.`, `:` and blanks.
_VENDOR: Final = {
    "ansi": "cp1252",
    "xansi": "cp1252",
    "xcp1252": "cp1252",
    "iso88598i": "iso8859-8",
    "iso88598e": "iso8859-8",
    "iso88596i": "iso8859-6",
    "ksc56011987": "cp949",
    "ksc5601": "cp949",
    "windows949": "cp949",
    "windows936": "gb18030",
    "windows932": "cp932",
    "windows950": "big5hkscs",
    "windows31j": "cp932",
    "windows874": "cp874",
    "xgbk": "gb18030",
    "gb2312": "gb18030",
    "xsjis": "cp932",
    "xmssjis": "cp932",
    "xeucjp": "euc_jp",
    "xxbig5": "big5hkscs",
    "cp50220": "iso2022_jp",
    "cp50221": "iso2022_jp",
    "cp50222": "iso2022_jp",
    "csiso2022jp": "iso2022_jp",
    "unicode11utf7": "utf-7",
    "unicode20utf7": "utf-7",
    "xunicode20utf7": "utf-7",
    "unicode": "utf-16",
    "xmacroman": "mac-roman",
    "macintosh": "mac-roman",
    "xmaccyrillic": "mac-cyrillic",
    "xmacce": "mac-latin2",
    "koi8ru": "koi8-u",
    "koi8": "koi8-r",
    "visciii": "cp1258",
}

# What a name that none of the tables knows says all the same, by the words within it: `utf8mb4`, `x-win-1251`, `cn-gb`.
_FAMILIES: Final = tuple(
    (re.compile(pattern), codec)
    for pattern, codec in (
        (r"(?:windows|win|cp|codepage|ibm|ms|dos)(\d{3,5})(?!\d)", "cp"),
        (r"8859(\d{1,2})(?:[ei]?$|\D)", "iso8859-"),
        (r"latin(\d{1,2})(?!\d)", "latin"),
        (r"utf8", "utf-8"),
        (r"utf7", "utf-7"),
        (r"ucs2|utf16", "utf-16"),
        (r"big5", "big5hkscs"),
        (r"hzgb", "hz"),
        (r"gb2312|gb18030|gbk|cngb|euccn", "gb18030"),
        (r"shiftjis|sjis", "cp932"),
        (r"eucjp|ujis", "euc_jp"),
        (r"iso2022jp", "iso2022_jp"),
        (r"euckr|ksc?5601", "cp949"),
        (r"koi8u", "koi8-u"),
        (r"koi8", "koi8-r"),
    )
)
# Numbers that Microsoft gives to charsets of others.
_NUMBERED: Final = {
    "cp65000": "utf-7",
    "cp65001": "utf-8",
    "cp1200": "utf-16",
    "cp20127": "ascii",
    "cp20866": "koi8-r",
    "cp21866": "koi8-u",
    "cp51932": "euc_jp",
    "cp51949": "cp949",
    "cp52936": "hz",
    "cp54936": "gb18030",
    "cp10000": "mac-roman",
    **{f"cp{28590 + number}": f"iso8859-{number}" for number in range(1, 17)},
}

# Python's other codecs are no charsets of a mail: `zip` and `base64` give bytes, `idna` and `punycode` are quadratic.
_TEXT_CODEC: Final = re.compile(
    r"ascii|utf-(?:7|8|16|32)(?:-(?:le|be|sig))?|iso8859-\d{1,2}|cp\d{3,4}|koi8-[rtu]|gb2312|gbk|gb18030|hz|"
    r"big5(?:hkscs)?|euc_(?:jp|kr|jis_2004|jisx0213)|shift_jis(?:_2004|x0213)?|iso2022_(?:jp|kr)\w*|johab|"
    r"mac-(?:roman|cyrillic|latin2|greek|turkish|iceland)|tis-620|hp-roman8|kz1048|ptcp154"
)
_UTF_16_BOMS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MIN_WIDE: Final = 6  # fewer bytes prove nothing
_DETECT_LIMIT: Final = 8192  # bytes shown to the detector: its time grows with them
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@lru_cache(maxsize=256)
def codec_of(name: str | None) -> str | None:
    """The codec that reads what senders mean by a charset name; None where the name says nothing."""
    if not name:
        return None
    word = re.split(r"[\s;,\"'<>\0*]", name.strip("\"' \t\r\n"), maxsplit=1)[0].lower()[:40]
    squeezed = re.sub(r"[-_.: ]", "", word)
    if squeezed in _VENDOR:
        return _VENDOR[squeezed]
    for candidate in (word, squeezed, squeezed.removeprefix("x"), re.sub(r"^cp-?|^windows-?|^x-cp", "cp", word)):
        try:
            found = codecs.lookup(candidate).name
        except (LookupError, ValueError, UnicodeError):
            continue
        if _TEXT_CODEC.fullmatch(found):
            return _ALIASES.get(found, found)
    return _of_family(squeezed)


def _of_family(squeezed: str) -> str | None:
    """The codec by the words and numbers within a name that is no name of a charset; None where they say nothing."""
    for pattern, codec in _FAMILIES:
        if match := pattern.search(squeezed):
            named = codec + (match[1] if match.lastindex else "")
            try:
                found = codecs.lookup(_NUMBERED.get(named, named)).name
            except LookupError:
                return None
            return _ALIASES.get(found, found)
    return None


def decode(data: bytes, declared: str | None = None, *, detect: bool = False) -> tuple[str, str | None]:
    """The text of `data`, and a defect code where it could not be read as declared.

    With `detect`, text without a usable charset is looked at for some milliseconds; else it counts as cp1252.
    Never fails; what no charset explains becomes U+FFFD. The text may hold controls: see `clean`.
    """
    codec = codec_of(declared)
    if (wide := _utf_16_by_its_nulls(data)) and (text := _strict(data, wide)) is not None:
        return text, None if codec in (wide, "utf-16") else "charset-wrong"
    if data.isascii():
        if codec in _SEVEN_BIT:
            return _decode_seven_bit(data, codec)
        if b"\x1b$" in data:
            return _decode_seven_bit(data, "iso2022_jp")
        return data.decode("ascii"), None
    for bom, unicode_codec in _BOMS:
        if data.startswith(bom) and not (codec == "cp1252" and bom != codecs.BOM_UTF8):
            return data[len(bom) if unicode_codec == "utf-8" else 0 :].decode(unicode_codec, "replace"), None
    return _decode_eight_bit(data, codec, declared, detect=detect)


def _utf_16_by_its_nulls(data: bytes) -> str | None:
    """Which UTF-16 this is where every other byte is NUL, as in Western text: senders forget the BOM or mistake it."""
    if data.startswith(_UTF_16_BOMS) or data[:4] == codecs.BOM_UTF32_BE:
        return None
    sample = data[:2000]
    first, second = sample[::2].count(0), sample[1::2].count(0)
    if max(first, second) * 4 < len(sample) or min(first, second) * 10 > max(first, second) or len(sample) < _MIN_WIDE:
        return None
    return "utf-16-be" if first > second else "utf-16-le"


def _decode_eight_bit(data: bytes, codec: str | None, declared: str | None, *, detect: bool) -> tuple[str, str | None]:
    if codec is None or codec in _LATIN or codec == "utf-8":
        # Text in Latin-1 that happens to be UTF-8 does not occur; UTF-8 under the name of Latin-1 does every day.
        text = _strict(data, "utf-8")
        if text is not None:
            return text, None if codec == "utf-8" else "charset-wrong" if declared else "charset-missing"
    if codec == "cp1252":
        return data.decode("cp1252", "replace"), None
    if codec not in (None, "ascii", "utf-8"):
        return _decode_as_declared(data, codec)
    if _nearly(data, "utf-8"):
        return data.decode("utf-8", "replace"), "charset-broken"
    text = _detect(data) if detect else data.decode("cp1252", "replace")
    return text, "charset-unknown" if declared and codec is None else "charset-wrong"


def _decode_as_declared(data: bytes, codec: str | None) -> tuple[str, str | None]:
    assert codec is not None
    text = _strict(data, codec)
    if text is not None:
        return text, None
    if codec == "iso2022_jp":
        return _decode_seven_bit(data, codec)
    text = _strict(data, "utf-8")
    if text is not None:
        return text, "charset-wrong"
    return data.decode(codec, "replace"), "charset-broken"


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeError:
        return None


def _nearly(data: bytes, codec: str) -> bool:
    """Cut or patched text of this charset: most of what is not ASCII decodes."""
    text = data.decode(codec, "replace")
    broken = text.count("\ufffd")
    return broken * 4 <= sum(1 for char in text if not char.isascii()) - broken


def _detect(data: bytes) -> str:
    """Text without a usable charset. German and other Latin text is mostly ASCII and taken for cp1252."""
    sample = data[:_DETECT_LIMIT]
    high = sum(1 for byte in sample if byte >= 0x80)
    if high * 4 >= len(sample) and high >= 8:
        best = charset_normalizer.from_bytes(sample).best()
        codec = codec_of(best.encoding) if best is not None else None
        if codec is not None:
            return data.decode(codec, "replace")
    return data.decode("cp1252", "replace")


def _decode_seven_bit(data: bytes, codec: str | None) -> tuple[str, str | None]:
    """Charsets whose bytes look like ASCII."""
    assert codec is not None
    text = _strict(data, codec)
    if text is not None:
        return text, None
    if codec == "iso2022_jp":
        return _decode_iso_2022_jp(data), None
    if codec in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        return data.decode("ascii", "replace"), "charset-wrong"
    return data.decode(codec, "replace"), "charset-broken"


_ESCAPE: Final = re.compile(rb"\x1b(\$[@B]|\$\([@BDOPQ]|\([BJIH])")


def _decode_iso_2022_jp(data: bytes) -> str:
    """ISO-2022-JP with the vendors' rows and half-width kana, by way of Shift JIS (cp932), which has them."""
    out: list[str] = []
    mode = b"(B"
    for index, piece in enumerate(_ESCAPE.split(data)):
        if index % 2:
            mode = piece
        elif mode == b"(I":
            out.append(
                bytes(byte | 0x80 if 0x21 <= byte <= 0x5F else byte for byte in piece).decode("cp932", "replace")
            )
        elif mode.startswith(b"$"):
            out.append(_from_jis_rows(piece))
        else:
            out.append(piece.decode("cp932", "replace"))
    return "".join(out)


def _from_jis_rows(data: bytes) -> str:
    """Pairs of JIS X 0208 bytes as cp932; single bytes (line ends without an escape) stay."""
    out = bytearray()
    at = 0
    while at < len(data):
        row = data[at]
        if row < 0x21 or row > 0x7E or at + 1 >= len(data):
            out.append(row)
            at += 1
            continue
        cell = data[at + 1]
        lead = (row + 1) // 2 + (0x70 if row < 0x5F else 0xB0)
        trail = cell + 0x7E if row % 2 == 0 else cell + (0x20 if cell >= 0x60 else 0x1F)
        out += bytes((lead & 0xFF, trail & 0xFF))
        at += 2
    return out.decode("cp932", "replace")
