"""The mail that a mail forwards: inline under its header lines, or attached (message/rfc822, RFC 2046 §5.2.1)."""

from mailgate.core.mail.mail import Forwarded, Mailbox
from mailgate.parse.address import recover
from mailgate.parse.content import read_content
from mailgate.parse.header import Header, field_value, scan
from mailgate.parse.html import html_to_text
from mailgate.parse.mime import Tree, walk
from mailgate.parse.quote import Region
from mailgate.parse.quote_block import ends_forward
from mailgate.parse.quote_line import Line, is_rule

_MAX_ADDRESS = 320
_MAX_NAME = 200
_MAX_VALUE = 2000
_MAX_SUBJECT = 1000
_MAX_HEADER = 64 * 1024
_MAX_TEXT = 1024 * 1024
_BRACKETS = str.maketrans(dict.fromkeys("<>[]()", " "))


def read_inline(lines: list[Line], region: Region) -> Forwarded:
    """Author and subject as the header lines state them (not proved), and the text without its quote marks."""
    fields = region.block.fields if region.block is not None else {}
    body = lines[region.text : region.end]
    depth = min((line.depth for line in body if not line.blank), default=0)
    text = [_without_marks(line, depth) for line in body if not ends_forward(line.says)]
    return Forwarded(
        author=mailbox_of(fields.get("from", "")),
        subject=fields.get("subject", "")[:_MAX_SUBJECT].strip() or None,
        text=_trim(text),
    )


def read_attached(raw: bytes) -> Forwarded | None:
    """Author, subject and text of an attached mail (not proved); None where the bytes are no mail."""
    header = scan(raw, limit=_MAX_HEADER, whole_mail=True)
    if header.first("from") is None and header.first("subject") is None:
        return None
    tree = walk(raw, header)
    texts = [part for part in tree.parts if part.type.value in ("text/plain", "text/html")]
    content = read_content(Tree(texts))
    text = content.plain if content.plain and content.plain.strip() else html_to_text(content.html or "")
    return Forwarded(
        author=_stated_author(header),
        subject=_stated(header, "subject")[:_MAX_SUBJECT] or None,
        text=_trim(text[:_MAX_TEXT].split("\n")),
    )


def _stated_author(header: Header) -> Mailbox | None:
    item = header.first("from")
    found = recover(item.text()[:_MAX_VALUE]) if item is not None else []
    return next((mailbox for mailbox in found if mailbox.address), found[0] if found else None)


def _stated(header: Header, name: str) -> str:
    item = header.first(name)
    return field_value(item) if item is not None and len(item.value) <= _MAX_HEADER else ""


def mailbox_of(value: str) -> Mailbox | None:
    """Name and address out of what a program wrote behind "From:"; None where there is neither.

    `"Jo" <jo@example.org>`, `Jo [mailto:jo@example.org]`, `Jo (jo@example.org)`; of a name alone the address is empty.
    """
    value = value[:_MAX_VALUE].replace("mailto:", " ").strip(" \t*_;,")
    words = value.translate(_BRACKETS).replace('"', " ").replace(";", " ").replace(",", " ").split()
    address = next((word.strip("'*_") for word in words if 0 < word.find("@") < len(word) - 1), "")[:_MAX_ADDRESS]
    name = value
    if address:
        at = value.find(address)
        before = value[:at].rstrip(" <[(\t'\"")
        name = before or _behind(value[at + len(address) :])
    name = " ".join(name.strip(" \"'*_,;<>[]()").split())[:_MAX_NAME]
    if not name and not address:
        return None
    return Mailbox(name=name if name != address else "", address=address)


def _behind(rest: str) -> str:
    """`jo@example.org (Jo Doe)`: the old form (RFC 5322 appendix A.6.3)."""
    rest = rest.strip(" >]")
    return rest[1:].partition(")")[0] if rest.startswith("(") and "@" not in rest else ""


def _without_marks(line: Line, depth: int) -> str:
    if not depth:
        return line.raw
    raw = line.raw.lstrip("\ufeff\u200b")
    for _ in range(min(depth, line.depth)):
        raw = raw.lstrip(" ")[1:] if raw.lstrip(" ").startswith(">") else raw
    return raw.removeprefix(" ")


def _trim(raws: list[str]) -> str:
    start, end = 0, len(raws)
    while start < end and (not raws[start].strip() or is_rule(raws[start].strip())):
        start += 1
    while end > start and not raws[end - 1].strip():
        end -= 1
    return "\n".join(raws[start:end])
