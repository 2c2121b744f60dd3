"""The MIME tree of a mail, walked without recursion and within bounds: its leaf parts, in order.

Own instead of the standard library's, because text must not get lost behind a wrong boundary, an attached mail must
stay the bytes it is, and 100,000 parts or a depth of 1,000 must cost nothing (threats MB-07, MB-08).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from mailgate.core.mail.mail import Defect
from mailgate.parse.header import Header, scan
from mailgate.parse.params import Parameters, media_type, read_parameters
from mailgate.parse.transfer import decode_base64, decode_transfer

MAX_DEPTH: Final = 20
MAX_PARTS: Final = 500
_MANY: Final = 2000  # occurrences of a boundary
_MAX_PART_HEADER: Final = 64 * 1024
_MAX_PART_HEADERS: Final = 1024 * 1024  # bytes of all of them together
_MAX_VALUE: Final = 16 * 1024  # bytes of a structured field in a part
_GUESS: Final = re.compile(
    rb"^--([^\s-][^\r\n]{0,80}|[^\s][^\r\n]{2,80})\r*\n(?=content-[a-z-]{2,30}:)", re.MULTILINE | re.IGNORECASE
)
_FRAME: Final = re.compile(rb"--|[ \t]|[!-9;-~]{1,80}+:")
_HTML: Final = re.compile(rb"\s*(?:<!doctype html|<html|<head|<body|<meta|<div|<table)", re.IGNORECASE)


@dataclass(slots=True)
class Part:
    """A leaf of the tree. `start` and `end` bound its encoded content in `source`.

    `alternative` is the path of the outermost multipart/alternative around it and the branch it stands in; `related`
    is True within multipart/related. A `verbatim` content is taken as it stands, with LF.
    """

    path: tuple[int, ...]
    header: Header
    type: Parameters
    disposition: Parameters
    source: bytes
    start: int
    end: int
    alternative: tuple[tuple[int, ...], int] | None = None
    related: bool = False
    verbatim: bool = False

    def raw_content(self) -> bytes:
        """The content as it is encoded."""
        return self.source[self.start : self.end]

    def content(self) -> tuple[bytes, str | None]:
        """The content decoded, and a defect code where that went badly."""
        if self.verbatim:
            return self.raw_content().replace(b"\r\n", b"\n"), None
        encoding = self.field("content-transfer-encoding") or ""
        return decode_transfer(self.raw_content(), encoding, is_text=self.type.value.startswith(("text/", "message/")))

    def field(self, name: str) -> str | None:
        """A field of the part's header as text, unfolded but with encoded words; None where missing or far too long."""
        return _value(self.header, name)


@dataclass(slots=True)
class Tree:
    """The leaves of a mail, and what was wrong between them."""

    parts: list[Part] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)


@dataclass(slots=True)
class _Node:
    """Work to do: one entity whose header is read."""

    path: tuple[int, ...]
    header: Header
    source: bytes
    start: int
    end: int
    depth: int
    default_type: str = "text/plain"
    alternative: tuple[tuple[int, ...], int] | None = None
    related: bool = False


def walk(raw: bytes, header: Header) -> Tree:
    """Take the body of a mail apart whose header is already read. Never fails."""
    return _Walk().run(_Node((), header, raw, header.end, len(raw), 0))


class _Walk:
    def __init__(self) -> None:
        self.tree = Tree()
        self.stack: list[_Node] = []
        self.entities = 0
        self.header_room = _MAX_PART_HEADERS

    def run(self, root: _Node) -> Tree:
        self.stack.append(root)
        while self.stack:
            node = self.stack.pop()
            kind = _type_of(node)
            if kind.value.startswith("multipart/") and self._open(node, kind):
                continue
            self._leaf(node, kind)
        self._recover(root)
        return self.tree

    def _recover(self, root: _Node) -> None:
        """Where all parts are empty but text stands in the body, its boundaries lie: the body is shown as it stands."""
        start, end = root.start, root.end
        if any(part.raw_content().strip() for part in self.tree.parts) or not _holds_text(root.source[start:end]):
            return
        self._note("text-recovered", root)
        self.tree.parts = [
            Part((1,), root.header, Parameters("text/plain"), Parameters(""), root.source, start, end, verbatim=True)
        ]

    def _note(self, code: str, node: _Node, detail: str = "") -> None:
        if len(self.tree.defects) < 100:
            where = ".".join(map(str, node.path)) or "1"
            self.tree.defects.append(Defect(code, f"part {where}{': ' + detail if detail else ''}"))

    def _leaf(self, node: _Node, kind: Parameters) -> None:
        disposition = read_parameters(_value(node.header, "content-disposition") or "")
        part = Part(node.path or (1,), node.header, kind, disposition, node.source, node.start, node.end)
        part.alternative, part.related = node.alternative, node.related
        self.tree.parts.append(part)

    def _open(self, node: _Node, kind: Parameters) -> bool:
        """Put the parts of a multipart on the stack; False where it stays a leaf, which `kind` then names."""
        if node.depth >= MAX_DEPTH:
            self._note("depth-limit", node)
            kind.value = "application/octet-stream"
            return False
        self._undo_encoding(node)
        boundary = (kind.get("boundary") or "").encode("utf-8", "replace")
        spans = _split(node.source, node.start, node.end, boundary) if boundary.strip() else []
        if not spans and boundary != boundary.strip():
            spans = _split(node.source, node.start, node.end, boundary.strip())
        if not spans:
            guess = _GUESS.search(node.source, node.start, node.end)
            if guess:
                spans = _split(node.source, node.start, node.end, guess[1].rstrip(b"- \t") or guess[1])
                spans = spans or _split(node.source, node.start, node.end, guess[1].rstrip())
            self._note("boundary-missing" if not spans else "boundary-wrong", node)
        if not spans:
            content = node.source[node.start : node.start + 200]
            kind.value = "text/html" if _HTML.match(content) else "text/plain"
            return False
        self._push(node, kind, spans)
        return True

    def _undo_encoding(self, node: _Node) -> None:
        """A multipart must not be encoded (RFC 2045 §6.4), but some are."""
        encoding = (_value(node.header, "content-transfer-encoding") or "").strip().lower()
        if encoding in ("base64", "quoted-printable") and b"\n--" not in node.source[node.start - 1 : node.end]:
            content = node.source[node.start : node.end]
            decoded = (
                decode_base64(content, is_text=False)[0]
                if encoding == "base64"
                else decode_transfer(content, encoding, is_text=True)[0]
            )
            self._note("multipart-encoded", node)
            node.source, node.start, node.end = decoded, 0, len(decoded)

    def _push(self, node: _Node, kind: Parameters, spans: list[tuple[int, int]]) -> None:
        subtype = kind.value.removeprefix("multipart/")
        default = "message/rfc822" if subtype == "digest" else "text/plain"
        children = []
        for number, (start, end) in enumerate(spans, 1):
            self.entities += 1
            if self.entities > MAX_PARTS or self.header_room <= 0:
                self._note("parts-limit", node)
                children.append(self._rest(node, number, start))
                break
            header = scan(node.source, start, end, limit=_MAX_PART_HEADER)
            self.header_room -= header.end - start
            child = _Node((*node.path, number), header, node.source, min(header.end, end), end, node.depth + 1, default)
            child.alternative = node.alternative
            if subtype == "alternative" and child.alternative is None:
                child.alternative = (node.path, number)
            child.related = node.related or subtype == "related"
            self._note_header(child)
            children.append(child)
        self.stack.extend(reversed(children))

    def _note_header(self, node: _Node) -> None:
        if node.header.cut:
            self._note("part-header-long", node)
        for item in node.header.defects:
            self._note(item.code, node, item.detail)

    def _rest(self, node: _Node, number: int, start: int) -> _Node:
        """What stands behind the last part that counts, as one attachment."""
        empty = Header([], start, [])
        return _Node(
            (*node.path, number), empty, node.source, start, node.end, node.depth + 1, "application/octet-stream"
        )


