"""What HTML may cost before the parser sees it, and the plain way to its words where it costs too much (threat MB-12).

The parser (lexbor) is fast, but time and memory grow with nesting times tags: 200,000 nested `<div>` take a minute and
a half, 300 unclosed `<b id=…>` above 20,000 paragraphs two gigabytes. Both sums are counted here in one pass.
"""

import html
import re

MAX_HTML = 1_048_576
_MAX_NESTING = 20_000_000  # sum over all tags of the depth there
_MAX_REOPENED = 300_000  # sum over all tags of the unclosed formatting elements, each of which the parser opens anew
_MAX_SPACES = 4000  # within one tag: about the number of its attributes, whose cost is squared
_MAX_TAGS = 150_000

_DATA_URL = re.compile(r"data:[a-z]{1,20}/[a-z0-9.+-]{1,60};base64,[A-Za-z0-9+/=\s]+", re.IGNORECASE)
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
# No end tag is needed for these: left open they do not nest.
_CLOSES_ITSELF = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li dd dt option td th tr tbody thead"
    " tfoot".split()
)
_BREAKS = frozenset(
    "address article aside blockquote br center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr li main"
    " nav ol p pre section table td th tr ul".split()
)
_UNSEEN = frozenset("script style title template head".split())


def cut_to_size(source: str) -> tuple[str, bool]:
    """Without embedded images, which are no text, and at most one MiB of characters; whether something was cut."""
    if len(source) > 8 * MAX_HTML:
        source = source[: 8 * MAX_HTML]
    if "base64," in source:
        source = _DATA_URL.sub("", source)
    return source[:MAX_HTML], len(source) > MAX_HTML


def affordable(source: str) -> bool:
    """Whether the parser may have it. One pass, linear."""
    opened: dict[str, int] = {}
    depth = formatting = nesting = reopened = tags = 0
    for piece in source.split("<")[1:]:
        closing = piece.startswith("/")
        name = _name(piece[closing:])
        if not name:
            continue
        tags += 1
        inside = piece.partition(">")[0]
        if len(inside) > _MAX_SPACES and len(inside.split()) + inside.count("/") > _MAX_SPACES:
            return False
        if name not in _CLOSES_ITSELF:
            step = -1 if closing else 1
            if closing and not opened.get(name):
                step = 0
            opened[name] = opened.get(name, 0) + step
            depth += step
            formatting += step if name in _FORMATTING else 0
        nesting += depth
        reopened += formatting
        if nesting > _MAX_NESTING or reopened > _MAX_REOPENED or tags > _MAX_TAGS:
            return False
    return True


def words_of(source: str) -> str:
    """The text between the tags, a line for each block: no tree, no layout, but no words lost. Linear."""
    out: list[str] = []
    hidden = ""
    first, *pieces = source.split("<")
    out.append(first)
    for piece in pieces:
        closing = piece.startswith("/")
        name = _name(piece[closing:])
        if not name and piece[:1] not in ("/", "!", "?"):
            out.append("" if hidden else f"<{piece}")
            continue
        if name in _UNSEEN and (not hidden or name == hidden):
            hidden = "" if closing else name
        if hidden:
            continue
        if name in _BREAKS:
            out.append("\n")
        out.append(piece.partition(">")[2].replace("\n", " "))
    lines = (" ".join(line.split()) for line in html.unescape("".join(out)).split("\n"))
    return "\n".join(line for line in lines if line)


def _name(piece: str) -> str:
    """The name of a tag; "" for what is none (HTML Living Standard §13.2.5.6: a tag starts with a letter)."""
    if not piece[:1].isascii() or not piece[:1].isalpha():
        return ""
    end = 1
    while end < len(piece) and end < 40 and (piece[end].isalnum() or piece[end] in ":-"):
        end += 1
    return piece[:end].lower()
