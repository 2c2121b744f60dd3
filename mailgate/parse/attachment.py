"""Parts that are no text of the mail: their names, their types, and what hides in winmail.dat and uuencoded text."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

import filetype
from tnefparse import TNEF

from mailgate.core.mail.mail import Attachment, Defect
from mailgate.parse.charset import decode
from mailgate.parse.clean import clean_controls, clean_line, show_bidi
from mailgate.parse.mime import Part
from mailgate.parse.transfer import UuFile

MAX_NAME: Final = 200  # characters of a name for display (threats IN-09)
MAX_NAME_BYTES: Final = 240  # of them in UTF-8: file systems take 255
_MAX_STATED: Final = 1000
_MAX_TNEF: Final = 10 * 1024 * 1024
_MAX_TNEF_FILES: Final = 100
_TNEF_TYPES: Final = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_TNEF_SIGNATURE: Final = b"\x78\x9f\x3e\x22"
_UNSAFE: Final = re.compile(r'[<>:"|?*\x00-\x1f]')
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE | re.DOTALL)
_SIGNATURES: Final = (
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-executable"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"L\0\0\0\x01\x14\x02\0", "application/x-ms-shortcut"),
    (b"%PDF-", "application/pdf"),
    (b"{\\rtf", "application/rtf"),
    (b"#!", "text/x-script"),
    (_TNEF_SIGNATURE, "application/ms-tnef"),
)
_MARKUP: Final = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)?<(!doctype html|html|head|body|script|svg|!doctype svg)\b",
    re.IGNORECASE | re.DOTALL,
)
_SCRIPT_START: Final = re.compile(rb"\s*(?:@echo off|<job\b|<hta:)", re.IGNORECASE)


def describe(part: Part, content: bytes, *, referenced: frozenset[str]) -> Attachment:
    """A leaf part as an attachment; `referenced` are the Content-IDs that the HTML of the mail shows."""
    stated = stated_name(part)
    content_id = _content_id(part)
    disposition = part.disposition.value
    shown = content_id is not None and content_id in referenced
    inline = disposition == "inline" or (
        disposition != "attachment" and content_id is not None and (part.related or shown)
    )
    inline = inline or (shown and part.type.value.startswith("image/"))
    return make_attachment(stated, part.type.value, content, part.path, inline=inline, content_id=content_id)


def from_uuencoded(file: UuFile, path: tuple[int, ...]) -> Attachment:
    """A file that stood uuencoded in a text part."""
    name = decode(file.name)[0]
    return make_attachment(name, "application/octet-stream", file.content, path)


def make_attachment(
    stated: str | None,
    declared: str,
    content: bytes,
    path: tuple[int, ...],
    *,
    inline: bool = False,
    content_id: str | None = None,
) -> Attachment:
    """An attachment as a value, from its content and what the mail says about it."""
    return Attachment(
        filename=clean_name(stated) if stated else None,
        stated_name=clean_controls(stated)[:_MAX_STATED] if stated else None,
        content_type=declared,
        detected_type=detect_type(content),
        size=len(content),
        inline=inline,
        content_id=content_id,
        sha256=hashlib.sha256(content).hexdigest(),
        part=path,
    )


def stated_name(part: Part) -> str | None:
    """The name that the mail gives a part: `filename` of its disposition, else `name` of its type.

    Where the first lost letters to a small charset on its way and the other has them, it is the other.
    """
    filename, name = part.disposition.get("filename"), part.type.get("name")
    if filename and name and _has_lost_letters(filename, name):
        return name
    return filename or name


def _has_lost_letters(filename: str, name: str) -> bool:
    """The names agree but for letters beyond ASCII that stand as `?` in the first."""
    if len(filename) != len(name) or filename == name:
        return False
    return all(
        a == b or (a in "?\ufffd" and not b.isascii() and b != "\ufffd") for a, b in zip(filename, name, strict=True)
    )


def _content_id(part: Part) -> str | None:
    value = part.field("content-id")
    return clean_line(value).strip("<> ")[:_MAX_STATED] or None if value else None


def clean_name(stated: str) -> str:
    """A name fit for showing and saving: no path, no controls, overrides visible, both endings kept, within limits."""
    name = unicodedata.normalize("NFC", show_bidi(clean_controls(stated)))
    name = str(re.split(r"[/\\]", name.rstrip("/\\"))[-1])
    name = _UNSAFE.sub("_", name).strip().rstrip(". ").strip()
    if not name:
        return "unnamed"
    if _RESERVED.fullmatch(name):
        name = "_" + name
    return name if len(name) <= MAX_NAME and len(_bytes(name)) <= MAX_NAME_BYTES else _cut_name(name)


def _cut_name(name: str) -> str:
    """The beginning of a long name, and its ending."""
    stem, dot, ending = name.rpartition(".")
    ending = dot + ending if dot and len(ending) <= 20 else ""
    room = MAX_NAME_BYTES - len(_bytes(ending))
    stem = (stem if ending else name)[: MAX_NAME - len(ending)]
    return _bytes(stem)[:room].decode("utf-8", "ignore") + ending


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def detect_type(content: bytes) -> str | None:
    """The media type that the first bytes look like; None where they look like nothing in particular."""
    head = content[:8192]
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    markup = _MARKUP.match(head)
    if markup:
        return "image/svg+xml" if b"svg" in markup[1].lower() else "text/html"
    if _SCRIPT_START.match(head):
        return "text/x-script"
    guess = filetype.guess_mime(head) if len(head) >= 4 else None
    return str(guess) if guess else None


@dataclass(frozen=True, slots=True)
class TnefFile:
    """A file out of winmail.dat."""

    name: str | None
    content: bytes


@dataclass(frozen=True, slots=True)
class Tnef:
    """An opened winmail.dat: its files in order, and the text that stood in it."""

    files: tuple[TnefFile, ...] = ()
    plain: str | None = None
    html: str | None = None


def is_tnef(part: Part) -> bool:
    """A part that says it is winmail.dat."""
    return part.type.value in _TNEF_TYPES or (stated_name(part) or "").lower() == "winmail.dat"


def open_tnef(content: bytes) -> tuple[Tnef, Defect | None]:
    """The files and text in a winmail.dat. Too large or broken ones stay closed, with a defect that says so."""
    if len(content) > _MAX_TNEF:
        return Tnef(), Defect("tnef-too-large", f"{len(content)} bytes")
    if not content.startswith(_TNEF_SIGNATURE):
        return Tnef(), Defect("tnef-broken", "no TNEF signature")
    try:
        opened = TNEF(content, do_checksum=False)
        files = tuple(
            TnefFile(_tnef_text(item.long_filename() or item.name), bytes(item.data or b""))
            for item in opened.attachments[:_MAX_TNEF_FILES]
        )
        return Tnef(files, _tnef_text(opened.body), _tnef_text(opened.htmlbody)), None
    except Exception as error:  # noqa: BLE001 - whatever breaks in the decoder, the file stays an attachment and says why
        return Tnef(), Defect("tnef-broken", clean_line(f"{type(error).__name__}: {error}")[:120])


def _tnef_text(value: object) -> str | None:
    if isinstance(value, (list, tuple)):
        value = value[0] if value else None
    if isinstance(value, bytes):
        value = decode(value)[0]
    return str(value).rstrip("\0") or None if value else None
