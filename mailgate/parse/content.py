"""Which leaf parts are the text of a mail, and their text; the others are its attachments."""

import html as markup
import re
from dataclasses import dataclass, field
from typing import Final

from mailgate.core.mail.mail import Attachment, Defect
from mailgate.parse.attachment import (
    describe,
    from_uuencoded,
    is_tnef,
    make_attachment,
    open_tnef,
    stated_name,
)
from mailgate.parse.charset import decode
from mailgate.parse.clean import clean_body
from mailgate.parse.flowed import unflow
from mailgate.parse.html import html_to_text
from mailgate.parse.mime import Part, Tree
from mailgate.parse.transfer import find_uuencoded

MAX_TEXT: Final = 1024 * 1024  # characters of text, docs: "text for agents"
_MAX_LOOKS: Final = 8  # text parts whose charset may be guessed: each costs milliseconds
_MAX_HTML: Final = 4 * 1024 * 1024
_MAX_FILES: Final = 500  # files out of winmail.dat and uuencoded text
_MAX_TNEF: Final = 10  # winmail.dat to be opened
_META_CHARSET: Final = re.compile(
    rb"<meta[^>]{0,200}?charset\s{0,10}=\s{0,10}[\"']?([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE
)
_CID: Final = re.compile(r"cid:([^\"'\s>)]{1,200}+)", re.IGNORECASE)
_NEVER_TEXT: Final = frozenset(
    {"calendar", "csv", "vcard", "x-vcard", "directory", "rfc822-headers", "xml", "css", "javascript"}
)


