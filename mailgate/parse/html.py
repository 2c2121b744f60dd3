"""HTML bodies to text: blocks, tables, lists and links as lines; quotes as `> ` lines; what is hidden stays hidden."""

from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from mailgate.parse.html_guard import affordable, cut_to_size, words_of
from mailgate.parse.html_quotes import Mark, hides, keeps_space, mark_of
from mailgate.parse.quote import Cut

_MAX_NODES = 300_000
_MAX_URL = 2000
_MAX_DEPTH = 40
_TO_THE_END = 1 << 40
_RULE = "-" * 20
_SKIP = frozenset("script style head title template svg object iframe audio video canvas datalist".split())
_PARAGRAPHS = frozenset("p h1 h2 h3 h4 h5 h6 ul ol dl blockquote pre table".split())
_BLOCKS = _PARAGRAPHS | frozenset(
    "address article aside caption center dd details div dt fieldset figure footer form header hr legend li main nav"
    " section summary tbody tfoot thead tr body".split()
)
_SCHEMES = ("http://", "https://", "mailto:", "tel:", "ftp://")
_SPACES = str.maketrans("\r\f\v\u00a0", "    ")


@dataclass(frozen=True, slots=True)
class Page:
    """The text of an HTML body.

    `cuts` are the quotes that the HTML marks, by the line where they start; `signatures` the lines where a signature
    starts, `own` those where the author quotes something by hand. `truncated` is True where the HTML was beyond the
    limits and words or layout are missing.
    """

    text: str
    cuts: dict[int, Cut] = field(default_factory=dict)
    signatures: frozenset[int] = frozenset()
    own: frozenset[int] = frozenset()
    truncated: bool = False


def html_to_text(html: str) -> str:
    """The visible text of an HTML body."""
    return read_html(html).text


def read_html(html: str) -> Page:
    """The visible text, and where it marks quotes and signatures. Bounded in time and memory whatever comes."""
    source, truncated = cut_to_size(html)
    if not affordable(source):
        return Page(words_of(source), truncated=True)
    root = LexborHTMLParser(source).root
    walker = _Walker()
    if root is not None:
        walker.walk(root)
    return walker.page(truncated=truncated)


