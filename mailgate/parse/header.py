r"""The header section, from bytes: where it ends, its fields, and what is wrong with it.

Works on `\\n` and `\\r\\n` alike. Mailbox lines before the header, lines whose folding was lost and a separator line
that holds blanks are understood; each leaves a defect. Linear in the size of the section.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from mailgate.core.mail.mail import Defect, HeaderField
from mailgate.parse.clean import clean_line
from mailgate.parse.words import decode_raw, decode_utf7, decode_words

_FIELD: Final = re.compile(rb"([!-9;-~]{1,200}+)([ \t]*+):")
# Names that are hardly ever the first word of a text: they tell a header from prose.
_KNOWN: Final = re.compile(
    rb"(?:received|return-path|delivered-to|envelope-to|from|sender|to|cc|bcc|reply-to|subject|date|message-id|in-reply-to|"
    rb"references|mime-version|content-(?:type|transfer-encoding|disposition|id|description|language|location|class|length)|"
    rb"dkim-signature|domainkey-signature|authentication-results|received-spf|arc-[a-z-]+|list-[a-z-]+|x-[a-z0-9-]+|"
    rb"user-agent|importance|priority|precedence|auto-submitted|return-receipt-to|disposition-notification-to|errors-to|"
    rb"thread-(?:topic|index)|organization|resent-[a-z-]+|status|lines|newsgroups)[ \t]*:",
    re.IGNORECASE,
)
_MBOX: Final = re.compile(rb">?From [^:\r\n]*")
_BLANK_LINES: Final = re.compile(rb"(?:[ \t]*+\r*+\n)++")
_FOLD: Final = re.compile(rb"\r*\n[ \t]")
_BROKEN_NAME: Final = re.compile(rb"[!-9;-~]*+[\x80-\xff][!-9;-~\x80-\xff]{0,60}+:[ \t]")  # 8-bit within a field name


@dataclass(slots=True)
class RawField:
    """One field as it came: `name` in lower case, `value` with its folds; `oddities` are defect codes about it."""

    name: str
    value: bytes
    oddities: list[str] = field(default_factory=list)

    def unfolded(self) -> bytes:
        """The value on one line (RFC 5322 §2.2.3)."""
        return _FOLD.sub(b" ", self.value) if b"\n" in self.value else self.value

    def text(self, hint: str | None = None) -> str:
        """Value unfolded, as text, with its encoded words still encoded."""
        return decode_raw(self.unfolded(), hint)


@dataclass(slots=True)
class Header:
    """A header section; `end` is the offset just behind it in the scanned bytes, where the body begins.

    `cut` is True where the section did not end within the bytes that were looked at.
    """

    fields: list[RawField]
    end: int
    defects: list[Defect]
    cut: bool = False

    def all(self, name: str) -> list[RawField]:
        """The fields of a name (lower case), in order."""
        return [item for item in self.fields if item.name == name]

    def first(self, name: str) -> RawField | None:
        """The first field of a name (lower case)."""
        return next((item for item in self.fields if item.name == name), None)


class _Scan:
    """One pass over the lines of a header section."""

    def __init__(self, raw: bytes, start: int, stop: int, *, whole_mail: bool) -> None:
        self.raw = raw
        self.start = start
        self.stop = stop
        self.fields: list[RawField] = []
        self.pieces: list[bytes] = []
        self.defects: list[Defect] = []
        self.last_known: int | None = None
        self.whole_mail = whole_mail

    def run(self, end: int) -> Header:
        at = self.start
        if self.whole_mail and self.raw[at : at + 1].isspace():
            leading = _BLANK_LINES.match(self.raw, at, self.stop)
            if leading and (_KNOWN.match(self.raw, leading.end(), self.stop)):
                self._note("blank-before-header", b"")
                at = leading.end()
        while at < self.stop:
            line_end = self.raw.find(b"\n", at, self.stop)
            after = line_end + 1 if line_end >= 0 else self.stop
            line = self.raw[at:after]
            done = self._take(line, at, after)
            if done is not None:
                return self._finish(done)
            at = after
        cut = self.stop < end
        return self._finish(self.stop, cut=cut)

    def _finish(self, end: int, *, cut: bool = False) -> Header:
        self._close()
        return Header(self.fields, end, self.defects, cut)

    def _close(self) -> None:
        if self.pieces:
            self.fields[-1].value = b"".join(self.pieces).strip(b" \t\r\n")
            self.pieces = []

    def _take(self, line: bytes, at: int, after: int) -> int | None:
        """Use one line; the offset of the body where the header ends with it."""
        content = line.rstrip(b"\r\n")
        if not content:
            return after
        if content[:1] in b" \t":
            return self._take_indented(line, content, after)
        match = _FIELD.match(content)
        if match is None or (self.fields and content.startswith((b">From ", b"From ")) and _MBOX.match(content)):
            return self._take_foreign(line, content, at)
        self._open_field(line, "space-before-colon" if match[2] else None)
        return None

    def _open_field(self, line: bytes, oddity: str | None) -> None:
        self._close()
        match = _FIELD.match(line)
        assert match is not None
        self.fields.append(RawField(match[1].decode("ascii").lower(), b"", [oddity] if oddity else []))
        self.pieces = [line[match.end() :]]

    def _take_indented(self, line: bytes, content: bytes, after: int) -> int | None:
        if content.strip(b" \t\r"):
            if self.fields:
                self.pieces.append(line)
            elif _FIELD.match(content.lstrip(b" \t")) and _KNOWN.match(content.lstrip(b" \t")):
                self._open_field(line.lstrip(b" \t"), "leading-space")
            else:
                self._note("foreign-line", content)
            return None
        follows = self.raw[after : after + 400]
        if not self.fields or (
            not _KNOWN.match(follows) and not (follows[:1] in (b" ", b"\t") and follows[:400].strip())
        ):
            self._note("header-separator-blank", b"")
            return after
        self.fields[-1].oddities.append("blank-fold")
        self.pieces.append(line)
        return None

    def _take_foreign(self, line: bytes, content: bytes, at: int) -> int | None:
        """A line that is neither field nor continuation: a mailbox line, a fold that was lost, or the body."""
        if not self.fields:
            if _MBOX.match(content) or self._known_field_follows(at):
                self._note("foreign-line", content)
                return None
            return at
        if content.startswith(b"--") and not self.whole_mail:
            self._note("header-separator-missing", content)
            return at  # a delimiter: the part is a multipart whose first part begins here
        if _MBOX.match(content) or _BROKEN_NAME.match(content):
            self._note("foreign-line", content)
            return None
        if self._is_open() or self._known_field_follows(at):
            self._note("folding-lost", content)
            self.fields[-1].oddities.append("folding-lost")
            self.pieces.append(b" " + line)
            return None
        self._note("header-separator-missing", content)
        return at

    def _is_open(self) -> bool:
        """The last line of the field in hand asks for more."""
        if not self.pieces:
            return False
        last = self.pieces[-1].rstrip(b" \t\r\n")
        return last.endswith((b";", b",", b"=")) or last.rfind(b"<") > last.rfind(b">")

    def _known_field_follows(self, at: int) -> bool:
        """True where a header field stands between `at` and the next empty line. Looks at each line once."""
        if self.last_known is None:
            self.last_known = -1
            position = at
            while position < self.stop:
                line_end = self.raw.find(b"\n", position, self.stop)
                after = line_end + 1 if line_end >= 0 else self.stop
                if not self.raw[position:after].strip(b"\r\n"):
                    break
                if _KNOWN.match(self.raw, position, after):
                    self.last_known = position
                position = after
        return self.last_known > at

    def _note(self, code: str, content: bytes) -> None:
        if len(self.defects) < 20:
            self.defects.append(Defect(code, clean_line(content[:80].decode("utf-8", "replace"))))


def scan(raw: bytes, start: int = 0, end: int | None = None, *, limit: int, whole_mail: bool = False) -> Header:
    """Read the header section of `raw[start:end]`, looking at `limit` bytes at most.

    Before the header of a whole mail, blank lines are let pass; in a part they say that it has no header.
    """
    stop = len(raw) if end is None else end
    return _Scan(raw, start, min(stop, start + limit), whole_mail=whole_mail).run(stop)


def decode_fields(header: Header, hint: str | None) -> tuple[HeaderField, ...]:
    """All fields decoded and cleaned, in order; `hint` is the charset for raw 8-bit text."""
    return tuple(HeaderField(item.name, field_value(item, hint)) for item in header.fields)


def field_value(item: RawField, hint: str | None = None) -> str:
    """The value of a field as people read it: unfolded, decoded, cleaned."""
    text = item.text(hint)
    if item.name == "subject":
        text = decode_utf7(text, hint)
    return clean_line(decode_words(text))