def _holds_text(body: bytes) -> bool:
    """Something stands behind the first delimiter that is neither delimiter nor header."""
    lines = body[: 64 * 1024].split(b"\n")
    first = next((at for at, line in enumerate(lines) if line.startswith(b"--")), 0)
    return any(line.strip() and not _FRAME.match(line) for line in lines[first:])


def _value(header: Header, name: str) -> str | None:
    item = header.first(name)
    if item is None or len(item.value) > _MAX_VALUE:
        return None
    return item.text()


def _type_of(node: _Node) -> Parameters:
    found = media_type(_value(node.header, "content-type"))
    if not found.value:
        found.value = node.default_type
    return found


def _split(source: bytes, start: int, end: int, boundary: bytes) -> list[tuple[int, int]]:
    """The spans between delimiter lines (RFC 2046 §5.1.1), without the line end that belongs to the delimiter.

    A delimiter counts only as a whole line, so that boundaries may be prefixes of one another. Parts behind a close
    delimiter that came too early are found too; text behind it is not a part. One span more than the limit is
    returned at most.
    """
    spans: list[tuple[int, int]] = []
    opened: int | None = None
    for at, after, closes in _delimiters(source, start, end, b"--" + boundary):
        if opened is not None:
            spans.append((opened, max(opened, _without_line_end(source, opened, at))))
        opened = None if closes else after
        if len(spans) > MAX_PARTS:
            break
    if opened is not None:
        spans.append((opened, _without_glued_close(source, opened, end, b"--" + boundary + b"--")))
    return spans


def _without_glued_close(source: bytes, start: int, end: int, mark: bytes) -> int:
    """Where the last part ends: senders who forget the last line end glue the close delimiter to the text."""
    tail = source[max(start, end - len(mark) - 8) : end].rstrip(b" \t\r\n")
    return source.rindex(mark, start, end) if tail.endswith(mark) else end


def _delimiters(source: bytes, start: int, end: int, mark: bytes) -> Iterator[tuple[int, int, bool]]:
    """Where each delimiter line begins, where the next line does, and whether it closes the multipart."""
    if source.count(mark, start, end) > _MANY:
        yield from _many_delimiters(source, start, end, mark)
        return
    at = source.find(mark, start, end)
    while at >= 0:
        after = at + len(mark)
        if at == start or source[at - 1] == 0x0A:
            line_end = source.find(b"\n", after, min(end, after + 1000))
            rest = source[after : line_end if line_end >= 0 else min(end, after + 1000)].rstrip(b" \t\r")
            if rest in (b"", b"--"):
                yield at, line_end + 1 if line_end >= 0 else end, bool(rest)
        at = source.find(mark, after, end)


def _many_delimiters(source: bytes, start: int, end: int, mark: bytes) -> Iterator[tuple[int, int, bool]]:
    """The same for a mail full of what looks like delimiters: an expression is dear to build, cheap per line."""
    line = re.compile(rb"^" + re.escape(mark) + rb"(--)?[ \t]*+\r*+(?:\n|\Z)", re.MULTILINE)
    for match in line.finditer(source, start, end):
        yield match.start(), match.end(), match[1] is not None


def _without_line_end(source: bytes, start: int, at: int) -> int:
    if at > start and source[at - 1] == 0x0A:
        at -= 1
        while at > start and source[at - 1] == 0x0D:
            at -= 1
    return at
