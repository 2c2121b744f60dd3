"""The text of a mail and its parts: new text, quote, signature, forward. Text is marked, never deleted."""

from dataclasses import dataclass

from mailgate.core.mail.mail import Forwarded
from mailgate.parse.forward import read_attached, read_inline
from mailgate.parse.html import Page, read_html
from mailgate.parse.quote import Split, Tag, context_of, split_quotes
from mailgate.parse.quote_line import read_line
from mailgate.parse.signature import tag_signature

_STUB = 300


@dataclass(frozen=True, slots=True)
class Body:
    """The whole text and its parts; every word of `text` is in `reply_text`, `quoted_text` or `signature`.

    A forwarded mail is in `quoted_text` as it stands, and in `forwarded` taken apart. `truncated` is True where the
    HTML was beyond the limits, so that `text` ends before the mail does.
    """

    text: str
    reply_text: str
    quoted_text: str
    signature: str
    forwarded: Forwarded | None
    truncated: bool = False


def read_body(
    plain: str | None, html: str | None, *, is_reply: bool, subject: str | None, attached_mail: bytes | None = None
) -> Body:
    """Take the text of a mail apart.

    `plain` and `html` are the decoded text parts, `is_reply` whether In-Reply-To or References say so, `attached_mail`
    the bytes of a message/rfc822 part. The plain part is shown; the HTML where it is empty or says only "see the HTML".
    """
    text = _clean(plain or "")
    page, rest = Page(text), ""
    if html and (not text.strip() or _is_stub(text)):
        shown = read_html(html)
        if _replaces(shown.text, text):
            page, rest = shown, text.strip()
    split = split_quotes(page.text.split("\n"), context_of(is_reply=is_reply, subject=subject), page.cuts, page.own)
    tag_signature(split, page.signatures)
    if rest:
        _append_stub(split, rest)
    inline = read_inline(split.lines, split.forward) if split.forward is not None else None
    return Body(
        text=f"{page.text}\n\n{rest}" if rest else page.text,
        reply_text=_part(split, Tag.NEW),
        quoted_text=_part(split, Tag.QUOTE),
        signature=_part(split, Tag.SIGNATURE),
        forwarded=inline or (read_attached(attached_mail) if attached_mail else None),
        truncated=page.truncated,
    )


def _part(split: Split, wanted: Tag) -> str:
    """The lines of one kind; where others stood between, one blank line stays."""
    out: list[str] = []
    gap = False
    for line, tag in zip(split.lines, split.tags, strict=True):
        if tag is not wanted:
            gap = True
            continue
        if gap and out:
            if not line.raw.strip():
                continue
            out += [""] if out[-1].strip() else []
        gap = False
        out.append(line.raw)
    while out and not out[-1].strip():
        out.pop()
    start = next((index for index, raw in enumerate(out) if raw.strip()), 0)
    return "\n".join(out[start:])


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_stub(text: str) -> bool:
    """A few words that name HTML: "Your program cannot show HTML" is nobody's text."""
    said = text.strip()
    return len(said) <= _STUB and "html" in said.lower() and said.count("\n") < 6


def _replaces(shown: str, text: str) -> bool:
    """The HTML says more, and other things: a short mail that has HTML for a subject says the same in both."""
    words = shown.split()
    said = text.split()
    return bool(words) and (not said or (len(words) > len(said) and " ".join(said) not in " ".join(words)))


def _append_stub(split: Split, rest: str) -> None:
    """What the plain part said instead of the text is a program's word, as a signature's small print is."""
    split.lines += [read_line(raw) for raw in ("", *rest.split("\n"))]
    split.tags += [Tag.SIGNATURE] * (len(split.lines) - len(split.tags))