@dataclass(slots=True)
class _Walker:
    lines: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    depth: int = 0
    pre: int = 0
    margin: bool = False
    last_depth: int = 0
    lists: list[int] = field(default_factory=list)
    cuts: dict[int, Cut] = field(default_factory=dict)
    signatures: set[int] = field(default_factory=set)
    own: set[int] = field(default_factory=set)
    opened: list[tuple[LexborNode, int]] = field(default_factory=list)
    links: list[tuple[str, int, int]] = field(default_factory=list)
    complete: bool = True

    def walk(self, root: LexborNode) -> None:
        """Over the tree without recursion, so that no depth is too deep."""
        # An entry is a node to enter, or a node to leave.
        stack: list[tuple[LexborNode, bool]] = [(root, True)]
        for _ in range(2 * _MAX_NODES):
            if not stack:
                break
            node, entering = stack.pop()
            if not entering:
                self._leave(node)
                continue
            following = node.next
            if following is not None and node is not root:
                stack.append((following, True))
            if node.is_text_node:
                self._text(node.text_content or "")
            elif node.tag not in _SKIP and self._enter(node):
                stack.append((node, False))
                child = node.child
                if child is not None:
                    stack.append((child, True))
        self.complete = not stack
        self._flush()

    def page(self, *, truncated: bool) -> Page:
        """What was found."""
        while self.lines and not self.lines[-1].strip(" >"):
            self.lines.pop()
        cut = truncated or not self.complete
        return Page("\n".join(self.lines), self.cuts, frozenset(self.signatures), frozenset(self.own), cut)

    def _enter(self, node: LexborNode) -> bool:
        tag = node.tag or ""
        if not node.is_element_node:
            return tag in ("-document", "html")
        attributes = node.attributes
        if hides(attributes):
            return False
        if tag == "br":
            self._break()
        elif tag in _BLOCKS:
            self._block(tag, attributes)
        elif tag in ("td", "th"):
            self._cell()
        elif tag == "a":
            self.links.append((attributes.get("href") or "", len(self.lines), len(self.pieces)))
        elif tag == "img":
            self._image(attributes)
        if tag == "pre" or keeps_space(attributes):
            self.pre += 1
        self._mark(node, tag, attributes)
        return True

    def _leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag in _BLOCKS:
            self._flush()
        if tag == "blockquote":
            self.depth -= 1
        elif tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif tag == "a" and self.links:
            self._link(*self.links.pop())
        if tag in _PARAGRAPHS and not self.lists and not _is_tight(node.attributes):
            self.margin = True
        if tag == "pre" or (node.is_element_node and keeps_space(node.attributes)):
            self.pre -= 1
        if self.opened and self.opened[-1][0] == node:
            start = self.opened.pop()[1]
            self._flush()
            self.cuts[start] = Cut(len(self.lines))

    def _mark(self, node: LexborNode, tag: str, attributes: dict[str, str | None]) -> None:
        mark = mark_of(tag, attributes)
        if mark is None:
            return
        self._flush()
        start = len(self.lines)
        if mark is Mark.SIGNATURE:
            self.signatures.add(start)
        elif mark is Mark.QUOTE_BELOW:
            self.cuts.setdefault(start, Cut(_TO_THE_END))
        elif start not in self.cuts:
            self.opened.append((node, start))

    def _block(self, tag: str, attributes: dict[str, str | None]) -> None:
        self._flush()
        if tag in _PARAGRAPHS and not _is_tight(attributes) and not (tag in ("ul", "ol") and self.lists):
            self.margin = True
        if tag == "blockquote":
            # Gmail's button for quotations makes the same element as its answers, but outside of their container.
            if not self.opened and not self.depth and "gmail_quote" in (attributes.get("class") or ""):
                self.own.add(len(self.lines) + self.margin * bool(self.lines))
            self.depth += 1
        elif tag in ("ul", "ol"):
            self.lists.append(0 if tag == "ul" else 1)
        elif tag == "li":
            self._item()
        elif tag == "hr":
            self.pieces.append(_RULE)
            self._flush()

    def _item(self) -> None:
        indent = "  " * min(max(len(self.lists) - 1, 0), _MAX_DEPTH)
        number = self.lists[-1] if self.lists else 0
        if number:
            self.lists[-1] += 1
        self.pieces.append(f"{indent}{number}. " if number else f"{indent}- ")

    def _cell(self) -> None:
        if any(piece.strip() for piece in self.pieces):
            self.pieces.append("\t")

    def _image(self, attributes: dict[str, str | None]) -> None:
        """Smileys are words, other pictures are not."""
        text = attributes.get("alt") or ""
        if 0 < len(text) <= 4 and not text.isascii():
            self.pieces.append(text)

    def _link(self, target: str, line: int, piece: int) -> None:
        """The address behind a link whose words do not say it."""
        target = target.strip()[:_MAX_URL]
        if not target.lower().startswith(_SCHEMES) or any(char in target for char in " <>\n\t"):
            return
        said = "".join(self.pieces[piece if line == len(self.lines) else 0 :]).strip()
        bare = target.removeprefix("mailto:").removeprefix("tel:")
        if said and _naked(said) != _naked(bare):
            self.pieces.append(f" <{target}>")

    def _text(self, text: str) -> None:
        if self.pre:
            first, *others = text.replace("\r\n", "\n").translate(_SPACES).split("\n")
            self.pieces.append(first)
            for other in others:
                self._break()
                self.pieces.append(other)
            return
        words = " ".join(text.split())
        if not words:
            # A non-breaking space is what programs put into an empty line.
            if "\u00a0" in text:
                self.pieces.append("\u00a0")
            elif text and self.pieces and not self.pieces[-1].endswith((" ", "\t")):
                self.pieces.append(" ")
            return
        lead = " " if text[0].isspace() and self.pieces and not self.pieces[-1].endswith((" ", "\t")) else ""
        self.pieces.append(lead + words + (" " if text[-1].isspace() else ""))

    def _break(self) -> None:
        if not self._flush():
            self._line("")

    def _flush(self) -> bool:
        """End the line, if something stands in it."""
        if not self.pieces:
            return False
        text = "".join(self.pieces).translate(_SPACES).rstrip()
        forced = any("\u00a0" in piece for piece in self.pieces)
        self.pieces.clear()
        if not text and not forced and not self.pre:
            return False
        self._line(text if self.pre else text.lstrip(" ") if not self.lists else text)
        return True

    def _line(self, text: str) -> None:
        marks = "> " * min(max(self.depth, 0), _MAX_DEPTH)
        if self.margin and text and self.lines and self.lines[-1].strip(" >"):
            self.lines.append(("> " * min(self.depth, self.last_depth, _MAX_DEPTH)).rstrip())
        self.margin = False if text else self.margin
        if not text and len(self.lines) >= 2 and not self.lines[-1].strip(" >") and not self.lines[-2].strip(" >"):
            return
        if text or self.lines:
            self.lines.append((marks + text).rstrip())
            self.last_depth = self.depth


def _is_tight(attributes: dict[str, str | None]) -> bool:
    """Paragraphs that Word draws without a margin, and those whose style says so."""
    if "msonormal" in (attributes.get("class") or "").lower():
        return True
    style = (attributes.get("style") or "")[:500].lower().replace(" ", "")
    return "margin:0" in style or "margin-top:0" in style


def _naked(address: str) -> str:
    bare = address.lower().removeprefix("https://").removeprefix("http://").removeprefix("www.")
    return bare.rstrip("/")