@dataclass(slots=True)
class _Section:
    """One stretch of text: the plain and the HTML wording of the same thing, either may be missing."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Content:
    """The text of a mail in both wordings, its attachments, and the bytes of an attached mail."""

    plain: str | None = None
    html: str | None = None
    has_html: bool = False
    attachments: list[Attachment] = field(default_factory=list)
    attached_mail: bytes | None = None
    defects: list[Defect] = field(default_factory=list)


def read_content(tree: Tree) -> Content:
    """Sort the leaves of a mail into text and attachments, and decode both."""
    return _Reader(tree).run()


class _Reader:
    def __init__(self, tree: Tree) -> None:
        self.parts = tree.parts
        self.found = Content(defects=list(tree.defects))
        self.sections: dict[object, _Section] = {}
        self.looks = 0
        self.room = {False: MAX_TEXT, True: _MAX_HTML}  # characters left for plain and for HTML text
        self.room_for_files = _MAX_FILES
        self.tnef_left = _MAX_TNEF
        self.rest: list[tuple[Part, bytes]] = []
        self.tnef_texts: list[tuple[str | None, str | None]] = []

    def run(self) -> Content:
        bodies = _choose_bodies(self.parts)
        for part in self.parts:
            content, defect = part.content()
            if defect:
                self._note(defect, part)
            if id(part) in bodies:
                self._take_text(part, content)
                if stated_name(part):
                    self.rest.append((part, content))
            elif content or stated_name(part) or part.field("content-type"):
                self.rest.append((part, content))
        self._join()
        referenced = frozenset(_CID.findall(self.found.html or ""))
        for part, content in self.rest:
            self._take_attachment(part, content, referenced)
        self.found.attachments.sort(key=lambda item: item.part)
        self._use_tnef_text()
        return self.found

    def _note(self, code: str, part: Part) -> None:
        if len(self.found.defects) < 200:
            self.found.defects.append(Defect(code, "part " + ".".join(map(str, part.path))))

    def _take_text(self, part: Part, content: bytes) -> None:
        is_html = part.type.value == "text/html"
        if not is_html:
            content = self._take_uuencoded(part, content)
        key = part.alternative[0] if part.alternative else part.path
        section = self.sections.setdefault(("alternative", key) if part.alternative else key, _Section())
        text = self._decode(part, content, is_html=is_html)
        (section.html if is_html else section.plain).append(text)
        self.found.has_html = self.found.has_html or is_html

    def _take_uuencoded(self, part: Part, content: bytes) -> bytes:
        kept, at = [], 0
        for number, file in enumerate(find_uuencoded(content)[: self.room_for_files], 1):
            self.room_for_files -= 1
            self.found.attachments.append(from_uuencoded(file, (*part.path, number)))
            kept.append(content[at : file.start])
            at = file.end
        return b"".join([*kept, content[at:]]) if at else content

    def _decode(self, part: Part, content: bytes, *, is_html: bool) -> str:
        declared = part.type.get("charset")
        if declared is None and is_html:
            meta = _META_CHARSET.search(content, 0, 2048)
            declared = meta[1].decode("ascii") if meta else None
        self.looks += 1
        limit = self.room[is_html]
        text, defect = decode(content[: 4 * limit], declared, detect=self.looks <= _MAX_LOOKS)
        if defect and (declared or not content.isascii()):
            self._note(defect, part)
        text = clean_body(text)
        if len(text) > limit or len(content) > 4 * limit:
            text = text[:limit]
            self._note("text-cut", part)
        self.room[is_html] -= len(text)
        if (part.type.get("format") or "").lower() == "flowed" and not is_html:
            text = unflow(text, (part.type.get("delsp") or "").lower() == "yes")
        return text

    def _join(self) -> None:
        """One plain and one HTML wording of all sections. The kind of the first section with text decides."""
        sections = [item for item in self.sections.values() if any(x.strip() for x in item.plain + item.html)]
        plain = [_joined(item.plain) for item in sections]
        htmls = ["\n".join(item.html) for item in sections]
        if not sections:
            return
        if plain[0].strip():
            texts = [mine or html_to_text(other) for mine, other in zip(plain, htmls, strict=True)]
            self.found.plain = _joined(texts)[:MAX_TEXT]
            self.found.html = htmls[0] if len(sections) == 1 and htmls[0].strip() else None
        else:
            parts = [theirs or _as_html(mine) for mine, theirs in zip(plain, htmls, strict=True)]
            self.found.html = "\n".join(parts)

    def _take_attachment(self, part: Part, content: bytes, referenced: frozenset[str]) -> None:
        self.found.attachments.append(describe(part, content, referenced=referenced))
        if part.type.value in ("message/rfc822", "message/global") and self.found.attached_mail is None:
            self.found.attached_mail = content
        if is_tnef(part) and self.tnef_left:
            self.tnef_left -= 1
            opened, defect = open_tnef(content)
            if defect:
                self.found.defects.append(defect)
            for number, file in enumerate(opened.files[: self.room_for_files], 1):
                self.room_for_files -= 1
                self.found.attachments.append(
                    make_attachment(file.name, "application/octet-stream", file.content, (*part.path, number))
                )
            self.tnef_texts.append((opened.plain, opened.html))

    def _use_tnef_text(self) -> None:
        """Outlook's own format may hold the only text."""
        if self.found.plain or self.found.html:
            return
        for plain, html in self.tnef_texts:
            self.found.plain = clean_body(plain)[:MAX_TEXT] if plain else None
            self.found.html = clean_body(html)[:_MAX_HTML] if html else None


def _choose_bodies(parts: list[Part]) -> set[int]:
    """The parts (by identity) that are text of the mail.

    Text with a name is an attachment, as is what says so and text of rarer kinds; but where there is no other text,
    the first of these is read, and stays an attachment as well.
    """
    shown = [part for part in parts if part.disposition.value != "attachment"]
    usual = [part for part in shown if part.type.value in ("text/plain", "text/html")]
    plain = [part for part in usual if stated_name(part) is None]
    if any(part.raw_content().strip() for part in plain):
        return {id(part) for part in plain}
    rare = [part for part in shown if _is_text(part) and part not in usual]
    others = [part for part in usual if part not in plain] or rare
    return {id(part) for part in plain + others[:1]}


def _is_text(part: Part) -> bool:
    kind, _, subtype = part.type.value.partition("/")
    return kind == "text" and subtype not in _NEVER_TEXT and stated_name(part) is None


def _joined(texts: list[str]) -> str:
    """Several texts below each other."""
    return "\n".join(text if text.endswith("\n") or len(texts) == 1 else text + "\n" for text in texts if text.strip())


def _as_html(text: str) -> str:
    return "<pre>" + markup.escape(text) + "</pre>"
